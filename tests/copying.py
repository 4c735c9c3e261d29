"""Copies of what was billed, made by the database: thousands of titles in seconds.

Each copy has its own customers, contracts, charges, invoices and titles, tied to each
other as the originals are: what is settled or sent afterwards finds all it looks for.
"""

import collecting
import measuring
import templates

# In the order they are written; of customers, those who have contracts.
TABLES = (
    "res_partner",
    "contract_contract",
    "contract_line",
    "contract_event",
    "contract_billing_run_item",
    "account_move",
    "account_move_line",
    "contract_charge",
    "collection_title",
    "collection_instruction",
)


def _count_on(name, digits):
    """Return SQL for a text that ends in a number, as counted for the copy."""
    number = f"(right({name}, {digits})::int + copy * {{billed}})::text"
    return f"left({name}, -{digits}) || lpad({number}, {digits}, '0')"


# What is unique, or tells one row from another, is counted on.
CHANGES = {
    "res_partner": {"name": _count_on("name", 5)},
    "contract_contract": {"code": _count_on("code", 6)},
    "account_move": {
        "name": _count_on("name", 5),
        "sequence_number": "sequence_number + copy * {billed}",
        "payment_reference": _count_on("payment_reference", 5),
        "ref": _count_on("ref", 6),
        "invoice_origin": _count_on("invoice_origin", 6),
        "access_token": "NULL",
    },
    "account_move_line": {"move_name": _count_on("move_name", 5)},
    "collection_title": {
        "document_number": _count_on("document_number", 5),
        "nosso_numero": "(nosso_numero_int + copy * {billed})::text",
        "nosso_numero_int": "nosso_numero_int + copy * {billed}",
    },
}


def make_titles(database, titles, billed):
    """Make a database of as many boletos, of which so many are billed as usual."""
    measuring.copy_template(database)
    collecting.create_collector(database, billed)
    with templates.server(database) as cursor:
        copy_billed(cursor, copies=-(-titles // billed) - 1)


def copy_billed(cursor, copies):
    """Copy the contracts of a fresh database and what was billed of them.

    :param copies: how many of each row, besides itself
    """
    ranges = {table: _get_range(cursor, table) for table in TABLES}
    cursor.execute("SELECT count(*) FROM contract_contract")
    billed = cursor.fetchone()[0]
    for table in TABLES:
        _copy_table(cursor, table, copies, billed, ranges)
    cursor.execute(
        "UPDATE collection_account SET next_nosso_numero = "
        "(SELECT max(nosso_numero_int) + 1 FROM collection_title)"
    )
    cursor.execute("ANALYZE")


def _get_range(cursor, table):
    """Return the first and the last id of what is copied of a table."""
    query = f"SELECT min(id), max(id) FROM {table}"
    if table == "res_partner":
        query += " WHERE id IN (SELECT partner_id FROM contract_contract)"
    cursor.execute(query)
    return cursor.fetchone()


def _copy_table(cursor, table, copies, billed, ranges):
    first, last = ranges[table]
    cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s "
        "AND column_name <> 'id' AND is_generated = 'NEVER'",
        [table],
    )
    columns = [f'"{name}"' for (name,) in cursor.fetchall()]
    values = {
        f'"{name}"': change.format(billed=billed)
        for name, change in CHANGES.get(table, {}).items()
    } | _follow_links(cursor, table, ranges)
    cursor.execute(
        f"""INSERT INTO {table} (id, {", ".join(columns)})
            SELECT id + copy * {last - first + 1},
                   {", ".join(values.get(column, column) for column in columns)}
              FROM {table}, generate_series(1, {copies}) AS copy
             WHERE id BETWEEN {first} AND {last}
             ORDER BY copy, id"""
    )
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
    )


def _follow_links(cursor, table, ranges):
    """Return {column: SQL} of what points to a copied row: it points to the copy."""
    cursor.execute(
        "SELECT a.attname, c.confrelid::regclass::text FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
        "WHERE c.contype = 'f' AND c.conrelid = %s::regclass",
        [table],
    )
    links = {}
    for name, target in cursor.fetchall():
        if target in ranges:
            first, last = ranges[target]
            links[f'"{name}"'] = (
                f'CASE WHEN "{name}" BETWEEN {first} AND {last} '
                f'THEN "{name}" + copy * {last - first + 1} ELSE "{name}" END'
            )
    return links
