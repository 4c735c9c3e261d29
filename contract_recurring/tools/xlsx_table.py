"""Writes tables as XLSX row by row, so that memory does not grow with them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import BinaryIO, NamedTuple

from xlsxwriter import Workbook

MONEY = "#,##0.00"
DAY = "dd/mm/yyyy"
WIDTH = 18  # characters


class Sheet(NamedTuple):
    """A table: its name, the heads of its columns, and its rows."""

    name: str
    heads: list[str]
    rows: Iterable[tuple]


def write_workbook(target: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write sheets to a file open for writing; each row is read once.

    Text stays text, whatever it begins with: a customer's name is never a
    formula.

    >>> from io import BytesIO
    >>> from openpyxl import load_workbook
    >>> file = BytesIO()
    >>> row = ("=1+1", Decimal("9.90"), date(2026, 3, 10), 5, None)
    >>> write_workbook(file, [Sheet("A", ["b", "c", "d", "e", "f"], [row])])
    >>> [cell.value for cell in load_workbook(file)["A"][2]][:2]
    ['=1+1', 9.9]
    >>> load_workbook(file)["A"]["A2"].data_type
    's'
    """
    book = Workbook(target, {"constant_memory": True})
    formats = {
        Decimal: book.add_format({"num_format": MONEY}),
        date: book.add_format({"num_format": DAY}),
    }
    bold = book.add_format({"bold": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        page.set_column(0, len(sheet.heads) - 1, WIDTH)
        page.freeze_panes(1, 0)
        for column, head in enumerate(sheet.heads):
            page.write_string(0, column, head, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write_cell(page, number, column, value, formats)
    book.close()


def _write_cell(page, row, column, value, formats):
    if value is None or value is False:
        return
    if isinstance(value, date):
        page.write_datetime(row, column, value, formats[date])
    elif isinstance(value, Decimal | float):
        page.write_number(row, column, value, formats[Decimal])
    elif isinstance(value, int):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value))
