"""A bank's APIs on loopback: boletos of Sicoob and Inter, Pix, Pix Automático.

From the public protocols: Sicoob “Cobrança Bancária v3”, Inter “Cobrança v3” and the
Banco Central's API Pix. `scheme` https asks for the client's certificate (mTLS).
It shares nothing with the driver it tests.
"""

import json
import re
import ssl
import threading
import uuid
from datetime import date
from urllib.parse import parse_qs, urlsplit

from simulators.bank_api_automatic import AutomaticPix
from simulators.bank_api_boleto import InterBoletos, SicoobBoletos
from simulators.bank_api_pix import PixCharges
from simulators.bank_api_webhook import WebhookSender
from simulators.web import WebHandler, WebSimulator

TOKEN_PATHS = (
    "/oauth/v2/token",
    "/auth/realms/cooperado/protocol/openid-connect/token",
)


class ProblemError(Exception):
    """An answer that is an error (RFC 7807 at the API Pix)."""

    def __init__(self, status, kind, detail="", violations=()):
        super().__init__(kind)
        self.status = status
        self.body = {
            "type": f"https://pix.bcb.gov.br/api/v2/error/{kind}",
            "title": kind,
            "status": status,
            "detail": detail,
            "violacoes": [
                {"propriedade": name, "razao": reason} for name, reason in violations
            ],
        }


class _BankHandler(WebHandler):
    protocol_version = "HTTP/1.1"

    def parse(self, content):
        kind = self.headers.get("Content-Type") or ""
        if "form-urlencoded" in kind:
            return {
                key: values[0] for key, values in parse_qs(content.decode()).items()
            }
        return json.loads(content or b"{}")

    def do_POST(self):
        self.headers["X-Method"] = self.command
        faults = self.server.faulty_methods
        is_spared = self.path in TOKEN_PATHS or (faults and self.command not in faults)
        if not is_spared:
            super().do_POST()
            return
        size = int(self.headers.get("Content-Length") or 0)
        body = self.parse(self.rfile.read(size))
        self._write(*self.server.answer(self.path, self.headers, body))

    do_GET = do_PUT = do_PATCH = do_DELETE = do_POST

    def _write(self, status, answer):
        if status != 204:
            super()._write(status, answer)
            return
        self.send_response(status)
        self.end_headers()


class BankApi(
    SicoobBoletos,
    InterBoletos,
    PixCharges,
    AutomaticPix,
    WebhookSender,
    WebSimulator,
):
    """A bank with one client.

    :ivar accepted: (method, path, body) of each request that was carried out
    :ivar statuses: see `WebSimulator`; no fault affects requests of tokens
    :ivar faulty_methods: HTTP methods that faults are for; empty for all
    :ivar today: the bank's day
    """

    handler_class = _BankHandler

    def __init__(self, client_id="client-1", client_secret="segredo-4711", tls=None):
        """
        :param tls: (certificate file, key file, CA file): answer HTTPS only, to
            clients with a certificate of the CA
        """
        super().__init__()
        self.client_id, self.client_secret = client_id, client_secret
        self.today = date.today()
        self.faulty_methods = set()
        self.tokens = {}
        self.token_requests = 0
        self.lock = threading.RLock()
        self.problem = ProblemError
        self.scheme = "http"
        if tls:
            certificate, key, authority = tls
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            context.load_verify_locations(authority)
            context.verify_mode = ssl.CERT_REQUIRED
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"
        for part in (SicoobBoletos, InterBoletos, PixCharges, AutomaticPix):
            part.open(self)
        WebhookSender.open(self)

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    # === ANSWERING ===

    def answer(self, path, headers, body):
        method = headers.get("X-Method", "POST")
        address = urlsplit(path)
        if address.path in TOKEN_PATHS:
            return self._give_token(address.path, body)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        with self.lock:
            try:
                scopes = self._check_token(headers)
                status, answer = self._route(
                    method, address.path, query, body, scopes, headers
                )
            except ProblemError as problem:
                return problem.status, problem.body
            self.accepted.append((method, address.path, body))
            return status, answer

    def _route(self, method, path, query, body, scopes, headers):
        for part in (SicoobBoletos, InterBoletos, PixCharges, AutomaticPix):
            for verb, pattern, scope, name in part.ROUTES:
                match = verb == method and re.fullmatch(pattern, path)
                if match:
                    if scope not in scopes:
                        raise ProblemError(403, "AcessoNegado", f"sem o escopo {scope}")
                    if part is SicoobBoletos and not headers.get("client_id"):
                        raise ProblemError(401, "AcessoNegado", "sem client_id")
                    handler = getattr(self, name)
                    return handler(*match.groups(), query=query, body=body)
        raise ProblemError(404, "NaoEncontrado", path)

    def fail(self, status):
        return ProblemError(status, "ServicoIndisponivel", "tente mais tarde").body

    # === TOKENS ===

    def _give_token(self, path, form):
        """OAuth2 client credentials; Sicoob knows its client by the certificate."""
        self.token_requests += 1
        secret_is_right = (
            path.startswith("/auth/") or form.get("client_secret") == self.client_secret
        )
        if form.get("client_id") != self.client_id or not secret_is_right:
            return 401, {"error": "invalid_client"}
        token = uuid.uuid4().hex
        self.tokens[token] = set((form.get("scope") or "").split())
        return 200, {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": form.get("scope"),
        }

    def expire_tokens(self):
        self.tokens.clear()

    def _check_token(self, headers):
        kind, _space, token = (headers.get("Authorization") or "").partition(" ")
        if kind != "Bearer" or token not in self.tokens:
            raise ProblemError(401, "AcessoNegado", "token expirado")
        return self.tokens[token]
