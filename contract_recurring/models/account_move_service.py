from odoo import models


class AccountMove(models.Model):
    """What opens or settles an invoice restores or restricts its contracts.

    A unified invoice bills several contracts: each of them follows. All of it
    happens in the transaction of the payment; what goes outside is a job.
    """

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._refresh_contract_service()
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._refresh_contract_service()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._refresh_contract_service()
        return result

    def button_cancel(self):
        # the charges let go of a cancelled invoice
        contracts = self._get_billed_contracts()
        result = super().button_cancel()
        contracts._refresh_service_today()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "invoice_date_due" in vals:
            self._refresh_contract_service()
        return result

    def _get_billed_contracts(self):
        """Return the contracts that the invoices bill."""
        charges = self.env["contract.charge"].sudo()
        if not self.ids:
            return charges.contract_id
        return charges.search([("move_id", "in", self.ids)]).contract_id

    def _refresh_contract_service(self):
        """Let the service of the contracts follow what the invoices now are."""
        contracts = self._get_billed_contracts()
        if contracts:
            contracts._refresh_service_today()
