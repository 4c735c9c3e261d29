import doctest
from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers.bank_webhook import LARGEST
from ..tools import record_ids
from .cnab400_builder import Title, build
from .common import CollectionCase

NONSENSE = (
    "9" * 12,
    "9" * 5000,
    "-1",
    "0",
    "x",
    "1;2",
    "\u0663",
    "\u00b2",
    ",",
    "1" + "0" * 9,
    "%00",
    "..%2F1",
)


class WebCase(HttpCase, CollectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(date(2026, 3, 10))
        cls._bill_month(date(2026, 3, 1))
        move = cls.contract.charge_ids.move_id
        cls.title = move.collection_title_ids
        cls.booklet = cls.env["payment.booklet"]._make(cls.contract, move)
        unknown = Title("06", 5, "7", date="050326", credit="060326", amount="9.90")
        files = cls.env["collection.return.file"]
        cls.file = files._import(build("341", [unknown]), "CB.RET")
        cls.addresses = {
            "boleto/%s": cls.title.id,
            "booklet/%s": cls.booklet.id,
            "return/%s.xlsx": cls.file.id,
        }

    def _get(self, address, number, **values):
        url = f"/contract_fiscal_br/{address % number}"
        return self.url_open(url, allow_redirects=False, **values)


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderDownload(WebCase):
    """Downloads of others, and numbers that are none."""

    def test_examples(self):
        self.assertFalse(doctest.testmod(record_ids).failed)

    def _try_all(self, *allowed):
        for address, number in self.addresses.items():
            answer = self._get(address, number)
            self.assertIn(answer.status_code, allowed, address)
            self.assertNotIn(b"%PDF", answer.content)

    def test_reader_gets_them(self):
        """Else what follows would prove nothing."""
        self._create_user("web_reader", "group_contract_reader")
        self.authenticate("web_reader", "web_reader")
        for address, number in self.addresses.items():
            self.assertEqual(self._get(address, number).status_code, 200, address)

    def test_nobody_gets_them_without_login(self):
        self._try_all(303)

    @mute_logger("odoo.http")
    def test_customer_does_not_even_get_the_own_one(self):
        """The portal has an address of its own, which asks for more."""
        partner = self.title.partner_id
        new_test_user(self.env, "web_maria", "base.group_portal", partner_id=partner.id)
        self.authenticate("web_maria", "web_maria")
        self._try_all(403, 404)

    @mute_logger("odoo.http")
    def test_other_company_does_not_get_them(self):
        company = self.env["res.company"].create({"name": "Outra Ltda"})
        new_test_user(
            self.env,
            "web_stranger",
            "contract_recurring.group_contract_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.authenticate("web_stranger", "web_stranger")
        self._try_all(404)

    @mute_logger("odoo.http")
    def test_numbers_that_are_none_are_not_found(self):
        self._create_user("web_reader", "group_contract_reader")
        self.authenticate("web_reader", "web_reader")
        for address in self.addresses:
            for number in NONSENSE:
                with self.subTest(address=address, number=number[:20]):
                    self.assertEqual(self._get(address, number).status_code, 404)

    @mute_logger("odoo.http")
    def test_days_that_are_none_are_not_found(self):
        self._create_user("web_reader", "group_contract_reader")
        self.authenticate("web_reader", "web_reader")
        for day in ("x", "2026-02-30", "0001-01-01", "9999-12-31", "%%00", "9" * 5000):
            with self.subTest(day=day[:20]):
                answer = self._get(f"boleto/%s?until={day}", self.title.id)
                self.assertIn(answer.status_code, (200, 404))

    @mute_logger("odoo.http")
    def test_nothing_is_asked_for_by_another_page(self):
        """A form of a strange page posts without our token."""
        self._create_user("web_reader", "group_contract_reader")
        self.authenticate("web_reader", "web_reader")
        for address, number in self.addresses.items():
            self.assertEqual(self._get(address, number, data={"a": 1}).status_code, 400)


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderReport(HttpCase, CollectionCase):
    """Reports of a bank that no bank sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pix_account = cls._create_account(
            "756",
            backend="pix_api",
            api_environment="simulator",
            api_simulator_url="http://127.0.0.1:9",
        )

    def _report(self, token=None, body=b'{"pix": [{"endToEndId": "E1"}]}', **values):
        token = self.pix_account.webhook_token if token is None else token
        url = f"{self.base_url()}/contract_fiscal_br/webhook/{token}/pix"
        values = {"method": "POST", "data": body, "timeout": 20} | values
        return self.opener.request(url=url, **values)

    def _count_jobs(self):
        return self.env["queue.job"].search_count(
            [("method_name", "=", "_follow_report")]
        )

    def test_report_of_the_bank_is_taken(self):
        """Else what follows would prove nothing."""
        answer = self._report()
        self.assertEqual((answer.status_code, answer.content), (200, b""))
        self.assertEqual(self._count_jobs(), 1)
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_token_is_the_only_key(self):
        """Accounts without API and old tokens answer as none does."""
        token = self.pix_account.webhook_token
        others = ["x", token[:-1], token + "A", "%25", "_" * 64, "a" * 5000, "%00"]
        others.append(self.account.webhook_token)
        answers = {self._report(other).status_code for other in others}
        self.pix_account.action_renew_webhook()
        answers.add(self._report(token).status_code)
        self.assertEqual(answers, {404})
        self.assertFalse(self._count_jobs())

    def test_only_posted_reports_count(self):
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            answer = self._report(method=method)
            self.assertIn(answer.status_code, (404, 405), method)
        self.assertFalse(self._count_jobs())

    @mute_logger("odoo.http", "odoo.addons.contract_fiscal_br.controllers.bank_webhook")
    def test_body_that_is_no_report_is_refused(self):
        deep = b'{"pix": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        within = b'{"pix":[{"txid":' + b"[" * 900 + b"]" * 900 + b"}]}"
        bodies = (b"", b"x", b"\xff\xfe", b"null", b"1", deep, within, b'{"pix":[1]}')
        for body in bodies:
            with self.subTest(body=body[:20]):
                self.assertEqual(self._report(body=body).status_code, 400)
        self.assertFalse(self._count_jobs())

    @mute_logger("odoo.http", "odoo.addons.contract_fiscal_br.controllers.bank_webhook")
    def test_form_is_no_report(self):
        for values in (
            {"body": {"pix": "1", "token": "x", "sort": "y"}},
            {"body": None, "files": {"pix": b"{}"}},
        ):
            self.assertIn(self._report(**values).status_code, (400, 500))
        self.assertFalse(self._count_jobs())

    @mute_logger("odoo.http", "odoo.addons.contract_fiscal_br.controllers.bank_webhook")
    def test_large_body_is_not_read(self):
        """Said to be large, sent in pieces, or as a file of a form."""
        large = b" " * (LARGEST + 1)
        report = large + b'{"pix": [{"endToEndId": "E1"}]}'

        def pieces():
            for start in range(0, len(report), 65536):
                yield report[start : start + 65536]

        for values in (
            {"body": report},
            {"body": pieces()},
            {"body": None, "files": {"pix": large}},
        ):
            self.assertIn(self._report(**values).status_code, (400, 413))
        self.assertFalse(self._count_jobs())

    def test_report_names_titles_of_its_own_account_alone(self):
        title = self._bill_contract(date(2026, 3, 10)).collection_title_ids
        title.txid = "a" * 32
        titles = self.env["collection.title"]
        found = titles._find_by_reference(self.pix_account, "txid", {title.txid})
        self.assertFalse(found)
        found = titles._find_by_reference(self.account, "txid", {title.txid})
        self.assertEqual(found, title)
