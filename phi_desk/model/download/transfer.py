"""One file's bytes from the hub into a partial file, continued where it broke off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from re import fullmatch
from typing import TYPE_CHECKING

from phi_desk.errors import NetworkError
from phi_desk.model.download.failures import KEPT, PassingFault
from phi_desk.model.download.hub import Hub
from phi_desk.model.download.listing import RemoteFile

if TYPE_CHECKING:
    import httpx2


class Transfer:
    """Fetches one file; `moved_to` is told the number of bytes on disk after every piece."""

    def __init__(
        self, hub: Hub, commit: str, file: RemoteFile, part: Path, moved_to: Callable[[int], None]
    ) -> None:
        self._hub = hub
        self._url = hub.file_url(commit, file)
        self._file = file
        self._part = part
        self._moved_to = moved_to
        self._farthest = self._seen = 0

    async def run(self) -> None:
        """Fetch what is missing; the partial file then has the published size.

        Raises:
            NetworkError: the hub does not give it; what came is kept.
            OSError: the disk does not take it.
        """
        self._part.parent.mkdir(parents=True, exist_ok=True)
        self._part.touch()
        self._farthest = self._seen = self._size()
        if self._farthest > self._file.size:
            self._restart()
        while self._size() < self._file.size:
            await self._hub.insist(self._request, self._progressed)
        self._moved_to(self._file.size)

    def _progressed(self) -> bool:
        """Whether the file has become longer than ever; a restart alone is no progress."""
        moved = self._farthest > self._seen
        self._seen = self._farthest
        return moved

    def _size(self) -> int:
        return self._part.stat().st_size

    def _restart(self) -> None:
        self._part.write_bytes(b"")
        self._moved_to(0)

    async def _request(self) -> None:
        start = self._size()
        async with self._hub.get(self._url, what=self._file.path, start=start) as response:
            if start and response.status_code in (200, 416):
                self._restart()  # no ranges here, or another length than the published one
                start = 0
            self._check_head(response, start)
            await self._receive(response, start)

    def _check_head(self, response: httpx2.Response, start: int) -> None:
        """Refuse a body that is not the rest of our file, before a byte of it is written."""
        if response.status_code == 206:
            named = response.headers.get("Content-Range", "")
            match = fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", named.strip())
            if match is None or int(match[1]) != start or match[3] not in ("*", self._total):
                raise self._other_file(f"Content-Range: {named}")
        elif response.status_code != 200:
            raise self._other_file(f"HTTP {response.status_code}")
        length = response.headers.get("Content-Length", "")
        # A compressed body's length is not the file's; the pieces are counted then.
        plain = response.headers.get("Content-Encoding", "identity") == "identity"
        if plain and length.isdecimal() and int(length) != self._file.size - start:
            raise self._other_file(f"Content-Length: {length}, {self._file.size - start} expected")

    async def _receive(self, response: httpx2.Response, position: int) -> None:
        with self._part.open("ab") as stream:
            async for piece in response.aiter_bytes():
                if position + len(piece) > self._file.size:
                    raise self._other_file("more bytes than published")
                stream.write(piece)
                position += len(piece)
                self._farthest = max(self._farthest, position)
                self._moved_to(position)
        if position < self._file.size:
            raise self._other_file(f"{position} of {self._total} bytes")

    @property
    def _total(self) -> str:
        return str(self._file.size)

    def _other_file(self, detail: str) -> PassingFault:
        return PassingFault(
            NetworkError(
                f"{self._hub.host} sends something else than the published {self._file.path}.",
                "A login page of the network, a proxy or a mirror may stand in between. " + KEPT,
                (detail,),
            )
        )
