"""Several processes send the same notices: none is lost, none sent twice."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))
sys.path.insert(0, str(TESTS))

import templates  # noqa: E402
from simulators.smtp import SmtpServer  # noqa: E402

NOTICES = 30
# Generous: the machine may be busy.
TIMEOUT_S = 180


@pytest.fixture
def server():
    with SmtpServer() as server:
        yield server


@pytest.fixture
def database(server):
    name = f"{templates.run_name()}_noticing"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], name)
    try:
        run("create", name, NOTICES, server.port)
        yield name
    finally:
        templates.drop_database(name)


def command(*arguments):
    return [sys.executable, str(TESTS / "noticing_worker.py"), *map(str, arguments)]


def run(*arguments):
    subprocess.run(command(*arguments), check=True, timeout=TIMEOUT_S)


@contextlib.contextmanager
def senders(database, count, name="send"):
    """Yield processes that are ready to send, let go by `release`."""
    processes = [
        subprocess.Popen(
            command(name, database),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def release(processes):
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def count_states(database):
    with templates.server(database) as cursor:
        cursor.execute("SELECT state, count(*) FROM contract_notice GROUP BY state")
        return dict(cursor.fetchall())


def count_received(server):
    return Counter(recipient for _from, to, _m in server.messages for recipient in to)


def wait_until(condition):
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.02)


def release_until_done(processes):
    release(processes)
    for process in processes:
        assert process.wait(TIMEOUT_S) == 0


def check_each_sent_once(server, database):
    received = count_received(server)
    assert len(received) == NOTICES
    assert set(received.values()) == {1}
    assert count_states(database) == {"sent": NOTICES}


def test_two_processes_send_each_notice_once(server, database):
    with senders(database, 2) as processes:
        release_until_done(processes)
    check_each_sent_once(server, database)


def test_the_banks_answer_and_the_last_day_send_each_notice_once(server, database):
    """One process acts on the answer, one on the last day, at the same moment."""
    with templates.server(database) as cursor:
        cursor.execute(
            "UPDATE contract_notice SET state = 'waiting', subject = NULL, body = NULL,"
            " wait_reason = 'registration', wait_until = '2026-03-05'"
        )
    with senders(database, 2, "release") as processes:
        release_until_done(processes)
    check_each_sent_once(server, database)


def test_killed_between_call_and_answer_nothing_is_sent_twice(server, database):
    """The server takes a message and does not answer; the sender is killed then."""
    server.answer_delays["cliente3@example.com"] = TIMEOUT_S
    with senders(database, 1) as (process,):
        release([process])
        wait_until(lambda: count_received(server)["cliente3@example.com"])
        assert count_states(database)["sending"] == 1
        process.send_signal(signal.SIGKILL)
        process.wait(TIMEOUT_S)
    server.answer_delays.clear()
    with senders(database, 2) as processes:
        release(processes)
        for process in processes:
            assert process.wait(TIMEOUT_S) == 0
    received = count_received(server)
    assert len(received) == NOTICES
    assert set(received.values()) == {1}
    assert count_states(database) == {"sent": NOTICES - 1, "uncertain": 1}


def test_two_jobs_prepare_one_notice_for_one_key(database):
    """Of two who prepare the same at once, the second is to try again."""
    answer = subprocess.run(
        command("collide", database),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_S,
    )
    first, second = answer.stdout.split()
    assert (first, second) == ("RetryableJobError", "1")
