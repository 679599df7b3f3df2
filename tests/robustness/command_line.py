"""The whole command line as a reader: `transcribe`, `ocr`, `ask`, `translate` and `models verify`.

The engine is the scripted one; everything in front of it is real.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

from phi_desk.errors import PhiDeskError
from robustness.checkpoint_readers import CHECKPOINT
from robustness.media_readers import DOCUMENT, PICTURE, SOUND, TEXT
from robustness.reader import Case, Reader

# Each with the files it is for, and now and then with others.
_LINES: tuple[tuple[Reader, Callable[[str], list[str]]], ...] = (
    (SOUND, lambda file: ["transcribe", file]),
    (PICTURE, lambda file: ["ocr", file]),
    (CHECKPOINT, lambda file: ["models", "verify", file]),
    (PICTURE, lambda file: ["ask", "--image", file, "What is it?"]),
    (DOCUMENT, lambda file: ["ocr", "--pages", "1", file]),
    (SOUND, lambda file: ["ask", "--audio", file]),
    (TEXT, lambda file: ["translate", "--to", "German", file]),
    (CHECKPOINT, lambda file: ["models", "verify", "--full", file]),
    (SOUND, lambda file: ["translate", "--to", "fr", "--json", file]),
    (DOCUMENT, lambda file: ["ask", "--image", file, "hi"]),
    (DOCUMENT, lambda file: ["transcribe", "--format", "srt", file]),
    (PICTURE, lambda file: ["transcribe", "--json", file]),
    (CHECKPOINT, lambda file: ["models", "add", "--name", "one", file]),
    (TEXT, lambda file: ["ocr", "--format", "json", file]),
)


def _make(seed: int, folder: Path) -> Case:
    reader, _ = _LINES[seed % len(_LINES)]
    case = reader.make(seed // len(_LINES), folder)
    marked = folder / f"line-{seed % len(_LINES)}"
    marked.touch()
    return replace(case, must=None)


def _read(path: Path) -> str:
    """Run the line; raise what it said when it failed as it should."""
    (marked,) = (p for p in _ups(path) if p.name.startswith("line-"))
    words = _LINES[int(marked.name.removeprefix("line-"))][1](str(path))
    code, out, err = run(words, home=marked.parent / "home")
    lines = err.splitlines()
    assert "Traceback" not in err + out, err + out
    assert "inside Phi Desk" not in err, err
    assert all(line.startswith("phi-desk: ") for line in lines), err
    assert code in (0, 1), f"exit code {code}: {err}"
    if code == 0:
        assert len(lines) <= 1, err
        return f"{words[0]}: done"
    assert len(lines) == 1, err
    raise PhiDeskError(lines[0].removeprefix("phi-desk: "), "(the hint is in the line)")


def _ups(path: Path) -> list[Path]:
    return [p for up in list(path.parents)[:3] if up.is_dir() for p in up.glob("line-*")]


def run(words: list[str], home: Path) -> tuple[int, str, str]:
    """One command line in this process: its exit code, stdout and stderr."""
    from phi_desk.cli.main import main
    from phi_desk.engine.fake import FakeEngine

    os.environ["PHI_DESK_HOME"] = str(home)
    out, err = _stream(), _stream()
    before = sys.stdin
    with redirect_stdout(out), redirect_stderr(err):
        sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123 (closed below)
        try:
            code = main(words, open_engine=lambda *_: FakeEngine(otherwise="It is this."))
        finally:
            sys.stdin.close()
            sys.stdin = before
    return code, _said(out), _said(err)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")


def _said(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer: Any = stream.buffer
    return str(buffer.getvalue().decode("utf-8", "surrogateescape"))


COMMAND_LINE = Reader(
    name="command line",
    make=_make,
    valid=lambda folder: None,
    examples=None,
    write=lambda valid, example, folder: folder,
    read=_read,
    modules=(
        "phi_desk.cli.main",
        "phi_desk.cli.ask",
        "phi_desk.cli.ocr",
        "phi_desk.cli.transcribe",
        "phi_desk.cli.translate",
        "phi_desk.cli.models",
        "phi_desk.media.vad",
        "onnxruntime",
        "phi_desk.services.ask",
        "av",
        "soundfile",
        "soxr",
        "pypdfium2",
        "phi_desk.engine.fake",
    ),
)
