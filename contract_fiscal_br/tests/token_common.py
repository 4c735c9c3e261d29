from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command

from .common import CollectionCase


class TokenCase(CollectionCase):
    """A contract of R$ 99.90 charged to a card; the provider says what a test wants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = "maria@example.com"
        cls.provider = cls._create_provider(cls.company)
        cls.token = cls._create_token(cls.partner)
        cls.contract = cls._create_contract(
            date(2026, 3, 10),
            payment_token_id=cls.token.id,
            payment_token_since=date(2026, 3, 1),
        )
        cls._bill_month(date(2026, 3, 1))
        cls.move = cls.contract.charge_ids.move_id

    @classmethod
    def _create_provider(cls, company):
        method = cls.env.ref("payment.payment_method_unknown")
        provider = cls.env["payment.provider"].create(
            {
                "name": "Cartão",
                "code": "none",
                "state": "test",
                "company_id": company.id,
                "payment_method_ids": [Command.set(method.ids)],
                "allow_tokenization": True,
            }
        )
        # only a method that a provider supports can be active
        method.write({"active": True, "support_tokenization": True})
        if company == cls.company:
            line = cls.env["account.payment.method.line"].create(
                {
                    "payment_method_id": cls.env.ref(
                        "account.account_payment_method_manual_in"
                    ).id,
                    "journal_id": cls.bank_journal.id,
                    "payment_provider_id": provider.id,
                    "payment_account_id": cls.bank_journal.default_account_id.id,
                }
            )
            provider.journal_id = line.journal_id
        return provider

    @classmethod
    def _create_token(cls, partner, provider=None):
        provider = provider or cls.provider
        return cls.env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "payment_details": "1234",
                "partner_id": partner.id,
                "provider_ref": "tok_1",
            }
        )

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())
        self.answer = "done"
        self.calls = []
        self.startPatcher(
            patch.object(
                self.env.registry["payment.transaction"],
                "_send_payment_request",
                self._get_fake_request(),
            )
        )

    def _get_fake_request(self):
        case = self

        def _send_payment_request(transaction):
            case.calls.append(transaction.reference)
            case._give_answer(transaction)

        return _send_payment_request

    def _give_answer(self, transaction):
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer == "done":
            transaction._set_done()
        elif self.answer == "pending":
            transaction._set_pending()
        else:
            transaction._set_error(self.answer)

    def _run_day(self, day):
        with freeze_time(f"{day} 15:00:00"):
            self.env["payment.token.charge"]._cron_charge_saved_methods(day)

    def _get_charges(self):
        return self.env["payment.token.charge"].search(
            [("move_id", "=", self.move.id)], order="attempt"
        )
