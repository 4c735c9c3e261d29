import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class ContractRecordAcceptance(models.TransientModel):
    """Asks who accepted a contract at the counter, on paper or by telephone."""

    _name = "contract.record.acceptance"
    _description = "Record Acceptance"
    _inherit = "contract.dialog.mixin"

    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    signer_name = fields.Char(
        string="Accepted By",
        compute="_compute_signer",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    signer_document = fields.Char(
        string="CPF or CNPJ",
        compute="_compute_signer",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
    )
    accepted_on = fields.Datetime(default=fields.Datetime.now, required=True)
    method = fields.Selection(
        [("staff", "Recorded by staff"), ("signature", "Signed document")],
        string="How",
        default="signature",
        required=True,
    )
    document = fields.Binary(string="Signed Document")
    document_name = fields.Char()

    @api.depends("contract_id")
    def _compute_signer(self):
        for wizard in self:
            partner = wizard.contract_id.partner_id
            wizard.signer_name = partner.name
            wizard.signer_document = partner.vat

    def action_record(self):
        self.ensure_one()
        self.contract_id.check_access("write")
        if self.method == "signature" and not self.document:
            raise UserError(self.env._("Attach the signed document as a PDF file."))
        values = {
            "signer_name": self.signer_name,
            "signer_document": self.signer_document,
            "accepted_on": self.accepted_on,
            "method": self.method,
        }
        if self.method == "signature":
            values["document"] = base64.b64decode(
                self.with_context(bin_size=False).document
            )
            values["document_name"] = self.document_name or "contrato.pdf"
        self.contract_id._accept(values)
        return {"type": "ir.actions.act_window_close"}
