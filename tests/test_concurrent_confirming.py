"""Two people confirm one quote: one contract, and the second is told why."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_one_quote_confirmed_by_two_people():
    meanwhile, afterwards, contracts = run_on_own_database("confirming")
    assert "Somebody else is confirming" in meanwhile
    assert "was confirmed on" in afterwards
    assert contracts == "1"
