import base64
import doctest
import io
import os
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import config

from ..tools import return_header
from .cnab400_builder import Title, build
from .settle_common import SettleCase


class ReturnFileCase(SettleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["collection.return.file"]
        cls.clerk = cls._create_user("clerk", "group_contract_billing")

    @classmethod
    def _line(cls, title, occurrence="06", number=None, **values):
        """Return a line of Itaú's file: paid in full, a fee of 1,00 kept back."""
        # the check digit of number 5
        check = title.nosso_numero_full[-1] if title else "7"
        values = {"amount": "99.90", "received": "98.90", "fee": "1.00"} | values
        return Title(
            occurrence,
            number or int(title.nosso_numero),
            check,
            date="100326",
            credit="110326",
            **values,
        )

    @classmethod
    def _build(cls, *lines, **values):
        return build("341", list(lines) or [cls._line(cls.title)], **values)

    def _import(self, data, name="CB100326.RET", **values):
        return self.files.with_user(self.clerk)._import(data, name, **values)


@tagged("post_install", "-at_install")
class TestReturnFile(ReturnFileCase):
    """Return files are taken whole, once, and settled in batches."""

    def test_examples(self):
        self.assertFalse(doctest.testmod(return_header).failed)

    def test_file_settles_its_payments(self):
        file = self._import(self._build())
        self.assertEqual((file.account_id, file.bank), (self.account, "341"))
        self.assertEqual((file.state, file.told_count), ("done", 1))
        self.assertEqual(file.item_ids.outcome, "settled")
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual((file.paid_total, file.fee_total), (99.90, 1.00))
        self.assertIn("CB100326.RET", file.item_ids.sudo().posted_line_ids.move_id.ref)

    def test_exact_bytes_are_kept(self):
        data = self._build()
        file = self._import(data)
        self.assertEqual(base64.b64decode(file.sudo().content), data)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", file._name),
                ("res_id", "=", file.id),
                ("res_field", "=", "content"),
            ]
        )
        # personal data, which nobody searches: not in the database as well
        self.assertFalse(attachment.index_content)

    def test_same_bytes_give_the_first_import(self):
        data = self._build()
        file = self._import(data)
        count = self.env["account.move"].search_count([])
        self.assertEqual(self._import(data, "again.RET"), file)
        self.assertEqual(self.env["account.move"].search_count([]), count)

    def test_same_content_in_other_bytes_posts_nothing(self):
        self._import(self._build())
        count = self.env["account.move"].search_count([])
        data = self._build()
        again = self._import(data + b"\x1a")
        self.assertEqual((again.told_count, again.known_count), (1, 1))
        self.assertFalse(again.item_ids)
        self.assertEqual(again.state, "done")
        self.assertTrue(again.repeats_id)
        self.assertIn("had used number", again.warning)
        self.assertEqual(self.env["account.move"].search_count([]), count)

    def test_two_equal_lines_are_two_payments(self):
        file = self._import(self._build(self._line(self.title), self._line(self.title)))
        self.assertEqual(
            sorted(file.item_ids.mapped("outcome")), ["second_payment", "settled"]
        )

    def test_gap_in_the_banks_numbers_is_told(self):
        self._import(self._build(file_number=7))
        later = self._import(
            self._build(self._line(None, number=5), file_number=10, created="130326")
        )
        self.assertIn("8–9", later.warning)

    def test_damaged_file_leaves_nothing(self):
        data = self._build()
        for damaged in (data[:-402], data[:500], b"", b"%PDF-1.4", b"PK\x03\x04zip"):
            with self.subTest(damaged[:8]), self.assertRaises(UserError):
                self._import(damaged)
        self.assertFalse(self.files.search([]))
        self.assertEqual(self.move.payment_state, "not_paid")

    def test_file_of_another_account_is_refused_and_both_named(self):
        self.account.account_number = "54321"
        with self.assertRaisesRegex(UserError, "12345.*54321"):
            self._import(self._build())

    def test_file_of_a_bank_without_an_account_is_refused(self):
        with self.assertRaisesRegex(UserError, "bank 237"):
            self._import(build("237", [Title("06", 1, "1", received="100.00")]))

    def test_header_tells_which_of_two_accounts(self):
        other = self._create_account("341", account_number="54321", account_digit="0")
        file = self._import(self._build())
        self.assertEqual(file.account_id, self.account)
        self.assertFalse(
            other.env["collection.event"].search([("account_id", "=", other.id)])
        )

    def test_file_of_an_archived_account_is_taken(self):
        """Its boletos can be paid for months yet."""
        self.account.action_archive()
        file = self._import(self._build())
        self.assertEqual(file.item_ids.outcome, "settled")

    def test_archived_account_makes_room_for_the_one_in_use(self):
        self.account.action_archive()
        new = self._create_account("341", name="Nova")
        self.assertEqual(self._import(self._build()).account_id, new)

    def test_report_in_an_offices_words(self):
        file = self._import(
            self._build(
                self._line(self.title),
                self._line(self.title),
                self._line(None, number=5),
            )
        )
        report = file._get_report()
        self.assertEqual(len(report["look"]), 2)
        self.assertIn("paid twice", " ".join(report["look"]))
        # three of 99,90 less three fees of 1,00
        self.assertEqual(
            file._list_days(), [(date(2026, 3, 11), 3, 299.70, 3.00, 296.70)]
        )
        self.assertIn("Paid twice", file.report_html)
        target = io.BytesIO()
        file._write_xlsx(target)
        self.assertTrue(target.getvalue().startswith(b"PK"))

    def test_report_has_what_the_statement_will_have(self):
        """99,90 less a fee of 1,00, a registration that cost 1,50, and a code of which
        nobody knows whether its 5,00 and 2,10 are money."""
        money = self.bank_journal.default_account_id
        before = self._get_balance(money)
        file = self._import(
            self._build(
                self._line(self.title),
                self._line(self.title, "02", received="0", fee="1.50"),
                self._line(self.title, "66", received="5.00", fee="2.10"),
            )
        )
        self.assertEqual(
            file._list_days(), [(date(2026, 3, 11), 1, 99.90, 2.50, 97.40)]
        )
        self.assertEqual((file.fee_total, file.net_total), (2.50, 97.40))
        self.assertAlmostEqual(self._get_balance(money) - before, 97.40, 2)
        unknown = file.item_ids.filtered(lambda event: event.kind == "unknown")
        self.assertTrue(unknown.to_look)

    def test_report_prints(self):
        file = self._import(self._build(self._line(self.title), self._line(self.title)))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "contract_fiscal_br.report_collection_return_pages", file.ids
        )
        self.assertIn("paid twice", html.decode())
        self.assertIn(file.name, html.decode())

    def test_statement_shows_what_the_report_says(self):
        file = self._import(self._build())
        money = self.bank_journal.default_account_id
        line = file.item_ids.sudo().posted_line_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == money
        )
        self.assertEqual((line.date, line.balance), (date(2026, 3, 11), 98.90))

    # === MANY ===

    def _open_import(self, files, **values):
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create([{"name": name, "raw": data} for name, data in files])
        )
        wizard = self.env["collection.return.import"].with_user(self.clerk)
        return wizard.create({"attachment_ids": attachments.ids, **values})

    def test_many_files_and_archives_each_for_itself(self):
        good = self._build()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("day/CB1.RET", good)
            packed.writestr("CB2.RET", good + b"\x1a")
        wizard = self._open_import(
            [("all.zip", archive.getvalue()), ("notes.pdf", b"%PDF-1.4"), ("a", good)]
        )
        wizard.action_import()
        self.assertEqual(
            [(line.name, line.state) for line in wizard.line_ids],
            [
                ("CB1.RET", "imported"),
                ("CB2.RET", "imported"),
                ("notes.pdf", "refused"),
                ("a", "known"),
            ],
        )
        self.assertIn("PDF", wizard.line_ids[2].message)
        self.assertEqual(self.move.payment_state, "paid")

    def test_single_file_opens_itself(self):
        action = self._open_import([("CB1.RET", self._build())]).action_import()
        self.assertEqual(action["res_model"], "collection.return.file")

    def test_damaged_archive_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be unpacked"):
            self._open_import([("a.zip", b"PK\x03\x04broken")]).action_import()

    def test_archive_far_too_large_is_refused(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("zeros.RET", b"0" * (51 * 2**20))
        with self.assertRaisesRegex(UserError, "51 MB"):
            self._open_import([("a.zip", archive.getvalue())]).action_import()

    def test_only_billing_imports(self):
        reader = self._create_user("reader", "group_contract_reader")
        with self.assertRaises(AccessError):
            self.env["collection.return.import"].with_user(reader).create({})
        with self.assertRaisesRegex(UserError, "Ask a manager"):
            self.files.with_user(reader)._check_importer()
        file = self._import(self._build())
        with self.assertRaises(AccessError):
            file.with_user(reader).read(["content"])

    def test_clerk_of_another_company_imports_nothing(self):
        other = self.env["res.company"].create({"name": "Outro Provedor"})
        data = self._build()
        file = self._import(data)
        self.clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        files = self.files.with_user(self.clerk).with_company(other)
        self.assertFalse(files.search([]))
        with self.assertRaisesRegex(UserError, "no collection account"):
            files._import(data, "stolen.RET")
        with self.assertRaises(AccessError):
            file.with_user(self.clerk).with_company(other).read(["content"])

    # === BATCHES ===

    def test_batches_are_jobs(self):
        lines = [self._line(self.title) for _number in range(5)]
        files = self.files.with_context(queue_job__no_delay=False)
        with patch.object(type(files), "_batch_size", 2):
            file = files._import(self._build(*lines), "CB.RET")
        jobs = self.env["queue.job"].search(
            [("model_name", "=", file._name), ("method_name", "=", "_process")]
        )
        self.assertEqual(len(jobs), 3)
        self.assertEqual((file.state, file.pending_count), ("running", 5))
        file._process(file.item_ids.ids[:2])
        self.assertEqual((file.progress_percent, file.done_count), (40.0, 2))
        for _time in range(2):
            file._process(file.item_ids.ids)
        file._finish()
        self.assertEqual((file.state, file.done_count), ("done", 5))
        money = self.bank_journal.default_account_id
        # five of 98,90 and February's 99,90
        self.assertEqual(self._get_balance(money), 594.40)

    def test_run_that_lost_its_jobs_is_taken_up(self):
        with patch.object(type(self.files), "_enqueue"):
            file = self.files._import(self._build(), "CB.RET")
        self.assertEqual(file.state, "running")
        self.files._cron_resume()
        self.assertEqual((file.state, self.move.payment_state), ("done", "paid"))


@tagged("post_install", "-at_install")
class TestReturnFolder(ReturnFileCase):
    """Another program puts the files into a folder."""

    def setUp(self):
        super().setUp()
        root = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(patch.dict(config.options, {"data_dir": root}))
        self.account.return_folder = "itau"
        self.folder = self.account._get_return_folder()
        self.folder.mkdir(parents=True)

    def _put(self, name, data, age=60):
        path = self.folder / name
        path.write_bytes(data)
        os.utime(path, (time.time() - age,) * 2)

    def _run_cron(self):
        # `freeze_time` holds the clock that the age of a file is told by
        module = (
            "odoo.addons.contract_fiscal_br.models.collection_account_return_folder"
        )
        at_once = patch.object(
            type(self.account), "_after_commit", lambda self, move: move()
        )
        with patch(f"{module}._get_now", time.time), at_once:
            for path in self.account._list_folder():
                self.account._import_path(path)

    def _list(self, folder="."):
        return sorted(p.name for p in (self.folder / folder).iterdir() if p.is_file())

    def test_file_is_imported_and_moved(self):
        self._put("CB1.RET", self._build())
        self._run_cron()
        self.assertEqual(self.move.payment_state, "paid")
        self.assertEqual((self._list(), self._list("done")), ([], ["CB1.RET"]))

    def test_refused_file_is_moved_with_its_reason(self):
        self._put("CB1.RET", b"%PDF-1.4")
        self._run_cron()
        self.assertEqual(self._list("refused"), ["CB1.RET", "CB1.RET.txt"])
        reason = (self.folder / "refused" / "CB1.RET.txt").read_text()
        self.assertIn("PDF", reason)
        self.assertIn("CB1.RET was refused", self.account.message_ids[0].body)

    def test_file_waits_while_the_account_is_busy(self):
        """Billing holds the account for its numbers: that is no fault of the file."""
        self._put("CB1.RET", self._build())
        with patch.object(
            type(self.account), "lock_for_update", side_effect=LockError("held")
        ):
            self._run_cron()
        self.assertEqual(self._list(), ["CB1.RET"])
        self._run_cron()
        self.assertEqual(self.move.payment_state, "paid")

    def test_file_being_written_is_left_alone(self):
        self._put("CB1.RET", self._build(), age=0)
        self._run_cron()
        self.assertEqual(self._list(), ["CB1.RET"])

    def test_same_name_twice_keeps_both(self):
        for _time in range(2):
            self._put("CB1.RET", self._build())
            self._run_cron()
        self.assertEqual(len(self._list("done")), 2)
        self.assertEqual(self.files.search_count([]), 1)

    def test_folder_lies_below_the_data_directory(self):
        for folder in ("../../etc", "/etc", "itau/../../..", "."):
            with self.subTest(folder), self.assertRaises(ValidationError):
                self.account.return_folder = folder
        self.assertIn(Path(config["data_dir"]).resolve(), self.folder.parents)
