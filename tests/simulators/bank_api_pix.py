"""API Pix of the simulated bank: charges, Pix received, returns, webhooks.

Source: Banco Central do Brasil, API Pix 2.x (OpenAPI), tags CobV, Cob, Pix, Webhook.
"""

import itertools
import re
import zlib
from datetime import date, datetime, time
from decimal import Decimal

# Sicoob serves the API under /pix/api/v2, Inter under /pix/v2.
ROOT = r"/pix(?:/api)?/v2"
TXID = r"([a-zA-Z0-9]{26,35})"
AMOUNT = re.compile(r"\d{1,10}\.\d{2}")
LIVE = "ATIVA"
REMOVED = "REMOVIDA_PELO_USUARIO_RECEBEDOR"


def br_code(location):
    """Return a dynamic BR Code (Manual de Padrões para Iniciação do Pix, § 2.7)."""

    def field(number, value):
        return f"{number:02}{len(value):02}{value}"

    account = field(0, "br.gov.bcb.pix") + field(25, location)
    text = (
        field(0, "01")
        + field(1, "12")
        + field(26, account)
        + field(52, "0000")
        + field(53, "986")
        + field(58, "BR")
        + field(59, "PROVEDOR EXEMPLO")
        + field(60, "CURITIBA")
        + field(62, field(5, "***"))
        + "6304"
    )
    return text + f"{_crc16(text.encode()):04X}"


def _crc16(content):
    crc = 0xFFFF
    for byte in content:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


