"""A file of 400 columns that grows record by record."""

import io

from ..cnab400_record import LENGTH, put

SEQUENCE = (395, 400)


class RecordFile:
    """Records, numbered as they come: some are added to pycobranca's.

    :ivar count: records so far
    """

    def __init__(self):
        self.count = 0
        self._file = io.BytesIO()

    def add(self, *records: str):
        """Add records with their numbers.

        :raise ValueError: one has not 400 characters, or others than ASCII
        """
        for record in records:
            self.count += 1
            line = put(record, *SEQUENCE, f"{self.count:06}")
            if len(line) != LENGTH:
                raise ValueError("a record has not 400 characters")
            self._file.write(f"{line}\r\n".encode("ascii"))

    def getvalue(self) -> bytes:
        return self._file.getvalue()
