from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ContractCase

ITEM_LOGGER = "odoo.addons.contract_recurring.models.contract_run_item_mixin"


class RunCases:
    """What every run keeps to, whatever it does with its items.

    A class for another run names its model and says how one is simulated and
    started over `self.contracts`, and what shows that a contract was worked on.
    """

    allow_inherited_tests_method = True
    model = None
    activation = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contracts = cls.env["contract.contract"].union(
            *(
                cls._create_contract(
                    activation=cls.activation,
                    partner=cls._create_customer(f"Customer {number}"),
                )
                for number in range(5)
            )
        )
        cls.run_ = cls._simulate()
        cls.items = cls.run_.item_ids
        cls.operator = cls._create_user("operator", "group_contract_operator")
        cls.manager = cls._create_user("manager", "group_contract_manager")

    @classmethod
    def _simulate(cls):
        raise NotImplementedError

    def _start(self, run):
        raise NotImplementedError

    def _count_effects(self):
        """Return how often the contracts were worked on."""
        raise NotImplementedError

    @contextmanager
    def _breaking(self, item, error):
        """Let the work fail wherever an item takes part."""
        items = type(item)
        original = getattr(items, items._works["pending"])

        def fail(items):
            if item in items:
                raise error
            return original(items)

        with patch.object(items, items._works["pending"], fail):
            yield

    def _lose_jobs(self, run):
        """Start a run whose jobs die before they begin."""
        with patch.object(type(run), "_enqueue"):
            self._start(run)

    def test_progress_is_told(self):
        self._lose_jobs(self.run_)
        self.assertEqual((self.run_.item_count, self.run_.pending_count), (5, 5))
        self.assertEqual(self.run_.progress_percent, 0)
        self.run_._process(self.items[:2].ids)
        self.assertEqual((self.run_.done_count, self.run_.pending_count), (2, 3))
        self.assertEqual(self.run_.progress_percent, 40)
        self.run_._process(self.items.ids)
        self.assertEqual(self.run_.progress_percent, 100)

    def test_batches_are_jobs_and_the_last_job_closes_the_run(self):
        run = self.run_.with_context(queue_job__no_delay=False)
        with patch.object(type(run), "_batch_size", 2):
            self._start(run)
        jobs = self.env["queue.job"].search([("model_name", "=", self.model)])
        batches = jobs.filtered(lambda job: job.method_name == "_process")
        ids = self.items.ids
        self.assertEqual(
            sorted(job.args[0] for job in batches), [ids[:2], ids[2:4], ids[4:]]
        )
        self.assertEqual((jobs - batches).mapped("method_name"), ["_finish"])
        self.assertEqual((jobs - batches).state, "wait_dependencies")
        self.assertEqual({job.records for job in jobs}, {self.run_})
        self.assertFalse(self._count_effects())

    def test_a_run_is_left_to_jobs_that_live(self):
        self._start(self.run_.with_context(queue_job__no_delay=False))
        self.run_._cron_resume()
        self.assertEqual((self.run_.state, self.run_.pending_count), ("running", 5))

    def test_a_run_that_lost_its_jobs_is_taken_up(self):
        self._lose_jobs(self.run_)
        self.run_._process(self.items[:2].ids)
        for _time in range(2):
            self.run_._cron_resume()
            self.assertEqual((self.run_.state, self.run_.done_count), ("done", 5))
        self.assertEqual(self._count_effects(), 5)

    def test_a_job_run_twice_works_once(self):
        self._lose_jobs(self.run_)
        for _time in range(2):
            self.run_._process(self.items.ids)
        self.assertEqual(self._count_effects(), 5)

    @mute_logger(ITEM_LOGGER)
    def test_a_bad_item_fails_alone_and_is_retried_alone(self):
        bad = self.items[3]
        message = "This one is bad."
        with self._breaking(bad, UserError(message)):
            self._start(self.run_)
        self.assertEqual((self.run_.done_count, self.run_.failed_count), (4, 1))
        self.assertEqual((bad.state, bad.message), ("failed", message))
        self.assertEqual(self._count_effects(), 4)
        self.run_.action_retry()
        self.assertEqual((self.run_.state, self.run_.done_count), ("done", 5))
        self.assertFalse(bad.message)
        self.assertEqual(self._count_effects(), 5)

    @mute_logger(ITEM_LOGGER)
    def test_an_error_nobody_foresaw_fails_one_item(self):
        with self._breaking(self.items[0], ZeroDivisionError("boom")):
            self._start(self.run_)
        self.assertEqual((self.run_.state, self.run_.failed_count), ("done", 1))
        self.assertIn("boom", self.items[0].message)

    @mute_logger(ITEM_LOGGER)
    def test_what_is_held_elsewhere_waits(self):
        self._lose_jobs(self.run_)
        with self._breaking(self.items[0], LockError("held")):
            self.run_._process(self.items.ids)
        self.assertEqual((self.items[0].state, self.run_.done_count), ("pending", 4))
        self.run_._finish()
        self.assertEqual((self.run_.state, self.run_.done_count), ("done", 5))

    def test_nothing_is_worked_on_before_the_start_or_after_the_end(self):
        self.run_._process(self.items.ids)
        self.run_.action_cancel()
        self.run_._process(self.items.ids)
        self.assertFalse(self._count_effects())

    def test_starting_twice_is_told(self):
        self._start(self.run_)
        with self.assertRaisesRegex(UserError, "Reload the page"):
            self._start(self.run_)

    def test_steps_need_a_permission(self):
        run = self.run_.with_user(self.operator)
        for step in (run.action_simulate, run.action_retry, run.action_cancel):
            with self.assertRaisesRegex(UserError, "Ask a manager"):
                step()

    def test_only_steps_write_the_state(self):
        with self.assertRaises(AccessError):
            self.run_.with_user(self.manager).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.run_.with_user(self.manager).copy({"state": "running"})

    def test_another_choice_wants_another_simulation(self):
        self.run_.tag_ids = self.env["contract.tag"].create({"name": "VIP"})
        self.assertEqual((self.run_.state, self.run_.item_count), ("draft", 0))
        self.run_.action_simulate()
        self.assertEqual((self.run_.state, self.run_.item_count), ("simulated", 0))
        self.run_.tag_ids = False
        self.run_.action_simulate()
        self._start(self.run_)
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            self.run_.plan_ids = False

    def test_items_open_by_what_is_asked_for(self):
        action = self.run_.with_context(items_filter="failed").action_view_items()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), self.items
        )
        self.assertEqual(action["context"], {"search_default_failed": 1})


