"""What the answers of banks' APIs say, as `CollectionEvent`s."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from .collection_event import ZERO, CollectionEvent

# Days of Brazilian banks, wherever the company is.
BANK_ZONE = ZoneInfo("America/Sao_Paulo")
# API Pix, `componentesValor` → field of the event.
PARTS = {
    "multa": "fine",
    "juros": "interest",
    "desconto": "discount",
    "abatimento": "rebate",
}
# `brbank.status.StatusCanonico` → kind of event.
ENDINGS = {"LIQUIDADO": "paid", "BAIXADO": "written_off", "REJEITADO": "rejected"}


def read_pix(pix) -> CollectionEvent:
    """Return the payment that a Pix received is (API Pix, schema “Pix”).

    The day is that of São Paulo: 23:30 there is the next day in UTC.

    >>> event = read_pix({
    ...     "endToEndId": "E12345678202603110230abcdef12345", "txid": "a" * 26,
    ...     "valor": "105.00", "horario": "2026-03-11T02:30:00.000Z",
    ...     "componentesValor": {
    ...         "original": {"valor": "100.00"},
    ...         "multa": {"valor": "3.00"},
    ...         "juros": {"valor": "2.00"},
    ...     },
    ... })
    >>> event.occurred_on.isoformat(), str(event.amount), str(event.fine)
    ('2026-03-10', '100.00', '3.00')
    """
    paid = Decimal(pix["valor"])
    parts = pix.get("componentesValor") or {}
    original = (parts.get("original") or {}).get("valor")
    day = _read_moment(pix["horario"]).date()
    return CollectionEvent(
        kind="paid",
        occurrence="PIX",
        occurred_on=day,
        credit_date=day,
        txid=pix.get("txid") or "",
        external_id=pix["endToEndId"],
        amount=Decimal(original) if original else paid,
        paid=paid,
        net=paid,
        **{
            field: Decimal((parts.get(name) or {}).get("valor") or ZERO)
            for name, field in PARTS.items()
        },
    )


def read_returns(pix) -> list[CollectionEvent]:
    """Return what of a Pix went back to who paid it, whoever wanted that.

    >>> [event] = read_returns({
    ...     "endToEndId": "E1", "txid": "t1", "valor": "9.90",
    ...     "horario": "2026-03-10T12:00:00Z",
    ...     "devolucoes": [{"id": "1", "rtrId": "D1", "valor": "4.00",
    ...                     "status": "DEVOLVIDO", "horario": {}}],
    ... })
    >>> event.kind, str(event.paid), event.reasons
    ('returned', '4.00', ('E1',))
    """
    return [
        CollectionEvent(
            kind="returned",
            occurrence=one.get("natureza") or "DEVOLUCAO",
            occurred_on=_read_day((one.get("horario") or {}), pix),
            txid=pix.get("txid") or "",
            external_id=one.get("rtrId") or one["id"],
            paid=Decimal(one["valor"]),
            # tells which payment of the title it was
            reasons=(pix["endToEndId"],),
        )
        for one in pix.get("devolucoes") or ()
        if one.get("status") == "DEVOLVIDO"
    ]


def _read_day(moments, pix):
    told = moments.get("liquidacao") or moments.get("solicitacao") or pix["horario"]
    return _read_moment(told).date()


def _read_moment(text):
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BANK_ZONE)
    return moment.astimezone(BANK_ZONE)


def read_boleto(answer, amount, today) -> CollectionEvent | None:
    """Return what ended a boleto, or None while it is open.

    :param answer: `brbank.modelos.TituloRegistrado`
    :param amount: face value
    :param today: day of the event where the bank tells none
    """
    kind = ENDINGS.get(answer.status)
    if not kind:
        return None
    # a payment without an amount is looked at by a person, never guessed
    paid = (answer.valor_pago or ZERO) if kind == "paid" else ZERO
    day = answer.data_pagamento or today
    return CollectionEvent(
        kind=kind,
        occurrence=str(answer.status),
        # a boleto ends once: a day the bank does not tell must not make another event
        external_id=answer.id_banco,
        occurred_on=day,
        credit_date=day if paid else None,
        nosso_numero=answer.nosso_numero or "",
        amount=amount,
        paid=paid,
        net=paid,
    )
