"""Values as clerks and old systems write them into the cells of a file.

A cell is text (CSV), or text, a number or a date (XLSX). Each function
returns None for an empty cell and raises `BadValue` for one it cannot read.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from stdnum.br import cnpj, cpf

FIRST_YEAR, LAST_YEAR = 1950, 2100
# Days since 1899-12-30, the way spreadsheets count them (1950 to 2100).
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(18264, 73416)
EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}

BRAZILIAN_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
BRAZILIAN_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
PERCENT = re.compile(r"([+-]?)(\d{1,2})(?:[.,](\d{1,6}))?\s*%?")
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?$")

CPF_LENGTH, CNPJ_LENGTH, CEP_LENGTH = 11, 14, 8
LONGEST_AMOUNT = 12  # digits before the cents


class BadValue(ValueError):
    """A cell that cannot be read: the code of a message and its parameters."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def parse_text(cell) -> str | None:
    """Return a cell's text with single spaces; whole numbers have no decimals.

    >>> parse_text("  Rua  das Flores "), parse_text(1001.0), parse_text(" ")
    ('Rua das Flores', '1001', None)
    >>> parse_text("#REF!")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: formula_error
    """
    text = parse_note(cell)
    return " ".join(text.split()) if text else None


def parse_note(cell) -> str | None:
    """Return a cell's text with its line breaks.

    >>> parse_note(" beside the market \\n2nd floor ")
    'beside the market \\n2nd floor'
    """
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).replace("\xa0", " ").strip()
    if text in EXCEL_ERRORS:
        raise BadValue("formula_error", value=text)
    return text or None


def parse_date(cell) -> date | None:
    """Return the date of dd/mm/yyyy, ISO, or a spreadsheet's date cell.

    >>> parse_date("01/03/2026"), parse_date("2026-03-01 00:00:00")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1))
    >>> parse_date(46082)
    datetime.date(2026, 3, 1)
    >>> parse_date("31/02/2026")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: bad_date
    """
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, int | float) and cell in EXCEL_DAYS:
        day = EXCEL_EPOCH + timedelta(days=int(cell))
    else:
        day = _date_of_text(parse_text(cell))
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadValue("bad_date", value=parse_text(cell))
    return day


def _date_of_text(text):
    if not text:
        return None
    day = MIDNIGHT.sub("", text)
    try:
        if match := ISO_DATE.fullmatch(day):
            return date(*map(int, match.groups()))
        if match := BRAZILIAN_DATE.fullmatch(day):
            return date(*map(int, reversed(match.groups())))
    except ValueError as error:
        raise BadValue("bad_date", value=text) from error
    raise BadValue("bad_date", value=text)


def parse_month(cell) -> date | None:
    """Return the first day of a month: mm/yyyy, yyyy-mm, or any date of it.

    >>> parse_month("3/2026"), parse_month("2026-03"), parse_month("31/03/2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), datetime.date(2026, 3, 1))
    >>> parse_month("13/2026")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: bad_month
    """
    text = parse_text(cell)
    if not text:
        return None
    try:
        if match := BRAZILIAN_MONTH.fullmatch(text):
            day = date(int(match[2]), int(match[1]), 1)
        elif match := ISO_MONTH.fullmatch(text):
            day = date(int(match[1]), int(match[2]), 1)
        else:
            day = parse_date(text)
    except ValueError as error:
        raise BadValue("bad_month", value=text) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadValue("bad_month", value=text)
    return day.replace(day=1)


def parse_percent(cell) -> Decimal | None:
    """Return a percentage below 100 either way, with at most six decimals.

    >>> [str(parse_percent(text)) for text in ("0,52", "-0.3416 %", "+1,2", "0")]
    ['0.52', '-0.3416', '1.2', '0']
    >>> parse_percent("4,5 a.m.")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: bad_percent
    """
    text = parse_text(cell)
    if not text:
        return None
    # Reports print a true minus sign.
    match = PERCENT.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
    if not match:
        raise BadValue("bad_percent", value=text)
    sign, whole, decimals = match.groups()
    return Decimal(f"{sign}{whole}.{decimals or ''}")


