from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BilledContractCase

TODAY = date(2026, 4, 20)


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractExemption(BilledContractCase):
    """Exemption (*isentar*, S004-37): not charged, or given back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.april = cls.contract._get_related_invoices()

    def _get_charges(self, state):
        return self.contract.charge_ids.filtered(
            lambda charge: charge.state == state
        ).sorted("period_start")

    def test_a_whole_period_is_never_invoiced(self):
        self.contract._exempt(date(2026, 5, 10), date(2026, 6, 9), TODAY)
        self.assertEqual(self._bill(5), 0.0)
        exempt = self._get_charges("exempt")
        self.assertEqual((exempt.amount, exempt.kind), (0.0, "recurring"))
        self.assertIn("99.90", exempt.explanation_text)
        self.assertFalse(exempt.move_id)
        self.assertEqual(self._bill(5), 0.0, "a second run finds nothing")
        self.assertEqual(self._bill(6), 99.90)

    def test_a_part_of_a_period_is_left_out(self):
        """20/05 to 09/06 exempt: 10 of 31 days are charged, 32.23."""
        self.contract._exempt(date(2026, 5, 20), date(2026, 6, 9), TODAY)
        self.assertEqual(self._bill(5), 32.23)
        self.assertIn("67.67", self._get_charges("exempt").explanation_text)
        self.assertEqual(self._bill(6), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_what_waits_for_an_invoice_becomes_exempt(self):
        drafts = self.contract._prepare_charges(date(2026, 5, 1), date(2026, 5, 31))
        self.contract._create_charges(drafts[self.contract])
        self.contract._exempt(date(2026, 5, 20), date(2026, 6, 9), TODAY)
        self.assertEqual(self._get_charges("cancelled").amount, 99.90)
        self.assertEqual(self._get_charges("pending").amount, 32.23)
        self.assertEqual(self._bill(5), 32.23)

    def test_an_open_invoice_is_credited(self):
        """20/04 to 09/05 of what April billed: 20 of 30 days, 66.60."""
        note = self.contract._exempt(TODAY, date(2026, 5, 9), TODAY)
        self.assertEqual((note.move_type, note.state), ("out_refund", "posted"))
        self.assertAlmostEqual(note.amount_untaxed, 66.60)
        self.assertAlmostEqual(self.april.amount_residual, 33.30)
        self.assertIn(
            "20 of 30 days",
            self.contract.charge_ids.filtered(
                lambda charge: charge.kind == "exemption"
            ).explanation_text,
        )
        self.assertEqual(self._bill(5), 99.90)
        self.assertLedgerIsInvoiced(self.contract)

    def test_an_open_invoice_of_exempt_days_alone_is_settled(self):
        self.contract._exempt(date(2026, 4, 10), date(2026, 5, 9), TODAY)
        self.assertAlmostEqual(self.april.amount_residual, 0.0)
        self.assertNotIn(self.april.payment_state, ("not_paid", "partial"))

    def test_what_is_paid_comes_back_with_the_next_invoice(self):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.april.ids
        ).create({"payment_date": date(2026, 4, 10)})._create_payments()
        self.assertFalse(self.contract._exempt(TODAY, date(2026, 5, 9), TODAY))
        self.assertEqual(self._bill(5), 33.30)

    def test_a_plan_change_in_exempt_days_gives_them_back_once(self):
        """April's 20 exempt days are not given back again, nor May charged."""
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._exempt(TODAY, date(2026, 6, 9), TODAY)
        self.contract._change_plan(faster, date(2026, 4, 25))
        self.assertFalse(
            self.contract.charge_ids.filtered(lambda charge: charge.kind == "credit")
        )
        self.assertEqual(self._bill(5), 0.0)
        self.assertEqual(self._bill(6), 129.90)

    def test_exempt_days_already_charged_follow_a_plan_change(self):
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._exempt(date(2026, 5, 10), date(2026, 6, 9), TODAY)
        self._bill(5)
        self.contract._change_plan(faster, date(2026, 5, 20))
        self.assertEqual(self._bill(6), 129.90)
        live = self._get_charges("exempt")
        self.assertEqual(
            live.mapped("period_end"), [date(2026, 5, 19), date(2026, 6, 9)]
        )

    def test_only_who_may_exempts(self):
        operator = self._create_user("clerk", "group_contract_operator")
        contract = self.contract.with_user(operator)
        with self.assertRaises(AccessError):
            contract._exempt(TODAY, TODAY, TODAY)
        with self.assertRaises(AccessError):
            self.env["contract.exempt"].with_user(operator).create(
                {"contract_id": self.contract.id}
            )
        operator.group_ids += self.env.ref("contract_recurring.group_contract_exempt")
        wizard = (
            self.env["contract.exempt"]
            .with_user(operator)
            .create(
                {
                    "contract_id": self.contract.id,
                    "date": TODAY,
                    "date_to": date(2026, 5, 9),
                    "reason": "flood",
                }
            )
        )
        self.assertAlmostEqual(wizard.credit_amount, 66.60)
        wizard.action_apply()
        event = self.contract.event_ids[0]
        self.assertEqual((event.kind, event.user_id), ("exemption", operator))
        self.assertEqual(self.contract.exemption_ids.reason, "flood")

    def test_impossible_exemptions_are_refused(self):
        self.contract._exempt(date(2026, 5, 10), date(2026, 6, 9), TODAY)
        for start, end in (
            (date(2026, 6, 9), date(2026, 6, 30)),
            (date(2026, 7, 10), date(2026, 7, 9)),
        ):
            with self.assertRaises(UserError):
                self.contract._exempt(start, end, TODAY)
        self.assertEqual(len(self.contract.exemption_ids), 1)
