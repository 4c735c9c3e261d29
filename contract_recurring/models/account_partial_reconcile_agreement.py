from odoo import models
from odoo.exceptions import UserError


class AccountPartialReconcile(models.Model):
    """A payment of an instalment taken back, as when it bounced."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        self._check_no_agreement()
        moves = self.debit_move_id.move_id
        result = super().unlink()
        moves.exists()._follow_agreements()
        return result

    def _check_no_agreement(self):
        """Raise for what an agreement cleared: its own buttons undo that."""
        if self.env.context.get("undoes_agreement"):
            return
        clearing = self.credit_move_id.move_id.filtered(
            lambda move: move._is_agreement_clearing()
        )
        for move in clearing:
            raise UserError(
                self.env._(
                    "The invoice was renegotiated by %(agreement)s. Break or cancel "
                    "the agreement instead.",
                    agreement=move.sudo().ref,
                )
            )
