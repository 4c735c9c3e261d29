"""Return files of CNAB 400 as the banks' own layouts print them.

Written from the manuals, column by column: nothing here is shared with the reader,
so that both would have to make the same mistake.
"""

from dataclasses import dataclass
from decimal import Decimal

COMPANY = "02" + "11222333000181"


@dataclass
class Title:
    """A record of a title; amounts in text as people write them."""

    occurrence: str
    number: int
    check: str = ""
    amount: str = "100.00"
    received: str = "0"
    fee: str = "0"
    interest: str = "0"
    other: str = "0"
    discount: str = "0"
    rebate: str = "0"
    posted: str = "0"
    date: str = "100326"
    credit: str = "110326"
    document: str = "INV2026001"
    reasons: str = ""
    origin: str = ""


class Line:
    """400 columns, counted from 1."""

    def __init__(self, kind):
        self.text = kind.ljust(400)

    def put(self, first, last, value, fill=" "):
        value = str(value)
        width = last - first + 1
        assert len(value) <= width, (first, last, value)
        value = value.rjust(width, fill) if fill == "0" else value.ljust(width)
        self.text = self.text[: first - 1] + value + self.text[last:]
        return self

    def money(self, first, last, value):
        return self.put(first, last, str(int(Decimal(value) * 100)), "0")


def build(bank, titles, file_number=7, created="120326"):
    """Return the bytes of a file with these titles.

    A `Line` among the titles is a record of another kind, as it stands.
    """
    layout = BANKS[bank]
    lines = [layout["header"](bank, file_number, created)]
    for title in titles:
        if isinstance(title, Line):
            lines.append(title)
        else:
            line = Line(layout.get("kind", "1"))
            layout["title"](line, title)
            lines.append(line)
    found = [title for title in titles if isinstance(title, Title)]
    lines.append(layout["trailer"](bank, found))
    for number, line in enumerate(lines, 1):
        line.put(395, 400, number, "0")
    return "".join(f"{line.text}\r\n" for line in lines).encode("latin-1")


# === HEADERS ===


def header(bank, created):
    line = Line("02RETORNO01COBRANCA")
    line.put(47, 76, "PROVEDOR EXEMPLO LTDA").put(77, 79, bank)
    return line.put(95, 100, created)


def itau_header(bank, file_number, created):
    line = header(bank, created).put(27, 30, "0057").put(31, 32, "00")
    line.put(33, 37, "12345").put(38, 38, "7").put(80, 94, "BANCO ITAU SA")
    line.put(101, 105, "01600").put(106, 108, "BPI")
    return line.put(109, 113, file_number, "0").put(114, 119, created)


def bradesco_header(bank, file_number, created):
    line = header(bank, created).put(27, 46, "4540691", "0").put(80, 94, "BRADESCO")
    return line.put(101, 108, "01600000").put(109, 113, file_number, "0")


def bb_header(bank, file_number, created):
    line = header(bank, created).put(27, 31, "15849").put(32, 40, "002101696")
    line.put(41, 46, "000000").put(80, 94, "BANCO DO BRASIL")
    return line.put(101, 107, file_number, "0").put(150, 156, "1234567")


def sicoob_header(bank, file_number, created):
    line = header(bank, created).put(27, 31, "43273").put(32, 40, "000229385")
    return line.put(77, 94, "756BANCOOBCED").put(101, 107, file_number, "0")


def santander_header(bank, file_number, created):
    line = header(bank, created).put(27, 30, "1234").put(31, 38, "01300123")
    return line.put(39, 46, "00130012").put(80, 94, "SANTANDER").put(392, 394, "058")


def banrisul_header(bank, file_number, created):
    line = header(bank, created).put(27, 39, "1102900015046")
    return line.put(80, 94, "BANRISUL")


def inter_header(bank, file_number, created):
    return header(bank, created).put(80, 94, "INTER")


def safra_header(bank, file_number, created):
    line = header(bank, created).put(27, 40, "01150000027868").put(80, 94, "SAFRA")
    return line.put(392, 394, file_number, "0")


