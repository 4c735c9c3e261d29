"""Worker programs of the tests that commit, started side by side."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

# Generous: the machine may be busy.
TIMEOUT_S = 180


def query(database, statement, values=None):
    with templates.server(database) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def start_worker(program, *arguments):
    """Start a program of this folder; it says when it is ready and waits."""
    return subprocess.Popen(
        [sys.executable, str(TESTS / program), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run_worker(program, *arguments):
    """Run a worker to its end and return what it printed."""
    worker = start_worker(program, *arguments)
    output, _ = worker.communicate(timeout=TIMEOUT_S)
    assert worker.returncode == 0
    return output.strip()


def let_go(workers):
    """Let workers go at the same moment."""
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()


def work_together(workers):
    """Let workers go at the same moment, to their end."""
    try:
        let_go(workers)
        assert [worker.wait(TIMEOUT_S) for worker in workers] == [0] * len(workers)
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
