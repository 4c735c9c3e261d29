"""The columns of the file of contracts, and what each of its lines becomes."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .cell_values import (
    parse_date,
    parse_document,
    parse_due_day,
    parse_email,
    parse_money,
    parse_months,
    parse_note,
    parse_state,
    parse_text,
    parse_zip,
)


@dataclass(frozen=True)
class Column:
    """A column of the file: its header, what it becomes, whether it must be there.

    ``required``: the column must be in the file; ``filled``: each of its
    cells must have a value.
    """

    header: str
    name: str
    parse: Callable
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False


COLUMNS = (
    Column(
        "codigo",
        "code",
        parse_text,
        ("contrato", "numero_contrato", "numero_do_contrato", "contract"),
        required=True,
        filled=True,
    ),
    Column(
        "cliente",
        "customer",
        parse_text,
        ("nome", "razao_social", "name"),
        required=True,
        filled=True,
    ),
    Column(
        "cpf_cnpj",
        "document",
        parse_document,
        ("cpf", "cnpj", "documento", "vat"),
        required=True,
        filled=True,
    ),
    Column("email", "email", parse_email, ("e_mail",)),
    Column("telefone", "phone", parse_text, ("celular", "fone")),
    Column("plano", "plan", parse_text, ("oferta",), required=True, filled=True),
    Column("valor_mensal", "monthly_amount", parse_money, ("valor", "mensalidade")),
    Column(
        "dia_vencimento",
        "due_day",
        parse_due_day,
        ("vencimento", "dia_de_vencimento"),
        required=True,
    ),
    Column(
        "data_contrato",
        "contract_date",
        parse_date,
        ("data_do_contrato", "data_venda"),
        required=True,
    ),
    Column(
        "data_ativacao",
        "activation_date",
        parse_date,
        ("ativacao", "data_de_ativacao"),
        required=True,
    ),
    Column("data_fim", "end_date", parse_date, ("fim", "data_termino")),
    Column("cep", "zip", parse_zip, ("zip_code",)),
    Column("logradouro", "street", parse_text, ("endereco", "rua")),
    Column("numero", "street_number", parse_text, ("number", "num")),
    Column("complemento", "complement", parse_text),
    Column("bairro", "district", parse_text),
    Column("cidade", "city", parse_text, ("municipio",)),
    Column("uf", "state", parse_state, ("estado",)),
    Column("cobrado_ate", "charged_until", parse_date, ("faturado_ate",)),
    Column("fidelidade_meses", "loyalty_months", parse_months, ("fidelidade",)),
    Column("observacao", "note", parse_note, ("observacoes", "obs", "notes")),
)


@dataclass(frozen=True)
class ContractRow:
    """One contract as the file states it; ``line`` counts from 1, as editors do."""

    line: int
    code: str
    customer: str
    document: str
    plan: str
    email: str | None = None
    phone: str | None = None
    monthly_amount: Decimal | None = None
    due_day: int | None = None
    contract_date: date | None = None
    activation_date: date | None = None
    end_date: date | None = None
    zip: str | None = None
    street: str | None = None
    street_number: str | None = None
    complement: str | None = None
    district: str | None = None
    city: str | None = None
    state: str | None = None
    charged_until: date | None = None
    loyalty_months: int | None = None
    note: str | None = None

    @property
    def start(self) -> date | None:
        """The day the contract began: its activation, or else its date."""
        return self.activation_date or self.contract_date

    @property
    def address(self) -> tuple[str, ...]:
        return address_key(self.zip, self.street, self.street_number, self.complement)

    @property
    def has_address(self) -> bool:
        return bool(self.zip or self.street or self.city)


def normalize(text: str | None) -> str:
    """Return text without accents, case and signs, words joined by "_".

    >>> normalize("Dia do Vencimento*"), normalize("Observação"), normalize(None)
    ('dia_do_vencimento', 'observacao', '')
    """
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "_", plain.decode().lower()).strip("_")


def address_key(*parts: str | None) -> tuple[str, ...]:
    """Return what tells one place from another, without case, accents and signs.

    >>> address_key("18520-000", "Rua 1º de Maio")
    ('18520000', 'rua1odemaio')
    """
    return tuple(normalize(part).replace("_", "") for part in parts)


HEADERS = {column.name: column.header for column in COLUMNS}
COLUMN_OF = {
    alias: column
    for column in COLUMNS
    for alias in (column.header, column.name, *column.aliases)
}
