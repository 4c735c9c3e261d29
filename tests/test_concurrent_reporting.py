"""Two reports of one Pix at once: one payment, and the other job comes again.

What is given back afterwards is entered by the job that learns of it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_one_payment_reported_twice_at_once():
    meanwhile, first, again, left, returned = run_on_own_database("reporting")
    assert meanwhile == "the account is busy"
    assert (first, again) == ("1", "1")
    assert float(left) == 0.0
    assert returned == "1 done"
