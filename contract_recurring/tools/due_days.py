"""The due days a plan offers, as a clerk writes them: "5, 10, 15"."""


def parse_due_days(text: str | None) -> list[int]:
    """Return the days of the month named, sorted, each once.

    :raise ValueError: something that is no day of a month

    >>> parse_due_days("15, 5;10 5")
    [5, 10, 15]
    >>> parse_due_days("")
    []
    >>> parse_due_days("5, 32")
    Traceback (most recent call last):
    ...
    ValueError: 32
    """
    days = set()
    for word in (text or "").replace(",", " ").replace(";", " ").split():
        if not word.isdecimal() or not 1 <= int(word) <= 31:
            raise ValueError(word)
        days.add(int(word))
    return sorted(days)