@tagged("contract_recurring", "post_install", "-at_install")
class TestBillingRunIsARun(RunCases, ContractCase):
    """Billing a month keeps to what every run keeps to."""

    model = "contract.billing.run"
    activation = date(2026, 3, 10)

    @classmethod
    def _simulate(cls):
        return cls._simulate_run(date(2026, 3, 1), plan_ids=cls.plan.ids)

    def _start(self, run):
        if run.state == "simulated":
            run.action_approve()
        run.action_start()

    def _count_effects(self):
        return len(self.contracts.charge_ids.move_id)


@tagged("contract_recurring", "post_install", "-at_install")
class TestPriceAdjustmentIsARun(RunCases, ContractCase):
    """Adjusting prices keeps to what every run keeps to."""

    model = "contract.price.adjustment"
    activation = date(2025, 4, 10)

    @classmethod
    def _simulate(cls):
        adjustment = cls.env["contract.price.adjustment"].create(
            {
                "method": "percent",
                "percent": 5,
                "effective_from": date(2026, 4, 1),
                "notice_days": 0,
                "plan_ids": cls.plan.ids,
            }
        )
        adjustment.action_simulate()
        return adjustment

    def _start(self, run):
        run.action_confirm()

    def _count_effects(self):
        return len(self.contracts.contract_line_ids) - len(self.contracts)
