"""A payment and a block at the same moment: who has paid is never blocked."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_payment_and_block_at_the_same_moment():
    meanwhile, late, afterwards, blocked, payment, restored = run_on_own_database(
        "dunning"
    )
    # what queue_job and the web server answer by doing it all again
    assert meanwhile == "LockNotAvailable"
    assert late == "SerializationFailure"
    assert afterwards == "full"
    assert blocked == "blocked"
    assert payment == "SerializationFailure"
    assert restored == "full"
