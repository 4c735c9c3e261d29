"""What is wrong with a file of a bank, before anybody words it."""


class CnabError(Exception):
    """A file, or a line of it, that the bank cannot have meant.

    :param str key: what is wrong; `collection.bank._explain_cnab_error` has the words
    :param int line: from 1; 0 is the file as a whole
    :param values: what the words name

    >>> error = CnabError("sequence", 7, expected=3, found=4)
    >>> error.line, error.key, error.values
    (7, 'sequence', {'expected': 3, 'found': 4})
    """

    def __init__(self, key, line=0, **values):
        super().__init__(f"line {line}: {key} {values}")
        self.key = key
        self.line = line
        self.values = values
