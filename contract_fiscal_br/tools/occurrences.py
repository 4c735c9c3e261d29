"""What the codes in a bank's return file mean, from `data/occurrences/`.

`<bank>_<layout>.csv` has code, kind (`const.EVENT_KINDS`) and the bank's words;
`<bank>_<layout>_reasons.csv` has the codes of the reasons, with the occurrences they
belong to (none: all). A code whose money could come twice or never is `unknown` on
purpose: nothing is posted and a person looks.
"""

import csv
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data" / "occurrences"


def get_kind(bank, layout, code):
    """Return the kind of event an occurrence is; “unknown” where nobody says.

    :param str layout: "cnab400" or "cnab240", or the number alone

    >>> get_kind("341", "cnab400", "06"), get_kind("341", "cnab400", "99")
    ('paid', 'unknown')
    """
    row = _read_occurrences(bank, layout[-3:]).get(code)
    return row["kind"] if row else "unknown"


def describe(bank, layout, code):
    """Return an occurrence in the bank's words, or an empty text.

    >>> describe("341", "cnab400", "06")
    'Liquidação normal'
    """
    row = _read_occurrences(bank, layout[-3:]).get(code)
    return row["description"] if row else ""


def describe_reason(bank, layout, occurrence, code):
    """Return a reason of an occurrence in the bank's words, or an empty text.

    >>> describe_reason("341", "cnab400", "03", "11")
    'CEP não numérico ou inválido'
    """
    reasons = _read_reasons(bank, layout[-3:])
    return reasons.get((occurrence, code)) or reasons.get(("", code), "")


@lru_cache
def _read_occurrences(bank, layout):
    return {row["code"]: row for row in _read_rows(f"{bank}_{layout}.csv")}


@lru_cache
def _read_reasons(bank, layout):
    return {
        (occurrence, row["code"]): row["description"]
        for row in _read_rows(f"{bank}_{layout}_reasons.csv")
        for occurrence in row["occurrences"].split() or [""]
    }


def _read_rows(name):
    path = FOLDER / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
