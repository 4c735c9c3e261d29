from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .agreement_common import AGREED, AgreementCase


@tagged("contract_recurring", "post_install", "-at_install")
class TestDebtAgreement(AgreementCase):
    """A debt becomes instalments; nothing is revenue twice, nothing is lost."""

    # === MAKING ===

    def test_amounts_and_dates_of_the_plan(self):
        agreement = self._agree()
        self.assertEqual(agreement.principal_amount, 199.80)
        self.assertEqual(agreement.fine_amount, 4.0)
        self.assertEqual(agreement.interest_amount, 2.03)
        self.assertEqual(agreement.total_amount, 205.83)
        # 205,83 ÷ 3 = 68,61
        self.assertEqual(agreement.instalment_ids.mapped("amount"), [68.61] * 3)
        self.assertEqual(
            agreement.instalment_ids.mapped("due_date"),
            [date(2026, 4, 30), date(2026, 5, 30), date(2026, 6, 30)],
        )
        self.assertEqual(agreement.state, "waiting")

    def test_instalments_are_invoices_and_originals_are_cleared(self):
        agreement = self._agree()
        moves = agreement.instalment_ids.move_id
        self.assertEqual(moves.mapped("move_type"), ["out_invoice"] * 3)
        self.assertEqual(set(moves.mapped("payment_state")), {"not_paid"})
        self.assertEqual(moves.mapped("amount_tax"), [0.0] * 3)
        self.assertEqual(moves.contract_charge_ids.contract_id, self.contract)
        self.assertEqual(set(self.originals.mapped("payment_state")), {"paid"})
        self.assertEqual(set(self.originals.mapped("is_renegotiated")), {True})
        self.assertEqual(self.contract._get_open_moves(), moves)
        self.assertLedgerIsInvoiced(self.contract)

    def test_revenue_is_not_doubled(self):
        income = self.income_account
        before = self._get_all(income)
        agreement = self._agree()
        account = self.company.agreement_account_id
        self.assertEqual(self._get_all(income), before)
        self.assertEqual(self._get_clearing_balance(), 0.0)
        lines = agreement.instalment_ids.move_id.invoice_line_ids
        self.assertEqual(lines.account_id, account)
        self.assertFalse(lines.tax_ids)
        # what Ana owes: her invoices, and fine and interest of 6,03
        self.assertEqual(self._get_balance(self.receivable), 205.83)

    def _get_all(self, account):
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        return sum(lines.mapped("balance"))

    def test_discount_is_taken_off_fine_and_interest(self):
        # half of 2,00; 1,53; 2,00; 0,50, each rounded half up: 1,00 0,77 1,00 0,25
        agreement = self._agree(discount=50)
        self.assertEqual(agreement.discount_amount, 3.01)
        self.assertEqual(agreement.total_amount, 202.82)
        self.assertEqual(
            sum(agreement.origin_ids.filtered("is_surcharge").mapped("amount")), 3.02
        )
        self.assertLedgerIsInvoiced(self.contract)
        texts = self.invoice.late_charge_ids.mapped("explanation_text")
        self.assertTrue(all("less 50% by agreement" in text for text in texts))

    def test_everything_let_off(self):
        agreement = self._agree(discount=100)
        self.assertEqual(agreement.total_amount, 199.80)
        self.assertFalse(agreement.origin_ids.filtered("is_surcharge"))
        self.assertEqual(
            set(self.originals.late_charge_ids.mapped("state")), {"exempt"}
        )
        agreement._break(AGREED)
        self.assertEqual(self.invoice._get_late_charges(AGREED), (2.0, 1.53))

    def test_entry_comes_first(self):
        agreement = self._agree(count=2, entry=50)
        # 205,83 − 50,00 = 155,83 in two
        self.assertEqual(
            agreement.instalment_ids.mapped("amount"), [50.0, 77.92, 77.91]
        )
        self.assertEqual(agreement.instalment_ids[0].due_date, AGREED)
        self.assertIn("Entry", agreement.instalment_ids[0].label)

    def test_due_dates_follow_the_bank_days_of_the_company(self):
        self.company.contract_due_date_rule = "weekdays"
        agreement = self._agree()
        # 30/05/2026 is a Saturday
        self.assertEqual(agreement.instalment_ids[1].due_date, date(2026, 6, 1))
        self.assertEqual(agreement.instalment_ids[2].due_date, date(2026, 6, 30))

    def test_part_paid_before_leaves_the_rest(self):
        self._pay(self.invoice, date(2026, 3, 10), 49.90)
        agreement = self._agree(moves=self.invoice, count=1)
        # 50,00; fine 1,00; 46 days of 50,00 × 1 % ÷ 30 = 0,77
        self.assertEqual(agreement.total_amount, 51.77)

    def test_event_is_written(self):
        agreement = self._agree()
        agreement._break(AGREED, "Customer gave up")
        first, last = self._get_events().sorted("id")
        self.assertIn(agreement.name, first.to_state)
        self.assertIn("3 ×", first.to_state)
        self.assertEqual(last.reason, "Customer gave up")
        self.assertIn("Broken", last.to_state)
        self.assertEqual(last.mrr_change, 0.0)

    def test_debt_of_two_contracts_is_one_invoice_for_each_instalment(self):
        other = self._create_contract(
            activation=date(2026, 4, 10),
            partner=self.contract.partner_id,
            plan=self._create_plan("TV", {self.television: 50.0}),
        )
        self._bill_month(date(2026, 4, 1))
        moves = self.originals | self._find_invoice(other, date(2026, 4, 10))
        agreement = self._agree(moves=moves, count=2)
        self.assertEqual(agreement.contract_ids, self.contract | other)
        # 199,80 + 50,00 + 6,03 + 1,00 + 0,25 = 257,08
        self.assertEqual(agreement.total_amount, 257.08)
        for part in agreement.instalment_ids:
            self.assertEqual(part.move_id.amount_total, 128.54)
            self.assertEqual(
                part.move_id.contract_charge_ids.contract_id, self.contract | other
            )
        agreement._break(AGREED)
        self.assertEqual(self._get_clearing_balance(), 0.0)
        self.assertEqual(set(moves.mapped("payment_state")), {"not_paid"})

    def test_late_instalment_bears_no_interest_on_interest(self):
        agreement = self._agree()
        part = agreement.instalment_ids[0]
        # 6,03 in three: 2,01 of 68,61 are fine and interest already
        self.assertEqual(part.surcharge_amount, 2.01)
        fine, interest = part.move_id._get_late_charges(date(2026, 5, 30))
        # 2 % of 66,60; 30 days of 66,60 × 1 % ÷ 30
        self.assertEqual((fine, interest), (1.33, 0.67))

    # === PAYING ===

    def test_paid_off(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, date(2026, 4, 30))
        self.assertEqual(agreement.state, "running")
        self.assertEqual(agreement.paid_amount, 68.61)
        self._pay_part(agreement, 2, date(2026, 4, 30))
        self._pay_part(agreement, 3, date(2026, 4, 30))
        self.assertEqual(agreement.state, "done")
        self.assertEqual(agreement.open_amount, 0.0)
        self.assertEqual(self._get_balance(self.receivable), 0.0)
        with self.assertRaises(UserError):
            agreement._break(AGREED)

    def test_a_payment_that_bounces_opens_the_agreement_again(self):
        agreement = self._agree(count=1)
        line = self._pay_part(agreement, 1, AGREED)
        self.assertEqual(agreement.state, "done")
        line.remove_move_reconcile()
        self.assertEqual(agreement.state, "waiting")
        self.assertFalse(agreement.ended_on)

    def test_part_of_an_instalment_is_no_first_payment(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED, 10.0)
        self.assertEqual(agreement.state, "waiting")
        self.assertEqual(agreement.paid_amount, 10.0)

    # === SERVICE ===

    def test_first_instalment_restores_the_service(self):
        self._restrict(self.contract, self.invoice, date(2026, 4, 20))
        self.assertEqual(self.contract.service_state, "blocked")
        agreement = self._agree(count=2, entry=50)
        # the signature alone does not (Res. Anatel 765/2023, art. 78)
        self.assertEqual(self.contract.service_state, "blocked")
        self.contract._refresh_service_state(AGREED)
        self.assertEqual(self.contract.service_state, "blocked")
        self.assertEqual(self.contract.overdue_state, "restricted")
        self._pay_part(agreement, 0, AGREED)
        self.assertEqual(self.contract.service_state, "full")

    def test_broken_agreement_blocks_again(self):
        self._restrict(self.contract, self.invoice, date(2026, 4, 20))
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED)
        self.assertEqual(self.contract.service_state, "full")
        agreement._break(AGREED)
        self.assertEqual(self.contract.service_state, "blocked")

    def test_bounced_first_instalment_blocks_again(self):
        self._restrict(self.contract, self.invoice, date(2026, 4, 20))
        agreement = self._agree()
        line = self._pay_part(agreement, 1, AGREED)
        line.remove_move_reconcile()
        self.assertEqual(self.contract.service_state, "blocked")

    # === BREAKING ===

    def test_broken_revives_the_debt_as_if_never_agreed(self):
        before = self._get_balance(self.receivable)
        agreement = self._agree(discount=50)
        agreement._break(AGREED)
        self.assertEqual(agreement.state, "broken")
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})
        self.assertEqual(self._get_balance(self.receivable), before)
        self.assertEqual(self._get_clearing_balance(), 0.0)
        self.assertEqual(self.invoice._get_late_charges(AGREED), (2.0, 1.53))
        self.assertEqual(self.contract._get_open_moves(), self.originals)
        self.assertLedgerIsInvoiced(self.contract)

    def test_what_was_paid_goes_to_the_oldest_principal(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED)
        agreement._break(date(2026, 5, 20))
        # 99,90 − 68,61
        self.assertEqual(self.invoice.amount_residual, 31.29)
        self.assertEqual(self.april.amount_residual, 99.90)
        self.assertEqual(agreement.instalment_ids[0].paid_amount, 68.61)
        self.assertEqual(agreement.paid_amount, 68.61)
        # fine and interest of March up to that payment: 2,00 + 1,53
        self.assertEqual(
            [row[1] for row in self._get_late() if row[2] == "billed"], [2.0, 1.53]
        )
        # and 20 days of 31,29 × 1 % ÷ 30 more
        self.assertEqual(self.invoice._get_late_charges(date(2026, 5, 15)), (0.0, 0.21))

    def test_what_was_paid_beyond_the_principal_pays_fine_and_interest(self):
        agreement = self._agree(moves=self.invoice, count=2, discount=0)
        # 99,90 + 3,53 = 103,43: 51,72 + 51,71
        self._pay_part(agreement, 1, AGREED)
        self._pay_part(agreement, 2, AGREED, 51.70)
        agreement._break(AGREED)
        self.assertEqual(self.invoice.payment_state, "paid")
        # 103,42 were paid: 3,52 of the 3,53 are settled
        self.assertEqual(
            round(sum(self._get_late_moves().mapped("amount_residual")), 2), 0.01
        )

    def test_late_charges_of_instalments_are_given_back(self):
        agreement = self._agree()
        with freeze_time("2026-05-20"):
            self._pay_part(agreement, 1, date(2026, 5, 20))
            first = agreement.instalment_ids[0].move_id
            self.assertTrue(self._get_late(first))
            agreement._break(date(2026, 5, 20))
        self.assertFalse(self._get_late(first))
        self.assertLedgerIsInvoiced(self.contract)
        # March's 99,90: fine 2,00 and 71 days of interest, 2,36
        self.assertEqual([row[1] for row in self._get_late()], [2.0, 2.36])

    def test_broken_in_a_closed_month(self):
        agreement = self._agree()
        with freeze_time("2026-06-20"):
            self.company.fiscalyear_lock_date = date(2026, 4, 30)
            agreement._break(date(2026, 6, 20))
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})

    def test_cron_breaks_what_is_overdue_for_too_long(self):
        self.company.agreement_break_days = 10
        agreement = self._agree(first_due=date(2026, 5, 9))
        # a Saturday: payable on the 11th, ten days more end on the 21st
        self.agreements._cron_break_agreements(date(2026, 5, 21))
        self.assertEqual(agreement.state, "waiting")
        self.agreements._cron_break_agreements(date(2026, 5, 22))
        self.assertEqual(agreement.state, "broken")
        self.assertEqual(agreement.ended_on, date(2026, 5, 22))
        self.assertIn("05/09/2026", agreement.end_reason)
        self.agreements._cron_break_agreements(date(2026, 5, 22))

    def test_one_that_cannot_be_broken_keeps_no_other(self):
        other = self._create_contract(
            activation=date(2026, 4, 10), partner=self._create_customer("Rui Melo")
        )
        self._bill_month(date(2026, 4, 1))
        first = self._agree()
        second = self._agree(moves=self._find_invoice(other, date(2026, 4, 10)))
        model = type(self.agreements)
        undo = model._undo

        def refuse(agreement, day):
            if agreement == first:
                raise LockError("locked")
            return undo(agreement, day)

        with (
            patch.object(model, "_undo", refuse),
            mute_logger(
                "odoo.addons.contract_recurring.models.contract_debt_agreement_undoing"
            ),
        ):
            self.agreements._cron_break_agreements(date(2026, 5, 30))
        self.assertEqual(first.state, "waiting")
        self.assertEqual(second.state, "broken")

    # === CANCELLING AND REPLACING ===

    def test_cancelled_agreement_is_undone_wholly(self):
        agreement = self._agree(entry=20, discount=10)
        agreement._cancel(AGREED)
        self.assertEqual(agreement.state, "cancelled")
        self.assertEqual(set(self.originals.mapped("payment_state")), {"not_paid"})
        self.assertEqual(self._get_clearing_balance(), 0.0)
        again = self._agree()
        self.assertEqual(again.total_amount, 205.83)

    def test_what_was_paid_on_cannot_be_cancelled(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED, 1.0)
        with self.assertRaisesRegex(UserError, "paid"):
            agreement._cancel(AGREED)

    def test_renegotiation_of_a_renegotiation_is_refused(self):
        agreement = self._agree()
        with self.assertRaisesRegex(UserError, agreement.name):
            self._agree(moves=agreement.instalment_ids[0].move_id)
        agreement._break(AGREED)
        self.assertEqual(self._agree().state, "waiting")

    def test_replaced_by_one_about_what_is_left(self):
        agreement = self._agree()
        self._pay_part(agreement, 1, AGREED)
        action = agreement.action_replace()
        self.assertEqual(agreement.state, "broken")
        form = Form(self.env["contract.renegotiate"].with_context(**action["context"]))
        form.instalment_count = 2
        wizard = form.save()
        self.assertEqual(wizard.principal_amount, 131.19)
        new = self.agreements.browse(wizard.action_agree()["res_id"])
        self.assertEqual(new.replaces_id, agreement)
        self.assertEqual(new.principal_amount, 131.19)

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
