from urllib.parse import quote, urlencode

from brbank.adapters.pix_bacen import PERFIS
from brbank.auth import (
    OAuth2ClientCredentials,
    OAuth2ClientCredentialsBasic,
    OAuth2ClientCredentialsSemSegredo,
    TokenEstatico,
)
from brbank.transporte import PoliticaRetry, Transporte

# The account's bank → profile of `brbank` with hosts, scopes and headers.
PROFILES = {
    "001": "bb",
    "033": "santander",
    "077": "inter",
    "237": "bradesco",
    "341": "itau",
    "748": "sicredi",
    "756": "sicoob",
}
CHARGE_SCOPES = ("cob", "cobv", "pix", "webhook")
AUTOMATIC_SCOPES = (
    "rec",
    "solicrec",
    "cobr",
    "payloadlocationrec",
    "webhookrec",
    "webhookcobr",
)
RIGHTS = ("write", "read")
PAGE_SIZE = 100


class PixClient:
    """The Banco Central's API Pix at the account's bank, over `brbank`'s transport.

    Source: BCB, API Pix (OpenAPI 2.8.1 read; 2.9.0 adds fields). Bodies and answers
    are its JSON. `brbank`'s own adapter knows neither `GET /pix` nor Pix Automático.
    """

    def __init__(self, account, client):
        """
        :param httpx.AsyncClient client: of the account's `BankSession`
        """
        self._profile = PERFIS[PROFILES[account.bank]]
        self._environment = "sandbox" if account._is_sandbox() else "producao"
        self._is_automatic = account.backend == "pix_automatic"
        self._client_id = account.api_client_id or ""
        self._transport = Transporte(
            banco=f"pix_{self._profile.nome}",
            conta=str(account.id),
            base_url=self._profile.url_base(self._environment),
            client=client,
            autenticador=self._get_authenticator(account),
            retry=PoliticaRetry(tentativas=1),
        )

    def _get_authenticator(self, account):
        common = {
            "conta": str(account.id),
            "url_token": self._profile.url_token(self._environment)
            or self._profile.url_token("producao"),
            "escopos": {"pix": self._get_scope()},
        }
        mode = self._profile.modo_auth(self._environment)
        if mode == "estatico":  # the bank's developer portal shows the token
            return TokenEstatico(account._get_secret("client_secret") or "")
        if mode == "sem_segredo":
            return OAuth2ClientCredentialsSemSegredo(
                client_id=self._client_id, **common
            )
        secret = {
            "client_id": self._client_id,
            "client_secret": account._get_secret("client_secret") or "",
        }
        if mode == "form":
            return OAuth2ClientCredentials(**secret, **common)
        return OAuth2ClientCredentialsBasic(
            corpo_json=mode == "basic_json", **secret, **common
        )

    def _get_scope(self):
        names = CHARGE_SCOPES + (AUTOMATIC_SCOPES if self._is_automatic else ())
        return " ".join(f"{name}.{right}" for name in names for right in RIGHTS)

    async def _request(self, method, path, name, body=None):
        headers = {}
        if self._profile.cabecalho_client_id:
            headers[self._profile.cabecalho_client_id] = self._client_id
        response = await self._transport.requisitar(
            method, path, operacao=name, escopo="pix", json=body, cabecalhos=headers
        )
        return self._read(response)

    def _read(self, response):
        """Return the answer, with the names of the standard."""
        if not response.content:
            return {}
        answer = response.json()
        if not isinstance(answer, dict):
            raise ValueError("the bank's answer is not of the API Pix")
        for own, standard in self._profile.alias_resposta.items():
            if own in answer:
                answer.setdefault(standard, answer[own])
        return answer

    async def _list(self, path, name, items, start, end, **filters):
        """Return all items between two moments (aware datetimes), page by page."""
        found, page, pages = [], 0, 1
        while page < pages:
            query = urlencode(
                {
                    "inicio": start.isoformat(timespec="seconds"),
                    "fim": end.isoformat(timespec="seconds"),
                    **filters,
                    "paginacao.paginaAtual": page,
                    "paginacao.itensPorPagina": PAGE_SIZE,
                }
            )
            answer = await self._request("GET", f"{path}?{query}", name)
            found += answer.get(items) or []
            paging = (answer.get("parametros") or {}).get("paginacao") or {}
            pages = int(paging.get("quantidadeDePaginas") or 1)
            page += 1
        return found

    # === CHARGES WITH A DUE DATE ===

    async def put_due_charge(self, txid, body):
        return await self._request("PUT", f"cobv/{txid}", "cobv_put", body)

    async def get_due_charge(self, txid):
        return await self._request("GET", f"cobv/{txid}", "cobv_get")

    async def revise_due_charge(self, txid, body):
        return await self._request("PATCH", f"cobv/{txid}", "cobv_patch", body)

    # === IMMEDIATE CHARGES ===

    async def put_immediate_charge(self, txid, body):
        return await self._request("PUT", f"cob/{txid}", "cob_put", body)

    async def get_immediate_charge(self, txid):
        return await self._request("GET", f"cob/{txid}", "cob_get")

    async def revise_immediate_charge(self, txid, body):
        return await self._request("PATCH", f"cob/{txid}", "cob_patch", body)

    # === PIX RECEIVED AND RETURNED ===

    async def list_received(self, start, end):
        return await self._list("pix", "pix_list", "pix", start, end)

    async def get_received(self, end_to_end_id):
        return await self._request("GET", f"pix/{end_to_end_id}", "pix_get")

    async def put_return(self, end_to_end_id, number, body):
        path = f"pix/{end_to_end_id}/devolucao/{number}"
        return await self._request("PUT", path, "devolucao_put", body)

    async def get_return(self, end_to_end_id, number):
        path = f"pix/{end_to_end_id}/devolucao/{number}"
        return await self._request("GET", path, "devolucao_get")

    # === WEBHOOKS ===

    async def put_webhook(self, key, url):
        body = {"webhookUrl": url}
        path = f"webhook/{quote(key, safe='')}"
        return await self._request("PUT", path, "webhook_put", body)

    async def put_automatic_webhooks(self, url):
        body = {"webhookUrl": url}
        await self._request("PUT", "webhookrec", "webhookrec_put", body)
        await self._request("PUT", "webhookcobr", "webhookcobr_put", body)

    # === PIX AUTOMÁTICO ===

    async def create_location(self):
        return await self._request("POST", "locrec", "locrec_post", {"tipo": "rec"})

    async def create_recurrence(self, body):
        return await self._request("POST", "rec", "rec_post", body)

    async def get_recurrence(self, number, txid=None):
        query = f"?{urlencode({'txid': txid})}" if txid else ""
        return await self._request("GET", f"rec/{number}{query}", "rec_get")

    async def list_recurrences(self, start, end, **filters):
        return await self._list("rec", "rec_list", "recs", start, end, **filters)

    async def cancel_recurrence(self, number):
        body = {"status": "CANCELADA"}
        return await self._request("PATCH", f"rec/{number}", "rec_patch", body)

    async def request_confirmation(self, body):
        return await self._request("POST", "solicrec", "solicrec_post", body)

    async def put_recurring_charge(self, txid, body):
        return await self._request("PUT", f"cobr/{txid}", "cobr_put", body)

    async def get_recurring_charge(self, txid):
        return await self._request("GET", f"cobr/{txid}", "cobr_get")

    async def cancel_recurring_charge(self, txid):
        body = {"status": "CANCELADA"}
        return await self._request("PATCH", f"cobr/{txid}", "cobr_patch", body)

    async def retry_recurring_charge(self, txid, day):
        path = f"cobr/{txid}/retentativa/{day.isoformat()}"
        return await self._request("POST", path, "cobr_retry")

    async def list_recurring_charges(self, start, end):
        return await self._list("cobr", "cobr_list", "cobsr", start, end)
