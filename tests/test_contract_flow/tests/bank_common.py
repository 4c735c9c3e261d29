import os
import tempfile
from datetime import date, datetime
from unittest.mock import patch

from cryptography.fernet import Fernet
from freezegun import freeze_time

from odoo.tests import HttpCase

from odoo.addons.contract_fiscal_br.tests.common import CollectionCase
from odoo.addons.contract_recurring.models.contract_secret_mixin import (
    KEY_FILE_VARIABLE,
)
from odoo.addons.queue_job.exception import RetryableJobError

from .simulated import BankApi

CLIENT_ID, SECRET = "cliente-0815", "segredo-4711"
TODAY = date(2026, 3, 2)
PIX_KEY = "11222333000181"


class BankApiCase(CollectionCase):
    """An account whose bank is a simulator on loopback; today is 02/03/2026."""

    bank = "756"
    backend = "pix_api"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key_file = cls.enterClassContext(tempfile.NamedTemporaryFile("w"))
        key_file.write(Fernet.generate_key().decode())
        key_file.flush()
        variables = {KEY_FILE_VARIABLE: key_file.name}
        cls.enterClassContext(patch.dict(os.environ, variables))
        cls.account = cls._create_api_account()
        cls.mode = cls._create_payment_mode(cls.account)
        cls.company.contract_payment_mode_id = cls.mode
        cls.move = cls._bill_contract(date(2026, 3, 10))

    @classmethod
    def _create_api_account(cls, **values):
        return cls._create_account(
            cls.bank,
            **{
                "backend": cls.backend,
                "api_environment": "simulator",
                "api_simulator_url": "http://127.0.0.1:9",
                "api_client_id": CLIENT_ID,
                "client_secret": SECRET,
                "pix_key": PIX_KEY,
                "is_mass": False,
                **values,
            },
        )

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-03-02 12:00:00", tick=True))
        self.simulator = self.enterContext(self._start_simulator())
        self.account.api_simulator_url = self.simulator.url
        if not isinstance(self, HttpCase):  # which has entered it already
            self.enterContext(self.enter_registry_test_mode())

    def _start_simulator(self, **arguments):
        simulator = BankApi(CLIENT_ID, SECRET, **arguments)
        simulator.today = TODAY
        return simulator

    def _issue(self, move=None):
        """Return the title of an invoice, its registration not sent yet."""
        titles = self.env["collection.title"].with_context(queue_job__no_delay=False)
        return titles._issue(move or self.move, TODAY).with_env(self.env)

    def _register(self, move=None):
        title = self._issue(move)
        title.instruction_ids._carry_out_by_api()
        return title

    def _run(self, instructions):
        """Run the job; return the seconds it waits for another try, if it does.

        `assertRaises` would take back what the job committed.
        """
        try:
            instructions._carry_out_by_api()
        except RetryableJobError as error:
            return error.seconds
        return None

    def _instruct(self, title, kind, **values):
        title = title.with_context(queue_job__no_delay=False)
        return title._instruct(kind, **values).with_env(self.env)

    def _outwait(self, instruction):
        """Let the pause pass that the bank is given before it is asked."""
        instruction.attempted_at = datetime(2026, 3, 2, 8)

    def _get_events(self, kind, account=None):
        return self.env["collection.event"].search(
            [("account_id", "=", (account or self.account).id), ("kind", "=", kind)]
        )