def c6_header(bank, file_number, created):
    line = header(bank, "").put(27, 38, "000100000002").put(39, 50, "123456789012")
    return line.put(80, 94, "C6").put(125, 130, created)


def unicred_header(bank, file_number, created):
    line = header(bank, created).put(80, 94, "UNICRED")
    return line.put(101, 107, file_number, "0")


# === TITLES ===


def common(line, title):
    """Columns that most banks share, from the occurrence to the amounts."""
    line.put(109, 110, title.occurrence).put(111, 116, title.date)
    line.put(117, 126, title.document).put(147, 152, "050326")
    line.money(153, 165, title.amount).put(166, 168, "237").put(169, 173, "00000")
    line.put(174, 175, "01").money(176, 188, title.fee).money(189, 201, "0")
    line.money(202, 214, "0").money(215, 227, "0").money(228, 240, title.rebate)
    line.money(241, 253, title.discount).money(254, 266, title.received)
    line.money(267, 279, title.interest).money(280, 292, title.other)
    return line.put(296, 301, title.credit)


def with_posting(line, title):
    """Columns of Banco do Brasil, which Sicoob shares."""
    common(line, title).put(176, 181, title.credit).money(182, 188, title.fee)
    line.money(189, 201, "0").put(296, 301, "").money(293, 305, "0")
    return line.money(306, 318, title.posted).put(319, 319, "2").put(320, 320, "0")


def itau(line, title):
    line.put(2, 17, COMPANY).put(18, 21, "0057").put(22, 23, "00")
    line.put(24, 29, "123457").put(63, 70, title.number, "0").put(83, 85, "109")
    line.put(86, 93, title.number, "0").put(94, 94, title.check).put(108, 108, "I")
    common(line, title).put(189, 214, "").put(378, 385, title.reasons)
    line.put(393, 394, "B5")


def bradesco(line, title):
    line.put(2, 17, COMPANY).put(21, 24, "0009").put(25, 29, "01172")
    line.put(30, 37, "04030052").put(71, 81, title.number, "0")
    line.put(82, 82, title.check).put(108, 108, "9")
    common(line, title).put(319, 328, title.reasons, "0")


def bb(line, title):
    line.put(2, 17, "0" * 16).put(18, 22, "15849").put(23, 31, "002101696")
    line.put(32, 38, "1234567").put(64, 70, "1234567").put(71, 80, title.number, "0")
    line.put(81, 81, "1").put(87, 88, title.reasons).put(107, 108, "17")
    with_posting(line, title)


def sicoob(line, title):
    line.put(2, 17, COMPANY).put(18, 22, "43273").put(23, 31, "004172701")
    line.put(63, 73, title.number, "0").put(74, 74, title.check).put(75, 76, "01")
    line.put(81, 82, title.reasons or "00").put(107, 108, "01")
    with_posting(line, title)


def santander(line, title):
    line.put(2, 17, COMPANY).put(18, 21, "1234").put(22, 29, "01300123")
    line.put(30, 37, "00130012").put(63, 69, title.number, "0")
    line.put(70, 70, title.check).put(108, 108, "5")
    common(line, title).put(127, 133, title.number, "0").put(134, 134, title.check)
    line.put(135, 136, title.origin or "00").put(137, 145, title.reasons)


def banrisul(line, title):
    line.put(2, 17, COMPANY).put(18, 30, "1102900015046")
    line.put(63, 70, title.number, "0").put(71, 72, title.check).put(108, 108, "1")
    common(line, title).put(383, 392, title.reasons)


def inter(line, title):
    line.put(2, 17, COMPANY).put(21, 23, "110").put(24, 27, "0001")
    line.put(28, 37, "0012345678").put(71, 80, title.number, "0")
    line.put(81, 81, title.check).put(87, 89, "110").put(90, 91, title.occurrence)
    line.put(92, 97, title.date).put(98, 107, title.document)
    line.put(108, 117, title.number, "0").put(118, 118, title.check)
    line.put(119, 124, "050326").money(125, 137, title.amount).put(138, 140, "077")
    line.put(141, 144, "0001").put(145, 146, "01").money(160, 172, title.received)
    line.put(173, 178, title.credit).put(241, 380, title.reasons)


