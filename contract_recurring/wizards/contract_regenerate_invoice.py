from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class ContractRegenerateInvoice(models.TransientModel):
    """Writes an unpaid invoice anew with today's terms (*regerar fatura*)."""

    _name = "contract.regenerate.invoice"
    _description = "Regenerate an Invoice"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    due_date = fields.Date(
        compute="_compute_due_date", store=True, readonly=False, precompute=True
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_preview")

    @api.depends("move_id")
    def _compute_due_date(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            due_date = wizard.move_id.invoice_date_due
            wizard.due_date = max(due_date, today) if due_date else today

    @api.depends("move_id", "due_date")
    def _compute_preview(self):
        for wizard in self:
            wizard.update(wizard._read_preview())

    def _read_preview(self):
        try:
            return {"preview": self._preview(), "obstacle": False}
        except UserError as error:
            return {"preview": False, "obstacle": str(error)}

    def _preview(self):
        move = self.move_id._origin
        self._check_user(move)
        contract = move.sudo().contract_charge_ids.contract_id[:1]
        with contract._trial() as tried:
            old = move.with_env(tried.env).sudo(False)
            words = [
                self.env._("Today: %s", self._describe(old)),
                *(
                    self.env._("Anew: %s", self._describe(new))
                    for new in self._apply(old)
                ),
            ]
        return "\n".join(words)

    def _check_user(self, move):
        move._check_may_issue_contract_invoice()
        move._check_replaceable()

    def _describe(self, move):
        lines = [
            self.env._(
                "due on %(date)s, %(amount)s",
                date=format_date(self.env, move.invoice_date_due),
                amount=format_amount(self.env, move.amount_total, move.currency_id),
            )
        ]
        lines += [
            f"  {charge.label}: "
            f"{format_amount(self.env, charge.amount, move.currency_id)}"
            for charge in move.sudo().contract_charge_ids.sorted("period_start")
        ]
        return "\n".join(lines)

    def _apply(self, move):
        return move._regenerate(
            fields.Date.context_today(self), due_date=self.due_date, reason=self.reason
        )

    def action_apply(self):
        self.ensure_one()
        new = self._apply(self.move_id)
        if len(new) == 1:
            return new.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contract_recurring.account_move_action_contract"
        )
        action["domain"] = [("id", "in", new.ids)]
        return action
