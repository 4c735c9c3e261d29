"""Files of CNAB 400 as the banks' manuals print them: Itaú (341), Bradesco (237) and
Santander (033)."""

from datetime import datetime

from simulators.bank_file import BankTitle, Record, column, money, refuse_unless
from simulators.bank_pix import make_charge, make_code

# What a remittance asks for, by the code in columns 109 to 110.
ASKS = {
    "01": "registered",
    "02": "written_off",
    "04": "rebate",
    "06": "due_changed",
    "09": "protest",
    "18": "protest_stopped",
    "19": "protest_stopped",
    "31": "changed",
}
# What the bank answers, by the code of its manual.
ANSWERS = {
    "341": {
        "registered": "02",
        "refused": "03",
        "paid": "06",
        "written_off": "09",
        "rebate": "12",
        "due_changed": "14",
        "protest": "19",
        "protest_stopped": "20",
        "changed": "04",
        "fee": "29",
    },
    "237": {
        "registered": "02",
        "refused": "03",
        "paid": "06",
        "written_off": "10",
        "rebate": "12",
        "due_changed": "14",
        "protest": "19",
        "protest_stopped": "20",
        "changed": "33",
        "fee": "28",
    },
    "033": {
        "registered": "02",
        "refused": "03",
        "paid": "06",
        "written_off": "10",
        "rebate": "12",
        "due_changed": "14",
        "protest": "15",
        "protest_stopped": "26",
        "fee": "24",
    },
}
# Columns of the nosso número the company counts.
NUMBERS = {"341": (63, 70), "237": (71, 81), "033": (63, 69)}
# Records that belong to the title before: Itaú's fine and Pix, Santander's Pix.
COMPANIONS = {"341": "23", "237": "", "033": "8"}


