"""Two clerks press *Bill Ahead* at once: one invoice, and the other is told."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

# Generous: the machine may be busy.
TIMEOUT_S = 300


def test_a_period_billed_ahead_by_two_clerks():
    database = f"{templates.run_name()}_charging"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        answer = subprocess.run(
            [sys.executable, str(TESTS / "charging_worker.py"), database],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
        )
    finally:
        templates.drop_database(database)
    meanwhile, late, again, counts = answer.stdout.splitlines()
    assert "is being changed or billed by somebody else" in meanwhile
    assert late == "again"
    assert "was billed meanwhile" in again
    assert counts == "1 1"
