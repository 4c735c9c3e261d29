from odoo import models


class AccountMove(models.Model):
    """An invoice and the payments that settled it, as a dossier lists them."""

    _inherit = "account.move"

    def _get_dossier_payments(self):
        """Return dicts with date, amount, name and ref of what settled it."""
        self.ensure_one()
        widget = self.invoice_payments_widget or {}
        return [
            {
                "date": line["date"],
                "amount": line["amount"],
                "name": line.get("name") or line.get("journal_name"),
                "ref": line.get("ref"),
            }
            for line in widget.get("content", [])
            if not line.get("is_exchange")
        ]

    def _get_dossiers(self):
        """Return [(contract, its dossier about this invoice)]."""
        self.ensure_one()
        return [
            (contract, contract._get_dossier(self))
            for contract in self.sudo().contract_charge_ids.contract_id
        ]
