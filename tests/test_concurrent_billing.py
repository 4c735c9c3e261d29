"""Several processes bill one month: every period is charged exactly once."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import psycopg2
import pytest

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402
import workers  # noqa: E402
from workers import TIMEOUT_S, query, work_together  # noqa: E402

start_worker = partial(workers.start_worker, "billing_worker.py")
run_worker = partial(workers.run_worker, "billing_worker.py")

CONTRACTS = 40
BATCH_SIZE = 4

# What must hold once a month is billed, each as a query for what breaks it.
BROKEN_IF_FOUND = {
    "a contract without exactly one invoice": """
        SELECT contract.id
          FROM contract_contract AS contract
          LEFT JOIN contract_charge AS charge ON charge.contract_id = contract.id
         GROUP BY contract.id
        HAVING count(DISTINCT charge.move_id) <> 1""",
    "an invoice that is not posted or bills no charge": """
        SELECT move.id
          FROM account_move AS move
         WHERE move.state <> 'posted'
            OR NOT EXISTS (SELECT FROM contract_charge WHERE move_id = move.id)""",
    "a line that was not charged once": """
        SELECT line.id
          FROM contract_line AS line
          LEFT JOIN contract_charge AS charge ON charge.contract_line_id = line.id
         GROUP BY line.id
        HAVING count(charge.id) <> 1""",
    "a charge and an invoice line that differ": """
        SELECT charge.id
          FROM contract_charge AS charge
          JOIN account_move_line AS line ON line.id = charge.move_line_id
         WHERE charge.amount <> line.price_subtotal
            OR charge.move_id <> line.move_id
            OR charge.state <> 'billed'""",
    "an invoice line without a charge": """
        SELECT line.id
          FROM account_move_line AS line
         WHERE line.display_type = 'product'
           AND NOT EXISTS (SELECT FROM contract_charge WHERE move_line_id = line.id)""",
    "an item that is not done": """
        SELECT state, message FROM contract_billing_run_item WHERE state <> 'done'""",
    "a run that is not closed": """
        SELECT id, state FROM contract_billing_run WHERE state <> 'done'""",
}


# === PROCESSES AND DATABASES ===


def wait_until(condition, what):
    """Return the condition's first true answer; fail if none comes in time."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.05)
    pytest.fail(f"in {TIMEOUT_S} s it was not seen: {what}")


def process_together(database, *works):
    """Let one worker for each (run, batch size) go at the same moment."""
    work_together([start_worker("process", database, *work) for work in works])


@pytest.fixture(scope="module")
def source():
    database = f"{templates.run_name()}_contracts"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        run_worker("create", database, CONTRACTS)
        yield database
    finally:
        templates.drop_database(database)


@pytest.fixture
def database(source):
    """Return a database of its own: these tests commit."""
    name = f"{templates.run_name()}_billing"
    templates.copy_database(source, name)
    try:
        yield name
    finally:
        templates.drop_database(name)


def check_month_is_billed_once(database):
    found = {
        what: rows[:5]
        for what, statement in BROKEN_IF_FOUND.items()
        if (rows := query(database, statement))
    }
    assert not found
    assert query(database, "SELECT count(*) FROM account_move") == [(CONTRACTS,)]


# === WORKERS SIDE BY SIDE ===


def test_two_workers_on_one_run(database):
    """Both are given every item, as when a job is started while it still runs."""
    run = run_worker("approve", database, 1)
    process_together(database, (run, BATCH_SIZE), (run, BATCH_SIZE))
    check_month_is_billed_once(database)


def test_two_runs_over_one_month(database):
    """Batches of other sizes, so that each meets contracts the other holds."""
    first, second = run_worker("approve", database, 2).split()
    process_together(database, (first, BATCH_SIZE), (second, BATCH_SIZE + 2))
    check_month_is_billed_once(database)
    billed = "SELECT sum(billed_amount) FROM contract_billing_run_item"
    assert query(database, billed) == query(
        database, "SELECT sum(amount) FROM contract_charge"
    )


# === A SERVER THAT IS KILLED ===


def find_free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def odoo_server(database, log_path):
    """Run Odoo with two worker processes and queue_job's runner."""
    command = [
        *(os.environ["CONTRACT_ODOO"], "-c", os.environ["CONTRACT_ODOO_RC"]),
        *("-d", database, f"--db-filter=^{database}$", "--log-level=warn"),
        *("--workers=2", "--max-cron-threads=0"),
        f"--http-port={find_free_port()}",
        f"--gevent-port={find_free_port()}",
    ]
    with log_path.open("a") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield server
        except BaseException:
            print(log_path.read_text())
            raise
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def count_done(database):
    return query(
        database, "SELECT count(*) FROM contract_billing_run_item WHERE state = 'done'"
    )[0][0]