class PixCharges:
    """`received` are the Pix by endToEndId."""

    ROUTES = [
        ("PUT", f"{ROOT}/cobv/{TXID}", "cobv.write", "cobv_put"),
        ("GET", f"{ROOT}/cobv/{TXID}", "cobv.read", "cobv_get"),
        ("PATCH", f"{ROOT}/cobv/{TXID}", "cobv.write", "cobv_patch"),
        ("PUT", f"{ROOT}/cob/{TXID}", "cob.write", "cob_put"),
        ("GET", f"{ROOT}/cob/{TXID}", "cob.read", "cobv_get"),
        ("PATCH", f"{ROOT}/cob/{TXID}", "cob.write", "cobv_patch"),
        ("GET", f"{ROOT}/pix", "pix.read", "pix_list"),
        ("GET", f"{ROOT}/pix/([a-zA-Z0-9]{{32}})", "pix.read", "pix_get"),
        (
            "PUT",
            rf"{ROOT}/pix/([a-zA-Z0-9]{{32}})/devolucao/([a-zA-Z0-9]{{1,35}})",
            "pix.write",
            "pix_return",
        ),
        (
            "GET",
            rf"{ROOT}/pix/([a-zA-Z0-9]{{32}})/devolucao/([a-zA-Z0-9]{{1,35}})",
            "pix.read",
            "pix_get_return",
        ),
        ("PUT", rf"{ROOT}/webhook/([^/]+)", "webhook.write", "webhook_put"),
        ("GET", rf"{ROOT}/webhook/([^/]+)", "webhook.read", "webhook_get"),
    ]

    def open(self):
        self.charges = {}
        self.received = {}
        self.webhooks = {}
        self._pix_numbers = itertools.count(1)
        self._locations = itertools.count(1)

    # === CHARGES ===

    def _refuse(self, kind, *violations):
        raise self.problem(400, kind, "A requisição não respeita o schema.", violations)

    def _check_amounts(self, kind, body):
        value = body.get("valor") or {}
        if not AMOUNT.fullmatch(str(value.get("original"))):
            self._refuse(kind, ("valor.original", "não respeita o schema"))
        if Decimal(value["original"]) == 0:
            self._refuse(kind, ("valor.original", "é zero"))
        for name in ("multa", "juros"):
            term = value.get(name)
            if term and not AMOUNT.fullmatch(str(term.get("valorPerc"))):
                self._refuse(kind, (f"valor.{name}", "não respeita o schema"))

    def _check_debtor(self, kind, body):
        debtor = body.get("devedor") or {}
        documents = [debtor[name] for name in ("cpf", "cnpj") if debtor.get(name)]
        if len(documents) != 1 or not debtor.get("nome"):
            self._refuse(kind, ("devedor", "não respeita o schema"))

    def cobv_put(self, txid, *, query, body):
        kind = "CobVOperacaoInvalida"
        self._check_amounts(kind, body)
        self._check_debtor(kind, body)
        if not body.get("chave"):
            self._refuse(kind, ("chave", "não respeita o schema"))
        due = (body.get("calendario") or {}).get("dataDeVencimento", "")
        if due < self.today.isoformat():
            self._refuse(
                kind,
                ("calendario.dataDeVencimento", "anterior à data de criação"),
            )
        return 201, self._put_charge(txid, body, kind, "cobv")

    def cob_put(self, txid, *, query, body):
        kind = "CobOperacaoInvalida"
        self._check_amounts(kind, body)
        if not body.get("chave"):
            self._refuse(kind, ("chave", "não respeita o schema"))
        if (body.get("calendario") or {}).get("expiracao", 0) <= 0:
            self._refuse(kind, ("calendario.expiracao", "menor ou igual a zero"))
        return 201, self._put_charge(txid, body, kind, "cob")

    def _put_charge(self, txid, body, kind, sort):
        old = self.charges.get(txid)
        if old and old["status"] != LIVE:
            self._refuse(kind, ("txid", "a cobrança não está ATIVA"))
        location = f"pix.example.com/qr/v2/{sort}/{next(self._locations):032}"
        self.charges[txid] = {
            **body,
            "txid": txid,
            "revisao": old["revisao"] + 1 if old else 0,
            "status": LIVE,
            "location": old["location"] if old else location,
            "pixCopiaECola": old["pixCopiaECola"] if old else br_code(location),
        }
        return self.charges[txid]

    def _get_charge(self, txid):
        if txid not in self.charges:
            raise self.problem(404, "CobVNaoEncontrada", "txid desconhecido")
        return self.charges[txid]

    def cobv_get(self, txid, *, query, body):
        charge = self._get_charge(txid)
        received = [pix for pix in self.received.values() if pix.get("txid") == txid]
        return 200, charge | ({"pix": received} if received else {})

    def cobv_patch(self, txid, *, query, body):
        charge = self._get_charge(txid)
        if charge["status"] != LIVE:
            self._refuse("CobVOperacaoInvalida", ("txid", "a cobrança não está ATIVA"))
        if "status" in body and len(body) > 1:
            self._refuse("CobVOperacaoInvalida", ("status", "com outras alterações"))
        for name, value in body.items():
            if isinstance(value, dict):
                charge[name] = {**charge.get(name, {}), **value}
            else:
                charge[name] = value
        charge["revisao"] += 1
        return 200, charge

    # === PIX ===

    def pay_charge(self, txid, amount=None, moment=None, parts=None):
        """Somebody pays; return the Pix. A charge that is paid takes no other.

        :param dict parts: `componentesValor`, such as {"multa": "2.00"}
        """
        charge = self.charges[txid]
        charge["status"] = "CONCLUIDA"
        return self.receive_pix(
            amount or charge["valor"]["original"], txid, moment, parts, charge
        )

    def receive_pix(self, amount, txid=None, moment=None, parts=None, charge=None):
        moment = moment or datetime.combine(self.today, time(10, 30))
        number = next(self._pix_numbers)
        seed = zlib.crc32(str(number).encode()) % 10**4
        pix = {
            "endToEndId": f"E12345678{moment:%Y%m%d%H%M}s{seed:04}{number:06}",
            "valor": str(amount),
            "horario": moment.isoformat(timespec="milliseconds") + "Z",
            "infoPagador": "mensalidade",
        }
        if txid:
            pix["txid"] = txid
        if charge:
            values = {"original": charge["valor"]["original"], **(parts or {})}
            pix["componentesValor"] = {
                name: {"valor": value} for name, value in values.items()
            }
        self.received[pix["endToEndId"]] = pix
        return pix

    def pix_list(self, *, query, body):
        first, last = (
            datetime.fromisoformat(query[name]).replace(tzinfo=None)
            for name in ("inicio", "fim")
        )
        found = [
            pix
            for pix in self.received.values()
            if first <= datetime.fromisoformat(pix["horario"][:-1]) <= last
        ]
        size = int(query.get("paginacao.itensPorPagina", 100))
        page = int(query.get("paginacao.paginaAtual", 0))
        return 200, {
            "parametros": {
                "inicio": query["inicio"],
                "fim": query["fim"],
                "paginacao": {
                    "paginaAtual": page,
                    "itensPorPagina": size,
                    "quantidadeDePaginas": -(-len(found) // size),
                    "quantidadeTotalDeItens": len(found),
                },
            },
            "pix": found[page * size : (page + 1) * size],
        }

    def pix_get(self, e2eid, *, query, body):
        if e2eid not in self.received:
            raise self.problem(404, "PixNaoEncontrado", "e2eid desconhecido")
        return 200, self.received[e2eid]

    # === RETURNS ===

    def pix_return(self, e2eid, number, *, query, body):
        _status, pix = self.pix_get(e2eid, query={}, body={})
        returns = pix.setdefault("devolucoes", [])
        old = next((one for one in returns if one["id"] == number), None)
        if old:
            if old["valor"] != body.get("valor"):
                self._refuse("PixDevolucaoInvalida", ("id", "já utilizado"))
            return 201, old
        if not AMOUNT.fullmatch(str(body.get("valor"))):
            self._refuse("PixDevolucaoInvalida", ("valor", "não respeita o schema"))
        total = sum(Decimal(one["valor"]) for one in returns) + Decimal(body["valor"])
        if total > Decimal(pix["valor"]):
            self._refuse("PixDevolucaoInvalida", ("valor", "excede o Pix original"))
        returns.append(
            {
                "id": number,
                "rtrId": f"D{e2eid[1:26]}{len(returns):06}",
                "valor": body["valor"],
                "horario": {"solicitacao": pix["horario"]},
                "status": "EM_PROCESSAMENTO",
            }
        )
        return 201, returns[-1]

    def pix_get_return(self, e2eid, number, *, query, body):
        for one in self.received.get(e2eid, {}).get("devolucoes", []):
            if one["id"] == number:
                return 200, one
        raise self.problem(404, "PixDevolucaoNaoEncontrada", "desconhecida")

    def finish_returns(self, status="DEVOLVIDO", reason=None):
        """The instant payment system settles or refuses what was asked back."""
        for pix in self.received.values():
            for one in pix.get("devolucoes", []):
                if one["status"] == "EM_PROCESSAMENTO":
                    one["status"] = status
                    if reason:
                        one["motivo"] = reason

    # === WEBHOOK ===

    def webhook_put(self, key, *, query, body):
        if not str(body.get("webhookUrl", "")).startswith("http"):
            self._refuse("WebhookOperacaoInvalida", ("webhookUrl", "não é uma URI"))
        self.webhooks[key] = body["webhookUrl"]
        return 200, {"webhookUrl": body["webhookUrl"], "chave": key}

    def webhook_get(self, key, *, query, body):
        if key not in self.webhooks:
            raise self.problem(404, "WebhookNaoEncontrado", "sem webhook")
        return 200, {"webhookUrl": self.webhooks[key], "chave": key}


def parse_day(text):
    return date.fromisoformat(text[:10])
