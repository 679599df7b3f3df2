"""Runs whole command lines in this process, with an engine that answers by script."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from data_makers.command_lines import Desk, Ran, ScriptedDetector
from PIL import Image, ImageDraw

from phi_desk.cancel import CancelToken
from phi_desk.cli.main import OFFLINE, main
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress
from phi_desk.engine.fake import FakeEngine
from phi_desk.services.engines import EngineOptions, Models


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in OFFLINE:
        monkeypatch.setenv(name, "1")  # so that what a command sets is taken back
    opened: list[EngineOptions] = []

    def run(*words: str | Path, engine: FakeEngine | None = None) -> Ran:
        def open_engine(
            options: EngineOptions,
            models: Models,
            progress: Callable[[Progress], None] | None,
            cancel: CancelToken | None,
        ) -> Engine:
            assert engine is not None, "this command must not open an engine"
            opened.append(options)
            if progress is not None:
                progress(Progress("load", 1, 1))
            return engine

        code = main([str(word) for word in words], open_engine=open_engine)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return Desk(run, opened)


@pytest.fixture
def wav(tmp_path: Path) -> Callable[..., Path]:
    """Writes a wav file: hum that a detector of speech leaves alone, or silence."""

    def write(name: str = "a.wav", seconds: float = 1.0, level: float = 0.2) -> Path:
        path = tmp_path / name
        samples = (level * math.sin(i * 0.3) for i in range(int(16_000 * seconds)))
        data = b"".join(struct.pack("<h", round(32767 * value)) for value in samples)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes(data)
        return path

    return write


@pytest.fixture
def picture(tmp_path: Path) -> Callable[..., Path]:
    """Writes a picture with words on it; without words it is blank."""

    def write(name: str = "a.png", words: str = "HELLO WORLD") -> Path:
        image = Image.new("RGB", (320, 120), "white")
        if words:
            ImageDraw.Draw(image).text((20, 40), words, fill="black", font_size=32)
        image.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def pdf(tmp_path: Path) -> Callable[..., Path]:
    """Writes a PDF with a page for each of `words`; no words make a blank page."""

    def write(*words: str, name: str = "a.pdf") -> Path:
        pages = []
        for word in words:
            page = Image.new("RGB", (400, 300), "white")
            if word:
                ImageDraw.Draw(page).text((30, 100), word, fill="black", font_size=40)
            pages.append(page)
        path = tmp_path / name
        pages[0].save(path, save_all=True, append_images=pages[1:])
        return path

    return write


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Tells the detector where somebody speaks, in seconds; everywhere when told nothing."""

    def tell(*spans: tuple[float, float]) -> None:
        monkeypatch.setattr("phi_desk.media.vad.open_detector", lambda: ScriptedDetector(*spans))

    return tell
