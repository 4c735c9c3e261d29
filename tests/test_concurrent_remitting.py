"""Two clerks generate at once: each boleto goes to the bank in one file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

TITLES = 30
# Generous: the machine may be busy.
TIMEOUT_S = 180


def query(database, statement):
    with templates.server(database) as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def start_worker(*arguments):
    return subprocess.Popen(
        [sys.executable, str(TESTS / "remitting_worker.py"), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def database():
    name = f"{templates.run_name()}_remitting"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], name)
    try:
        worker = start_worker("create", name, TITLES)
        worker.communicate(timeout=TIMEOUT_S)
        assert worker.returncode == 0
        yield name
    finally:
        templates.drop_database(name)


def send_together(database, count):
    """Return the numbers of the files that clerks made at the same moment."""
    workers = [start_worker("send", database) for _ in range(count)]
    try:
        for worker in workers:
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        answers = [worker.communicate(timeout=TIMEOUT_S)[0] for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * count
        return sorted(int(answer) for answer in answers)
    finally:
        for worker in workers:
            worker.kill()


def test_two_clerks_at_once_send_each_boleto_once(database):
    assert send_together(database, 2) == [0, 1]
    assert query(
        database, "SELECT state, count(*) FROM collection_instruction GROUP BY state"
    ) == [("sent", TITLES)]
    assert query(
        database,
        """SELECT file_number, new_count FROM collection_remittance
            WHERE state = 'generated'""",
    ) == [(1, TITLES)]
    assert query(database, "SELECT next_file_number FROM collection_account") == [(2,)]
