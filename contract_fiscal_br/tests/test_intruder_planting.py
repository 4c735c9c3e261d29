from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .intruder_common import DAY, IntruderCase


@tagged("contract_fiscal_br", "post_install", "-at_install")
class TestIntruderPlanting(IntruderCase):
    """What one may write of one's own is turned against another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Terceira Ltda"})
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Banco",
                "code": "BCO9",
                "type": "bank",
                "company_id": cls.other.id,
            }
        )

    def test_account_goes_to_no_company_its_user_is_not_of(self):
        account = self._create_account("237").with_user(self.boss)
        values = {"company_id": self.other.id, "journal_id": self.journal.id}
        for name, field in account._fields.items():
            if field.comodel_name == "account.account":
                values[name] = False
        with self.assertRaises(AccessError):
            account.write(values)

    def test_account_with_boletos_stays_where_it_is(self):
        values = {"company_id": self.other.id, "journal_id": self.journal.id}
        with self.assertRaisesRegex(UserError, "has boletos of its company"):
            self.account.write(values)

    def test_nothing_goes_to_another_company(self):
        for name in ("customer.refund", "payment.booklet.run"):
            with self.subTest(model=name), self.assertRaises(UserError):
                self.kept[name].with_user(self.boss).company_id = self.other
        for name in ("direct.debit.authorization", "pix.mandate", "pix.refund"):
            with self.subTest(model=name), self.assertRaises(UserError):
                record = self.kept[name].with_user(self.boss)
                record.write({"company_id": self.other.id})

    def test_run_does_not_bill_another_company(self):
        runs = self.env["payment.booklet.run"].with_user(self.boss)
        with self.assertRaises(AccessError):
            runs.create({"company_id": self.other.id})
        bills = self.env["contract.billing.run"].with_user(self.boss)
        with self.assertRaises(AccessError):
            bills.create({"company_id": self.other.id, "date_from": DAY})
        run = bills.create({"date_from": DAY})
        with self.assertRaises(AccessError):
            run.company_id = self.other

    def test_event_of_another_company_is_given_to_nobody(self):
        """The stranger's Pix refund of our payment."""
        event = self.kept["pix.refund"].event_id
        refunds = self.env["pix.refund"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            refunds.create({"event_id": event.id, "amount": 1.0})

    def test_payment_mode_names_no_account_of_another_company(self):
        with self.assertRaises(UserError):
            self.env["account.payment.mode"].create(
                {
                    "name": "Boleto",
                    "company_id": self.other.id,
                    "bank_account_link": "variable",
                    "payment_method_id": self.env.ref(
                        "account.account_payment_method_manual_in"
                    ).id,
                    "collection_account_id": self.account.id,
                }
            )

    def test_no_boleto_collects_for_another_company(self):
        """By a way that checks nothing, such as an import into the database."""
        move = self.boleto_move
        self.title._withdraw("by_hand", "x")
        self.title.state = "cancelled"
        self.env.cr.execute(
            "UPDATE collection_account SET company_id = %s WHERE id = %s",
            [self.other.id, self.account.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "of another company than"):
            self.env["collection.title"]._issue(move, DAY)

    def test_several_companies_at_once_are_kept_apart(self):
        """With both companies active, an event pays no invoice of the other."""
        both = new_test_user(
            self.env,
            "both",
            "contract_recurring.group_contract_manager",
            company_id=self.other.id,
            company_ids=[Command.set((self.other | self.company).ids)],
        )
        event = self.event.with_user(both).with_context(
            allowed_company_ids=[self.other.id, self.company.id]
        )
        mine = self.boleto_move
        self.env.cr.execute(
            "UPDATE account_move SET company_id = %s WHERE id = %s",
            [self.other.id, mine.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "is not an open invoice"):
            event._apply(mine.partner_id, mine.with_env(event.env))

    # === NUMBERS ===

    def test_numbers_of_the_bank_are_not_given_twice(self):
        account = self.account.with_user(self.boss)
        for name in ("next_nosso_numero", "next_file_number"):
            with self.subTest(field=name), self.assertRaises(UserError):
                account[name] = 1

    def test_clerk_changes_no_account(self):
        for name in ("next_nosso_numero", "pix_key", "journal_id", "webhook_token"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.account.with_user(self.clerk).write({name: 5})

    def test_authorisation_is_not_authorised_by_writing(self):
        own = self.kept["direct.debit.authorization"].with_user(self.clerk)
        for values in (
            {"state": "authorised"},
            {"authorised_on": DAY},
            {"origin": "bank"},
            {"reason": "x"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                own.write(values)

    def test_signed_term_is_not_exchanged(self):
        own = self.kept["direct.debit.authorization"]
        own.write({"term": b"YXNzaW5hZG8=", "term_name": "termo.pdf"})
        own.with_user(self.clerk).write({"payer_vat": self.title.partner_id.vat})
        own.with_user(self.clerk).action_authorise()
        with self.assertRaisesRegex(UserError, "signed term"):
            own.with_user(self.clerk).term = b"Zm9yamFkbw=="
