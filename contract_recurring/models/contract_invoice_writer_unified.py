from odoo import api, models


class ContractInvoiceWriter(models.AbstractModel):
    """One invoice for contracts billed together; each line tells its contract."""

    _inherit = "contract.invoice.writer"

    @api.model
    def _get_bill_owner(self, charge):
        """Return the unified billing, with what an invoice has only one of."""
        contract = charge.contract_id
        if not contract._is_unified_on(charge.due_date):
            return 0, *super()._get_bill_owner(charge), 0
        journal, position = contract.journal_id, contract.fiscal_position_id
        return contract.billing_group_id.id, journal.id, position.id or 0

    @api.model
    def _prepare_move(self, charges, invoice_date):
        values = super()._prepare_move(charges, invoice_date)
        contracts = charges.contract_id
        group = contracts.billing_group_id
        if len(group) == 1 and contracts[0]._is_unified_on(charges[0].due_date):
            values["partner_id"] = group.invoice_partner_id.id
        if len(contracts) > 1:
            codes = ", ".join(contracts.mapped("code"))
            values |= {"ref": codes, "invoice_origin": codes}
            for charge, command in zip(
                charges, values["invoice_line_ids"], strict=True
            ):
                line = command[2]
                line["name"] = f"{charge.contract_id.code} · {line['name']}"
        return values
