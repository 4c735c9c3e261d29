from dataclasses import replace
from decimal import Decimal
from itertools import count

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import GENERATION_TYPE
from ..tools.billing_calendar import ONE_DAY, RULES, BillingCalendar
from ..tools.discount_spans import PricedSpan
from ..tools.recurring_charge import (
    LineTerms,
    charges_due,
    next_due_date,
    period_charges,
    split_exempt,
)


class ContractLine(models.Model):
    """A product a contract charges for each period."""

    _inherit = "contract.line"

    is_plan_line = fields.Boolean(
        string="From Plan",
        help="This product came with the plan; the others are additional services.",
    )
    discount_id = fields.Many2one(
        "contract.discount", index="btree_not_null", readonly=True, copy=False
    )
    discounted_product_id = fields.Many2one(
        "product.product",
        readonly=True,
        help="What a discount takes its amount off: the invoice has its taxes.",
    )
    charge_ids = fields.One2many("contract.charge", "contract_line_id")
    sale_order_line_ids = fields.One2many(
        "sale.order.line", "contract_line_id", string="Sold On", readonly=True
    )
    # a copy has a ledger of its own, and its date follows from that
    recurring_next_date = fields.Date(copy=False)
    price_subtotal = fields.Monetary(currency_field="currency_id")

    # === COMPUTES ===

    @api.depends(
        "quantity",
        "discount",
        "price_unit",
        "contract_id.generation_type",
        "contract_id.due_day",
        "contract_id.period_anchor",
        "contract_id.reference_period",
        "contract_id.billing_origin",
        "contract_id.due_from",
        "contract_id.charged_from",
        "last_date_invoiced",
        "date_start",
        "date_end",
    )
    def _compute_recurring_next_date(self):
        """Follow the ledger: the day the first uncharged period is due."""
        ours = self.filtered("contract_id").filtered(
            lambda line: line.contract_id.generation_type == GENERATION_TYPE
        )
        for line in ours:
            line.recurring_next_date = line._get_next_due_date()
        return super(ContractLine, self - ours)._compute_recurring_next_date()

    # === CONSTRAINTS ===

    @api.constrains(
        "date_start", "date_end", "last_date_invoiced", "recurring_next_date"
    )
    def _check_last_date_invoiced(self):
        """Keep the end after what was charged; the rest of OCA's rule fits only
        periods that are due in the order they are used."""
        ours = self.filtered(
            lambda line: line.contract_id.generation_type == GENERATION_TYPE
        )
        for line in ours.filtered("date_end").filtered("last_date_invoiced"):
            if line.date_end < line.last_date_invoiced:
                raise ValidationError(
                    self.env._(
                        "“%(line)s” is already charged until %(charged)s and cannot "
                        "end on %(end)s.",
                        line=line.name,
                        charged=line.last_date_invoiced.strftime("%d/%m/%Y"),
                        end=line.date_end.strftime("%d/%m/%Y"),
                    )
                )
        return super(ContractLine, self - ours)._check_last_date_invoiced()

    @api.constrains("recurring_next_date")
    def _check_recurring_next_date_recurring_invoices(self):
        """The ledger gives our lines their next date: nobody has to type it."""
        others = self.filtered(
            lambda line: line.contract_id.generation_type != GENERATION_TYPE
        )
        return super(
            ContractLine, others
        )._check_recurring_next_date_recurring_invoices()

    @api.constrains("recurring_next_date", "date_start")
    def _check_recurring_next_date_start_date(self):
        others = self.filtered(
            lambda line: line.contract_id.generation_type != GENERATION_TYPE
        )
        return super(ContractLine, others)._check_recurring_next_date_start_date()

    # === BUSINESS ===

    def _change_monthly_amount(self, difference):
        """Change the price so that a month costs that much more."""
        self.ensure_one()
        months = self.price_subtotal / self.monthly_recurring if self.price_unit else 1
        factor = self.quantity * (1 - self.discount / 100)
        if not factor:
            raise ValidationError(
                self.env._(
                    "“%(line)s” has no quantity or is discounted in full: change "
                    "the line itself.",
                    line=self.name,
                )
            )
        self.write(
            {
                "automatic_price": False,
                "specific_price": self.price_unit + difference * months / factor,
            }
        )

    def _is_billable(self):
        """Return whether this line charges for periods."""
        self.ensure_one()
        return not self.display_type and not self.is_canceled

    def _get_calendar(self, activation=None):
        """Return the line's billing calendar.

        :param date activation: the day the contract would begin, for previews
        """
        self.ensure_one()
        contract = self.contract_id
        first_day = (
            activation
            or contract.date_start
            or self.date_start
            or fields.Date.context_today(self)
        )
        due_day = contract.due_day or 1
        anchors = {"due_day": due_day, "month": 1, "start": first_day.day}
        unit, per_unit = RULES[self.recurring_rule_type or "monthly"]
        calendar = BillingCalendar(
            origin=activation or contract.billing_origin or first_day,
            unit=unit,
            interval=per_unit * (self.recurring_interval or 1),
            anchor_day=anchors[contract.period_anchor or "due_day"],
            due_day=due_day,
            reference=contract.reference_period or "present",
            move_due_date=contract.company_id._get_due_date_mover(),
            not_due_before=max(first_day, contract.due_from or first_day),
        )
        return calendar.reaching_back_to(self._get_terms(activation).first_uncharged)

    def _get_terms(self, activation=None):
        """Return the line's price and days in force as a pure value."""
        self.ensure_one()
        currency = self.currency_id or self.contract_id.currency_id
        return LineTerms(
            quantity=Decimal(str(self.quantity)),
            price_unit=Decimal(str(self.price_unit)),
            discount=Decimal(str(self.discount)),
            start=activation or self.date_start or self.contract_id.date_start,
            end=self.date_end or None,
            charged_until=None if activation else self._get_last_day_not_owed(),
            unit=Decimal(str(currency.rounding or 0.01)),
        )

    def _get_last_day_not_owed(self):
        """Return the last day charged, or before which nothing is charged here."""
        self.ensure_one()
        charged_from = self.contract_id.charged_from
        days = (charged_from and charged_from - ONE_DAY, self.last_date_invoiced)
        return max(filter(None, days), default=None)

    def _get_priced_spans(self, prices=None):
        """Return what each line costs for a period, and for how long.

        :param prices: {line id: another unit price}, for simulations
        """
        return [line._get_priced_span((prices or {}).get(line.id)) for line in self]

    def _get_priced_span(self, price=None):
        self.ensure_one()
        terms = self._get_terms()
        if price is not None:
            terms = replace(terms, price_unit=price)
        product = self.discounted_product_id or self.product_id
        return PricedSpan(
            self.date_start, self.date_end or None, terms.amount, product.id
        )

    def _get_charges_due(self, due_until):
        """Return the `PeriodCharge` of this line due by a date, oldest first."""
        self.ensure_one()
        if not self._is_billable():
            return []
        terms = self._get_terms()
        return self._split_exempt(
            charges_due(self._get_calendar(), terms, due_until), terms.unit
        )

    def _split_exempt(self, drafts, unit):
        """Return the `PeriodCharge` given, cut where an exemption begins or ends."""
        windows = [
            (exemption.date_from, exemption.date_to)
            for exemption in self.contract_id.exemption_ids
        ]
        if not windows:
            return drafts
        return [part for draft in drafts for part in split_exempt(draft, windows, unit)]

    def _prepare_charge(self, draft, due_date):
        """Return the values of the charge for one of this line's periods.

        A part of a period is charged as one unit at its pro-rata price, so
        that the invoice line gives the same amount to the cent.
        """
        self.ensure_one()
        if draft.is_exempt:
            return self._prepare_exempt_charge(draft, due_date)
        full = draft.is_full
        return {
            "contract_id": self.contract_id.id,
            "contract_line_id": self.id,
            "partner_id": self.contract_id.partner_id.id,
            "kind": draft.kind,
            "product_id": self.product_id.id,
            "period_start": draft.start,
            "period_end": draft.end,
            "due_date": due_date,
            "quantity": self.quantity if full else 1.0,
            "price_unit": self.price_unit if full else float(draft.amount),
            "discount": self.discount if full else 0.0,
            "currency_id": self.currency_id.id,
            "amount": float(draft.amount),
            "explanation": {
                "rule": draft.kind,
                "inputs": self._prepare_explanation(draft),
            },
        }

    def _prepare_exempt_charge(self, draft, due_date):
        """Return the values of the charge that keeps exempt days from being billed."""
        return {
            "contract_id": self.contract_id.id,
            "contract_line_id": self.id,
            "partner_id": self.contract_id.partner_id.id,
            "kind": draft.kind,
            "state": "exempt",
            "product_id": self.product_id.id,
            "period_start": draft.start,
            "period_end": draft.end,
            "due_date": due_date,
            "currency_id": self.currency_id.id,
            "amount": 0.0,
            "explanation": {
                "rule": "exempt",
                "inputs": {"days": draft.days, "amount": str(draft.amount)},
            },
        }

    def _prepare_explanation(self, draft):
        """Return what the rule of the charge was given, as JSON values."""
        if draft.is_full:
            return {
                "quantity": self.quantity,
                "price_unit": self.price_unit,
                "discount": self.discount,
                "amount": str(draft.amount),
            }
        return {
            "days": draft.days,
            "full_days": draft.period.full_days,
            "full_start": draft.period.full_start.isoformat(),
            "full_end": draft.period.full_end.isoformat(),
            "whole_amount": str(draft.whole_amount),
            "amount": str(draft.amount),
        }

    def _get_billing_obstacle(self):
        """Return why this line cannot be billed, in the user's words, or None."""
        self.ensure_one()
        if not self.product_id:
            return self.env._("“%(line)s” has no product.", line=self.name)
        accounts = self.product_id.product_tmpl_id.get_product_accounts(
            self.contract_id.fiscal_position_id
        )
        if not accounts["income"]:
            return self.env._(
                "%(product)s has no income account. Set one on the product or on "
                "its category.",
                product=self.product_id.display_name,
            )
        return None

    def _get_first_charges(self, activation):
        """Return what the first invoice would charge if the contract began then."""
        self.ensure_one()
        calendar = self._get_calendar(activation)
        terms = self._get_terms(activation)
        first_due = next_due_date(calendar, terms)
        return charges_due(calendar, terms, first_due)

    def _get_added_charges(self):
        """Return what the first invoice would charge for a line added to a contract
        in force."""
        self.ensure_one()
        first_due = self._get_next_due_date()
        return self._get_charges_due(first_due) if first_due else []

    def _get_next_due_date(self):
        self.ensure_one()
        if not self._is_billable():
            return False
        return next_due_date(self._get_calendar(), self._get_terms()) or False

    def _get_charges_until(self, last_day):
        """Return the `PeriodCharge` of this line for its days up to one."""
        self.ensure_one()
        terms = self._get_terms()
        end = min(last_day, terms.end) if terms.end else last_day
        drafts = list(period_charges(self._get_calendar(), replace(terms, end=end)))
        return self._split_exempt(drafts, terms.unit)

    def _get_due_date_after(self, day):
        """Return the first due date of this line's calendar from a day on."""
        self.ensure_one()
        calendar = self._get_calendar()
        index = calendar.index_of(max(day, calendar.origin))
        # billed after use, the period before may be due only now
        periods = map(calendar.period, count(max(index - 1, 0)))
        return next(p.due_date for p in periods if p.due_date >= day)
