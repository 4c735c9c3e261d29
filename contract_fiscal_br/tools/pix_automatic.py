"""Rules of Pix Automático: periods, days of sending, retries, cancellation.

Source: BCB, API Pix (OpenAPI 2.8.1, tags Rec and CobR) for periods, retries and the
refusal to cancel from the first day of debit on; the window of 10 to 2 days and 22:00
of the day before as public documentation of payment providers gives them.
"""

from datetime import date, datetime, time, timedelta

from odoo.addons.contract_recurring.tools.bank_calendar import next_bank_day

# (recurrence of the contract, interval) → periodicity.
PERIODS = {
    ("weekly", 1): "SEMANAL",
    ("monthly", 1): "MENSAL",
    ("monthlylastday", 1): "MENSAL",
    ("monthly", 3): "TRIMESTRAL",
    ("monthlylastday", 3): "TRIMESTRAL",
    ("quarterly", 1): "TRIMESTRAL",
    ("monthly", 6): "SEMESTRAL",
    ("monthlylastday", 6): "SEMESTRAL",
    ("quarterly", 2): "SEMESTRAL",
    ("semesterly", 1): "SEMESTRAL",
    ("monthly", 12): "ANUAL",
    ("monthlylastday", 12): "ANUAL",
    ("semesterly", 2): "ANUAL",
    ("yearly", 1): "ANUAL",
}
FIRST_DAYS_AHEAD, LAST_DAYS_AHEAD = 10, 2
MOST_RETRIES, RETRY_DAYS = 3, 7
LAST_CANCEL_TIME = time(22, 0)
LIVE_TRIES = ("SOLICITADA", "AGENDADA")
OPEN_CHARGES = ("CRIADA", "ATIVA")


def get_period(rule, interval) -> str | None:
    """Return the periodicity of a recurrence; None where Pix has none for it.

    >>> get_period("monthly", 3), get_period("monthly", 2)
    ('TRIMESTRAL', None)
    """
    return PERIODS.get((rule, interval))


def get_send_days(due: date) -> tuple[date, date]:
    """Return the first and the last day on which a charge may be sent.

    >>> [day.isoformat() for day in get_send_days(date(2026, 3, 20))]
    ['2026-03-10', '2026-03-18']
    """
    return due - timedelta(FIRST_DAYS_AHEAD), due - timedelta(LAST_DAYS_AHEAD)


def get_last_cancel_moment(due: date) -> datetime:
    """Return until when a charge may be cancelled, in Brasília: 22:00 of the eve of its
    debit, which moves to a bank day.

    >>> get_last_cancel_moment(date(2026, 3, 22)).isoformat()  # a Sunday
    '2026-03-22T22:00:00'
    """
    return datetime.combine(next_bank_day(due) - timedelta(1), LAST_CANCEL_TIME)


def get_retry_day(charge, today: date) -> date | None:
    """Return the day to ask another debit for, None where there is none.

    :param charge: answer of GET /cobr/{txid}

    >>> charge = {"status": "ATIVA", "politicaRetentativa": "PERMITE_3R_7D",
    ...     "tentativas": [{"status": "EXPIRADA", "dataLiquidacao": "2026-03-10"}]}
    >>> get_retry_day(charge, date(2026, 3, 11)).isoformat()
    '2026-03-12'
    >>> get_retry_day(charge, date(2026, 3, 17)) is None
    True
    """
    tries = charge.get("tentativas") or []
    if (
        charge.get("status") not in OPEN_CHARGES
        or charge.get("politicaRetentativa") != "PERMITE_3R_7D"
        or not tries
        or len(tries) > MOST_RETRIES
        or any(one["status"] in (*LIVE_TRIES, "PAGA") for one in tries)
    ):
        return None
    first = min(date.fromisoformat(one["dataLiquidacao"]) for one in tries)
    day = next_bank_day(today + timedelta(1))
    return day if day <= first + timedelta(RETRY_DAYS) else None


def describe_ending(answer) -> str:
    """Return why a recurrence or a charge ended, in the bank's words and its code.

    >>> describe_ending({"encerramento": {"rejeicao": {
    ...     "codigo": "AC05", "descricao": "Conta encerrada"}}})
    'Conta encerrada (AC05)'
    >>> describe_ending({"tentativas": [{"status": "EXPIRADA", "rejeicao": {
    ...     "codigo": "AM02", "descricao": "Saldo insuficiente"}}]})
    'Saldo insuficiente (AM02)'
    """
    ending = answer.get("encerramento") or {}
    told = [ending.get("rejeicao"), ending.get("cancelamento")]
    told += [one.get("rejeicao") for one in reversed(answer.get("tentativas") or [])]
    for reason in filter(None, told):
        words, code = reason.get("descricao") or "", reason.get("codigo") or ""
        return f"{words} ({code})" if words and code else words or code
    return ""
