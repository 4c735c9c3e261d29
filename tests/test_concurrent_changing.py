"""Two people change one contract: nobody acts on what no longer holds."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from own_database import run_on_own_database  # noqa: E402


def test_one_contract_changed_by_two_people():
    told, state, late, again, products, meanwhile, all_products, *behind = (
        run_on_own_database("changing")
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
