from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .test_receivable import ReceivableCase


class HealthCase(ReceivableCase):
    """The shipped rules, seen on the day before anything is overdue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["contract.health.rule"]
        cls.red = cls.env.ref("contract_recurring.health_rule_red")
        cls.yellow = cls.env.ref("contract_recurring.health_rule_yellow")

    def _refresh(self, contract=None):
        return (contract or self.contract)._refresh_health()

    def _add_rule(self, **values):
        return self.rules.create(
            {
                "name": "Test",
                "sequence": 1,
                "health": "red",
                "domain": '[("overdue_invoice_count", ">=", 1)]',
                **values,
            }
        )


@tagged("contract_recurring", "post_install", "-at_install")
class TestHealth(HealthCase):
    """Green, yellow, red by conditions that are data (S002-58 … 62)."""

    def test_one_overdue_is_yellow_two_are_red_paid_is_green(self):
        self._bill_month(date(2026, 4, 1))
        for day, health, rule in (
            ("2026-03-10", "green", self.rules),
            ("2026-03-11", "yellow", self.yellow),
            ("2026-04-10", "yellow", self.yellow),
            ("2026-04-11", "red", self.red),
        ):
            with self.subTest(day=day), freeze_time(f"{day} 15:00:00"):
                self._refresh()
                self.assertEqual(self.contract.health, health)
                self.assertEqual(self.contract.health_rule_id, rule)
        with freeze_time("2026-04-13 15:00:00"):
            self._pay(self.contract.charge_ids.move_id)
            self.assertEqual(self.contract.health, "green")
            self.assertEqual(self.contract.health_since, date(2026, 4, 13))

    def test_a_block_makes_it_red_at_once(self):
        self._refresh()
        self.assertEqual(self.contract.health, "yellow")
        self._restrict(self.contract, self.move, date(2026, 3, 20))
        self.assertEqual(self.contract.health, "red")

    def test_jobs_of_many_contracts_leave_one_environment(self):
        other = self._create_contract(date(2026, 2, 1))
        with trap_jobs() as trap:
            (self.contract | other)._change_state("suspended", date(2026, 3, 20))
            jobs = [
                job
                for job in trap.enqueued_jobs
                if job.method_name == "_refresh_health"
            ]
        self.assertEqual(len(jobs), 2)
        self.assertEqual(len({job.recordset.env for job in jobs}), 1)

    def test_a_contract_not_in_force_has_no_health(self):
        self._refresh()
        self.contract._close(
            date(2026, 3, 20),
            self.env.ref("contract_recurring.terminate_reason_unpaid"),
            "Three invoices",
        )
        self._refresh()
        self.assertFalse(self.contract.health)

    def test_the_first_rule_that_fits_decides(self):
        rule = self._add_rule(health="green")
        self._refresh()
        self.assertEqual(self.contract.health_rule_id, rule)
        rule.active = False
        self._refresh()
        self.assertEqual(self.contract.health_rule_id, self.yellow)

    def test_the_cron_follows_what_time_changes(self):
        with freeze_time("2026-03-10 15:00:00"):
            self._refresh()
        self.assertEqual(self.contract.health, "green")
        self.env["contract.contract"]._cron_refresh_health()
        self.assertEqual(self.contract.health, "yellow")

    def test_rules_of_another_company_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other Provider"})
        self._add_rule(company_id=other.id)
        self._refresh()
        self.assertEqual(self.contract.health_rule_id, self.yellow)

    def test_queries_do_not_grow_with_the_contracts(self):
        contracts = self.contract | self._add_contracts(2)
        self._refresh(contracts)
        few = self._count_queries(contracts)
        contracts |= self._add_contracts(6)
        self._refresh(contracts)
        self.assertLessEqual(self._count_queries(contracts), few)

    def _count_queries(self, contracts):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        contracts._refresh_health()
        return self.env.cr.sql_log_count - before

    # === WHAT A RULE DOES ===

    def test_an_activity_is_scheduled_once(self):
        clerk = self._create_user("clerk_h", "group_contract_billing")
        self.company.contract_alert_user_id = clerk
        kind = self.env.ref("contract_recurring.activity_health")
        self._add_rule(action="activity", activity_type_id=kind.id)
        self.contract.user_id = False
        self._refresh()
        self._refresh()
        activity = self.contract.activity_ids
        self.assertEqual(activity.activity_type_id, kind)
        self.assertEqual(activity.user_id, clerk)

    def test_a_tag_comes_and_goes_with_the_rule(self):
        tag = self.env["contract.tag"].create({"name": "At risk"})
        self._add_rule(action="tag", tag_id=tag.id)
        self._refresh()
        self.assertIn(tag, self.contract.tag_ids)
        self._pay(self.move)
        self._refresh()
        self.assertNotIn(tag, self.contract.tag_ids)

    def test_a_notice_is_sent_when_it_comes_under_the_rule(self):
        self.partner.email = "maria@example.com"
        text = self.env["contract.notice.template"].create(
            {
                "name": "Podemos ajudar?",
                "kind": "stage",
                "subject": "Podemos ajudar?",
                "body": "<p>Fale conosco.</p>",
            }
        )
        self._add_rule(action="notice", template_id=text.id)
        self._refresh()
        self._refresh()
        notices = self.env["contract.notice"].search([("template_id", "=", text.id)])
        self.assertEqual(notices.contract_id, self.contract)
        self.assertEqual(len(notices), 1)

    # === BAD INPUT, RIGHTS ===

    def test_a_condition_that_cannot_be_read_is_refused(self):
        for domain in ("[('nothing', '=', 1)]", "[(", "__import__('os')", "5"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._add_rule(domain=domain)

    def test_an_action_without_what_it_needs_is_refused(self):
        for action in ("notice", "activity", "tag"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self._add_rule(action=action)

    def test_only_managers_keep_rules(self):
        clerk = self._create_user("clerk_r", "group_contract_billing")
        with self.assertRaises(AccessError):
            self.red.with_user(clerk).write({"health": "green"})
        with self.assertRaises(AccessError):
            self.red.with_user(clerk).action_evaluate()
