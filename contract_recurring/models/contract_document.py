from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class ContractDocument(models.Model):
    """A document kept with a contract, and until when it is valid."""

    _name = "contract.document"
    _description = "Contract Document"
    _order = "valid_until, id"
    _rec_names_search = ["number", "type_id", "contract_id"]

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="contract_id.partner_id", string="Customer", store=True
    )
    type_id = fields.Many2one("contract.document.type", required=True)
    number = fields.Char()
    valid_until = fields.Date(help="Last day of validity. Empty: does not expire.")
    is_expired = fields.Boolean(
        string="Expired", compute="_compute_is_expired", search="_search_is_expired"
    )
    document = fields.Binary(string="File", attachment=True)
    document_name = fields.Char(string="File Name")
    reminded_until = fields.Date(
        readonly=True,
        copy=False,
        help="The validity somebody was reminded of; another one reminds again.",
    )

    @api.depends("type_id", "number")
    def _compute_display_name(self):
        for document in self:
            words = (document.type_id.name, document.number)
            document.display_name = " ".join(filter(None, words))

    @api.depends("valid_until")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for document in self:
            document.is_expired = bool(
                document.valid_until and document.valid_until < today
            )

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        expired = Domain("valid_until", "<", today)
        domain = Domain.FALSE
        if True in value:
            domain |= expired
        if False in value:
            domain |= Domain("valid_until", "=", False) | ~expired
        return domain

    # === REMINDERS ===

    @api.model
    def _cron_remind_expiring(self, day=None):
        """Ask somebody, once for each validity, to renew what expires soon."""
        self._remind_expiring(day or self.env.company._get_local_date())

    @api.model
    def _remind_expiring(self, day):
        """Enter an activity on the contract of each document about to expire."""
        types = self.env["contract.document.type"].with_context(active_test=False)
        soon = Domain.OR(
            Domain("type_id", "=", kind.id)
            & Domain("valid_until", "<=", day + timedelta(days=kind.notice_days))
            for kind in types.search([])
        )
        states = ("closed", "deactivated")
        documents = self.search(
            soon & Domain("contract_id.lifecycle_state", "not in", states)
        ).filtered(lambda document: document.reminded_until != document.valid_until)
        activity = self.env.ref("mail.mail_activity_data_todo")
        model = self.env["ir.model"]._get("contract.contract")
        self.env["mail.activity"].create(
            [document._prepare_reminder(activity, model, day) for document in documents]
        )
        for valid_until, expiring in documents.grouped("valid_until").items():
            expiring.reminded_until = valid_until
        return documents

    def _prepare_reminder(self, activity, model, day):
        self.ensure_one()
        return {
            "activity_type_id": activity.id,
            "res_model_id": model.id,
            "res_id": self.contract_id.id,
            "user_id": (self.contract_id.user_id or self.env.user).id,
            "date_deadline": max(self.valid_until, day),
            "summary": self.env._(
                "%(document)s valid until %(date)s: ask for a new one",
                document=self.display_name,
                date=format_date(self.env, self.valid_until),
            ),
        }
