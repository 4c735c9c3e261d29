"""A return file of a bank, read."""

from dataclasses import dataclass
from datetime import date

from .collection_event import CollectionEvent


@dataclass(frozen=True)
class ReturnFile:
    """What a return file says of itself, and its events in the bank's order.

    Agreement, agency and account are digits without leading zeros or check digit,
    empty where the layout does not carry them.

    :param str bank: three digits
    :param int file_number: the bank's own sequence; 0 where there is none
    :param int lines: of the file, header and trailer included
    """

    bank: str
    agreement: str
    agency: str
    account: str
    file_number: int
    created_on: date
    events: tuple[CollectionEvent, ...]
    lines: int
