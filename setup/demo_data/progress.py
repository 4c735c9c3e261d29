"""A progress bar for people, a few lines for log files."""

import sys

WIDTH = 30


def say(message):
    print(f"· {message}", file=sys.stderr, flush=True)


class Progress:
    """Counts on standard error how much of something is done.

    >>> bar = Progress("Billing", 200)
    >>> bar.advance(100)
    """

    def __init__(self, label, total):
        self.label = label
        self.total = total
        self.done = 0
        self.shown_percent = -1
        self.is_terminal = sys.stderr.isatty()

    def advance(self, count):
        self.done = min(self.done + count, self.total)
        percent = 100 * self.done // self.total if self.total else 100
        # A log file gets a line for each fifth of the way.
        step = 1 if self.is_terminal else 20
        if percent // step == self.shown_percent // step:
            return
        self.shown_percent = percent
        full = WIDTH * percent // 100
        bar = "█" * full + "░" * (WIDTH - full)
        text = f"· {self.label:<22} {bar} {percent:3d} %  {self.done}/{self.total}"
        if not self.is_terminal:
            print(text, file=sys.stderr, flush=True)
            return
        ending = "\n" if self.done == self.total else ""
        print(f"\r{text}", end=ending, file=sys.stderr, flush=True)
