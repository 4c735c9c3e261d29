from datetime import date
from unittest.mock import patch

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractCharge(ContractCase):
    """The ledger says what was billed, and the database keeps it right."""

    def setUp(self):
        super().setUp()
        self.contract = self._create_contract(activation=date(2026, 3, 17))
        self._bill_month(date(2026, 4, 1))
        self.charges = self.contract.charge_ids.sorted("period_start")

    def _copy_charge(self, charge, **values):
        return charge.copy_data()[0] | {
            "state": "pending",
            "move_id": False,
            "move_line_id": False,
            **values,
        }

    def test_lines_read_well_below_the_name_of_their_product(self):
        """Odoo shows the product, and below it the line without that name."""
        line = self.contract._get_related_invoices().invoice_line_ids[0]
        rest = line.name.replace(line.product_id.display_name, "").strip()
        self.assertRegex(rest, r"^\(.+ to .+\)")

    def test_charges_explain_themselves(self):
        prorata, full = self.charges
        self.assertEqual(prorata.kind, "prorata")
        self.assertIn("24 of 31 days", prorata.explanation_text)
        self.assertIn("77.34", prorata.explanation_text)
        self.assertEqual(full.kind, "recurring")
        self.assertIn("1 × ", full.explanation_text)
        self.assertIn("24 of 31 days", prorata.move_line_id.name)

    @mute_logger("odoo.sql_db")
    def test_a_period_is_charged_once_whatever_the_code_does(self):
        prorata, full = self.charges
        for charge, error in ((prorata, UniqueViolation), (full, UniqueViolation)):
            with self.assertRaises(error), self.env.cr.savepoint():
                self.env["contract.charge"].create(self._copy_charge(charge))

    @mute_logger("odoo.sql_db")
    def test_no_day_is_charged_twice_under_another_period(self):
        _prorata, full = self.charges
        values = self._copy_charge(full, kind="prorata", period_start=date(2026, 5, 9))
        values["period_end"] = date(2026, 5, 20)
        with self.assertRaises(ExclusionViolation), self.env.cr.savepoint():
            self.env["contract.charge"].create(values)

    @mute_logger("odoo.sql_db")
    def test_billed_means_there_is_an_invoice_line(self):
        values = self._copy_charge(
            self.charges[1],
            period_start=date(2026, 7, 10),
            period_end=date(2026, 8, 9),
            state="billed",
        )
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env["contract.charge"].create(values)

    def test_a_charge_is_billed_by_one_line(self):
        """Whoever calls the writer wrongly gets an error, not two invoices."""
        writer = self.env["contract.invoice.writer"]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            writer._invoice(self.charges, date(2026, 4, 1))
        other = self._create_contract(activation=date(2026, 6, 10))
        pending = other._create_charges(
            other._prepare_charges(date(2026, 6, 1), date(2026, 6, 30))[other]
        )
        twice = type(writer)._group
        with (
            patch.object(
                type(writer), "_group", lambda self, charges: twice(self, charges) * 2
            ),
            self.assertRaisesRegex(UserError, "billed already"),
            self.env.cr.savepoint(),
        ):
            writer._invoice(pending, date(2026, 6, 1))

    def test_lines_follow_the_ledger(self):
        line = self.contract.contract_line_ids
        self.assertEqual(line.last_date_invoiced, date(2026, 5, 9))
        self.assertEqual(line.recurring_next_date, date(2026, 5, 10))
        self.assertEqual(self.contract.recurring_next_date, date(2026, 5, 10))

    def test_charges_are_never_deleted(self):
        with self.assertRaises(UserError):
            self.charges.unlink()

    def test_billed_charge_cannot_be_cancelled(self):
        with self.assertRaisesRegex(UserError, "Cancel the invoice first"):
            self.charges.action_cancel()

    def test_cancelled_invoice_makes_its_charges_due_again(self):
        move = self.charges.move_id
        move.button_draft()
        move.button_cancel()
        self.assertEqual(set(self.charges.mapped("state")), {"pending"})
        run = self._bill_month(date(2026, 4, 1))
        self.assertEqual(run.done_count, 1)
        self.assertEqual(set(self.charges.mapped("state")), {"billed"})
        self.assertNotEqual(self.charges.move_id, move)
        self.assertEqual(len(self.contract.charge_ids), 2, "the same charges")
        self.assertLedgerIsInvoiced(self.contract)

    def test_cancelled_charge_frees_its_period(self):
        self.charges.move_id.button_draft()
        self.charges.move_id.button_cancel()
        self.charges[1].action_cancel()
        line = self.contract.contract_line_ids
        self.assertEqual(line.last_date_invoiced, date(2026, 4, 9))
        self.assertEqual(self.contract.recurring_next_date, date(2026, 4, 10))

    def test_invoice_line_keeps_the_amount_of_its_charge(self):
        move = self.charges.move_id
        move.button_draft()
        with self.assertRaisesRegex(UserError, "bills a charge"):
            move.invoice_line_ids[0].price_unit = 1.0
        move.invoice_line_ids[0].name = "Another wording is fine"
        move.action_post()
        self.assertLedgerIsInvoiced(self.contract)
