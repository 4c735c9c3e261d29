from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..const import LATE_KINDS, OPEN_PAYMENT_STATES


class ContractCharge(models.Model):
    """Fine and interest of an invoice paid late, and what takes them back.

    A charge that proves wrong is cancelled while it waits, and given back by a
    credit once billed; it stays in the ledger either way.
    """

    _inherit = "contract.charge"

    late_move_id = fields.Many2one(
        "account.move",
        string="Late Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The invoice whose late payment is charged here.",
    )
    late_payment_line_id = fields.Many2one(
        "account.move.line",
        string="Late Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What paid late. None: charged while the invoice was still open.",
    )
    late_credit_id = fields.Many2one(
        "contract.charge",
        string="Given Back By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_undone = fields.Boolean(
        readonly=True,
        help="Billed, and given back since: its days may be charged again.",
    )

    _one_live_fine = models.UniqueIndex(
        "(late_move_id) WHERE kind = 'fine' AND state <> 'cancelled' "
        "AND is_undone IS NOT TRUE AND late_move_id IS NOT NULL",
        "The fine of this invoice is charged already.",
    )
    _no_late_day_charged_twice = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(late_move_id, late_move_id, '[]') WITH &&, "
        "daterange(period_start, period_end, '[]') WITH &&) "
        "WHERE (kind = 'interest' AND state <> 'cancelled' "
        "AND is_undone IS NOT TRUE AND late_move_id IS NOT NULL)",
        "Interest of some of these days is charged already.",
    )

    @api.depends("kind", "late_move_id.name")
    @api.depends_context("lang")
    def _compute_label(self):
        late = self.filtered("late_move_id")
        for charge in late:
            charge.label = charge._get_late_label()
        return super(ContractCharge, self - late)._compute_label()

    def _get_late_label(self):
        self.ensure_one()
        invoice = self.late_move_id.name
        if self.kind == "fine":
            return self.env._("Fine of invoice %(invoice)s, paid late", invoice=invoice)
        if self.kind == "interest":
            return self.env._(
                "Interest on invoice %(invoice)s, %(start)s to %(end)s",
                invoice=invoice,
                start=format_date(self.env, self.period_start),
                end=format_date(self.env, self.period_end),
            )
        return self.env._("Late payment of invoice %(invoice)s", invoice=invoice)

    # === BUSINESS ===

    def _get_late_amount(self):
        """Return what the rule gave, also where it was waived."""
        self.ensure_one()
        return Decimal(self.explanation["inputs"]["amount"])

    def _is_live_late_charge(self):
        self.ensure_one()
        return (
            self.kind in LATE_KINDS and self.state != "cancelled" and not self.is_undone
        )

    def _is_paid_late_charge(self):
        """Return whether a payment caused this charge, rather than a billing."""
        self.ensure_one()
        return bool(self.explanation["inputs"].get("paid_on"))

    def _undo_late(self, today):
        """Take charges back that the payments no longer bear out."""
        billed = self.filtered(lambda charge: charge.state == "billed")
        (self - billed).write({"state": "cancelled"})
        billed.write({"is_undone": True})
        self.flush_recordset()  # their days become free before others take them
        billed._release_late_payments()
        billed.filtered(lambda c: not c.late_credit_id)._credit_late("undone", today)

    def _release_late_payments(self):
        """Free the money that paid invoices which only charged what is undone."""
        for move, charges in self.grouped("move_id").items():
            if not move._is_late_invoice():
                continue
            payers = charges.late_payment_line_id.move_id
            partials = move.line_ids.matched_credit_ids
            partials.filtered(
                lambda partial, payers=payers: partial.credit_move_id.move_id in payers
            ).unlink()

    def _credit_late(self, why, today, reason=None):
        """Give back billed charges; return the credits.

        By a credit note where their invoice is open, else with the next one.

        :param why: undone or waived
        """
        credits = self.browse()
        for move, charges in self.grouped("move_id").items():
            is_open = move.payment_state in OPEN_PAYMENT_STATES
            given = self.create(
                [
                    charge._prepare_late_credit(why, today, is_open, reason)
                    for charge in charges
                ]
            )
            for charge, credit in zip(charges, given, strict=True):
                charge.late_credit_id = credit
            if is_open:
                charges.contract_id[:1]._credit_invoice(move, given, today)
            credits |= given
        return credits

    def _prepare_late_credit(self, why, today, is_open, reason):
        self.ensure_one()
        contract = self.contract_id
        return {
            "contract_id": contract.id,
            "partner_id": self.partner_id.id,
            "kind": "credit",
            "product_id": self.product_id.id,
            "late_move_id": self.late_move_id.id,
            "period_start": self.period_start,
            "period_end": self.period_end,
            "due_date": today if is_open else contract._get_next_due_date(today),
            "price_unit": -self.amount,
            "currency_id": self.currency_id.id,
            "amount": -self.amount,
            "explanation": {
                "rule": f"late_{why}",
                "inputs": {
                    "kind": self.kind,
                    "amount": str(self._get_late_amount()),
                    "reason": reason or "",
                },
            },
        }

    def _waive_late(self, today, reason):
        """Let the customer off: what waits is not billed, what is billed given back."""
        pending = self.filtered(lambda charge: charge.state == "pending")
        waived = [charge._prepare_waived(reason) for charge in pending]
        pending.write({"state": "cancelled"})
        pending.flush_recordset()
        self.create(waived)
        billed = self.filtered(
            lambda charge: charge.state == "billed" and not charge.late_credit_id
        )
        return billed._credit_late("waived", today, reason)

    def _prepare_waived(self, reason):
        """Return the values of what stands for this charge, waived."""
        self.ensure_one()
        names = ("kind", "period_start", "period_end", "due_date", "explanation")
        links = (
            "contract_id",
            "partner_id",
            "product_id",
            "late_move_id",
            "late_payment_line_id",
            "currency_id",
        )
        values = {name: self[name] for name in names}
        values |= {name: self[name].id for name in links}
        return self._mark_waived(values, reason)

    @api.model
    def _mark_waived(self, values, reason):
        """Return the values of a charge as one that is not billed."""
        inputs = values["explanation"]["inputs"] | {"waived": reason}
        return values | {
            "state": "exempt",
            "amount": 0.0,
            "price_unit": 0.0,
            "explanation": {**values["explanation"], "inputs": inputs},
        }

    # === EXPLANATIONS ===

    @api.model
    def _explain_fine(self, currency, inputs):
        words = self.env._(
            "%(percent)s%% of %(base)s = %(amount)s",
            percent=self._format_number(inputs["fine_percent"]),
            base=self._format_money(currency, inputs["base"]),
            amount=self._format_money(currency, inputs["amount"]),
        )
        return self._add_late_dates(words, inputs)

    @api.model
    def _explain_interest(self, currency, inputs):
        spans = " + ".join(
            self.env._(
                "%(days)s days × %(percent)s%%/30 × %(base)s",
                days=days,
                percent=self._format_number(inputs["interest_percent"]),
                base=self._format_money(currency, base),
            )
            for days, base in inputs["spans"]
        )
        words = f"{spans} = {self._format_money(currency, inputs['amount'])}"
        return self._add_late_dates(words, inputs)

    @api.model
    def _add_late_dates(self, words, inputs):
        due = format_date(self.env, inputs["due_date"])
        if inputs.get("paid_on"):
            words = self.env._(
                "%(words)s; due on %(due)s, paid on %(paid)s",
                words=words,
                due=due,
                paid=format_date(self.env, inputs["paid_on"]),
            )
        else:
            words = self.env._("%(words)s; due on %(due)s", words=words, due=due)
        if not inputs.get("waived"):
            return words
        return self.env._(
            "Waived (%(reason)s): %(words)s", reason=inputs["waived"], words=words
        )

    @api.model
    def _explain_late_undone(self, currency, inputs):
        return self.env._(
            "%(kind)s of %(amount)s given back: the payments of the invoice are "
            "others than when it was charged",
            kind=self._get_kind_label(inputs["kind"]),
            amount=self._format_money(currency, inputs["amount"]),
        )

    @api.model
    def _explain_late_waived(self, currency, inputs):
        return self.env._(
            "%(kind)s of %(amount)s waived: %(reason)s",
            kind=self._get_kind_label(inputs["kind"]),
            amount=self._format_money(currency, inputs["amount"]),
            reason=inputs["reason"],
        )

    @api.model
    def _get_kind_label(self, kind):
        return dict(self._fields["kind"]._description_selection(self.env))[kind]
