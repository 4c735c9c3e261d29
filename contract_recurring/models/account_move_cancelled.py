from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """A cancelled invoice comes back with the charges it billed, or not at all.

    Its charges are free meanwhile. Held in `write`, not by the buttons: programs
    and imports set the state as well.
    """

    _inherit = "account.move"

    def write(self, vals):
        state = vals.get("state")
        back = self.browse()
        if state in ("draft", "posted"):
            back = self.filtered(lambda move: move.state == "cancel").sudo()
            back._check_charges_are_free()
        result = super().write(vals)
        if state == "cancel":
            self.sudo().contract_charge_ids._release_to_others()
        for move in back:
            move._get_released_charges()._bill_again(move)
        return result

    def _get_released_charges(self):
        """Return the charges the invoices billed until they were cancelled."""
        charges = self.env["contract.charge"]
        if not self.ids:
            return charges
        return charges.search([("released_line_ids.move_id", "in", self.ids)])

    def _check_charges_are_free(self):
        """Raise for what would bill a charge that is billed elsewhere or not owed."""
        for move in self:
            if move.replaced_by_id:
                raise UserError(
                    self.env._(
                        "%(invoice)s was replaced by %(other)s and stays cancelled.",
                        invoice=move.display_name,
                        other=move.replaced_by_id.display_name,
                    )
                )
            for charge in move._get_released_charges():
                obstacle = charge._get_billing_again_obstacle(move)
                if obstacle:
                    raise UserError(obstacle)
