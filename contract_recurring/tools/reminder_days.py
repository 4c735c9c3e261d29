"""Days of reminders as staff write them: “5, 0, -5”.

In the manual's language (S004-79) a positive number is days before the due
date, zero the day itself, a negative one days after it.
"""

import re

MOST_DAYS = 90
NUMBER = re.compile(r"[+-]?\d{1,3}")


class ReminderDaysError(ValueError):
    """The text is no list of days; its argument is the part that is wrong."""


def parse_reminder_days(text: str | None) -> tuple[int, ...]:
    """Return the days of a text, the earliest reminder first.

    Commas or semicolons separate them; the same day twice counts once.

    :raise ReminderDaysError: with the part that is no day

    >>> parse_reminder_days("0, 5; -5, 5")
    (5, 0, -5)
    >>> parse_reminder_days("  ")
    ()
    >>> parse_reminder_days("5,,x")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    ReminderDaysError: ,,
    """
    if not (text or "").strip():
        return ()
    parts = [part.strip() for part in re.split("[,;]", text)]
    days = []
    for part in parts:
        if not part:
            raise ReminderDaysError(",,")
        if not NUMBER.fullmatch(part) or abs(int(part)) > MOST_DAYS:
            raise ReminderDaysError(part)
        days.append(int(part))
    return tuple(sorted(set(days), reverse=True))
