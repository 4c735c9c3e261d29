from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..tools.price_adjustment import adjusted_price, year_after

# What an item says about a contract; the first three are adjusted.
FLAGS = [
    ("increase", "Increase"),
    ("decrease", "Decrease"),
    ("unchanged", "Unchanged"),
    ("too_early", "Under 12 months"),
    ("loyalty", "Fixed price in loyalty"),
    ("other_index", "Another index"),
    ("no_index", "No index"),
    ("suspended", "Suspended"),
    ("no_price", "Nothing to adjust"),
]


class ContractPriceAdjustmentItem(models.Model):
    """One contract in a price adjustment: its prices before and after, or why not."""

    _name = "contract.price.adjustment.item"
    _description = "Price Adjustment Item"
    _inherit = "contract.run.item.mixin"
    _order = "adjustment_id desc, id"
    _rec_name = "contract_id"

    _works = {"pending": "_apply", "undoing": "_undo"}
    _listed_states = ("left_out",)

    adjustment_id = fields.Many2one(
        "contract.price.adjustment", required=True, index=True, ondelete="cascade"
    )
    # As they were when simulated: plain copies, which is also what makes the
    # simulation of many contracts fast.
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    contract_id = fields.Many2one(
        "contract.contract", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    plan_id = fields.Many2one("contract.template", readonly=True)
    city_id = fields.Many2one("res.city", readonly=True)
    state = fields.Selection(
        selection_add=[
            ("pending", "To adjust"),
            ("done", "Adjusted"),
            ("failed",),
            ("left_out", "Left out"),
            ("undoing", "To undo"),
            ("undone", "Undone"),
        ],
        ondelete={"left_out": "cascade", "undoing": "cascade", "undone": "cascade"},
    )
    flag = fields.Selection(FLAGS, string="Result", required=True, readonly=True)
    price_since = fields.Date(readonly=True)
    effective_date = fields.Date(
        readonly=True, help="Start of the first period not yet charged."
    )
    amount_before = fields.Monetary(string="Before", readonly=True)
    amount_after = fields.Monetary(string="After", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference", store=True, precompute=True
    )
    # [{line_id, start, before, after}], prices as text; kept to explain and undo
    prices = fields.Json(string="Price of Each Line", readonly=True)
    prices_text = fields.Text(string="Prices", compute="_compute_prices_text")
    previous_adjusted_on = fields.Date(readonly=True)
    notice_state = fields.Selection(
        [
            ("none", "Not sent"),
            ("queued", "Waiting"),
            ("sent", "Sent"),
            ("failed", "Failed"),
        ],
        string="Notice",
        default="none",
        required=True,
        readonly=True,
    )
    notice_subject = fields.Char(compute="_compute_notice")
    notice_body = fields.Html(string="Notice Text", compute="_compute_notice")

    _one_item_per_contract = models.UniqueIndex(
        "(adjustment_id, contract_id)", "A contract is adjusted once in a batch."
    )
    _state_of_adjustment = models.Index("(adjustment_id, state)")

    # === COMPUTES ===

    @api.depends("amount_before", "amount_after")
    def _compute_difference(self):
        for item in self:
            item.difference = item.amount_after - item.amount_before

    @api.depends("prices")
    @api.depends_context("lang")
    def _compute_prices_text(self):
        for item in self:
            rows = item.prices or []
            item.prices_text = "\n".join(item._describe_price(row) for row in rows)

    def _describe_price(self, row):
        line = self.env["contract.line"].browse(row["line_id"]).exists()
        return self.env._(
            "%(product)s: %(before)s → %(after)s from %(start)s",
            product=(line.name or "").split("\n")[0],
            before=format_amount(self.env, float(row["before"]), self.currency_id),
            after=format_amount(self.env, float(row["after"]), self.currency_id),
            start=format_date(self.env, row["start"]),
        )

    @api.depends("adjustment_id.notice_template_id", "prices")
    def _compute_notice(self):
        for item in self:
            subject, body = (
                item._render_notices().get(item.id, (False, False))
                if item.prices
                else (False, False)
            )
            item.notice_subject, item.notice_body = subject, body

    # === ACTIONS ===

    def action_open_contract(self):
        self.ensure_one()
        return self.contract_id.get_formview_action()

    # === SIMULATION ===

    @api.model
    def _prepare_items(self, adjustment, contracts):
        """Return the values of an item for each contract: new prices, or why not."""
        return [self._prepare_item(adjustment, contract) for contract in contracts]

    @api.model
    def _prepare_item(self, adjustment, contract):
        obstacle = self._get_contract_obstacle(adjustment, contract)
        if obstacle:
            return self._prepare_left_out(adjustment, contract, *obstacle)
        lines = [
            (line, line._get_price_start(adjustment.effective_from))
            for line in contract.contract_line_ids
            if line._is_adjustable()
        ]
        lines = [
            (line, start)
            for line, start in lines
            if not line.date_end or start <= line.date_end
        ]
        due = [
            (line, start)
            for line, start in lines
            if start >= year_after(line._get_price_base())
        ]
        obstacle = self._get_line_obstacle(contract, lines, due)
        if obstacle:
            return self._prepare_left_out(adjustment, contract, *obstacle)
        return self._prepare_adjusted(adjustment, contract, due)

    @api.model
    def _get_contract_obstacle(self, adjustment, contract):
        """Return (flag, message) of what keeps the whole contract out, or None."""
        if contract.lifecycle_state != "active":
            return "suspended", self.env._("The contract is suspended.")
        index = contract.price_index_id
        if adjustment.method == "index" and index != adjustment.index_id:
            if index:
                return "other_index", self.env._(
                    "The contract names another index: %s.", index.code
                )
            if not adjustment.include_without_index:
                return "no_index", self.env._("The contract names no index.")
        return None

    @api.model
    def _get_line_obstacle(self, contract, lines, due):
        """Return (flag, message) where no price can be adjusted, or None.

        :param lines: (line, start) of the prices there are
        :param due: those of them whose year is over
        """
        if not lines:
            return "no_price", self.env._(
                "No price goes on after the day of the adjustment."
            )
        if not due:
            base = max(line._get_price_base() for line, _start in lines)
            return "too_early", self.env._(
                "The price holds since %(since)s and may be adjusted from %(day)s on.",
                since=format_date(self.env, base),
                day=format_date(self.env, year_after(base)),
            )
        end = contract.loyalty_end_date
        first_start = min(start for _line, start in due)
        if contract.is_price_fixed_in_loyalty and end and first_start <= end:
            return "loyalty", self.env._(
                "The price is fixed until the loyalty term ends on %s.",
                format_date(self.env, end),
            )
        return None

    @api.model
    def _prepare_left_out(self, adjustment, contract, flag, message):
        amount = contract._get_monthly_amount(adjustment.effective_from)
        return self._prepare_base(adjustment, contract) | {
            "state": "left_out",
            "flag": flag,
            "message": message,
            "effective_date": False,
            "amount_before": amount,
            "amount_after": amount,
            "prices": False,
        }

    @api.model
    def _prepare_adjusted(self, adjustment, contract, due):
        """Return the values of a contract to adjust.

        :param due: (line, first day of its new price)
        """
        factor = Decimal(adjustment.explanation["applied_factor"])
        prices = [self._prepare_price(line, start, factor) for line, start in due]
        prices = [
            row for row in prices if Decimal(row["after"]) != Decimal(row["before"])
        ]
        if not prices:
            return self._prepare_left_out(
                adjustment,
                contract,
                "unchanged",
                self.env._("The adjustment does not change the price."),
            )
        first_start = min(fields.Date.to_date(row["start"]) for row in prices)
        amount = contract._get_monthly_amount(first_start)
        change = sum(row["monthly"] for row in prices)
        change += contract._get_discount_change(prices)
        return self._prepare_base(adjustment, contract) | {
            "state": "pending",
            "flag": "increase" if factor > 1 else "decrease",
            "message": False,
            "effective_date": first_start,
            "amount_before": amount,
            "amount_after": contract.currency_id.round(amount + change),
            "prices": prices,
        }

    @api.model
    def _prepare_price(self, line, start, factor):
        """Return the price of a line before and after, as kept in `prices`."""
        unit = Decimal(str(line.contract_id.currency_id.rounding))
        before = Decimal(str(line.price_unit))
        after = adjusted_price(before, factor, unit)
        return {
            "line_id": line.id,
            "start": start.isoformat(),
            "before": str(before),
            "after": str(after),
            "monthly": line._get_month_price(float(after))
            - line._get_month_price(float(before)),
        }

    @api.model
    def _prepare_base(self, adjustment, contract):
        return {
            "adjustment_id": adjustment.id,
            "company_id": adjustment.company_id.id,
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "plan_id": contract.contract_template_id.id,
            "city_id": contract.city_id.id,
            "price_since": contract.price_since,
            "previous_adjusted_on": contract.price_adjusted_on,
        }

    # === APPLYING AND UNDOING ===

    def _fail(self, message):
        """Note what went wrong; an item that cannot be undone stays adjusted."""
        self.ensure_one()
        state = "done" if self.state == "undoing" else "failed"
        self.write({"state": state, "message": message})

    def _lock_contracts(self):
        contracts = self.contract_id.with_company(self.adjustment_id.company_id)
        contracts.lock_for_update(allow_referencing=True)
        return contracts

    def _apply(self):
        """Begin lines with the new prices, and end those they follow.

        The prices are prepared again under the lock: what was billed, changed
        or adjusted since the simulation counts.
        """
        adjustment = self.adjustment_id
        contracts = self._lock_contracts()
        prepared = {
            values["contract_id"]: values
            for values in self._prepare_items(adjustment, contracts)
        }
        for item in self:
            item._follow(prepared[item.contract_id.id])
        items = self.filtered(lambda item: item.state == "pending")
        items._begin_lines()
        items._reprice_discounts()
        for day, same_day in items.grouped("effective_date").items():
            same_day.contract_id.price_adjusted_on = day
        items._record_events()
        items.write({"state": "done", "message": False})

    def _follow(self, values):
        """Take over values that differ from the simulation."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in values.items()
            if name not in ("adjustment_id", "contract_id")
            and self._fields[name].convert_to_cache(value, self)
            != self._fields[name].convert_to_cache(self[name], self)
        }
        if changed:
            self.write(changed)

    def _begin_lines(self):
        """Create the successors of the lines and end these the day before."""
        lines, terms, ends = [], [], {}
        for item in self:
            for row in item.prices:
                line = self.env["contract.line"].browse(row["line_id"])
                start = fields.Date.to_date(row["start"])
                lines.append(line.id)
                ends.setdefault(start, []).append(line.id)
                terms.append(
                    {
                        "date_start": start,
                        "specific_price": float(row["after"]),
                        "price_since": start,
                        "adjusted_line_id": line.id,
                        "adjustment_item_id": item.id,
                    }
                )
        lines = self.env["contract.line"].browse(lines)
        successors = lines._prepare_successors(terms)
        for start, ids in ends.items():
            self.env["contract.line"].browse(ids)._end_uncharged(start)
        self.env["contract.line"].create(successors)

    def _reprice_discounts(self):
        """Let the discounts follow the prices they are taken off."""
        for item in self:
            item.contract_id._reprice_discounts(item.effective_date)

    def _record_events(self):
        """Write an event for each day on which prices of a contract change."""
        events = self.env["contract.event"].sudo()
        return events.create(
            [
                values
                for item in self
                for values in events._prepare(
                    item.contract_id,
                    "price",
                    effective_date=item.effective_date,
                    reason=item.adjustment_id.name,
                    price_adjustment_id=item.adjustment_id.id,
                )
            ]
        )

    def _undo(self):
        """Give the contracts their old prices back, from the same day on.

        :raise UserError: something was charged at a new price
        """
        contracts = self._lock_contracts()
        lines = self.env["contract.line"].search(
            [("adjustment_item_id", "in", self.ids), ("is_canceled", "=", False)],
            order="id",
        )
        self._check_uncharged(lines)
        terms = [line.adjusted_line_id._prepare_price_back() for line in lines]
        previous = lines._prepare_successors(terms)
        lines.write({"is_canceled": True})
        self.env["contract.line"].create(previous)
        self._reprice_discounts()
        for item in self:
            contract = item.contract_id
            if contract in contracts and (
                contract.price_adjusted_on == item.effective_date
            ):
                contract.price_adjusted_on = item.previous_adjusted_on
        self._record_events()
        self.write({"state": "undone", "message": False})

    def _check_uncharged(self, lines):
        charge = self.env["contract.charge"].search(
            [("contract_line_id", "in", lines.ids), ("state", "!=", "cancelled")],
            limit=1,
        )
        if charge:
            raise UserError(
                self.env._(
                    "%(contract)s is charged with the new price already: “%(charge)s”.",
                    contract=charge.contract_id.display_name,
                    charge=charge.label,
                )
            )

    # === NOTICES ===

    def _render_notices(self):
        """Return {item id: (subject, body)} in each customer's language."""
        template = self.adjustment_id.notice_template_id[:1].sudo()
        if not template:
            return {}
        subjects = template._render_field("subject", self.ids, compute_lang=True)
        bodies = template._render_field("body_html", self.ids, compute_lang=True)
        return {i: (subjects[i], bodies[i]) for i in self.ids}

    def _send_notices(self):
        """Post the notice on each contract, by e-mail to its customer."""
        items = self.try_lock_for_update().filtered(
            lambda item: item.notice_state == "queued"
        )
        notices = items._render_notices()
        for item in items:
            customer = item.contract_id.partner_id
            if not customer.email:
                item.write(
                    {
                        "notice_state": "failed",
                        "message": self.env._(
                            "The customer has no e-mail address for the notice."
                        ),
                    }
                )
                continue
            subject, body = notices[item.id]
            item.contract_id.message_post(
                subject=subject,
                body=body,
                partner_ids=customer.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            item.notice_state = "sent"
