from odoo import api, models


class AccountMoveLine(models.Model):
    """What pays an invoice otherwise takes its title back, also in part."""

    _inherit = "account.move.line"

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        result = super()._reconcile_plan(reconciliation_plan)
        moves = self._get_lines_of_plan(reconciliation_plan).move_id
        # Odoo's own hook is called for invoices paid in full alone
        moves._follow_titles_of(moves)
        return result
