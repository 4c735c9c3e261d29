"""Where banks put what in a return file of CNAB 400.

Positions of titles are those of pycobranca, corrected where a bank's own layout or a
file of it says otherwise. All others count from 1, both ends included, as the
manuals of the banks do.
"""

from dataclasses import dataclass, field

from pycobranca.cnab.retorno.cnab400 import LAYOUTS_400

# pycobranca's name of a field and ours.
NAMES = {
    "codigo_ocorrencia": "occurrence",
    "data_ocorrencia": "occurred_on",
    "data_credito": "credit_date",
    "valor_titulo": "amount",
    "valor_tarifa": "fee",
    "outras_despesas": "costs",
    "valor_abatimento": "rebate",
    "desconto": "discount",
    "valor_recebido": "received",
    "juros_mora": "interest",
    "outros_recebimento": "other",
    "valor_lancamento": "posted",
}


@dataclass(frozen=True)
class PixRecord:
    """The record that tells of the Pix charge of the title before it.

    :param str kind: its first column
    :param tuple text: of the charge's address, or of its code
    :param tuple txid: of what identifies the charge, where the record has it
    :param tuple number: of the title's nosso número, where the record repeats it
    """

    kind: str
    text: tuple[int, int]
    txid: tuple[int, int] | None = None
    number: tuple[int, int] | None = None


@dataclass(frozen=True)
class ReturnLayout:
    """The return file of one bank.

    :param dict header: positions of the file's date and number
    :param dict identity: whose file it is; name: (record, first, last), where the
        record is “header” or “title”
    :param tuple number: of the nosso número, check digit excluded
    :param tuple check: of its check digit, where there is one
    :param tuple twin: where the same number stands again
    :param tuple prefix: of the agreement that comes before the number
    :param tuple company_use: 25 characters that come back as the remittance had them
    :param tuple origin: of the instruction that is answered, where a code stands for
        any of them
    :param tuple reasons: first, last and length of each code; 0: a text
    :param str settled: how the amounts of a payment add up, see `cnab400_amounts`
    :param tuple controls: totals of the trailer, see `cnab400_trailer`
    :param PixRecord pix: where the bank tells of Pix charges
    """

    bank: str
    fields: dict
    identity: dict
    number: tuple[int, int]
    check: tuple[int, int] | None = None
    twin: tuple[int, int] | None = None
    prefix: tuple[int, int] | None = None
    wallet: tuple[int, int] | None = None
    origin: tuple[int, int] | None = None
    document: tuple[int, int] = (117, 126)
    company_use: tuple[int, int] = (38, 62)
    reasons: tuple[int, int, int] = (0, 0, 0)
    header: dict = field(
        default_factory=lambda: {"created_on": (95, 100), "file_number": None}
    )
    title_record: str = "1"
    settled: str = "gross"
    controls: tuple = ()
    trailer_bank: tuple[int, int] | None = None
    pix: PixRecord | None = None


def _fields(bank, **corrections):
    """Return {our name: (first, last)} of a title's amounts and dates."""
    found = {
        NAMES[name]: (place[0] + 1, place[1] + 1)
        for name, place in LAYOUTS_400[bank].items()
        if name in NAMES
    }
    return {name: place for name, place in (found | corrections).items() if place}


def _header(file_number, created_on=(95, 100)):
    return {"created_on": created_on, "file_number": file_number}


AGENCY_4 = ("header", 27, 30)

