from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..const import CREDIT_KINDS, PERIOD_KINDS
from ..tools.billing_calendar import ONE_DAY
from ..tools.day_spans import cut_span
from ..tools.proration import prorate


class ContractCharge(models.Model):
    """Something a contract owes or is owed: the ledger (*lançamento*).

    One row per line and period or per one-off event. What was billed is
    known from here alone: OCA's dates on the lines follow these rows.
    """

    _name = "contract.charge"
    _description = "Contract Charge"
    _order = "due_date desc, id desc"
    _rec_name = "label"

    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    contract_line_id = fields.Many2one(
        "contract.line", string="Line", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    kind = fields.Selection(
        [
            ("recurring", "Recurring"),
            ("prorata", "Pro-rata"),
            ("activation", "Activation"),
            ("credit", "Credit"),
            ("penalty", "Loyalty penalty"),
            ("one_off", "One-off"),
            ("exemption", "Exemption"),
            ("fine", "Fine"),
            ("interest", "Interest"),
            ("outage", "Days without service"),
            ("adjustment", "Manual charge"),
        ],
        required=True,
    )
    product_id = fields.Many2one("product.product", required=True)
    period_start = fields.Date(required=True)
    period_end = fields.Date(required=True)
    due_date = fields.Date(required=True, index=True)
    description = fields.Char(help="What a charge without a line is for.")
    quantity = fields.Float(default=1.0, digits="Product Unit")
    uom_id = fields.Many2one("uom.uom", string="Unit")
    price_unit = fields.Float(string="Unit Price", digits="Product Price")
    discount = fields.Float(string="Discount (%)", digits="Discount")
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)
    explanation = fields.Json(
        string="Rule and Inputs",
        help="The rule that gave the amount and what it was given.",
    )
    explanation_text = fields.Char(
        string="Explanation", compute="_compute_explanation_text"
    )
    label = fields.Char(compute="_compute_label")
    state = fields.Selection(
        [
            ("pending", "To bill"),
            ("billed", "Billed"),
            ("exempt", "Exempt"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice Line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    run_id = fields.Many2one(
        "contract.billing.run", readonly=True, index="btree_not_null"
    )

    # Nothing is billed twice because of these two, not because of a flag.
    _one_live_charge = models.UniqueIndex(
        "(contract_line_id, kind, period_start) "
        "WHERE state <> 'cancelled' AND contract_line_id IS NOT NULL",
        "This period of the contract is charged already.",
    )
    _no_day_charged_twice = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(contract_line_id, contract_line_id, '[]') WITH &&, "
        "daterange(period_start, period_end, '[]') WITH &&) "
        "WHERE (kind IN ('recurring', 'prorata') AND state <> 'cancelled')",
        "Some days of this period are charged already.",
    )
    _no_day_credited_twice = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(contract_line_id, contract_line_id, '[]') WITH &&, "
        "daterange(period_start, period_end, '[]') WITH &&) "
        "WHERE (kind IN ('credit', 'exemption', 'outage') AND state <> 'cancelled' "
        "AND contract_line_id IS NOT NULL)",
        "Some days of this period are credited already.",
    )
    _period_in_order = models.Constraint(
        "CHECK (period_end >= period_start)", "A period ends before it starts."
    )
    _billed_by_a_line = models.Constraint(
        "CHECK ((state = 'billed') = (move_line_id IS NOT NULL))",
        "A billed charge has an invoice line; another has none.",
    )

    # === COMPUTES ===

    @api.depends("explanation")
    @api.depends_context("lang")
    def _compute_explanation_text(self):
        for charge in self:
            explanation = charge.explanation or {}
            explain = getattr(self, f"_explain_{explanation.get('rule')}", None)
            charge.explanation_text = (
                explain(charge.currency_id, explanation["inputs"]) if explain else False
            )

    @api.depends(
        "product_id",
        "description",
        "contract_line_id.name",
        "period_start",
        "period_end",
    )
    @api.depends_context("lang")
    def _compute_label(self):
        for charge in self:
            name = (
                charge.description
                or charge.contract_line_id.name
                or charge.product_id.display_name
            )
            if charge.kind in (*PERIOD_KINDS, *CREDIT_KINDS):
                name = self.env._(
                    "%(product)s (%(start)s to %(end)s)",
                    product=name,
                    start=format_date(self.env, charge.period_start),
                    end=format_date(self.env, charge.period_end),
                )
            charge.label = name

    # === CRUD ===

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("A charge is never deleted. Cancel it: the ledger keeps it.")
        )

    # === ACTIONS ===

    def action_open_move(self):
        self.ensure_one()
        return self.move_id.get_formview_action()

    def action_cancel(self):
        """Cancel charges not yet billed; their periods may be charged again."""
        self._check_may_cancel_charge()
        self._check_last_of_line()
        billed = self.filtered("move_id")
        if billed:
            raise UserError(
                self.env._(
                    "“%(charge)s” is on invoice %(invoice)s. Cancel the invoice first.",
                    charge=billed[0].label,
                    invoice=billed[0].move_id.display_name,
                )
            )
        (self | self._get_credits()).sudo().write({"state": "cancelled"})
        self.contract_line_id._follow_ledger()

    # === BUSINESS ===

    def _join_next_due_date(self, due_from):
        """Move what was due before a day to its contract's first due date after.

        An invoice groups by due date; what came late joins the next one, that of
        all contracts where several are billed together.
        """
        for charges in self.grouped(
            lambda charge: charge.contract_id._get_biller(due_from)
        ).values():
            late = charges.filtered(lambda charge: charge.due_date < due_from)
            in_time = (charges - late).mapped("due_date")
            if late:
                late.due_date = min(in_time, default=due_from)

    def _mark_billed(self, move_lines):
        """Tie each charge to the invoice line that bills it, pairwise."""
        rows = [
            (charge.id, line.id, line.move_id.id)
            for charge, line in zip(self, move_lines, strict=True)
        ]
        if not rows:
            return
        self.flush_recordset()
        charge_ids, line_ids, move_ids = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            """
            UPDATE contract_charge
               SET state = 'billed', move_line_id = bill.line_id,
                   move_id = bill.move_id, write_uid = %s,
                   write_date = now() at time zone 'UTC'
              FROM unnest(%s, %s, %s) AS bill (charge_id, line_id, move_id)
             WHERE contract_charge.id = bill.charge_id
               AND contract_charge.state = 'pending'
            """,
            [self.env.uid, charge_ids, line_ids, move_ids],
        )
        if self.env.cr.rowcount != len(rows):
            raise UserError(self.env._("Some of these charges are billed already."))
        self.invalidate_recordset(["state", "move_line_id", "move_id"])

    def _get_whole_period(self):
        """Return (first day, last day, price) of the period this is a part of."""
        self.ensure_one()
        inputs = self.explanation["inputs"]
        if self.kind == "recurring":
            return self.period_start, self.period_end, Decimal(inputs["amount"])
        return (
            fields.Date.to_date(inputs["full_start"]),
            fields.Date.to_date(inputs["full_end"]),
            Decimal(inputs["whole_amount"]),
        )

    def _prepare_credits(self, last_day):
        """Return the values of the credits for what was charged after a day.

        Charge and credit are parts of the same period, so what remains charged
        is the price of the days used.
        """
        return [
            charge._prepare_credit(start, end)
            for charge, start, end in self._get_uncredited(last_day + ONE_DAY)
        ]

    def _get_uncredited(self, first_day, last_day=date.max):
        """Yield (charge, first day, last day) of what is not yet given back.

        :param first_day, last_day: bounds of the days asked for
        """
        credited = self.contract_line_id._get_credited_spans()
        for charge in self:
            spans = cut_span(
                max(charge.period_start, first_day),
                min(charge.period_end, last_day),
                credited.get(charge.contract_line_id, ()),
            )
            for start, end, is_credited in spans:
                if not is_credited:
                    yield charge, start, end

    def _prepare_credit(self, start, end):
        self.ensure_one()
        full_start, full_end, whole_amount = self._get_whole_period()
        unit = Decimal(str(self.currency_id.rounding))
        amount = -prorate(whole_amount, full_start, full_end, start, end, unit)
        return {
            "contract_id": self.contract_id.id,
            "contract_line_id": self.contract_line_id.id,
            "partner_id": self.contract_id.partner_id.id,
            "kind": "credit",
            "product_id": self.product_id.id,
            "period_start": start,
            "period_end": end,
            "due_date": self.contract_line_id._get_due_date_after(start),
            "price_unit": float(amount),
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "explanation": {
                "rule": "credit",
                "inputs": {
                    "days": (end - start).days + 1,
                    "full_days": (full_end - full_start).days + 1,
                    "whole_amount": str(whole_amount),
                    "amount": str(amount),
                },
            },
        }

    def _sum_of(self, *kinds):
        """Return what the charges of some kinds amount to together."""
        return sum(charge.amount for charge in self if charge.kind in kinds)

    def _prepare_exemption(self, start, end, due_date):
        """Return the values of what an exemption gives back of a billed charge."""
        credit = self._prepare_credit(start, end)
        explanation = {**credit["explanation"], "rule": "exemption"}
        return credit | {
            "kind": "exemption",
            "due_date": due_date,
            "explanation": explanation,
        }

    def _release(self):
        """Make charges due again whose invoice was cancelled or deleted."""
        self.sudo().write({"state": "pending", "move_line_id": False, "move_id": False})

    # === EXPLANATIONS ===
    # One method per rule; each puts the stored inputs into words.

    @api.model
    def _explain_recurring(self, currency, inputs):
        return self.env._(
            "%(quantity)s × %(price)s%(discount)s = %(amount)s",
            quantity=self._format_number(inputs["quantity"]),
            price=self._format_money(currency, inputs["price_unit"]),
            discount=self._format_discount(inputs["discount"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_prorata(self, currency, inputs):
        return self.env._(
            "%(days)s of %(full_days)s days × %(price)s = %(amount)s",
            days=inputs["days"],
            full_days=inputs["full_days"],
            price=self._format_money(currency, inputs["whole_amount"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_credit(self, currency, inputs):
        return self.env._(
            "Credit for %(days)s of %(full_days)s days charged ahead × %(price)s = "
            "%(amount)s",
            days=inputs["days"],
            full_days=inputs["full_days"],
            price=self._format_money(currency, inputs["whole_amount"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_exemption(self, currency, inputs):
        return self.env._(
            "Exempt for %(days)s of %(full_days)s days billed × %(price)s = %(amount)s",
            days=inputs["days"],
            full_days=inputs["full_days"],
            price=self._format_money(currency, inputs["whole_amount"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_exempt(self, currency, inputs):
        return self.env._(
            "Exempt: %(amount)s for %(days)s days not charged",
            amount=self._format_money(currency, inputs["amount"]),
            days=inputs["days"],
        )

    @api.model
    def _explain_one_off(self, currency, inputs):
        return self.env._(
            "%(quantity)s × %(price)s = %(amount)s, charged once, %(date)s",
            quantity=self._format_number(inputs["quantity"]),
            price=self._format_money(currency, inputs["price_unit"]),
            amount=self._format_money(currency, inputs["amount"]),
            date=format_date(self.env, inputs["date"]),
        )

    @api.model
    def _explain_activation(self, currency, inputs):
        return self.env._(
            "Activation on %(date)s, charged once",
            date=format_date(self.env, inputs["date"]),
        )

    @api.model
    def _format_money(self, currency, amount):
        return format_amount(self.env, float(amount), currency)

    @api.model
    def _format_number(self, number):
        return f"{float(number):g}"

    @api.model
    def _format_discount(self, percent):
        if not float(percent):
            return ""
        return self.env._(" − %(percent)s%%", percent=self._format_number(percent))
