"""The records of FEBRABAN's direct debit file, 150 positions a line.

Source: FEBRABAN, Manual do Débito Automático, version 04 (29/02/2008) and version 05
(06/05/2008), “Layout dos registros”. Version 05 adds the CPF or CNPJ of the account's
holder to records E and F (positions 130 to 145), which the bank compares; later
versions keep every position read here.
"""

from collections import namedtuple

LINE_LENGTH = 150
SERVICE = "DEBITO AUTOMATICO"
CURRENCY_REAL = "03"

# Versions this addon writes; and those whose returns it reads.
WRITTEN_VERSIONS = ("04", "05")
READ_VERSIONS = ("04", "05", "06", "07", "08")

REMITTANCE, RETURN = "1", "2"

# Movement of B: what the customer did at the bank.
OPTED_OUT, OPTED_IN = "1", "2"
# Movement of D: a new identification, or out at the company's wish.
RENAMED, EXCLUDED = "0", "1"
# Movement of E and F.
DEBIT, CANCEL = "0", "1"

# Positions count from 1 and include the last, as the manual prints them.
Field = namedtuple("Field", "name first last numeric", defaults=(False,))

_CUSTOMER = (
    Field("client_id", 2, 26),
    Field("branch", 27, 30),
    Field("account", 31, 44),
)
_HOLDER = (Field("vat_kind", 130, 130, True), Field("vat", 131, 145))
_MOVEMENT = Field("movement", 150, 150, True)

RECORDS = {
    "A": (
        Field("direction", 2, 2, True),
        Field("agreement", 3, 22),
        Field("company_name", 23, 42),
        Field("bank", 43, 45, True),
        Field("bank_name", 46, 65),
        Field("generated_on", 66, 73, True),
        Field("number", 74, 79, True),
        Field("version", 80, 81, True),
        Field("service", 82, 98),
    ),
    "B": (*_CUSTOMER, Field("day", 45, 52, True), _MOVEMENT),
    "C": (
        *_CUSTOMER,
        Field("words", 45, 84),
        Field("more_words", 85, 124),
        _MOVEMENT,
    ),
    "D": (
        *_CUSTOMER,
        Field("new_client_id", 45, 69),
        Field("words", 70, 129),
        _MOVEMENT,
    ),
    "E": (
        *_CUSTOMER,
        Field("day", 45, 52, True),
        Field("amount", 53, 67, True),
        Field("currency", 68, 69),
        Field("own_use", 70, 129),
        *_HOLDER,
        _MOVEMENT,
    ),
    "F": (
        *_CUSTOMER,
        Field("day", 45, 52, True),
        Field("amount", 53, 67, True),
        Field("code", 68, 69),
        # 70 to 139 in version 04, 129 in version 05; banks keep the first 49 at least
        Field("own_use", 70, 118),
        _MOVEMENT,
    ),
    "H": (
        *_CUSTOMER,
        Field("new_client_id", 45, 69),
        Field("words", 70, 127),
        _MOVEMENT,
    ),
    "J": (
        Field("number", 2, 7, True),
        Field("generated_on", 8, 15, True),
        Field("count", 16, 21, True),
        Field("total", 22, 38, True),
        Field("processed_on", 39, 46, True),
    ),
    "Z": (Field("count", 2, 7, True), Field("total", 8, 24, True)),
}

# Records of a bank that only inform: branches, and others of later versions.
INFORMING = frozenset("GIKLSTX")
# Records only a company writes.
OF_COMPANIES = frozenset("CDE")
