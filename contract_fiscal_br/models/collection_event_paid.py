from typing import NamedTuple

from odoo import api, models

from odoo.addons.contract_recurring.tools.late_charge import is_late

from ..const import CLOSED_STATES


class Target(NamedTuple):
    """Where the money of a payment goes.

    :param account: `account.account`, of the receivable or the suspense
    :param partner: whose money it is; empty in suspense
    :param lines: open receivable lines it pays
    :param concession: what else of them is settled without money: discount granted,
        cents forgone
    :param outcome: what is known of it beforehand
    """

    account: models.BaseModel
    partner: models.BaseModel
    lines: models.BaseModel
    concession: float = 0.0
    outcome: str = "settled"


class CollectionEvent(models.Model):
    """Payments: each finds its invoice, or a place where somebody looks at it."""

    _inherit = "collection.event"

    # === WHERE THE MONEY GOES ===

    def _get_targets(self):
        """Return {payment: Target}; payments of one invoice are told in order."""
        receivables = self.title_id._get_receivables()
        granted = self._get_granted_concessions()
        late = self._get_late_charges_of_each()
        left = {}
        targets = {}
        for event in self:
            target = event._get_target(receivables)
            move = event.move_id
            if target.lines and target.outcome == "settled":
                still_open = left.get(move, sum(target.lines.mapped("amount_residual")))
                concession = event._get_concession(
                    still_open, granted.get(event, 0.0), late.get(event, 0.0)
                )
                left[move] = max(still_open - event.paid - concession, 0.0)
                target = target._replace(concession=concession)
            targets[event] = target
        return targets

    def _get_target(self, receivables):
        """Return the Target without its concession."""
        self.ensure_one()
        title, move = self.title_id, self.move_id
        lines = receivables.get(title)
        if not title:
            return self._get_suspense_target("unknown_title")
        if title.state in CLOSED_STATES or move.state != "posted" or not lines:
            return self._get_suspense_target("after_cancel")
        still_open = lines.filtered(lambda line: not line.reconciled)
        outcome = "settled"
        if not still_open:
            outcome = "renegotiated" if move.is_renegotiated else "second_payment"
            still_open = self._get_owed_after_agreement()
            outcome = "broken_agreement" if still_open else outcome
        return Target(
            account=lines[0].account_id,
            partner=lines[0].partner_id,
            lines=still_open,
            outcome=outcome,
        )

    def _get_owed_after_agreement(self):
        """Return what is open of the debt whose agreement is not in force any more and
        which this pays an instalment of: it goes where earlier instalments went."""
        self.ensure_one()
        agreement = self.move_id.agreement_instalment_ids.agreement_id
        if agreement.state not in ("broken", "cancelled"):
            return self.env["account.move.line"]
        owed = agreement.sudo()._get_originals()._get_open_receivable()
        accounts = self.move_id.line_ids.account_id
        return owed.filtered(
            lambda line: line.parent_state == "posted" and line.account_id in accounts
        ).sorted("date_maturity")

    def _get_suspense_target(self, outcome):
        return Target(
            account=self.account_id._get_suspense_account(),
            partner=self.env["res.partner"],
            lines=self.env["account.move.line"],
            outcome=outcome,
        )

    # === WHAT IS SETTLED WITHOUT MONEY ===

    def _get_granted_concessions(self):
        """Return {payment: discount that the bank gave and the company had granted}."""
        told = self.filtered(lambda event: event.discount or event.rebate)
        granted = told.title_id._get_granted_discounts()
        concessions = {}
        for event in told:
            given = event.discount + event.rebate
            allowed = sum(
                amount
                for amount, until in granted.get(event.title_id, ())
                if not until or event._get_day() <= until
            )
            concessions[event] = min(given, allowed)
        return concessions

    def _get_late_charges_of_each(self):
        """Return {payment: fine and interest it will be charged with}, where those are
        charged with the payment."""
        late = self.filtered(
            lambda event: (
                event.move_id.contract_charge_ids
                and is_late(event.move_id.invoice_date_due, event._get_day())
            )
        )
        charges = {}
        for day, events in late.grouped(lambda event: event._get_day()).items():
            prepared = events.move_id._prepare_late_charges_of_each(day)
            for event in events:
                if event._is_late_charged_with_payment(prepared):
                    charges[event] = sum(
                        vals["amount"] for vals in prepared[event.move_id]
                    )
        return charges

    def _is_late_charged_with_payment(self, prepared):
        self.ensure_one()
        move = self.move_id
        if move not in prepared:
            return False
        policy = move._get_late_contract()._get_late_charge_policy()
        return policy == "with_payment"

    def _get_concession(self, still_open, granted, late):
        """Return what the payment settles beyond its money.

        Bank and contract round fine and interest apart (a bank rounds those of one
        day first). Who paid what the boleto said owes no cents: up to the account's
        tolerance they are forgone.

        :param still_open: of the invoice, before this payment
        :param granted: discount
        :param late: fine and interest to be charged with this payment
        """
        self.ensure_one()
        currency = self.currency_id
        discount = max(min(granted, still_open - self.paid), 0.0)
        beyond = self.paid + discount - still_open
        missing = late - beyond
        if (
            # a payment after the one that settled the invoice pays no fine of it
            currency.compare_amounts(still_open, 0) > 0
            and currency.compare_amounts(beyond, 0) > 0
            and currency.compare_amounts(missing, 0) > 0
            and currency.compare_amounts(missing, self.account_id.late_tolerance) <= 0
        ):
            discount += missing
        return currency.round(discount)

    # === AFTERWARDS ===

    def _settle_paid(self):
        """Note payments without money; the others were posted with all money."""
        told = self.filtered("paid")
        (self - told)._note_outcome("no_amount")
        told._end_waiting_for_amounts()

    def _end_waiting_for_amounts(self):
        """Take off the list what was told of these payments without an amount."""
        numbers = set(self.mapped("external_id")) - {False, ""}
        if numbers:
            self.search(
                [
                    ("account_id", "in", self.account_id.ids),
                    ("external_id", "in", list(numbers)),
                    ("outcome", "=", "no_amount"),
                ]
            ).needs_look = False

    @api.model
    def _reconcile_payments(self, targets):
        """Let the payments pay the invoices, all in one go."""
        plan = [
            target.lines | event.posted_line_ids.filtered("is_collection_receivable")
            for event, target in targets.items()
            if target.lines
        ]
        if plan:
            self.env["account.move.line"]._reconcile_many(plan)

    def _note_payments(self, targets):
        """Write what became of each payment, as the books tell it."""
        for event, target in targets.items():
            event._note_payment(target)

    def _note_payment(self, target):
        self.ensure_one()
        if not target.partner:
            self._note_outcome(target.outcome, suspense_amount=self.paid)
            return
        lines = self.posted_line_ids.filtered("is_collection_receivable")
        credit = self.currency_id.round(-sum(lines.mapped("amount_residual")))
        applied = self.currency_id.round(self.paid + target.concession - credit)
        self._note_outcome(
            self._get_paid_outcome(target, credit),
            applied_amount=applied,
            credit_amount=credit,
            concession_amount=target.concession,
        )

    def _get_paid_outcome(self, target, credit):
        """Return the outcome, told by what is left of the payment and the invoice."""
        if not target.lines or target.outcome == "broken_agreement":
            return target.outcome
        if self.currency_id.is_zero(credit):
            is_open = any(not line.reconciled for line in target.lines)
            return "partial" if is_open else "settled"
        used = self.paid + target.concession - credit
        if self.currency_id.is_zero(used):
            return "second_payment"
        return "surplus"
