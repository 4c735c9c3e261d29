"""Return files of 240 columns, written from the manuals' columns alone.

Nothing of `drivers/` or `tools/` is used: columns are counted here again.
"""

END = b"\r\n"


def put(*fields):
    """Return a line of 240 characters with texts at columns counted from 1."""
    line = [" "] * 240
    for column, text in fields:
        line[column - 1 : column - 1 + len(text)] = text
    assert len(line) == 240
    return "".join(line)


def cents(amount):
    return amount.replace(".", "").rjust(15, "0")


class ReturnBuilder:
    """A file of one lot; `account` are the fields of its header, at their columns."""

    lot = "0001"
    # where segment T has its fields, and how wide agency and account are
    columns = {
        "nosso_numero": 38,
        "document_number": 59,
        "due_date": 74,
        "amount": 82,
        "company_use": 106,
        "fee": 199,
        "reasons": 214,
    }

    def __init__(self, bank, account, **columns):
        self.bank = bank
        self.account = account
        self.columns = self.columns | columns
        self.details = []
        self.file_number = 7
        self.created_on = "12032026"

    def add(self, movement, nosso_numero, **values):
        """Add the segments T and U of an occurrence."""
        sequence = len(self.details) + 1
        self.details.append(self._write_t(movement, nosso_numero, sequence, values))
        self.details.append(self._write_u(movement, sequence + 1, values))
        return self

    def add_line(self, segment, movement="06", *fields):
        """Add a record that belongs to the occurrence before it."""
        sequence = len(self.details) + 1
        self.details.append(self._begin(segment, movement, sequence, *fields))
        return self

    def _begin(self, segment, movement, sequence, *fields):
        return put(
            (1, self.bank),
            (4, self.lot),
            (8, "3"),
            (9, f"{sequence:05}"),
            (14, segment),
            (16, movement),
            *fields,
        )

    def _write_t(self, movement, nosso_numero, sequence, values):
        columns = self.columns
        return self._begin(
            "T",
            movement,
            sequence,
            (18, "0" * 20),
            (columns["nosso_numero"], nosso_numero.ljust(15)),
            (columns["document_number"], values.get("document_number", "")),
            (columns["due_date"], values.get("due_date", "10032026")),
            (columns["amount"], cents(values.get("amount", "132.01"))),
            (columns["company_use"], values.get("company_use", "")),
            (columns["fee"], cents(values.get("fee", "0.00"))),
            (columns["reasons"], values.get("reasons", "")),
        )

    def _write_u(self, movement, sequence, values):
        names = ("interest", "discount", "rebate", "iof", "paid", "net")
        amounts = [
            (18 + 15 * place, cents(values.get(name, "0.00")))
            for place, name in enumerate(names)
        ]
        return self._begin(
            "U",
            movement,
            sequence,
            *amounts,
            (108, "0" * 30),
            (138, values.get("occurred_on", "11032026")),
            (146, values.get("credit_date", "        ")),
        )

    def get_lines(self):
        header = put(
            (1, self.bank),
            (4, "00000"),
            (18, "2"),
            *self.account,
            (143, "2"),
            (144, self.created_on),
            (152, "093015"),
            (158, f"{self.file_number:06}"),
        )
        lot = put((1, self.bank), (4, self.lot), (8, "1T01"), (18, "2"))
        count = len(self.details)
        end = put((1, self.bank), (4, self.lot), (8, "5"), (18, f"{count + 2:06}"))
        trailer = put(
            (1, self.bank), (4, "99999"), (18, "000001"), (24, f"{count + 4:06}")
        )
        return [header, lot, *self.details, end, trailer]

    def build(self):
        lines = [line.encode("latin-1") for line in self.get_lines()]
        return END.join(lines) + END


def build(bank):
    """Return a builder for the account that `common.ACCOUNTS` has of the bank."""
    return {
        "001": lambda: ReturnBuilder(
            "001",
            [(33, "0012345670014170190"), (53, "015849"), (59, "0000002101696")],
        ),
        "033": lambda: ReturnBuilder(
            "033",
            [(17, "2"), (33, "12340"), (38, "0001300120"), (53, "001234567")],
            nosso_numero=41,
            document_number=55,
            due_date=70,
            amount=78,
            company_use=101,
            fee=194,
            reasons=209,
        ),
        "085": lambda: ReturnBuilder(
            "085",
            [(33, "101004"), (53, "001011"), (59, "0000000123455")],
        ),
        "104": lambda: ReturnBuilder(
            "104",
            [(33, "0" * 20), (53, "012340"), (59, "123456" + "0" * 8)],
            nosso_numero=40,
        ),
        "748": lambda: ReturnBuilder("748", [(53, "00165 "), (59, "000000000623 ")]),
        "756": lambda: ReturnBuilder("756", [(53, "043270"), (59, "0000004172701")]),
    }[bank]()


# The first three numbers of each account as the bank carries them. Check digits by
# hand, the rule of the manual beside it.
NUMBERS = {
    # agreement (7) and number (10): no check digit
    "001": ("12345670000000001", "12345670000000002", "12345670000000003"),
    # 11 - remainder of weights 2-9: 2 -> 9, 4 -> 7, 6 -> 5
    "033": ("0000000000019", "0000000000027", "0000000000035"),
    # account with its digit (8) and number (9)
    "085": ("00123455000000001", "00123455000000002", "00123455000000003"),
    # 1*2 + 4*9 = 38, plus 2 a number: 40, 42, 44; 11 - remainder, above 9 is 0
    "104": ("140000000000000014", "140000000000000022", "140000000000000030"),
    # year, 2, count; remainder 6, then 9 more each: 15 -> 4, 13 -> 2
    "748": ("262000016", "262000024", "262000032"),
    # factors 3197 from the left, the last digit has 3: remainders 4, 7, 10
    "756": ("0000000017", "0000000024", "0000000031"),
}
