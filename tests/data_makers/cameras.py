"""Things that stand in for a camera: a film on disk, and a stream of pictures over HTTP."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 64, 48


def scene(number: int) -> NDArray[np.uint8]:
    """Picture `number`, RGB: all differ."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[..., 0] = 40 + 10 * (number % 20)
    pixels[: HEIGHT // 2, :, 1] = 200
    pixels[:, : WIDTH // 2, 2] = 220 - 10 * (number % 20)
    return pixels


def write_film(path: Path, pictures: int = 20) -> None:
    """A film without loss: what is read is what was written."""
    import cv2

    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"FFV1"), 30, (WIDTH, HEIGHT))
    assert writer.isOpened()
    for number in range(pictures):
        writer.write(np.ascontiguousarray(scene(number)[:, :, ::-1]))
    writer.release()


class Stream:
    """A camera on the network of this computer; can be switched off and on at the same place."""

    def __init__(self) -> None:
        self.port = 0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.on()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/camera.mjpg"

    def on(self) -> None:
        """Switch it on."""
        server = _Server(("127.0.0.1", self.port), _Handler)
        self.port = server.server_address[1]
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def off(self) -> None:
        """Pull the plug, also of what is being sent."""
        server, self._server = self._server, None
        if server is not None and self._thread is not None:
            server.stopping.set()
            server.shutdown()
            server.server_close()
            self._thread.join(10)


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.stopping = threading.Event()

    def handle_error(self, *_: object) -> None:
        """The other side went away."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Send pictures until the plug is pulled."""
        import cv2

        assert isinstance(self.server, _Server)
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        number = 0
        while not self.server.stopping.is_set():
            picture = np.ascontiguousarray(scene(number)[:, :, ::-1])
            data = cv2.imencode(".jpg", picture)[1].tobytes()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            self.wfile.write(head.encode() + data + b"\r\n")
            number += 1
            time.sleep(1 / 30)

    def log_message(self, *_: object) -> None:
        """Nothing."""
