"""Figures of seeing: lines, codes, tables, questions typed and spoken, pictures without text."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pictures
import score
import voices
from asking import Asker, as_sound
from figures import Figure
from pictures import PictureExample
from speaking import speak

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished
from phi_desk.engine.messages import Image, Part, Text
from phi_desk.media.documents import Page
from phi_desk.media.picture import Picture
from phi_desk.services.ocr.recognition import OcrJob, recognise

SEED = 20_263
LEVEL = 5
_LINES: dict[str, tuple[int, bool | None, float | None]] = {  # lines, codes or never, bar
    "one line": (1, None, 5.0),
    "six lines": (6, None, 10.0),
    "codes": (1, True, None),
}


@lru_cache(maxsize=16)
def _examples(task: str, count: int, **more: Any) -> tuple[PictureExample, ...]:
    return tuple(itertools.islice(pictures.of_task(SEED, "test", LEVEL, task, **more), count))


def read(what: str, asker: Asker, count: int) -> Iterator[Figure]:
    """CER on words, numbers and prices in one line or six, or on random codes."""
    lines, codes, bar = _LINES[what]
    examples = _examples("read", count, lines=lines, codes=codes)
    given = [asker.text(Image(e.picture), Text(e.question)) for e in examples]
    value = 100 * score.character_error_rate([e.answer for e in examples], given)
    yield Figure(name=f"CER, {what}", value=value, bar=bar, count=count)


def tables(asker: Asker, count: int) -> Iterator[Figure]:
    """The share of cells that stand where they should, as they should."""
    right = total = 0
    for example in _examples("table", count):
        wanted = cells(example.answer)
        given = cells(asker.text(Image(example.picture), Text(example.question)))
        for place, row in enumerate(wanted):
            got = given[place] if place < len(given) else []
            right += sum(a == b for a, b in zip(row, got, strict=False))
            total += len(row)
    value = 100 * right / total
    yield Figure(name="table cells right", value=value, bar=85, least=True, count=total)


def cells(text: str) -> list[list[str]]:
    """The cells of a Markdown table or of CSV, row by row."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(line.startswith("|") for line in lines):
        rows = [[c.strip() for c in line.strip("|").split("|")] for line in lines]
        return [row for row in rows if not all(set(c) <= set("-: ") for c in row)]
    return [[c.strip() for c in row] for row in csv.reader(lines)]


def questions(manner: str, asker: Asker, count: int) -> Iterator[Figure]:
    """Questions about objects and signs, "typed" or "spoken"; half of `count` each."""
    bar = 95.0 if manner == "typed" else 90.0
    right = total = 0
    for task, about in (("question", "objects"), ("sign", "signs")):
        examples = _examples(task, count // 2)
        good = sum(
            score.normalised(asker.text(Image(e.picture), _question(e, manner, index)))
            == score.normalised(e.answer)
            for index, e in enumerate(examples)
        )
        name = f"questions about {about}, {manner}"
        yield Figure(name=name, value=100 * good / len(examples), count=len(examples))
        right, total = right + good, total + len(examples)
    name = f"picture questions, {manner}"
    yield Figure(name=name, value=100 * right / total, bar=bar, least=True, count=total)


def _question(example: PictureExample, manner: str, index: int) -> Part:
    if manner == "typed":
        return Text(example.question)
    voice = voices.draw(np.random.default_rng([SEED, index]), "test", "en")
    return as_sound(speak(pictures.spoken_question(example), "en", voice, index))


def blank(asker: Asker, count: int) -> Iterator[Figure]:
    """Pictures without text give none: from the model by itself, and as the app reads."""
    examples = _examples("blank", count)
    alone = sum(not asker.text(Image(e.picture), Text(e.question)).strip() for e in examples)
    whole = sum(not read_by_app(asker, e.picture) for e in examples)
    for name, empty in (
        ("no text in blank pictures, the model alone", alone),
        ("no text in blank pictures", whole),
    ):
        yield Figure(name=name, value=100 * empty / count, bar=99, least=True, count=count)


def read_by_app(asker: Asker, picture: Picture) -> str:
    """As the app reads a page: without the model where it is plainly empty."""
    job = OcrJob(options=asker.options, adapter=asker.adapter)
    pages = [Page(number=1, total=1, picture=picture)]
    events = recognise(pages, job, asker.engine, CancelToken())
    return next(event.text for event in events if isinstance(event, Finished))
