"""The records of a bank's files of 240 columns, from `drivers/specs/`.

pycnab240 checks that the fields of a record touch each other from 1 to 240, and that
each value has the type and size of its field.
"""

import csv
from functools import lru_cache
from pathlib import Path

from pycnab240.record import Records

FOLDER = Path(__file__).resolve().parents[1] / "drivers" / "specs"
COMMON = "febraban"

# kind of field: format and decimals of pycnab240
KINDS = {"n": ("num", 0), "v": ("num", 2), "a": ("alfa", 0), "t": ("alfa", 0)}


class Cnab240Records(Records):
    """Records of one bank: the common ones with its own fields in their places.

    One object of each record is filled again for every line: pycnab240 makes a class
    for each object, which would cost most of the time of a file.
    """

    def __init__(self, rows):
        self.slices = {}
        self._lines = {}
        self._cut = set()
        by_record = {}
        for row in rows:
            by_record.setdefault(row["record"], []).append(row)
        for name, fields in by_record.items():
            spec = {"nome": name, "campos": dict(map(self._prepare_field, fields))}
            self.check_json_spec(spec)
            setattr(self, name, self.create_record_class(spec))
            self.slices[name] = {
                row["name"]: slice(int(row["start"]) - 1, int(row["end"]))
                for row in fields
            }
            self._cut |= {(name, row["name"]) for row in fields if row["kind"] == "t"}

    def _prepare_field(self, row):
        form, decimals = KINDS[row["kind"]]
        default = row["default"]
        if default and form == "num":
            default = int(default)
        return f"{int(row['start']):03}", {
            "nome": row["name"],
            "posicao_inicio": int(row["start"]),
            "posicao_fim": int(row["end"]),
            "formato": form,
            "decimais": decimals,
            "default": default or None,
        }

    def write_line(self, name, values):
        """Return the line of a record.

        :param values: by name of field; what the record has no field for is left out
        :raise pycnab240.errors.FieldAttributionError: a value that does not fit
        """
        if name not in self._lines:
            self._lines[name] = self[name]()
        record = self._lines[name]
        for field in record._fields.values():
            value = values.get(field.name)
            if value is None:
                value = field.get_field_default_value()
            elif (name, field.name) in self._cut:
                value = value[: field.digits]
            field.value = value
        return str(record)

    def read_line(self, name, line):
        """Return {field: its characters} of a line."""
        return {field: line[place] for field, place in self.slices[name].items()}


@lru_cache
def get_records(bank):
    """Return the `Cnab240Records` of a bank with a file in `drivers/specs/`."""
    own = _read_rows(f"{bank}_240.csv")
    common = [
        row
        for row in _read_rows(f"{COMMON}_240.csv")
        if not any(_overlaps(row, other) for other in own)
    ]
    return Cnab240Records(common + own)


def _overlaps(row, other):
    return (
        row["record"] == other["record"]
        and int(row["start"]) <= int(other["end"])
        and int(other["start"]) <= int(row["end"])
    )


def _read_rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
