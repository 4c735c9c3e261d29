from odoo.tools import SQL

TABLES = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_full_reconcile",
    "contract_charge",
)
# What the rows point to, of which names and days differ.
POINTED_TO = ("contract_contract", "contract_line", "contract_billing_run")
# Who and when; and a mark which Odoo's comparison leaves on each invoice, though nobody
# changed it, and asks for on suppliers' bills alone.
LEFT_OUT = {
    "create_date",
    "create_uid",
    "write_date",
    "write_uid",
    "is_manually_modified",
}


class RowsMixin:
    """The rows that two ways to the same end leave, to be compared."""

    def _read_rows(self):
        """Return {table: rows}; ids are replaced by places, as sequences go on."""
        self.env.flush_all()
        places = {t: self._read_places(t) for t in (*TABLES, *POINTED_TO)}
        return {table: self._read_table(table, places) for table in TABLES}

    def _read_places(self, table):
        self.env.cr.execute(SQL("SELECT id FROM %s ORDER BY id", SQL.identifier(table)))
        return {id_: place for place, (id_,) in enumerate(self.env.cr.fetchall())}

    def _read_table(self, table, places):
        self.env.cr.execute(
            "SELECT a.attname, c.confrelid::regclass::text FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
            "WHERE c.contype = 'f' AND c.conrelid = %s::regclass",
            [table],
        )
        places_of = {
            name: places[target]
            for name, target in self.env.cr.fetchall()
            if target in places
        } | {"id": places[table]}
        self.env.cr.execute(SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(table)))
        names = [column.name for column in self.env.cr.description]
        return [
            {
                name: self._normalize(name, value, places_of.get(name), places)
                for name, value in zip(names, row, strict=True)
                if name not in LEFT_OUT
            }
            for row in self.env.cr.fetchall()
        ]

    def _normalize(self, name, value, places_of, places):
        if value is None:
            return None
        if name == "matching_number" and value.startswith("P"):
            return ("partial", places["account_partial_reconcile"][int(value[1:])])
        if name == "matching_number":
            return ("full", places["account_full_reconcile"][int(value)])
        return places_of[value] if places_of else value
