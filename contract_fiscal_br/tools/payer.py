"""The payer of a title as files of banks carry it."""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.br import cnpj, cpf

CEP_DIGITS = 8


def format_document(number: str) -> str:
    """Return a CPF or CNPJ as people write it; what is neither stays as it is.

    >>> format_document("52998224725"), format_document("11222333000181")
    ('529.982.247-25', '11.222.333/0001-81')
    >>> format_document("123")
    '123'
    """
    for kind in (cpf, cnpj):
        if kind.is_valid(number):
            return kind.format(number)
    return number


@dataclass(frozen=True)
class Payer:
    """Name and address of a payer; texts in capitals of ASCII, document and zip in
    digits (letters too in a CNPJ from July 2026 on).
    """

    name: str
    document: str
    street: str
    district: str
    zip: str
    city: str
    state: str

    @property
    def kind(self) -> str:
        """Return 1 for a CPF, 2 for a CNPJ, as FEBRABAN counts them."""
        return "1" if len(self.document) == 11 else "2"

    def find_problem(self) -> str:
        """Return the name of the first field a bank would refuse, or nothing.

        >>> payer = Payer("ANA", "52998224725", "RUA A, 1", "", "80010000", "X", "PR")
        >>> payer.find_problem()
        ''
        """
        if not (cpf.is_valid(self.document) or cnpj.is_valid(self.document)):
            return "document"
        if not (len(self.zip) == CEP_DIGITS and int(self.zip)):
            return "zip"
        for name in ("name", "street", "city", "state"):
            if not getattr(self, name):
                return name
        return ""


def clean_text(text: str) -> str:
    """Return a text in the capitals and digits every bank takes.

    >>> clean_text("José d'Ávila – apto. nº 7")
    'JOSE D AVILA APTO N 7'
    """
    decomposed = unicodedata.normalize("NFKD", text.replace("º", "").replace("ª", ""))
    ascii_text = decomposed.encode("ascii", "ignore").decode("ascii").upper()
    return " ".join(re.sub(r"[^A-Z0-9]", " ", ascii_text).split())


def clean_document(text: str) -> str:
    """Return CPF or CNPJ without its marks.

    >>> clean_document("11.222.333/0001-81")
    '11222333000181'
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def clean_digits(text: str) -> str:
    """Return the digits alone.

    >>> clean_digits("80010-000")
    '80010000'
    """
    return re.sub(r"[^0-9]", "", text)
