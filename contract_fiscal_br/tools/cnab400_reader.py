"""Reading a bank's return file of CNAB 400, all of it or nothing."""

from dataclasses import dataclass, replace

from .cnab400_amounts import interpret
from .cnab400_record import LENGTH, get_amount, get_date, get_number, get_text
from .cnab400_trailer import check_trailer
from .cnab_error import CnabError
from .cnab_lines import parse_int, split_lines
from .collection_event import CollectionEvent
from .occurrences import describe, get_kind
from .return_file import ReturnFile

# Records that go with a title: messages, cheques, shares of credit, Pix.
COMPANIONS = ("2", "3", "4", "5", "8")

LAYOUT = "cnab400"
AMOUNTS = (
    "amount",
    "fee",
    "costs",
    "rebate",
    "discount",
    "received",
    "interest",
    "other",
    "posted",
)


@dataclass(frozen=True)
class Reading:
    """How the files of one account are read.

    :param ReturnLayout layout: of its bank
    :param dict expected: agreement, agency and account as the bank may write them;
        the first of each is how the account has it, none: any
    :param get_check_digit: of a nosso número in a wallet (the bank's text, or "")
    :param str echo: what begins the field “use of the company” where it repeats the
        number; other programs' titles have something else there
    :param compose_pix: copy and paste text of the charge at an address, "" for what is
        none
    """

    layout: object
    expected: dict
    get_check_digit: object
    echo: str
    compose_pix: object


def read_return(data: bytes, reading: Reading) -> ReturnFile:
    """Return what a bank says in a file.

    :raise CnabError: whatever the bank cannot have meant; then nothing is returned
    """
    layout = reading.layout
    lines = split_lines(data, LENGTH)
    _check_header(layout, lines[0])
    _check_sequence(lines)
    titles = _get_titles(layout, lines)
    identity = _check_identity(reading, lines[0], titles)
    events = [_read_title(reading, line, number) for line, number in titles]
    if layout.pix:
        _add_charges(reading, lines, events)
    _check_trailer(layout, lines, titles, events)
    header = layout.header
    place = header["file_number"]
    return ReturnFile(
        bank=layout.bank,
        file_number=get_number(lines[0], place, 1, "file number") if place else 0,
        created_on=_get_needed_date(lines[0], header["created_on"], 1, "file date"),
        events=tuple(events),
        lines=len(lines),
        **identity,
    )


# === THE FILE ===


def _check_header(layout, line):
    """Raise unless it is a return file of collection of the bank."""
    if line[:2] == "01" or line[2:9].upper() == "REMESSA":
        raise CnabError("remittance", 1)
    if line[:9].upper() != "02RETORNO" or line[9:11] not in ("01", "  "):
        raise CnabError("not_return", 1)
    if line[76:79] != layout.bank:
        raise CnabError("wrong_bank", 1, found=line[76:79], expected=layout.bank)


def _check_sequence(lines):
    """Every record carries its number: none is missing, doubled or moved."""
    for number, line in enumerate(lines, 1):
        found = parse_int(line[394:], number, "sequence")
        if found != number:
            raise CnabError("sequence", number, found=found, expected=number)
    for number, line in enumerate(lines[:-1], 1):
        if line[0] == "9":
            raise CnabError("after_trailer", number + 1)
    if lines[-1][0] != "9":
        raise CnabError("trailer_missing", len(lines))


def _get_titles(layout, lines):
    """Return (line, its number) of the titles, without what goes with them."""
    inner = list(enumerate(lines[1:-1], 2))
    titles = [
        (line, number) for number, line in inner if line[0] == layout.title_record
    ]
    companies = {line[1:17] for line, _number in titles} - {" " * 16, "0" * 16}
    for number, line in inner:
        if line[0] == layout.title_record:
            continue
        # what begins as the titles do is a title whose kind was spoilt
        if line[0] not in COMPANIONS or line[1:17] in companies:
            raise CnabError("unknown_record", number, text=line[0])
    return titles


def _check_identity(reading, header, titles):
    """Return agreement, agency and account, which are the account's own."""
    found = {}
    for name in ("agreement", "agency", "account"):
        place = reading.layout.identity.get(name)
        accepted = [text.lstrip("0") for text in reading.expected.get(name, ())]
        found[name] = accepted[0] if place and accepted else ""
        if place and accepted:
            _check_owner(name, place, accepted, header, titles)
    return found


def _check_owner(name, place, accepted, header, titles):
    record, first, last = place
    lines = [(header, 1)] if record == "header" else titles
    for line, number in lines:
        text = line[first - 1 : last].strip().lstrip("0")
        if text and text not in accepted:
            raise CnabError(f"wrong_{name}", number, found=text, expected=accepted[0])


def _check_trailer(layout, lines, titles, events):
    place = layout.fields["received"]
    rows = [
        (event.occurrence, event.amount, get_amount(line, place, number, "received"))
        for (line, number), event in zip(titles, events, strict=True)
    ]
    check_trailer(layout, lines[-1], len(lines), rows)


