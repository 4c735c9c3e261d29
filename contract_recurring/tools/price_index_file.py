"""Reads the monthly values of a price index: CSV, month;percent.

Statistics offices and central banks export two columns with comma decimals.
A header may stand above. Knows no database: each line becomes an `IndexRow`
or a `FileProblem` that names line and column.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .cell_values import BadValue, parse_month, parse_percent
from .table_file import (
    OLD_EXCEL,
    ZIP,
    FileProblem,
    UnreadableFile,
    decode_text,
    has_text,
    read_csv,
)

# The columns as messages name them.
MONTH, PERCENT = "mês", "percentual"
COLUMNS = ((MONTH, parse_month), (PERCENT, parse_percent))


@dataclass(frozen=True)
class IndexRow:
    """The value of one month: its first day and the variation in percent."""

    line: int
    month: date
    percent: Decimal


@dataclass
class IndexFile:
    """What a file says: its good rows and whatever stands against the others."""

    rows: list[IndexRow] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)


def read_index_file(content: bytes) -> IndexFile:
    """Read a CSV file of an index; never raises for a bad file.

    >>> file = read_index_file("Mês;Variação\\n01/2026;0,33\\n2026-02;-0,10".encode())
    >>> [(str(row.month), str(row.percent)) for row in file.rows], file.problems
    ([('2026-01-01', '0.33'), ('2026-02-01', '-0.10')], [])
    >>> problem = read_index_file(b"01/2026;x").problems[0]
    >>> problem.line, problem.column, problem.code
    (1, 'percentual', 'bad_percent')
    """
    result = IndexFile()
    try:
        lines = _read_lines(content)
        for number, cells in lines:
            _read_row(number, cells, result)
    except UnreadableFile as error:
        result.problems.append(FileProblem(error.line, "", error.code, error.params))
    if not result.rows and not result.problems:
        result.problems.append(FileProblem(0, "", "no_values", {}))
    return result


def _read_lines(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the numbered lines with text below the header, if there is one."""
    if not content.strip():
        raise UnreadableFile("empty_file")
    if content.startswith((OLD_EXCEL, ZIP)):
        raise UnreadableFile("not_csv")
    text = decode_text(content)
    delimiter = next((sign for sign in ";\t" if sign in text), ",")
    lines = [
        (number, cells)
        for number, cells in read_csv(text, delimiter)
        if any(map(has_text, cells))
    ]
    return lines[1:] if lines and _is_header(lines[0][1]) else lines


def _is_header(cells: list[str]) -> bool:
    return not any(character.isdigit() for cell in cells for character in cell)


def _read_row(number: int, cells: list[str], result: IndexFile) -> None:
    """Add the row of one line, or what is wrong with it."""
    before = len(result.problems)
    if any(map(has_text, cells[len(COLUMNS) :])):
        result.problems.append(FileProblem(number, "", "too_many_columns", {}))
    cells = [*cells, "", ""]
    values = [
        _read_cell(number, column, parse, cell, result)
        for (column, parse), cell in zip(COLUMNS, cells, strict=False)
    ]
    known = {row.month: row.line for row in result.rows}
    if values[0] in known:
        params = {"value": cells[0].strip(), "other_line": known[values[0]]}
        result.problems.append(FileProblem(number, MONTH, "double_month", params))
    if len(result.problems) == before:
        result.rows.append(IndexRow(number, *values))


def _read_cell(number, column, parse, cell, result):
    try:
        value = parse(cell)
    except BadValue as error:
        result.problems.append(FileProblem(number, column, error.code, error.params))
        return None
    if value is None:
        result.problems.append(FileProblem(number, column, "empty_cell", {}))
    return value
