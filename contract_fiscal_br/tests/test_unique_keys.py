from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .test_return_file import ReturnFileCase


@tagged("post_install", "-at_install")
class TestUniqueKeys(ReturnFileCase):
    """The database keeps once what is to be once, whatever the code forgets.

    Rows are copied beside the ORM, so that nothing else stands in the way.
    """

    def _copy_row(self, record, **changes):
        """Insert a row again, with other texts in some columns."""
        self.env.flush_all()
        names = [
            name
            for name, field in record._fields.items()
            if field.store and field.column_type and name != "id"
        ]
        values = [
            SQL("%s", changes[name]) if name in changes else SQL.identifier(name)
            for name in names
        ]
        table = SQL.identifier(record._table)
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s WHERE id = %s",
                table,
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values),
                table,
                record.id,
            )
        )

    def _assert_once(self, index, record, **changes):
        with self.assertRaises(UniqueViolation) as caught, mute_logger("odoo.sql_db"):
            self._copy_row(record, **changes)
        name = caught.exception.diag.constraint_name
        self.assertEqual(name, f"{record._table}_{index}")

    def test_what_a_bank_told(self):
        event = self._settle(self._paid(self.title))
        self._assert_once("identity_unique", event)
        self._copy_row(event, identity="another")

    def test_number_of_a_title(self):
        self._assert_once("nosso_numero_unique", self.title, state="cancelled")
        self._copy_row(self.title, nosso_numero="777", state="cancelled")

    def test_pix_of_a_title(self):
        self.title.txid = "a" * 32
        changes = {"nosso_numero": "777", "state": "cancelled"}
        self._assert_once("txid_unique", self.title, **changes)

    def test_title_an_invoice_is_to_be_paid_by(self):
        self._assert_once("one_live_title", self.title, nosso_numero="777")
        self._copy_row(self.title, nosso_numero="777", withdrawal="replaced")

    def test_instruction_that_waits(self):
        instruction = self.title.instruction_ids
        self._assert_once("one_pending", instruction)
        self._copy_row(instruction, state="sent")

    def test_number_of_a_remittance(self):
        remittance = self.env["collection.remittance"].create(
            {"account_id": self.account.id, "file_number": 7}
        )
        self._assert_once("file_number_unique", remittance)
        self._copy_row(remittance, file_number="8")

    def test_bytes_and_number_of_a_return(self):
        file = self._import(self._build(file_number=7)).sudo()
        self._assert_once("sha256_unique", file, file_number="8")
        self._assert_once("file_number_unique", file, sha256="another")
        self._copy_row(file, sha256="another", repeats_id=str(file.id))
