"""Two clerks press *Bill Ahead* at once: one invoice, and the other is told."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_a_period_billed_ahead_by_two_clerks():
    meanwhile, late, again, counts = run_on_own_database("charging")
    assert "is being changed or billed by somebody else" in meanwhile
    assert late == "again"
    assert "was billed meanwhile" in again
    assert counts == "1 1"
