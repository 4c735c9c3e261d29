import json
from datetime import datetime
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged

from odoo.addons.contract_fiscal_br.tools.bank_report import read_report

from .bank_common import BankApiCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestBankReport(BaseCase):
    """What is read of a report."""

    @settings(max_examples=300, deadline=None)
    @given(
        st.one_of(
            st.binary(max_size=200),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=9),
                lambda part: (
                    st.lists(part, max_size=4)
                    | st.dictionaries(
                        st.sampled_from(["pix", "recs", "cobsr", "txid", "idRec", "x"]),
                        part,
                        max_size=4,
                    )
                ),
                max_leaves=12,
            ).map(lambda report: json.dumps(report).encode()),
        )
    )
    def test_garbage_is_refused_or_names_references(self, content):
        try:
            references = read_report(content)
        except ValueError:
            return
        for identities in references.values():
            for identity in identities:
                self.assertTrue(any(identity))
                self.assertRegex("".join(identity), r"^[A-Za-z0-9-]+$")


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestBankWebhook(HttpCase, BankApiCase):
    """Reports of a bank, over HTTP, asked about over HTTP."""

    def setUp(self):
        super().setUp()
        self.url = f"{self.base_url()}/contract_fiscal_br/webhook/"
        self.url += self.account.webhook_token
        self.title = self._register()

    def _get_jobs(self):
        return self.env["queue.job"].search(
            [("method_name", "=", "_follow_report")], order="id"
        )

    def _run_jobs(self):
        for job in self._get_jobs().filtered(lambda job: job.state == "pending"):
            job.records._follow_report(*job.args)
            job.state = "done"

    def _deliver(self, url, body, times=1):
        with self.allow_requests(all_requests=True):
            return self.simulator.deliver(url, body, times)

    def _report(self, body, times=1):
        return self._deliver(f"{self.url}/pix", body, times)

    def test_report_becomes_one_payment(self):
        pix = self.simulator.pay_charge(self.title.txid)
        self.assertEqual(self._report(self.simulator.prepare_pix(pix), times=3), 200)
        self.assertEqual(len(self._get_jobs()), 1)
        self.assertFalse(self._get_events("paid"), "believed without asking")
        self._run_jobs()
        event = self._get_events("paid")
        self.assertEqual((event.title_id, event.paid), (self.title, 99.90))
        self.assertEqual(event.external_id, pix["endToEndId"])

    def test_three_pix_in_one_report_are_three_payments(self):
        titles = self.title
        for day in (5, 6):
            move = self._bill_contract(datetime(2026, 3, day).date())
            titles |= self._register(move)
        received = [self.simulator.pay_charge(title.txid) for title in titles]
        self._report(self.simulator.prepare_pix(*received))
        self._run_jobs()
        self.assertEqual(self._get_events("paid").title_id, titles)

    def test_report_and_reconciliation_tell_the_same(self):
        pix = self.simulator.pay_charge(self.title.txid, parts={"juros": "0.33"})
        self.account._ask_since()
        self._report(self.simulator.prepare_pix(pix))
        self._run_jobs()
        self.account._ask_about(self.title.ids)
        self.assertEqual(len(self._get_events("paid")), 1)

    def test_missed_report_is_found(self):
        self.simulator.pay_charge(self.title.txid)
        self.account._ask_since()
        self.assertEqual(self._get_events("paid").title_id, self.title)

    def test_reports_in_the_wrong_order(self):
        """The payment is reported after the removal that came after it."""
        pix = self.simulator.pay_charge(self.title.txid)
        later = self.simulator.receive_pix("1.00")
        self._report(self.simulator.prepare_pix(later))
        self._report(self.simulator.prepare_pix(pix))
        for job in self._get_jobs().sorted("id", reverse=True):
            job.records._follow_report(*job.args)
        self.assertEqual(len(self._get_events("paid")), 1)

    def test_forged_report_pays_nothing(self):
        forged = {
            "endToEndId": "E" + "9" * 31,
            "txid": self.title.txid,
            "valor": "99.90",
            "horario": "2026-03-02T15:00:00Z",
        }
        self.assertEqual(self._report({"pix": [forged]}), 200)
        self._run_jobs()
        self.assertFalse(self._get_events("paid"))

    def test_pix_without_charge_is_listed_only_where_wanted(self):
        pix = self.simulator.receive_pix("42.00")
        self.account._ask_since()
        self.assertFalse(self._get_events("paid"))
        self.account.is_pix_key_exclusive = True
        self._report(self.simulator.prepare_pix(pix))
        self._run_jobs()
        event = self._get_events("paid")
        self.assertEqual((event.paid, event.title_id.id), (42.0, False))

    def test_archived_account_is_asked_while_its_titles_can_be_paid(self):
        self.account.action_archive()
        self.assertIn(self.account, self.account._search_with_titles([]))
        pix = self.simulator.pay_charge(self.title.txid)
        self.assertEqual(self._report(self.simulator.prepare_pix(pix)), 200)
        self._run_jobs()
        self.assertEqual(self._get_events("paid").title_id, self.title)
        self.assertNotIn(self.account, self.account._search_with_titles([]))

    def test_pix_of_another_account_is_left_to_it(self):
        """A Bolepix is paid to the same key; the boleto's own bank tells of it."""
        pix = self.simulator.pay_charge(self.title.txid)
        listing = self._create_api_account(
            name="Chave",
            is_pix_key_exclusive=True,
            api_simulator_url=self.simulator.url,
        )
        listing._ask_since()
        listing._follow_report({"pix": [[pix["endToEndId"], self.title.txid]]})
        self.assertFalse(self._get_events("paid", listing))
        self.account._ask_since()
        self.assertEqual(self._get_events("paid").title_id, self.title)

    def test_two_accounts_cannot_list_all_pix_of_a_key(self):
        self.account.is_pix_key_exclusive = True
        with self.assertRaisesRegex(ValidationError, "posted twice"):
            self._create_api_account(name="Outra", is_pix_key_exclusive=True)

    def test_wrong_token_is_not_found(self):
        body = self.simulator.prepare_pix(self.simulator.pay_charge(self.title.txid))
        url = f"{self.base_url()}/contract_fiscal_br/webhook/"
        for token in ("x", self.account.webhook_token[:-1], "%00", "0" * 43):
            self.assertEqual(self._deliver(f"{url}{token}", body), 404)
        self.assertFalse(self._get_jobs())

    def test_old_token_stops_working(self):
        body = self.simulator.prepare_pix(self.simulator.pay_charge(self.title.txid))
        self.account.action_renew_webhook()
        self.env.flush_all()
        self.assertEqual(self._report(body), 404)

    def test_garbage_is_refused(self):
        for body in (b"", b"{", b"\xff\xfe", b'"x"', {"pix": "x"}, {"pix": [1]}, {}):
            with self.subTest(body):
                self.assertEqual(self._report(body), 400)
        self.assertEqual(self._report(b"[" * 100_000), 400)
        self.assertFalse(self._get_jobs())

    def test_too_large_a_report_is_refused(self):
        self.assertEqual(self._report(b"[" + b" " * 2**20 + b"]"), 413)

    def test_token_of_another_company_asks_its_own_bank(self):
        other = self._create_api_account(name="Outra conta")
        body = self.simulator.prepare_pix(self.simulator.pay_charge(self.title.txid))
        url = f"{self.base_url()}/contract_fiscal_br/webhook/{other.webhook_token}"
        self.assertEqual(self._deliver(url, body), 200)
        self.assertEqual(self._get_jobs().records, other)
        with patch.object(type(other), "_open_bank") as open_bank:
            self._run_jobs()
        self.assertTrue(open_bank.called)
        self.assertFalse(self._get_events("paid"))
        self.assertFalse(self._get_events("paid", other))

    def test_bank_is_told_where_to_report(self):
        self.account.action_register_webhook()
        self.assertEqual(
            self.simulator.webhooks[self.account.pix_key], self.account.webhook_url
        )
        self.assertTrue(self.account.webhook_registered_at)

    def test_account_of_files_takes_no_reports(self):
        files = self._create_account("341")
        url = f"{self.base_url()}/contract_fiscal_br/webhook/{files.webhook_token}"
        self.env.flush_all()
        self.assertEqual(self._deliver(url, {"pix": [{"endToEndId": "E1"}]}), 404)

    def test_only_managers_see_and_set_credentials(self):
        clerk = new_test_user(
            self.env, "clerk", "contract_recurring.group_contract_billing"
        )
        account = self.account.with_user(clerk)
        for name in ("webhook_token", "api_client_id", "client_secret"):
            with self.assertRaises(AccessError):
                account.read([name])
        for name in ("action_test_connection", "action_register_webhook"):
            with self.assertRaises(AccessError):
                getattr(account, name)()
