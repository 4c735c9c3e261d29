from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .agreement_common import AGREED, AgreementCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestDebtAgreement(AgreementCase):
    """A debt becomes instalments; nothing is revenue twice, nothing is lost."""

    # === MAKING ===

    def test_amounts_and_dates_of_the_plan(self):
        agreement = self._agree()
        self.assertEqual(agreement.principal_amount, 199.80)
        self.assertEqual(agreement.fine_amount, 4.0)
        self.assertEqual(agreement.interest_amount, 2.03)
        self.assertEqual(agreement.total_amount, 205.83)
        # 205,83 ÷ 3 = 68,61
        self.assertEqual(agreement.instalment_ids.mapped("amount"), [68.61] * 3)
        self.assertEqual(
            agreement.instalment_ids.mapped("due_date"),
            [date(2026, 4, 30), date(2026, 5, 30), date(2026, 6, 30)],
        )
        self.assertEqual(agreement.state, "waiting")

    def test_instalments_are_invoices_and_originals_are_cleared(self):
        agreement = self._agree()
        moves = agreement.instalment_ids.move_id
        self.assertEqual(moves.mapped("move_type"), ["out_invoice"] * 3)
        self.assertEqual(set(moves.mapped("payment_state")), {"not_paid"})
        self.assertEqual(moves.mapped("amount_tax"), [0.0] * 3)
        self.assertEqual(moves.contract_charge_ids.contract_id, self.contract)
        self.assertEqual(set(self.originals.mapped("payment_state")), {"paid"})
        self.assertEqual(set(self.originals.mapped("is_renegotiated")), {True})
        self.assertEqual(self.contract._get_open_moves(), moves)
        self.assertLedgerIsInvoiced(self.contract)

    def test_reader_sees_the_contract(self):
        charges = self._agree().instalment_ids.move_id.contract_charge_ids
        reader = self._create_user("agree_reader", "group_contract_reader")
        self.env.invalidate_all()
        labels = charges.with_user(reader).mapped("label")
        self.assertIn("1 of 3", labels[0])

    def test_revenue_is_not_doubled(self):
        income = self.income_account
        before = self._get_all(income)
        agreement = self._agree()
        account = self.company.agreement_account_id
        self.assertEqual(self._get_all(income), before)
        self.assertEqual(self._get_clearing_balance(), 0.0)
        lines = agreement.instalment_ids.move_id.invoice_line_ids
        self.assertEqual(lines.account_id, account)
        self.assertFalse(lines.tax_ids)
        # what Ana owes: her invoices, and fine and interest of 6,03
        self.assertEqual(self._get_balance(self.receivable), 205.83)

    def _get_all(self, account):
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        return sum(lines.mapped("balance"))

    def test_discount_is_taken_off_fine_and_interest(self):
        # half of 2,00; 1,53; 2,00; 0,50, each rounded half up: 1,00 0,77 1,00 0,25
        agreement = self._agree(discount=50)
        self.assertEqual(agreement.discount_amount, 3.01)
        self.assertEqual(agreement.total_amount, 202.82)
        self.assertEqual(
            sum(agreement.origin_ids.filtered("is_surcharge").mapped("amount")), 3.02
        )
        self.assertLedgerIsInvoiced(self.contract)
        texts = self.invoice.late_charge_ids.mapped("explanation_text")
        self.assertTrue(all("less 50% by agreement" in text for text in texts))

    def test_everything_let_off(self):
        agreement = self._agree(discount=100)
        self.assertEqual(agreement.total_amount, 199.80)
        self.assertFalse(agreement.origin_ids.filtered("is_surcharge"))
        self.assertEqual(
            set(self.originals.late_charge_ids.mapped("state")), {"exempt"}
        )
        agreement._break(AGREED)
        self.assertEqual(self.invoice._get_late_charges(AGREED), (2.0, 1.53))

    def test_entry_comes_first(self):
        agreement = self._agree(count=2, entry=50)
        # 205,83 − 50,00 = 155,83 in two
        self.assertEqual(
            agreement.instalment_ids.mapped("amount"), [50.0, 77.92, 77.91]
        )
        self.assertEqual(agreement.instalment_ids[0].due_date, AGREED)
        self.assertIn("Entry", agreement.instalment_ids[0].label)

    def test_due_dates_follow_the_bank_days_of_the_company(self):
        self.company.contract_due_date_rule = "weekdays"
        agreement = self._agree()
        # 30/05/2026 is a Saturday
        self.assertEqual(agreement.instalment_ids[1].due_date, date(2026, 6, 1))
        self.assertEqual(agreement.instalment_ids[2].due_date, date(2026, 6, 30))

    def test_part_paid_before_leaves_the_rest(self):
        self._pay(self.invoice, date(2026, 3, 10), 49.90)
        agreement = self._agree(moves=self.invoice, count=1)
        # 50,00; fine 1,00; 46 days of 50,00 × 1 % ÷ 30 = 0,77
        self.assertEqual(agreement.total_amount, 51.77)

    def test_event_is_written(self):
        agreement = self._agree()
        agreement._break(AGREED, "Customer gave up")
        first, last = self._get_events().sorted("id")
        self.assertIn(agreement.name, first.to_state)
        self.assertIn("3 ×", first.to_state)
        self.assertEqual(last.reason, "Customer gave up")
        self.assertIn("Broken", last.to_state)
        self.assertEqual(last.mrr_change, 0.0)

    def test_debt_of_two_contracts_is_one_invoice_for_each_instalment(self):
        other = self._create_contract(
            activation=date(2026, 4, 10),
            partner=self.contract.partner_id,
            plan=self._create_plan("TV", {self.television: 50.0}),
        )
        self._bill_month(date(2026, 4, 1))
        moves = self.originals | self._find_invoice(other, date(2026, 4, 10))
        agreement = self._agree(moves=moves, count=2)
        self.assertEqual(agreement.contract_ids, self.contract | other)
        # 199,80 + 50,00 + 6,03 + 1,00 + 0,25 = 257,08
        self.assertEqual(agreement.total_amount, 257.08)
        for part in agreement.instalment_ids:
            self.assertEqual(part.move_id.amount_total, 128.54)
            self.assertEqual(
                part.move_id.contract_charge_ids.contract_id, self.contract | other
            )
        agreement._break(AGREED)
        self.assertEqual(self._get_clearing_balance(), 0.0)
        self.assertEqual(set(moves.mapped("payment_state")), {"not_paid"})

    def test_late_instalment_bears_no_interest_on_interest(self):
        agreement = self._agree()
        part = agreement.instalment_ids[0]
        # 6,03 in three: 2,01 of 68,61 are fine and interest already
        self.assertEqual(part.surcharge_amount, 2.01)
        fine, interest = part.move_id._get_late_charges(date(2026, 5, 30))
        # 2 % of 66,60; 30 days of 66,60 × 1 % ÷ 30
        self.assertEqual((fine, interest), (1.33, 0.67))

    # === PAYING ===

    def test_paid_off(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, date(2026, 4, 30))
        self.assertEqual(agreement.state, "running")
        self.assertEqual(agreement.paid_amount, 68.61)
        self._pay_part(agreement, 2, date(2026, 4, 30))
        self._pay_part(agreement, 3, date(2026, 4, 30))
        self.assertEqual(agreement.state, "done")
        self.assertEqual(agreement.open_amount, 0.0)
        self.assertEqual(self._get_balance(self.receivable), 0.0)
        with self.assertRaises(UserError):
            agreement._break(AGREED)

    def test_a_payment_that_bounces_opens_the_agreement_again(self):
        agreement = self._agree(count=1)
        line = self._pay_part(agreement, 1, AGREED)
        self.assertEqual(agreement.state, "done")
        line.remove_move_reconcile()
        self.assertEqual(agreement.state, "waiting")
        self.assertFalse(agreement.ended_on)

    def test_part_of_an_instalment_is_no_first_payment(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED, 10.0)
        self.assertEqual(agreement.state, "waiting")
        self.assertEqual(agreement.paid_amount, 10.0)

    # === SERVICE ===

    def test_first_instalment_restores_the_service(self):
        self._restrict(self.contract, self.invoice, date(2026, 4, 20))
        self.assertEqual(self.contract.service_state, "blocked")
        agreement = self._agree(count=2, entry=50)
        # the signature alone does not (Res. Anatel 765/2023, art. 78)
        self.assertEqual(self.contract.service_state, "blocked")
        self.contract._refresh_service_state(AGREED)
        self.assertEqual(self.contract.service_state, "blocked")
        self.assertEqual(self.contract.overdue_state, "restricted")
        self._pay_part(agreement, 0, AGREED)
        self.assertEqual(self.contract.service_state, "full")

    def test_broken_agreement_blocks_again(self):
        self._restrict(self.contract, self.invoice, date(2026, 4, 20))
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED)
        self.assertEqual(self.contract.service_state, "full")
        agreement._break(AGREED)
        self.assertEqual(self.contract.service_state, "blocked")

    def test_bounced_first_instalment_blocks_again(self):
        self._restrict(self.contract, self.invoice, date(2026, 4, 20))
        agreement = self._agree()
        line = self._pay_part(agreement, 1, AGREED)
        line.remove_move_reconcile()
        self.assertEqual(self.contract.service_state, "blocked")
