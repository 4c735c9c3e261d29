from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from freezegun import freeze_time
from pycobranca.cnab.cnab240 import (
    RemessaAilos240,
    RemessaBancoBrasil240,
    RemessaCaixa240,
    RemessaSantander240,
    RemessaSicoob240,
    RemessaSicredi240,
)
from pycobranca.cnab.pagamento import Pagamento

from .common import CollectionCase

GOLDEN = Path(__file__).parent / "golden"

# 240 columns: bank -> the class of pycobranca its file is compared with.
REFERENCES = {
    "001": RemessaBancoBrasil240,
    "033": RemessaSantander240,
    "085": RemessaAilos240,
    "104": RemessaCaixa240,
    "748": RemessaSicredi240,
    "756": RemessaSicoob240,
}
BANKS_240 = tuple(REFERENCES)

# 09:30 in São Paulo
GENERATED_AT = datetime(2026, 3, 2, 12, 30, 15)


class Cnab240Case(CollectionCase):
    """A title of each bank that has files of 240 columns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.district = "Centro"
        cls.move = cls._bill_contract(date(2026, 3, 1))

    def _issue(self, bank, **values):
        """Return a title of a new account of the bank, and no other live one."""
        self.move.collection_title_ids.state = "cancelled"
        account = self._create_account(bank, layout="cnab240", **values)
        self.move.payment_mode_id = self._create_payment_mode(account)
        with freeze_time(GENERATED_AT):
            self.move.action_issue_boleto()
        title = self.move.collection_title_ids.filtered(lambda t: t._is_live())
        self.assertEqual(title.account_id, account)
        return title

    def _generate(self, account):
        with freeze_time(GENERATED_AT):
            return self.env["collection.remittance"]._start(account)

    def _read_lines(self, remittance):
        content = remittance.content and remittance.sudo()
        self.assertTrue(content)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "collection.remittance"),
                ("res_id", "=", remittance.id),
                ("res_field", "=", "content"),
            ]
        )
        return attachment.raw.decode("ascii").split("\r\n")

    def _write_reference(self, title):
        """Return the lines pycobranca would write for the title."""
        bank = title.account_id.bank
        account = title.account_id
        payer = title._get_payer()
        digits = "".join(c for c in title.nosso_numero_full if c.isalnum())
        payment = Pagamento(
            nosso_numero=self._get_reference_number(bank, title, digits),
            data_vencimento=title.due_date,
            valor=Decimal(str(title.amount)),
            documento_sacado=payer.document,
            nome_sacado=payer.name,
            endereco_sacado=payer.street,
            bairro_sacado=payer.district,
            cep_sacado=payer.zip,
            cidade_sacado=payer.city,
            uf_sacado=payer.state,
            data_emissao=title.issue_date,
            documento=title.document_number,
            codigo_multa="2",
            percentual_multa=title.late_fee_percent,
            tipo_mora="2",
            percentual_mora=title.late_interest_percent,
        )
        values = {
            "pagamentos": [payment],
            "empresa_mae": title.company_id.name,
            "agencia": account.agency,
            "conta_corrente": account.account_number,
            "digito_conta": account.account_digit or " ",
            "digito_agencia": account.agency_digit or " ",
            "carteira": account.wallet,
            "documento_cedente": title.company_id.partner_id.vat.translate(
                {ord(mark): None for mark in "./-"}
            ),
            "convenio": account.agreement or "",
            "data_geracao_fixa": "02032026",
            "hora_geracao_fixa": "093015",
        }
        if bank == "001":
            values["variacao"] = account.variation or ""
        if bank == "033":
            values["codigo_transmissao"] = "123400001234567"
        return REFERENCES[bank](**values).gera_arquivo().split("\r\n")

    def _get_reference_number(self, bank, title, digits):
        """pycobranca composes some numbers itself and takes others as they are."""
        return {
            "001": title.nosso_numero,
            "033": title.nosso_numero,
            "085": title.nosso_numero,
            "104": title.nosso_numero,
            "748": digits,
            "756": digits,
        }[bank]
