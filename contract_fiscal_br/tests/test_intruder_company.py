from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .intruder_common import IntruderCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderCompany(IntruderCase):
    """A manager of another company, who has every permission there."""

    def _each(self, check):
        """Check every model with the record of it, as the stranger sees it."""
        for name, record in self.kept.items():
            self.env.invalidate_all()
            with self.subTest(model=name):
                check(record.with_user(self.stranger))

    def test_finds_nothing(self):
        def check(theirs):
            self.assertFalse(theirs.search([]))
            self.assertFalse(theirs.search_count([]))
            self.assertFalse(theirs.name_search(""))
            groups = theirs.formatted_read_group([], [], ["__count"])
            self.assertEqual(groups[0]["__count"], 0)

        self._each(check)

    def test_reads_nothing_by_id(self):
        def check(theirs):
            for read in (
                lambda record: record.read(["display_name"]),
                lambda record: record.web_read({"display_name": {}}),
                lambda record: record.export_data(["id"]),
                lambda record: record.copy(),
            ):
                with self.assertRaises(UserError):
                    read(theirs)

        self._each(check)

    def test_changes_nothing(self):
        def check(theirs):
            with self.assertRaises(UserError):
                theirs.write({"company_id": self.stranger.company_id.id})
            with self.assertRaises(UserError):
                theirs.unlink()

        before = self._take_stock()
        self._each(check)
        self.assertEqual(self._take_stock(), before)

    def test_reads_and_writes_no_message(self):
        def check(theirs):
            if "message_ids" not in theirs._fields:
                return
            messages = self.env["mail.message"].with_user(self.stranger)
            domain = [("model", "=", theirs._name), ("res_id", "=", theirs.id)]
            self.assertFalse(messages.search(domain))
            with self.assertRaises(AccessError):
                theirs.message_post(body="Olá")

        self._each(check)

    def test_reads_no_attachment(self):
        def check(theirs):
            attachments = self.env["ir.attachment"]
            domain = [("res_model", "=", theirs._name), ("res_field", "!=", False)]
            self.assertFalse(attachments.with_user(self.stranger).search(domain))
            for attachment in attachments.search(domain):
                with self.assertRaises(AccessError):
                    attachment.with_user(self.stranger).read(["raw"])

        self._each(check)

    def test_reader_gets_no_file_of_the_bank(self):
        """Of one's own company: the files, and the term with the payer's account."""
        self.kept["direct.debit.authorization"].term = b"YXNzaW5hZG8="
        models = [
            "collection.remittance",
            "collection.return.file",
            "customer.refund.file",
            "customer.refund.return",
            "direct.debit.authorization",
        ]
        domain = [("res_model", "in", models), ("res_field", "!=", False)]
        files = self.env["ir.attachment"].search(domain)
        self.assertEqual(sorted(set(files.mapped("res_model"))), models)
        reader = self._create_user("file_reader", "group_contract_reader")
        for file in files:
            with self.subTest(model=file.res_model), self.assertRaises(AccessError):
                file.with_user(reader).read(["raw"])
