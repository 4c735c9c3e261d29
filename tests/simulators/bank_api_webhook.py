"""Webhooks of the simulated bank: once, twice, late or in the wrong order."""

import json
import urllib.error
import urllib.request


class WebhookSender:
    """`deliveries` are (url, body, status) of what was sent."""

    def open(self):
        self.deliveries = []

    def prepare_pix(self, *received):
        """Return the body about some Pix, as the API Pix sends it to {url}/pix."""
        return {"pix": list(received)}

    def prepare_rec(self, *recs):
        names = ("idRec", "status", "atualizacao", "encerramento", "ativacao")
        return {"recs": [{n: rec[n] for n in names if n in rec} for rec in recs]}

    def prepare_cobr(self, *cobrs):
        names = (
            "idRec",
            "txid",
            "status",
            "atualizacao",
            "tentativas",
            "pix",
            "encerramento",
        )
        return {"cobsr": [{n: c[n] for n in names if n in c} for c in cobrs]}

    def prepare_inter(self, *charges):
        """Return the body about boletos, as Inter sends it."""
        return [
            {
                "codigoSolicitacao": charge["cobranca"]["codigoSolicitacao"],
                "seuNumero": charge["cobranca"]["seuNumero"],
                "situacao": charge["cobranca"]["situacao"],
                "dataHoraSituacao": charge["cobranca"].get("dataSituacao"),
                "valorTotalRecebido": charge["cobranca"].get("valorTotalRecebido"),
                "nossoNumero": charge["boleto"]["nossoNumero"],
            }
            for charge in charges
        ]

    def deliver(self, url, body, times=1):
        """Post a body as often as asked; return the last status."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        for _ in range(times):
            request = urllib.request.Request(
                url, content, {"Content-Type": "application/json"}
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    status = answer.status
            except urllib.error.HTTPError as error:
                status = error.code
            self.deliveries.append((url, body, status))
        return status
