from datetime import timedelta
from urllib.parse import urlencode

from brbank.adapters.inter import InterAdapter, InterConfig
from brbank.transporte import PoliticaRetry

PAGE_SIZE = 100
# “numDiasAgenda”: days after the due date on which the boleto can still be paid.
LONGEST_AGENDA_DAYS = 60


class InterBoletoClient(InterAdapter):
    """Inter's “Cobrança v3”: the bank takes a request in, and registers it after."""

    is_registered_later = True
    # The API changes nothing of a boleto: it is cancelled and issued anew.
    supported = {"register": None, "write_off": None}

    def __init__(self, account, client):
        super().__init__(
            InterConfig(
                conta=str(account.id),
                client_id=account.api_client_id or "",
                client_secret=account._get_secret("client_secret") or "",
                conta_corrente=account._get_account_digits() or None,
                ambiente="sandbox" if account._is_sandbox() else "producao",
                requisicoes_por_segundo=account._get_requests_per_second(),
            ),
            client=client,
            retry=PoliticaRetry(tentativas=1),
        )

    def prepare(self, title):
        """Inter is told all by `brbank`'s model."""

    def get_write_off_days(self, title):
        return min(title.write_off_days, LONGEST_AGENDA_DAYS)

    async def find(self, title):
        """Return the bank's id of a title whose registration was not answered."""
        day = title.issue_date
        charges = await self._list("EMISSAO", day, day + timedelta(days=60), title)
        for charge in charges:
            if charge["cobranca"].get("seuNumero") == title.own_number:
                return charge["cobranca"]["codigoSolicitacao"]
        return None

    async def list_paid(self, start, end):
        """Return the ids of what was paid between two days."""
        charges = await self._list("PAGAMENTO", start, end)
        return [charge["cobranca"]["codigoSolicitacao"] for charge in charges]

    async def _list(self, by, start, end, title=None):
        found, page, is_last = [], 0, False
        while not is_last:
            query = {
                "dataInicial": start.isoformat(),
                "dataFinal": end.isoformat(),
                "filtrarDataPor": by,
                "paginacao.itensPorPagina": PAGE_SIZE,
                "paginacao.paginaAtual": page,
            }
            if title:
                query["seuNumero"] = title.own_number
            response = await self._transporte.requisitar(
                "GET",
                f"cobranca/v3/cobrancas?{urlencode(query)}",
                operacao="listar",
                escopo="cobranca_get",
                cabecalhos=self._cabecalhos(),
            )
            answer = self._json(response)
            found += answer.get("cobrancas") or []
            page += 1
            is_last = page >= int(answer.get("totalPaginas") or 1)
        return found

    async def put_webhook(self, url):
        await self._transporte.requisitar(
            "PUT",
            "cobranca/v3/cobrancas/webhook",
            operacao="webhook",
            escopo="cobranca_add",
            json={"webhookUrl": url},
            cabecalhos=self._cabecalhos(),
        )
