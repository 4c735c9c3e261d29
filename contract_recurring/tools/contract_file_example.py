"""Writes files of contracts that `contract_file` reads: examples to fill in."""

import csv
import io

from openpyxl import Workbook

from .contract_file_columns import COLUMNS


def write_csv(rows: list[dict]) -> bytes:
    """Return a CSV as Excel in Portuguese opens it: semicolons, UTF-8 with mark.

    :param rows: texts by header; what is missing stays empty
    """
    text = io.StringIO(newline="")
    headers = [column.header for column in COLUMNS]
    writer = csv.DictWriter(text, headers, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: list[dict]) -> bytes:
    """Return the same as a spreadsheet whose cells are all text.

    Text keeps the zeros of CPF and CEP, which a spreadsheet drops otherwise.
    """
    book = Workbook()
    sheet = book.active
    headers = [column.header for column in COLUMNS]
    sheet.append(headers)
    for row in rows:
        sheet.append([row.get(header) for header in headers])
    sheet.freeze_panes = "A2"
    for cells in sheet.iter_cols(1, len(headers), 1, 200):
        width = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[cells[0].column_letter].width = width + 3
        for cell in cells:
            cell.number_format = "@"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
