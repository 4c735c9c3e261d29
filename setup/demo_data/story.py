"""The demo from beginning to end; every step is safe to interrupt and repeat."""

import base64
import json
import sys
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta

from odoo import fields

from . import billing, contracts
from .agreements import make_agreements
from .automatic import Payers
from .banks import send_titles, set_up_accounts
from .changes import change_contracts
from .charging import unify_customer
from .company import TIME_ZONE, set_up_company, set_up_users
from .debtors import LONGEST
from .dunning import dun
from .overview import show_health
from .payments import puzzle, settle
from .pix import pay_by_pix
from .plans import set_up_plans
from .progress import say
from .report import print_table, write_result
from .service import restrict_service

# How far the story was told, kept in the database it is told in.
BOOKMARK = "contract_demo.bookmark"


def run(env, contracts, csv_path, month, result_path):
    """Set up, load, bill the month, and report.

    :param str month: YYYY-MM
    :param csv_path: a file of contracts to load instead of drawing them
    """
    with Payers() as payers:
        _tell(env, contracts, csv_path, month, result_path, payers)


def _tell(env, contracts, csv_path, month, result_path, payers):
    env = _set_up(env)
    first_day = date.fromisoformat(f"{month}-01")
    if csv_path:
        _import_file(env, csv_path)
    else:
        _load(env, contracts, first_day, payers)
    today = fields.Date.context_today(env.user)
    run, figures = billing.bill_month(_as_admin(env), first_day, today)
    if figures.billed and not csv_path:
        payers.live(_as_admin(env), first_day, today)
        payers.leave(_as_admin(env), today)
        send_titles(_as_admin(env), first_day)
        settle(_as_admin(env), run, until=today, paid_share=0.88)
        puzzle(_as_admin(env), today)
        pay_by_pix(_as_admin(env), today)
        dun(env, first_day, min(today, first_day + relativedelta(day=31)))
        restrict_service(env, today)
        show_health(env)
        make_agreements(env, today)
    print_table(env, first_day, figures)
    write_result(env, figures, result_path)


def _set_up(env):
    """Return the environment of the admin, in Portuguese and in São Paulo."""
    company = set_up_company(env)
    set_up_users(env)
    env = env(
        user=env.ref("base.user_admin"),
        su=True,
        context={
            "lang": "pt_BR",
            "tz": TIME_ZONE,
            "allowed_company_ids": company.ids,
            "tracking_disable": True,
        },
    )
    set_up_plans(env)
    set_up_accounts(env)
    env.cr.commit()
    return env


def _as_admin(env):
    """Return the environment in which buttons check permissions and leave notes."""
    return env(su=False, context=env.context | {"tracking_disable": False})


# === WHAT THERE IS TO BILL ===


def _load(env, total, month, payers):
    """Draw the contracts and bill the month before, once in a database."""
    bookmark = _read_bookmark(env)
    if bookmark.get("told"):
        if bookmark["contracts"] != total:
            say(
                f"this database holds {bookmark['contracts']} contracts already; "
                "another --database gets another number"
            )
        return
    if not bookmark:
        bookmark = {"contracts": total, "loaded": 0, "month": month.isoformat()}
    total = bookmark["contracts"]
    days = contracts.Calendar(
        month=date.fromisoformat(bookmark["month"]),
        today=fields.Date.context_today(env.user),
    )

    def remember(number):
        _write_bookmark(env, bookmark | {"loaded": number})

    contracts.create_contracts(env, total, bookmark["loaded"], days, remember)
    month = (days.stand - LONGEST).replace(day=1)
    while month < days.last_month:
        billing.bill_month(_as_admin(env), month, days.today)
        send_titles(_as_admin(env), month)
        month += relativedelta(months=1)
    payers.agree(_as_admin(env), days)
    run, _figures = billing.bill_month(_as_admin(env), days.last_month, days.today)
    run = run or billing.find_run(env, days.last_month, ("done",))
    payers.live(_as_admin(env), days.last_month, min(days.month, days.today))
    send_titles(_as_admin(env), days.last_month)
    settle(_as_admin(env), run, until=min(days.month, days.today))
    yesterday = min(days.month - relativedelta(days=1), days.stand)
    dun(env, days.stand - LONGEST, yesterday)
    change_contracts(env, days)
    unify_customer(env, days)
    _write_bookmark(env, bookmark | {"loaded": total, "told": True})
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _read_bookmark(env):
    return json.loads(env["ir.config_parameter"].get_param(BOOKMARK) or "{}")


def _write_bookmark(env, bookmark):
    env["ir.config_parameter"].set_param(BOOKMARK, json.dumps(bookmark))


def _import_file(env, csv_path):
    """Load the contracts of a file with the addon's own import, all or none."""
    say(f"importing {csv_path}")
    wizard = env["contract.import"].create(
        {
            "filename": Path(csv_path).name,
            "file": base64.b64encode(Path(csv_path).read_bytes()),
        }
    )
    wizard.action_import()
    if wizard.error_count:
        for line in wizard.line_ids.filtered(lambda line: line.severity == "error"):
            where = f"line {line.line_number}, {line.column}"
            print(f"✗ {where}: {line.message}", file=sys.stderr)
        raise SystemExit(f"✗ nothing was imported from {csv_path}")
    say(
        f"{wizard.contract_count} contracts imported, "
        f"{wizard.known_count} were here already"
    )
    env.cr.commit()
