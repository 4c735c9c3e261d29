"""What failed requests tell about whether anything was sent."""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError


def is_unsent(error):
    """Return whether a request certainly did not reach the other side.

    Only a connection that never came about proves that: one broken off, or an
    answer that did not come in time, leaves it open.
    """
    if isinstance(error, requests.ConnectTimeout):
        return True
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return False
    reason = error.args[0]
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def get_retry_after(response, default_s):
    """Return the seconds a provider asks to wait (RFC 9110 section 10.2.3)."""
    value = response.headers.get("Retry-After", "")
    return int(value) if value.isdigit() else default_s
