from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_dunning import STEPS, DunningCase
from .test_receivable import ReceivableCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestOverview(ReceivableCase):
    """The home screen counts what its tiles open, under the user's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overview = cls.env["contract.overview"]
        cls.clerk = cls._create_user("clerk_o", "group_contract_billing")

    def _get_tile(self, key, user=None):
        data = self.overview.with_user(user or self.env.user).get_overview()
        tiles = [tile for section in data["sections"] for tile in section["tiles"]]
        return next((tile for tile in tiles if tile["key"] == key), None)

    def _get_chart(self, key, user=None):
        data = self.overview.with_user(user or self.env.user).get_overview()
        return next((c for c in data["charts"] if c["key"] == key), None)

    def _open(self, key, user=None):
        action = self.overview.with_user(user or self.env.user).open_tile(key)
        return self.env[action["res_model"]].search(action["domain"])

    def _notice(self, state, key):
        notice = self.env["contract.notice"]._prepare_notices(
            [
                {
                    "contract_id": self.contract.id,
                    "move_ids": self.move.ids,
                    "kind": "notice",
                    "channel": "email",
                    "key": key,
                }
            ]
        )
        notice.sudo().state = state
        return notice

    def test_every_tile_opens_what_it_counts(self):
        self._notice("uncertain", "o/1")
        self._notice("failed", "o/2")
        self._notice("skipped", "o/3")
        self._take_step(
            self.contract, self.move, "block", date(2026, 3, 20), state="held"
        )
        data = self.overview.get_overview()
        tiles = [tile for section in data["sections"] for tile in section["tiles"]]
        counts = {tile["key"]: tile["count"] for tile in tiles}
        for key in ("uncertain", "failed", "no_contact", "held"):
            self.assertGreaterEqual(counts[key], 1, key)
        for tile in tiles:
            self.assertEqual(tile["count"], len(self._open(tile["key"])), tile["key"])

    def test_paid_before_it_was_sent_is_no_missing_contact(self):
        notice = self._notice("skipped", "o/4")
        self.assertIn(notice, self._open("no_contact"))
        notice.sudo().recipient = "maria@example.com"
        self.assertNotIn(notice, self._open("no_contact"))

    def test_a_failed_item_of_billing_is_shown(self):
        contract = self._create_contract(activation=date(2026, 3, 10))
        run = self._simulate_run(date(2026, 3, 1))
        item = run.item_ids.filtered(lambda i: i.contract_id == contract)
        item.sudo()._fail("No fiscal position")
        self.assertEqual(self._get_tile("billing")["level"], "danger")
        self.assertIn(item, self._open("billing"))
        run.sudo().state = "cancelled"
        self.assertNotIn(item, self._open("billing"))

    def test_overdue_is_added_up_by_age(self):
        """R$ 100.00 ten days overdue; after another month 41 days, and R$ 100.00
        more ten days overdue."""
        self._bill_month(date(2026, 4, 1))
        before = self._get_ages()
        self._go_to("2026-04-20")
        after = self._get_ages()
        self.assertEqual(before["to_15"] - after["to_60"], 0)
        self.assertEqual(self._open("to_60").contract_id, self.contract)
        ours = self._open("to_15").filtered(lambda r: r.contract_id == self.contract)
        self.assertEqual(ours.open_amount, 100.0)

    def _get_ages(self):
        return {bar["key"]: bar["amount"] for bar in self._get_chart("ages")["bars"]}

    def test_due_today_and_in_the_next_days(self):
        self._go_to("2026-03-08")
        bars = self._get_chart("due")["bars"]
        self.assertEqual([bar["count"] for bar in bars], [0, 0, 1, 0, 0, 0, 0])
        self.assertEqual(bars[2]["amount"], 100.0)
        self.assertEqual(bars[2]["height"], 100)
        self.assertEqual(self._open("due_2").move_id, self.move)

    def test_received_counts_payments_and_not_credit_notes(self):
        self.assertTrue(self._get_chart("received")["empty"])
        self._pay(self.move, amount=40.0, group_payment=False)
        refund = self.move._reverse_moves([{"date": date(2026, 3, 20)}])
        refund.action_post()
        lines = (self.move | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        bars = self._get_chart("received", self.clerk)["bars"]
        self.assertEqual(bars[19]["amount"], 40.0)
        self.assertEqual(sum(bar["amount"] for bar in bars), 40.0)

    def test_obstacles_are_those_a_run_would_meet(self):
        contracts = self.contract | self._add_contracts(4)
        _fine, archived, no_account, no_journal, no_product = contracts
        archived.partner_id.active = False
        poor = self.env["product.product"].create({"name": "X", "type": "service"})
        poor.categ_id.property_account_income_categ_id = False
        no_account.contract_line_ids.product_id = poor
        no_journal.journal_id = False
        self.env.cr.execute(
            "UPDATE contract_line SET product_id = NULL WHERE contract_id = %s",
            [no_product.id],
        )
        self.env.invalidate_all()
        found = contracts.search(
            [("has_billing_obstacle", "=", True), ("id", "in", contracts.ids)]
        )
        told = contracts._get_billing_obstacles()
        self.assertEqual(set(found), set(told))
        self.assertIn(archived, found)
        self.assertIn(no_product, found)
        self.assertNotIn(self.contract, found)
        self.assertEqual(archived.billing_obstacle, told[archived])

    def test_the_queries_do_not_grow_with_the_contracts(self):
        self.overview.get_overview()
        few = self._count_queries()
        self._add_contracts(6)
        self.assertEqual(self._count_queries(), few)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.overview.get_overview()
        return self.env.cr.sql_log_count - before

    def test_a_reader_sees_neither_runs_nor_money_received(self):
        reader = self._create_user("reader_o", "group_contract_reader")
        self.assertIsNone(self._get_tile("billing", reader))
        self.assertIsNone(self._get_chart("received", reader))
        self.assertTrue(self._get_chart("ages", reader))
        for key in ("billing", "unknown"):
            with self.assertRaises(UserError):
                self.overview.with_user(reader).open_tile(key)

    def test_an_employee_without_a_group_is_turned_away(self):
        nobody = new_test_user(self.env, "nobody_o", groups="base.group_user")
        for method in ("get_overview", "get_run_forecast"):
            with self.assertRaises(AccessError):
                getattr(self.overview.with_user(nobody), method)()

    def test_another_company_counts_its_own(self):
        self._notice("uncertain", "o/4")
        other = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("stranger_o", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertEqual(self._get_tile("uncertain", stranger)["count"], 0)
        self.assertTrue(self._get_chart("ages", stranger)["empty"])


@tagged("contract_recurring", "post_install", "-at_install")
class TestOverviewRun(DunningCase):
    """What today's run will do is what it then does."""

    def test_the_forecast_comes_true(self):
        """Due 10/03, the notice comes on 13/03, three days after."""
        self.assertEqual(STEPS[1]["kind"], "notice")
        company = self.company
        day = date(2026, 3, 13)
        self.patch(type(company), "_get_local_date", lambda company: day)
        rows = self.env["contract.overview"].get_run_forecast()["rows"]
        counts = {row["key"]: row["count"] for row in rows}
        self.assertGreaterEqual(counts["notice"], 1)
        self._dun(day)
        taken = self.env["contract.dunning.entry"].search([("date", "=", day)])
        told = {}
        for entry in taken:
            told[entry.kind] = told.get(entry.kind, 0) + 1
        self.assertEqual(told, counts)
        after = self.env["contract.overview"].get_run_forecast()
        self.assertEqual({r["key"]: r["count"] for r in after["rows"]}, counts)
