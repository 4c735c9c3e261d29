"""Pix Automático of the simulated bank: recurrences and their charges.

Source: Banco Central do Brasil, API Pix 2.x (OpenAPI), tags Rec, SolicRec, CobR,
PayloadLocationRec, WebhookRec, WebhookCobR. The payer and the payer's bank are moved
by the methods that are no routes.
"""

import itertools
from datetime import timedelta
from decimal import Decimal

from simulators.bank_api_pix import AMOUNT, ROOT, TXID, br_code, parse_day

REC = r"([a-zA-Z0-9]{29})"
PERIODS = {"SEMANAL", "MENSAL", "TRIMESTRAL", "SEMESTRAL", "ANUAL"}
LIVE_REQUESTS = ("CRIADA", "ENVIADA", "RECEBIDA")
OVER = ("REJEITADA", "CANCELADA", "EXPIRADA")


class AutomaticPix:
    """`recs` by idRec, `requests_rec` by idSolicRec, `cobrs` by txid."""

    ROUTES = [
        ("POST", f"{ROOT}/locrec", "payloadlocationrec.write", "locrec_post"),
        ("POST", f"{ROOT}/rec", "rec.write", "rec_post"),
        ("GET", f"{ROOT}/rec", "rec.read", "rec_list"),
        ("GET", f"{ROOT}/rec/{REC}", "rec.read", "rec_get"),
        ("PATCH", f"{ROOT}/rec/{REC}", "rec.write", "rec_patch"),
        ("POST", f"{ROOT}/solicrec", "solicrec.write", "solicrec_post"),
        ("GET", f"{ROOT}/solicrec/{REC}", "solicrec.read", "solicrec_get"),
        ("PATCH", f"{ROOT}/solicrec/{REC}", "solicrec.write", "solicrec_patch"),
        ("PUT", f"{ROOT}/cobr/{TXID}", "cobr.write", "cobr_put"),
        ("GET", f"{ROOT}/cobr/{TXID}", "cobr.read", "cobr_get"),
        ("PATCH", f"{ROOT}/cobr/{TXID}", "cobr.write", "cobr_patch"),
        ("GET", f"{ROOT}/cobr", "cobr.read", "cobr_list"),
        (
            "POST",
            rf"{ROOT}/cobr/{TXID}/retentativa/(\d{{4}}-\d\d-\d\d)",
            "cobr.write",
            "cobr_retry",
        ),
        ("PUT", f"{ROOT}/webhookrec", "webhookrec.write", "webhookrec_put"),
        ("PUT", f"{ROOT}/webhookcobr", "webhookcobr.write", "webhookcobr_put"),
    ]

    def open(self):
        self.recs, self.requests_rec, self.cobrs, self.locrecs = {}, {}, {}, {}
        self._rec_numbers = itertools.count(1)

    def _note(self, record, status, **more):
        moment = f"{self.today.isoformat()}T12:00:00.000Z"
        record["status"] = status
        record.setdefault("atualizacao", []).append({"status": status, "data": moment})
        record.update(more)

    # === RECURRENCES ===

    def locrec_post(self, *, query, body):
        number = next(self._rec_numbers)
        location = f"pix.example.com/qr/v2/rec/{number:032}"
        self.locrecs[number] = {"id": number, "location": location}
        return 201, self.locrecs[number]

    def rec_post(self, *, query, body):
        self._check_rec(body)
        number = f"{next(self._rec_numbers):011}"
        kind = "R" if body["politicaRetentativa"] == "PERMITE_3R_7D" else "N"
        rec = {**body, "idRec": f"R{kind}12345678{self.today:%Y%m%d}{number}"}
        rec["ativacao"] = {"tipoJornada": "AGUARDANDO_DEFINICAO"} | (
            body.get("ativacao") or {}
        )
        if "loc" in body:
            rec["loc"] = self.locrecs[body["loc"]]
        self._note(rec, "CRIADA")
        self.recs[rec["idRec"]] = rec
        return 201, rec

    def _check_rec(self, body):
        kind = "RecOperacaoInvalida"
        bond, calendar = body.get("vinculo") or {}, body.get("calendario") or {}
        value = body.get("valor") or {}
        if not 0 < len(bond.get("contrato") or "") <= 35:
            self._refuse(kind, ("rec.vinculo.contrato", "não respeita o schema"))
        if len(bond.get("objeto") or "") > 35:
            self._refuse(kind, ("rec.vinculo.objeto", "não respeita o schema"))
        self._check_debtor(kind, bond)
        if calendar.get("periodicidade") not in PERIODS:
            self._refuse(
                kind, ("rec.calendario.periodicidade", "não respeita o schema")
            )
        if calendar.get("dataInicial", "") < self.today.isoformat():
            self._refuse(kind, ("rec.calendario.dataInicial", "anterior à criação"))
        if "valorRec" in value and "valorMinimoRecebedor" in value:
            self._refuse(kind, ("rec.valor", "ambos preenchidos"))
        if any(not AMOUNT.fullmatch(str(amount)) for amount in value.values()):
            self._refuse(kind, ("rec.valor", "não respeita o schema"))
        if body.get("politicaRetentativa") not in ("NAO_PERMITE", "PERMITE_3R_7D"):
            self._refuse(kind, ("rec.politicaRetentativa", "não respeita o schema"))
        if "loc" in body and body["loc"] not in self.locrecs:
            self._refuse(kind, ("rec.loc", "inexiste"))
        txid = self._get_agreeing_txid(body)
        if txid and not self._is_immediate(txid):
            self._refuse(kind, ("rec.ativacao.dadosJornada.txid", "sem cobrança"))

    def _get_agreeing_txid(self, rec):
        """Return the immediate charge whose payment is the agreement (journey 3)."""
        activation = rec.get("ativacao") or {}
        return (activation.get("dadosJornada") or {}).get("txid")

    def _is_immediate(self, txid):
        charge = self.charges.get(txid) or {}
        return "expiracao" in (charge.get("calendario") or {})

    def _get_rec(self, number):
        if number not in self.recs:
            raise self.problem(404, "RecNaoEncontrada", "idRec desconhecido")
        return self.recs[number]

    def rec_get(self, number, *, query, body):
        rec = self._get_rec(number)
        txid = query.get("txid")
        kind = "JORNADA_2"
        if txid:
            self._get_charge(txid)
            kind = "JORNADA_3" if self._is_immediate(txid) else "JORNADA_4"
        if kind == "JORNADA_3" and txid != self._get_agreeing_txid(rec):
            self._refuse("RecConsultaInvalida", ("txid", "difere de dadosJornada.txid"))
        if "loc" not in rec:
            return 200, rec
        code = br_code(rec["loc"]["location"] + (f"/{txid}" if txid else ""))
        return 200, rec | {"dadosQR": {"jornada": kind, "pixCopiaECola": code}}

    def rec_list(self, *, query, body):
        found = [
            rec
            for rec in self.recs.values()
            if query.get("cpf") in (None, rec["vinculo"]["devedor"].get("cpf"))
            and query.get("cnpj") in (None, rec["vinculo"]["devedor"].get("cnpj"))
        ]
        return 200, {
            "parametros": {"paginacao": {"quantidadeDePaginas": 1}},
            "recs": found,
        }

    def rec_patch(self, number, *, query, body):
        rec = self._get_rec(number)
        if rec["status"] in OVER:
            self._refuse("RecOperacaoInvalida", ("rec", "encontra-se encerrada"))
        if body.get("status") == "CANCELADA":
            self._end_rec(rec, "USUARIO_RECEBEDOR", "SLCR", "Solicitado pelo recebedor")
        return 200, rec

    def _end_rec(self, rec, who, code, words):
        ending = {"solicitante": who, "codigo": code, "descricao": words}
        self._note(rec, "CANCELADA", encerramento={"cancelamento": ending})
        for cobr in self.cobrs.values():
            if cobr["idRec"] == rec["idRec"] and cobr["status"] in ("CRIADA", "ATIVA"):
                self._note(cobr, "CANCELADA", encerramento={"cancelamento": ending})

    def approve(self, number, journey="JORNADA_2"):
        """The payer says yes in the app of the payer's bank."""
        rec = self.recs[number]
        rec["ativacao"] = {**rec["ativacao"], "tipoJornada": journey}
        if journey != "JORNADA_3":
            rec["ativacao"].pop("dadosJornada", None)
        self._note(rec, "APROVADA")
        return rec

    def pay_and_agree(self, number):
        """The payer reads the code of journey 3 and pays; return the Pix."""
        pix = self.pay_charge(self._get_agreeing_txid(self.recs[number]))
        self.approve(number, "JORNADA_3")
        return pix

    def reject(self, number, code="AP13", words="Rejeitada pelo usuário pagador"):
        rec = self.recs[number]
        ending = {"rejeicao": {"codigo": code, "descricao": words}}
        self._note(rec, "REJEITADA", encerramento=ending)
        return rec

    def revoke(self, number):
        rec = self.recs[number]
        self._end_rec(rec, "USUARIO_PAGADOR", "SLDB", "Solicitado pelo pagador")
        return rec

    # === REQUESTS OF CONFIRMATION (JOURNEY 1) ===

    def solicrec_post(self, *, query, body):
        kind = "SolicRecOperacaoInvalida"
        rec = self._get_rec(body.get("idRec"))
        target = body.get("destinatario") or {}
        if not all(target.get(name) for name in ("conta", "ispbParticipante")):
            self._refuse(kind, ("solicrec.destinatario", "não respeita o schema"))
        for request in self.requests_rec.values():
            if request["idRec"] == rec["idRec"] and request["status"] in LIVE_REQUESTS:
                self._refuse(kind, ("solicrec.idRec", "existe uma solicitação ativa"))
        number = f"SC12345678{self.today:%Y%m%d}{next(self._rec_numbers):011}"
        request = {**body, "idSolicRec": number}
        self._note(request, "CRIADA")
        self.requests_rec[number] = request
        return 201, request

    def solicrec_get(self, number, *, query, body):
        if number not in self.requests_rec:
            raise self.problem(404, "SolicRecNaoEncontrada", "desconhecida")
        return 200, self.requests_rec[number]

    def solicrec_patch(self, number, *, query, body):
        request = self.requests_rec[number]
        if request["status"] not in LIVE_REQUESTS:
            self._refuse("SolicRecOperacaoInvalida", ("status", "não pode cancelar"))
        self._note(request, "CANCELADA")
        return 200, request

    # === CHARGES ===

    def cobr_put(self, txid, *, query, body):
        kind = "CobROperacaoInvalida"
        rec = self._get_rec(body.get("idRec"))
        self._check_amounts(kind, body)
        due = (body.get("calendario") or {}).get("dataDeVencimento", "")
        if txid in self.cobrs:
            self._refuse(kind, ("cobr.txid", "encontra-se em uso"))
        if rec["status"] != "APROVADA":
            self._refuse(kind, ("cobr.idRec", "a recorrência não está aprovada"))
        if not body.get("recebedor", {}).get("conta"):
            self._refuse(kind, ("cobr.recebedor", "não respeita o schema"))
        days = (parse_day(due) - self.today).days
        if not 2 <= days <= 10:
            self._refuse(kind, ("cobr.calendario.dataDeVencimento", "fora do prazo"))
        fixed = (rec.get("valor") or {}).get("valorRec")
        if fixed and Decimal(fixed) != Decimal(body["valor"]["original"]):
            self._refuse(kind, ("cobr.valor", "difere do valor da recorrência"))
        for other in self.cobrs.values():
            if (
                other["idRec"] == rec["idRec"]
                and other["status"] not in ("REJEITADA", "CANCELADA")
                and other["calendario"]["dataDeVencimento"][:7] == due[:7]
            ):
                self._refuse(kind, ("cobr", "existe uma CobR no mesmo ciclo"))
        cobr = {**body, "txid": txid, "tentativas": []}
        cobr["politicaRetentativa"] = rec["politicaRetentativa"]
        self._note(cobr, "CRIADA")
        self.cobrs[txid] = cobr
        return 201, cobr

    def _get_cobr(self, txid):
        if txid not in self.cobrs:
            raise self.problem(404, "CobRNaoEncontrado", "txid desconhecido")
        return self.cobrs[txid]

    def cobr_get(self, txid, *, query, body):
        return 200, self._get_cobr(txid)

    def cobr_list(self, *, query, body):
        return 200, {
            "parametros": {"paginacao": {"quantidadeDePaginas": 1}},
            "cobsr": list(self.cobrs.values()),
        }

    def cobr_patch(self, txid, *, query, body):
        cobr = self._get_cobr(txid)
        due = parse_day(cobr["calendario"]["dataDeVencimento"])
        if cobr["status"] not in ("CRIADA", "ATIVA") or self.today >= due:
            self._refuse("CobROperacaoInvalida", ("status", "não pode cancelar"))
        ending = {
            "solicitante": "USUARIO_RECEBEDOR",
            "codigo": "SLCR",
            "descricao": "Solicitado pelo recebedor",
        }
        self._note(cobr, "CANCELADA", encerramento={"cancelamento": ending})
        return 200, cobr

    def cobr_retry(self, txid, day, *, query, body):
        kind = "CobROperacaoInvalida"
        cobr = self._get_cobr(txid)
        tries = cobr["tentativas"]
        first = parse_day(cobr["calendario"]["dataDeVencimento"])
        if cobr["politicaRetentativa"] != "PERMITE_3R_7D":
            self._refuse(kind, ("retentativa", "a política não permite"))
        if any(one["status"] in ("SOLICITADA", "AGENDADA") for one in tries):
            self._refuse(kind, ("retentativa", "existe uma tentativa ativa"))
        if parse_day(day) <= self.today or parse_day(day) > first + timedelta(days=7):
            self._refuse(kind, ("data", "fora do prazo"))
        if len(tries) > 3:
            self._refuse(kind, ("retentativa", "esgotadas"))
        self._add_try(cobr, parse_day(day), "NTAG")
        return 201, cobr

    def _add_try(self, cobr, day, kind):
        number = next(self._pix_numbers)
        cobr["tentativas"].append(
            {
                "dataLiquidacao": day.isoformat(),
                "tipo": kind,
                "status": "AGENDADA",
                "endToEndId": f"E87654321{day:%Y%m%d}1200t{number:010}",
                "atualizacao": [],
            }
        )

    def schedule(self, txid):
        """The payer's bank takes the charge and plans its first debit."""
        cobr = self.cobrs[txid]
        day = parse_day(cobr["calendario"]["dataDeVencimento"])
        self._add_try(cobr, day, "AGND")
        self._note(cobr, "ATIVA")
        return cobr

    def debit(self, txid):
        """The money comes."""
        cobr = self.cobrs[txid]
        cobr["tentativas"][-1]["status"] = "PAGA"
        pix = self.receive_pix(cobr["valor"]["original"], txid)
        self.received.pop(pix["endToEndId"])
        pix["endToEndId"] = cobr["tentativas"][-1]["endToEndId"]
        self.received[pix["endToEndId"]] = pix
        cobr["pix"] = [pix]
        self._note(cobr, "CONCLUIDA")
        return cobr

    def fail_debit(self, txid, code="AM02", words="Saldo insuficiente", final=False):
        """The payer has no money that day; `final`: nor is it tried again."""
        cobr = self.cobrs[txid]
        one = cobr["tentativas"][-1]
        one["status"] = "EXPIRADA"
        one["rejeicao"] = {"codigo": code, "descricao": words}
        if final or cobr["politicaRetentativa"] == "NAO_PERMITE":
            self._note(cobr, "EXPIRADA")
        return cobr

    def refuse_charge(self, txid, code="AC05", words="Conta encerrada"):
        cobr = self.cobrs[txid]
        ending = {"rejeicao": {"codigo": code, "descricao": words}}
        self._note(cobr, "REJEITADA", encerramento=ending)
        return cobr

    # === WEBHOOKS ===

    def webhookrec_put(self, *, query, body):
        self.webhooks["rec"] = body["webhookUrl"]
        return 200, body

    def webhookcobr_put(self, *, query, body):
        self.webhooks["cobr"] = body["webhookUrl"]
        return 200, body
