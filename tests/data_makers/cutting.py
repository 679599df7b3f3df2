"""Cuts regions out of the screens of a real X server with a real mouse; run as a program.

Its argument is JSON: the monitors, and for each case the words for xdotool. It prints for each case
which pixels came out, by what the pixels themselves say.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtGui import QImage, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from Xlib.display import Display

from data_makers.x_server import Monitor, hang_picture, places, set_monitors
from phi_desk.ui.common.pixels import to_picture
from phi_desk.ui.screen.tool import ScreenTool

PATIENCE_S = 60.0


def main() -> None:
    task = json.loads(sys.argv[1])
    display = Display()
    size = display.screen().width_in_pixels, display.screen().height_in_pixels
    set_monitors(display, [Monitor(**one) for one in task["monitors"]])
    truth = places(*size)
    picture = hang_picture(display, truth)
    app = QApplication([])
    seen = [about(screen) for screen in app.screens()]
    results = [cut(case, truth) for case in task["cases"]]
    sys.stdout.write(json.dumps({"screens": seen, "results": results}) + "\n")
    picture.destroy()
    display.close()


def about(screen: QScreen) -> list[object]:
    place = screen.geometry()
    size = place.size()
    return [
        *(screen.name(), screen.devicePixelRatio()),
        *(place.x(), place.y(), size.width(), size.height()),
    ]


def wait_for(condition: Callable[[], bool]) -> bool:
    """Let the window live until `condition` holds; whether it did."""
    until = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < until:
        QTest.qWait(20)
    return condition()


def cut(case: list[str], truth: np.ndarray[Any, Any]) -> dict[str, Any]:
    """One region, by what xdotool does."""
    came: list[QImage] = []
    tool = ScreenTool()
    tool.ended.connect(lambda: ended.append(True))
    ended: list[bool] = []
    if case[0] == "screen":
        subprocess.run(["xdotool", *case[1:]], check=True)
        tool.take_screen(came.append)
    else:
        tool.cut_region(came.append)
        picker = tool.picker
        assert picker is not None
        assert wait_for(lambda: all(window.isVisible() for window in picker.windows))
        assert wait_for(lambda: QApplication.focusWidget() is not None)
        QTest.qWait(200)
        person = subprocess.Popen(["xdotool", *case])
        assert wait_for(lambda: bool(ended)), "nothing was chosen"
        assert person.wait() == 0
    assert wait_for(lambda: bool(ended))
    tool.close()
    QTest.qWait(50)
    if not came:
        return {"cancelled": True}
    pixels = to_picture(came[0]).pixels
    height, width, _ = pixels.shape
    red, green, blue = (int(value) for value in pixels[0, 0])
    x, y = red | (blue >> 4) << 8, green | (blue & 15) << 8
    same = bool(np.array_equal(pixels, truth[y : y + height, x : x + width]))
    return {"x": x, "y": y, "width": width, "height": height, "same": same}


if __name__ == "__main__":
    main()
