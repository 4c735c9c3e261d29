from odoo import models
from odoo.fields import Domain


class ContractContract(models.Model):
    """All that proves what happened between provider and customer."""

    _inherit = "contract.contract"

    def _get_dossier(self, moves=None):
        """Return the records a dossier prints, oldest first.

        :param moves: the invoices it is about; all of the contract by default
        """
        self.ensure_one()
        contract = self.sudo()
        charges = contract.charge_ids
        if moves is not None:
            charges = charges.filtered(lambda charge: charge.move_id in moves)
        moves = charges.move_id.sorted(lambda m: (m.invoice_date_due, m.id))
        about = Domain("contract_id", "=", self.id)
        # what several contracts share is told once, for one of them
        notices = self.env["contract.notice"].sudo()
        notices = notices.search(about | Domain("move_ids", "in", moves.ids))
        listings = self.env["contract.credit.listing"].sudo()
        return {
            "charges": charges.sorted(lambda c: (c.due_date, c.id)),
            "moves": moves,
            "payments": [
                {"move": move, **payment}
                for move in moves
                for payment in move._get_dossier_payments()
            ],
            "dunning": contract.dunning_entry_ids.filtered(
                lambda entry: entry.move_id in moves
            ).sorted(lambda entry: (entry.date, entry.id)),
            "listings": listings.search(
                about & Domain("move_id", "in", moves.ids), order="id"
            ),
            "notices": notices.filtered(
                lambda notice: not notice.move_ids or notice.move_ids & moves
            ).sorted("id"),
            "events": contract.event_ids.sorted("id"),
        }
