"""A bank that takes remittance files and answers with return files.

Written from the layouts of the banks; it shares no code with the drivers.

    bank = BankFiles()
    bank.receive(remittance)
    bank.pay("1", on=date(2026, 3, 10))
    returned = bank.make_return(date(2026, 3, 11))
"""

from decimal import Decimal

from simulators.bank_file import BankTitle, Notice, refuse_unless
from simulators.bank_files_240 import Files240
from simulators.bank_files_400 import Files400

FILES = {240: Files240, 400: Files400}


class BankFiles:
    """One account at a bank; numbers are those the company counts, without digit.

    :ivar titles: {number: BankTitle}
    :ivar notices: what the next return file will tell
    :param fee: what the bank keeps of each payment, unless said otherwise
    :param makes_pix: whether the agreement gives every boleto a Pix charge (Bradesco)
    """

    def __init__(self, fee="2.10", makes_pix=False):
        self.fee = Decimal(fee)
        self.makes_pix = makes_pix
        self.titles = {}
        self.notices = []
        self.refusals = {}
        self.file_number = 0
        self.files = None

    # === FROM THE COMPANY ===

    def receive(self, data, on=None):
        """Take a remittance; what it asks for is answered in the next return.

        :param date on: of the answers; the titles' due date where there is none
        :raise ValueError: a file a bank would not take
        """
        refuse_unless(data.endswith(b"\r\n"), "lines end by CR LF")
        lines = data.decode("ascii").split("\r\n")[:-1]
        refuse_unless(len(lines[0]) in FILES, f"lines of {len(lines[0])}")
        self.files = FILES[len(lines[0])](lines[0])
        asked = list(self.files.read(lines))
        for what, title in asked:
            self.files.remember(title)
            self._answer(what, title, on or title.due_date)
        return [title for _what, title in asked]

    def _answer(self, what, title, day):
        if what == "registered":
            reason = self.refusals.pop(title.number, "")
            if title.number in self.titles:
                reason = reason or "63"  # registered already
            else:
                self.titles[title.number] = title
                if self.makes_pix:
                    self.files.make_pix(title)
            title.state = "refused" if reason else "registered"
            what = title.state
            self.notices.append(Notice(title, what, day, reason=reason))
            return
        known = self.titles.get(title.number)
        if not known:
            self.notices.append(Notice(title, "refused", day, reason="60"))
            return
        if what == "written_off":
            known.state = what
        elif what == "due_changed":
            known.due_date = title.due_date
        self.notices.append(Notice(known, what, day))

    # === WHAT HAPPENS AT THE BANK ===

    def refuse(self, number, reason="45"):
        """Refuse the registration of a title that is about to come."""
        self.refusals[str(number)] = reason

    def pay(self, number, on, amount=None, interest=0, discount=0, fee=None):
        """Let a payer pay; the amount is the title's with interest, less discount.

        :param amount: what is paid in all, where it is less or more
        """
        title = self.titles[str(number)]
        interest, discount = Decimal(interest), Decimal(discount)
        due = title.amount + interest - discount
        title.state = "paid"
        self.notices.append(
            Notice(
                title,
                "paid",
                on,
                paid=due if amount is None else Decimal(amount),
                interest=interest,
                discount=discount,
                fee=self.fee if fee is None else Decimal(fee),
            )
        )

    def pay_unknown(self, number, amount, on, check=""):
        """Tell of a payment of a title that the company never sent.

        :param check: Sicoob's digit of the number, which needs the company's code
        """
        title = BankTitle(str(number), Decimal(amount), on, "", check=check)
        self.notices.append(
            Notice(title, "paid", on, paid=Decimal(amount), fee=self.fee)
        )

    def write_off(self, number, on):
        """Give a title back, its days being over."""
        self.titles[str(number)].state = "written_off"
        self.tell(number, "written_off", on)

    def tell(self, number, what, on, fee=0):
        """Tell of anything else, by its name or by the bank's own code."""
        title = self.titles[str(number)]
        self.notices.append(Notice(title, what, on, fee=Decimal(fee)))

    # === TO THE COMPANY ===

    def make_return(self, on):
        """Return the bytes of a return file with all that is new."""
        self.file_number += 1
        lines = self.files.write(self.notices, self.file_number, on)
        self.notices = []
        return "".join(f"{line}\r\n" for line in lines).encode("latin-1")
