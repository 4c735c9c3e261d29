from odoo import api, models


class ContractInvoiceWriter(models.AbstractModel):
    """An invoice of fine and interest goes to who had the invoice paid late."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _prepare_move(self, charges, invoice_date):
        values = super()._prepare_move(charges, invoice_date)
        late = charges.late_move_id
        if late and all(charge.late_move_id for charge in charges):
            values["partner_id"] = late[0].partner_id.id
            values["fiscal_position_id"] = late[0].fiscal_position_id.id
        return values
