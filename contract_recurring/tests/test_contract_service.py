from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .service_common import ServiceCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractService(ServiceCase):
    """What is overdue restricts, what is paid restores; each with its event."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Two months, 199.80, due on Friday 10/04/2026 and overdue from 11/04 on.
        cls.startClassPatcher(freeze_time("2026-05-04 15:00:00"))
        cls.contract = cls._create_contract(activation=date(2026, 3, 10))
        cls._bill_month(date(2026, 4, 1))
        cls.move = cls.contract.charge_ids.move_id
        cls.today = date(2026, 5, 4)

    # === FACTS AND STATE ===

    def test_activation_gives_service(self):
        self.assertService(self.contract, "full")
        draft = self._create_contract()
        self.assertEqual(draft.service_state, "none")
        self.assertEqual(draft.manual_state, "pre_registration")

    def test_contract_taken_over_has_service(self):
        contract = self._create_contract()
        contract.sudo().billing_origin = date(2026, 4, 10)
        contract._take_over()
        self.assertService(contract, "full")

    def test_block_of_an_overdue_invoice_restricts_with_one_event_and_job(self):
        self._take_step(self.contract, self.move, "block", self.today)
        contract = self.contract.with_context(queue_job__no_delay=False)
        with trap_jobs() as trap:
            changed = contract._refresh_service_state(self.today)
            again = contract._refresh_service_state(self.today)
            trap.assert_jobs_count(1, only=contract._tell_service_state)
            trap.assert_enqueued_job(
                contract._tell_service_state,
                properties={"channel": "root.contract.service"},
            )
        self.assertEqual(changed, self.contract)
        self.assertFalse(again)
        self.assertService(self.contract, "blocked", "automatic", "overdue")
        self.assertEqual(self.contract.service_since, self.today)
        event = self.contract.event_ids.sorted("id")[-1]
        self.assertEqual(event.to_state_label, "Blocked (overdue invoice)")
        self.assertEqual(event.from_state_label, "Full")

    def test_no_automatic_blocking_lifts_what_is_restricted(self):
        self._restrict(self.contract, self.move, self.today)
        self.contract.is_auto_block = False
        self.contract._refresh_service_state(self.today)
        self.assertService(self.contract, "full", False, "no_auto_block")

    def test_steps_that_wait_or_were_undone_do_not_count(self):
        for state in ("held", "undone"):
            self._take_step(self.contract, self.move, "block", self.today, state=state)
        self.contract._refresh_service_state(self.today)
        self.assertService(self.contract, "full")

    def test_due_date_on_a_friday_is_overdue_on_saturday(self):
        self._take_step(self.contract, self.move, "block", date(2026, 4, 1))
        self.contract._refresh_service_state(date(2026, 4, 10))
        self.assertService(self.contract, "full")
        self.contract._refresh_service_state(date(2026, 4, 11))
        self.assertEqual(self.contract.service_state, "blocked")

    def test_due_date_on_a_saturday_tolerates_until_monday(self):
        self.move.invoice_date_due = date(2026, 4, 11)
        self._take_step(self.contract, self.move, "block", date(2026, 4, 1))
        self.contract._refresh_service_state(date(2026, 4, 13))
        self.assertService(self.contract, "full")
        self.contract._refresh_service_state(date(2026, 4, 14))
        self.assertEqual(self.contract.service_state, "blocked")

    def test_a_later_due_date_restores(self):
        self._restrict(self.contract, self.move, self.today)
        self.assertEqual(self.contract.service_state, "blocked")
        self.move.invoice_date_due = date(2026, 5, 20)
        self.assertService(self.contract, "full")

    def test_ladder_of_dunning(self):
        ladder = [self.contract.overdue_state]
        for kind in ("notice", "reduce", "block", "termination_notice"):
            self._take_step(self.contract, self.move, kind, self.today)
            self._prove(self.contract, self.move, kind, self.today)
            self.contract._refresh_service_state(self.today)
            ladder.append(self.contract.overdue_state)
        self.assertEqual(
            ladder[1:], ["noticed", "restricted", "restricted", "terminating"]
        )
        self._pay(self.move)
        self.assertEqual(self.contract.overdue_state, "none")

    def test_time_alone_makes_what_is_due_overdue(self):
        contracts = self.env["contract.contract"]
        contracts._cron_refresh_service_state(date(2026, 4, 10))
        self.assertEqual(self.contract.overdue_state, "due")
        contracts._cron_refresh_service_state(date(2026, 4, 11))
        self.assertEqual(self.contract.overdue_state, "overdue")

    def test_facts_cost_the_same_queries_for_one_and_for_many(self):
        many = self.contract
        for _index in range(9):
            many |= self._create_contract(activation=date(2026, 3, 10))
        many._get_service_facts(self.today)
        counts = []
        for contracts in (self.contract, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contracts._get_service_facts(self.today)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_former_holder_leaves_no_block_behind(self):
        self._restrict(self.contract, self.move, self.today)
        self.contract._change_holder(self._create_customer("João Souza"))
        self.assertService(self.contract, "full")

    def test_eight_states_of_the_manual(self):
        contract = self.contract
        seen = [contract.manual_state]
        self._restrict(contract, self.move, self.today, "reduce")
        seen.append(contract.manual_state)
        self._restrict(contract, self.move, self.today)
        seen.append(contract.manual_state)
        contract._restrict_service("reduced", "asked", self.today)
        seen.append(contract.manual_state)
        contract._restrict_service("blocked", "abuse", self.today)
        seen.append(contract.manual_state)
        contract._change_state("closed", self.today)
        seen.append(contract.manual_state)
        contract._change_state("deactivated", self.today)
        seen.append(contract.manual_state)
        self.assertEqual(
            seen,
            [
                "active",
                "auto_reduced",
                "auto_blocked",
                "manually_reduced",
                "manually_blocked",
                "cancelled",
                "deactivated",
            ],
        )
        found = contract.search([("manual_state", "=", "deactivated")])
        self.assertIn(contract, found)
        self.assertService(contract, "none", False, "not_active")

    def test_who_comes_back_begins_without_the_old_block(self):
        self.contract._restrict_service("blocked", "abuse", self.today)
        self.contract._change_state("closed", self.today)
        self.contract._change_state("active", self.today)
        self.assertService(self.contract, "full")

    def test_suspended_contract_has_no_service_and_its_block_waits(self):
        self.contract._restrict_service("blocked", "abuse", self.today)
        self.contract._change_state("suspended", self.today)
        self.assertService(self.contract, "none", False, "suspended")
        self.contract._change_state("active", self.today)
        self.assertService(self.contract, "blocked", "manual", "manual")

    # === PAYMENT ===

    def test_payment_restores_in_its_transaction_with_one_job(self):
        self._restrict(self.contract, self.move, self.today)
        env = self.env(context={**self.env.context, "queue_job__no_delay": False})
        with trap_jobs() as trap:
            self._pay(self.move.with_env(env))
            trap.assert_jobs_count(1, only=self.contract._tell_service_state)
        self.assertService(self.contract, "full")
        events = self.contract.event_ids.filtered(lambda e: e.kind == "service_state")
        self.assertEqual(len(events), 3)  # activated, blocked, restored

    def test_second_call_of_the_hook_does_nothing(self):
        self._restrict(self.contract, self.move, self.today)
        self._pay(self.move)
        events = self.contract.event_ids
        self.move._invoice_paid_hook()
        self.env["account.move"]._invoice_paid_hook()
        self.contract.invalidate_recordset()
        self.assertEqual(self.contract.event_ids, events)

    def test_payment_of_one_of_two_overdue_invoices_restores_nothing(self):
        self._bill_month(date(2026, 5, 1))
        second = self.contract.charge_ids.move_id - self.move
        day = date(2026, 6, 1)
        with freeze_time("2026-06-01 15:00:00"):
            for move in (self.move, second):
                self._take_step(self.contract, move, "block", day)
            self.contract._refresh_service_state(day)
            self._pay(self.move)
            self.assertService(self.contract, "blocked", "automatic", "overdue")
            self._pay(second)
            self.assertService(self.contract, "full")

    def test_part_of_the_amount_restores_nothing(self):
        self._restrict(self.contract, self.move, self.today)
        self._pay(self.move, amount=199.79)
        self.assertEqual(self.move.payment_state, "partial")
        self.assertEqual(self.contract.service_state, "blocked")

    def test_payment_that_bounced_restricts_again(self):
        self._restrict(self.contract, self.move, self.today)
        self._pay(self.move)
        receivable = self.move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        receivable.remove_move_reconcile()
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assertService(self.contract, "blocked", "automatic", "overdue")

    def test_credit_note_restores(self):
        self._restrict(self.contract, self.move, self.today)
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({"journal_id": self.move.journal_id.id}).modify_moves()
        self.assertEqual(self.move.payment_state, "reversed")
        self.assertService(self.contract, "full")

    def test_cancelled_invoice_restores(self):
        self._restrict(self.contract, self.move, self.today)
        self.move.button_draft()
        self.assertService(self.contract, "full")
        self.move.action_post()
        self.assertEqual(self.contract.service_state, "blocked")
        self.move.button_draft()
        self.move.button_cancel()
        self.assertService(self.contract, "full")

    def test_unified_invoice_restores_each_of_its_contracts(self):
        other = self._create_contract(activation=date(2026, 3, 10))
        self._bill_month(date(2026, 4, 1))
        charge = other.charge_ids.filtered("move_id")[:1]
        lines = self.move.invoice_line_ids
        # as unified billing would: both contracts' charges on one invoice
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE contract_charge SET move_id = %s, move_line_id = %s WHERE id = %s",
            [self.move.id, lines[0].id, charge.id],
        )
        self.env.invalidate_all()
        both = self.contract | other
        for contract in both:
            self._take_step(contract, self.move, "block", self.today)
        both._refresh_service_state(self.today)
        self.assertEqual(both.mapped("service_state"), ["blocked", "blocked"])
        env = self.env(context={**self.env.context, "queue_job__no_delay": False})
        with trap_jobs() as trap:
            self._pay(self.move.with_env(env))
            for contract in both:
                trap.assert_jobs_count(1, only=contract._tell_service_state)
        self.assertEqual(both.mapped("service_state"), ["full", "full"])

    def test_accountant_without_contract_rights_restores_by_a_payment(self):
        accountant = new_test_user(
            self.env, "only_accounts", groups="account.group_account_invoice"
        )
        self._restrict(self.contract, self.move, self.today)
        self.move.with_user(accountant).action_register_payment()
        self.env["account.payment.register"].with_user(accountant).with_context(
            active_model="account.move", active_ids=self.move.ids
        ).create({})._create_payments()
        self.assertService(self.contract, "full")
        self.assertEqual(self.contract.event_ids.sorted("id")[-1].user_id, accountant)

    # === NOTICES ===

    def test_customer_is_told_of_block_and_return_once_if_configured(self):
        self.partner.email = "maria@example.com"
        env = self.env(context={**self.env.context, "queue_job__no_delay": False})
        contract = self.contract.with_env(env)
        with trap_jobs():
            self._restrict(contract, self.move, self.today)
            self.assertFalse(contract._notify_service_state())
            self.company.contract_service_notice_channel = "email"
            contract._tell_service_state()
            told = self.env["contract.notice"].search(
                [("contract_id", "=", contract.id)]
            )
            again = contract._notify_service_state()
            self.assertEqual((told.kind, told), ("restricted", again))
            self.assertEqual(told.move_ids, self.move)
            self._pay(self.move.with_env(env))
            told = contract._notify_service_state()
            self.assertEqual(told.kind, "restored")
            contract._restrict_service("blocked", "abuse", self.today)
            self.assertFalse(contract._notify_service_state())

    # === TIME ===

    def test_bonus_ends_by_time_on_its_own_day(self):
        self._restrict(self.contract, self.move, self.today)
        self.contract._grant_bonus(date(2026, 5, 6), self.today)
        self.assertService(self.contract, "full", False, "bonus")
        self.assertEqual(self.contract.service_until, date(2026, 5, 6))
        contracts = self.env["contract.contract"]
        contracts._cron_refresh_service_state(date(2026, 5, 6))
        self.assertEqual(self.contract.service_state, "full")
        # the cron was stopped for two days
        contracts._cron_refresh_service_state(date(2026, 5, 9))
        self.assertService(self.contract, "blocked", "automatic", "overdue")
        self.assertEqual(self.contract.service_since, date(2026, 5, 7))

    def test_late_evening_in_sao_paulo_is_not_tomorrow(self):
        """23:30 of 06/05 in São Paulo is 02:30 of 07/05 in UTC."""
        self._restrict(self.contract, self.move, self.today)
        self.contract._grant_bonus(date(2026, 5, 6), self.today)
        self.company.partner_id.tz = False
        contracts = self.env["contract.contract"].with_context(tz="UTC")
        with freeze_time("2026-05-07 02:30:00"):
            contracts._cron_refresh_service_state()
            self.assertEqual(self.contract.service_state, "full")
        with freeze_time("2026-05-07 03:00:00"):
            contracts._cron_refresh_service_state()
            self.assertEqual(self.contract.service_state, "blocked")

    def test_cron_puts_right_what_was_left_behind(self):
        self._restrict(self.contract, self.move, self.today)
        self.env.cr.execute(
            "UPDATE contract_dunning_entry SET state = 'undone' WHERE contract_id = %s",
            [self.contract.id],
        )
        self.env.invalidate_all()
        self.env["contract.contract"]._cron_refresh_service_state(self.today)
        self.assertService(self.contract, "full")

    # === BY HAND ===

    def test_manual_block_outlives_the_payment_until_released(self):
        self._restrict(self.contract, self.move, self.today)
        self.contract._restrict_service("blocked", "abuse", self.today)
        self._pay(self.move)
        self.assertService(self.contract, "blocked", "manual", "manual")
        self.assertEqual(self.contract.event_ids.sorted("id")[-1].reason, "abuse")
        self.contract._release_service("talked to her", self.today)
        self.assertService(self.contract, "full")
        self.assertEqual(
            self.contract.event_ids.sorted("id")[-1].reason, "talked to her"
        )

    def test_release_leaves_what_is_overdue(self):
        self._restrict(self.contract, self.move, self.today)
        self.contract._restrict_service("reduced", "asked", self.today)
        self.assertService(self.contract, "reduced", "manual", "manual")
        self.contract._release_service("no longer", self.today)
        self.assertService(self.contract, "blocked", "automatic", "overdue")

    def test_refusals_say_what_to_do(self):
        contract = self.contract
        with self.assertRaisesRegex(UserError, "Say why"):
            contract._restrict_service("blocked", "  ", self.today)
        with self.assertRaisesRegex(UserError, "nothing to release"):
            contract._release_service("mistake", self.today)
        contract._restrict_service("blocked", "abuse", self.today)
        with self.assertRaisesRegex(UserError, "by hand already: abuse"):
            contract._restrict_service("blocked", "again", self.today)
        contract._release_service("mistake", self.today)
        self._restrict(contract, self.move, self.today)
        with self.assertRaisesRegex(UserError, "restored by the payment"):
            contract._release_service("mistake", self.today)
        with self.assertRaisesRegex(UserError, "not active"):
            self._create_contract()._restrict_service("blocked", "abuse", self.today)

    def test_preview_says_what_the_button_does_and_does_nothing(self):
        self._restrict(self.contract, self.move, self.today, "reduce")
        manager = self._create_user("previewer", "group_contract_manager")
        wizard = (
            self.env["contract.restrict"]
            .with_user(manager)
            .with_context(active_id=self.contract.id, queue_job__no_delay=False)
            .create({"level": "blocked", "motive": "other", "reason": "abuse"})
        )
        with trap_jobs() as trap:
            preview = wizard.preview
            trap.assert_jobs_count(0)
        self.assertIn("Reduced (overdue invoice) → Blocked (by hand)", preview)
        self.assertIn("Until somebody releases it.", preview)
        self.assertIn("199.80", preview)
        self.assertService(self.contract, "reduced", "automatic", "overdue")
        self.assertFalse(wizard.obstacle)
        wizard.action_apply()
        self.assertService(self.contract, "blocked", "manual", "manual")
        release = (
            self.env["contract.release"]
            .with_user(manager)
            .with_context(active_id=self.contract.id)
            .create({"reason": "mistake"})
        )
        self.assertIn("→ Reduced (overdue invoice)", release.preview)
        release.action_apply()
        refused = release.create({"reason": "twice", "contract_id": self.contract.id})
        self.assertIn("not by hand", refused.obstacle)

    # === INTRUDERS ===

    def test_operator_restricts_with_the_permission_only(self):
        operator = self._create_user("service_op", "group_contract_operator")
        contract = self.contract.with_user(operator)
        with self.assertRaisesRegex(AccessError, "restrict service"):
            contract._restrict_service("blocked", "spite", self.today)
        with self.assertRaises(AccessError):
            self.env["contract.restrict"].with_user(operator).create(
                {"contract_id": self.contract.id, "reason": "spite"}
            )
        operator.group_ids |= self.env.ref("contract_recurring.group_contract_restrict")
        contract._restrict_service("blocked", "abuse", self.today)
        with self.assertRaises(AccessError):
            contract.write({"service_state": "full"})
        with self.assertRaises(AccessError):
            contract.write({"manual_service_level": False})
        operator.group_ids -= self.env.ref("contract_recurring.group_contract_restrict")
        with self.assertRaises(AccessError):
            contract._release_service("pity", self.today)
        self.assertService(self.contract, "blocked", "manual", "manual")

    def test_reader_restricts_nothing_even_with_the_permission(self):
        reader = self._create_user("service_reader", "group_contract_reader")
        contract = self.contract.with_user(reader)
        with self.assertRaises(AccessError):
            contract._restrict_service("blocked", "spite", self.today)
        reader.group_ids |= self.env.ref("contract_recurring.group_contract_restrict")
        with self.assertRaises(AccessError):
            contract._restrict_service("blocked", "spite", self.today)
        self.assertService(self.contract, "full")

    def test_another_companys_contract_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("service_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        contract = self.contract.with_user(stranger)
        for attempt in (
            lambda: contract._restrict_service("blocked", "spite", self.today),
            lambda: contract._release_service("pity", self.today),
            lambda: contract._trust_unlock(self.today, "staff"),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertService(self.contract, "full")
