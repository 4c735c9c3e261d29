"""A payment and a block at the same moment: who has paid is never blocked."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

# Generous: the machine may be busy.
TIMEOUT_S = 300


def test_payment_and_block_at_the_same_moment():
    database = f"{templates.run_name()}_dunning"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        answer = subprocess.run(
            [sys.executable, str(TESTS / "dunning_worker.py"), database],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
        )
    finally:
        templates.drop_database(database)
    meanwhile, late, afterwards, blocked, payment, restored = answer.stdout.splitlines()
    # what queue_job and the web server answer by doing it all again
    assert meanwhile == "LockNotAvailable"
    assert late == "SerializationFailure"
    assert afterwards == "full"
    assert blocked == "blocked"
    assert payment == "SerializationFailure"
    assert restored == "full"
