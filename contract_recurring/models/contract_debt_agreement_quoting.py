from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..const import LATE_KINDS, OPEN_PAYMENT_STATES
from ..tools.instalments import MAX_INSTALMENTS, BadPlan, plan
from ..tools.proration import round_money

GROUP_MANAGER = "contract_recurring.group_contract_manager"


class Quote(NamedTuple):
    """What an agreement about invoices would be; Decimal, fine and interest gross.

    ``late_values`` are the values of the charges for fine and interest, net of
    the discount; ``instalments`` those of `tools/instalments.py`.
    """

    principal: Decimal
    fine: Decimal
    interest: Decimal
    discount: Decimal
    late_values: list
    instalments: list

    @property
    def surcharge(self):
        return self.fine + self.interest - self.discount

    @property
    def total(self):
        return self.principal + self.surcharge


class ContractDebtAgreement(models.Model):
    """What an agreement costs: one calculation for the preview and the doing."""

    _inherit = "contract.debt.agreement"

    @api.model
    def _quote(self, moves, terms, day):
        """Return the `Quote` of an agreement about open invoices on a day.

        :param Terms terms: see `tools/instalments.py`
        :raise UserError: what no agreement can be made of, and what to do
        """
        moves = moves.sudo()
        self._check_debt(moves)
        unit = Decimal(str(moves.currency_id.rounding))
        late_values, gross = [], {kind: Decimal(0) for kind in LATE_KINDS}
        discount = Decimal(0)
        for values_of_move in moves._prepare_late_charges_of_each(day).values():
            for values in values_of_move:
                amount = Decimal(str(values["amount"]))
                net = self._get_discounted(amount, terms, unit)
                gross[values["kind"]] += amount
                discount += amount - net
                late_values.append(self._discount_late(values, net, terms))
        quote = Quote(
            principal=self._sum_residuals(moves, unit),
            fine=gross["fine"],
            interest=gross["interest"],
            discount=discount,
            late_values=late_values,
            instalments=[],
        )
        return quote._replace(instalments=self._plan(quote, terms, day, moves, unit))

    @api.model
    def _plan(self, quote, terms, day, moves, unit):
        mover = moves.company_id._get_due_date_mover()
        try:
            return plan(quote.total, quote.surcharge, terms, day, mover, unit)
        except BadPlan as error:
            raise UserError(self._explain_bad_plan(error.code)) from error

    @api.model
    def _sum_residuals(self, moves, unit):
        return sum(
            (round_money(Decimal(str(move.amount_residual)), unit) for move in moves),
            Decimal(0),
        )

    @api.model
    def _get_discounted(self, amount, terms, unit):
        return round_money(amount * (100 - terms.discount_percent) / 100, unit)

    @api.model
    def _discount_late(self, values, net, terms):
        """Return the values of a charge with the discount of the agreement."""
        if not terms.discount_percent or values.get("state") == "exempt":
            return values
        explanation = values["explanation"]
        inputs = explanation["inputs"] | {
            "agreement_discount": str(terms.discount_percent),
            "agreed": str(net),
        }
        discounted = values | {
            "amount": float(net),
            "price_unit": float(net),
            "explanation": {**explanation, "inputs": inputs},
        }
        # nothing is left to bill: it stands in the ledger as let off
        return discounted | ({} if net else {"state": "exempt"})

    # === WHAT NO AGREEMENT CAN BE MADE OF ===

    @api.model
    def _check_debt(self, moves):
        """Raise unless the invoices are one debt that may be renegotiated."""
        if not moves:
            raise UserError(
                self.env._(
                    "Nothing is overdue. Choose all open invoices to renegotiate what "
                    "is not due yet."
                )
            )
        for move in moves:
            self._check_invoice(move)
        self._check_in_one(
            moves.partner_id.commercial_partner_id,
            self.env._("These invoices are of several customers. Choose those of one."),
        )
        self._check_in_one(
            moves.company_id,
            self.env._("These invoices are of several companies. Choose those of one."),
        )
        if moves.currency_id != moves.company_id.currency_id:
            raise UserError(
                self.env._(
                    "Agreements are made in %(currency)s. Leave out the invoices in "
                    "another currency.",
                    currency=moves.company_id.currency_id.name,
                )
            )

    @api.model
    def _check_in_one(self, records, refusal):
        if len(records) > 1:
            raise UserError(refusal)

    @api.model
    def _check_invoice(self, move):
        name = move.display_name
        is_bill = move.move_type == "out_invoice" and move.contract_charge_ids
        if not is_bill or move.state != "posted":
            raise UserError(
                self.env._(
                    "%(invoice)s is no posted invoice of a contract.", invoice=name
                )
            )
        agreement = move._get_live_agreement()
        if agreement:
            raise UserError(
                self.env._(
                    "%(invoice)s belongs to the agreement %(agreement)s. Break or "
                    "replace that agreement first.",
                    invoice=name,
                    agreement=agreement.name,
                )
            )
        if move.payment_state not in OPEN_PAYMENT_STATES:
            raise UserError(
                self.env._(
                    "%(invoice)s is not open any more: it was paid meanwhile. Leave it "
                    "out.",
                    invoice=name,
                )
            )

    @api.model
    def _check_may_renegotiate(self):
        group = "contract_recurring.group_contract_renegotiate"
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._("You may not renegotiate debts. Ask somebody who may.")
            )

    @api.model
    def _check_discount(self, company, percent):
        """Raise if the user may not give so much discount."""
        most = company.agreement_max_discount_percent
        if percent <= most or self.env.su or self.env.user.has_group(GROUP_MANAGER):
            return
        raise AccessError(
            self.env._(
                "A discount of more than %(most)s %% on fine and interest needs a "
                "manager.",
                most=f"{most:g}",
            )
        )

    @api.model
    def _explain_bad_plan(self, code):
        """Return a refusal of `tools/instalments.py` in words."""
        words = {
            "no_debt": self.env._("There is no debt left to renegotiate."),
            "no_instalments": self.env._("Choose at least one instalment."),
            "too_many": self.env._(
                "At most %(most)s instalments are possible.", most=MAX_INSTALMENTS
            ),
            "no_interval": self.env._(
                "There is at least one month between two instalments."
            ),
            "bad_discount": self.env._("A discount lies between 0 and 100 percent."),
            "bad_entry": self.env._(
                "An entry is an amount above zero and has a due date."
            ),
            "entry_too_large": self.env._(
                "The entry is as large as the debt or larger. Receive a payment "
                "instead, or choose a smaller entry."
            ),
            "past_entry": self.env._(
                "The entry would be due in the past. Choose today or later."
            ),
            "past_due_date": self.env._(
                "The first instalment would be due in the past. Choose today or later."
            ),
            "entry_after_first": self.env._(
                "The entry would be due after the first instalment."
            ),
            "too_small": self.env._(
                "The debt is too small for so many instalments. Choose fewer."
            ),
        }
        return words[code]
