"""The meter says what a question takes, and what the model will not see, before it is asked."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers.chat_engines import CountingEngine
from data_makers.person import Person
from PIL import Image as Pillow
from PySide6.QtCore import QBuffer, QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from phi_desk.ui.common.mime import given

Enter = Callable[..., Person]


def test_the_meter_counts_while_one_types_and_names_what_is_left_out(
    enter: Enter, tmp_path: Path
) -> None:
    person = enter(CountingEngine(context=1_000, otherwise="Fine."))
    person.desktop.preferences.change("answers", max_tokens=100)
    meter = person.ask.composer._meter
    picture = tmp_path / "holiday.png"
    Pillow.new("RGB", (40, 30)).save(picture)
    person.ask.take_files([picture])
    person.waits_for(lambda: "545 tokens" in chip_words(person))
    person.waits_for(lambda: "of 900 tokens" in meter.text())
    person.asks("What is this?")
    person.waits_for_the_answer()
    person.waits_for(lambda: "of 900 tokens" in meter.text())
    QTest.keyClicks(person.ask.composer.edit, "word " * 400)
    person.waits_for(lambda: "will not see" in meter.text())
    assert "“holiday.png”" in meter.text()
    QTest.keyClicks(person.ask.composer.edit, "word " * 700)
    person.waits_for(lambda: meter.text().startswith("Too long"))


def chip_words(person: Person) -> str:
    chips = person.ask.composer.chips._chips.values()
    return " ".join(chip._detail.text() for chip in chips)


def png() -> bytes:
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(data.data())


@pytest.mark.parametrize("how", ["image", "raw", "address", "text", "beside"])
def test_a_picture_out_of_a_browser_is_taken_in_whatever_form_it_comes(how: str) -> None:
    mime, data = QMimeData(), png()
    address = "data:image/png;base64," + base64.b64encode(data).decode()
    match how:
        case "image":
            mime.setImageData(QImage.fromData(data))
        case "raw":
            mime.setData("image/png", QByteArray(data))
        case "address":
            mime.setUrls([QUrl(address)])
        case "text":
            mime.setText(address)
        case "beside":
            mime.setUrls([QUrl("https://example.org/page")])
            mime.setHtml(f'<a href="x"><img alt="" src="{address}"></a>')
    came = given(mime)
    assert [(picture.width(), picture.height()) for picture in came.pictures] == [(8, 6)]
    assert came.addresses == ()
