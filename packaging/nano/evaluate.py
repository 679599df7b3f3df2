"""Every promised figure, measured through the app's own engine on what was never trained on.

Speech is rendered afresh in the test voices, pictures in the test fonts; the engine hears and sees
them as the app would. Prints a Markdown table, and writes it and the raw figures beside the model's
work folder, from where the model card takes them.
"""

from __future__ import annotations

import csv
import itertools
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pictures
import score
import voices
from asking import Asker, as_sound
from chat import text_examples
from corpus import LANGUAGES, Sentence, sentences
from job_speech import language_name
from noise import not_speech
from perturb import heard
from speech import speak
from text_example import TextExample
from translating import DETECT_SPEECH

from phi_desk.engine import tasks
from phi_desk.engine.call_json import read_calls
from phi_desk.engine.chain import split_chain
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import Audio, Image, Part, Text
from phi_desk.media.sound import Sound

log = logging.getLogger("nano")
SEED = 20_261
LEVEL = 5
NAMES = (
    "hear",
    "human",
    "say",
    "text",
    "read",
    "table",
    "ask",
    "spoken",
    "tools",
    "silence",
    "blank",
)
_BARS: dict[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number: `bar` is what was promised, None for none; `least` says which side is good."""

    name: str
    value: float
    unit: str = "%"
    bar: float | None = None
    least: bool = False
    count: int = 0

    @property
    def reached(self) -> str:
        """Whether the bar is reached, in a word."""
        if self.bar is None:
            return ""
        good = self.value >= self.bar if self.least else self.value <= self.bar
        return "yes" if good else "no"


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A test sentence as a sound."""

    sound: Sound
    language: str
    sentence: Sentence


def evaluate(
    folder: Path, work: Path, *, count: int, precision: str, only: Sequence[str]
) -> list[Figure]:
    """Measure and print; `only` names some of `NAMES`, with "int8" and "none" for comparisons."""
    started = time.monotonic()
    asker = Asker.open(folder, precision)
    figures: list[Figure] = []
    for name in only or NAMES:
        if name in NAMES:
            figures += _measured(name, asker, count)
    if not only or "none" in only:
        figures += _compared("adapter off", Asker(asker.engine, "none"), min(count, 60))
    if not only or "int8" in only:
        figures += _compared(precision, asker, count)
        figures += _compared("int8", Asker.open(folder, "int8"), count)
    table = as_markdown(figures)
    sys.stdout.write(f"{table}\n{time.monotonic() - started:.0f} s\n")
    if not only:
        (work / "figures.md").write_text(table, encoding="utf-8")
        values = [
            {k: getattr(f, k) for k in ("name", "value", "unit", "bar", "count")} for f in figures
        ]
        (work / "figures.json").write_text(json.dumps(values, indent=1), encoding="utf-8")
    return figures


def _measured(name: str, asker: Asker, count: int) -> list[Figure]:
    began = time.monotonic()
    measure: dict[str, Callable[[Asker, int], Iterator[Figure]]] = {
        "hear": hear, "human": human, "say": say, "text": translate_text, "read": read,
        "table": read_tables, "ask": ask_pictures, "spoken": ask_aloud, "tools": call_tools,
        "silence": silence, "blank": blank,
    }  # fmt: skip
    found = list(measure[name](asker, count))
    for figure in found:
        log.info("%s: %.2f %s (%d)", figure.name, figure.value, figure.unit, figure.count)
    log.info("%s took %.0f s", name, time.monotonic() - began)
    return found


def as_markdown(figures: Sequence[Figure]) -> str:
    """A table for people."""
    lines = [
        "| figure | measured | promised | reached | examples |",
        "| --- | ---: | ---: | --- | ---: |",
    ]
    for figure in figures:
        sign = "≥" if figure.least else "≤"
        bar = "" if figure.bar is None else f"{sign} {figure.bar:g} {figure.unit}".strip()
        value = f"{figure.value:.1f} {figure.unit}".strip()
        lines.append(f"| {figure.name} | {value} | {bar} | {figure.reached} | {figure.count} |")
    return "\n".join(lines) + "\n"


def test_speech(language: str, count: int) -> list[Spoken]:
    """Unseen sentences in unseen voices, with the noise and rooms of the training."""
    found = []
    source = sentences(SEED + LANGUAGES.index(language), "test")
    for index, sentence in enumerate(itertools.islice(source, count)):
        rng = np.random.default_rng([SEED, LANGUAGES.index(language), index])
        voice = voices.draw(rng, "test", language)
        samples = speak(sentence.text[language], language, voice, int(rng.integers(1 << 31)))
        strength = 0.0 if rng.random() < 0.1 else 1.0
        found.append(
            Spoken(heard(samples, int(rng.integers(1 << 31)), strength), language, sentence)
        )
    return found


def hear(asker: Asker, count: int) -> Iterator[Figure]:
    """WER of the transcripts and the language named, for each language."""
    bars = {"en": 5.0, "de": 8.0, "fr": 8.0, "es": 8.0}
    named = total = 0
    for language in LANGUAGES:
        clips = test_speech(language, count)
        wanted = [clip.sentence.text[language] for clip in clips]
        given = [asker.text(Audio(clip.sound), Text(tasks.transcribe())) for clip in clips]
        value = 100 * score.word_error_rate(wanted, given)
        yield Figure(name=f"WER, {language}", value=value, bar=bars[language], count=len(clips))
        for clip in clips[: max(1, count // 2)]:
            answer = asker.text(Audio(clip.sound), Text(DETECT_SPEECH))
            named += answer.strip(" .") == language_name(language)
            total += 1
    yield Figure(name="language named", value=100 * named / total, bar=99, least=True, count=total)


def human(asker: Asker, count: int) -> Iterator[Figure]:
    """WER on real recordings: single words, and numbers, times and dates joined of them."""
    import asterisk

    for language in asterisk.LANGUAGES:
        for kind, clips in (
            ("single words", asterisk.recordings(language)),
            ("joined", asterisk.joined(language, SEED, count // 2)),
        ):
            given = [asker.text(as_sound(c.samples), Text(tasks.transcribe())) for c in clips]
            value = 100 * score.word_error_rate([c.text for c in clips], given)
            bar = 25.0 if language == "en" else None
            yield Figure(
                name=f"WER, human {kind}, {language}", value=value, bar=bar, count=len(clips)
            )


def say(asker: Asker, count: int) -> Iterator[Figure]:
    """chrF of speech translation between English and the others, by both prompts."""
    for source, target in _ways():
        clips = test_speech(source, max(10, count // 3))
        wanted = [clip.sentence.text[target] for clip in clips]
        prompt = tasks.translate(find_language(target))
        given = [asker.text(Audio(clip.sound), Text(prompt)) for clip in clips]
        value = score.chrf(wanted, given)
        name = f"chrF, speech {source}-{target}"
        yield Figure(name=name, value=value, unit="", bar=85, least=True, count=len(clips))
        prompt = tasks.transcribe_and_translate(find_language(target))
        chains = [split_chain(asker.text(Audio(clip.sound), Text(prompt))) for clip in clips]
        value = score.chrf(wanted, [second or "" for _, second in chains])
        name += ", with transcript"
        yield Figure(name=name, value=value, unit="", bar=85, least=True, count=len(clips))


def translate_text(asker: Asker, count: int) -> Iterator[Figure]:
    """chrF of text translation between English and the others."""
    for source, target in _ways():
        texts = [s.text for s in itertools.islice(sentences(SEED + 77, "test"), count)]
        language = find_language(target)
        given = [asker.text(Text(tasks.translate_text(t[source], language))) for t in texts]
        value = score.chrf([t[target] for t in texts], given)
        name = f"chrF, text {source}-{target}"
        yield Figure(name=name, value=value, unit="", bar=92, least=True, count=len(texts))


def _ways() -> Iterator[tuple[str, str]]:
    for other in LANGUAGES[1:]:
        yield "en", other
        yield other, "en"


def read(asker: Asker, count: int) -> Iterator[Figure]:
    """CER on one line, on six lines, and on random codes."""
    for name, lines, codes, bar in (
        ("one line", 1, False, 5.0),
        ("six lines", 6, False, 10.0),
        ("codes", 1, True, None),
    ):
        source = pictures.of_task(SEED, "test", LEVEL, "read", lines=lines, codes=codes)
        examples = list(itertools.islice(source, count))
        given = [asker.text(Image(e.picture), Text(e.question)) for e in examples]
        value = 100 * score.character_error_rate([e.answer for e in examples], given)
        yield Figure(name=f"CER, {name}", value=value, bar=bar, count=len(examples))


def read_tables(asker: Asker, count: int) -> Iterator[Figure]:
    """The share of cells that stand where they should, as they should."""
    source = pictures.of_task(SEED, "test", LEVEL, "table")
    right = total = 0
    for example in itertools.islice(source, max(10, count // 2)):
        wanted = cells(example.answer)
        given = cells(asker.text(Image(example.picture), Text(example.question)))
        for place, row in enumerate(wanted):
            got = given[place] if place < len(given) else []
            right += sum(a == b for a, b in zip(row, got, strict=False))
            total += len(row)
    yield Figure(
        name="table cells right", value=100 * right / total, bar=85, least=True, count=total
    )


def cells(text: str) -> list[list[str]]:
    """The cells of a Markdown table or of CSV, row by row."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(line.startswith("|") for line in lines):
        rows = [[c.strip() for c in line.strip("|").split("|")] for line in lines]
        return [row for row in rows if not all(set(c) <= set("-: ") for c in row)]
    return [[c.strip() for c in row] for row in csv.reader(lines)]


def ask_pictures(asker: Asker, count: int) -> Iterator[Figure]:
    """Typed questions about scenes and signs."""
    yield _asked(asker, count, "picture questions, typed", 95.0, aloud=False)


def ask_aloud(asker: Asker, count: int) -> Iterator[Figure]:
    """The same questions, spoken in a test voice."""
    yield _asked(asker, count, "picture questions, spoken", 90.0, aloud=True)


def _asked(asker: Asker, count: int, name: str, bar: float, *, aloud: bool) -> Figure:
    right = total = 0
    for task in ("question", "sign"):
        source = pictures.of_task(SEED, "test", LEVEL, task)
        for index, example in enumerate(itertools.islice(source, count // 2)):
            question: Part = Text(example.question)
            if aloud:
                rng = np.random.default_rng([SEED, index])
                voice = voices.draw(rng, "test", "en")
                question = as_sound(speak(pictures.spoken_question(example), "en", voice, index))
            answer = asker.text(Image(example.picture), question)
            right += score.normalised(answer) == score.normalised(example.answer)
            total += 1
    return Figure(name=name, value=100 * right / total, bar=bar, least=True, count=total)


def call_tools(asker: Asker, count: int) -> Iterator[Figure]:
    """Requests that need a tool: the right calls, with the right arguments, and nothing else."""
    right = total = 0
    for example in _tool_requests(count):
        answer = asker.ask(example.messages, example.tools)
        wanted = example.answer.partition("<|tool_call|>")[2].partition("<|/tool_call|>")[0]
        given = [(call.name, dict(call.arguments)) for call in answer.calls]
        right += given == [(c.name, dict(c.arguments)) for c in read_calls(wanted)]
        total += 1
    yield Figure(
        name="tool calls right", value=100 * right / total, bar=95, least=True, count=total
    )


def _tool_requests(count: int) -> Iterator[TextExample]:
    source = text_examples(SEED, "test", kinds=("tool",))
    return itertools.islice((e for e in source if "<|tool_call|>" in e.answer), count)


def silence(asker: Asker, count: int) -> Iterator[Figure]:
    """Sounds without words must give no words."""
    sounds = [as_sound(not_speech(SEED + 31 * index)) for index in range(count)]
    quiet = sum(not asker.text(sound, Text(tasks.transcribe())).strip() for sound in sounds)
    yield Figure(
        name="no words in noise", value=100 * quiet / count, bar=99, least=True, count=count
    )


def blank(asker: Asker, count: int) -> Iterator[Figure]:
    """Pictures without text must give no text."""
    source = itertools.islice(pictures.of_task(SEED, "test", LEVEL, "blank"), count)
    empty = sum(not asker.text(Image(e.picture), Text(e.question)).strip() for e in source)
    yield Figure(
        name="no text in blanks", value=100 * empty / count, bar=99, least=True, count=count
    )


def _compared(label: str, asker: Asker, count: int) -> list[Figure]:
    """WER in English and CER of single lines, for one precision or without adapters."""
    clips = test_speech("en", count)
    wanted = [clip.sentence.text["en"] for clip in clips]
    given = [asker.text(Audio(clip.sound), Text(tasks.transcribe())) for clip in clips]
    source = pictures.of_task(SEED, "test", LEVEL, "read", lines=1)
    examples = list(itertools.islice(source, count))
    texts = [asker.text(Image(e.picture), Text(e.question)) for e in examples]
    wer = score.word_error_rate(wanted, given)
    cer = score.character_error_rate([e.answer for e in examples], texts)
    return [
        Figure(name=f"WER, en, {label}", value=100 * wer, count=count),
        Figure(name=f"CER, one line, {label}", value=100 * cer, count=count),
    ]