# === A TITLE ===


def _read_title(reading, line, number):
    """Return the event of a title's record."""
    layout = reading.layout
    occurrence = _get_occurrence(layout, line, number)
    kind = get_kind(layout.bank, LAYOUT, occurrence)
    found = {
        name: get_amount(line, layout.fields[name], number, name)
        for name in AMOUNTS
        if name in layout.fields
    }
    return CollectionEvent(
        kind,
        occurrence,
        _get_needed_date(line, layout.fields["occurred_on"], number, "date"),
        nosso_numero=_get_nosso_numero(reading, line, number),
        document_number=get_text(line, layout.document),
        credit_date=get_date(line, layout.fields["credit_date"], number, "credit date"),
        reasons=_get_reasons(layout, line),
        line=number,
        **interpret(layout.settled, kind, found),
    )


def _add_charges(reading, lines, events):
    """Add each Pix charge to the title before it, which has one at most."""
    places = {event.line: place for place, event in enumerate(events)}
    place = None
    for number, line in enumerate(lines, 1):
        if number in places:
            place = places[number]
        elif line[0] == reading.layout.pix.kind:
            if place is None:
                raise CnabError("orphan_pix", number, text=line[0])
            events[place] = _add_charge(reading, events[place], line, number)
            place = None


def _add_charge(reading, event, line, number):
    record = reading.layout.pix
    code = reading.compose_pix(get_text(line, record.text))
    if not code:
        return event
    if record.number:
        _check_charge_number(event, line, record.number, number)
    txid = get_text(line, record.txid) if record.txid else ""
    return replace(event, pix_copy_paste=code, txid=txid)


def _check_charge_number(event, line, place, number):
    found = str(get_number(line, place, number, "nosso_numero"))
    if found != event.nosso_numero:
        raise CnabError("conflict", number, text=event.nosso_numero, other=found)


def _get_occurrence(layout, line, number):
    """Return the code; with the instruction it answers where the bank's table has
    both (“02-06”)."""
    first, last = layout.fields["occurrence"]
    code = line[first - 1 : last]
    parse_int(code, number, "occurrence")
    if not layout.origin:
        return code
    both = f"{code}-{get_text(line, layout.origin)}"
    return both if describe(layout.bank, LAYOUT, both) else code


def _get_nosso_numero(reading, line, number):
    """Return the number as the account counts it, checked as far as the bank allows.

    Lines that are of no title (fees) have zeros.
    """
    layout = reading.layout
    text = line[layout.number[0] - 1 : layout.number[1]]
    value = get_number(line, layout.number, number, "nosso número")
    _check_twin(layout, line, number, text)
    if layout.check:
        _check_digit(reading, line, number, text)
    if not value:
        return ""
    if layout.prefix:
        _check_prefix(reading, line, number)
    _check_echo(reading, line, number, value)
    return str(value)


def _check_twin(layout, line, number, text):
    if not layout.twin:
        return
    other = line[layout.twin[0] - 1 : layout.twin[1]]
    if other.strip() and other != text:
        raise CnabError("conflict", number, text=text, other=other)


def _check_echo(reading, line, number, value):
    """What our remittances put into “use of the company” names the same title."""
    text = get_text(line, reading.layout.company_use)
    own = text.removeprefix(reading.echo)
    if text.startswith(reading.echo) and own.isdecimal() and int(own) != value:
        raise CnabError("conflict", number, text=str(value), other=text)


def _check_prefix(reading, line, number):
    """The agreement stands before the number, in each record."""
    first, last = reading.layout.prefix
    found = line[first - 1 : last].lstrip("0")
    accepted = [text.lstrip("0") for text in reading.expected.get("agreement", ())]
    if accepted and found not in accepted:
        raise CnabError("wrong_agreement", number, found=found, expected=accepted[0])


def _check_digit(reading, line, number, text):
    layout = reading.layout
    found = line[layout.check[0] - 1 : layout.check[1]]
    if not (text + found).strip(" 0"):
        return
    wallet = get_text(line, layout.wallet) if layout.wallet else ""
    expected = reading.get_check_digit(text, wallet)
    if found.strip() and found != expected:
        raise CnabError("check_digit", number, text=f"{text}-{found}")


def _get_reasons(layout, line):
    """Return the bank's codes of the reasons, or its text, without fillers."""
    first, last, size = layout.reasons
    text = line[first - 1 : last]
    if not size:
        return tuple(filter(None, [" ".join(text.split())]))
    codes = [text[at : at + size] for at in range(0, len(text), size)]
    return tuple(code for code in codes if code.strip(" 0"))


def _get_needed_date(line, place, number, field):
    found = get_date(line, place, number, field)
    if not found:
        text = line[place[0] - 1 : place[1]]
        raise CnabError("not_date", number, field=field, text=text)
    return found