def parse_money(cell) -> Decimal | None:
    """Return an amount in reais, never negative, with at most two decimals.

    A lone dot before three digits separates thousands, as in Brazil.

    >>> [str(parse_money(text)) for text in ("R$ 99,90", "99.9", "1.234,56")]
    ['99.90', '99.90', '1234.56']
    >>> [str(parse_money(text)) for text in ("1,234.56", "1.234", "100")]
    ['1234.56', '1234.00', '100.00']
    >>> parse_money(99.9)
    Decimal('99.90')
    >>> parse_money("-5,00")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: negative_amount
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        # A spreadsheet keeps 99,90 as a binary fraction; the cents are meant.
        cell = f"{cell:.2f}"
    text = parse_text(cell)
    if not text:
        return None
    number = re.sub(r"R\$|\s", "", text)
    if number.startswith(("-", "(")):
        raise BadValue("negative_amount", value=text)
    whole, cents = _split_amount(number)
    if not whole or len(whole) > LONGEST_AMOUNT:
        raise BadValue("bad_money", value=text)
    return Decimal(f"{whole}.{cents:0<2}")


def _split_amount(number):
    """Return the digits before and after the decimal sign, ("", "") if unclear."""
    if match := re.fullmatch(r"(\d+)(?:[.,](\d{1,2}))?", number):
        return match[1], match[2] or ""
    if match := re.fullmatch(r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d{1,2}))?", number):
        return match[1].replace(".", ""), match[2] or ""
    if match := re.fullmatch(r"([1-9]\d{0,2}(?:,\d{3})+)\.(\d{1,2})", number):
        return match[1].replace(",", ""), match[2]
    return "", ""


def parse_document(cell) -> str | None:
    """Return a CPF (11 digits) or CNPJ (14 characters) without punctuation.

    Spreadsheets drop the zeros on the left; they are put back. Since July
    2026 a CNPJ may have letters (IN RFB 2.229/2024).

    >>> parse_document("529.982.247-25"), parse_document(1234567890.0)
    ('52998224725', '01234567890')
    >>> parse_document("12.abc.345/01DE-35")
    '12ABC34501DE35'
    >>> parse_document("529.982.247-24")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: bad_document
    """
    text = parse_text(cell)
    if not text:
        return None
    number = re.sub(r"[\s./–-]", "", text).upper()
    if number.isascii() and number.isdecimal():
        number = _restore_zeros(number)
    check = {CPF_LENGTH: cpf.is_valid, CNPJ_LENGTH: cnpj.is_valid}.get(len(number))
    if not check or len(set(number)) == 1 or not check(number):
        raise BadValue("bad_document", value=text)
    return number


def _restore_zeros(number):
    if CPF_LENGTH - 2 <= len(number) <= CPF_LENGTH:
        return number.zfill(CPF_LENGTH)
    if CNPJ_LENGTH - 2 <= len(number) <= CNPJ_LENGTH:
        return number.zfill(CNPJ_LENGTH)
    return number


def parse_zip(cell) -> str | None:
    """Return a CEP as 00000-000.

    >>> parse_zip("18520.000"), parse_zip(1310100)
    ('18520-000', '01310-100')
    """
    text = parse_text(cell)
    if not text:
        return None
    digits = re.sub(r"[\s.-]", "", text)
    if not re.fullmatch(rf"[0-9]{{{CEP_LENGTH - 1},{CEP_LENGTH}}}", digits):
        raise BadValue("bad_zip", value=text)
    digits = digits.zfill(CEP_LENGTH)
    return f"{digits[:5]}-{digits[5:]}"


def parse_due_day(cell) -> int | None:
    """Return a day of the month.

    >>> parse_due_day("10"), parse_due_day(5.0)
    (10, 5)
    >>> parse_due_day("32")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    BadValue: bad_due_day
    """
    return _parse_integer(cell, 1, 31, "bad_due_day")


def parse_months(cell) -> int | None:
    """Return a number of months, 0 to 120.

    >>> parse_months("12")
    12
    """
    return _parse_integer(cell, 0, 120, "bad_months")


def _parse_integer(cell, lowest, highest, code):
    text = parse_text(cell)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text) or not lowest <= int(text) <= highest:
        raise BadValue(code, value=text)
    return int(text)


def parse_email(cell) -> str | None:
    """Return one or more e-mail addresses, separated by commas.

    >>> parse_email("Maria@Example.com; nota@example.com")
    'Maria@Example.com, nota@example.com'
    """
    text = parse_text(cell)
    if not text:
        return None
    addresses = [word for word in re.split(r"[;,\s]+", text) if word]
    if not all(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", word) for word in addresses):
        raise BadValue("bad_email", value=text)
    return ", ".join(addresses)


def parse_state(cell) -> str | None:
    """Return a federal state's two letters.

    >>> parse_state(" sp ")
    'SP'
    """
    text = parse_text(cell)
    return text.upper() if text else None