def safra(line, title):
    line.put(2, 17, COMPANY).put(18, 31, "01150000027868")
    line.put(63, 70, title.number, "0").put(71, 71, title.check)
    line.put(105, 107, title.reasons, "0").put(108, 108, "2")
    common(line, title)


def c6(line, title):
    line.put(2, 17, COMPANY).put(18, 29, "123456789012")
    line.put(63, 73, title.number, "0").put(74, 74, title.check).put(107, 108, "20")
    common(line, title).put(378, 393, title.reasons, "0")


def unicred(line, title):
    line.put(2, 17, COMPANY).put(18, 22, "12345").put(23, 31, "123456781")
    line.put(46, 51, "000000").put(52, 61, title.number, "0").put(62, 62, title.check)
    with_posting(line, title).put(117, 146, "").put(189, 227, "")
    line.put(280, 305, title.document).put(319, 326, title.reasons, "0")
    line.put(327, 328, title.origin or "01")


# === PIX ===


def santander_pix(title, address, txid):
    return Line("2").put(3, 79, address).put(80, 114, txid).put(392, 394, "058")


def bradesco_pix(title, address, txid):
    line = Line("4").put(2, 4, "009").put(5, 9, "01172").put(10, 16, "0403005")
    line.put(17, 27, title.number, "0").put(28, 28, title.check)
    return line.put(29, 105, address).put(106, 140, txid)


def itau_pix(title, code, txid):
    return Line("3").put(2, 391, code).put(392, 394, "000")


# What a bank says of the charge of a title; Itaú has the code itself.
PIX_LINES = {"033": santander_pix, "237": bradesco_pix, "341": itau_pix}


# === TRAILERS ===


def trailer(bank, titles):
    return Line("9201").put(5, 7, bank)


def total(titles, *occurrences):
    chosen = [title for title in titles if title.occurrence in occurrences]
    return len(chosen), sum(Decimal(title.amount) for title in chosen)


def itau_trailer(bank, titles):
    line = trailer(bank, titles).put(213, 220, len(titles), "0")
    return line.money(221, 234, sum(Decimal(title.amount) for title in titles))


def bradesco_trailer(bank, titles):
    line = trailer(bank, titles)
    registered, paid = total(titles, "02"), total(titles, "06")
    written_off = total(titles, "09", "10")
    received = sum(Decimal(t.received) for t in titles if t.occurrence == "06")
    line.put(58, 62, registered[0], "0").money(63, 74, registered[1])
    line.money(75, 86, paid[1]).put(87, 91, paid[0], "0").money(92, 103, received)
    return line.put(104, 108, written_off[0], "0").money(109, 120, written_off[1])


def counted_trailer(bank, titles):
    return trailer(bank, titles).put(18, 25, len(titles), "0")


def safra_trailer(bank, titles):
    line = counted_trailer(bank, titles)
    return line.money(26, 39, sum(Decimal(title.amount) for title in titles))


def sicoob_trailer(bank, titles):
    line = Line("9").put(2, 3, "02").put(4, 6, bank).put(7, 10, "4327")
    return line.put(164, 171, len(titles), "0")


def c6_trailer(bank, titles):
    return Line("9")


BANKS = {
    "001": {"header": bb_header, "title": bb, "trailer": trailer, "kind": "7"},
    "033": {"header": santander_header, "title": santander, "trailer": trailer},
    "041": {"header": banrisul_header, "title": banrisul, "trailer": trailer},
    "077": {"header": inter_header, "title": inter, "trailer": counted_trailer},
    "136": {"header": unicred_header, "title": unicred, "trailer": c6_trailer},
    "237": {
        "header": bradesco_header,
        "title": bradesco,
        "trailer": bradesco_trailer,
    },
    "336": {"header": c6_header, "title": c6, "trailer": c6_trailer},
    "341": {"header": itau_header, "title": itau, "trailer": itau_trailer},
    "422": {"header": safra_header, "title": safra, "trailer": safra_trailer},
    "756": {"header": sicoob_header, "title": sicoob, "trailer": sicoob_trailer},
}
