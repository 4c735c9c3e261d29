import base64
import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import config

from .common import CollectionCase


@tagged("post_install", "-at_install")
class TestRemittanceFolder(CollectionCase):
    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()
        cls.account = cls._create_account("748", layout="cnab240")
        cls.company.contract_payment_mode_id = cls._create_payment_mode(cls.account)
        cls.clerk = new_test_user(
            cls.env, "lembrada", "contract_recurring.group_contract_billing"
        )
        cls.account.write(
            {"remittance_folder": "sicredi/saida", "remittance_user_id": cls.clerk.id}
        )
        cls.title = cls._bill_contract(date(2026, 3, 1)).collection_title_ids
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.data_dir = Path(folder.name)
        cls.startClassPatcher(patch.dict(config.options, {"data_dir": folder.name}))

    def _run(self, model, method):
        with patch.object(
            self.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: 60
        ):
            getattr(self.env[model], method)()

    def _get_files(self):
        return sorted(
            path.relative_to(self.data_dir).as_posix()
            for path in (self.data_dir / "remittances").rglob("*")
            if path.is_file()
        )

    def test_daily_file_is_made_and_put_in_its_folder(self):
        self.account.remittance_auto = True
        self._run("collection.account", "_cron_generate_remittances")
        remittance = self.account.remittance_ids
        self.assertEqual(remittance.state, "generated")
        self.assertFalse(self._get_files())
        self._run("collection.remittance", "_cron_deliver")
        name = f"remittances/{self.env.cr.dbname}/sicredi/saida/{remittance.filename}"
        self.assertEqual(self._get_files(), [name])
        content = (self.data_dir / name).read_bytes()
        self.assertEqual(content, base64.b64decode(remittance.content))
        self.assertEqual(remittance.state, "sent")

    def test_account_without_the_choice_is_left_alone(self):
        self._run("collection.account", "_cron_generate_remittances")
        self.assertFalse(self.account.remittance_ids)

    def test_who_is_to_be_reminded_is_reminded_once(self):
        instruction = self.title.instruction_ids
        self.env.cr.execute(
            "UPDATE collection_instruction SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=2), instruction.id],
        )
        self._run("collection.account", "_cron_generate_remittances")
        self._run("collection.account", "_cron_generate_remittances")
        activity = self.account.activity_ids
        self.assertEqual(activity.user_id, self.clerk)
        self.assertIn("1 boletos or changes wait", activity.summary)

    def test_folder_never_leads_outside(self):
        for folder in ("../fora", "/etc", "a/../../b", "a//b", "a/", "C:\\x", "a b"):
            with self.subTest(folder), self.assertRaises(ValidationError):
                self.account.remittance_folder = folder

    def test_link_to_outside_is_refused(self):
        root = self.data_dir / "remittances" / self.env.cr.dbname
        root.mkdir(parents=True, exist_ok=True)
        os.symlink("/tmp", root / "fora")
        self.account.remittance_folder = "fora"
        with self.assertRaisesRegex(UserError, "outside"):
            self.account._get_remittance_path()

    def test_broken_account_reminds_and_the_others_go_on(self):
        self.account.remittance_auto = True
        with (
            patch.object(
                self.env.registry["collection.bank.748"],
                "_write_remittance",
                side_effect=UserError("Não cabe"),
            ),
            patch.object(self.env.cr, "rollback"),
        ):
            self._run("collection.account", "_cron_generate_remittances")
        self.assertIn("Não cabe", self.account.activity_ids.summary)
