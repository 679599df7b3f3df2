"""Translation of text between English and the other languages, and naming a text's language."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from text_example import TextExample, assistant, user

from phi_desk.engine import tasks
from phi_desk.engine.languages import find_language

if TYPE_CHECKING:
    from corpus import Sentence

NAMES: Final = {code: find_language(code).name for code in ("en", "de", "fr", "es")}
PAIRS: Final = (("en", "de"), ("de", "en"), ("en", "fr"), ("fr", "en"), ("en", "es"), ("es", "en"))
DETECT: Final = (
    "Which language is this? {}", "What language is this text in? {}",
    "What language is this?\n\n{}",
    "In which language is this written? {}", "Name the language of this text: {}",
    "Which language is the following text?\n\n{}", "{}\n\nWhich language is this?",
    "Detect the language: {}", "Is this English, German, French or Spanish? {}",
)  # fmt: skip
DETECT_SPEECH: Final = "Which language is spoken in the audio? Answer with its name."
_CHATTED = (
    'How do you say "{t}" in {l}?', "Translate to {l}: {t}", 'Translate "{t}" to {l}.',
    "What is “{t}” in {l}?", "{t}\n\nTranslate this to {l}.", "Say in {l}: {t}",
    "Translate this to {l}: {t}", "How do I say this in {l}? {t}", "In {l}, please: {t}",
)  # fmt: skip
_AND_IN = ("And in {l}?", "Now in {l}.", "In {l}, please.", "And how do you say it in {l}?")
_OPENING_MARKS = str.maketrans("", "", "¿¡")


def translate_example(
    rng: random.Random,
    source: Iterator[Sentence],
    *,
    clean: bool,
    pair: tuple[str, str] | None = None,
) -> TextExample:
    """A translation by the app's own prompt, at times by other words.

    With `clean` always one sentence, as written, by the app's prompt.
    """
    chance = 1.0 if clean else rng.random()
    ours, theirs = pair or rng.choice(PAIRS)
    if chance < 0.03:
        return _again(rng, next(source))
    if chance < 0.15:
        count = rng.randint(2, 4)
        separator = rng.choice((" ", " ", "\n", "\n\n"))
        parts = [next(source).text for _ in range(count)]
        text, answer = (separator.join(part[code] for part in parts) for code in (ours, theirs))
        return _by_prompt(text, theirs, answer)
    sentence = next(source).text
    text, answer = sentence[ours], sentence[theirs]
    if chance < 0.25:
        text = _as_typed(rng, text)
    if chance < 0.17:  # already in the language asked for
        return _by_prompt(sentence[theirs], theirs, answer)
    if 0.25 <= chance < 0.35:
        asking = rng.choice(_CHATTED).format(t=text, l=NAMES[theirs])
        return TextExample((user(asking),), (), answer, "translate")
    return _by_prompt(text, theirs, answer)


def detect_example(rng: random.Random, source: Iterator[Sentence]) -> TextExample:
    """Which language a text is in."""
    sentence = next(source)
    code = rng.choice(tuple(NAMES))
    text = sentence.text[code]
    return TextExample((user(rng.choice(DETECT).format(text)),), (), f"{NAMES[code]}.", "detect")


def _by_prompt(text: str, code: str, answer: str) -> TextExample:
    prompt = tasks.translate_text(text, find_language(code))
    return TextExample((user(prompt),), (), answer, "translate")


def _again(rng: random.Random, sentence: Sentence) -> TextExample:
    """A second language for the sentence just translated."""
    first, second = rng.sample(("de", "fr", "es"), 2)
    text = sentence.text
    asking = (
        tasks.translate_text(text["en"], find_language(first))
        if rng.random() < 0.5
        else rng.choice(_CHATTED).format(t=text["en"], l=NAMES[first])
    )
    turns = (
        user(asking), assistant(text[first]), user(rng.choice(_AND_IN).format(l=NAMES[second])),
    )  # fmt: skip
    return TextExample(turns, (), text[second], "translate")


def _as_typed(rng: random.Random, text: str) -> str:
    """In haste: small letters, no sign at the end, no opening marks."""
    if rng.random() < 0.6:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.5:
        text = text.translate(_OPENING_MARKS)
    return text.rstrip(".!? ") if rng.random() < 0.6 else text
