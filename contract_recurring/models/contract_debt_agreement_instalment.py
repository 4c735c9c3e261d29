from decimal import Decimal

from odoo import api, fields, models

from ..const import OPEN_PAYMENT_STATES
from ..tools.bank_calendar import next_bank_day
from ..tools.proration import share


class ContractDebtAgreementInstalment(models.Model):
    """An instalment of an agreement; number 0 is the entry (*entrada*)."""

    _name = "contract.debt.agreement.instalment"
    _description = "Instalment of an Agreement"
    _order = "agreement_id, number"
    _rec_name = "label"

    agreement_id = fields.Many2one(
        "contract.debt.agreement", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    number = fields.Integer(required=True)
    label = fields.Char(compute="_compute_label")
    due_date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
    surcharge_amount = fields.Monetary(
        string="Fine and Interest",
        help="Part of the amount that bears no fine and interest again.",
    )
    charge_ids = fields.One2many("contract.charge", "instalment_id")
    move_id = fields.Many2one(
        "account.move", string="Invoice", index="btree_not_null", ondelete="restrict"
    )
    undone_paid_amount = fields.Monetary(
        help="What had been paid when the agreement was broken."
    )
    paid_amount = fields.Monetary(string="Paid", compute="_compute_state")
    open_amount = fields.Monetary(string="Open", compute="_compute_state")
    is_overdue = fields.Boolean(compute="_compute_state")
    state = fields.Selection(
        [
            ("open", "To be paid"),
            ("overdue", "Overdue"),
            ("partial", "Partly paid"),
            ("paid", "Paid"),
            ("waived", "Waived"),
            ("undone", "Undone"),
        ],
        compute="_compute_state",
    )

    _number_once = models.UniqueIndex(
        "(agreement_id, number)", "This instalment exists already."
    )

    @api.depends("number", "agreement_id.instalment_count", "agreement_id.name")
    @api.depends_context("lang")
    def _compute_label(self):
        for part in self:
            agreement = part.agreement_id
            if part.number:
                part.label = self.env._(
                    "Instalment %(number)s of %(count)s, agreement %(agreement)s",
                    number=part.number,
                    count=agreement.instalment_count,
                    agreement=agreement.name,
                )
            else:
                part.label = self.env._(
                    "Entry, agreement %(agreement)s", agreement=agreement.name
                )

    @api.depends(
        "move_id.payment_state",
        "move_id.amount_residual",
        "move_id.invoice_date_due",
        "agreement_id.state",
    )
    def _compute_state(self):
        for part in self:
            part.update(part._read_state())

    def _read_state(self):
        """Return the values that the invoice gives; who sees the agreement may
        know them."""
        self.ensure_one()
        move = self.sudo().move_id
        if self.agreement_id.state in ("broken", "cancelled"):
            paid, residual, state = self.undone_paid_amount, 0.0, "undone"
        else:
            residual = move.amount_residual if move else self.amount
            paid, state = self.amount - residual, self._get_open_state(move)
        if state == "waived":
            paid = 0.0
        return {
            "paid_amount": paid,
            "open_amount": residual,
            "is_overdue": state in ("overdue", "partial") and self._is_late(move),
            "state": state,
        }

    def _get_open_state(self, move):
        if move.payment_state not in OPEN_PAYMENT_STATES:
            return "waived" if move.payment_state == "reversed" else "paid"
        if move.payment_state == "partial":
            return "partial"
        return "overdue" if self._is_late(move) else "open"

    def _is_late(self, move):
        today = self.company_id._get_local_date()
        due_date = move.invoice_date_due or self.due_date
        return today > next_bank_day(due_date)

    # === BUSINESS ===

    def _prepare_charges(self, weights, day):
        """Return the values of its charges, one for each contract of the debt.

        :param weights: {contract: Decimal of the debt it has a part of}
        """
        self.ensure_one()
        shares = [
            share(Decimal(str(amount)), list(weights.values()))
            for amount in (self.amount, self.surcharge_amount)
        ]
        rows = zip(weights, *shares, strict=True)
        return [
            self._prepare_charge(contract, amount, surcharge, day)
            for contract, amount, surcharge in rows
            if amount
        ]

    def _prepare_charge(self, contract, amount, surcharge, day):
        inputs = {
            "date": day.isoformat(),
            "principal": str(amount - surcharge),
            "surcharge": str(surcharge),
            "amount": str(amount),
        }
        product = self.env.ref("contract_recurring.product_agreement_instalment")
        return {
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "kind": "instalment",
            "instalment_id": self.id,
            "product_id": product.id,
            "period_start": day,
            "period_end": day,
            "due_date": self.due_date,
            "price_unit": float(amount),
            "currency_id": self.currency_id.id,
            "amount": float(amount),
            "explanation": {"rule": "instalment", "inputs": inputs},
        }
