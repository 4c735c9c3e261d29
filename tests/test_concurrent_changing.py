"""Two people change one contract: nobody acts on what no longer holds."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent / "setup"))

import templates  # noqa: E402

# Generous: the machine may be busy.
TIMEOUT_S = 300


def test_one_contract_changed_by_two_people():
    database = f"{templates.run_name()}_changing"
    templates.copy_database(os.environ["CONTRACT_TEST_TEMPLATE"], database)
    try:
        answer = subprocess.run(
            [sys.executable, str(TESTS / "changing_worker.py"), database],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=TIMEOUT_S,
        )
    finally:
        templates.drop_database(database)
    told, state, late, again, products, meanwhile, all_products, *behind = (
        answer.stdout.splitlines()
    )
    assert "is being changed or billed by somebody else" in told
    assert state == "draft"  # nothing half-done
    assert late == "again"
    assert again == "confirmed"
    # the plan it was changed to, the service it began with, the one sold
    assert products == "Fibra 500, IP fixo, TV"
    assert "is being changed or billed by somebody else" in meanwhile
    assert all_products == "Fibra 500, IP fixo, Suporte, TV"
    # a charge without a line, then a line that changes no amount
    assert behind == ["again", "again"]
