"""Writes a remittance of 240 columns, title by title, in little memory."""

import io
from decimal import Decimal

# Records of a lot are counted in five digits.
LAST_SEQUENCE = 99999
LINE_END = b"\r\n"


class Cnab240Writer:
    """A file that grows: header, lots of titles, trailers.

    :param records: `tools.cnab240_records.Cnab240Records` of the bank
    :param common: values that all records share: bank, company, account, date, number
    """

    def __init__(self, records, common):
        self._records = records
        self._common = common
        self._file = io.BytesIO()
        self._lines = 0
        self._lot = 0
        self._sequence = None
        self._write("FileHeader", {})

    def add_title(self, names, values):
        """Add the segments of one title.

        :param names: of its records, in their order
        :raise pycnab240.errors.FieldAttributionError: a value that does not fit; the
            file is as it was
        """
        if self._sequence is None or self._sequence + len(names) > LAST_SEQUENCE:
            self._close_lot()
            self._open_lot()
        lines = [
            self._get_line(name, {**values, "sequence": self._sequence + place})
            for place, name in enumerate(names, 1)
        ]
        for line in lines:
            self._append(line)
        self._sequence += len(lines)
        self._titles += 1
        self._amount += values["amount"]

    def finish(self) -> bytes:
        """Close lot and file; return its bytes."""
        self._close_lot()
        self._write("FileTrailer", {"lots": self._lot, "records": self._lines + 1})
        return self._file.getvalue()

    def _open_lot(self):
        self._lot += 1
        self._sequence = 0
        self._titles = 0
        self._amount = Decimal("0.00")
        self._write("LotHeader", {})

    def _close_lot(self):
        if self._sequence is None:
            return
        self._write(
            "LotTrailer",
            {
                "records": self._sequence + 2,
                "simple_count": self._titles,
                "simple_amount": self._amount,
            },
        )
        self._sequence = None

    def _write(self, name, values):
        self._append(self._get_line(name, values))

    def _get_line(self, name, values):
        values = {**self._common, "lot": self._lot, **values}
        return self._records.write_line(name, values)

    def _append(self, line):
        self._file.write(line.encode("ascii") + LINE_END)
        self._lines += 1
