from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_charging import TODAY, ChargingCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestDebits(ChargingCase):
    """Which charges and periods are on the invoice, and how it prints."""

    def _get_totals(self, month):
        self._bill_month(date(2026, month, 1))
        moves = self.contract.charge_ids.move_id.filtered(
            lambda move: move.invoice_date_due == date(2026, month, 10)
        )
        return sorted(moves.mapped("amount_total"))

    # === KINDS (S004-64) ===

    def test_a_sale_gets_an_invoice_of_its_own(self):
        self.contract.debit_kinds = "periods_late"
        self._sell()
        self.assertEqual(self._get_totals(5), [99.90, 150.0])
        self.assertLedgerIsInvoiced(self.contract)

    def test_fine_and_interest_get_an_invoice_of_their_own(self):
        """Due 10/04, billed on 01/05: fine 2.00, 21 days of 1 %/30: 0.70."""
        self.contract.is_overdue_interest_included = True
        self.contract.debit_kinds = "periods_sales"
        self._sell()
        self.assertEqual(self._get_totals(5), [2.70, 249.90])

    def test_periods_only(self):
        self.contract.debit_kinds = "periods"
        self._sell()
        self.contract._charge_amount("Courtesy", -20.0, "Long wait", TODAY)
        # a credit lowers what is owed every month
        self.assertEqual(self._get_totals(5), [79.90, 150.0])

    def test_a_new_contract_does_as_its_plan(self):
        self.plan.debit_kinds, self.plan.debit_period = "periods", "current"
        contract = self._create_contract()
        self.assertEqual(contract.debit_kinds, "periods")
        self.assertEqual(contract.debit_period, "current")
        self.assertEqual(self.contract.debit_kinds, "all")

    def test_the_next_invoice_shows_both(self):
        self.contract.debit_kinds = "periods"
        self._sell()
        bills = self.contract._preview_next_invoice(TODAY)
        totals = sorted(round(bill["amount_total"], 2) for bill in bills)
        self.assertEqual(totals, [99.90, 150.0])

    # === PERIODS (S004-65) ===

    def test_all_that_waits_joins_the_invoice(self):
        # May was never billed
        self.assertEqual(self._get_totals(6), [199.80])

    def test_only_the_current_period(self):
        self.contract.debit_period = "current"
        self.assertEqual(self._get_totals(6), [99.90, 99.90])
        self.assertEqual(set(self._get_days_charged(self.contract).values()), {1})

    def test_a_late_sale_is_not_of_the_current_period(self):
        self.contract.debit_period = "current"
        self._sell()
        # due in May with its period, which was never billed
        self.assertEqual(self._get_totals(6), [99.90, 249.90])

    # === LAYOUT (S004-67) ===

    def _print(self, **values):
        layout = self.env["contract.invoice.layout"].create({"name": "Test", **values})
        self.contract.invoice_layout_id = layout
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", self.april.ids
        )
        return content.decode()

    def test_each_charge_explained_or_plain(self):
        charge = self.april.contract_charge_ids
        words = charge.explanation_text.split(" = ")[0]
        self.assertIn(words, self._print(lines_shown="explained"))
        paper = self._print(lines_shown="plain")
        self.assertIn("Internet 500 Mega", paper)
        self.assertNotIn(words, paper)

    def test_one_amount_for_each_contract(self):
        paper = self._print(lines_shown="by_contract")
        self.assertIn("Fibra 500", paper)
        self.assertNotIn("Internet 500 Mega", paper)

    def test_texts_with_placeholders(self):
        paper = self._print(
            text_above="Olá, {{ object.partner_id.name }}!",
            text_below="Vence em {{ format_date(object.invoice_date_due) }}",
        )
        self.assertIn("Olá, Maria da Silva!", paper)
        self.assertIn("Vence em", paper)
        self.assertIn("04/10/2026", paper)

    def test_a_broken_placeholder_is_refused(self):
        for text in (
            "{{ object.nothing }}",
            "{{ object.unlink() }}",
            "{{ object.access_token }}",
            "{{ object.name",
        ):
            with self.assertRaises(ValidationError):
                self._print(text_above=text)

    def test_a_translation_prints_no_more_than_the_text(self):
        """Odoo writes it in the name of the language its writer reads."""
        self.env["res.lang"]._activate_lang("pt_BR")
        layout = self.env["contract.invoice.layout"].create({"name": "Test"})
        with self.assertRaisesRegex(ValidationError, "object.unlink"):
            layout.update_field_translations(
                "text_above", {"en_US": "Hello", "pt_BR": "{{ object.unlink() }}"}
            )

    def test_the_nearest_layout_wins(self):
        layouts = self.env["contract.invoice.layout"]
        company, plan, own = (layouts.create({"name": n}) for n in ("C", "P", "O"))
        self.assertFalse(self.april._get_invoice_layout())
        self.company.contract_invoice_layout_id = company
        self.assertEqual(self.april._get_invoice_layout(), company)
        self.plan.invoice_layout_id = plan
        self.assertEqual(self.april._get_invoice_layout(), plan)
        self.contract.invoice_layout_id = own
        self.assertEqual(self.april._get_invoice_layout(), own)

    def test_only_managers_write_layouts(self):
        layout = self.env.ref("contract_recurring.invoice_layout_plain")
        for user in (self.operator, self.clerk):
            with self.assertRaises(AccessError):
                layout.with_user(user).write({"name": "x"})
        with self.assertRaises(UserError):
            layout.with_user(self.operator).unlink()
