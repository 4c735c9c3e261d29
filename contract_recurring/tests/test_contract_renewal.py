from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

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
