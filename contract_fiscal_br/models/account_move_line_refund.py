from odoo import api, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """A credit that is being paid back is used for nothing else."""

    _inherit = "account.move.line"

    def _get_refunded(self):
        """Return the lines with a refund on its way."""
        refunds = self.env["customer.refund"].sudo()
        live = refunds.search(
            [
                ("line_id", "in", self.ids),
                ("state", "in", ("waiting", "approved", "sent")),
            ]
        )
        return live.line_id.with_env(self.env)

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        self._check_no_refund(reconciliation_plan)
        return super()._reconcile_plan(reconciliation_plan)

    @api.model
    def _check_no_refund(self, plan):
        """Raise if a credit that is being paid back would be used up."""
        lines = self.browse()
        pending = list(plan)
        while pending:
            node = pending.pop()
            if isinstance(node, models.BaseModel):
                lines |= node
            else:
                pending += list(node)
        credits = lines.filtered(lambda line: line.amount_residual < 0)
        for line in credits._get_refunded() if credits else ():
            raise UserError(
                self.env._(
                    "The credit %(credit)s of %(customer)s is being paid back. Cancel "
                    "the refund first.",
                    credit=line.move_id.display_name,
                    customer=line.partner_id.display_name,
                )
            )