LAYOUTS = {
    # Itaú, Cobrança CNAB 400: the trailer counts the records and adds their face
    # values; checked with files of the bank. Record 3 has the code of the Pix charge.
    "341": ReturnLayout(
        "341",
        _fields("341"),
        {"agency": AGENCY_4, "account": ("header", 33, 37)},
        number=(63, 70),
        check=(94, 94),
        twin=(86, 93),
        wallet=(83, 85),
        reasons=(378, 385, 2),
        header=_header((109, 113)),
        settled="net_of_fee",
        controls=(("count", 213, 220), ("face", 221, 234)),
        trailer_bank=(5, 7),
        pix=PixRecord("3", (2, 391)),
    ),
    # Bradesco, layout of 400 positions: the trailer has totals by occurrence.
    "237": ReturnLayout(
        "237",
        _fields("237", costs=(189, 201)),
        {
            "agreement": ("header", 27, 46),
            "agency": ("title", 25, 29),
            "account": ("title", 30, 36),
        },
        number=(71, 81),
        check=(82, 82),
        wallet=(23, 24),
        reasons=(319, 328, 2),
        header=_header((109, 113)),
        controls=(
            ("count", 58, 62, ("02",)),
            ("face", 63, 74, ("02",)),
            ("paid_or_face", 75, 86, ("06",), ("06", "15", "17")),
            ("count", 87, 91, ("06",), ("06", "15", "17")),
            ("paid_or_face", 92, 103, ("06",), ("06", "15", "17")),
            ("count", 104, 108, ("09", "10")),
            ("face", 109, 120, ("09", "10")),
        ),
        trailer_bank=(5, 7),
        pix=PixRecord("4", (29, 105), txid=(106, 140), number=(17, 27)),
    ),
    # Banco do Brasil, CBR643: agreement of 7 digits, records of kind 7.
    "001": ReturnLayout(
        "001",
        _fields("001", costs=(189, 201), posted=(306, 318)),
        {
            "agency": AGENCY_4,
            "account": ("header", 32, 39),
            "agreement": ("header", 150, 156),
        },
        number=(71, 80),
        prefix=(64, 70),
        company_use=(39, 63),
        reasons=(87, 88, 2),
        header=_header((101, 107)),
        title_record="7",
        settled="posted",
        trailer_bank=(5, 7),
    ),
    # Sicoob, Layout_Cobranca_CNAB400: header and titles as Banco do Brasil's.
    "756": ReturnLayout(
        "756",
        _fields("756"),
        {
            "agency": AGENCY_4,
            "agreement": ("header", 32, 40),
            "account": ("title", 23, 31),
        },
        number=(63, 73),
        check=(74, 74),
        reasons=(81, 82, 2),
        header=_header((101, 107)),
        settled="posted",
        controls=(("count_if_any", 164, 171),),
    ),
    # Santander, H7800: three reasons of three digits, which pycobranca cuts in twos.
    "033": ReturnLayout(
        "033",
        _fields("033", costs=(189, 201)),
        {"agency": AGENCY_4, "account": ("header", 39, 46)},
        number=(63, 69),
        check=(70, 70),
        origin=(135, 136),
        reasons=(137, 145, 3),
        pix=PixRecord("2", (3, 79), txid=(80, 114)),
    ),
    # Banrisul: 189-201 are costs of protest, not IOF as pycobranca has it.
    "041": ReturnLayout(
        "041",
        _fields("041", costs=(189, 201)),
        {"agreement": ("header", 27, 39)},
        number=(63, 70),
        check=(71, 72),
        reasons=(383, 392, 2),
    ),
    # Inter, Manual CNAB 400, section 5.2.
    "077": ReturnLayout(
        "077",
        _fields("077"),
        {"agency": ("title", 24, 27), "account": ("title", 28, 37)},
        number=(71, 80),
        check=(81, 81),
        wallet=(21, 23),
        document=(98, 107),
        reasons=(241, 380, 0),
        controls=(("count", 18, 25),),
        trailer_bank=(5, 7),
    ),
    # Safra, Leiaute de Arquivos CNAB 400, section 6.2.
    "422": ReturnLayout(
        "422",
        _fields("422"),
        {"agency": ("header", 27, 31), "account": ("header", 32, 40)},
        number=(63, 70),
        check=(71, 71),
        reasons=(105, 107, 3),
        header=_header((392, 394)),
        controls=(("count_if_any", 18, 25), ("face_if_any", 26, 39)),
        trailer_bank=(5, 7),
    ),
    # C6, Layout CNAB 400: the date of the file stands at 125.
    "336": ReturnLayout(
        "336",
        _fields("336"),
        {"agreement": ("title", 18, 29)},
        number=(64, 73),
        check=(74, 74),
        wallet=(107, 108),
        reasons=(378, 393, 4),
        header=_header(None, (125, 130)),
    ),
    # Unicred, Layout CNAB 400 Retorno: 02 and 03 answer any instruction, which 327
    # names; the credit is on 176, not on the day of settlement as pycobranca has it.
    "136": ReturnLayout(
        "136",
        _fields(
            "136",
            occurred_on=(111, 116),
            credit_date=(176, 181),
            posted=(306, 318),
        ),
        {"agency": ("title", 18, 21), "account": ("title", 23, 31)},
        number=(52, 61),
        check=(62, 62),
        document=(280, 305),
        company_use=(280, 305),
        origin=(327, 328),
        reasons=(319, 326, 2),
        header=_header((101, 107)),
        settled="posted",
    ),
}
