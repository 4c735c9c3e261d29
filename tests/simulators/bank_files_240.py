"""Files of CNAB 240 as FEBRABAN's layout prints them: segments P, Q, R, S, T, U, Y.

What a bank keeps to itself (agreement, account, nosso número) is given back as it
came, so any bank that follows FEBRABAN's columns may be asked; Banco do Brasil (001),
Sicoob (756) and Sicredi (748) are those the tests use.
"""

from datetime import datetime

from simulators.bank_file import BankTitle, Record, column, money, refuse_unless
from simulators.bank_pix import make_charge

# Code of movement of a remittance (C004) and of a return (C044).
ASKS = {
    "01": "registered",
    "02": "written_off",
    "04": "rebate",
    "06": "due_changed",
    "07": "changed",
    "09": "protest",
    "10": "protest_stopped",
    "11": "protest_stopped",
    "31": "changed",
}
ANSWERS = {
    "registered": "02",
    "refused": "03",
    "paid": "06",
    "written_off": "09",
    "rebate": "12",
    "due_changed": "14",
    "protest": "19",
    "protest_stopped": "20",
    "changed": "27",
    "fee": "28",
}


class Files240:
    """Reads remittances and writes returns, whatever the bank."""

    def __init__(self, header):
        self.header = header
        self.bank = column(header, 1, 3)
        self.batch = " " * 240

    # === REMITTANCE ===

    def read(self, lines):
        """Return what is asked: (what, title)."""
        for number, line in enumerate(lines, 1):
            refuse_unless(len(line) == 240, f"line {number} has {len(line)}")
            refuse_unless(line[:3] == self.bank, f"line {number}: bank")
        kinds = "".join(line[7] for line in lines)
        refuse_unless(kinds[0] == "0" and kinds[-1] == "9", "header or trailer")
        refuse_unless(column(lines[0], 143, 143) == "1", "not a remittance")
        refuse_unless(int(column(lines[-1], 24, 29)) == len(lines), "records")
        self.batch = lines[1]
        title, asked = None, []
        for line in lines:
            segment = line[13] if line[7] == "3" else ""
            if segment == "P":
                title = self.read_title(line)
                asked.append((ASKS[column(line, 16, 17)], title))
            elif segment == "S":
                title.raw["messages"] = column(line, 19, 218).rstrip()
            elif segment == "Y":
                self.read_y(line, title)
        return asked

    def read_y(self, line, title):
        """Make a Pix charge for the title; Y-04 is Sicredi's, Y-03 all others'."""
        register = "04" if self.bank == "748" else "03"
        refuse_unless(column(line, 18, 19) == register, "register of segment Y")
        refuse_unless(not column(line, 159, 193).strip(), "the bank makes the txid")
        title.raw["pix"] = (register, *make_charge(self.bank, title.number))

    def read_title(self, line):
        return BankTitle(
            number=self.get_number(column(line, 38, 57)),
            amount=money(line, 86, 100),
            due_date=datetime.strptime(column(line, 78, 85), "%d%m%Y").date(),
            document=column(line, 63, 77),
            raw={"line": line},
        )

    def get_number(self, text):
        """Return the digits the company counts, of the 20 columns."""
        text = text.strip()
        refuse_unless(text, "nosso número")
        if self.bank == "001":
            # agreement of seven digits, then the number
            return str(int(text[7:17]))
        if self.bank == "748":
            # year, who counts, count; then the digit
            return text[:-1]
        if self.bank == "756":
            # number with its digit, instalment, modality, kind of form
            return str(int(text[:9]))
        return str(int(text))

    # === RETURN ===

    def write(self, notices, file_number, day):
        lines = [
            self.write_file_header(file_number, day),
            self.write_batch_header(file_number, day),
        ]
        for notice in notices:
            lines.append(self.write_t(notice, len(lines) - 1))
            lines.append(self.write_u(notice, len(lines) - 1))
            if notice.what == "registered" and "pix" in notice.title.raw:
                lines.append(self.write_y(notice, len(lines) - 1))
        lines.append(
            Record(240)
            .put(1, 8, f"{self.bank}00015")
            .put(18, 23, len(lines))
            .put(24, 29, len(notices))
            .money(30, 46, sum(notice.title.amount for notice in notices))
            .put(47, 115, "0" * 69)
        )
        lines.append(
            Record(240)
            .put(1, 8, f"{self.bank}99999")
            .put(18, 23, 1)
            .put(24, 29, len(lines) + 1)
            .put(30, 35, 0)
        )
        return [line.text for line in lines]

    def write_file_header(self, file_number, day):
        line = Record(240).put(1, 240, self.header).put(143, 143, "2")
        line.put(144, 151, f"{day:%d%m%Y}").put(152, 157, "120000")
        return line.put(158, 163, file_number)

    def write_batch_header(self, file_number, day):
        line = Record(240).put(1, 240, self.batch).put(9, 9, "T").put(10, 11, "01")
        line.put(104, 183, "").put(184, 191, file_number)
        return line.put(192, 199, f"{day:%d%m%Y}").put(200, 207, f"{day:%d%m%Y}")

    def start(self, notice, sequence, segment):
        line = Record(240).put(1, 8, f"{self.bank}00013").put(9, 13, sequence)
        code = ANSWERS.get(notice.what, notice.what)
        return line.put(14, 14, segment).put(16, 17, code)

    def write_t(self, notice, sequence):
        title = notice.title
        raw = title.raw.get("line") or self.last
        line = self.start(notice, sequence, "T")
        line.put(18, 37, column(raw, 18, 37)).put(38, 57, self.get_columns(title, raw))
        line.put(58, 58, column(raw, 58, 58)).put(59, 73, title.document)
        due = f"{title.due_date:%d%m%Y}" if title.due_date else "00000000"
        line.put(74, 81, due).money(82, 96, title.amount).put(97, 99, "237")
        use = column(raw, 196, 220) if "line" in title.raw else ""
        line.put(100, 105, "000000").put(106, 130, use)
        line.put(131, 132, "09").put(133, 148, "0" * 16).put(189, 198, "0" * 10)
        return line.money(199, 213, notice.fee).put(214, 223, notice.reason)

    def get_columns(self, title, raw):
        """Return the 20 columns of the nosso número: as they came, or composed."""
        if "line" in title.raw:
            return column(raw, 38, 57)
        number = int(title.number or 0)
        if self.bank == "001":
            return f"{column(raw, 38, 44)}{number:010}"
        if self.bank == "748":
            return f"{number:08}{title.check}"
        return f"{number:09}{title.check}{column(raw, 48, 57)}"

    def write_u(self, notice, sequence):
        line = self.start(notice, sequence, "U").money(18, 32, notice.interest)
        line.money(33, 47, notice.discount).money(48, 62, 0).money(63, 77, 0)
        line.money(78, 92, notice.paid).money(93, 107, max(notice.paid - notice.fee, 0))
        line.money(108, 122, 0).money(123, 137, 0)
        day = f"{notice.day:%d%m%Y}"
        line.put(138, 145, day).put(146, 153, day if notice.paid else "00000000")
        return line.put(154, 180, "0" * 4 + "0" * 8 + "0" * 15).put(211, 233, "0" * 23)

    def write_y(self, notice, sequence):
        """The address of the Pix charge and its txid."""
        register, address, txid = notice.title.raw["pix"]
        line = self.start(notice, sequence, "Y").put(18, 19, register)
        return line.put(82, 158, address).put(159, 193, txid)

    def remember(self, title):
        """Keep the columns of a title, for payments of unknown ones."""
        self.last = title.raw["line"]
