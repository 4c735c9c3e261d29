"""What a bank's report (webhook) names. Nothing in it is believed: only asked about."""

import json
import re

REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")
# {name of the list: (sort, keys that identify an item)}
SORTS = {
    "pix": ("pix", ("endToEndId", "txid")),
    "recs": ("recurrences", ("idRec",)),
    "cobsr": ("charges", ("txid",)),
}
BOLETO = ("boletos", ("codigoSolicitacao", "nossoNumero"))
MOST_ITEMS = 5000


def read_report(content: bytes) -> dict[str, list]:
    """Return {sort: identities} of a report, each identity a list of texts.

    API Pix: {"pix": […]}, {"recs": […]}, {"cobsr": […]}; Inter: a list of boletos.

    :raise ValueError: no such report

    >>> read_report(b'{"pix": [{"endToEndId": "E1", "txid": "t1", "valor": "9.90"}]}')
    {'pix': [['E1', 't1']]}
    >>> read_report(b'[{"codigoSolicitacao": "c-1", "situacao": "RECEBIDO"}]')
    {'boletos': [['c-1', '']]}
    >>> read_report(b"[]")
    {}
    """
    try:
        report = json.loads(content)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if isinstance(report, list):
        return _collect({BOLETO: report})
    if not isinstance(report, dict):
        raise ValueError("no report")
    if report.get("codigoSolicitacao") or report.get("nossoNumero"):
        return _collect({BOLETO: [report]})
    named = {sort: report[name] for name, sort in SORTS.items() if name in report}
    if not named:
        raise ValueError("no report")
    return _collect(named)


def _collect(named):
    collected = {}
    for (sort, keys), items in named.items():
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise ValueError("no report")
        for item in items:
            identity = _identify(item, keys)
            known = collected.setdefault(sort, [])
            if identity not in known:
                known.append(identity)
    return collected


def _identify(item, keys):
    if not isinstance(item, dict):
        raise ValueError("no report")
    identity = [str(item.get(key) or "") for key in keys]
    if not any(identity) or any(
        part and not REFERENCE.fullmatch(part) for part in identity
    ):
        raise ValueError("no report")
    return identity
