"""One process of the tests of concurrent billing.

    billing_worker.py create DATABASE CONTRACTS     a provider and its contracts
    billing_worker.py start DATABASE BATCH_SIZE     a run, handed to jobs
    billing_worker.py approve DATABASE COUNT        runs, not handed to jobs
    billing_worker.py process DATABASE RUN BATCH_SIZE

`approve` prints the ids of the runs. `process` does what the jobs of
a run would do; it prints `ready` and begins when it can read a line, so that
two of them can be let go at the same moment.
"""

import sys

import provider
from processes import odoo_environment
from psycopg2 import OperationalError

from odoo.tools import split_every


def create(database, contracts):
    with odoo_environment(database) as env:
        provider.create_provider(env, int(contracts))


def start(database, batch_size):
    with odoo_environment(database) as env:
        type(env["contract.billing.run"])._batch_size = int(batch_size)
        run = _approve_run(env)
        run.action_start()


def approve(database, count):
    with odoo_environment(database) as env:
        for _ in range(int(count)):
            run = _approve_run(env)
            run.state = "running"
            print(run.id)


def process(database, run_id, batch_size):
    with odoo_environment(database):
        pass  # loads the registry
    print("ready", flush=True)
    sys.stdin.readline()
    while item_ids := _read_pending(database, int(run_id)):
        for batch in split_every(int(batch_size), item_ids):
            _perform(database, int(run_id), "_process", list(batch))
    _perform(database, int(run_id), "_finish")


def _perform(database, run_id, method, *arguments):
    """Do what a job does, again if the database asks for it, as queue_job would."""
    while True:
        try:
            with odoo_environment(database) as env:
                getattr(env["contract.billing.run"].browse(run_id), method)(*arguments)
            return
        except OperationalError as error:
            print(f"again: {error}", file=sys.stderr)


def _approve_run(env):
    run = env["contract.billing.run"].create(
        {"date_from": provider.MONTH, "invoice_date": provider.MONTH}
    )
    run.action_simulate()
    run.action_approve()
    return run


def _read_pending(database, run_id):
    with odoo_environment(database) as env:
        return env["contract.billing.run"].browse(run_id)._get_items("pending").ids


if __name__ == "__main__":
    commands = {f.__name__: f for f in (create, start, approve, process)}
    commands[sys.argv[1]](*sys.argv[2:])
