from datetime import timedelta
from urllib.parse import urlencode

from brbank.adapters.sicoob import SicoobAdapter, SicoobConfig
from brbank.modelos import TipoInstrucao
from brbank.transporte import PoliticaRetry

PROTEST_CALENDAR_DAYS, PROTEST_NEVER = 1, 3
DISCOUNT_AMOUNT_UNTIL = 1
MESSAGES = 5
NO_CONTENT = 204


class SicoobBoletoClient(SicoobAdapter):
    """Sicoob's “Cobrança Bancária v3”; the bank numbers the boletos."""

    # A registration is finished when it is answered.
    is_registered_later = False

    def __init__(self, account, client):
        super().__init__(
            SicoobConfig(
                conta=str(account.id),
                client_id=account.api_client_id or "",
                numero_cliente=int(account.agreement or 0),
                numero_conta_corrente=(account.account_number or "0")
                + (account.account_digit or ""),
                codigo_especie_documento="DM",
                codigo_modalidade=int(account.wallet or 1),
                ambiente="sandbox" if account._is_sandbox() else "producao",
                token_sandbox=account._get_secret("client_secret")
                if account._is_sandbox()
                else None,
                banco_emite_e_distribui=False,
                requisicoes_por_segundo=account._get_requests_per_second(),
            ),
            client=client,
            retry=PoliticaRetry(tentativas=1),
        )
        self._terms = {}

    def prepare(self, title):
        """Return what the bank is told of a title besides `brbank`'s model."""
        self._terms = {
            "dataLimitePagamento": (
                title.due_date + timedelta(days=title.write_off_days)
            ).isoformat(),
            "codigoProtesto": PROTEST_NEVER,
        }
        if title.protest_days:
            self._terms["codigoProtesto"] = PROTEST_CALENDAR_DAYS
            self._terms["numeroDiasProtesto"] = title.protest_days

    def get_write_off_days(self, title):
        """Days go as a date here (`prepare`)."""
        return None

    def _montar_payload(self, titulo):
        return super()._montar_payload(titulo) | self._terms

    async def find(self, title):
        """Return the bank's number of a title whose registration was not answered."""
        document = "".join(
            sign for sign in title.partner_id.vat or "" if sign.isalnum()
        )
        query = urlencode({"numeroCliente": self._config.numero_cliente})
        response = await self._transporte.requisitar(
            "GET",
            f"pagadores/{document}/boletos?{query}",
            operacao="procurar",
            escopo="consultar",
            cabecalhos=self._cabecalhos(),
        )
        if response.status_code == NO_CONTENT or not response.content:
            return None
        for boleto in response.json().get("resultado") or []:
            if str(boleto.get("seuNumero")) == title.own_number:
                return str(boleto["nossoNumero"])
        return None

    async def discount(self, number, amount, date_limit):
        """Grant a discount of an amount until a day (PATCH “desconto”)."""
        await self._transporte.requisitar(
            "PATCH",
            f"boletos/{number}",
            operacao="instrucao",
            escopo="alterar",
            json={
                **self._identificacao(),
                "desconto": {
                    "tipoDesconto": DISCOUNT_AMOUNT_UNTIL,
                    "dataPrimeiroDesconto": date_limit.isoformat(),
                    "valorPrimeiroDesconto": float(amount),
                },
            },
            cabecalhos=self._cabecalhos(),
        )

    supported = {
        "register": None,
        "change_due_date": TipoInstrucao.PRORROGACAO,
        "discount": None,
        "write_off": None,
        "protest": TipoInstrucao.PROTESTO,
    }
