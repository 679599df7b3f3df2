"""Spoken sentences: renders them, perturbs them, and keeps their features in shards.

Everything is drawn from the seed. Two runs give the same sentences, voices and perturbations; the
samples themselves can differ a little, since Pico and espeak-ng carry some state of their own from
one sentence to the next.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import voices as voice_list
from corpus import Sentence, sentences
from engines import EngineMissingError, missing
from grammar_patterns import capitalised
from noise import not_speech
from numpy.typing import NDArray
from perturb import heard, perturbed
from shard_builds import build_shards
from shards import Clip, read_shard, shards
from single_words import alone
from speaking import dictate, speak
from spoken_talk import exchanges
from voices import LANGUAGE_SHARES, SPLITS, Split, Voice, voices

from phi_desk.engine.features import features
from phi_desk.errors import InputError, UsageError
from phi_desk.media.sound import Sound

__all__ = [
    "Clip",
    "build",
    "build_not_speech",
    "build_questions",
    "build_single_words",
    "build_talk",
    "dictate",
    "not_speech",
    "perturbed",
    "read_shard",
    "shards",
    "speak",
    "voices",
]

_log = logging.getLogger(__name__)
_BABBLERS = 12  # the latest clips, from which babble is mixed
_PLAIN = 0.1  # of the clips are left as they are, but for their loudness
_TRIES = 5
_DICTATED = {"number": 0.15, "time": 0.12, "date": 0.12, "price": 0.08}  # of these, in training
_MOST_WORDS = 8  # in what is dictated
_ALONE = 0.2  # of the sentences in training are cut down to one word or two of them


def build(work: Path, split: str, count: int, seed: int, jobs: int) -> None:
    """Renders shards until `split` holds `count` clips; finished shards are kept.

    A longer run continues a shorter one: shard 7 is the same in both. Progress goes to stderr, as a
    bar on a terminal and as a log line a shard elsewhere.

    Raises:
        UsageError: no such split, an engine is missing, or the folder was made from another seed.
    """
    _build(work, split, "", count, seed, jobs, _spoken_clips)


def build_not_speech(work: Path, split: str, count: int, seed: int, jobs: int) -> None:
    """As `build`, but of clips without words; they lie in the split called SPLIT-empty."""
    build_shards(
        work, f"{_split(split)}-empty", count, seed, jobs, partial(_empty_clips, _split(split))
    )


def build_questions(work: Path, split: str, count: int, seed: int, jobs: int) -> None:
    """As `build`, but of the English questions about pictures, every one as often as the others.

    They lie in the split called SPLIT-questions; their sentences have the kind "question".
    """
    _build(work, split, "-questions", count, seed, jobs, _question_clips)


def build_talk(work: Path, split: str, count: int, seed: int, jobs: int) -> None:
    """As `build`, but of what is said to the model without other words; in the split SPLIT-talk.

    Their sentences have the kind "talk", and the answer beside the question.
    """
    _build(work, split, "-talk", count, seed, jobs, _talk_clips)


def build_single_words(work: Path, split: str, count: int, seed: int, jobs: int) -> None:
    """As `build`, but of words said by themselves; in the split SPLIT-words."""
    _build(work, split, "-words", count, seed, jobs, _single_clips)


def _build(
    work: Path,
    split: str,
    kind: str,
    count: int,
    seed: int,
    jobs: int,
    make: Callable[[Split, int, int], Iterator[Clip]],
) -> None:
    """Shards of a kind of speech in the voices of `split`, all of whose engines must be there."""
    known = _split(split)
    for name in missing(tuple(voices(known))):
        raise EngineMissingError(name)
    build_shards(work, f"{known}{kind}", count, seed, jobs, partial(make, known))


def _split(name: str) -> Split:
    for split in SPLITS:
        if split == name:
            return split
    raise UsageError(f"There is no split called {name}.", f"Choose one of {', '.join(SPLITS)}.")


def _spoken_clips(split: Split, seed: int, count: int) -> Iterator[Clip]:
    languages, shares = list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values())
    rng = np.random.default_rng([seed, 0x1A])
    said = ((s, str(rng.choice(languages, p=shares))) for s in sentences(seed, split))
    if split == "train":
        said = (at_times_cut(sentence, language, rng) for sentence, language in said)
    yield from _clips(itertools.islice(said, count), split, seed)


def at_times_cut(
    sentence: Sentence, language: str, rng: np.random.Generator
) -> tuple[Sentence, str]:
    """The sentence, or one or two of its words in a row: of the kind "words", in one language."""
    if rng.random() >= _ALONE:
        return sentence, language
    words = re.findall(r"[^\s,;:.!?¡¿]+", sentence.text[language])
    start, count = int(rng.integers(len(words))), int(rng.integers(1, 3))
    cut = capitalised(" ".join(words[start : start + count])) + "."
    return Sentence(kind="words", text={language: cut}), language


def _question_clips(split: Split, seed: int, count: int) -> Iterator[Clip]:
    from pictures import spoken_questions  # brings fonts and painting with it

    questions = spoken_questions()
    order = np.random.default_rng([seed, 0x0E]).permutation(len(questions))
    texts = itertools.islice(itertools.cycle(questions[place] for place in order), count)
    asked = ((Sentence(kind="question", text={"en": text}), "en") for text in texts)
    yield from _clips(asked, split, seed)


def _talk_clips(split: Split, seed: int, count: int) -> Iterator[Clip]:
    yield from _clips(itertools.islice(exchanges(seed, split), count), split, seed)


def _single_clips(split: Split, seed: int, count: int) -> Iterator[Clip]:
    yield from _clips(itertools.islice(alone(seed), count), split, seed)


def _clips(said: Iterable[tuple[Sentence, str]], split: Split, seed: int) -> Iterator[Clip]:
    """Each sentence spoken in its language, by a voice and through a perturbation of its own."""
    babblers: deque[NDArray[np.float32]] = deque(maxlen=_BABBLERS)
    for index, (sentence, language) in enumerate(said):
        rng = np.random.default_rng([seed, index])
        samples, voice = _rendered(sentence, language, split, rng)
        strength = 0.0 if rng.random() < _PLAIN else 1.0
        sound = heard(samples, int(rng.integers(1 << 31)), strength, tuple(babblers))
        babblers.append(samples)
        yield Clip(_half(sound), language, voice.label, sentence)


def _rendered(
    sentence: Sentence, language: str, split: Split, rng: np.random.Generator
) -> tuple[NDArray[np.float32], Voice]:
    """`sentence` in a voice drawn by chance; in another one where that says nothing."""
    text = sentence.text[language]
    is_short = len(re.split(r"[\s-]+", text)) <= _MOST_WORDS
    share = _DICTATED.get(sentence.kind, 0.0) if split == "train" and is_short else 0.0
    say = dictate if rng.random() < share else speak
    for _ in range(_TRIES):
        voice = voice_list.draw(rng, split, language)
        try:
            return say(text, language, voice, int(rng.integers(1 << 31))), voice
        except InputError as error:
            _log.warning("%s", error)
    raise InputError(f"{_TRIES} voices said nothing for {text!r}.", "Look at the sentence.")


def _empty_clips(split: Split, seed: int, count: int) -> Iterator[Clip]:
    for index in range(count):
        sound = Sound(not_speech(seed + index * 7919))
        yield Clip(_half(sound), "", "noise", Sentence(kind="nothing", text={}))


def _half(sound: Sound) -> NDArray[np.float16]:
    """The app's own features; half precision is finer than their noise (steps of 0.016 at 20)."""
    return features(sound).astype(np.float16)
