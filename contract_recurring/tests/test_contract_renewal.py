from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractRenewal(ContractCase):
    """At a term's end: by itself, by quote or not; no loyalty for consumers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(
            activation=date(2026, 4, 10),
            loyalty_months=12,
            renewal_mode="automatic",
            renewal_months=6,
        )
        cls.contracts = cls.env["contract.contract"]

    def _get_renewals(self):
        return self.contract.event_ids.filtered(lambda e: e.kind == "renewal")

    def test_contract_takes_the_terms_of_its_plan(self):
        plan = self._create_plan(
            "Empresa",
            {self.internet: 199.90},
            renewal_mode="quote",
            renewal_months=24,
            loyalty_penalty_amount=500.0,
            suspension_fee=10.0,
        )
        contract = self._create_contract(plan=plan)
        self.assertEqual(
            (contract.renewal_mode, contract.renewal_months), ("quote", 24)
        )
        self.assertEqual(contract.loyalty_penalty_amount, 500.0)
        self.assertEqual(contract.suspension_fee, 10.0)

    def test_months_are_shown_whatever_renews(self):
        """A quoted renewal without loyalty lasts as long."""
        form = Form(self.contract)
        form.renewal_mode = "quote"
        form.renewal_months = 9
        form.save()
        self.assertEqual(self.contract.renewal_months, 9)

    def test_automatic_renewal_begins_the_day_after(self):
        self.contracts._cron_renew(date(2027, 4, 9))
        self.assertFalse(self._get_renewals())
        self.contracts._cron_renew(date(2027, 4, 10))
        self.contracts._cron_renew(date(2027, 4, 10))
        event = self._get_renewals()
        self.assertEqual(event.effective_date, date(2027, 4, 10))
        self.assertEqual(event.mrr_change, 0.0)
        self.assertEqual(self.contract.term_end_date, date(2027, 10, 9))

    def test_stopped_cron_catches_up(self):
        self.contracts._cron_renew(date(2028, 4, 10))
        days = self._get_renewals().sorted("id").mapped("effective_date")
        self.assertEqual(
            days, [date(2027, 4, 10), date(2027, 10, 10), date(2028, 4, 10)]
        )

    def test_consumer_never_gets_a_new_loyalty_automatically(self):
        self.contract.write({"is_loyalty_renewed": True, "loyalty_penalty_amount": 300})
        self.contracts._cron_renew(date(2027, 4, 10))
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 4, 9))
        self.assertEqual(self.contract._get_loyalty_penalty(date(2027, 5, 1)), 0.0)

    def test_company_may_have_its_loyalty_renewed(self):
        self.partner.is_company = True
        self.contract.write({"is_loyalty_renewed": True, "loyalty_penalty_amount": 300})
        self.contracts._cron_renew(date(2027, 4, 10))
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 10, 9))
        # 6 months from 10/04: one begun by 01/05, 5 of 6 left
        self.assertEqual(self.contract._get_loyalty_penalty(date(2027, 5, 1)), 250.0)

    def test_quote_is_asked_for_once_before_the_end(self):
        seller = self._create_user("seller", "group_contract_operator")
        self.contract.write({"renewal_mode": "quote", "user_id": seller.id})
        self.contracts._cron_renew(date(2027, 3, 9))
        self.assertFalse(self.contract.activity_ids)
        self.contracts._cron_renew(date(2027, 3, 10))
        self.contracts._cron_renew(date(2027, 3, 11))
        activity = self.contract.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, seller)
        self.assertEqual(activity.date_deadline, date(2027, 4, 9))

    def test_no_renewal_and_cancelled_contracts_are_left_alone(self):
        self.contract.renewal_mode = "none"
        self.contracts._cron_renew(date(2027, 4, 10))
        self.contract.renewal_mode = "automatic"
        self.contract._close(
            date(2026, 12, 1),
            self.env.ref("contract_recurring.terminate_reason_price"),
            today=date(2026, 12, 1),
        )
        self.contracts._cron_renew(date(2027, 4, 10))
        self.assertFalse(self._get_renewals())

    def test_impossible_renewals_are_refused(self):
        with self.assertRaisesRegex(UserError, "lasts until 04/09/2027"):
            self.contract._renew(date(2027, 4, 1), 12)
        with self.assertRaisesRegex(UserError, "at least one month"):
            self.contract._renew(date(2027, 4, 10), 0)
        with self.assertRaisesRegex(UserError, "not in force"):
            self._create_contract()._renew(date(2027, 4, 10), 12)

    def test_agreed_renewal_with_loyalty(self):
        self.contract._renew(date(2027, 4, 10), 12, is_loyalty_renewed=True)
        self.assertEqual(self.contract.loyalty_end_date, date(2028, 4, 9))
        self.assertEqual(self.contract.term_end_date, date(2028, 4, 9))

    def test_agreed_renewal_may_come_early_but_not_shorten_the_term(self):
        with self.assertRaisesRegex(UserError, "04/09/2027. Choose more months"):
            self.contract._renew(date(2026, 6, 1), 6, is_agreed=True)
        self.contract._renew(date(2026, 6, 1), 12, is_agreed=True)
        self.assertEqual(self.contract.term_end_date, date(2027, 5, 31))

    def test_consumer_is_bound_for_a_year_at_most(self):
        with self.assertRaisesRegex(UserError, "12 months at most"):
            self.contract._renew(date(2027, 4, 10), 24, is_loyalty_renewed=True)
        self.partner.is_company = True
        self.contract._renew(date(2027, 4, 10), 24, is_loyalty_renewed=True)
        self.assertEqual(self.contract.loyalty_end_date, date(2029, 4, 9))


@tagged("contract_recurring", "post_install", "-at_install")
class TestRenewWizard(ContractCase):
    """Staff renew what was agreed, and see before what it costs.

    Active since 10/04/2026 for 12 months, R$ 99,90; April is billed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.faster = cls._create_plan("Fibra 700", {cls.internet: 129.90})
        cls.contract = cls._create_contract(
            activation=date(2026, 4, 10), loyalty_months=12, renewal_months=6
        )
        cls._bill_month(date(2026, 4, 1))

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-04-20 12:00:00"))

    def _open(self):
        wizard = self.env["contract.renew"].with_context(active_id=self.contract.id)
        return Form(wizard)

    def _get_event(self, kind):
        return self.contract.event_ids.filtered(lambda event: event.kind == kind)

    def test_plain_renewal_follows_the_term(self):
        form = self._open()
        self.assertEqual((form.date, form.months), (date(2027, 4, 10), 6))
        self.assertEqual(form.end_date, date(2027, 10, 9))
        self.assertEqual(form.monthly_price, 99.90)
        form.reason = "By phone"
        form.save().action_apply()
        self.assertEqual(self.contract.renewed_until, date(2027, 10, 9))
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 4, 9))
        event = self._get_event("renewal")
        self.assertEqual((event.reason, event.mrr_change), ("By phone", 0.0))
        self.assertEqual(len(self.contract.contract_line_ids), 1)

    def test_renewal_at_another_price(self):
        """R$ 89,90 from 10/05: May's invoice says so, and the preview said it."""
        form = self._open()
        form.date = date(2026, 5, 10)
        form.months = 12
        form.is_price_new = True
        form.monthly_price = 89.90
        wizard = form.save()
        self.assertEqual((wizard.monthly_before, wizard.monthly_after), (99.9, 89.9))
        self.assertEqual(wizard.next_due_date, date(2026, 5, 10))
        self.assertAlmostEqual(wizard.next_amount, 89.90)
        self.assertFalse(self.contract.renewed_until, "not done yet")
        wizard.action_apply()
        self.assertAlmostEqual(self._get_event("renewal").mrr_change, -10.00)
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.filtered(
            lambda charge: charge.due_date == date(2026, 5, 10)
        )
        self.assertEqual(may.mapped("amount"), [89.90])
        self.assertEqual(self.contract.price_since, date(2026, 5, 10))

    def test_renewal_with_another_plan_at_its_own_price(self):
        """Fibra 700 costs R$ 129,90; agreed are R$ 119,90 and a year of loyalty."""
        form = self._open()
        form.date = date(2026, 5, 10)
        form.months = 12
        form.plan_id = self.faster
        form.is_price_new = True
        self.assertEqual(form.monthly_price, 129.90)
        form.monthly_price = 119.90
        form.is_loyalty_renewed = True
        wizard = form.save()
        self.assertAlmostEqual(wizard.monthly_after, 119.90)
        wizard.action_apply()
        self.assertEqual(self.contract.contract_template_id, self.faster)
        self.assertAlmostEqual(self._get_event("plan").mrr_change, 20.00)
        self.assertEqual(self._get_event("renewal").mrr_change, 0.0)
        self.assertEqual(self.contract.loyalty_end_date, date(2027, 5, 9))
        self.assertEqual(self.contract._get_monthly_amount(date(2026, 5, 10)), 119.90)

    def test_impossible_renewal_says_why(self):
        form = self._open()
        form.date = date(2026, 5, 10)
        self.assertIn("Choose more months", form.obstacle)
        self.assertFalse(form.preview)
        with self.assertRaisesRegex(UserError, "Choose more months"):
            form.save().action_apply()
        form = self._open()
        form.is_price_new = True
        form.monthly_price = -1
        self.assertIn("cannot take this price", form.obstacle)

    def test_readers_do_not_renew(self):
        reader = self._create_user("reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader)._renew(date(2027, 4, 10), 12)
        with self.assertRaises(AccessError):
            self.env["contract.renew"].with_user(reader).create(
                {"contract_id": self.contract.id}
            )
