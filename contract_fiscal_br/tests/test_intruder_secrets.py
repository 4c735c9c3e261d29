import logging
import os
import tempfile
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.contract_recurring.models.contract_secret_mixin import (
    KEY_FILE_VARIABLE,
    MASK,
)

from ..backends import bank_session  # noqa: F401  (it silences the loggers)
from .common import CollectionCase

SECRET, PASSWORD = "segredo-4711", "senha-do-certificado"
CIPHERS = ("client_secret_cipher", "certificate_cipher")


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderSecrets(CollectionCase):
    """Somebody wants the keys to the bank."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key_file = cls.enterClassContext(tempfile.NamedTemporaryFile("w"))
        key_file.write(Fernet.generate_key().decode())
        key_file.flush()
        variables = {KEY_FILE_VARIABLE: key_file.name}
        cls.enterClassContext(patch.dict(os.environ, variables))
        cls.bank_account = cls._create_account(
            "756",
            backend="pix_api",
            api_environment="simulator",
            api_simulator_url="http://127.0.0.1:9",
            api_client_id="cliente-0815",
            client_secret=SECRET,
            pix_key="11222333000181",
        )
        cls.boss = cls._create_user("secret_boss", "group_contract_manager")

    def setUp(self):
        super().setUp()
        self.own = self.bank_account.with_user(self.boss)

    def test_manager_sees_that_there_is_one(self):
        self.assertEqual(self.own.client_secret, MASK)
        told = self.own.read(["client_secret", "certificate", "certificate_password"])
        self.assertNotIn(SECRET, repr(told))

    def test_nobody_reads_or_finds_the_cipher(self):
        for name in CIPHERS:
            for attempt in (
                lambda name=name: self.own.read([name]),
                lambda name=name: self.own.search([(name, "!=", False)]),
                lambda name=name: self.own.search([], order=name),
                lambda name=name: self.own.formatted_read_group([], [name], []),
                lambda name=name: self.own.export_data([name]),
                lambda name=name: self.own.write({name: "x"}),
            ):
                with self.assertRaises(UserError):
                    attempt()

    def test_copy_takes_no_secret_along(self):
        copied = self.own.copy()
        self.assertFalse(copied.client_secret)
        self.assertFalse(copied._get_secret("client_secret"))
        self.assertNotEqual(
            copied.sudo().webhook_token, self.bank_account.webhook_token
        )

    def test_clerk_and_reader_see_nothing_of_it(self):
        names = ("client_secret", "api_client_id", "webhook_token", "webhook_url")
        for group in ("billing", "reader"):
            user = self._create_user(f"secret_{group}", f"group_contract_{group}")
            for name in (*names, "certificate_file", "api_simulator_url"):
                with self.assertRaises(AccessError):
                    self.bank_account.with_user(user).read([name])

    def test_no_message_tells_it(self):
        self.own.write({"client_secret": "outro-segredo", "pix_key": "a@b.br"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        messages = self.bank_account.message_ids
        told = repr(messages.mapped("body"))
        told += repr(messages.sudo().tracking_value_ids.read())
        self.assertNotIn("segredo", told)

    def test_error_about_a_certificate_tells_no_password(self):
        values = {"certificate_file": b"eA==", "certificate_password": PASSWORD}
        with self.assertLogs("odoo", level="DEBUG") as logs:
            logging.getLogger("odoo").debug("begin")
            with self.assertRaises(UserError) as caught:
                self.own.write(values)
        self.assertNotIn(PASSWORD, f"{caught.exception} {logs.output}")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nothing_is_logged_when_the_bank_is_called(self):
        with self.assertLogs(level="DEBUG") as logs:
            logging.debug("begin")
            with self.assertRaises(UserError) as caught:
                self.own.action_test_connection()
        told = f"{caught.exception} {logs.output}"
        for secret in (SECRET, "cliente-0815", self.bank_account.webhook_token):
            self.assertNotIn(secret, told)

    def test_libraries_log_no_header(self):
        """At debug level they write tokens and addresses with CPF."""
        for name in ("httpx", "httpcore.http11", "httpcore.connection", "hpack.hpack"):
            self.assertFalse(logging.getLogger(name).isEnabledFor(logging.INFO), name)

    def test_job_of_a_report_carries_no_secret(self):
        account = self.bank_account.with_context(queue_job__no_delay=False)
        account._queue_report({"pix": [["E1", ""]]})
        job = self.env["queue.job"].search(
            [("method_name", "=", "_follow_report")], limit=1
        )
        told = repr(job.read())
        self.assertNotIn(self.bank_account.webhook_token, told)
        self.assertNotIn(SECRET, told)

    # === WHERE IT IS SENT ===

    def test_secret_is_sent_to_no_other_server(self):
        for address in (
            "http://example.com",
            "http://127.0.0.1@example.com",
            "http://127.0.0.1.example.com",
            "http://example.com#@127.0.0.1",
            "http://example.com\\@127.0.0.1.evil.br",
            "http://0.0.0.0",
            "http://169.254.169.254",
            "http://10.0.0.1",
            "http://[::ffff:10.0.0.1]",
            "file:///etc/passwd",
            "gopher://127.0.0.1",
            "//127.0.0.1",
            "",
        ):
            with self.subTest(address=address), self.assertRaises(ValidationError):
                self.own.api_simulator_url = address

    def test_address_set_before_is_checked_when_it_is_used(self):
        account = self._create_account("756", backend="pix_api", pix_key="a@b.br")
        account.api_simulator_url = "http://10.0.0.1"
        with self.assertRaises(ValidationError):
            account.with_user(self.boss).api_environment = "simulator"

    def test_bank_is_told_no_address_without_encryption(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "http://10.0.0.1")
        self.bank_account.api_environment = "sandbox"
        with self.assertRaisesRegex(UserError, "https"):
            self.own.action_register_webhook()
