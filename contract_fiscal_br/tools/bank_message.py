"""Free text of a company in the columns of a bank's file."""

import re
import unicodedata

# What every bank takes, beside letters and digits.
MARKS = r" .,:;/%$()+*-"


class BankMessageError(ValueError):
    """The text needs more lines than the file has."""


def clean_message(text: str) -> str:
    """Return a line of text in the characters every bank takes.

    >>> clean_message("Após o vencimento: multa de 2,00% – SAC 0800 123")
    'APOS O VENCIMENTO: MULTA DE 2,00% - SAC 0800 123'
    """
    text = text.replace("–", "-").replace("—", "-")
    decomposed = unicodedata.normalize("NFKD", text)
    ascii_text = decomposed.encode("ascii", "ignore").decode("ascii").upper()
    return " ".join(re.sub(f"[^A-Z0-9{re.escape(MARKS)}]", " ", ascii_text).split())


def wrap_message(text: str, widths: tuple[int, ...]) -> list[str]:
    """Return the text in lines of the given widths; words stay whole where they can.

    A line of the text begins a new line.

    :raise BankMessageError: it does not fit

    >>> wrap_message("Não receber após 60 dias.\\nSAC 0800 123", (12, 20, 20))
    ['NAO RECEBER', 'APOS 60 DIAS.', 'SAC 0800 123']
    >>> wrap_message("uma duas", (3, 3))
    Traceback (most recent call last):
    ...
    tools.bank_message.BankMessageError: DUAS
    """
    lines = []
    for line in filter(None, map(clean_message, text.splitlines())):
        words = line.split()
        while words:
            if len(lines) == len(widths):
                raise BankMessageError(" ".join(words))
            taken = _take_words(words, widths[len(lines)])
            if not taken:
                raise BankMessageError(words[0])
            lines.append(taken)
    return lines


def _take_words(words, width):
    """Move the words that fit a line out of the list; return the line."""
    line = ""
    while words and len(f"{line} {words[0]}".strip()) <= width:
        line = f"{line} {words.pop(0)}".strip()
    return line
