"""Several workers charge the same card and pay the same refund: once each."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_cards_and_refunds_of_two_workers():
    charged, planned, files, refund = run_on_own_database("paying")
    assert charged == "1 paid"
    assert planned == "1"
    assert files in ("again written 1 2", "written written 1 2")
    written, count, *again = refund.split()
    assert (written, count) == ("1", "1")
    assert all(answer == "UserError" for answer in again)
