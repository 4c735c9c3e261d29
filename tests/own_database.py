"""A program of tests that commits, run on a database of its own."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

# Generous: the machine may be busy.
TIMEOUT_S = 300


def run_on_own_database(topic):
    """Return the lines that ``<topic>_worker.py`` prints, given a new database."""
    database = f"{templates.run_name()}_{topic}"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        answer = subprocess.run(
            [sys.executable, str(TESTS / f"{topic}_worker.py"), database],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
        )
    finally:
        templates.drop_database(database)
    return answer.stdout.splitlines()
