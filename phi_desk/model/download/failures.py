"""What can go wrong on the way to the hub, as sentences; says which failures are worth a retry."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from re import search
from urllib.request import getproxies

from phi_desk.errors import NetworkError, PhiDeskError

KEPT = "What has arrived is kept: run the same command again to continue."


class PassingFault(Exception):  # noqa: N818 (it passes: only `error` is a failure)
    """Something that may go away: `error` is raised when it does not.

    `wait_s` is the pause the server asks for, None where it asks for none.
    """

    def __init__(self, error: PhiDeskError, wait_s: float | None = None) -> None:
        super().__init__(error.sentence)
        self.error = error
        self.wait_s = wait_s


class SignInWanted(NetworkError):  # noqa: N818 (a token may still mend it)
    """The hub does not give this to somebody without a name."""


def broken_connection(failure: Exception, host: str) -> Exception:
    """The fault or the error for an exception of the HTTP library."""
    import httpx2

    details = (f"{type(failure).__name__}: {failure}",)
    connection = _connection_hint()
    causes = tuple(_causes(failure))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return NetworkError(
            f"The certificate of {host} is not trusted.",
            "A proxy may read along, or this computer's clock is wrong. A proxy's own certificate "
            "is used when SSL_CERT_FILE names it.",
            details,
        )
    if isinstance(failure, httpx2.ProxyError):
        sentence, hint = "The proxy refused the connection.", "Check HTTPS_PROXY and HTTP_PROXY."
    elif any(isinstance(cause, socket.gaierror) for cause in causes):
        sentence, hint = f"The address {host} cannot be found.", connection
    elif isinstance(failure, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        sentence, hint = f"{host} does not answer.", connection
    elif isinstance(failure, httpx2.ConnectError):
        sentence, hint = f"{host} cannot be reached.", connection
    elif isinstance(failure, httpx2.TimeoutException):
        sentence, hint = f"{host} has gone silent.", connection
    elif isinstance(failure, httpx2.TooManyRedirects | httpx2.UnsupportedProtocol):
        return NetworkError(f"{host} sends us to an address that leads nowhere.", "", details)
    else:
        sentence, hint = f"The connection to {host} broke off.", connection
    return PassingFault(NetworkError(sentence, hint, details))


def refused(status: int, headers: Mapping[str, str], host: str, what: str) -> Exception:
    """The fault or the error for an HTTP status that is no success; `what` names the thing asked.

    `X-Error-Code` is the hub's own word for the reason (RepoNotFound, RevisionNotFound,
    EntryNotFound, GatedRepo).
    """
    code = headers.get("X-Error-Code", "")
    details = (f"HTTP {status} {code}".strip(),)
    if code == "GatedRepo" or status in (401, 403):
        return _no_access(status, code, host, what, details)
    if status in (404, 410):
        return NetworkError(f"{_missing(code, what)} at {host}.", _missing_hint(code), details)
    wait_s = asked_wait(headers)
    if status == 429:
        sentence = f"{host} is asked too often from here and wants a pause."
        soon = f"{wait_s:.0f} seconds" if wait_s else "some minutes"
        hint = f"Try again in {soon}; signing in with `hf auth login` allows more. {KEPT}"
        return PassingFault(NetworkError(sentence, hint, details), wait_s)
    if status in (408, 425) or status >= 500:
        sentence = f"{host} has a problem of its own (HTTP {status})."
        return PassingFault(NetworkError(sentence, f"Try again later. {KEPT}", details), wait_s)
    return NetworkError(f"{host} refused {what} (HTTP {status}).", KEPT, details)


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds the server asks us to wait: `Retry-After` (seconds or a date) or `RateLimit`."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    if value:
        try:
            when = parsedate_to_datetime(value)
        except ValueError:
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
    # draft-ietf-httpapi-ratelimit-headers, as the hub sends it: "api";r=0;t=55
    if window := search(r"r\s*=\s*0\s*;\s*t\s*=\s*(\d{1,6})", headers.get("RateLimit", "")):
        return float(window[1])
    return None


def _no_access(
    status: int, code: str, host: str, what: str, details: tuple[str, ...]
) -> SignInWanted:
    if code == "GatedRepo":
        return SignInWanted(
            f"{what} is gated: its owner wants to know who downloads it.",
            "Accept the conditions on its web page, then sign in with `hf auth login` or set "
            "HF_TOKEN.",
            details,
        )
    if code == "RepoNotFound":
        return SignInWanted(
            f"{what} does not exist at {host}, or it is private.",
            "Check the spelling of --repo; for a private one sign in with `hf auth login`.",
            details,
        )
    return SignInWanted(
        f"{host} does not let us have {what} (HTTP {status}).",
        "A firewall or a proxy may forbid it, or the repository wants you to sign in: "
        "`hf auth login`.",
        details,
    )


def _missing(code: str, what: str) -> str:
    return {
        "RepoNotFound": f"There is no repository for {what}",
        "RevisionNotFound": f"There is no such revision for {what}",
    }.get(code, f"There is no {what}")


def _missing_hint(code: str) -> str:
    if code == "RevisionNotFound":
        return "Check the spelling of --revision, or leave it out."
    if code == "EntryNotFound":
        return "The repository has changed: run the command again."
    return "Check the spelling of --repo, and HF_ENDPOINT if you have set it."


def _connection_hint() -> str:
    proxies = sorted({_without_password(p) for name, p in getproxies().items() if name != "no"})
    if not proxies:
        return f"Check the connection to the internet. {KEPT}"
    return f"Check the connection and the proxy settings ({', '.join(proxies)}). {KEPT}"


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def _without_password(proxy: str) -> str:
    return proxy.rpartition("@")[2]
