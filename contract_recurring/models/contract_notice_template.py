from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.inline_placeholders import count_numbered, read_inline
from ..tools.print_placeholders import read_paths, read_placeholders
from .contract_notice import CHANNELS, KINDS

# Plain texts with placeholders in braces.
INLINE_FIELDS = ("subject", "sms_body")


class ContractNoticeTemplate(models.Model):
    """A text customers are told something with, for each channel.

    Placeholders are fields of the notice, as ``object.partner_id.name``.
    """

    _name = "contract.notice.template"
    _description = "Notice Text"
    _inherit = "contract.placeholder.mixin"
    _order = "kind, sequence, name"
    _placeholder_fields = ("subject", "body", "sms_body", "whatsapp_values")

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    kind = fields.Selection(KINDS, required=True, default="reminder")
    moment = fields.Selection(
        [
            ("before", "Before the due date"),
            ("on", "On the due date"),
            ("after", "After the due date"),
        ],
        help="Which reminders use this text; empty: all of them.",
    )
    lifecycle_state = fields.Selection(
        [
            ("waiting", "Waiting for activation"),
            ("active", "Active"),
            ("suspended", "Temporarily suspended"),
            ("closed", "Cancelled"),
        ],
        string="Sent When It Becomes",
        help="The customer is told when a contract takes this state. Empty: never by "
        "itself.",
    )
    stage_channel = fields.Selection(CHANNELS, string="Channel", default="email")
    subject = fields.Char(help="Of an e-mail. Fields stand in {{ braces }}.")
    body = fields.Html(
        string="E-mail",
        sanitize="email_outgoing",
        help="Write “/” to add a field of the notice. Empty: no e-mail.",
    )
    sms_body = fields.Text(
        string="SMS",
        help="Fields stand in {{ braces }}; without accents more fits into one "
        "message. Empty: no SMS.",
    )
    whatsapp_name = fields.Char(
        string="WhatsApp Template",
        help="Name of the template approved by Meta. Empty: no WhatsApp message.",
    )
    whatsapp_language = fields.Char(default="pt_BR", help="Of the approved template.")
    whatsapp_body = fields.Text(
        string="WhatsApp Text",
        help="The approved text, with {{1}}, {{2}} for its values: kept with each "
        "notice to prove what was said.",
    )
    whatsapp_values = fields.Text(
        string="WhatsApp Values",
        help="A line for each value, in their order, such as object.partner_id.name.",
    )
    is_invoice_attached = fields.Boolean(
        string="Attach Invoice", help="The PDF of the invoices goes with the e-mail."
    )

    # === CONSTRAINTS ===

    @api.constrains("body", "subject")
    def _check_subject(self):
        for template in self:
            if template.body and not template.subject:
                raise ValidationError(
                    self.env._("Enter the subject of “%s”.", template.name)
                )

    @api.constrains("whatsapp_name", "whatsapp_body", "whatsapp_values")
    def _check_whatsapp_values(self):
        for template in self.filtered("whatsapp_name"):
            given = len(template._get_whatsapp_expressions())
            try:
                wanted = count_numbered(template.whatsapp_body)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The values of the WhatsApp text of “%(template)s” are "
                        "numbered 1, 2, 3; %(number)s does not follow.",
                        template=template.name,
                        number=error,
                    )
                ) from error
            if not template.whatsapp_body or wanted != given:
                raise ValidationError(
                    self.env._(
                        "The WhatsApp text of “%(template)s” asks for %(wanted)s "
                        "values and there are %(given)s. Write the approved text and a "
                        "line for each value.",
                        template=template.name,
                        wanted=wanted,
                        given=given,
                    )
                )

    def _get_printed_model(self):
        return self.env["contract.notice"]

    def _read_placeholders(self):
        self.ensure_one()
        yield from read_placeholders(self.body)
        for name in INLINE_FIELDS:
            yield from read_inline(self[name])
        for expression in self._get_whatsapp_expressions():
            yield expression, read_paths(expression, {"object": ()})

    # === BUSINESS ===

    @api.model
    def _find(self, kind, company, moment=None):
        """Return the first text of a kind: the company's own before the common.

        :param moment: of a reminder: before, on or after the due date
        """
        domain = [("kind", "=", kind), ("company_id", "in", (company.id, False))]
        if moment:
            domain.append(("moment", "in", (moment, False)))
        template = self.search(
            domain, order="company_id, moment, sequence, id", limit=1
        )
        if not template:
            labels = dict(self._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "There is no text for “%(kind)s”. Write one under Configuration, "
                    "Notice Texts.",
                    kind=labels[kind],
                )
            )
        return template

    def _has_text_for(self, channel):
        self.ensure_one()
        name = {"email": "body", "sms": "sms_body", "whatsapp": "whatsapp_name"}[
            channel
        ]
        return bool(self[name])

    def _get_whatsapp_expressions(self):
        self.ensure_one()
        lines = (self.whatsapp_values or "").splitlines()
        return [line.strip() for line in lines if line.strip()]
