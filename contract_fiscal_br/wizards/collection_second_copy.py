from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day


class CollectionSecondCopy(models.TransientModel):
    """A boleto of an overdue invoice again (*segunda via atualizada*)."""

    _name = "collection.second.copy"
    _description = "Second Copy"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        default=lambda self: self.env.context.get("active_id"),
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    day = fields.Date(
        string="To Be Paid Until",
        default=lambda self: self.env.company._get_local_date(),
        required=True,
    )
    pay_until = fields.Date(
        compute="_compute_amounts", help="The next day on which banks are open."
    )
    title_id = fields.Many2one(
        "collection.title", string="Boleto", compute="_compute_title_id"
    )
    residual = fields.Monetary(string="Open", compute="_compute_amounts")
    fine = fields.Monetary(compute="_compute_amounts")
    interest = fields.Monetary(compute="_compute_amounts")
    amount = fields.Monetary(string="To Pay", compute="_compute_amounts")
    way = fields.Selection(
        [
            ("same", "The same boleto, with what it costs on that day"),
            ("new", "A new boleto of the updated value"),
        ],
        compute="_compute_way",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    explanation = fields.Text(compute="_compute_explanation")
    obstacle = fields.Text(compute="_compute_explanation")

    # === COMPUTES ===

    @api.depends("move_id")
    def _compute_title_id(self):
        for wizard in self:
            wizard.move_id.check_access("read")
            wizard.title_id = wizard.move_id._get_current_titles()[:1]

    @api.depends("move_id", "day")
    def _compute_amounts(self):
        for wizard in self:
            wizard.move_id.check_access("read")
            day = wizard.day and next_bank_day(wizard.day)
            fine, interest = wizard.move_id._get_late_charges(day) if day else (0, 0)
            wizard.pay_until = day
            wizard.fine = fine
            wizard.interest = interest
            wizard.residual = wizard.move_id.amount_residual
            wizard.amount = wizard.residual + fine + interest

    @api.depends("title_id")
    def _compute_way(self):
        for wizard in self:
            known = wizard.title_id.sudo()._filter_known_to_bank()
            wizard.way = "same" if known.barcode else "new"

    @api.depends("title_id", "way", "pay_until", "amount")
    def _compute_explanation(self):
        for wizard in self:
            try:
                wizard._check()
            except UserError as error:
                wizard.update({"explanation": False, "obstacle": str(error)})
                continue
            wizard.update(
                {"explanation": wizard._explain(), "obstacle": False},
            )

    def _explain(self):
        values = {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "date": format_date(self.env, self.pay_until),
            "title": self.title_id.display_name,
        }
        if self.way == "same":
            return self.env._(
                "Number and barcode stay. Any bank calculates fine and interest by the "
                "terms registered with %(title)s; the paper says what that makes until "
                "%(date)s: %(amount)s.",
                **values,
            )
        words = self.env._(
            "A new boleto of %(amount)s, fine and interest contained, to be paid until "
            "%(date)s. What it pays of fine and interest is not charged again.",
            **values,
        )
        if not self.title_id:
            return words
        return words + "\n" + self._explain_old(values)

    def _explain_old(self, values):
        if self.title_id.sudo()._filter_known_to_bank():
            return self.env._(
                "The bank is asked to write %(title)s off. Until it has, the customer "
                "could pay both: what is paid twice becomes a credit.",
                **values,
            )
        return self.env._(
            "%(title)s was not at the bank yet and is cancelled.", **values
        )

    # === DOING IT ===

    def _check(self):
        """Raise a UserError for a second copy that makes no sense."""
        move = self.move_id
        if not move._is_to_be_collected():
            raise UserError(
                self.env._(
                    "%(invoice)s has nothing left to pay.", invoice=move.display_name
                )
            )
        if self.day < move.company_id._get_local_date():
            raise UserError(self.env._("Choose today or a later day."))
        if self.way == "same" and not self.title_id.barcode:
            raise UserError(
                self.env._("There is no boleto to print again. Make a new one.")
            )
        if self.way == "new":
            self._check_new()

    def _check_new(self):
        move = self.move_id
        if not move.collection_account_id:
            raise UserError(
                self.env._(
                    "%(invoice)s is not paid by a collection account. Choose its "
                    "payment mode first.",
                    invoice=move.display_name,
                )
            )
        obstacle = move._get_title_obstacle()
        if obstacle:
            raise UserError(obstacle)

    def action_apply(self):
        """Download the boleto."""
        self.ensure_one()
        self.move_id._check_may_collect()
        self.move_id.check_access("read")
        self._check()
        if self.way == "same":
            return self.title_id.action_print_until(self.pay_until)
        title = self.title_id._issue_updated(
            self.move_id, self.pay_until, self.move_id.company_id._get_local_date()
        )
        return title.action_print()
