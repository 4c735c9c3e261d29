"""Reads the file of contracts another system exports, CSV or XLSX.

Knows the file's columns, not the database: each line becomes a
`ContractRow`, and whatever cannot be read becomes a `FileProblem` that names
line and column. A file with a problem still gives its good rows, so that one
check shows all that is to be corrected.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from openpyxl import Workbook, load_workbook

from .cell_values import (
    BadValue,
    parse_date,
    parse_document,
    parse_due_day,
    parse_email,
    parse_money,
    parse_months,
    parse_note,
    parse_state,
    parse_text,
    parse_zip,
)

ONE_DAY = timedelta(days=1)
MAX_LINES = 100_000
# Title rows and logos that may stand above the header.
HEADER_SEARCH_ROWS = 20
DELIMITERS = ";,\t"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True)
class Column:
    """A column of the file: its header, what it becomes, whether it must be there.

    ``required``: the column must be in the file; ``filled``: each of its
    cells must have a value.
    """

    header: str
    name: str
    parse: Callable
    aliases: tuple[str, ...] = ()
    required: bool = False
    filled: bool = False


COLUMNS = (
    Column(
        "codigo",
        "code",
        parse_text,
        ("contrato", "numero_contrato", "numero_do_contrato", "contract"),
        required=True,
        filled=True,
    ),
    Column(
        "cliente",
        "customer",
        parse_text,
        ("nome", "razao_social", "name"),
        required=True,
        filled=True,
    ),
    Column(
        "cpf_cnpj",
        "document",
        parse_document,
        ("cpf", "cnpj", "documento", "vat"),
        required=True,
        filled=True,
    ),
    Column("email", "email", parse_email, ("e_mail",)),
    Column("telefone", "phone", parse_text, ("celular", "fone")),
    Column("plano", "plan", parse_text, ("oferta",), required=True, filled=True),
    Column("valor_mensal", "monthly_amount", parse_money, ("valor", "mensalidade")),
    Column(
        "dia_vencimento",
        "due_day",
        parse_due_day,
        ("vencimento", "dia_de_vencimento"),
        required=True,
    ),
    Column(
        "data_contrato",
        "contract_date",
        parse_date,
        ("data_do_contrato", "data_venda"),
        required=True,
    ),
    Column(
        "data_ativacao",
        "activation_date",
        parse_date,
        ("ativacao", "data_de_ativacao"),
        required=True,
    ),
    Column("data_fim", "end_date", parse_date, ("fim", "data_termino")),
    Column("cep", "zip", parse_zip, ("zip_code",)),
    Column("logradouro", "street", parse_text, ("endereco", "rua")),
    Column("numero", "street_number", parse_text, ("number", "num")),
    Column("complemento", "complement", parse_text),
    Column("bairro", "district", parse_text),
    Column("cidade", "city", parse_text, ("municipio",)),
    Column("uf", "state", parse_state, ("estado",)),
    Column("cobrado_ate", "charged_until", parse_date, ("faturado_ate",)),
    Column("fidelidade_meses", "loyalty_months", parse_months, ("fidelidade",)),
    Column("observacao", "note", parse_note, ("observacoes", "obs", "notes")),
)


@dataclass(frozen=True)
class ContractRow:
    """One contract as the file states it; ``line`` counts from 1, as editors do."""

    line: int
    code: str
    customer: str
    document: str
    plan: str
    email: str | None = None
    phone: str | None = None
    monthly_amount: Decimal | None = None
    due_day: int | None = None
    contract_date: date | None = None
    activation_date: date | None = None
    end_date: date | None = None
    zip: str | None = None
    street: str | None = None
    street_number: str | None = None
    complement: str | None = None
    district: str | None = None
    city: str | None = None
    state: str | None = None
    charged_until: date | None = None
    loyalty_months: int | None = None
    note: str | None = None

    @property
    def start(self) -> date | None:
        """The day the contract began: its activation, or else its date."""
        return self.activation_date or self.contract_date

    @property
    def address(self) -> tuple[str, ...]:
        return address_key(self.zip, self.street, self.street_number, self.complement)

    @property
    def has_address(self) -> bool:
        return bool(self.zip or self.street or self.city)


@dataclass(frozen=True)
class FileProblem:
    """What is wrong: the code of a message, its parameters, and where.

    ``line`` is 0 where the whole file is meant.
    """

    line: int
    column: str
    code: str
    params: dict = field(default_factory=dict)
    is_warning: bool = False


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


def normalize(text: str | None) -> str:
    """Return text without accents, case and signs, words joined by "_".

    >>> normalize("Dia do Vencimento*"), normalize("Observação"), normalize(None)
    ('dia_do_vencimento', 'observacao', '')
    """
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "_", plain.decode().lower()).strip("_")


def address_key(*parts: str | None) -> tuple[str, ...]:
    """Return what tells one place from another, without case, accents and signs.

    >>> address_key("18520-000", "Rua 1º de Maio")
    ('18520000', 'rua1odemaio')
    """
    return tuple(normalize(part).replace("_", "") for part in parts)


HEADERS = {column.name: column.header for column in COLUMNS}
COLUMN_OF = {
    alias: column
    for column in COLUMNS
    for alias in (column.header, column.name, *column.aliases)
}


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


class UnreadableFile(Exception):
    """A file that cannot be read at all: the code of a message and its line."""

    def __init__(self, code, line=0, **params):
        super().__init__(code)
        self.code = code
        self.line = line
        self.params = params


# --- lines ---------------------------------------------------------------

Line = tuple[int, list]


def _read_lines(content: bytes) -> Iterator[Line]:
    """Return the numbered lines that are not blank, each a list of cells."""
    if not content.strip():
        raise UnreadableFile("empty_file")
    if content.startswith(OLD_EXCEL):
        raise UnreadableFile("old_excel")
    lines = _xlsx_lines(content) if content.startswith(ZIP) else _csv_lines(content)
    return ((number, cells) for number, cells in lines if any(map(_has_text, cells)))


def _has_text(cell) -> bool:
    return cell is not None and bool(str(cell).strip())


def _xlsx_lines(content: bytes) -> Iterator[Line]:
    """Yield the rows of the sheet that was in front; formulas give their values."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.active
        # Some exporters write a size that hides all but the first cell.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, list(cells)
    # Whatever a damaged archive causes escapes from openpyxl.
    except Exception as error:
        raise UnreadableFile("unreadable_file") from error


def _csv_lines(content: bytes) -> Iterator[Line]:
    text = decode_text(content)
    if not text.strip():
        raise UnreadableFile("empty_file")
    # strict: a quote that is never closed would swallow contracts in silence.
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True
    )
    first_line = 1
    try:
        for cells in reader:
            yield first_line, cells
            first_line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile("bad_quotes", line=first_line) from error


def decode_text(content: bytes) -> str:
    """Return the text of UTF-8, UTF-16 with a mark, or Windows (cp1252, latin-1).

    >>> decode_text("ação".encode("utf-8-sig")), decode_text("ação".encode("latin-1"))
    ('ação', 'ação')
    """
    encodings = ("utf-16",) if content.startswith(UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROL_CHARACTERS.search(text):
            return text
    raise UnreadableFile("unreadable_file")


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
    result.width = max(i for i, cell in enumerate(cells, 1) if _has_text(cell))
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
        if position not in columns and _has_text(cell):
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
    if any(map(_has_text, cells[result.width :])):
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


# --- example -------------------------------------------------------------


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
