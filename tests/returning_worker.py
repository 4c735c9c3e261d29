"""One process of the tests of returns settled by several.

    returning_worker.py create DATABASE TITLES     a provider with registered boletos
    returning_worker.py load DATABASE BATCH_SIZE   a return file that pays them all
    returning_worker.py take DATABASE COPY           the same, as one of several copies
    returning_worker.py take_late DATABASE           two copies, the later one's reader
                                                     not knowing of the first
    returning_worker.py process DATABASE FILE BATCH_SIZE

`load` prints the id of the file; every seventh boleto is paid twice. `process` does
what the jobs would do. `take` and `process` print `ready` and begin when they can read
a line, so that two of them can be let go at the same moment.
"""

import importlib.util
import sys
from pathlib import Path

import collecting
from processes import odoo_environment
from psycopg2 import OperationalError

from odoo.tools import split_every

BUILDER = (
    Path(__file__).resolve().parents[1] / "contract_fiscal_br/tests/cnab400_builder.py"
)


def create(database, titles):
    collecting.create_collector(database, int(titles))


def load(database, batch_size):
    with odoo_environment(database) as env:
        files = env["collection.return.file"]
        type(files)._batch_size = int(batch_size)
        # jobs of others would take the work away
        type(files)._enqueue = lambda *_arguments, **_values: None
        print(files._import(_build(env), "CB100426.RET").id)


def take(database, copy):
    """Import a copy of the file, each of other bytes, until the account is free."""
    with odoo_environment(database) as env:
        data = _build(env) + b"\r\n" * int(copy)
        # known once the registry is loaded
        from odoo.addons.contract_fiscal_br.exceptions import AccountBusyError
    _wait()
    while True:
        try:
            with odoo_environment(database) as env:
                files = env["collection.return.file"]
                type(files)._enqueue = lambda *_arguments, **_values: None
                print(files._import(data, f"copy-{copy}.RET").id)
            return
        except (AccountBusyError, OperationalError) as error:
            print(f"again: {error}", file=sys.stderr)


def take_late(database):
    """Import a file in a transaction that began before a copy of it was taken."""
    with odoo_environment(database) as late:
        data = _build(late)
        load(database, 4)
        try:
            late["collection.return.file"]._import(data + b"\r\n", "copy.RET")
        except OperationalError:
            print("begins anew")
            late.cr.rollback()


def _build(env):
    spec = importlib.util.spec_from_file_location("builder", BUILDER)
    builder = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    lines = []
    for number, title in enumerate(env["collection.title"].search([], order="id")):
        line = builder.Title(
            "06",
            int(title.nosso_numero),
            title.nosso_numero_full[-1],
            amount=f"{title.amount:.2f}",
            received=f"{title.amount - 1:.2f}",
            fee="1.00",
            date="050326",
            credit="060326",
        )
        lines += [line, line] if number % 7 == 0 else [line]
    return builder.build("341", lines)


def process(database, file_id, batch_size):
    with odoo_environment(database):
        pass  # loads the registry
    _wait()
    while item_ids := _read_pending(database, int(file_id)):
        for batch in split_every(int(batch_size), item_ids):
            _perform(database, int(file_id), "_process", list(batch))
    _perform(database, int(file_id), "_finish")


def _wait():
    print("ready", flush=True)
    sys.stdin.readline()


def _perform(database, file_id, method, *arguments):
    """Do what a job does, again if the database asks for it, as queue_job would."""
    while True:
        try:
            with odoo_environment(database) as env:
                file = env["collection.return.file"].browse(file_id)
                getattr(file, method)(*arguments)
            return
        except OperationalError as error:
            print(f"again: {error}", file=sys.stderr)


def _read_pending(database, file_id):
    with odoo_environment(database) as env:
        return env["collection.return.file"].browse(file_id)._get_items("pending").ids


if __name__ == "__main__":
    commands = {f.__name__: f for f in (create, load, take, take_late, process)}
    commands[sys.argv[1]](*sys.argv[2:])
