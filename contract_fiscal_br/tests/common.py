from datetime import date

from stdnum.br import cpf

from odoo.fields import Command

from odoo.addons.contract_recurring.tests.common import ContractCase

# What each bank asks for; numbers of banks' own manuals where they print one.
ACCOUNTS = {
    "001": {
        "agency": "1584",
        "agency_digit": "9",
        "account_number": "210169",
        "account_digit": "6",
        "wallet": "17",
        "agreement": "1234567",
        "variation": "019",
    },
    "033": {
        "agency": "1234",
        "account_number": "130012",
        "wallet": "101",
        "agreement": "1234567",
        "file_code": "12340123456700130012",
    },
    "041": {
        "agency": "1102",
        "account_number": "900015",
        "wallet": "1",
        "agreement": "9000150",
        "agreement_digit": "46",
    },
    "077": {
        "agency": "0001",
        "account_number": "1234567",
        "account_digit": "8",
        "wallet": "110",
        "agreement": "1234567",
    },
    "085": {
        "agency": "0101",
        "agency_digit": "1",
        "account_number": "0012345",
        "account_digit": "5",
        "wallet": "01",
        "agreement": "101004",
    },
    "104": {
        "agency": "1234",
        "account_number": "12345",
        "wallet": "14",
        "agreement": "123456",
    },
    "136": {
        "agency": "1234",
        "account_number": "12345678",
        "account_digit": "1",
        "wallet": "21",
    },
    "237": {
        "agency": "1172",
        "agency_digit": "0",
        "account_number": "0403005",
        "account_digit": "2",
        "wallet": "09",
        "agreement": "4540691",
    },
    "336": {
        "agency": "0001",
        "account_number": "1234567",
        "wallet": "20",
        "agreement": "123456789012",
    },
    "341": {
        "agency": "0057",
        "account_number": "12345",
        "account_digit": "7",
        "wallet": "109",
    },
    "422": {
        "agency": "0115",
        "agency_digit": "0",
        "account_number": "00002786",
        "account_digit": "8",
        "wallet": "2",
    },
    "748": {
        "agency": "0165",
        "account_number": "00623",
        "wallet": "1",
        "agreement": "00623",
        "post": "02",
        "id_byte": "2",
    },
    "756": {
        "agency": "4327",
        "account_number": "417270",
        "account_digit": "1",
        "wallet": "1",
        "agreement": "229385",
        "variation": "01",
    },
}


class CollectionCase(ContractCase):
    """A company whose contracts are paid by boletos."""

    _cpf_root = 301_000_000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write(
            {
                "name": "Provedor Exemplo Ltda",
                "vat": "11.222.333/0001-81",
                "city": "Curitiba",
            }
        )
        cls.partner.write(
            {
                "vat": "529.982.247-25",
                "street": "Rua das Flores, 12",
                "city": "Curitiba",
                "state_id": cls.env.ref("base.state_br_pr").id,
                "zip": "80010-000",
            }
        )
        cls.bank_journal = cls.env["account.journal"].create(
            {"name": "Banco", "code": "BCO1", "type": "bank"}
        )
        cls.account = cls._create_account("341")
        cls.company.contract_payment_mode_id = cls._create_payment_mode(cls.account)

    @classmethod
    def _create_customer(cls, name, **values):
        """Return a customer whom a bank would take as a payer."""
        address = {
            "vat": cls._take_cpf(),
            "street": "Rua das Flores, 12",
            "city": "Curitiba",
            "zip": "80010-000",
            "state_id": cls.env.ref("base.state_br_pr").id,
        }
        return super()._create_customer(name, **{**address, **values})

    @classmethod
    def _take_cpf(cls):
        """Return a valid CPF that no partner has."""
        cls._cpf_root += 1
        numbers = (f"{cls._cpf_root:09d}{digits:02d}" for digits in range(100))
        return cpf.format(next(filter(cpf.is_valid, numbers)))

    @classmethod
    def _create_account(cls, bank, **values):
        return cls.env["collection.account"].create(
            {
                "name": f"Cobrança {bank}",
                "bank": bank,
                "journal_id": cls.bank_journal.id,
                **ACCOUNTS[bank],
                **values,
            }
        )

    @classmethod
    def _create_payment_mode(cls, account):
        return cls.env["account.payment.mode"].create(
            {
                "name": account.name,
                "bank_account_link": "fixed",
                "fixed_journal_id": account.journal_id.id,
                "payment_method_id": cls.env.ref(
                    "account.account_payment_method_manual_in"
                ).id,
                "collection_account_id": account.id,
            }
        )

    @classmethod
    def _bill_contract(cls, activation, **values):
        """Return the first invoice of a new contract."""
        contract = cls._create_contract(activation, **values)
        cls._bill_month(activation)
        return contract.charge_ids.move_id

    @classmethod
    def _create_credit(cls, amount, partner=None):
        note = cls.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": (partner or cls.partner).id,
                "invoice_date": date(2026, 3, 1),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Devolução",
                            "price_unit": amount,
                            "account_id": cls.income_account.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        note.action_post()
        return note

    @classmethod
    def _get_receivable(cls, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
