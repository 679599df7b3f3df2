"""What was pasted or dropped: files, a picture, words; a browser's data addresses, too."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

LARGEST_DATA = 64 << 20  # characters of a data address
# The picture itself, as some browsers put it beside the address of the page it stands on.
_INLINE = re.compile(r"""<img[^>]+src\s*=\s*["'](data:image/[^"']+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """What came; `addresses` are of the web."""

    files: tuple[Path, ...] = ()
    pictures: tuple[QImage, ...] = ()
    addresses: tuple[str, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.files or self.pictures or self.addresses or self.text)


def given(mime: QMimeData) -> Given:
    """The best that `mime` holds: files, else a picture, else addresses, else words."""
    urls = mime.urls() if mime.hasUrls() else []
    files = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
    if files:
        return Given(files=files)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Given(pictures=(image,))
    raw = next((name for name in mime.formats() if name.startswith("image/")), "")
    if raw:
        image = QImage.fromData(mime.data(raw))
        if not image.isNull():
            return Given(pictures=(image,))
    if not urls and mime.hasText() and mime.text().startswith("data:image/"):
        urls = [QUrl(mime.text().strip())]
    pictures = tuple(image for url in urls if (image := _data_picture(url)) is not None)
    if pictures:
        return Given(pictures=pictures)
    inline = _INLINE.search(mime.html()) if urls and mime.hasHtml() else None
    if inline is not None and (image := _data_picture(QUrl(inline[1]))) is not None:
        return Given(pictures=(image,))
    addresses = tuple(url.toString() for url in urls if url.scheme() in ("http", "https"))
    if addresses and (not mime.hasText() or mime.text().strip() in addresses):
        return Given(addresses=addresses, text=mime.text().strip())
    return Given(text=mime.text() if mime.hasText() else "")


def can_take(mime: QMimeData) -> bool:
    """Whether there may be something in it; looks at names only."""
    return mime.hasUrls() or mime.hasImage() or mime.hasText()


def _data_picture(url: QUrl) -> QImage | None:
    if url.scheme() != "data":
        return None
    words = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)[:LARGEST_DATA]
    head, comma, body = words.removeprefix("data:").partition(",")
    if not comma or not head.startswith("image/"):
        return None
    data = unquote_to_bytes(body)
    if head.endswith(";base64"):
        try:
            data = base64.b64decode(data, validate=False)
        except (binascii.Error, ValueError):
            return None
    image = QImage.fromData(data)
    return None if image.isNull() else image
