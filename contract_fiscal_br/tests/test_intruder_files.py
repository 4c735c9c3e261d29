import base64
import io
import os
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from ..models import collection_return_import
from ..tools.payment_writer import write_payments
from .common import CollectionCase
from .test_payment_files import DAY, NOW, order, sender
from .test_return_file import ReturnFileCase

# So that every file has lain still for long (seconds since 1970).
FAR_AHEAD = 2**40
FOLDERS = "odoo.addons.contract_fiscal_br.models.collection_account_return_folder"


class FolderCase(ReturnFileCase):
    """A folder other programs write to, in a data directory of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data_dir = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.startClassPatcher(
            patch.dict(config.options, {"data_dir": str(cls.data_dir)})
        )

    def setUp(self):
        super().setUp()
        self.account.return_folder = "itau"
        self.folder = self.account._get_return_folder()
        self.folder.mkdir(parents=True)
        self.addCleanup(self._empty)
        crons = self.env.registry["ir.cron"]
        self.startPatcher(patch.object(crons, "_commit_progress", lambda *a, **k: 60))
        self.startPatcher(
            patch.object(
                self.env.registry["collection.account"],
                "_after_commit",
                lambda account, function: function(),
            )
        )
        self.startPatcher(patch(f"{FOLDERS}._get_now", lambda: FAR_AHEAD))

    def _empty(self):
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        self.folder.rmdir()

    def _put(self, name, data):
        path = os.path.join(os.fsencode(self.folder), name)
        with open(path, "wb") as file:
            file.write(data)

    def _run(self):
        """Let the cron look; return the return files that are new."""
        before = self.files.search([])
        self.env["collection.account"]._cron_import_folders()
        return self.files.search([]) - before


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderFolder(FolderCase):
    """Somebody who may write to the folder of return files, or names one."""

    def test_names_that_are_no_names_stop_nobody(self):
        """Bytes that are no UTF-8, a line break, a way out: the file is imported."""
        names = (b"CB\xff.RET", b"CB\n=1.RET", b"CB?a=b#c.RET", b"CB%2F..%2F.RET")
        for number, name in enumerate(names):
            with self.subTest(name=name):
                self._put(name, self._build(file_number=number))
                file = self._run()
                self.assertRegex(file.filename, r"^CB[\w.]+RET$")
                url = file.with_user(self.clerk).action_download()["url"]
                self.assertTrue(url.endswith(f"/{file.filename}?download=true"))

    def test_refused_file_of_such_a_name_is_told(self):
        self._put(b"\xff\n<b>.RET", b"nada")
        self.assertFalse(self._run())
        body = self.account.message_ids[:1].body
        self.assertIn("was refused", body)
        self.assertNotIn("<b>", body)

    def test_link_is_not_read(self):
        """It would be told to whoever reads the account what the server may read."""
        outside = self.data_dir / "segredo.txt"
        outside.write_bytes(self._build())
        (self.folder / "CB.RET").symlink_to(outside)
        self.assertFalse(self._run())
        self.assertTrue(outside.exists())

    def test_folder_that_became_a_link_is_not_read(self):
        outside = self.data_dir / "fora"
        outside.mkdir(exist_ok=True)
        (outside / "CB.RET").write_bytes(self._build())
        self.folder.rmdir()
        self.folder.symlink_to(outside)
        try:
            self.assertFalse(self._run())
        finally:
            self.folder.unlink()
            self.folder.mkdir()

    def test_pipe_does_not_hang_the_cron(self):
        os.mkfifo(self.folder / "CB.RET")
        self.assertFalse(self._run())

    def test_file_far_too_large_is_refused_unread(self):
        self._put(b"CB.RET", b"")
        os.truncate(self.folder / "CB.RET", 5 * 2**30)
        self.assertFalse(self._run())
        self.assertTrue((self.folder / "refused" / "CB.RET").exists())
        self.assertIn("5120 MB", self.account.message_ids[:1].body)

    @mute_logger(FOLDERS)
    def test_folder_that_cannot_be_listed_stops_no_other(self):
        self._put(b"CB.RET", self._build())
        with patch.object(Path, "iterdir", side_effect=PermissionError("não")):
            self.assertFalse(self._run())
        self.assertTrue(self._run())

    def test_folder_of_another_account_is_not_read(self):
        """Its files would be refused as another account's, and its payments lost."""
        other = self._create_account("237")
        for folder in ("itau", "itau/sub", "./itau", "x/../itau"):
            with self.subTest(folder=folder), self.assertRaises(ValidationError):
                other.return_folder = folder
        other.return_folder = "itau-2"

    def test_name_with_a_zero_byte_is_no_folder(self):
        with self.assertRaises(ValidationError):
            self.account.return_folder = "itau\0"


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderArchive(ReturnFileCase):
    """Archives and files that are no returns, given to the dialog."""

    def _upload(self, *contents):
        importing = self.env["collection.return.import"].with_user(self.clerk)
        dialog = importing.create({})
        attachments = self.env["ir.attachment"].with_user(self.clerk)
        dialog.attachment_ids = [
            Command.create({"name": name, "raw": data, "res_model": dialog._name})
            for name, data in contents
        ]
        self.assertTrue(attachments.browse(dialog.attachment_ids.ids))
        return dialog

    def _zip(self, *members, kind=zipfile.ZIP_DEFLATED):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", kind) as archive:
            for name, data in members:
                archive.writestr(name, data)
        return target.getvalue()

    def test_bomb_is_refused_unread(self):
        bomb = self._zip(("bomb.RET", bytes(60 * 2**20)))
        self.assertLess(len(bomb), 2**20)
        with self.assertRaisesRegex(UserError, "60 MB"):
            self._upload(("bomb.zip", bomb)).action_import()

    def test_bomb_that_lies_about_its_size_is_refused(self):
        bomb = bytearray(self._zip(("bomb.RET", bytes(60 * 2**20))))
        size = (60 * 2**20).to_bytes(4, "little")
        bomb = bytes(bomb).replace(size, (400).to_bytes(4, "little"))
        with self.assertRaisesRegex(UserError, "cannot be unpacked"):
            self._upload(("bomb.zip", bomb)).action_import()

    def test_damaged_archives_are_refused_in_words(self):
        for kind in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            whole = self._zip(("a.RET", os.urandom(3000)), kind=kind)
            for place in range(35, 2900, 250):
                damaged = bytearray(whole)
                damaged[place] ^= 0xFF
                with self.subTest(kind=kind, place=place), self.assertRaises(UserError):
                    self._upload(("a.zip", bytes(damaged))).action_import()

    def test_members_leave_no_folder(self):
        data = self._zip(("../../../../etc/CB.RET", self._build()))
        dialog = self._upload(("a.zip", data))
        action = dialog.action_import()
        file = self.files.browse(action["res_id"])
        self.assertEqual(file.filename, "CB.RET")

    def test_archive_within_an_archive_is_not_opened(self):
        inner = self._zip(("CB.RET", self._build()))
        with self.assertRaises(UserError):
            self._upload(("a.zip", self._zip(("b.zip", inner)))).action_import()

    def test_file_far_too_large_is_refused(self):
        self.startPatcher(patch.object(collection_return_import, "MAX_BYTES", 1000))
        with self.assertRaisesRegex(UserError, "at most"):
            self._upload(("CB.RET", b"x" * 1001)).action_import()

    def test_name_of_an_upload_leads_nowhere(self):
        dialog = self._upload(("../../web/session/logout?x=", self._build()))
        file = self.files.browse(dialog.action_import()["res_id"])
        self.assertEqual(file.filename, "logout_x_")


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderRemittance(CollectionCase):
    """What goes to the bank: names with lines of their own, files over others'."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-03-02 12:00:00"))
        super().setUpClass()
        cls.data_dir = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.startClassPatcher(
            patch.dict(config.options, {"data_dir": str(cls.data_dir)})
        )

    def _generate(self, account):
        """Return the bytes of a file that registers the boleto of a strange payer."""
        self.company.contract_payment_mode_id = self._create_payment_mode(account)
        partner = self._create_customer(
            "Ana\r\n9" + "9" * 30,
            street="Rua A\x1a\x85\x0c, 1\n2",
            street2="\r\n",
            city="Curitiba\r\n",
        )
        self._bill_contract(date(2026, 3, 10), partner=partner)
        return self.env["collection.remittance"]._start(account)

    def test_name_of_a_payer_makes_no_line(self):
        for bank, layout in (
            ("341", "cnab400"),
            ("756", "cnab400"),
            ("756", "cnab240"),
        ):
            with self.subTest(bank=bank, layout=layout):
                account = self._create_account(bank, layout=layout)
                remittance = self._generate(account)
                self.assertEqual(remittance.state, "generated", remittance.message)
                content = base64.b64decode(remittance.content)
                width = 400 if layout == "cnab400" else 240
                lines = content.removesuffix(b"\x1a").removesuffix(b"\r\n")
                lengths = {len(line) for line in lines.split(b"\r\n")}
                self.assertEqual(lengths, {width})
                self.assertNotRegex(content.replace(b"\r\n", b""), rb"[\x00-\x1f]")

    def test_key_or_digit_makes_no_line_of_a_payment(self):
        for values in (
            {"pix_kind": "email", "pix_key": "a@b.br\r\n75600013"},
            {"agency_digit": "\n"},
            {"account_digit": "\r"},
        ):
            with self.subTest(values=values), self.assertRaises(ValueError):
                write_payments(sender(), [order(1, "9.90", **values)], 1, NOW)
        content = write_payments(
            sender(), [order(1, "9.90", name="Ana\r\n7560001", day=DAY)], 1, NOW
        )
        self.assertEqual({len(line) for line in content.split(b"\r\n")}, {240, 0})

    def test_file_of_another_account_is_not_written_over(self):
        """Two accounts of a bank, the same folder, the same name of the file."""
        for _time in range(2):
            account = self._create_account("341", remittance_folder="banco")
            remittance = self._generate(account)
            path = account._get_remittance_path() / remittance.filename
            if not path.exists():
                remittance._deliver()
                first = path.read_bytes()
        with self.assertRaisesRegex(UserError, "lies there"):
            remittance._deliver()
        self.assertEqual(path.read_bytes(), first)
        self.assertEqual(remittance.state, "generated")

    def test_link_in_the_folder_is_not_followed(self):
        account = self._create_account("341", remittance_folder="links")
        remittance = self._generate(account)
        outside = self.data_dir / "fora.txt"
        outside.write_text("intacto")
        folder = account._get_remittance_path()
        (folder / f"{remittance.filename}.part").symlink_to(outside)
        remittance._deliver()
        self.assertEqual(outside.read_text(), "intacto")
