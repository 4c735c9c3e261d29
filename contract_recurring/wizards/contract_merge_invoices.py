from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date


class ContractMergeInvoices(models.TransientModel):
    """Makes one charge of open invoices (*criar cobrança*, S004-105)."""

    _name = "contract.merge.invoices"
    _description = "Merge Open Invoices"

    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        default=lambda self: self._default_move_ids(),
        domain="[('id', 'in', offered_move_ids)]",
    )
    offered_move_ids = fields.Many2many(
        "account.move",
        "contract_merge_offered_rel",
        compute="_compute_offered_move_ids",
    )
    due_date = fields.Date(default=fields.Date.context_today, required=True)
    with_late = fields.Boolean(
        string="With Fine and Interest",
        default=True,
        help="Also bill what is owed today for those overdue. Not marked, it is lost "
        "with them.",
    )
    reason = fields.Char()
    preview = fields.Text(compute="_compute_preview")
    obstacle = fields.Text(compute="_compute_preview")

    @api.model
    def _default_move_ids(self):
        ids = self.env.context.get("active_ids", [])
        if self.env.context.get("active_model") == "account.move":
            return self.env["account.move"].browse(ids)
        contracts = self.env["contract.contract"].browse(ids)
        return contracts._get_open_moves() if contracts else self.env["account.move"]

    @api.depends("move_ids")
    def _compute_offered_move_ids(self):
        for wizard in self:
            customer = wizard.move_ids._origin.partner_id.commercial_partner_id
            wizard.offered_move_ids = self.env["account.move"].search(
                [
                    ("commercial_partner_id", "in", customer.ids),
                    ("contract_charge_ids", "!=", False),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("payment_state", "=", "not_paid"),
                ]
            )

    @api.depends("move_ids", "due_date", "with_late")
    def _compute_preview(self):
        for wizard in self:
            wizard.update(wizard._read_preview())

    def _read_preview(self):
        try:
            return {"preview": self._preview(), "obstacle": False}
        except UserError as error:
            return {"preview": False, "obstacle": str(error)}

    def _preview(self):
        moves = self.move_ids._origin
        moves._check_may_issue_contract_invoice()
        moves._check_mergeable()
        contract = moves.sudo().contract_charge_ids.contract_id[:1]
        with contract._trial() as tried:
            new = self._apply(moves.with_env(tried.env).sudo(False))
            words = self.env._(
                "One invoice due on %(date)s: %(amount)s",
                date=format_date(self.env, new.invoice_date_due),
                amount=format_amount(self.env, new.amount_total, new.currency_id),
            )
            rows = [
                f"  {charge.label}: "
                f"{format_amount(self.env, charge.amount, new.currency_id)}"
                for charge in new.sudo().contract_charge_ids
            ]
        return "\n".join([words, *rows])

    def _apply(self, moves):
        if not self.due_date:
            raise UserError(self.env._("Choose when the invoice is due."))
        return moves._merge_invoices(
            self.due_date,
            fields.Date.context_today(self),
            reason=self.reason,
            with_late=self.with_late,
        )

    def action_apply(self):
        self.ensure_one()
        return self._apply(self.move_ids).get_formview_action()
