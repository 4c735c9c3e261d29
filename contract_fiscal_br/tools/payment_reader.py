"""Read a bank's return of payments (CNAB 240, segment A), whole or not at all.

Positions are those that Itaú, Santander, Bradesco and Sicoob share.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .cnab_error import CnabError
from .cnab_lines import parse_amount, parse_date, parse_int, split_lines
from .payment_reference import read_payment_reference

COLUMNS = 240
RETURN = "2"
FILE_HEADER, LOT_HEADER, DETAIL, LOT_TRAILER, FILE_TRAILER = "01359"
# The lot a file's trailer says it is of.
FILE_LOT = 9999


@dataclass(frozen=True)
class PaymentAnswer:
    """What became of one payment.

    :param int number: of our refund; None where the payment is not of ours
    :param codes: the bank's occurrences (G059), up to five
    """

    line: int
    number: int | None
    reference: str
    amount: Decimal
    day: date | None
    codes: tuple


def read_payments(data, bank, account):
    """Return [PaymentAnswer] of a return file.

    :param str bank: code the file must be of
    :param str account: digits of the account that paid, without its check digit
    :raise CnabError: what is wrong; nothing of the file may be used
    """
    lines = split_lines(data, COLUMNS, pad=True)
    _check_header(lines[0], bank, account)
    answers = []
    lots = 0
    number = 1
    while number < len(lines) - 1:
        lots += 1
        found, number = _read_lot(lines, number, bank, lots)
        answers += found
    _check_trailer(lines, lots)
    return answers


def _check_header(line, bank, account):
    if line[7] != FILE_HEADER:
        raise CnabError("not_return", 1)
    if line[:3] != bank:
        raise CnabError("wrong_bank", 1, found=line[:3], expected=bank)
    if line[142] != RETURN:
        raise CnabError("remittance", 1)
    found = line[58:70].strip()
    if account and found.lstrip("0") != account.lstrip("0"):
        raise CnabError("wrong_account", 1, found=found, expected=account)


def _read_lot(lines, start, bank, lot):
    """Return (answers, index of the line after the lot)."""
    if lines[start][7] != LOT_HEADER:
        raise CnabError("unknown_record", start + 1, text=lines[start][7])
    _check_place(lines[start], start + 1, bank, lot)
    answers, total, sequence = [], Decimal("0.00"), 0
    index = start + 1
    while index < len(lines) and lines[index][7] == DETAIL:
        line, number = lines[index], index + 1
        _check_place(line, number, bank, lot)
        sequence += 1
        found = parse_int(line[8:13], number, "sequence")
        if found != sequence:
            raise CnabError("sequence", number, found=found, expected=sequence)
        if line[13] == "A":
            amount = parse_amount(line[119:134], number, "amount")
            total += amount
            answers.append(_read_answer(line, number, amount))
        elif line[13] not in "BCZ":
            raise CnabError("unknown_record", number, text=line[13])
        elif not answers:
            raise CnabError("orphan", number, segment=line[13])
        index += 1
    _check_lot_end(lines, index, start, total, lot)
    return answers, index + 1


def _check_place(line, number, bank, lot):
    if line[:3] != bank:
        raise CnabError("wrong_bank", number, found=line[:3], expected=bank)
    if parse_int(line[3:7], number, "lot") != lot:
        raise CnabError("sequence", number, found=line[3:7], expected=lot)


def _check_lot_end(lines, index, start, total, lot):
    if index >= len(lines) or lines[index][7] != LOT_TRAILER:
        raise CnabError("trailer_missing", min(index, len(lines) - 1) + 1)
    line, number = lines[index], index + 1
    _check_place(line, number, lines[0][:3], lot)
    count, expected = parse_int(line[17:23], number, "count"), index - start + 1
    if count != expected:
        raise CnabError("trailer_count", number, found=count, expected=expected)
    stated = parse_amount(line[23:41], number, "total")
    if stated != total:
        raise CnabError("trailer_total", number, found=stated, expected=total)


def _check_trailer(lines, lots):
    line, number = lines[-1], len(lines)
    if line[7] != FILE_TRAILER or number < 2:
        raise CnabError("trailer_missing", number)
    _check_place(line, number, lines[0][:3], FILE_LOT)
    for text, expected in ((line[17:23], lots), (line[23:29], number)):
        found = parse_int(text, number, "count")
        if found != expected:
            raise CnabError("trailer_count", number, found=found, expected=expected)


def _read_answer(line, number, amount):
    reference = line[73:93].strip()
    try:
        refund = read_payment_reference(reference, amount)
    except ValueError as error:
        raise CnabError("payment_reference", number) from error
    codes = line[230:240]
    day = parse_date(line[154:162].replace(" ", "0"), number, "day")
    return PaymentAnswer(
        line=number,
        number=refund,
        reference=reference,
        amount=amount,
        day=day or parse_date(line[93:101], number, "day"),
        codes=tuple(
            codes[place : place + 2]
            for place in range(0, 10, 2)
            if codes[place : place + 2].strip()
        ),
    )
