"""A bank that debits its customers' accounts by files of 150 positions.

Written from FEBRABAN's “Manual do Débito Automático”; it shares no code with the
driver.

    bank = DebitFiles(bank="756", agreement="4444")
    bank.opt_in("000000019", branch="4327", account="51234", on=date(2026, 3, 1))
    bank.receive(remittance, on=date(2026, 3, 4))
    bank.debit_until(date(2026, 3, 10))
    returned = bank.make_return(date(2026, 3, 10))
"""

from datetime import datetime
from decimal import Decimal

from simulators.bank_file import Record, column, money, refuse_unless

SIZE = 150
DEBITED, NO_FUNDS, CANCELLED = "00", "01", "99"


class DebitFiles:
    """One agreement of a company with a bank.

    :ivar orders: {(customer, use of the company): record E of a debit not made yet}
    :ivar answers: {customer: codes of its next debits}; what is missing is debited
    :ivar told: customers of whom the company sent that it does not know them, or that
        they ended (records C and D)
    """

    def __init__(self, bank, agreement):
        self.bank, self.agreement = bank, agreement
        self.orders, self.answers = {}, {}
        self.told = []
        self.news = []
        self.file_number = 0

    # === FROM THE COMPANY ===

    def receive(self, data, on):
        """Take a remittance; the next return says that it was processed.

        :raise ValueError: a file a bank would not take
        """
        refuse_unless(data.endswith(b"\r\n"), "lines end by CR LF")
        lines = data.decode("ascii").split("\r\n")[:-1]
        self._check(lines)
        for line in lines[1:-1]:
            if line[0] == "E":
                self._take_order(line)
            else:
                self.told.append((line[0], column(line, 2, 26).strip()))
        header, trailer = lines[0], lines[-1]
        processed = Record(SIZE).put(1, 1, "J").put(2, 7, column(header, 74, 79))
        processed.put(8, 15, column(header, 66, 73))
        processed.put(16, 38, column(trailer, 2, 24)).put(39, 46, f"{on:%Y%m%d}")
        self.news.append(processed.text)

    def _check(self, lines):
        for number, line in enumerate(lines, 1):
            refuse_unless(len(line) == SIZE, f"line {number} has {len(line)}")
        header, trailer = lines[0], lines[-1]
        refuse_unless(header[:2] == "A1" and trailer[0] == "Z", "header or trailer")
        refuse_unless(column(header, 3, 22).strip() == self.agreement, "agreement")
        refuse_unless(column(header, 43, 45) == self.bank, "bank")
        refuse_unless(int(column(trailer, 2, 7)) == len(lines), "records")
        total = sum(money(line, 53, 67) for line in lines if line[0] == "E")
        refuse_unless(money(trailer, 8, 24) == total, "total")

    def _take_order(self, line):
        key = column(line, 2, 26).strip(), column(line, 70, 129).strip()
        if column(line, 150, 150) == "0":
            self.orders[key] = line
            return
        known = self.orders.pop(key, None)
        self._answer(line, CANCELLED if known else "97")

    # === WHAT HAPPENS AT THE BANK ===

    def opt_in(self, client, branch, account, on):
        """The customer authorises the debit at the bank."""
        self._tell_option(client, branch, account, on, "2")

    def opt_out(self, client, branch, account, on):
        self._tell_option(client, branch, account, on, "1")

    def _tell_option(self, client, branch, account, on, movement):
        line = Record(SIZE).put(1, 1, "B").put(2, 26, client).put(27, 30, branch)
        line.put(31, 44, account).put(45, 52, f"{on:%Y%m%d}").put(150, 150, movement)
        self.news.append(line.text)

    def get_days(self):
        """Return the days on which debits are to be made."""
        return {self._get_day(line) for line in self.orders.values()}

    def debit_until(self, day):
        """Make the debits of the days up to one, or say why not."""
        due = [key for key in self.orders if self._get_day(self.orders[key]) <= day]
        for key in due:
            codes = self.answers.get(key[0]) or [DEBITED]
            self._answer(self.orders.pop(key), codes[0])
            self.answers[key[0]] = codes[1:]

    def _get_day(self, line):
        return datetime.strptime(column(line, 45, 52), "%Y%m%d").date()

    def _answer(self, line, code):
        answer = Record(SIZE).put(1, SIZE, line).put(1, 1, "F").put(68, 69, code)
        self.news.append(answer.text)

    # === TO THE COMPANY ===

    def make_return(self, on):
        """Return the bytes of a return file with all that is new."""
        self.file_number += 1
        header = Record(SIZE).put(1, 2, "A2").put(3, 22, self.agreement)
        header.put(43, 45, self.bank).put(66, 73, f"{on:%Y%m%d}")
        header.put(74, 79, self.file_number).put(80, 81, "05")
        header.put(82, 98, "DEBITO AUTOMATICO")
        debits = [money(line, 53, 67) for line in self.news if line[0] == "F"]
        trailer = Record(SIZE).put(1, 1, "Z").put(2, 7, len(self.news) + 2)
        trailer.money(8, 24, sum(debits, Decimal(0)))
        lines = [header.text, *self.news, trailer.text]
        self.news = []
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")
