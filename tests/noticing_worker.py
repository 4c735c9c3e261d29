"""One process of the tests of sending notices.

    noticing_worker.py create DATABASE NOTICES SMTP_PORT   notices to send
    noticing_worker.py send DATABASE                       what a job does
    noticing_worker.py release DATABASE                    lets go what waits, sends it
    noticing_worker.py collide DATABASE                    one key, two jobs

`send` and `release` print `ready`, begin when they can read a line, and go on until
nothing waits any more. They can be killed at any moment.
"""

import sys
import threading

import provider
from processes import odoo_environment
from psycopg2 import OperationalError

from odoo.addons.queue_job.exception import RetryableJobError

# Seconds the second of two gets to run into the first.
WAIT_S = 3


def create(database, notices, port):
    with odoo_environment(database) as env:
        provider.create_provider(env, int(notices))
        env["ir.mail_server"].search([]).active = False
        env["ir.mail_server"].create(
            {"name": "loopback", "smtp_host": "127.0.0.1", "smtp_port": int(port)}
        )
        env["res.company"].search([]).partner_id.email = "cobranca@provedor.example"
        contracts = env["contract.contract"].search([], order="id")
        for number, partner in enumerate(contracts.partner_id):
            partner.email = f"cliente{number}@example.com"
        requests = [prepare_request(contract) for contract in contracts]
        env["contract.notice"]._prepare_notices(requests)


def prepare_request(contract):
    return {
        "contract_id": contract.id,
        "move_ids": [],
        "kind": "restored",
        "template_id": None,
        "channel": "email",
        "key": f"test/{contract.id}",
    }


def send(database):
    _await_start(database)
    while _send_pending(database):
        pass


def release(database):
    _await_start(database)
    while _release_waiting(database) or _send_pending(database):
        pass


def _await_start(database):
    with odoo_environment(database):
        pass  # loads the registry
    print("ready", flush=True)
    sys.stdin.readline()


def collide(database):
    """Print what the second of two is told, and how many notices there are."""
    with odoo_environment(database) as env:
        contract = env["contract.contract"].search([], limit=1)
        request = prepare_request(contract) | {"key": "collision"}
    answers = []
    with odoo_environment(database) as first:
        first["contract.notice"]._prepare_notices([request])
        second = threading.Thread(target=_prepare, args=(database, request, answers))
        second.start()
        second.join(WAIT_S)  # it waits for the first one's transaction
    second.join()
    print(*answers)
    with odoo_environment(database) as env:
        print(env["contract.notice"].search_count([("key", "=", "collision")]))


def _prepare(database, request, answers):
    try:
        with odoo_environment(database) as env:
            notices = env["contract.notice"].with_context(job_uuid="second")
            notices._prepare_notices([request])
            answers.append("prepared")
    except RetryableJobError as error:
        answers.append(type(error).__name__)


def _release_waiting(database):
    """Do what one job does; return whether something waits still."""
    try:
        with odoo_environment(database) as env:
            waiting = env["contract.notice"].search([("state", "=", "waiting")])
            waiting._follow_waiting()
            return bool(waiting)
    except OperationalError:  # somebody else was faster: a job is tried again
        return True


def _send_pending(database):
    """Do what one job does; return whether something waits still."""
    with odoo_environment(database) as env:
        pending = env["contract.notice"].search([("state", "=", "pending")])
        try:
            pending._send()
        except RetryableJobError:
            return True
        return bool(pending)


if __name__ == "__main__":
    commands = {f.__name__: f for f in (create, send, release, collide)}
    commands[sys.argv[1]](*sys.argv[2:])
