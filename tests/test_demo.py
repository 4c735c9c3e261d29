"""setup/demo does what its help says, on a database of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

PROJECT_DIR = Path(__file__).resolve().parent.parent
DATABASE = f"test_demo_{os.getpid()}"
CONTRACTS = 30


def run_demo(*arguments):
    return subprocess.run(
        [str(PROJECT_DIR / "setup/demo"), *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def bill(*arguments):
    """Bill a month without serving; return the figures."""
    result = run_demo("--database", DATABASE, "--no-serve", "--json", *arguments)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def count(table):
    with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), max(write_date) FROM {table}")
        return cursor.fetchone()


@pytest.fixture(scope="module")
def first_run():
    sys.path.insert(0, str(PROJECT_DIR / "setup"))
    import templates

    try:
        yield bill("--contracts", str(CONTRACTS))
    finally:
        templates.drop_database(DATABASE)


def test_demo_bills_the_month(first_run):
    assert first_run["contracts"] == CONTRACTS
    assert first_run["billed"] > CONTRACTS / 2
    # two contracts of one customer are on one invoice
    assert first_run["invoices"] >= first_run["billed"] - 1
    assert first_run["charges"] > first_run["invoices"]
    assert float(first_run["amount"]) > 50 * first_run["billed"]
    # Broken on purpose, so that the run's screen has something to explain.
    assert 1 <= first_run["failed"] <= 3


def test_price_lists_are_in_reais(first_run):
    with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT currency.name FROM product_pricelist list"
            " JOIN res_currency currency ON currency.id = list.currency_id"
        )
        assert cursor.fetchall() == [("BRL",)]


def test_pix_charges_are_paid_as_the_bank_reports(first_run):
    with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT title.state, move.payment_state FROM collection_title title"
            " JOIN collection_account account ON account.id = title.account_id"
            " JOIN account_move move ON move.id = title.move_id"
            " WHERE account.backend = 'pix_api'"
        )
        assert cursor.fetchall() == [("paid", "paid")] * 2


@pytest.mark.parametrize(
    ("table", "states"),
    [
        ("direct_debit_authorization", {"authorised"}),
        ("payment_token_charge", {"done"}),
        ("pix_mandate", {"approved", "created"}),
    ],
)
def test_automatic_payments_have_living_data(first_run, table, states):
    with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT state FROM {table}")
        assert states <= {state for (state,) in cursor.fetchall()}


def test_what_is_paid_automatically_is_booked(first_run):
    with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT account.backend, count(*) FROM collection_title title"
            " JOIN collection_account account ON account.id = title.account_id"
            " JOIN account_move move ON move.id = title.move_id"
            " WHERE title.state = 'paid' AND move.payment_state = 'paid'"
            " AND account.backend IN ('cnab_debit', 'pix_automatic')"
            " GROUP BY account.backend ORDER BY account.backend"
        )
        assert [backend for backend, _count in cursor.fetchall()] == [
            "cnab_debit",
            "pix_automatic",
        ]
        cursor.execute(
            "SELECT DISTINCT move.payment_state FROM payment_token_charge charge"
            " JOIN account_move move ON move.id = charge.move_id"
            " WHERE charge.state = 'done'"
        )
        assert cursor.fetchall() == [("paid",)]


def test_second_start_bills_nothing(first_run):
    tables = (
        "account_move",
        "contract_billing_run",
        "contract_charge",
        "contract_contract",
        "res_partner",
    )
    before = [count(table) for table in tables]
    second = bill("--contracts", str(CONTRACTS))
    assert second["billed"] == second["invoices"] == second["charges"] == 0
    assert second["amount"] == "0.00"
    assert second["contracts"] == CONTRACTS
    assert [count(table) for table in tables] == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--month", "2026-13"], "--month"),
        (["--month", "tomorrow"], "--month"),
        (["--contracts", "0"], "--contracts"),
        (["--contracts", "-5"], "--contracts"),
        (["--csv", "nowhere.csv"], "nowhere.csv"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    result = run_demo("--database", DATABASE, *arguments)
    assert result.returncode == 2
    assert message in result.stderr.splitlines()[0]
