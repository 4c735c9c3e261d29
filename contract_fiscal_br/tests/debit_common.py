from datetime import date

from .common import CollectionCase


class DebitCase(CollectionCase):
    """A contract paid by direct debit, with boletos where that fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debit_account = cls._create_debit_account("756")
        cls.debit_account.debit_fallback_mode_id = cls._create_payment_mode(cls.account)
        cls.debit_mode = cls._create_payment_mode(cls.debit_account)
        cls.contract = cls._create_contract(
            date(2026, 3, 10), payment_mode_id=cls.debit_mode.id
        )

    @classmethod
    def _create_debit_account(cls, bank, **values):
        return cls.env["collection.account"].create(
            {
                "name": f"Débito {bank}",
                "bank": bank,
                "backend": "cnab_debit",
                "agreement": "4444",
                "journal_id": cls.bank_journal.id,
                **values,
            }
        )

    @classmethod
    def _offer(cls, contract, **values):
        """Return an authorisation that waits for the payer."""
        return cls.env["direct.debit.authorization"].create(
            {
                "contract_id": contract.id,
                "account_id": cls.debit_account.id,
                **values,
            }
        )

    @classmethod
    def _authorise(cls, contract, **values):
        authorization = cls._offer(
            contract, branch="4340", bank_account="6361692", **values
        )
        authorization._authorise("company", date(2026, 2, 20))
        return authorization

    @classmethod
    def _bill(cls, contract):
        """Return the invoice of March 2026, R$ 99.90 and due on the 10th."""
        cls._bill_month(date(2026, 3, 1))
        return contract.charge_ids.move_id
