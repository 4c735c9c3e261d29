"""What a charge of a saved card leads to, by a job in its own transaction."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_job_books_what_was_paid_and_tells_what_was_not():
    refused, paid = run_on_own_database("card")
    assert refused == "failed 1"
    assert paid == "done 0.0"
