"""What the import of contracts says, by the code of a `FileProblem`."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

MESSAGES = {
    # the file
    "empty_file": _lt("The file is empty."),
    "old_excel": _lt(
        "This is an Excel file of the old kind (.xls), or one with a password. "
        "Save it as .xlsx without a password, or as CSV."
    ),
    "unreadable_file": _lt(
        "This is neither a CSV nor an XLSX file. Save the spreadsheet as .xlsx or "
        "CSV and try again."
    ),
    "bad_quotes": _lt(
        "A quotation mark is not closed in this line or near it. Remove it or "
        "double it."
    ),
    "no_header": _lt(
        "No line with the names of the columns was found. The file needs at least: "
        "%(columns)s."
    ),
    "no_rows": _lt("The file has a header but no contracts."),
    "too_many_lines": _lt("The file has more than %(lines)s lines. Split it."),
    "missing_column": _lt(
        "This column is missing. Its cells may be empty where the instructions say "
        "so, but the column must be in the file."
    ),
    "double_column": _lt("This column says the same as “%(other)s”. Remove one."),
    "unknown_column": _lt("This column is not known and will not be imported."),
    "too_many_cells": _lt(
        "The line has more cells than the header. A separator inside a text needs "
        "quotation marks around the text."
    ),
    # one cell
    "empty_cell": _lt("This cell must not be empty."),
    "formula_error": _lt("The formula of this cell gives the error %(value)s."),
    "bad_date": _lt(
        "“%(value)s” is not a date. Write day/month/year, such as 31/12/2026."
    ),
    "bad_money": _lt("“%(value)s” is not an amount. Write it like 1.234,56."),
    "negative_amount": _lt("The amount %(value)s is negative."),
    "bad_document": _lt(
        "“%(value)s” is not a valid CPF or CNPJ: the check digits or the length are "
        "wrong."
    ),
    "bad_zip": _lt("“%(value)s” is not a CEP. It has eight digits."),
    "bad_due_day": _lt("“%(value)s” is not a day of the month from 1 to 31."),
    "bad_months": _lt("“%(value)s” is not a number of months from 0 to 120."),
    "bad_email": _lt("“%(value)s” is not an e-mail address."),
    "double_code": _lt(
        "The contract %(value)s is in line %(other_line)s already. Each number may "
        "be in the file once."
    ),
    # cells that do not fit together
    "end_before_start": _lt(
        "The contract ends on %(end)s, before it starts on %(start)s."
    ),
    "charged_without_activation": _lt(
        "The contract was charged but has no date of activation."
    ),
    "charged_before_activation": _lt(
        "Charged until %(charged)s, before the activation on %(start)s."
    ),
    "charged_after_end": _lt(
        "Charged until %(charged)s, after the contract ends on %(end)s."
    ),
    "state_missing": _lt("The federal state of %(city)s is missing."),
    # against the database
    "unknown_plan": _lt(
        "There is no plan with the name or offer code “%(value)s”. Create it under "
        "Configuration, or correct its name here."
    ),
    "several_plans": _lt(
        "%(count)s plans are called “%(value)s”. Write the offer code instead."
    ),
    "plan_without_product": _lt(
        "The plan “%(value)s” has no product, so the contract cannot be active. Add "
        "one to the plan."
    ),
    "due_day_not_offered": _lt(
        "Due day %(value)s is not offered with the plan “%(plan)s”. It offers: "
        "%(days)s."
    ),
    "unknown_state": _lt("“%(value)s” is not a federal state of Brazil."),
    "unknown_city": _lt("There is no city “%(value)s” in %(state)s."),
    "archived_customer": _lt(
        "The customer with this document, %(customer)s, is archived. Restore the "
        "customer first."
    ),
    # warnings
    "known_other_document": _lt(
        "The contract %(code)s is here already, but its customer is %(customer)s "
        "with another document. It stays as it is."
    ),
    "known_other_plan": _lt(
        "The contract %(code)s is here already, but with the plan “%(plan)s”. It "
        "stays as it is."
    ),
    "uncharged_since": _lt(
        "Everything since %(since)s will be billed at once. Fill in “%(header)s” if "
        "the old system charged it."
    ),
    "already_ended": _lt(
        "The contract ended on %(end)s. Only what was not yet charged will be billed."
    ),
}
