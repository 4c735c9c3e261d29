"""Reads the file of contracts another system exports, CSV or XLSX.

Knows the file's columns, not the database: each line becomes a
`ContractRow`, and whatever cannot be read becomes a `FileProblem` that names
line and column. A file with a problem still gives its good rows, so that one
check shows all that is to be corrected.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .cell_values import BadValue, parse_note
from .contract_file_columns import (
    COLUMN_OF,
    COLUMNS,
    HEADERS,
    Column,
    ContractRow,
    normalize,
)
from .day_spans import ONE_DAY
from .table_file import (
    OLD_EXCEL,
    ZIP,
    FileProblem,
    Line,
    UnreadableFile,
    decode_text,
    has_text,
    read_csv,
    read_xlsx,
)

MAX_LINES = 100_000
# Title rows and logos that may stand above the header.
HEADER_SEARCH_ROWS = 20
DELIMITERS = ";,\t"


@dataclass
class ContractFile:
    """The rows of a file, its problems, and its header as it spells it.

    A faulty row lacks the values that could not be read; the others may still
    be checked, so that a clerk corrects the whole file in one go.
    """

    rows: list[ContractRow] = field(default_factory=list)
    faulty_rows: list[ContractRow] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    width: int = 0  # cells of the header

    def header(self, name: str) -> str:
        """Return how the file calls a column."""
        return self.headers.get(name, HEADERS[name])


def read_contract_file(content: bytes) -> ContractFile:
    """Read a CSV or XLSX file of contracts; never raises for a bad file.

    >>> text = "Código;Cliente;CPF/CNPJ;Plano;Dia Vencimento;Data Contrato;" \\
    ...     "Data Ativação\\n1;Ana;52998224725;Fibra;10;01/03/2026;\\n"
    >>> file = read_contract_file(text.encode("latin-1"))
    >>> file.problems, file.rows[0].line, file.rows[0].contract_date
    ([], 2, datetime.date(2026, 3, 1))
    >>> read_contract_file(b"").problems[0].code
    'empty_file'
    """
    result = ContractFile()
    try:
        lines = _read_lines(content)
        columns = _read_header(lines, result)
        if all(problem.is_warning for problem in result.problems):
            _read_rows(lines, columns, result)
    except UnreadableFile as error:
        result.problems.append(FileProblem(error.line, "", error.code, error.params))
    return result


# --- lines ---------------------------------------------------------------


def _read_lines(content: bytes) -> Iterator[Line]:
    """Return the numbered lines that are not blank, each a list of cells."""
    if not content.strip():
        raise UnreadableFile("empty_file")
    if content.startswith(OLD_EXCEL):
        raise UnreadableFile("old_excel")
    lines = read_xlsx(content) if content.startswith(ZIP) else _read_text(content)
    return ((number, cells) for number, cells in lines if any(map(has_text, cells)))


def _read_text(content: bytes) -> Iterator[Line]:
    text = decode_text(content)
    if not text.strip():
        raise UnreadableFile("empty_file")
    return read_csv(text, _find_delimiter(text))


def _find_delimiter(text: str) -> str:
    """Return the sign that splits off the most known headers.

    >>> _find_delimiter("codigo;cliente, nome;plano"), _find_delimiter("codigo,plano")
    (';', ',')
    """
    head = text.splitlines()[:HEADER_SEARCH_ROWS]

    def known_headers(delimiter):
        return max(
            len({normalize(cell) for cell in line.split(delimiter)} & COLUMN_OF.keys())
            for line in head
        )

    return max(DELIMITERS, key=known_headers)


# --- header --------------------------------------------------------------


def _read_header(lines: Iterator[Line], result: ContractFile) -> dict[int, Column]:
    """Return the column at each position; titles above the header are skipped."""
    for number, cells in lines:
        if number > HEADER_SEARCH_ROWS:
            break
        columns = _known_columns(cells)
        if len(set(columns.values())) > 1:
            _check_header(number, cells, columns, result)
            return columns
    raise UnreadableFile(
        "no_header", columns=", ".join(c.header for c in COLUMNS if c.required)
    )


def _known_columns(cells: list) -> dict[int, Column]:
    names = ((i, normalize(str(cell or ""))) for i, cell in enumerate(cells))
    return {i: COLUMN_OF[name] for i, name in names if name in COLUMN_OF}


def _check_header(number, cells, columns, result):
    """Record the file's headers, and which are missing, double or unknown."""
    result.width = max(i for i, cell in enumerate(cells, 1) if has_text(cell))
    for position, column in columns.items():
        header = parse_note(cells[position])
        if column.name in result.headers:
            result.problems.append(
                FileProblem(
                    number,
                    header,
                    "double_column",
                    {"other": result.headers[column.name]},
                )
            )
        result.headers.setdefault(column.name, header)
    for column in COLUMNS:
        if column.required and column.name not in result.headers:
            result.problems.append(FileProblem(number, column.header, "missing_column"))
    if result.problems:
        return
    for position, cell in enumerate(cells):
        if position not in columns and has_text(cell):
            result.problems.append(
                FileProblem(number, str(cell), "unknown_column", is_warning=True)
            )


