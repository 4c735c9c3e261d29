import doctest
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from stdnum.br import cnpj, cpf

from odoo.tests import BaseCase, tagged

from ..tools import cell_values, contract_file, contract_file_columns, table_file
from ..tools.cell_values import (
    EXCEL_EPOCH,
    BadValue,
    parse_date,
    parse_document,
    parse_money,
)
from ..tools.contract_file import read_contract_file
from ..tools.contract_file_columns import COLUMNS
from ..tools.contract_file_example import write_csv, write_xlsx

LINE = {
    "codigo": "1001",
    "cliente": "José da Conceição",
    "cpf_cnpj": "529.982.247-25",
    "plano": "Fibra 500",
    "dia_vencimento": "10",
    "data_contrato": "01/03/2026",
    "data_ativacao": "05/03/2026",
}
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def csv_of(*changes, encoding="utf-8", delimiter=";", drop=()):
    """Return a CSV of one line for each dict of changes to `LINE`."""
    lines = [{**LINE, **change} for change in changes or [{}]]
    headers = [h for h in dict.fromkeys(h for line in lines for h in line)]
    headers = [h for h in headers if h not in drop]
    rows = [headers] + [[line.get(h, "") for h in headers] for line in lines]
    return "\n".join(delimiter.join(row) for row in rows).encode(encoding)


