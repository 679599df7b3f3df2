"""A small hub on 127.0.0.1 that serves one repository and misbehaves on request.

Speaks the two endpoints that a download needs: the list of files and the files themselves, with
the headers of the real one. Knows nothing of the program under test.
"""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LISTING = "<listing>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one request, the first that asks for the file.

    Attributes:
        status, code: answer with this status and X-Error-Code and nothing else.
        headers: headers added to the answer.
        after: send so many bytes of the body and break the connection.
        pause_s: with `rate`, seconds between two pieces; alone, seconds of silence at the start.
        rate: bytes of a piece.
        wrong: send other bytes of the same number.
        length: claim this Content-Length.
        ignore_range: answer 200 with everything although a range was asked for.
        shift: begin the range so many bytes too late.
        body: send this instead.
    """

    status: int = 0
    code: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    after: int | None = None
    pause_s: float = 0.0
    rate: int = 0
    wrong: bool = False
    length: int | None = None
    ignore_range: bool = False
    shift: int = 0
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the server saw it."""

    file: str
    path: str
    range: str | None
    authorization: str | None
    host: str


@dataclass(slots=True)
class Hub:
    """Serves `files` as repository `repo`; `faults` are used up one a request."""

    files: dict[str, bytes]
    repo: str = "microsoft/Phi-4-multimodal-instruct"
    commit: str = COMMIT
    lfs_suffixes: tuple[str, ...] = (".safetensors", "tokenizer.json")
    needs_token: str = ""
    redirect: bool = False
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    _server: http.server.ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Hub:
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # joined on close: no test leaves a thread behind
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        assert self._thread is not None
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def endpoint(self) -> str:
        """The address, as HF_ENDPOINT would name it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    def asked(self, file: str) -> list[Request]:
        """The requests for a file, in order."""
        return [request for request in self.requests if request.file == file]

    def listing(self) -> dict[str, Any]:
        """The answer of /api/models/ORG/NAME/revision/REV?blobs=true."""
        return {
            "id": self.repo,
            "sha": self.commit,
            "siblings": [self._sibling(name, data) for name, data in self.files.items()],
        }

    def _sibling(self, name: str, data: bytes) -> dict[str, Any]:
        entry: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": git_sha1(data)}
        if name.endswith(self.lfs_suffixes):
            sha256 = hashlib.sha256(data).hexdigest()
            entry["blobId"] = hashlib.sha1(sha256.encode()).hexdigest()  # the pointer's, not ours
            entry["lfs"] = {"sha256": sha256, "size": len(data), "pointerSize": 135}
        return entry


def git_sha1(data: bytes) -> str:
    """The name git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Handler(http.server.BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is theirs)
        pass

    def do_GET(self) -> None:
        self.close_connection = True
        path = unquote(urlsplit(self.path).path)
        file = self._file(path)
        if file is None:
            self._refuse(404, "RepoNotFound")
            return
        self._note(file, path)
        if self._unauthorised(path):
            self._refuse(401, "GatedRepo")
        elif self.hub.redirect and "/resolve/" in path:
            self._send_to_cdn(file)
        else:
            queue = self.hub.faults[file]
            self._answer(file, queue.pop(0) if queue else Fault())

    def _answer(self, file: str, fault: Fault) -> None:
        if fault.status:
            self._refuse(fault.status, fault.code, fault.headers)
        elif fault.pause_s and not fault.rate and self.hub.closing.wait(fault.pause_s):
            pass
        elif file == LISTING:
            self._send(fault, json.dumps(self.hub.listing()).encode())
        elif file not in self.hub.files:
            self._refuse(404, "EntryNotFound")
        else:
            self._send(fault, self.hub.files[file])

    def _file(self, path: str) -> str | None:
        hub = self.hub
        if path.startswith("/cdn/"):
            return path.removeprefix("/cdn/")
        if path.startswith(f"/api/models/{hub.repo}/revision/"):
            return LISTING
        prefix = f"/{hub.repo}/resolve/{hub.commit}/"
        return path.removeprefix(prefix) if path.startswith(prefix) else None

    def _note(self, file: str, path: str) -> None:
        get = self.headers.get
        self.hub.requests.append(
            Request(
                file=file,
                path=path,
                range=get("Range"),
                authorization=get("Authorization"),
                host=get("Host", ""),
            )
        )

    def _unauthorised(self, path: str) -> bool:
        token = self.hub.needs_token
        if not token or path.startswith("/cdn/"):
            return False
        return self.headers.get("Authorization") != f"Bearer {token}"

    def _send_to_cdn(self, file: str) -> None:
        port = self.hub.endpoint.rsplit(":", 1)[1]
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{port}/cdn/{file}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _refuse(self, status: int, code: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        body = b'{"error": "refused by the test"}'
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send(self, fault: Fault, data: bytes) -> None:
        body = data if fault.body is None else fault.body
        start = 0
        asked = self.headers.get("Range")
        if asked and not fault.ignore_range:
            start = int(asked.removeprefix("bytes=").split("-")[0]) + fault.shift
            if start >= len(body):
                self._refuse(416, "")
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        rest = body[start:]
        if fault.wrong:
            rest = bytes(byte ^ 0x55 for byte in rest)
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", self.hub.commit)
        self.send_header("X-Linked-Size", str(len(data)))
        self.send_header("X-Linked-Etag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("Accept-Ranges", "bytes")
        for name, value in fault.headers:
            self.send_header(name, value)
        length = len(rest) if fault.length is None else fault.length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self._write(fault, rest if fault.after is None else rest[: fault.after])

    def _write(self, fault: Fault, body: bytes) -> None:
        piece = fault.rate or len(body) or 1
        try:
            for start in range(0, len(body), piece):
                self.wfile.write(body[start : start + piece])
                if fault.rate and self.hub.closing.wait(fault.pause_s):
                    return
        except OSError:
            return  # the other side has gone: that is what a cancel looks like from here


def wait_until(condition: Any, seconds: float = 5.0) -> bool:
    """Whether `condition()` became true within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return False