# --- rows ----------------------------------------------------------------


def _read_rows(lines, columns, result):
    seen = {}
    count = 0
    for count, (number, cells) in enumerate(lines, 1):
        if count > MAX_LINES:
            raise UnreadableFile("too_many_lines", line=number, lines=MAX_LINES)
        values, problems = _read_cells(number, cells, columns, result)
        code = values.get("code")
        if code and seen.setdefault(code, number) != number:
            problems.append(
                FileProblem(
                    number,
                    result.header("code"),
                    "double_code",
                    {"value": code, "other_line": seen[code]},
                )
            )
        row = ContractRow(line=number, **values)
        bad_headers = {problem.column for problem in problems}
        unreadable = {n for n, h in result.headers.items() if h in bad_headers}
        problems += _check_row(row, unreadable, result)
        (result.faulty_rows if problems else result.rows).append(row)
        result.problems += problems
    if not count:
        raise UnreadableFile("no_rows")


def _read_cells(number, cells, columns, result):
    """Return the values of a line, None for those it lacks, and its problems."""
    values, problems = dict.fromkeys(result.headers), []
    for position, column in columns.items():
        cell = cells[position] if position < len(cells) else None
        header = result.header(column.name)
        try:
            value = values[column.name] = column.parse(cell)
            if value is None and column.filled:
                problems.append(FileProblem(number, header, "empty_cell"))
        except BadValue as error:
            problems.append(FileProblem(number, header, error.code, error.params))
    if any(map(has_text, cells[result.width :])):
        problems.append(FileProblem(number, "", "too_many_cells"))
    return values, problems


def _check_row(
    row: ContractRow, unreadable: set[str], result: ContractFile
) -> list[FileProblem]:
    """Return which cells of a line do not fit together."""
    problems = []

    def add(name, code, **params):
        problems.append(FileProblem(row.line, result.header(name), code, params))

    if row.end_date and row.start and row.end_date < row.start:
        add("end_date", "end_before_start", end=row.end_date, start=row.start)
    start = row.activation_date
    if row.charged_until and not start and "activation_date" not in unreadable:
        add("charged_until", "charged_without_activation")
    elif row.charged_until and start and row.charged_until < start - ONE_DAY:
        add(
            "charged_until",
            "charged_before_activation",
            charged=row.charged_until,
            start=start,
        )
    if row.charged_until and row.end_date and row.charged_until > row.end_date:
        add(
            "charged_until",
            "charged_after_end",
            charged=row.charged_until,
            end=row.end_date,
        )
    if row.city and not row.state:
        add("state", "state_missing", city=row.city)
    return problems
