from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class CollectionTitle(models.Model):
    """Another copy of a title: the same one, or a new one in its place."""

    _inherit = "collection.title"

    may_issue_again = fields.Boolean(compute="_compute_may_issue_again")

    @api.depends("state", "withdrawal", "move_id.is_boleto_missing")
    def _compute_may_issue_again(self):
        for title in self:
            move = title.sudo().move_id
            title.may_issue_again = not title._is_current() and move.is_boleto_missing

    # === ACTIONS ===

    def action_issue_again(self):
        """Issue a new title, under a new number, for an invoice still open."""
        self.ensure_one()
        self.move_id._check_may_collect()
        if self._is_current():
            raise UserError(
                self.env._(
                    "%(title)s can still be paid. Take it back first.",
                    title=self.display_name,
                )
            )
        self.move_id.action_issue_boleto()
        return self.move_id._get_current_titles()[:1].get_formview_action()

    def action_print_until(self, day):
        """Download the boleto with what it costs until a day."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/contract_fiscal_br/boleto/{self.id}?until={day}",
            "target": "download",
        }

    def action_second_copy(self):
        self.ensure_one()
        return self.move_id.action_second_copy()

    # === THE SAME ONE ===

    def _get_slip_context(self):
        context = super()._get_slip_context()
        until = self.env.context.get("pay_until")
        if not until:
            return context
        line = self._describe_cost(fields.Date.to_date(until))
        return context | {
            "demonstrativo": line,
            "instrucoes": [line, *context["instrucoes"]],
        }

    def _describe_cost(self, day):
        """Return what the open invoice costs until a day."""
        move = self.move_id.sudo()
        fine, interest = move._get_late_charges(day)
        amounts = {
            "fine": fine,
            "interest": interest,
            "amount": move.amount_residual + fine + interest,
        }
        title = self.with_context(lang=self._get_print_language())
        return title.env._(
            "Until %(date)s: %(amount)s (fine %(fine)s, interest %(interest)s)",
            date=format_date(title.env, day),
            **{
                name: format_amount(title.env, amount, self.currency_id)
                for name, amount in amounts.items()
            },
        )

    # === A NEW ONE ===

    def _issue_updated(self, move, day, issue_date):
        """Return a new title with fine and interest until a day; the old is taken back.

        It bears neither again: there is no interest on interest (Decreto 22.626/1933,
        art. 4). What is paid beyond the invoice pays the fine and interest that the
        payment brings about.
        """
        move = move.sudo()
        fine, interest = move._get_late_charges(day)
        move._get_current_titles()._withdraw(
            "replaced", self.env._("Replaced by a second copy")
        )
        return self._issue(
            move,
            issue_date,
            amount=move.amount_residual + fine + interest,
            due_date=day,
            late_fee_percent=0.0,
            late_interest_percent=0.0,
            is_updated=bool(fine or interest),
        )
