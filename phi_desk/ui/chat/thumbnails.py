"""Small pictures of stored files, read on a lane and remembered; knows no chat."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from phi_desk.cancel import CancelToken
from phi_desk.ui.running import WorkRunner

SIDE = 192  # pixels: sharp on screens of scale 3
MOST_KEPT = 200  # each at most 150 kB


class Thumbnails:
    """Gives the small picture of a file, at once when it is known."""

    def __init__(self, disk: WorkRunner) -> None:
        self._disk = disk
        self._known: OrderedDict[Path, QImage] = OrderedDict()

    def ask(self, path: Path, on_image: Callable[[QImage], None]) -> None:
        """Call `on_image` with the picture; never for a file that Qt cannot read."""
        if path in self._known:
            self._known.move_to_end(path)
            on_image(self._known[path])
            return

        def work(cancel: CancelToken) -> Iterator[object]:
            yield small_image(path)

        def done(image: object) -> None:
            if isinstance(image, QImage) and not image.isNull():
                self._known[path] = image
                while len(self._known) > MOST_KEPT:
                    self._known.popitem(last=False)
                on_image(image)

        self._disk.run(work, on_event=done)


def small_image(path: Path) -> QImage:
    """The picture in a file, upright, its shorter side at least `SIDE`; null where it is none."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and min(size.width(), size.height()) > SIDE:
        whole = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        reader.setScaledSize(size.scaled(QSize(SIDE, SIDE), whole))
    return reader.read()
