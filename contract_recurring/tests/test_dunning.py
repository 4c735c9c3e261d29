from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tests.common import freeze_time

from .service_common import ServiceCase

STEPS = [
    {"kind": "reminder", "channel": "email", "reminder_days": "5, 0"},
    {"kind": "notice", "channel": "email", "days": 3},
    {"kind": "reduce", "anchor": "notice", "days": 15},
    {"kind": "block", "anchor": "notice", "days": 20},
    {"kind": "termination_notice", "channel": "email", "anchor": "block", "days": 30},
    {"kind": "credit_bureau", "anchor": "block", "days": 45},
    {"kind": "cancel", "anchor": "block", "days": 60},
]


class DunningCase(ServiceCase):
    """A company whose customers are told by e-mail and do not pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("contract_recurring.terminate_reason_unpaid")
        cls.policy = cls._create_policy(STEPS)
        cls.company.dunning_policy_id = cls.policy
        cls.company.email = "cobranca@provedor.example"
        cls.partner.email = "maria@cliente.example"
        cls.contract = cls._create_contract(activation=date(2026, 2, 1))
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id.filtered(
            lambda move: move.invoice_date_due == date(2026, 3, 10)
        )

    @classmethod
    def _create_policy(cls, steps, **values):
        return cls.env["contract.dunning.policy"].create(
            {
                "name": "Test",
                "terminate_reason_id": cls.reason.id,
                "step_ids": [
                    Command.create({"sequence": number, **step})
                    for number, step in enumerate(steps)
                ],
                **values,
            }
        )

    def _dun(self, day):
        """Take the steps of a day, notices handed over and proven."""
        with freeze_time(f"{day} 12:00:00"):
            self.env["contract.dunning.run"]._cron_start_daily(today=day)
            notices = self.env["contract.notice"].search([("state", "=", "pending")])
            notices.sudo().write({"state": "sent", "noticed_on": day})

    def _dun_until(self, first, last):
        day = first
        while day <= last:
            self._dun(day)
            day += timedelta(1)

    def _get_taken(self, contract=None):
        """Return [(day, step)] of the steps done, in their order."""
        entries = (contract or self.contract).dunning_entry_ids.sorted("id")
        return [
            (entry.date.isoformat(), entry.kind)
            for entry in entries
            if entry.state == "done"
        ]


@tagged("post_install", "-at_install")
class TestDunning(DunningCase):
    def test_debt_nobody_pays_goes_down_the_ladder(self):
        """Due 10/03, noticed 13/03; +15 = 28/03, +20 = 02/04; from the block
        +30 = 02/05, +45 = 17/05, +60 = 01/06."""
        self._dun_until(date(2026, 3, 4), date(2026, 6, 2))
        self.assertEqual(
            self._get_taken(),
            [
                ("2026-03-05", "reminder"),
                ("2026-03-10", "reminder"),
                ("2026-03-13", "notice"),
                ("2026-03-28", "reduce"),
                ("2026-04-02", "block"),
                ("2026-05-02", "termination_notice"),
                ("2026-05-17", "credit_bureau"),
                ("2026-06-01", "cancel"),
            ],
        )
        self.assertEqual(self.contract.lifecycle_state, "closed")
        self.assertEqual(self.contract.terminate_reason_id, self.reason)
        states = [
            (event.effective_date.isoformat(), event.to_state)
            for event in self.contract.event_ids.sorted("id")
            if event.kind == "service_state" and event.effective_date.month > 2
        ]
        self.assertIn(("2026-03-28", "reduced"), states)
        self.assertIn(("2026-04-02", "blocked"), states)

    def test_run_twice_on_one_day_is_one_run(self):
        self._dun(date(2026, 3, 13))
        self._dun(date(2026, 3, 13))
        runs = self.env["contract.dunning.run"].search([("date", "=", "2026-03-13")])
        self.assertEqual(len(runs), 1)
        with freeze_time("2026-03-13 12:00:00"):
            runs.action_start()
        self.assertEqual(self._get_taken(), [("2026-03-13", "notice")])
        self.assertEqual(len(self.move.dunning_entry_ids.notice_id), 1)

    def test_days_without_a_run_are_caught_up(self):
        self._dun(date(2026, 3, 20))
        self.assertEqual(self._get_taken(), [("2026-03-20", "notice")])
        self._dun(date(2026, 4, 30))
        self.assertEqual(
            self._get_taken()[1:], [("2026-04-30", "reduce"), ("2026-04-30", "block")]
        )

    def test_block_without_proof_is_held_once_and_taken_when_proven(self):
        with freeze_time("2026-03-13 12:00:00"):
            self.env["contract.dunning.run"]._cron_start_daily(date(2026, 3, 13))
        notice = self.move.dunning_entry_ids.notice_id
        self.assertFalse(notice.noticed_on)
        for day in (date(2026, 4, 2), date(2026, 4, 3)):
            with freeze_time(f"{day} 12:00:00"):
                self.env["contract.dunning.run"]._cron_start_daily(day)
        held = self.move.dunning_entry_ids.filtered(lambda e: e.state == "held")
        self.assertEqual(
            [(e.kind, e.hold) for e in held.sorted("id")],
            [("reduce", "no_notice"), ("block", "no_notice")],
        )
        self.assertEqual(self.contract.service_state, "full")
        notice.sudo().write({"state": "sent", "noticed_on": date(2026, 4, 3)})
        self._dun(date(2026, 4, 22))
        self.assertEqual(self._get_taken()[-1], ("2026-04-22", "reduce"))
        self._dun(date(2026, 4, 23))
        self.assertEqual(self._get_taken()[-1], ("2026-04-23", "block"))
        self.assertEqual(self.contract.service_state, "blocked")
        self.assertFalse(held.filtered("hold"))

    def test_payment_ends_it_all(self):
        self._dun_until(date(2026, 3, 13), date(2026, 4, 2))
        self.assertEqual(self.contract.service_state, "blocked")
        with freeze_time("2026-04-03 12:00:00"):
            self._pay(self.move, payment_date="2026-04-03")
        self.assertEqual(self.contract.service_state, "full")
        self._dun(date(2026, 6, 10))
        self.assertEqual(self._get_taken()[-1], ("2026-04-02", "block"))

    def test_payment_in_time_that_was_imported_late_undoes_the_steps(self):
        self._dun_until(date(2026, 3, 13), date(2026, 4, 2))
        with freeze_time("2026-04-03 12:00:00"):
            self._pay(self.move, payment_date="2026-03-10")
        entries = self.move.dunning_entry_ids.filtered(lambda e: e.kind != "reminder")
        self.assertEqual(set(entries.mapped("state")), {"undone"})
        self.assertIn("10/03/2026", entries[0].message)
        self.assertEqual(self.contract.service_state, "full")

    def test_paid_debt_leaves_the_credit_bureau_within_five_bank_days(self):
        self._dun(date(2026, 3, 13))
        self._dun(date(2026, 4, 2))
        self._dun(date(2026, 5, 20))
        self._dun(date(2026, 5, 21))
        listing = self.env["contract.credit.listing"].search(
            [("contract_id", "=", self.contract.id)]
        )
        self.assertEqual((listing.state, listing.amount), ("to_list", 228.80))
        listing.action_note_listed()
        with self.assertRaisesRegex(UserError, "Choose those"):
            listing.action_note_removed()
        # Friday 22/05/2026; five bank days later is Friday 29/05
        with freeze_time("2026-05-22 12:00:00"):
            self._pay(self.move, payment_date="2026-05-22")
        self.assertEqual(
            (listing.state, listing.remove_until), ("to_remove", date(2026, 5, 29))
        )

    def test_nearest_policy_and_days_win(self):
        slow = self._create_policy(
            [{"kind": "notice", "channel": "email", "days": 30}], name="Slow"
        )
        self.plan.dunning_policy_id = slow
        self._dun(date(2026, 3, 13))
        self.assertEqual(self._get_taken(), [])
        self.contract.dunning_policy_id = self.policy
        self.contract.email_notice_days = "8"
        self._dun(date(2026, 3, 14))
        self.assertEqual(self._get_taken(), [("2026-03-14", "notice")])

    def test_own_days_replace_the_policy_s(self):
        self.contract.email_notice_days = "8"
        self._dun_until(date(2026, 3, 1), date(2026, 3, 11))
        self.assertEqual(self._get_taken(), [("2026-03-02", "reminder")])
        self.assertEqual(self.move.dunning_entry_ids.offset_days, 8)

    def test_reminders_switched_off(self):
        self.contract.is_due_notice_enabled = "no"
        self._dun_until(date(2026, 3, 4), date(2026, 3, 13))
        self.assertEqual(self._get_taken(), [("2026-03-13", "notice")])

    def test_contract_that_is_never_blocked(self):
        self.contract.is_auto_block = False
        self._dun_until(date(2026, 3, 13), date(2026, 4, 10))
        self.assertEqual(self._get_taken(), [("2026-03-13", "notice")])

    def test_customer_without_address_is_listed_and_never_blocked(self):
        self.partner.email = False
        self._dun(date(2026, 3, 13))
        notice = self.move.dunning_entry_ids.notice_id
        self.assertEqual(notice.state, "skipped")

    def test_queries_do_not_grow_with_contracts(self):
        contracts = self.env["contract.contract"].union(
            *(
                self._create_contract(
                    activation=date(2026, 2, 1),
                    partner=self._create_customer(f"C{number}"),
                )
                for number in range(12)
            )
        )
        self._bill_month(date(2026, 3, 1))
        self.env.flush_all()
        day = date(2026, 3, 13)
        counts = []
        for some in (contracts[:2], contracts):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            due = list(self.env["contract.contract"]._get_due_steps(day, ids=some.ids))
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len({debt.contract_id for debt, _s in due}), len(some))
        self.assertEqual(counts[0], counts[1])

    def test_debts_alike_get_what_each_gets_alone(self):
        contracts = self.contract.union(
            *(
                self._create_contract(
                    activation=date(2026, 2, 1),
                    partner=self._create_customer(f"D{number}"),
                )
                for number in range(4)
            )
        )
        self._bill_month(date(2026, 3, 1))
        contracts[1].is_auto_block = False
        contracts[2].email_notice_days = "2"
        self._dun(date(2026, 3, 13))
        found = set()
        for day in (date(2026, 3, 6), date(2026, 3, 20), date(2026, 4, 2)):
            together = list(contracts._get_due_steps(day, ids=contracts.ids))
            alone = [
                pair
                for contract in contracts
                for pair in contract._get_due_steps(day, ids=contract.ids)
            ]
            self.assertEqual(together, alone)
            found |= {debt.contract_id for debt, _steps in together}
        self.assertEqual(found, set(contracts.ids))


@tagged("post_install", "-at_install")
class TestDunningPolicy(DunningCase):
    def test_steps_below_the_law_are_refused(self):
        notice = {"kind": "notice", "channel": "email", "days": 1}
        with self.assertRaisesRegex(ValidationError, "art. 70"):
            self._create_policy([{"kind": "block", "anchor": "due", "days": 30}])
        with self.assertRaisesRegex(ValidationError, "too early"):
            self._create_policy(
                [notice, {"kind": "block", "anchor": "notice", "days": 14}]
            )
        with self.assertRaisesRegex(ValidationError, "Termination notice"):
            self._create_policy(
                [
                    notice,
                    {"kind": "block", "anchor": "notice", "days": 15},
                    {"kind": "cancel", "anchor": "block", "days": 60},
                ]
            )

    def test_days_that_are_no_days_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "is no day"):
            self.contract.email_notice_days = "5,,x"
        with self.assertRaisesRegex(ValidationError, "Enter the days"):
            self._create_policy([{"kind": "reminder", "channel": "email"}])

    def test_step_that_was_taken_stays(self):
        self._dun(date(2026, 3, 13))
        with self.assertRaisesRegex(ValidationError, "make a copy"):
            self.policy.step_ids.filtered(lambda s: s.kind == "notice").unlink()

    def test_timeline_is_shown_while_the_policy_is_written(self):
        with Form(self.policy) as form:
            form.preview_due_date = date(2026, 3, 10)
            self.assertIn("04/02/2026", form.preview)

    def test_standard_policy_keeps_the_law(self):
        policy = self.env.ref("contract_recurring.dunning_policy_standard")
        policy._check_steps()
        self.assertEqual(policy._get_timeline(date(2026, 3, 10))[-1][1], "cancel")

    def test_entry_is_evidence(self):
        self._dun(date(2026, 3, 13))
        with self.assertRaises(UserError):
            self.contract.dunning_entry_ids.unlink()

    def test_strangers_change_nothing(self):
        reader = self._create_user("dunning_reader", "group_contract_reader")
        billing = self._create_user("dunning_billing", "group_contract_billing")
        run = self.env["contract.dunning.run"].create({"date": date(2026, 3, 13)})
        with self.assertRaises(AccessError):
            self.policy.with_user(billing).name = "Mine"
        with self.assertRaises(AccessError):
            run.with_user(reader).date = date(2026, 3, 14)
        with self.assertRaises(UserError):
            run.with_user(reader).action_start()
        with self.assertRaises(AccessError):
            run.with_user(billing).state = "done"
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["contract.dunning.policy"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        self.assertNotIn(
            foreign, self.env["contract.dunning.policy"].with_user(billing).search([])
        )