def find_working_pids(database):
    """Return the processes of Odoo that have started jobs."""
    rows = query(database, "SELECT worker_pid FROM queue_job WHERE state = 'started'")
    return {pid for (pid,) in rows}


def has_unfinished_batch(database, state="%"):
    """Return whether a transaction has written invoices and not ended.

    :param state: what its connection does, as `pg_stat_activity` names it
    """
    return query(
        database,
        """
        SELECT activity.pid
          FROM pg_locks AS held
          JOIN pg_stat_activity AS activity USING (pid)
         WHERE held.relation = 'account_move'::regclass
           AND held.mode = 'RowExclusiveLock'
           AND activity.datname = current_database()
           AND activity.state LIKE %s""",
        [state],
    )


def kill_in_the_middle(server, database):
    """Kill the server once a batch is billed and another one half written."""

    def is_in_the_middle():
        if not (
            count_done(database)
            and len(find_working_pids(database)) == 2
            and has_unfinished_batch(database)
        ):
            return False
        # Hold it, to be sure that this is still so when it dies: a connection
        # that waits for its client will not commit any more.
        os.killpg(server.pid, signal.SIGSTOP)
        if len(find_working_pids(database)) == 2 and has_unfinished_batch(
            database, "idle in transaction"
        ):
            return True
        os.killpg(server.pid, signal.SIGCONT)
        return False

    wait_until(is_in_the_middle, "two workers in the middle of a run")
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def test_killed_workers_lose_and_repeat_nothing(database, tmp_path):
    run_worker("start", database, BATCH_SIZE)
    log_path = tmp_path / "odoo.log"
    with odoo_server(database, log_path) as server:
        kill_in_the_middle(server, database)
    wait_until(lambda: not has_unfinished_batch(database), "what was left rolled back")
    done = count_done(database)
    assert BATCH_SIZE <= done < CONTRACTS
    assert query(database, "SELECT count(*) FROM account_move") == [(done,)]
    assert len(find_working_pids(database)) == 2
    # queue_job takes a job for dead ten seconds after it was handed out.
    wait_until(
        lambda: query(
            database,
            """SELECT FROM queue_job WHERE state IN ('started', 'enqueued')
               HAVING max(date_enqueued) < now() AT TIME ZONE 'utc' - interval '11 s'
            """,
        ),
        "the jobs of the dead workers becoming old",
    )
    with odoo_server(database, log_path):
        wait_until(
            lambda: query(
                database, "SELECT FROM contract_billing_run WHERE state = 'done'"
            ),
            "the end of the run",
        )
    check_month_is_billed_once(database)
    assert query(database, "SELECT DISTINCT state FROM queue_job") == [("done",)]


# === THE DATABASE ITSELF ===


def insert_charge(connection, kind, first_day):
    """Charge the first line from a day of March on, in an open transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contract_charge (
                contract_id, contract_line_id, partner_id, product_id, currency_id,
                kind, state, period_start, period_end, due_date, amount)
            SELECT contract_id, id, partner_id, product_id, currency_id,
                   %s, 'pending', make_date(2026, 3, %s), '2026-04-04', '2026-03-05', 1
              FROM contract_line ORDER BY id LIMIT 1""",
            [kind, first_day],
        )


@pytest.mark.parametrize(
    ("kind", "first_day"),
    [("recurring", 5), ("prorata", 20)],
    ids=["the same period", "some of its days"],
)
def test_database_refuses_to_charge_days_twice(database, kind, first_day):
    """Two transactions that cannot see each other; the second one waits, then fails."""
    errors = []

    def insert_second():
        try:
            insert_charge(second, kind, first_day)
            second.commit()
        except psycopg2.Error as error:
            errors.append(type(error))

    with (
        contextlib.closing(psycopg2.connect(dbname=database)) as first,
        contextlib.closing(psycopg2.connect(dbname=database)) as second,
    ):
        insert_charge(first, "recurring", 5)
        thread = threading.Thread(target=insert_second)
        thread.start()
        waiting = "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event_type = %s"
        pid = second.get_backend_pid()
        wait_until(
            lambda: query(database, waiting, [pid, "Lock"]), "the second one waiting"
        )
        first.commit()
        thread.join(TIMEOUT_S)
    assert len(errors) == 1
    assert issubclass(errors[0], psycopg2.IntegrityError)
    assert query(database, "SELECT count(*) FROM contract_charge") == [(1,)]
