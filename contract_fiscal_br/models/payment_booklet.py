from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.contract_recurring.const import OPEN_PAYMENT_STATES

from ..tools.slip_pdf import render_booklets

# 12 ms each while the browser waits; a worker of Odoo has two minutes.
MOST_SLIPS = 3000


class PaymentBooklet(models.Model):
    """Boletos of several months, printed and sent together (*carnê*).

    It is of invoices, not of titles: a boleto issued again takes the place of the old
    one when the booklet is printed anew.
    """

    _name = "payment.booklet"
    _description = "Booklet"
    _inherit = "mail.thread"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, copy=False)
    contract_id = fields.Many2one(
        "contract.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    run_id = fields.Many2one(
        "payment.booklet.run", readonly=True, index="btree_not_null"
    )
    move_ids = fields.One2many(
        "account.move", "payment_booklet_id", string="Invoices", readonly=True
    )
    notice_ids = fields.One2many(
        "contract.notice", "payment_booklet_id", string="Notices", readonly=True
    )
    slip_count = fields.Integer(
        string="Slips", compute="_compute_state", store=True, readonly=True
    )
    open_count = fields.Integer(
        string="Still Open", compute="_compute_state", store=True, readonly=True
    )
    amount = fields.Monetary(compute="_compute_state", store=True, readonly=True)
    open_amount = fields.Monetary(
        string="Open", compute="_compute_state", store=True, readonly=True
    )
    first_due_date = fields.Date(
        compute="_compute_state", store=True, readonly=True, string="From"
    )
    last_due_date = fields.Date(
        compute="_compute_state", store=True, readonly=True, string="To"
    )
    is_cancelled = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("paid", "Paid"), ("cancelled", "Void")],
        compute="_compute_state",
        store=True,
        readonly=True,
        index=True,
    )

    @api.depends(
        "is_cancelled",
        "move_ids.state",
        "move_ids.payment_state",
        "move_ids.amount_total",
        "move_ids.amount_residual",
        "move_ids.invoice_date_due",
    )
    def _compute_state(self):
        for booklet in self:
            moves = booklet.sudo().move_ids.filtered(lambda m: m.state == "posted")
            due_dates = moves.mapped("invoice_date_due")
            left = moves.filtered(lambda m: m.payment_state in OPEN_PAYMENT_STATES)
            booklet.slip_count = len(moves)
            booklet.open_count = len(left)
            booklet.amount = sum(moves.mapped("amount_total"))
            booklet.open_amount = sum(left.mapped("amount_residual"))
            booklet.first_due_date = min(due_dates, default=False)
            booklet.last_due_date = max(due_dates, default=False)
            if booklet.is_cancelled:
                booklet.state = "cancelled"
            else:
                booklet.state = "open" if left or not moves else "paid"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A booklet is never deleted. Cancel what is left."))

    # === ACTIONS ===

    def action_print(self):
        """Download what is still open of the booklets as one PDF.

        :raise UserError: what is wrong with it, said before the download begins
        """
        count = sum(map(len, self._get_open_titles().values()))
        if count > MOST_SLIPS:
            raise UserError(
                self.env._(
                    "%(count)s slips are too many to print at once. Choose booklets "
                    "of %(most)s at most in their list.",
                    count=count,
                    most=MOST_SLIPS,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/contract_fiscal_br/booklet/{','.join(map(str, self.ids))}",
            "target": "download",
        }

    def action_send(self):
        """Send the booklets to the customers by e-mail."""
        self.env["account.move"]._check_may_collect()
        self.check_access("read")
        self._get_open_titles()
        notices = self.env["contract.notice"]._prepare_notices(
            [booklet._prepare_notice() for booklet in self.sudo()]
        )
        notices._queue()
        return notices._get_list_action()

    def action_cancel_rest(self):
        self.env["account.move"]._check_may_collect()
        self.check_access("read")
        for booklet in self:
            booklet._cancel_rest(booklet.company_id._get_local_date())

    def action_view_moves(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.move_ids.ids)],
        }

    # === BUSINESS ===

    @api.model
    def _make(self, contract, moves, run=None):
        """Return a booklet of open invoices; boletos that are missing are issued.

        :raise UserError: an invoice that is paid, or in another booklet, or that the
            bank would refuse
        """
        moves = moves.sudo().sorted(lambda move: (move.invoice_date_due, move.id))
        self._check_moves(contract, moves)
        today = contract.company_id._get_local_date()
        missing = moves.filtered(lambda move: move._needs_boleto())
        if missing:
            self.env["collection.title"]._issue(missing, today)
            missing._note_boleto_obstacle(False)
        self._check_titles(moves)
        sequence = self.env["ir.sequence"].with_company(contract.company_id)
        booklet = self.sudo().create(
            {
                "name": sequence.sudo().next_by_code(self._name, sequence_date=today),
                "contract_id": contract.id,
                "partner_id": moves[0].partner_id.id,
                "run_id": run and run.id,
            }
        )
        moves.payment_booklet_id = booklet
        return self.browse(booklet.id)

    @api.model
    def _check_moves(self, contract, moves):
        if not moves:
            raise UserError(self.env._("Choose the invoices of the booklet."))
        for move in moves:
            if not move._is_to_be_collected():
                raise UserError(
                    self.env._(
                        "%(invoice)s is paid or not posted.", invoice=move.display_name
                    )
                )
            if contract not in move.contract_charge_ids.contract_id:
                raise UserError(
                    self.env._(
                        "%(invoice)s is no invoice of the contract %(contract)s. "
                        "Choose another.",
                        invoice=move.display_name,
                        contract=contract.display_name,
                    )
                )
            if move.payment_booklet_id.state == "open":
                raise UserError(
                    self.env._(
                        "%(invoice)s is in the booklet %(booklet)s already.",
                        invoice=move.display_name,
                        booklet=move.payment_booklet_id.name,
                    )
                )

    @api.model
    def _check_payable_by_boleto(self, moves):
        """Raise for what would keep drafts of invoices from having boletos."""
        for move in moves.sudo():
            account = move.collection_account_id
            if not account or not account._is_boleto_account():
                raise UserError(
                    self.env._(
                        "%(contract)s is not paid by boleto: choose a collection "
                        "account of boletos as its payment mode.",
                        contract=move.contract_charge_ids.contract_id[:1].display_name,
                    )
                )
        titles = self.env["collection.title"].sudo()
        for obstacle in titles._get_issue_obstacles(moves.sudo()).values():
            raise UserError(obstacle)

    @api.model
    def _check_titles(self, moves):
        for move in moves:
            if not move._get_current_titles().filtered("barcode"):
                raise UserError(
                    self.env._(
                        "%(invoice)s is not paid by boleto: choose a collection "
                        "account of boletos as its payment mode.",
                        invoice=move.display_name,
                    )
                )

    def _get_open_moves(self):
        return self.sudo().move_ids.filtered(lambda move: move._is_to_be_collected())

    def _get_open_titles(self):
        """Return {booklet: its boletos still to be paid}.

        :raise UserError: nothing is left of one
        """
        titles = {}
        for booklet in self:
            moves = booklet._get_open_moves().sorted("invoice_date_due")
            found = [move._get_current_titles().filtered("barcode") for move in moves]
            titles[booklet] = self.env["collection.title"].sudo().union(*found)
            if not titles[booklet]:
                raise UserError(
                    self.env._(
                        "Nothing is left to pay of %(booklet)s, or its boletos were "
                        "taken back.",
                        booklet=booklet.name,
                    )
                )
        return titles

    def _render_pdf(self):
        """Return what is still to be paid, each booklet from a new page on."""
        return render_booklets(
            [
                [title._get_slip_context() for title in titles.sorted("due_date")]
                for titles in self._get_open_titles().values()
            ]
        )

    def _get_file_name(self):
        return f"carne-{self[:1].name.replace('/', '-')}.pdf"

    def _prepare_notice(self):
        self.ensure_one()
        waiting = self.notice_ids.filtered(lambda notice: notice.state == "waiting")
        key = waiting[:1].key or f"booklet/{self.id}/{len(self.notice_ids) + 1}"
        return {
            "contract_id": self.contract_id.id,
            "move_ids": self._get_open_moves().ids,
            "kind": "booklet",
            "channel": "email",
            "key": key,
            "payment_booklet_id": self.id,
        }

    def _cancel_rest(self, today):
        """Take back what the booklet billed ahead and is not due yet.

        Its periods are billed when they fall due, as without a booklet. What is due,
        or was billed before, stays owed with its boleto.
        """
        self.ensure_one()
        booklet = self.sudo()
        ahead = booklet._get_open_moves().filtered(
            lambda move: move.is_issued_by_hand and move.invoice_date_due > today
        )
        # the periods of a line are taken back from the last one on
        for move in ahead.sorted("invoice_date_due", reverse=True):
            move._take_back(today)
        booklet.is_cancelled = True
        booklet.message_post(body=booklet._describe_cancelled(ahead))

    def _describe_cancelled(self, moves):
        if not moves:
            return self.env._("Cancelled: nothing billed ahead was left.")
        return self.env._(
            "Cancelled: %(count)s invoices taken back, due from %(start)s to %(end)s.",
            count=len(moves),
            start=format_date(self.env, min(moves.mapped("invoice_date_due"))),
            end=format_date(self.env, max(moves.mapped("invoice_date_due"))),
        )
