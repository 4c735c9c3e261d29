"""A remittance of CNAB 400: pycobranca's records, corrected for one bank."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import batched
from typing import NamedTuple

from pycobranca.cnab.pagamento import Pagamento

from .record_file import RecordFile

# Titles composed together.
CHUNK = 500


class Amount(NamedTuple):
    """What trailers ask a title for, in pycobranca's words."""

    valor: Decimal


class Adapter:
    """One bank's way; a subclass in the file beside this for each of them.

    pycobranca composes the columns, `correct` mends what it gets wrong, and records
    it has no words for (fines at Itaú and Banco do Brasil) are added.
    """

    # Class of pycobranca.cnab.cnab400.
    remittance = None
    # {kind of instruction: the bank's code}; others the bank does not take by file.
    codes: dict = {}
    # Digits of a nosso número that fit.
    number_digits = 0
    # Fields of the collection account without which no file can be written.
    account_fields: tuple = ()
    # Wallets of titles that the company numbers itself; none: any.
    wallets: tuple = ()

    def compose(
        self, beneficiary, orders, file_number: int, generated_on: date
    ) -> bytes:
        """Return the file.

        pycobranca wants all titles at once, several kilobytes each: it is given a few
        at a time, and for the trailer what their amounts are.

        :param orders: any iterable; read once
        :raise pycobranca.exceptions.BoletoInvalido: a value that does not fit
        """
        remittance = self.remittance(
            empresa_mae=beneficiary.name,
            documento_cedente=beneficiary.document,
            sequencial_remessa=str(file_number),
            data_geracao=generated_on,
            **self.prepare_account(beneficiary),
        )
        file = RecordFile()
        amounts = []
        for some in batched(orders, CHUNK):
            remittance.pagamentos = [self.prepare_payment(order) for order in some]
            header, *lines, _trailer = remittance.gera_arquivo().splitlines()
            if not amounts:
                file.add(self.correct_header(header, beneficiary))
            for line, order in zip(lines, some, strict=True):
                file.add(self.correct_title(line, order, beneficiary))
                file.add(*self.get_companions(order))
            amounts += [Amount(title.valor) for title in remittance.pagamentos]
        if not amounts:
            raise ValueError("a remittance without titles")
        remittance.pagamentos = amounts
        count = file.count + 1
        file.add(self.correct_trailer(remittance.monta_trailer(count), count))
        return file.getvalue()

    # === WHAT A BANK CHANGES ===

    def prepare_account(self, beneficiary) -> dict:
        """Return what the bank's class asks for besides."""
        return {
            "agencia": beneficiary.agency,
            "conta_corrente": beneficiary.account,
            "digito_conta": beneficiary.account_digit,
            "carteira": beneficiary.wallet,
        }

    def prepare_payment(self, order) -> Pagamento:
        """Return pycobranca's title, with the terms at registration only."""
        values = {
            "nosso_numero": self.get_number(order),
            "data_vencimento": order.due_date,
            "valor": order.amount,
            "data_emissao": order.issue_date,
            "identificacao_ocorrencia": self.codes[order.kind],
            "valor_abatimento": max(order.rebate, 0),
            **self.prepare_documents(order),
            **self.prepare_payer(order.payer),
        }
        if order.kind == "discount":
            values |= self.prepare_discount(order)
        if order.kind == "register":
            values |= self.prepare_terms(order)
        return Pagamento(**values)

    def get_number(self, order) -> str:
        """Return the nosso número as the record has it."""
        return order.nosso_numero.zfill(self.number_digits)

    def prepare_documents(self, order) -> dict:
        """Return “seu número” of 10 characters and the company's own of 25."""
        return {
            "numero": order.document_number[-10:],
            "documento": order.company_use,
        }

    def prepare_payer(self, payer) -> dict:
        return {
            "documento_sacado": payer.document,
            "nome_sacado": payer.name,
            "endereco_sacado": payer.street,
            "bairro_sacado": payer.district,
            "cep_sacado": payer.zip,
            "cidade_sacado": payer.city,
            "uf_sacado": payer.state,
        }

    def prepare_discount(self, order) -> dict:
        return {
            "cod_desconto": "1",
            "valor_desconto": order.discount,
            "data_desconto": order.discount_until,
        }

    def prepare_terms(self, order) -> dict:
        """Return fine and interest; the interest is an amount a day."""
        if not order.interest_a_day:
            return {}
        return {"tipo_mora": "1", "valor_mora": order.interest_a_day}

    def correct_header(self, line: str, beneficiary) -> str:
        return line

    def correct_title(self, line: str, order, beneficiary) -> str:
        return line

    def correct_trailer(self, line: str, count: int) -> str:
        """Return the trailer; the file has so many records, the trailer included."""
        return line

    def get_companions(self, order) -> list[str]:
        """Return the records that follow the title's."""
        return []

    # === WHAT A BANK DOES NOT TAKE ===

    def find_problem(self, order) -> str:
        """Return the key of the first thing the bank would refuse, or nothing.

        `collection.bank._get_cnab400_problem_texts` has the words.
        """
        if order.kind not in self.codes:
            return "kind"
        if len(order.nosso_numero.lstrip("0")) > self.number_digits:
            return "number"
        if order.kind == "change_amount":
            return self.find_amount_problem(order)
        if order.kind == "register":
            return self.find_terms_problem(order)
        return ""

    def find_amount_problem(self, order) -> str:
        """Banks lower an amount by a rebate; few raise it."""
        return "" if order.rebate > 0 else "raise"

    def find_terms_problem(self, order) -> str:
        return ""


def day_after(moment: date) -> date:
    """Return the first day on which a title of this due date is late."""
    return moment + timedelta(days=1)


def number(value, width: int, places: int = 2) -> str:
    """Return a Decimal as digits.

    >>> from decimal import Decimal
    >>> number(Decimal("2.20"), 6, 4)
    '022000'
    """
    digits = f"{int(round(value * 10**places)):0{width}}"
    if len(digits) > width:
        raise ValueError(f"{value} does not fit {width} digits")
    return digits