def modulo10(digits):
    """Itaú's DAC: weights 2 and 1 from the right, digits of the products added."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 - place % 2)
        total += product // 10 + product % 10
    return str(-total % 10)


class Files400:
    """Reads remittances and writes returns of one bank."""

    def __init__(self, header):
        self.header = header
        self.bank = column(header, 77, 79)
        refuse_unless(self.bank in NUMBERS, f"bank {self.bank} is not simulated")

    # === REMITTANCE ===

    def read(self, lines):
        """Return what is asked: (what, title)."""
        refuse_unless(lines[0].startswith("01REMESSA01"), "not a remittance")
        refuse_unless(lines[-1][0] == "9", "no trailer")
        for number, line in enumerate(lines, 1):
            refuse_unless(len(line) == 400, f"line {number} has {len(line)}")
            refuse_unless(int(column(line, 395, 400)) == number, f"line {number}")
        if self.bank == "033":
            refuse_unless(int(column(lines[-1], 2, 7)) == len(lines), "records")
        asked = []
        for line in lines[1:-1]:
            if line[0] == "1":
                asked.append((ASKS[column(line, 109, 110)], self.read_title(line)))
            else:
                refuse_unless(line[0] in COMPANIONS[self.bank] and asked, "record")
                self.read_companion(line, *asked[-1])
        return asked

    def read_companion(self, line, what, title):
        if line[0] == "2":
            refuse_unless(line[1] == "2", "a fine in percent")
            return
        refuse_unless(what == "registered" and "pix" not in title.raw, "Pix")
        if line[0] == "8":
            self.check_record_8(line, title)
        else:
            refuse_unless(not column(line, 79, 394).strip(), "no address made before")
        self.make_pix(title)

    def check_record_8(self, line, title):
        refuse_unless(column(line, 2, 6) == "00012", "terms of the payment")
        for first, last in ((7, 19), (25, 37)):
            refuse_unless(money(line, first, last) == title.amount, "amount of Pix")
        refuse_unless(column(line, 43, 43) in "12345", "kind of key")
        refuse_unless(column(line, 44, 120).strip(), "key")
        refuse_unless(not column(line, 121, 394).strip(), "the bank makes the TXID")

    def make_pix(self, title):
        title.raw["pix"] = make_charge(self.bank, title.number)

    def read_title(self, line):
        number = column(line, *NUMBERS[self.bank])
        refuse_unless(number.isdecimal() and int(number), "nosso número")
        refuse_unless(column(line, 221, 234).isalnum(), "payer")
        return BankTitle(
            number=str(int(number)),
            amount=money(line, 127, 139),
            due_date=datetime.strptime(column(line, 121, 126), "%d%m%y").date(),
            document=column(line, 111, 120),
            raw={"line": line},
        )

    # === RETURN ===

    def write(self, notices, file_number, day):
        lines = [self.write_header(file_number, day)]
        for notice in notices:
            lines.append(self.write_title(notice))
            if notice.what == "registered" and "pix" in notice.title.raw:
                lines.append(self.write_pix(notice.title))
        lines.append(self.write_trailer(notices))
        for number, line in enumerate(lines, 1):
            line.put(395, 400, number)
        return [line.text for line in lines]

    def write_header(self, file_number, day):
        line = Record(400).put(1, 400, self.header).put(1, 9, "02RETORNO")
        line.put(95, 100, f"{day:%d%m%y}").put(101, 394, "")
        return line.put(109, 113, file_number)

    def write_title(self, notice):
        line = Record(400).put(1, 1, "1").put(2, 3, "02")
        raw = notice.title.raw.get("line", " " * 400)
        line.put(4, 17, "0" * 14).put(38, 62, column(raw, 38, 62))
        if self.bank == "341":
            self.put_itau(line, notice)
        elif self.bank == "237":
            self.put_bradesco(line, notice, raw)
        else:
            self.put_santander(line, notice, raw)
        return self.put_amounts(line, notice)

    def write_pix(self, title):
        """Tell of a title's Pix charge: Itaú gives its code, the others its address."""
        address, txid = title.raw["pix"]
        if self.bank == "341":
            return Record(400).put(1, 1, "3").put(2, 391, make_code(address))
        if self.bank == "033":
            line = Record(400).put(1, 1, "2").put(3, 79, address)
            return line.put(80, 114, txid)
        number, company = int(title.number), column(title.raw["line"], 21, 37)
        line = Record(400).put(1, 1, "4").put(2, 16, company[1:16])
        line.put(17, 27, number).put(28, 28, self.check_bradesco(company[2:4], number))
        return line.put(29, 105, address).put(106, 140, txid)

    def put_itau(self, line, notice):
        agency, account = column(self.header, 27, 30), column(self.header, 33, 37)
        number = int(notice.title.number or 0)
        wallet = column(notice.title.raw.get("line", " " * 400), 84, 86)
        wallet = wallet if wallet.strip() else self.wallet
        check = modulo10(f"{agency}{account}{wallet}{number:08}")
        line.put(18, 21, agency).put(22, 23, "00").put(24, 28, account)
        line.put(29, 29, column(self.header, 38, 38)).put(63, 70, number)
        line.put(83, 85, wallet).put(86, 93, number).put(94, 94, check)
        line.put(108, 108, "I").put(378, 385, notice.reason)

    def put_bradesco(self, line, notice, raw):
        company = column(raw, 21, 37) if raw.strip() else self.company
        number = int(notice.title.number or 0)
        line.put(21, 37, company).put(71, 81, number)
        line.put(82, 82, self.check_bradesco(company[2:4], number))
        line.put(108, 108, company[3]).put(319, 328, notice.reason.ljust(10, "0"))

    def put_santander(self, line, notice, raw):
        """Give the number back with the digit the company wrote; three reasons of
        three digits, and what was refused: a registration (01) or the rest (02)."""
        check = column(raw, 70, 70).strip() or notice.title.check
        refused = "01" if notice.reason else "00"
        line.put(18, 21, column(self.header, 27, 30))
        line.put(22, 37, column(self.header, 31, 46))
        for first in (63, 127):
            line.put(first, first + 6, int(notice.title.number))
            line.put(first + 7, first + 7, check)
        line.put(108, 108, "5").put(135, 136, refused)
        line.put(137, 145, notice.reason.zfill(3) if notice.reason else "")

    def check_bradesco(self, wallet, number):
        """Modulo 11 of wallet and number, weights 2 to 7; 10 is P."""
        digits = f"{wallet}{number:011}"
        total = sum(
            int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits))
        )
        rest = 11 - total % 11
        return {10: "P", 11: "0"}.get(rest, str(rest))

    def put_amounts(self, line, notice):
        answers = ANSWERS[self.bank]
        title = notice.title
        line.put(109, 110, answers.get(notice.what, notice.what))
        line.put(111, 116, f"{notice.day:%d%m%y}").put(117, 126, title.document)
        due = f"{title.due_date:%d%m%y}" if title.due_date else "000000"
        line.put(147, 152, due).money(153, 165, title.amount)
        line.put(166, 168, "237").put(169, 173, "00000").put(174, 175, "01")
        line.money(176, 188, notice.fee).money(215, 227, 0).money(228, 240, 0)
        line.money(241, 253, notice.discount).money(254, 266, self.get_main(notice))
        line.money(267, 279, notice.interest).money(280, 292, 0)
        return line.put(296, 301, f"{notice.day:%d%m%y}" if notice.paid else "")

    def get_main(self, notice):
        """Itaú credits what was paid less its fee, and says that; so it does where
        there is a fee only. Bradesco repeats the face value of a registration."""
        if self.bank == "341":
            return notice.paid - notice.fee if notice.paid else notice.fee
        if notice.what == "registered":
            return notice.title.amount
        return notice.paid

    def write_trailer(self, notices):
        line = Record(400).put(1, 7, f"9201{self.bank}")
        if self.bank == "033":
            return line
        if self.bank == "341":
            line.put(213, 220, len(notices))
            return line.money(221, 234, sum(n.title.amount for n in notices))
        answers = ANSWERS[self.bank]
        for first, whats, codes in (
            (58, ("registered",), ("02",)),
            (104, ("written_off",), ("09", "10")),
        ):
            chosen = [n for n in notices if n.what in whats or n.what in codes]
            line.put(first, first + 4, len(chosen))
            line.money(first + 5, first + 16, sum(n.title.amount for n in chosen))
        paid = [n for n in notices if answers.get(n.what, n.what) == "06"]
        line.money(75, 86, sum(n.title.amount for n in paid)).put(87, 91, len(paid))
        return line.money(92, 103, sum(n.paid for n in paid))

    # === WHAT TITLES NOBODY SENT NEED ===

    def remember(self, title):
        """Keep wallet and account of a title, for payments of unknown ones."""
        line = title.raw["line"]
        self.wallet = column(line, 84, 86)
        self.company = column(line, 21, 37)
