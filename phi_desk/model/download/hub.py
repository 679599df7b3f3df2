"""One conversation with a hub: addresses, sign-in, retries; knows no folder and no checksum."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlsplit

from phi_desk import __version__
from phi_desk.errors import NetworkError
from phi_desk.model.download.failures import (
    PassingFault,
    SignInWanted,
    broken_connection,
    refused,
)
from phi_desk.model.download.listing import Listing, RemoteFile, read_listing
from phi_desk.model.download.values import DownloadRequest

if TYPE_CHECKING:
    import httpx2

DEFAULT_ENDPOINT = "https://huggingface.co"
_LARGEST_LISTING = 50_000_000  # bytes; the published repository's has about 20 kB

_Result = TypeVar("_Result")
Pause = Callable[[float, str], Awaitable[None]]


class Hub:
    """An open hub for one repository; use it with `open_hub`."""

    def __init__(self, client: httpx2.AsyncClient, request: DownloadRequest, pause: Pause) -> None:
        self._client = client
        self._request = request
        self._pause = pause
        self._endpoint = endpoint_of(request)
        self._token = ""

    @property
    def host(self) -> str:
        """The hub's name for a sentence."""
        return urlsplit(self._endpoint).netloc

    async def insist(
        self, action: Callable[[], Awaitable[_Result]], moved: Callable[[], bool] = lambda: False
    ) -> _Result:
        """Do `action` until it works, the faults stop being passing ones, or tries run out.

        `moved` says whether new bytes came since it was last asked. Signs in when the hub wants it.

        Raises:
            NetworkError: it does not work.
        """
        failures = 0
        while True:
            try:
                return await action()
            except PassingFault as fault:
                failures = 1 if moved() else failures + 1
                wait_s = self._wait_after(failures, fault)
                if wait_s is None:
                    raise fault.error from fault
                await self._pause(wait_s, fault.error.sentence)
            except SignInWanted:
                if self._token or not await self._sign_in():
                    raise

    def _wait_after(self, failures: int, fault: PassingFault) -> float | None:
        """Seconds to wait before the next try; None: there is none."""
        retries = self._request.retries
        wait_s = max(retries.first_wait_s * 2.0 ** (failures - 1), fault.wait_s or 0.0)
        if failures >= retries.tries or wait_s > retries.longest_wait_s:
            return None
        return wait_s

    async def _sign_in(self) -> bool:
        self._token = await _saved_token()
        return bool(self._token)

    async def list_files(self) -> Listing:
        """What the repository holds.

        Raises:
            NetworkError: it cannot be asked, or it has no such repository or revision.
            CheckpointError: it holds no weights.
        """
        return read_listing(await self.insist(self._ask_listing), self._request)

    async def _ask_listing(self) -> object:
        repo, revision = self._request.repo, self._request.revision
        url = f"{self._endpoint}/api/models/{repo}/revision/{quote(revision, safe='')}?blobs=true"
        async with self.get(url, what=f"{repo} at {revision}") as response:
            content = b""
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > _LARGEST_LISTING:
                    break
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            return None

    def file_url(self, commit: str, file: RemoteFile) -> str:
        """The address of a file's bytes."""
        return f"{self._endpoint}/{self._request.repo}/resolve/{commit}/{quote(file.path)}"

    @asynccontextmanager
    async def get(self, url: str, *, what: str, start: int = 0) -> AsyncIterator[httpx2.Response]:
        """Open a GET from byte `start` on.

        Raises:
            PassingFault: a failure, also while the body is read, that may pass.
            NetworkError: one that will not.
        """
        import httpx2

        # Compressed answers have no byte positions that a range could continue at.
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"  # dropped on a redirect elsewhere
        try:
            async with self._client.stream("GET", url, headers=headers) as response:
                if not response.is_success and response.status_code != 416:
                    raise refused(response.status_code, response.headers, self.host, what)
                yield response
        except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
            raise broken_connection(failure, _host_of(failure) or self.host) from failure


@asynccontextmanager
async def open_hub(request: DownloadRequest, pause: Pause) -> AsyncIterator[Hub]:
    """A hub whose connections are closed at the end.

    Raises:
        NetworkError: the proxy settings of the environment cannot be used.
    """
    import httpx2

    retries = request.retries
    timeout = httpx2.Timeout(retries.silence_s, connect=retries.connect_s)
    try:
        client = httpx2.AsyncClient(
            follow_redirects=True,
            timeout=timeout,
            headers={"User-Agent": f"phi-desk/{__version__}"},
        )
    except (ValueError, ImportError, OSError) as failure:
        raise NetworkError(
            "The proxy or certificate settings of this system cannot be used.",
            "Check HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE.",
            (str(failure),),
        ) from failure
    async with client:
        yield Hub(client, request, pause)


def endpoint_of(request: DownloadRequest) -> str:
    """The hub's address: the request's, else `HF_ENDPOINT`, else the public one.

    Read here and not from huggingface_hub.constants, which keep the value of their import.

    Raises:
        NetworkError: it is no web address.
    """
    endpoint = (request.endpoint or os.environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/")
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NetworkError(f"“{endpoint}” is not the address of a hub.", "Check HF_ENDPOINT.")
    return endpoint


def _host_of(failure: Exception) -> str:
    """The host that failed: after a redirect it is not the hub's."""
    import httpx2

    if not isinstance(failure, httpx2.RequestError):
        return ""
    try:
        return failure.request.url.netloc.decode("ascii", "replace")
    except RuntimeError:  # it failed before there was a request
        return ""


async def _saved_token() -> str:
    """The person's token as huggingface_hub finds it; empty where there is none.

    It is sent only after the hub has refused a nameless request: downloading a public model tells
    nobody who did it, and an expired token is no hindrance.
    """
    import httpx2
    from huggingface_hub import constants, get_token
    from huggingface_hub.errors import HfHubHTTPError

    if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN:
        return ""
    try:
        # In a thread: a token that is about to expire is renewed over the network.
        token = await asyncio.get_running_loop().run_in_executor(None, get_token)
    except (OSError, ValueError, HfHubHTTPError, httpx2.HTTPError):
        return ""
    return token or ""
