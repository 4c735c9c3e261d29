from urllib.parse import urlsplit

import httpx

# Errors that prove that the bank did not get the request.
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class BankTransport(httpx.AsyncBaseTransport):
    """Carries requests to a bank, and notes what became of the last one.

    `brbank` says only that a call failed. Whether the bank may have carried it out
    decides if it may be repeated, so it is noted here.

    :ivar in_doubt: the last request changed something, or not: nobody knows
    :ivar has_changed: the last request was one that changes something
    :ivar auth_status: HTTP status of a refused request for a token, else 0
    :ivar retry_after: seconds the bank asks to wait, or None
    """

    def __init__(self, inner, simulator_url=None):
        """
        :param simulator_url: address every request goes to instead of the bank's
        """
        self._inner = inner
        self._simulator = urlsplit(simulator_url) if simulator_url else None
        self.forget()

    def forget(self):
        self.in_doubt = False
        self.has_changed = False
        self.auth_status = 0
        self.retry_after = None

    async def handle_async_request(self, request):
        self.forget()
        self._redirect(request)
        is_call = request.headers.get("Authorization", "").startswith("Bearer ")
        self.has_changed = changes = is_call and request.method != "GET"
        try:
            response = await self._inner.handle_async_request(request)
            await response.aread()
        except UNSENT:
            raise
        except BaseException:
            self.in_doubt = changes
            raise
        self.in_doubt = changes and response.status_code >= 500
        if not is_call and response.status_code >= 400:
            self.auth_status = response.status_code
        after = response.headers.get("Retry-After", "")
        self.retry_after = int(after) if after.isdigit() else None
        return response

    def _redirect(self, request):
        if not self._simulator:
            return
        request.url = request.url.copy_with(
            scheme=self._simulator.scheme,
            host=self._simulator.hostname,
            port=self._simulator.port,
        )
        request.headers["Host"] = self._simulator.netloc

    async def aclose(self):
        await self._inner.aclose()
