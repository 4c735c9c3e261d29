"""Days on which Brazilian banks are open.

Source: Resolução CMN 4.880/2020 art. 5 (bank holidays: national holidays,
Monday and Tuesday of Carnaval, Corpus Christi, and no service to the public
on the last business day of the year), Lei 662/1949, Lei 6.802/1980 and
Lei 14.759/2023 (20 November, since 2024). The same days as the ANBIMA
calendar, which leaves out the last business day of the year.
"""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

ONE_DAY = timedelta(days=1)
SATURDAY = 5

# (month, day): national holidays on a fixed date
FIXED_HOLIDAYS = (
    (1, 1),
    (4, 21),
    (5, 1),
    (9, 7),
    (10, 12),
    (11, 2),
    (11, 15),
    (12, 25),
)
# days from Easter: Carnaval (two), Good Friday, Corpus Christi
EASTER_HOLIDAYS = (-48, -47, -2, 60)
CONSCIENCIA_NEGRA_SINCE = 2024


@lru_cache(maxsize=128)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of a year, weekends aside."""
    days = {date(year, month, day) for month, day in FIXED_HOLIDAYS}
    days |= {easter(year) + timedelta(days=offset) for offset in EASTER_HOLIDAYS}
    if year >= CONSCIENCIA_NEGRA_SINCE:
        days.add(date(year, 11, 20))
    last = date(year, 12, 31)
    while last.weekday() >= SATURDAY:
        last -= ONE_DAY
    days.add(last)
    return frozenset(days)


def is_bank_day(day: date) -> bool:
    """Return whether banks serve the public on a day.

    >>> is_bank_day(date(2026, 2, 17)), is_bank_day(date(2026, 2, 18))
    (False, True)
    """
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def next_bank_day(day: date) -> date:
    """Return the day itself, or the first bank day after it.

    Saturday 10/10/2026 is followed by Sunday and a holiday, 12/10:

    >>> next_bank_day(date(2026, 10, 10))
    datetime.date(2026, 10, 13)
    """
    while not is_bank_day(day):
        day += ONE_DAY
    return day


def add_bank_days(day: date, count: int) -> date:
    """Return the bank day so many bank days after a day.

    >>> add_bank_days(date(2026, 10, 8), 5)  # 12/10 is a holiday
    datetime.date(2026, 10, 16)
    """
    for _number in range(count):
        day = next_bank_day(day + ONE_DAY)
    return day


def last_bank_day_before(day: date) -> date:
    """Return the last bank day before a day.

    What was due until then could have been paid in time, and is overdue on
    the day: a due date moved to the next bank day lies before the day exactly
    if the date itself is not after this one.

    >>> last_bank_day_before(date(2026, 10, 13))
    datetime.date(2026, 10, 9)
    """
    day -= ONE_DAY
    while not is_bank_day(day):
        day -= ONE_DAY
    return day
