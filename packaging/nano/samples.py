"""The samples of `phi-desk demo`: made by seed of the test data, which training never sees.

The first fitting example of each stream is taken, not one that a model does well: run it again and
the same samples come out.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pictures
from chat import text_examples
from corpus import Sentence, sentences
from engines import missing
from numpy.typing import NDArray
from pictures import PictureExample
from PIL import Image
from speaking import speak
from text_example import TextExample
from tool_data import told
from voices import Voice, voices_of

from phi_desk.engine import tasks
from phi_desk.engine.call_json import read_calls
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import Text
from phi_desk.errors import InputError
from phi_desk.media.sound import WIDE_BAND
from phi_desk.services.tools.household import TOOLS, Household

SEED = 12
LEVEL = 4  # of the pictures
LARGEST = 1_000_000  # bytes of all of them
QUIET = 0.3  # s before and after what is said
_SPEAKERS = {  # of the test split
    "en": "flite:rms",
    "de": "espeak:gmw/de+f4",
    "fr": "espeak:roa/fr+m7",
}
_ASKING = "espeak:gmw/en-US+m7"
_WORDS = {"flite": "flite", "espeak": "espeak-ng"}
log = logging.getLogger("nano")
Values = dict[str, Any]


def make_samples(folder: Path) -> None:
    """Write sounds, pictures and their list into `folder`.

    Raises:
        InputError: a speech engine is missing, or the files would be too large.
    """
    if lacking := missing(tuple(_voice(name) for name in (*_SPEAKERS.values(), _ASKING))):
        raise InputError(f"These speech engines are missing: {', '.join(lacking)}.")
    folder.mkdir(parents=True, exist_ok=True)
    listed = [*_spoken(folder), _typed(), *_pictures(folder), *_asked(folder), _sums(), *_tools()]
    text = json.dumps({"seed": SEED, "samples": listed}, ensure_ascii=False, indent=2)
    (folder / "samples.json").write_text(text + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > LARGEST:
        raise InputError(f"The samples take {size:,} bytes, more than {LARGEST:,}.")
    log.info("%d samples, %d bytes, in %s", len(listed), size, folder)


def _spoken(folder: Path) -> Iterator[Values]:
    for name, kind, language, to, title, sort in (
        ("hear", "hear", "en", "", "Write down what is said", "time"),
        ("say-german", "say", "de", "en", "Translate German speech", "order"),
        ("say-english", "say", "en", "fr", "Translate English speech", "direction"),
    ):
        sentence = _sentence(name, sort)
        voice = _voice(_SPEAKERS[language])
        values = _said(folder, name, sentence.text[language], language, voice)
        values |= {"kind": kind, "title": title, "expected": sentence.text[to or language]}
        if to:
            values |= {"to": to, "transcript": sentence.text[language]}
        yield values


def _typed() -> Values:
    sentence = _sentence("translate", "office")
    return {
        "name": "translate", "kind": "translate", "title": "Translate a text",
        "input": sentence.text["en"], "to": "es", "expected": sentence.text["es"],
    }  # fmt: skip


def _pictures(folder: Path) -> Iterator[Values]:
    lines = next(_of_task("read", lambda e: e.answer.count("\n") == 2, lines=3))
    yield _shown(folder, "read", "Read the lines of a picture", lines)
    table = next(_of_task("table", lambda e: e.question == tasks.read_markdown() and _is_wide(e)))
    yield _shown(folder, "table", "Read a table as Markdown", table)


def _asked(folder: Path) -> Iterator[Values]:
    """Two spoken questions about pictures: about objects, and about a sign."""
    for name, task, title, fits in (
        ("ask", "question", "Answer a spoken question about a picture", _asks_for_colour),
        ("ask-sign", "sign", "Answer a spoken question about a sign", _has_words),
    ):
        scene = next(_of_task(task, fits))
        values = _shown(folder, name, title, scene)
        question = pictures.spoken_question(scene)
        yield values | _said(folder, name, question, "en", _voice(_ASKING)) | {"kind": "ask"}


def _sums() -> Values:
    """A calculation, and a second step from its result."""
    example = next(e for e in _texts("sum") if len(e.messages) == 3)
    first, answer, second = (_words(message) for message in example.messages)
    return {
        "name": "chat", "kind": "chat", "title": "Calculate in a chat",
        "input": f"{first} {second}", "turns": [first, second],
        "transcript": answer, "expected": example.answer,
    }  # fmt: skip


def _tools() -> Iterator[Values]:
    for tool in TOOLS:
        example = next(
            e
            for e in _texts("tool")
            if e.tools == TOOLS and len(e.messages) == 1 and f'"{tool.name}"' in e.answer
        )
        wanted = example.answer.partition("<|tool_call|>")[2].partition("<|/tool_call|>")[0]
        calls = read_calls(wanted)
        household = Household()
        results = [json.loads(household.run(call).content) for call in calls]
        yield {
            "name": f"tool-{tool.name}", "kind": "tool", "title": f"Call the tool {tool.name}",
            "input": _words(example.messages[0]),
            "calls": [{"name": c.name, "arguments": dict(c.arguments)} for c in calls],
            "expected": " ".join(told(c.name, r) for c, r in zip(calls, results, strict=True)),
        }  # fmt: skip


def _said(folder: Path, name: str, text: str, language: str, voice: Voice) -> Values:
    """Speak `text` into a file."""
    import soundfile

    quiet = np.zeros(int(QUIET * WIDE_BAND), dtype=np.float32)
    samples: NDArray[np.float32] = np.concatenate(
        [quiet, speak(text, language, voice, SEED), quiet]
    )
    soundfile.write(folder / f"{name}.flac", samples, WIDE_BAND, subtype="PCM_16")
    called = f"{find_language(language).name}, a synthetic voice of {_WORDS[voice.engine]}"
    return {"name": name, "sound": f"{name}.flac", "input": text, "voice": called}


def _shown(folder: Path, name: str, title: str, example: PictureExample) -> Values:
    Image.fromarray(example.picture.pixels).save(folder / f"{name}.png", optimize=True)
    return {
        "name": name, "kind": name, "title": title, "picture": f"{name}.png",
        "input": "", "expected": example.answer,
    }  # fmt: skip


def _sentence(name: str, kind: str) -> Sentence:
    """The first of the kind in a stream of its own, neither very short nor very long."""
    source = sentences(SEED + sum(map(ord, name)), "test")
    return next(s for s in source if s.kind == kind and 20 <= len(s.text["en"]) <= 60)


def _of_task(
    task: str, fits: Callable[[PictureExample], bool], **more: Any
) -> Iterator[PictureExample]:
    return filter(fits, pictures.of_task(SEED, "test", LEVEL, task, **more))


def _is_wide(example: PictureExample) -> bool:
    """Three columns or more."""
    return example.answer.partition("\n")[0].count("|") >= 4


def _asks_for_colour(example: PictureExample) -> bool:
    return "colo" in example.question and "background" not in example.question


def _has_words(example: PictureExample) -> bool:
    return example.answer.replace(" ", "").isalpha()


def _texts(kind: str) -> Iterator[TextExample]:
    return text_examples(SEED, "test", kinds=(kind,), bare=True)


def _words(message: Any) -> str:
    return " ".join(part.text for part in message.parts if isinstance(part, Text))


def _voice(label: str) -> Voice:
    every = (v for language in ("en", "de", "fr", "es") for v in voices_of("test", language))
    return next(voice for voice in every if voice.label == label)
