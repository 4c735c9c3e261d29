from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ContractCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestContractHolder(ContractCase):
    """Another customer takes the contract over; what was, stays as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-04-15 15:00:00"))
        cls.contract = cls._create_contract(activation=date(2026, 4, 10))
        cls.heir = cls._create_customer("João Souza", street_name="Rua B")
        cls._bill_month(date(2026, 4, 1))
        cls.invoice = cls.contract._get_related_invoices()

    def test_open_invoices_stay_with_the_old_holder(self):
        self.contract._change_holder(self.heir, reason="sold the house")
        self.assertEqual(self.contract.partner_id, self.heir)
        self.assertEqual(self.contract.invoice_partner_id, self.heir)
        self.assertEqual(self.contract.street_name, "Rua B")
        self.assertEqual(self.invoice.state, "posted")
        self.assertEqual(self.invoice.partner_id, self.partner)
        self._bill_month(date(2026, 5, 1))
        may = self.contract._get_related_invoices() - self.invoice
        self.assertEqual(may.partner_id, self.heir)
        self.assertLedgerIsInvoiced(self.contract)

    def test_event_names_both(self):
        self.contract._change_holder(self.heir, reason="sold the house")
        event = self.contract.event_ids.sorted("id")[-1]
        self.assertEqual((event.kind, event.reason), ("holder", "sold the house"))
        self.assertEqual(
            (event.from_state, event.to_state), ("Maria da Silva", "João Souza")
        )
        self.assertEqual((event.mrr_before, event.mrr_change), (99.90, 0.0))

    def test_open_invoices_move_if_asked(self):
        """April (99.90) and May (99.90) are due with the new holder's May invoice."""
        self.contract._change_holder(self.heir, is_debt_moved=True)
        self.assertEqual(self.invoice.state, "cancel")
        self._bill_month(date(2026, 5, 1))
        may = self.contract.charge_ids.move_id
        self.assertEqual(may.partner_id, self.heir)
        self.assertAlmostEqual(may.amount_untaxed, 199.80)
        self.assertEqual(self.contract.charge_ids.partner_id, self.heir)
        self.assertLedgerIsInvoiced(self.contract)

    def test_paid_invoices_never_move(self):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        ).create({"amount": 10.0})._create_payments()
        self.contract._change_holder(self.heir, is_debt_moved=True)
        self.assertEqual(self.invoice.state, "posted")
        self.assertEqual(self.invoice.partner_id, self.partner)

    def test_pending_charges_follow(self):
        self.contract._end_lines(self.contract.contract_line_ids[:0], date(2026, 4, 20))
        faster = self._create_plan("Fibra 700", {self.internet: 129.90})
        self.contract._change_plan(faster, date(2026, 4, 20))
        pending = self.contract.charge_ids.filtered(lambda c: c.state == "pending")
        self.contract._change_holder(self.heir)
        self.assertEqual(pending.partner_id, self.heir)

    def test_own_address_stays(self):
        self.contract.write({"has_own_address": True, "street_name": "Rua A"})
        self.contract._change_holder(self.heir)
        self.assertEqual(self.contract.street_name, "Rua A")

    def test_fiscal_position_follows(self):
        old, new = self.env["account.fiscal.position"].create(
            [{"name": "Old"}, {"name": "New"}]
        )
        self.contract.fiscal_position_id = old
        self.heir.property_account_position_id = new
        self.contract._change_holder(self.heir)
        self.assertEqual(self.contract.fiscal_position_id, new)

    def test_transfer_to_oneself_is_refused(self):
        contact = self.env["res.partner"].create(
            {"name": "Maria, at work", "parent_id": self.partner.id}
        )
        for holder in (self.partner, contact):
            with self.assertRaisesRegex(UserError, "already"):
                self.contract._change_holder(holder)

    def test_only_a_contract_in_force_changes_its_holder(self):
        with self.assertRaisesRegex(UserError, "not in force"):
            self._create_contract()._change_holder(self.heir)

    def test_permissions(self):
        reader = self._create_user("reader", "group_contract_reader")
        operator = self._create_user("operator", "group_contract_operator")
        with self.assertRaises(AccessError):
            self.contract.with_user(reader)._change_holder(self.heir)
        with self.assertRaisesRegex(AccessError, "open invoices"):
            self.contract.with_user(operator)._change_holder(
                self.heir, is_debt_moved=True
            )
        self.assertEqual(self.contract.partner_id, self.partner)
        self.contract.with_user(operator)._change_holder(self.heir)
        self.assertEqual(self.contract.partner_id, self.heir)

    def test_new_customer_made_by_the_wizard(self):
        operator = self._create_user("operator", "group_contract_operator")
        wizards = (
            self.env["contract.change.holder"]
            .with_user(operator)
            .with_context(active_id=self.contract.id)
        )
        values = {
            "name": "Ana Lima",
            "vat": "529.982.247-25",
            "email": "ana@example.com",
            "street_name": "Rua C",
        }
        wizard = wizards.create(values)
        self.assertIn("99.90", wizard.preview)
        wizard.action_change_holder()
        holder = self.contract.partner_id
        self.assertEqual((holder.name, holder.email), ("Ana Lima", "ana@example.com"))
        self.assertEqual(self.contract.street_name, "Rua C")
        with self.assertRaisesRegex(UserError, "already registered"):
            wizards.create(values).action_change_holder()
        with self.assertRaisesRegex(UserError, "CPF or CNPJ"):
            wizards.create({"name": "No Number"}).action_change_holder()

    def test_existing_customer_chosen_in_the_wizard(self):
        self.env["contract.change.holder"].with_context(
            active_id=self.contract.id
        ).create(
            {"holder_kind": "existing", "partner_id": self.heir.id}
        ).action_change_holder()
        self.assertEqual(self.contract.partner_id, self.heir)
        self.assertIn(self.heir, self.contract.message_partner_ids)
        self.assertNotIn(self.partner, self.contract.message_partner_ids)

    def test_dialog_tells_beforehand_of_a_transfer_to_oneself(self):
        wizard = self.env["contract.change.holder"].new(
            {
                "contract_id": self.contract.id,
                "holder_kind": "existing",
                "partner_id": self.contract.partner_id.id,
            }
        )
        self.assertIn("holds this contract already", wizard.obstacle)
        wizard.partner_id = self._create_customer("Ana Outra")
        self.assertFalse(wizard.obstacle)
