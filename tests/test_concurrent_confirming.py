"""Two people confirm one quote: one contract, and the second is told why."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

# Generous: the machine may be busy.
TIMEOUT_S = 180


def test_one_quote_confirmed_by_two_people():
    database = f"{templates.run_name()}_confirming"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        answer = subprocess.run(
            [sys.executable, str(TESTS / "confirming_worker.py"), database],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
        )
    finally:
        templates.drop_database(database)
    meanwhile, afterwards, contracts = answer.stdout.splitlines()
    assert "Somebody else is confirming" in meanwhile
    assert "was confirmed on" in afterwards
    assert contracts == "1"