def xlsx_of(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@tagged("contract_recurring")
class TestContractFile(BaseCase):
    """The file of an old system, as clerks really save it."""

    def _problems(self, content):
        return [
            (problem.line, problem.column, problem.code)
            for problem in read_contract_file(content).problems
        ]

    def test_examples_in_docstrings(self):
        for module in (cell_values, contract_file, contract_file_columns, table_file):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertFalse(result.failed)

    # --- encodings, delimiters, formats ---

    def test_encodings_and_delimiters_give_the_same_row(self):
        expected = read_contract_file(csv_of()).rows
        self.assertEqual(expected[0].customer, "José da Conceição")
        for encoding in ("utf-8-sig", "latin-1", "cp1252", "utf-16"):
            for delimiter in ";,\t":
                content = csv_of(encoding=encoding, delimiter=delimiter)
                self.assertEqual(read_contract_file(content).rows, expected)

    def test_windows_line_ends_and_blank_lines_keep_the_line_numbers(self):
        content = csv_of({}, {"codigo": "2", "dia_vencimento": "32"})
        content = content.replace(b"\n", b"\r\n\r\n")
        self.assertEqual(
            self._problems(content), [(5, "dia_vencimento", "bad_due_day")]
        )

    def test_note_of_two_lines_counts_as_two(self):
        content = csv_of({"observacao": '"a\nb"'}, {"codigo": "2", "plano": ""})
        self.assertEqual(self._problems(content), [(4, "plano", "empty_cell")])
        self.assertEqual(read_contract_file(content).rows[0].note, "a\nb")

    def test_spreadsheet_with_title_dates_and_numbers(self):
        headers = [column.header.upper() for column in COLUMNS]
        values = {
            **LINE,
            "codigo": 1001,
            "cpf_cnpj": 1234567890,
            "valor_mensal": 99.9,
            "dia_vencimento": 10.0,
            "data_contrato": datetime(2026, 3, 1),
            "data_ativacao": date(2026, 3, 5),
            "cep": 1310100,
            "numero": 45,
        }
        content = xlsx_of(
            ["Relatório de contratos"],
            [],
            headers,
            [values.get(column.header) for column in COLUMNS],
        )
        file = read_contract_file(content)
        self.assertEqual(file.problems, [])
        row = file.rows[0]
        self.assertEqual((row.line, row.code, row.document), (4, "1001", "01234567890"))
        self.assertEqual(row.monthly_amount, Decimal("99.90"))
        self.assertEqual(
            (row.due_day, row.zip, row.street_number), (10, "01310-100", "45")
        )
        self.assertEqual(row.activation_date, date(2026, 3, 5))

    def test_formula_without_a_value_is_an_empty_cell(self):
        values = {**LINE, "plano": '="Fibra"'}
        content = xlsx_of(list(values), list(values.values()))
        self.assertEqual(self._problems(content), [(2, "plano", "empty_cell")])

    def test_headers_with_accents_and_signs(self):
        content = csv_of().decode()
        content = content.replace("codigo", "Nº Contrato").replace("plano", "PLANO *")
        content = content.replace("Nº Contrato", "Número do Contrato")
        self.assertEqual(self._problems(content.encode()), [])

    def test_english_headers(self):
        content = (
            "code,customer,document,plan,due_day,contract_date,activation_date\n"
            "1,Ana,529.982.247-25,Fibra,10,2026-03-01,2026-03-05"
        )
        self.assertEqual(len(read_contract_file(content.encode()).rows), 1)

    def test_example_files_are_read_without_a_problem(self):
        for content in (write_csv([LINE]), write_xlsx([LINE])):
            file = read_contract_file(content)
            self.assertEqual(file.problems, [])
            self.assertEqual(list(file.headers), [c.name for c in COLUMNS])
            self.assertEqual(file.rows[0].customer, "José da Conceição")

    # --- files that are none ---

    def test_missing_columns_are_named(self):
        self.assertEqual(
            self._problems(csv_of(drop=("plano", "dia_vencimento"))),
            [(1, "plano", "missing_column"), (1, "dia_vencimento", "missing_column")],
        )

    def test_unknown_column_is_a_warning(self):
        file = read_contract_file(csv_of({"cobrado": "01/07/2026"}))
        self.assertEqual([p.code for p in file.problems], ["unknown_column"])
        self.assertTrue(file.problems[0].is_warning)
        self.assertEqual(len(file.rows), 1)

    def test_files_that_hold_no_contracts(self):
        cases = {
            b"": "empty_file",
            b" \n ": "empty_file",
            b"\xfe\xff": "empty_file",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old_excel",
            b"PK\x03\x04 not really": "unreadable_file",
            b"%PDF-1.4\x00\x01\x02": "unreadable_file",
            b"hello;world\n1;2": "no_header",
            csv_of().splitlines()[0]: "no_rows",
            csv_of({"cliente": '"Ana'}): "bad_quotes",
        }
        for content, code in cases.items():
            with self.subTest(code=code):
                self.assertEqual([c for _l, _c, c in self._problems(content)], [code])

    @given(st.binary(max_size=300))
    def test_no_bytes_raise(self, content):
        self.assertTrue(read_contract_file(content).problems)

    # --- cells ---

    def test_each_bad_cell_names_line_and_column(self):
        cases = [
            ({"cpf_cnpj": "529.982.247-24"}, "cpf_cnpj", "bad_document"),
            ({"cpf_cnpj": "111.111.111-11"}, "cpf_cnpj", "bad_document"),
            ({"dia_vencimento": "32"}, "dia_vencimento", "bad_due_day"),
            ({"dia_vencimento": "0"}, "dia_vencimento", "bad_due_day"),
            ({"data_contrato": "31/02/2026"}, "data_contrato", "bad_date"),
            ({"data_contrato": "01/03/26"}, "data_contrato", "bad_date"),
            ({"data_contrato": "01/03/0206"}, "data_contrato", "bad_date"),
            ({"valor_mensal": "-5"}, "valor_mensal", "negative_amount"),
            ({"valor_mensal": "R$ -5,00"}, "valor_mensal", "negative_amount"),
            ({"valor_mensal": "cem"}, "valor_mensal", "bad_money"),
            ({"valor_mensal": "1,234"}, "valor_mensal", "bad_money"),
            ({"cep": "123"}, "cep", "bad_zip"),
            ({"email": "maria"}, "email", "bad_email"),
            ({"fidelidade_meses": "doze"}, "fidelidade_meses", "bad_months"),
            ({"cliente": "#REF!"}, "cliente", "formula_error"),
            ({"data_fim": "01/02/2026"}, "data_fim", "end_before_start"),
            (
                {"data_ativacao": "", "data_fim": "01/02/2026"},
                "data_fim",
                "end_before_start",
            ),
            (
                {"data_ativacao": "", "cobrado_ate": "01/07/2026"},
                "cobrado_ate",
                "charged_without_activation",
            ),
            (
                {"data_ativacao": "ontem", "cobrado_ate": "01/07/2026"},
                "data_ativacao",
                "bad_date",
            ),
            ({"cobrado_ate": "01/01/2026"}, "cobrado_ate", "charged_before_activation"),
            (
                {"cobrado_ate": "01/07/2026", "data_fim": "01/06/2026"},
                "cobrado_ate",
                "charged_after_end",
            ),
            ({"cidade": "Cerquilho"}, "uf", "state_missing"),
        ]
        for change, column, code in cases:
            with self.subTest(change=change):
                content = csv_of({}, {"codigo": "2", **change})
                self.assertEqual(self._problems(content), [(3, column, code)])
                self.assertEqual(len(read_contract_file(content).rows), 1)

    def test_contract_twice_in_the_file_names_both_lines(self):
        problem = read_contract_file(csv_of({}, {})).problems[0]
        self.assertEqual((problem.line, problem.code), (3, "double_code"))
        self.assertEqual(problem.params, {"value": "1001", "other_line": 2})

    def test_separator_inside_a_name_is_seen(self):
        content = csv_of({"plano": "Fibra", "cliente": "Silva; Filhos"})
        self.assertIn("too_many_cells", [c for _l, _c, c in self._problems(content)])

    def test_all_problems_of_a_file_are_found_in_one_go(self):
        content = csv_of(
            {"cpf_cnpj": "1", "dia_vencimento": "32"}, {"codigo": "2", "plano": ""}
        )
        self.assertEqual([line for line, _c, _m in self._problems(content)], [2, 2, 3])

    def test_free_contract_and_its_zero(self):
        row = read_contract_file(csv_of({"valor_mensal": "0,00"})).rows[0]
        self.assertEqual(row.monthly_amount, Decimal("0.00"))

    # --- values, over their whole range ---

    @given(st.integers(0, 10**11))
    def test_money_however_it_is_written(self, cents):
        amount = Decimal(cents) / 100
        english = f"{amount:,.2f}"
        brazilian = english.translate(str.maketrans(",.", ".,"))
        for text in (english, brazilian, f"R$ {brazilian}", f"{amount:.2f}"):
            self.assertEqual(parse_money(text), amount)
        self.assertEqual(parse_money(float(amount)), amount)

    @given(days)
    def test_dates_however_they_are_written(self, day):
        serial = (day - EXCEL_EPOCH) / timedelta(days=1)
        moment = datetime.combine(day, datetime.min.time())
        for cell in (f"{day:%d/%m/%Y}", day.isoformat(), day, moment, serial):
            self.assertEqual(parse_date(cell), day)

    @given(st.integers(1, 10**9 - 1).map("{:09d}".format))
    def test_cpf_survives_a_spreadsheet(self, body):
        number = body + cpf._calc_check_digits(body)
        if number.startswith("000") or len(set(number)) == 1:
            return  # too many zeros to restore; no CPF begins so
        self.assertEqual(parse_document(cpf.format(number)), number)
        self.assertEqual(parse_document(float(number)), number)

    @settings(max_examples=200)
    @given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
    def test_cnpj_with_letters_and_its_digits(self, body):
        """IN RFB 2.229/2024: letters count as their ASCII code less 48."""
        if body.startswith("000000000000"):
            return
        digits = cnpj.calc_check_digits(body)
        if len(set(body + digits)) == 1:
            return
        self.assertEqual(parse_document(cnpj.format(body + digits)), body + digits)
        wrong = f"{(int(digits) + 1) % 100:02d}"
        with self.assertRaises(BadValue):
            parse_document(body + wrong)
