from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class PaymentBookletMake(models.TransientModel):
    """Makes the booklet of a contract: months ahead, or invoices that are open."""

    _name = "payment.booklet.make"
    _inherit = "contract.charging.wizard"
    _description = "Make a Booklet"

    placement = fields.Selection(default="own_invoice")
    scope = fields.Selection(
        [("ahead", "The next months"), ("open", "Open invoices")],
        string="Slips of",
        default="ahead",
        required=True,
    )
    count = fields.Integer(string="Months", default=12, required=True)
    first_due_date = fields.Date(
        default=lambda self: self._default_first_due_date(), readonly=True
    )
    offered_move_ids = fields.Many2many(
        "account.move",
        "payment_booklet_offered_rel",
        compute="_compute_offered_move_ids",
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_move_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', offered_move_ids)]",
    )

    @api.model
    def _default_first_due_date(self):
        contract = self.env["contract.contract"].browse(
            self.env.context.get("active_id")
        )
        return contract.recurring_next_date

    @api.depends("contract_id")
    def _compute_offered_move_ids(self):
        for wizard in self:
            moves = wizard.contract_id._origin._get_open_moves()
            wizard.offered_move_ids = moves.filtered(
                lambda move: move.payment_booklet_id.state != "open"
            )

    @api.depends("offered_move_ids")
    def _compute_move_ids(self):
        for wizard in self:
            wizard.move_ids = wizard.offered_move_ids

    @api.depends("count", "scope", "move_ids")
    def _compute_preview(self):
        return super()._compute_preview()

    def _is_complete(self):
        return bool(self.count if self.scope == "ahead" else self.move_ids)

    def _issues_invoices(self):
        return True

    def _preview_invoices(self):
        if self.scope == "ahead":
            return super()._preview_invoices()
        moves = self.move_ids._origin.sorted("invoice_date_due")
        words = [line for move in moves for line in self._describe_move(move)[:1]]
        total = sum(moves.mapped("amount_residual"))
        words.append(
            self.env._(
                "Together: %(amount)s",
                amount=format_amount(self.env, total, self.currency_id),
            )
        )
        return {"preview": "\n".join(words)}

    def _apply(self, contract):
        """Return the invoices of the months ahead, for a look at them.

        :raise UserError: what would keep the booklet from being made
        """
        today = contract.company_id._get_local_date()
        moves = contract._generate_periods(
            self.count, today, expected=self.first_due_date
        )
        contract.env["payment.booklet"]._check_payable_by_boleto(moves)
        return moves

    def _make(self, contract):
        if self.scope == "ahead":
            return contract._make_booklet_ahead(
                self.count,
                contract.company_id._get_local_date(),
                expected=self.first_due_date,
            )
        if not self.move_ids:
            raise UserError(self.env._("Choose the invoices of the booklet."))
        moves = self.move_ids._origin.with_env(contract.env)
        return contract.env["payment.booklet"]._make(contract, moves)

    def action_apply(self):
        """Make the booklet and open it."""
        self.ensure_one()
        self.env["account.move"]._check_may_collect()
        self.contract_id.check_access("read")
        return self._make(self.contract_id).get_formview_action()
