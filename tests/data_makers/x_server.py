"""An X server of a test's own: several monitors, and a picture whose pixels say where they are."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor in pixels of the X server, and the scale that Qt gives it."""

    name: str
    x: int
    y: int
    width: int
    height: int
    scale: float


@contextmanager
def x_server(width: int, height: int) -> Iterator[str]:
    """A display of its own, as `DISPLAY` wants it."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24"]
    with subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=(write,), stderr=subprocess.DEVNULL
    ) as server:
        os.close(write)
        try:
            with os.fdopen(read) as answer:
                number = answer.readline().strip()
            assert number, "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()
            server.wait(30)


def set_monitors(display: Any, monitors: list[Monitor]) -> None:
    """Split the one output of Xvfb into monitors, as `xrandr --setmonitor` does.

    python-xlib's own request for it cannot be packed.
    """
    from Xlib.ext import randr
    from Xlib.protocol import rq

    class SetMonitor(rq.Request):  # type: ignore[misc]
        _request = rq.Struct(
            rq.Card8("opcode"),
            rq.Opcode(43),
            rq.RequestLength(),
            rq.Window("window"),
            rq.Card32("name"),
            rq.Bool("primary"),
            rq.Bool("automatic"),
            rq.LengthOf("outputs", 2),
            rq.Int16("x"),
            rq.Int16("y"),
            rq.Card16("width"),
            rq.Card16("height"),
            rq.Card32("width_mm"),
            rq.Card32("height_mm"),
            rq.List("outputs", rq.Card32Obj),
        )

    root = display.screen().root
    outputs = root.xrandr_get_screen_resources().outputs
    for index, one in enumerate(monitors):
        SetMonitor(
            display=display.display,
            opcode=display.display.get_extension_major(randr.extname),
            window=root,
            name=display.intern_atom(one.name),
            primary=index == 0,
            automatic=False,
            x=one.x,
            y=one.y,
            width=one.width,
            height=one.height,
            width_mm=one.width // 4,
            height_mm=one.height // 4,
            outputs=outputs if index == 0 else [],
        )
    display.sync()


def places(width: int, height: int) -> NDArray[np.uint8]:
    """`[height, width, 3]` RGB in which every pixel says where it is."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x & 255, y & 255, (x >> 8) << 4 | (y >> 8)], axis=2).astype(np.uint8)


def hang_picture(display: Any, pixels: NDArray[np.uint8]) -> Any:
    """Cover the whole X server with a picture, in a window that no window manager touches."""
    from Xlib import X

    height, width, _ = pixels.shape
    root = display.screen().root
    paper = root.create_pixmap(width, height, 24)
    gc = paper.create_gc()
    rest = np.zeros((height, width, 1), np.uint8)
    data = np.concatenate([pixels[:, :, ::-1], rest], axis=2)
    rows = 200_000 // (4 * width)  # a request may have 256 kB
    for top in range(0, height, rows):
        part = data[top : top + rows]
        paper.put_image(gc, 0, top, width, len(part), X.ZPixmap, 24, 0, part.tobytes())
    # As the window's background: the server itself paints it again whenever it was covered.
    window = root.create_window(
        *(0, 0, width, height, 0, X.CopyFromParent, X.InputOutput),
        override_redirect=True,
        background_pixmap=paper,
    )
    window.map()
    display.sync()
    return window
