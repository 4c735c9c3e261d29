from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .agreement_common import AGREED, AgreementCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestDebtAgreementDialog(AgreementCase):
    """Who may agree, about what, and what the dialog says beforehand."""

    # === GUARDS ===

    def test_what_an_agreement_stands_on_stays(self):
        agreement = self._agree()
        for move in (
            self.invoice,
            agreement.instalment_ids[0].move_id,
            agreement.clearing_move_id,
        ):
            with self.assertRaisesRegex(UserError, agreement.name):
                move.button_draft()
            with self.assertRaisesRegex(UserError, agreement.name):
                move.button_cancel()
        with self.assertRaisesRegex(UserError, agreement.name):
            self.invoice.line_ids.remove_move_reconcile()
        with self.assertRaises(UserError):
            agreement.unlink()

    def test_two_clerks_at_once(self):
        moves = type(self.invoice)
        with (
            patch.object(moves, "lock_for_update", side_effect=LockError("held")),
            self.assertRaisesRegex(UserError, "Somebody else"),
        ):
            self._agree()
        self._agree()
        with self.assertRaisesRegex(UserError, "belongs to the agreement"):
            self._agree()

    @mute_logger("odoo.sql_db")
    def test_database_keeps_one_agreement_about_an_invoice(self):
        agreement = self._agree()
        with self.assertRaises(IntegrityError):
            self.env["contract.debt.agreement.origin"].create(
                {
                    "agreement_id": agreement.id,
                    "move_id": self.invoice.id,
                    "due_date": self.invoice.invoice_date_due,
                }
            )

    def test_bad_input_leaves_nothing(self):
        rui = self._create_contract(
            activation=date(2026, 4, 10), partner=self._create_customer("Rui Melo")
        )
        self._bill_month(date(2026, 4, 1))
        mixed = self.originals | self._find_invoice(rui, date(2026, 4, 10))
        paid = self._find_invoice(self.contract, date(2026, 2, 10))
        cases = (
            ("Nothing is overdue", {"moves": self.env["account.move"]}),
            ("several customers", {"moves": mixed}),
            ("paid meanwhile", {"moves": self.originals | paid}),
            ("at least one instalment", {"count": 0}),
            ("as large as the debt", {"entry": 500}),
            ("due in the past", {"first_due": date(2026, 4, 24)}),
        )
        for words, values in cases:
            terms = {key: values[key] for key in values if key != "moves"}
            moves = values.get("moves", self.originals)
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self.agreements._agree(moves, self._terms(**terms), AGREED)
        self.assertFalse(self.agreements.search([]))
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})

    def test_another_currency_is_refused(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        other.active = True
        invoice = self.invoice
        with (
            patch.object(type(invoice), "_check_no_agreement", lambda _self: None),
            self.assertRaisesRegex(UserError, "another currency"),
        ):
            invoice.env.cache.set(invoice, invoice._fields["currency_id"], other.id)
            self.agreements._check_debt(invoice)
        invoice.invalidate_recordset(flush=False)

    def test_instalments_stay_with_who_agreed(self):
        agreement = self._agree()
        self.assertFalse(self.contract._get_invoices_to_move())
        self.contract._change_holder(
            self._create_customer("Rui Melo"), is_debt_moved=True
        )
        self.assertEqual(
            agreement.instalment_ids.move_id.partner_id, agreement.partner_id
        )

    # === DIALOG ===

    def _open(self, user=None):
        contract = self.contract.with_user(user) if user else self.contract
        action = contract.action_renegotiate()
        return Form(
            contract.env["contract.renegotiate"].with_context(**action["context"])
        )

    def test_dialog_shows_what_then_happens(self):
        form = self._open()
        self.assertEqual(form.move_ids[:], self.originals)
        self.assertEqual(form.total_amount, 205.83)
        form.first_due_date = date(2026, 4, 30)
        form.discount_percent = 50
        self.assertEqual(form.total_amount, 202.82)
        self.assertIn("67.61", form.preview)
        agreement = self.agreements.browse(form.save().action_agree()["res_id"])
        self.assertEqual(agreement.total_amount, 202.82)
        # 202,82 ÷ 3 = 67,60666…
        self.assertEqual(
            agreement.instalment_ids.mapped("amount"), [67.61, 67.61, 67.60]
        )

    def test_dialog_says_what_is_wrong(self):
        form = self._open()
        form.instalment_count = 0
        self.assertIn("at least one instalment", form.obstacle)
        self.assertFalse(form.preview)

    def test_dialog_offers_what_is_open_if_nothing_is_overdue(self):
        self._agree()
        self._bill_month(date(2026, 5, 1))
        form = self._open()
        self.assertIn("Nothing is overdue", form.obstacle)
        form.scope = "all"
        self.assertEqual(
            form.move_ids[:], self._find_invoice(self.contract, date(2026, 5, 10))
        )

    def test_paid_while_the_dialog_was_open(self):
        form = self._open()
        wizard = form.save()
        self._pay(self.april, AGREED, 10.0)
        with self.assertRaisesRegex(UserError, "changed since"):
            wizard.action_agree()
        self._pay(self.april, AGREED, 89.90)
        with self.assertRaisesRegex(UserError, "paid meanwhile"):
            wizard.action_agree()

    def test_dialog_from_customer_and_from_invoices(self):
        action = self.contract.partner_id.action_renegotiate()
        form = Form(self.env["contract.renegotiate"].with_context(**action["context"]))
        self.assertEqual(form.move_ids[:], self.originals)
        form = Form(
            self.env["contract.renegotiate"].with_context(
                active_model="account.move", active_ids=self.april.ids
            )
        )
        self.assertEqual(form.move_ids[:], self.april)
        self.assertEqual(form.principal_amount, 99.90)

    def test_smart_buttons(self):
        agreement = self._agree()
        self.assertEqual(self.contract.debt_agreement_count, 1)
        self.assertEqual(self.contract.partner_id.debt_agreement_count, 1)
        for record in (self.contract, self.contract.partner_id):
            domain = record.action_view_debt_agreements()["domain"]
            self.assertEqual(self.agreements.search(domain), agreement)
        self.assertEqual(self.invoice.agreement_id, agreement)

    # === RIGHTS ===

    def test_who_may_renegotiate(self):
        clerk = self._create_user("agree_clerk", "group_contract_billing")
        with self.assertRaises(AccessError):
            self.contract.with_user(clerk).action_renegotiate()
        with self.assertRaises(AccessError):
            self.agreements.with_user(clerk)._agree(
                self.originals, self._terms(), AGREED
            )
        self.assertFalse(
            self.env["contract.renegotiate"].with_user(clerk).has_access("create")
        )
        agreement = self._agree()
        for name in ("action_break", "action_cancel", "action_replace"):
            with self.assertRaises(AccessError):
                getattr(agreement.with_user(clerk), name)()
        self.assertEqual(agreement.with_user(clerk).state, "waiting")

    def test_clerk_with_the_right_gives_no_more_than_allowed(self):
        self.company.agreement_max_discount_percent = 20
        clerk = self._create_user("agree_clerk_2", "group_contract_billing")
        clerk.group_ids += self.env.ref("contract_recurring.group_contract_renegotiate")
        form = self._open(clerk)
        form.discount_percent = 21
        self.assertIn("needs a manager", form.obstacle)
        with self.assertRaises(AccessError):
            form.save().action_agree()
        form = self._open(clerk)
        form.discount_percent = 20
        agreement = self.agreements.browse(form.save().action_agree()["res_id"])
        self.assertEqual(agreement.user_id, clerk)
        agreement.with_user(clerk).action_cancel()
        self.assertEqual(agreement.state, "cancelled")
        manager = self._create_user("agree_manager", "group_contract_manager")
        form = self._open(manager)
        form.discount_percent = 100
        self.assertFalse(form.obstacle)

    def test_nobody_writes_agreements(self):
        agreement = self._agree()
        manager = self._create_user("agree_manager_2", "group_contract_manager")
        for record in (agreement, agreement.origin_ids[0], agreement.instalment_ids[0]):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(record.with_user(manager).has_access(operation))
        portal = new_test_user(self.env, "agree_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            agreement.with_user(portal).read(["name"])

    def test_another_company_is_invisible(self):
        agreement = self._agree()
        company = self.env["res.company"].create({"name": "Other Provider"})
        stranger = self._create_user("agree_stranger", "group_contract_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in (agreement, agreement.origin_ids[0], agreement.instalment_ids[0]):
            self.assertFalse(record.with_user(stranger).search([]))
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        with self.assertRaises(AccessError):
            agreement.with_user(stranger).action_break()

    # === PAPER ===

    def test_paper_states_debt_and_plan(self):
        agreement = self._agree(discount=50)
        text = str(agreement._render_print_text())
        for words in ("Ana Lima", "199", "202"):
            self.assertIn(words, text)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "contract_recurring.report_debt_agreement", agreement.ids
        )
        page = html.decode()
        for words in (agreement.name, self.invoice.name, "Ana Lima", "1/3"):
            self.assertIn(words, page.replace("</span>", "").replace("<span>", ""))

    def test_text_of_agreements_reads_agreements_alone(self):
        texts = self.env["contract.print.template"]
        with self.assertRaises(UserError):
            texts.create(
                {
                    "name": "Wrong",
                    "kind": "agreement",
                    "body": '<p><t t-out="object.due_day"/></p>',
                }
            )
        mine = texts.create(
            {
                "name": "Ours",
                "kind": "agreement",
                "company_id": self.company.id,
                "body": '<p><t t-out="object.total_amount"/></p>',
            }
        )
        agreement = self._agree()
        self.assertEqual(agreement._get_print_template(), mine)
        self.assertEqual(self.contract._get_print_template().kind, "contract")
