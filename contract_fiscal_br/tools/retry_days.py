"""Days after a failed charge on which it is tried again, as staff write them."""

import re

MOST_DAYS = 60
MOST_TRIES = 10


class RetryDaysError(ValueError):
    """The text is no list of days; its argument is the part that is wrong."""


def parse_retry_days(text):
    """Return the days from the first attempt, each later than the one before.

    :raise RetryDaysError: with the part that is wrong

    >>> parse_retry_days("1, 3;7"), parse_retry_days(" ")
    ((1, 3, 7), ())
    """
    if not (text or "").strip():
        return ()
    days = []
    for part in re.split("[,;]", text):
        part = part.strip()
        if not (part.isascii() and part.isdecimal() and 0 < int(part) <= MOST_DAYS):
            raise RetryDaysError(part or text)
        if days and int(part) <= days[-1]:
            raise RetryDaysError(part)
        days.append(int(part))
    if len(days) > MOST_TRIES:
        raise RetryDaysError(text)
    return tuple(days)
