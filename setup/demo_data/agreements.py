"""Two customers who agreed about their debts: one keeps it, one does not."""

from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command, Domain

from odoo.addons.contract_recurring.tools.instalments import Terms

from .debtors import find_debtors

AGREED_AGO = timedelta(days=20)
FIRST_DUE_AGO = timedelta(days=17)


def make_agreements(env, today):
    """Agree about two overdue debts, and follow them to today."""
    agreed = today - AGREED_AGO
    moves = env["account.move"].search(
        Domain("contract_charge_ids", "!=", False)
        & Domain("move_type", "=", "out_invoice")
        & Domain("state", "=", "posted")
        & Domain("payment_state", "=", "not_paid")
        & Domain("agreement_origin_ids", "=", False)
        & Domain("partner_id", "not in", find_debtors(env).ids)
        & Domain("invoice_date", "<=", agreed)
        & Domain("invoice_date_due", "<", agreed - timedelta(days=5)),
        order="id desc",
        limit=2,
    )
    for move, follow in zip(moves, (_keep, _break), strict=False):
        agreement = env["contract.debt.agreement"]._agree(
            move, _prepare_terms(today), agreed, reason="Perdeu o emprego"
        )
        follow(agreement, today)
    env.cr.commit()


def _prepare_terms(today):
    return Terms(
        count=3,
        first_due=today - FIRST_DUE_AGO,
        discount_percent=Decimal(30),
    )


def _keep(agreement, _today):
    """Pay the first instalment on its day."""
    part = agreement.instalment_ids[0]
    receivable = part.move_id._get_open_receivable()
    journal = agreement.env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", agreement.company_id.id)], limit=1
    )
    bank = {"account_id": journal.default_account_id.id, "debit": part.amount}
    paid = {
        "account_id": receivable.account_id.id,
        "partner_id": receivable.partner_id.id,
        "credit": part.amount,
    }
    entry = agreement.env["account.move"].create(
        {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": part.due_date,
            "ref": part.label,
            "line_ids": [Command.create(bank), Command.create(paid)],
        }
    )
    entry.action_post()
    (receivable | entry.line_ids.filtered("credit")).reconcile()


def _break(agreement, today):
    """Nothing comes, and the daily pass breaks the agreement."""
    agreement._cron_break_agreements(today)
