"""The numbers of records that an address names."""

import re

# Below 2**31: a longer number is none of a record, and the database refuses it.
NUMBER = re.compile(r"[0-9]{1,9}")


def read_ids(text: str) -> list[int]:
    """Return the numbers between commas; what is none is left out.

    >>> read_ids("7,12"), read_ids("7,x,-1,99999999999,٣,")
    ([7, 12], [7])
    """
    return [int(part) for part in text.split(",") if NUMBER.fullmatch(part)]
