import base64
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.cell_values import BadValue, parse_document

PDF_START = b"%PDF-"


class ContractAcceptance(models.Model):
    """Proof that somebody accepted a contract; written once, never changed.

    It holds the bytes that were accepted and their SHA-256, so that both can
    be shown later to belong together.
    """

    _name = "contract.acceptance"
    _description = "Contract Acceptance"
    _order = "accepted_on desc, id desc"
    _rec_name = "signer_name"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    accepted_on = fields.Datetime(required=True, help="Kept in UTC.")
    signer_name = fields.Char(string="Accepted By", required=True)
    signer_document = fields.Char(string="CPF or CNPJ", required=True)
    ip_address = fields.Char(string="IP Address")
    user_agent = fields.Char(string="Device", help="User agent of the browser.")
    method = fields.Selection(
        [
            ("staff", "Recorded by staff"),
            ("link", "By the customer's link"),
            ("signature", "Signed document"),
        ],
        string="How",
        required=True,
    )
    user_id = fields.Many2one("res.users", string="Recorded By", required=True)
    print_template_id = fields.Many2one(
        "contract.print.template", string="Text", ondelete="restrict"
    )
    text_version = fields.Integer()
    document = fields.Binary(string="Accepted Document", required=True, attachment=True)
    document_name = fields.Char()
    document_sha256 = fields.Char(string="SHA-256", required=True)
    is_intact = fields.Boolean(
        string="Document Intact",
        compute="_compute_is_intact",
        help="The document kept still has the digest recorded with it.",
    )

    def _compute_is_intact(self):
        for acceptance in self.with_context(bin_size=False):
            digest = sha256(base64.b64decode(acceptance.document or b"")).hexdigest()
            acceptance.is_intact = digest == acceptance.document_sha256

    def write(self, vals):
        if self:
            raise UserError(
                self.env._("The acceptance of a contract cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The acceptance of a contract cannot be deleted."))

    @api.model
    def _prepare(self, contract, values):
        """Return the values of the acceptance of a contract.

        :param values: see `contract.contract._accept`
        :raise UserError: no name, no document number, or no PDF
        """
        values = dict(values)
        content = values.pop("document", None)
        signed_elsewhere = content and values.get("method") == "signature"
        template = contract._get_print_template()
        content = content or contract._render_contract_pdf()
        self._check_values(values, content)
        return {
            "accepted_on": fields.Datetime.now(),
            "user_id": self.env.user.id,
            "print_template_id": False if signed_elsewhere else template.id,
            "text_version": 0 if signed_elsewhere else template.version,
            "document_name": f"{contract.code}.pdf".replace("/", "-"),
            **values,
            "contract_id": contract.id,
            "document": base64.b64encode(content),
            "document_sha256": sha256(content).hexdigest(),
        }

    @api.model
    def _check_values(self, values, content):
        if not (values.get("signer_name") and values.get("signer_document")):
            raise UserError(
                self.env._("Say who accepts the contract: name and CPF or CNPJ.")
            )
        try:
            parse_document(values["signer_document"])
        except BadValue as error:
            raise UserError(
                self.env._(
                    "“%(number)s” is neither a CPF nor a CNPJ. Check the digits.",
                    number=values["signer_document"],
                )
            ) from error
        accepted_on = fields.Datetime.to_datetime(values.get("accepted_on"))
        if accepted_on and accepted_on > fields.Datetime.now():
            raise UserError(self.env._("A contract cannot be accepted in the future."))
        if not content.startswith(PDF_START):
            raise UserError(
                self.env._("The document accepted must be a PDF file. Choose another.")
            )
