import asyncio
import logging
import ssl
from functools import cached_property

import httpx
from brbank.erros import Duplicado, ErroBrbank, Indisponivel
from brbank.transporte import contexto_tls
from pydantic import ValidationError

from ..tools.bank_error import (
    LaterError,
    RefusedError,
    SilentError,
    describe_refusal,
)
from .bank_transport import BankTransport
from .boleto_client_inter import InterBoletoClient
from .boleto_client_sicoob import SicoobBoletoClient
from .pix_client import PixClient

# They would log addresses, which carry the CPF of payers, and headers with tokens.
for name in ("httpx", "httpcore", "hpack"):
    logging.getLogger(name).setLevel(logging.WARNING)

TIMEOUT_S = 30
# Banks whose API registers boletos; the others do it by file.
BOLETO_CLIENTS = {"077": InterBoletoClient, "756": SicoobBoletoClient}


class BankSession:
    """One account's talk with its bank; asyncio stays inside.

    A job opens it, and closes it before it ends:

        with BankSession(account) as session:
            answer = session.call(session.pix.get_due_charge(txid))

    :ivar httpx.AsyncClient client: for clients of `brbank`
    """

    def __init__(self, account):
        self.account = account
        self.env = account.env

    def __enter__(self):
        self._runner = asyncio.Runner()
        self._transport = BankTransport(
            httpx.AsyncHTTPTransport(verify=self._get_tls(), http2=True),
            self.account._get_simulator_url(),
        )
        self.client = httpx.AsyncClient(transport=self._transport, timeout=TIMEOUT_S)
        return self

    def __exit__(self, *_error):
        self._runner.run(self.client.aclose())
        self._runner.close()

    def _get_tls(self):
        certificate = self.account._get_secret("certificate")
        if not certificate:
            return ssl.create_default_context()
        try:
            return contexto_tls(certificate.encode())
        except (ssl.SSLError, OSError) as error:
            raise LaterError(
                self.env._(
                    "The certificate of “%s” cannot be used. Upload it again.",
                    self.account.name,
                ),
                is_account=True,
            ) from error

    @cached_property
    def pix(self):
        return PixClient(self.account, self.client)

    @cached_property
    def boletos(self):
        return BOLETO_CLIENTS[self.account.bank](self.account, self.client)

    @property
    def retry_after(self):
        return self._transport.retry_after

    def call(self, coroutine):
        """Return what a call answers.

        :raise RefusedError, LaterError, SilentError: see there
        """
        self._transport.forget()
        try:
            return self._runner.run(coroutine)
        except Duplicado:
            raise
        except ErroBrbank as error:
            raise self._translate(error) from error
        except ValidationError as error:
            raise RefusedError(self.describe_invalid(error)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise self._translate_unreadable() from error

    def _translate(self, error):
        if self._transport.auth_status:
            return LaterError(self._describe_auth(), is_account=True)
        if self._transport.in_doubt:
            return SilentError(self.env._("The bank did not answer."))
        words = describe_refusal(error.resposta_bruta)
        if isinstance(error, Indisponivel):
            return LaterError(words or self.env._("The bank cannot be reached."))
        if error.status_http in (401, 403):
            return LaterError(self._describe_denied(words), is_account=True)
        return RefusedError(words or str(error), error.status_http or 0)

    def _describe_auth(self):
        if self._transport.auth_status >= 500 or self._transport.auth_status == 429:
            return self.env._("The bank cannot be reached.")
        return self.env._(
            "The bank refuses the credentials of “%s”. Check client ID, client secret "
            "and certificate.",
            self.account.name,
        )

    def _describe_denied(self, words):
        return self.env._(
            "The bank does not let “%(account)s” do this (%(reason)s). Ask it to "
            "release the service for this application.",
            account=self.account.name,
            reason=words or "403",
        )

    def _translate_unreadable(self):
        """Return the error for an answer that is none: the bank may have acted."""
        message = self.env._("The bank gave an answer that cannot be read.")
        return (SilentError if self._transport.has_changed else LaterError)(message)

    def describe_invalid(self, error):
        """Return which data is wrong, without the data."""
        names = {".".join(map(str, one["loc"])) or "?" for one in error.errors()}
        return self.env._(
            "Data of the title is missing or wrong: %s.", ", ".join(sorted(names))
        )
