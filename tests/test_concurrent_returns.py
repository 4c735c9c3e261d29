"""Several processes settle one return file: every payment is posted exactly once."""

import os
import sys
import time
from functools import partial
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402
import workers  # noqa: E402
from workers import TIMEOUT_S, let_go, query, work_together  # noqa: E402

start_worker = partial(workers.start_worker, "returning_worker.py")
run_worker = partial(workers.run_worker, "returning_worker.py")

TITLES = 30
# every seventh is paid twice: numbers 0, 7, 14, 21, 28
PAYMENTS = TITLES + 5
BATCH_SIZE = 4

# What must hold once a file is settled, each as a query for what breaks it.
BROKEN_IF_FOUND = {
    "a payment that was not posted once": """
        SELECT event.id, event.state, event.message
          FROM collection_event AS event
          LEFT JOIN account_move_line AS line
            ON line.collection_event_id = event.id AND line.parent_state = 'posted'
         GROUP BY event.id
        HAVING count(line.id) <> 1 OR sum(line.credit) <> event.paid""",
    "an event that is not settled": """
        SELECT id, message FROM collection_event WHERE state <> 'done'""",
    "an invoice that is not paid": """
        SELECT id, payment_state FROM account_move
         WHERE move_type = 'out_invoice' AND payment_state <> 'paid'""",
    "a boleto that is not paid": """
        SELECT id, state FROM collection_title WHERE state <> 'paid'""",
    "a file that is not closed": """
        SELECT id, state FROM collection_return_file WHERE state <> 'done'""",
}
# What the bank credited, and what is in the books of its journal.
CREDITED = "SELECT sum(net) FROM collection_event"
POSTED = """
    SELECT sum(line.balance)
      FROM account_move_line AS line
      JOIN account_journal AS journal
        ON journal.id = line.journal_id
       AND journal.default_account_id = line.account_id"""
CREDITS = """
    SELECT count(*) FROM collection_event
     WHERE outcome = 'second_payment' AND credit_amount = paid"""


def process_together(database, file_id, *batch_sizes):
    work_together(
        [
            start_worker("process", database, file_id, batch_size)
            for batch_size in batch_sizes
        ]
    )


@pytest.fixture(scope="module")
def source():
    database = f"{templates.run_name()}_titles"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        run_worker("create", database, TITLES)
        yield database
    finally:
        templates.drop_database(database)


@pytest.fixture
def database(source):
    """Return a database of its own: these tests commit."""
    name = f"{templates.run_name()}_returns"
    templates.copy_database(source, name)
    try:
        yield name
    finally:
        templates.drop_database(name)


def check_settled_once(database):
    found = {
        what: rows[:5]
        for what, statement in BROKEN_IF_FOUND.items()
        if (rows := query(database, statement))
    }
    assert not found
    assert query(database, "SELECT count(*) FROM collection_event") == [(PAYMENTS,)]
    assert query(database, CREDITED) == query(database, POSTED)
    assert query(database, CREDITS) == [(PAYMENTS - TITLES,)]


def test_two_workers_on_one_file(database):
    """Both are given every payment, in batches of other sizes; two payments of one
    invoice meet in batches side by side."""
    file_id = run_worker("load", database, BATCH_SIZE)
    process_together(database, file_id, BATCH_SIZE, BATCH_SIZE + 2)
    check_settled_once(database)


def test_two_workers_take_copies_of_one_file(database):
    """Downloaded twice, imported by two people at the same moment."""
    work_together([start_worker("take", database, copy) for copy in range(2)])
    files = query(
        database, "SELECT id, known_count FROM collection_return_file ORDER BY 2"
    )
    assert [known for _file_id, known in files] == [0, PAYMENTS]
    for file_id, _known in files:
        process_together(database, file_id, BATCH_SIZE)
    check_settled_once(database)


def test_who_read_before_the_other_told_begins_anew(database):
    """A view of the database older than the lock would tell everything again."""
    _file_id, late = run_worker("take_late", database).splitlines()
    assert late == "begins anew"
    assert query(database, "SELECT count(*) FROM collection_event") == [(PAYMENTS,)]


def count_done(database):
    statement = "SELECT count(*) FROM collection_event WHERE state = 'done'"
    return query(database, statement)[0][0]


def has_unfinished_batch(database):
    """Return whether a transaction has written entries and not ended."""
    return query(
        database,
        """
        SELECT activity.pid
          FROM pg_locks AS held
          JOIN pg_stat_activity AS activity USING (pid)
         WHERE held.relation = 'account_partial_reconcile'::regclass
           AND held.mode = 'RowExclusiveLock'
           AND activity.datname = current_database()""",
    )


def kill_in_the_middle(worker, database):
    """Kill a worker once a batch is settled and another one half posted."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        if count_done(database) and has_unfinished_batch(database):
            worker.kill()
            worker.communicate()
            return
        time.sleep(0.002)
    pytest.fail("a worker was never seen in the middle of a file")


def test_killed_worker_loses_and_repeats_nothing(database):
    file_id = run_worker("load", database, BATCH_SIZE)
    worker = start_worker("process", database, file_id, BATCH_SIZE)
    let_go([worker])
    kill_in_the_middle(worker, database)
    done = count_done(database)
    assert 0 < done < PAYMENTS
    process_together(database, file_id, BATCH_SIZE, BATCH_SIZE)
    check_settled_once(database)
