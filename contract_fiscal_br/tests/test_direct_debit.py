from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.cnab150_reader import DebitOption
from .debit_common import DebitCase


@tagged("post_install", "-at_install")
class TestDirectDebit(DebitCase):
    # === AUTHORISATION ===

    def test_code_has_a_check_digit_and_is_never_used_twice(self):
        first = self._offer(self.contract)
        second = self._offer(self._create_contract())
        self.assertEqual(
            (first.debit_code, second.debit_code), ("000000019", "000000027")
        )

    def test_payer_is_the_holder_unless_said(self):
        authorization = self._offer(self.contract)
        self.assertEqual(authorization.payer_name, "Maria da Silva")
        self.assertEqual(authorization.payer_vat, "529.982.247-25")
        self.assertFalse(authorization.is_third_party)
        authorization.write({"payer_name": "José", "payer_vat": "390.533.447-05"})
        self.assertTrue(authorization.is_third_party)

    def test_wrong_cpf_of_the_payer_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no valid CPF or CNPJ"):
            self._offer(self.contract, payer_vat="390.533.447-06")

    def test_account_takes_what_the_layout_holds(self):
        authorization = self._offer(self.contract)
        for name, value in (("branch", "12345"), ("bank_account", "12-3")):
            with self.assertRaisesRegex(ValidationError, "without points or dashes"):
                authorization[name] = value

    def test_company_authorises_by_a_signed_term_alone(self):
        authorization = self._offer(
            self.contract, branch="4340", bank_account="6361692"
        )
        with self.assertRaisesRegex(UserError, "Attach the term"):
            authorization.action_authorise()
        authorization.term = b"JVBERi0="
        authorization.action_authorise()
        self.assertEqual(
            (authorization.state, authorization.origin), ("authorised", "company")
        )

    def test_incomplete_account_is_not_authorised(self):
        authorization = self._offer(self.contract, term=b"JVBERi0=")
        with self.assertRaisesRegex(UserError, "Branch"):
            authorization.action_authorise()

    def test_one_live_authorisation_for_a_contract(self):
        self._offer(self.contract)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._offer(self.contract)

    def test_state_follows_the_buttons_alone(self):
        authorization = self._offer(self.contract)
        clerk = self._create_user("debit_clerk", "group_contract_billing")
        with self.assertRaisesRegex(UserError, "buttons"):
            authorization.with_user(clerk).state = "authorised"

    def test_cancelling_tells_the_bank_once(self):
        authorization = self._authorise(self.contract)
        authorization.action_cancel()
        message = self.env["direct.debit.message"].search([])
        self.assertEqual(
            (message.kind, message.client_id, message.branch),
            ("exclusion", "000000019", "4340"),
        )
        with self.assertRaisesRegex(UserError, "already"):
            authorization.action_cancel()

    def test_new_holder_has_authorised_nothing(self):
        authorization = self._authorise(self.contract)
        self.contract._change_holder(self._create_customer("João Souza"))
        self.assertEqual(authorization.state, "cancelled")

    # === WHO SEES WHAT ===

    def test_reader_sees_the_account_masked(self):
        authorization = self._authorise(self.contract)
        reader = self._create_user("debit_reader", "group_contract_reader")
        seen = authorization.with_user(reader)
        self.assertEqual(seen.account_masked, "•••40 / ••••692")
        fields = seen.fields_get()
        self.assertNotIn("bank_account", fields)
        self.assertNotIn("branch", fields)

    def test_the_history_keeps_account_and_payer_masked(self):
        authorization = self._authorise(self.contract)
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = authorization.with_context(tracking_disable=False)
        tracked.write({"payer_vat": "111.444.777-35", "bank_account": "7472803"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = authorization.message_ids.tracking_value_ids
        told = [*values.mapped("old_value_char"), *values.mapped("new_value_char")]
        self.assertIn("•••••••••35", told)
        self.assertIn("•••40 / ••••803", told)
        digits = "".join(filter(str.isalnum, " ".join(filter(None, told))))
        self.assertNotIn("11144477735", digits)
        self.assertNotIn("7472803", digits)

    def test_other_company_sees_no_authorisation(self):
        authorization = self._authorise(self.contract)
        company = self.env["res.company"].create({"name": "Outra"})
        stranger = self._create_user("debit_stranger", "group_contract_manager")
        stranger.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        found = self.env["direct.debit.authorization"].with_user(stranger).search([])
        self.assertNotIn(authorization, found)
        with self.assertRaises(AccessError):
            authorization.with_user(stranger).read(["debit_code"])

    def test_reader_authorises_nothing(self):
        authorization = self._offer(self.contract)
        reader = self._create_user("debit_reader_2", "group_contract_reader")
        with self.assertRaisesRegex(UserError, "may not do this"):
            authorization.with_user(reader).action_authorise()
        with self.assertRaises(AccessError):
            authorization.with_user(reader).payer_name = "Outro"

    # === AT THE BANK ===

    def _option(self, code, is_in=True, day=date(2026, 3, 2), **values):
        return DebitOption(
            **{
                "line": 2,
                "client_id": code,
                "branch": "4340",
                "account": "987654",
                "day": day,
                "is_in": is_in,
                **values,
            }
        )

    def _take(self, *options):
        return self.env["direct.debit.authorization"]._take_options(
            self.debit_account, options
        )

    def test_customer_opts_in_at_the_bank(self):
        authorization = self._offer(self.contract)
        self.assertEqual(self._take(self._option("000000019")), authorization)
        self.assertEqual(
            (authorization.state, authorization.origin, authorization.bank_account),
            ("authorised", "bank", "987654"),
        )
        self.assertEqual(authorization.authorised_on, date(2026, 3, 2))
        self.assertFalse(self._take(self._option("000000019")))

    def test_customer_opts_out_at_the_bank(self):
        authorization = self._authorise(self.contract)
        self._take(self._option("000000019", False, date(2026, 3, 20)))
        self.assertEqual(authorization.state, "cancelled")
        self.assertFalse(self.env["direct.debit.message"].search([]))

    def test_older_option_changes_nothing(self):
        authorization = self._authorise(self.contract)
        self._take(self._option("000000019", False, date(2026, 1, 1)))
        self.assertEqual(authorization.state, "authorised")

    def test_unknown_code_is_refused_to_the_bank(self):
        self.assertFalse(self._take(self._option("777"), self._option("777")))
        message = self.env["direct.debit.message"].search([])
        self.assertEqual((message.kind, message.client_id), ("refusal", "777"))

    def test_later_bank_wins(self):
        first = self._authorise(self.contract)
        first.state = "cancelled"
        first.flush_recordset()
        other = self._create_debit_account("001", name="Débito BB", next_debit_code=5)
        second = self._offer(self.contract, account_id=other.id)
        self._take(self._option("000000019", day=date(2026, 4, 1)))
        self.assertEqual((first.state, second.state), ("authorised", "cancelled"))

    # === INVOICES ===

    def test_authorised_contract_is_debited(self):
        self._authorise(self.contract)
        move = self._bill(self.contract)
        title = move.collection_title_ids
        self.assertEqual(title.account_id, self.debit_account)
        self.assertFalse(title.barcode)
        # 10/03/2026 is a Tuesday
        self.assertEqual(
            (title.amount, title.debit_date, title.debit_attempt),
            (99.90, date(2026, 3, 10), 1),
        )

    def test_debit_falls_on_a_bank_day_the_file_reaches(self):
        Title = self.env["collection.title"]
        for due, today, expected in (
            # Tiradentes, a Tuesday
            (date(2026, 4, 21), date(2026, 4, 1), date(2026, 4, 22)),
            # too late: two bank days after Friday 17/04
            (date(2026, 4, 18), date(2026, 4, 17), date(2026, 4, 22)),
        ):
            self.assertEqual(
                Title._get_debit_date(self.debit_account, due, today), expected
            )

    def test_contract_not_authorised_gets_a_boleto(self):
        self._offer(self.contract)
        move = self._bill(self.contract)
        self.assertEqual(move.collection_title_ids.account_id, self.account)
        self.assertTrue(move.collection_title_ids.barcode)

    def test_nobody_authorised_and_no_boleto_agreed_is_listed(self):
        self.debit_account.debit_fallback_mode_id = False
        move = self._bill(self.contract)
        self.assertFalse(move.collection_title_ids)
        self.assertIn("nobody has authorised", move.boleto_obstacle)

    def test_cancelled_before_the_file_gets_a_boleto(self):
        authorization = self._authorise(self.contract)
        move = self._bill(self.contract)
        debit = move.collection_title_ids
        authorization.action_cancel()
        boleto = move.collection_title_ids - debit
        self.assertEqual(debit.state, "cancelled")
        self.assertEqual(debit.instruction_ids.state, "cancelled")
        self.assertEqual(boleto.account_id, self.account)
        self.assertTrue(boleto.barcode)

    def test_debit_is_not_changed_at_the_bank(self):
        self._authorise(self.contract)
        title = self._bill(self.contract).collection_title_ids
        with self.assertRaisesRegex(UserError, "Write it off"):
            title._instruct("change_amount", amount=1.0)

    def test_agreement_is_asked_for(self):
        with self.assertRaisesRegex(UserError, "agreement"):
            self._create_debit_account("756", agreement=False)
