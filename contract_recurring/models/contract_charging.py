from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount, format_date

# Periods that may be billed ahead at once.
MAX_PERIODS = 24


class ContractContract(models.Model):
    """Charges by hand: a sale, an amount, periods ahead, a part of a period.

    Each is an entry of the ledger like any other. Operators enter what the
    next invoice bills; who bills may issue an invoice at once.
    """

    _inherit = "contract.contract"

    # === SALE AND AMOUNT ===

    def _charge_sale(self, sale, today, due_date=None, reason=None):
        """Sell a product or service once (*gerar venda*, S004-102).

        :param dict sale: as `_add_service` takes it
        :param due_date: of an invoice of its own; None puts it on the next one
        :return: the invoice, empty where the next one bills it
        """
        self.ensure_one()
        self._check_may_charge(due_date, today)
        self._lock_for_change()
        self._check_in_force()
        self._check_service(sale)
        self._check_product(self.env["product.product"].browse(sale["product_id"]))
        if self.currency_id.is_zero(sale["quantity"] * sale["price_unit"]):
            raise UserError(self.env._("The sale amounts to nothing. Write a price."))
        charge = self._create_one_off(sale, today)
        return self._place_by_hand(charge, today, due_date, reason)

    def _charge_amount(
        self, description, amount, reason, today, product=None, due_date=None
    ):
        """Enter an amount owed, or a credit if negative (*lançamento manual*).

        :return: the invoice, empty where the next one bills it
        """
        self.ensure_one()
        self._check_may_charge(due_date, today)
        self._lock_for_change()
        self._check_in_force()
        self._check_manual(description, amount, reason, due_date)
        product = product or self.env.ref("contract_recurring.product_manual_charge")
        self._check_product(product)
        charge = (
            self.env["contract.charge"]
            .sudo()
            .create(self._prepare_manual(description, amount, reason, today, product))
        )
        return self._place_by_hand(charge, today, due_date, reason)

    def _prepare_manual(self, description, amount, reason, today, product):
        amount = self.currency_id.round(amount)
        return {
            "contract_id": self.id,
            "partner_id": self.partner_id.id,
            "kind": "adjustment",
            "product_id": product.id,
            "description": description.strip(),
            "period_start": today,
            "period_end": today,
            "due_date": self._get_next_due_date(today),
            "price_unit": amount,
            "currency_id": self.currency_id.id,
            "amount": amount,
            "explanation": {
                "rule": "manual",
                "inputs": {"amount": amount, "reason": reason.strip()},
            },
        }

    def _place_by_hand(self, charges, today, due_date, reason):
        """Leave charges to the next invoice, or bill them on one of their own."""
        self.ensure_one()
        charges.sudo().write({"is_by_hand": True, "entered_by_id": self.env.user.id})
        moves = self.env["account.move"]
        if due_date:
            charges.sudo().write({"due_date": due_date, "is_issued_at_once": True})
            moves = self._issue_by_hand(charges, today, together=True)
        for charge in charges:
            self._record_charging(charge, reason)
        return moves

    # === PERIODS AHEAD ===

    def _generate_periods(self, count, today, expected=None):
        """Bill the next periods now (*gerar mensalidade*, S004-103).

        Each is an invoice of its own due date; no run bills them again. What is
        billed together with this contract is so here, too.

        :param expected: due date that the user saw; another one is refused
        :return: the posted invoices
        """
        self.ensure_one()
        self._check_may_issue()
        self._check_active()
        self._check_period_count(count)
        self._lock_billed_together()
        self._check_expected_due_date(expected)
        moves = self.env["account.move"]
        for _number in range(count):
            due_date = self.recurring_next_date
            if due_date:
                moves |= self._issue_until(due_date, today)
        if not moves:
            raise UserError(
                self.env._(
                    "%(contract)s has no period left to bill: it is charged to its "
                    "end, or exempt.",
                    contract=self.display_name,
                )
            )
        return moves

    def _issue_until(self, due_date, today):
        """Enter and bill what is due by a date and not yet billed."""
        self.ensure_one()
        contracts = self._get_billed_together(due_date)
        contracts._check_billable()
        known = contracts._search_pending_charges(due_date)
        charges = contracts.sudo()._enter_due_charges(today, due_date, today)
        (charges - known).write(
            {
                "is_by_hand": True,
                "is_issued_at_once": True,
                "entered_by_id": self.env.user.id,
            }
        )
        moves = self._issue_by_hand(charges, today)
        for contract in contracts:
            own = charges.filtered(lambda c, owner=contract: c.contract_id == owner)
            contract._record_periods(own, due_date)
        return moves

    def _record_periods(self, charges, due_date):
        if charges:
            amount = sum(charges.mapped("amount"))
            self.env["contract.event"]._record(
                self,
                "charging",
                to_state=self.env._(
                    "Billed ahead, due on %(date)s: %(amount)s",
                    date=format_date(self.env, due_date),
                    amount=format_amount(self.env, amount, self.currency_id),
                ),
            )

    # === A PART OF A PERIOD ===

    def _generate_prorata(self, last_day, today, due_date=None, reason=None):
        """Charge what is not charged yet, up to a day (*gerar proporcional*,
        S004-104). The rest of the period is charged when it is due.

        :param due_date: of an invoice of its own; None puts it on the next one
        :return: the invoice, empty where the next one bills it
        """
        self.ensure_one()
        self._check_may_charge(due_date, today)
        self._check_active()
        self._lock_for_change()
        self._check_prorata(last_day)
        charges = self._charge_until(last_day)
        pending = charges.filtered(lambda charge: charge.state == "pending")
        if not pending:
            raise UserError(self.env._("These days are exempt: nothing is charged."))
        first_due = self._get_next_due_date(today)
        for charge in pending.filtered(lambda c: c.due_date < today):
            charge.due_date = first_due
        return self._place_by_hand(pending, today, due_date, reason)

    # === INVOICES ===

    def _issue_by_hand(self, charges, today, together=False):
        """Return the posted invoices of charges, marked as issued by hand.

        A trial drafts them: what posting numbers, sends and asks of banks is not
        wanted, and takes most of the time.
        """
        if not charges:
            return self.env["account.move"]
        self._check_billable()
        writer = self.env["contract.invoice.writer"].sudo()
        if self.env.context.get("is_trial"):
            bill = writer._draft_together if together else writer._draft
        else:
            bill = writer._invoice_together if together else writer._invoice
        moves = bill(charges.sudo(), today)
        moves.is_issued_by_hand = True
        return self.env["account.move"].browse(moves.ids)

    def _get_billed_together(self, due_date):
        """Return the contracts on the invoice of a due date, this one among them."""
        self.ensure_one()
        return self

    def _get_biller(self, due_date):
        """Return whose invoice this is on at a due date: the contract's own."""
        self.ensure_one()
        return self

    def _lock_billed_together(self):
        return self._lock_for_change()

    def _record_charging(self, charge, reason):
        self.env["contract.event"]._record(
            self,
            "charging",
            to_state=self.env._(
                "%(charge)s: %(amount)s",
                charge=charge.label,
                amount=format_amount(self.env, charge.amount, self.currency_id),
            ),
            reason=reason,
        )

    # === CHECKS ===

    def _check_may_issue(self):
        if not self.env.su and not self.env.user.has_group(
            "contract_recurring.group_contract_billing"
        ):
            raise AccessError(
                self.env._(
                    "Only those who bill may issue invoices. Put it on the next "
                    "invoice, or ask them."
                )
            )

    def _check_may_charge(self, due_date, today):
        """Raise unless the user may charge, and issue an invoice if one is due."""
        self.check_access("write")
        if due_date:
            self._check_may_issue()
            if due_date < today:
                raise UserError(
                    self.env._(
                        "The invoice would be due on %(date)s, before today. Choose "
                        "a later day.",
                        date=format_date(self.env, due_date),
                    )
                )

    def _check_in_force(self):
        if self.lifecycle_state not in ("active", "suspended"):
            raise UserError(
                self.env._(
                    "%(contract)s is not in force: activate it before charging.",
                    contract=self.display_name,
                )
            )

    def _check_product(self, product):
        if not product.exists() or product.company_id not in (
            self.env["res.company"],
            self.company_id,
        ):
            raise UserError(
                self.env._(
                    "“%(product)s” belongs to another company. Choose another product.",
                    product=product.sudo().display_name,
                )
            )

    def _check_manual(self, description, amount, reason, due_date):
        if not (description or "").strip():
            raise UserError(self.env._("Say what is charged: the invoice states it."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is charged: it is kept."))
        if self.currency_id.is_zero(amount):
            raise UserError(self.env._("Write an amount other than zero."))
        if amount > 0:
            return
        if due_date:
            raise UserError(
                self.env._("A credit goes on the next invoice. Choose that.")
            )
        if not self.env.su and not self.env.user.has_group(
            "contract_recurring.group_contract_exempt"
        ):
            raise AccessError(
                self.env._("You may not give credits. Ask somebody who may exempt.")
            )

    def _check_period_count(self, count):
        if not 1 <= count <= MAX_PERIODS:
            raise UserError(
                self.env._(
                    "Choose from 1 to %(count)s periods to bill ahead.",
                    count=MAX_PERIODS,
                )
            )

    def _check_expected_due_date(self, expected):
        """Raise where somebody billed meanwhile what the user saw."""
        if expected and self.recurring_next_date != expected:
            raise UserError(
                self.env._(
                    "The period due on %(date)s was billed meanwhile. Close this and "
                    "open it again to see what comes next.",
                    date=format_date(self.env, expected),
                )
            )

    def _check_billable(self):
        for contract, why in self.sudo()._get_billing_obstacles().items():
            raise UserError(
                self.env._(
                    "%(contract)s cannot be billed: %(why)s",
                    contract=contract.display_name,
                    why=why,
                )
            )

    def _check_prorata(self, last_day):
        drafts = [
            draft
            for line in self.contract_line_ids
            if line._is_billable()
            for draft in line._get_charges_until(last_day)
        ]
        if not drafts:
            raise UserError(
                self.env._(
                    "Nothing is left to charge up to %(date)s. Choose a later day.",
                    date=format_date(self.env, last_day),
                )
            )
        if any(draft.is_full for draft in drafts):
            raise UserError(
                self.env._(
                    "Up to %(date)s there is a whole period: choose an earlier day, "
                    "or bill the period ahead.",
                    date=format_date(self.env, last_day),
                )
            )
