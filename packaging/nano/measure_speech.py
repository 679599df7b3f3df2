"""Figures of hearing: transcripts, languages, translations, real people, and what is no speech."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import score
import voices
from asking import Asker, as_sound
from corpus import LANGUAGES, Sentence, sentences
from figures import Figure
from job_speech import language_name
from noise import not_speech
from perturb import heard
from speaking import speak
from spoken_talk import ANSWER, exchanges
from translating import DETECT_SPEECH

from phi_desk.cancel import CancelToken
from phi_desk.engine import tasks
from phi_desk.engine.chain import split_chain
from phi_desk.engine.events import Finished
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import Audio, Text
from phi_desk.media.pieces import cut_into_pieces
from phi_desk.media.sound import WIDE_BAND, Sound
from phi_desk.media.vad import SpeechDetector, open_detector
from phi_desk.services.speech.job import SpeechJob
from phi_desk.services.speech.listening import listen
from phi_desk.services.speech.recording import Recording

SEED = 20_261
_BARS = {"en": 5.0, "de": 8.0, "fr": 8.0, "es": 8.0}


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A test sentence as a sound."""

    sound: Sound
    language: str
    sentence: Sentence


def clips_of(language: str, count: int) -> list[Spoken]:
    """Unseen sentences in unseen voices, with the noise and rooms of the training."""
    return [_clip(language, index) for index in range(count)]


@lru_cache(maxsize=2000)
def _clip(language: str, index: int) -> Spoken:
    place = LANGUAGES.index(language)
    sentence = _sentences(place, index + 1)[index]
    rng = np.random.default_rng([SEED, place, index])
    voice = voices.draw(rng, "test", language)
    samples = speak(sentence.text[language], language, voice, int(rng.integers(1 << 31)))
    strength = 0.0 if rng.random() < 0.1 else 1.0
    return Spoken(heard(samples, int(rng.integers(1 << 31)), strength), language, sentence)


def _sentences(place: int, count: int) -> list[Sentence]:
    known = _KEPT.setdefault(place, [])
    if len(known) < count:
        source = sentences(SEED + place, "test")
        known[:] = itertools.islice(source, max(count, 2 * len(known), 64))
    return known


_KEPT: dict[int, list[Sentence]] = {}


def hear(language: str, asker: Asker, count: int) -> Iterator[Figure]:
    """WER of the transcripts."""
    clips = clips_of(language, count)
    wanted = [clip.sentence.text[language] for clip in clips]
    given = [asker.text(Audio(clip.sound), Text(tasks.transcribe())) for clip in clips]
    value = 100 * score.word_error_rate(wanted, given)
    yield Figure(name=f"WER, {language}", value=value, bar=_BARS[language], count=count)


def name_languages(asker: Asker, count: int) -> Iterator[Figure]:
    """How often the language is named right; `count` clips of each."""
    right = total = 0
    for language in LANGUAGES:
        for clip in clips_of(language, count):
            answer = asker.text(Audio(clip.sound), Text(DETECT_SPEECH))
            right += answer.strip(" .") == language_name(language)
            total += 1
    yield Figure(name="language named", value=100 * right / total, bar=99, least=True, count=total)


def say(source: str, target: str, asker: Asker, count: int) -> Iterator[Figure]:
    """chrF of the translation, by both prompts."""
    clips = clips_of(source, count)
    wanted = [clip.sentence.text[target] for clip in clips]
    name = f"chrF, speech {source}-{target}"
    language = find_language(target)
    prompt = Text(tasks.translate(language))
    given = [asker.text(Audio(clip.sound), prompt) for clip in clips]
    yield Figure(
        name=name, value=score.chrf(wanted, given), unit="", bar=85, least=True, count=count
    )
    prompt = Text(tasks.transcribe_and_translate(language))
    chains = [split_chain(asker.text(Audio(clip.sound), prompt)) for clip in clips]
    value = score.chrf(wanted, [second or "" for _, second in chains])
    name += ", with transcript"
    yield Figure(name=name, value=value, unit="", bar=85, least=True, count=count)


def several(asker: Asker, count: int) -> Iterator[Figure]:
    """WER of recordings of three sentences, as the app transcribes a file."""
    wanted, given = [], []
    for index in range(count):
        clips = [_clip("en", 3 * index + place) for place in range(3)]
        rng = np.random.default_rng([SEED, 3, index])
        parts = [np.zeros(WIDE_BAND // 4, dtype=np.float32)]
        for clip in clips:
            samples = speak(clip.sentence.text["en"], "en", voices.draw(rng, "test", "en"), index)
            parts += [samples, np.zeros(int(WIDE_BAND * rng.uniform(0.2, 0.8)), dtype=np.float32)]
        wanted.append(" ".join(clip.sentence.text["en"] for clip in clips))
        given.append(transcribed(asker, Sound(np.concatenate(parts))))
    value = 100 * score.word_error_rate(wanted, given)
    yield Figure(name="WER, three sentences in a row, en", value=value, count=count)


def human(language: str, asker: Asker, count: int) -> Iterator[Figure]:
    """WER on real recordings: single words, and `count` numbers, times and dates joined of them."""
    import asterisk

    everything: tuple[list[str], list[str]] = ([], [])
    for kind, clips in (
        ("single words", asterisk.recordings(language)),
        ("joined", asterisk.joined(language, SEED, count)),
    ):
        given = [asker.text(as_sound(c.samples), Text(tasks.transcribe())) for c in clips]
        wanted = [c.text for c in clips]
        everything[0].extend(wanted)
        everything[1].extend(given)
        value = 100 * score.word_error_rate(wanted, given)
        yield Figure(name=f"WER, people, {kind}, {language}", value=value, count=len(clips))
    yield Figure(
        name=f"WER, people, {language}",
        value=100 * score.word_error_rate(*everything),
        bar=25.0 if language == "en" else None,
        count=len(everything[0]),
    )


def converse(asker: Asker, count: int) -> Iterator[Figure]:
    """Talk and sums that are spoken, without a word typed."""
    right = 0
    for index, (asked, language) in enumerate(itertools.islice(exchanges(SEED, "test"), count)):
        rng = np.random.default_rng([SEED, 4, index])
        voice = voices.draw(rng, "test", language)
        answer = asker.text(as_sound(speak(asked.text[language], language, voice, index)))
        right += score.normalised(answer) == score.normalised(asked.text[ANSWER])
    yield Figure(name="spoken talk and sums answered", value=100 * right / count, count=count)


def silence(asker: Asker, count: int) -> Iterator[Figure]:
    """Sounds without words give none: from the model by itself, and as the app transcribes."""
    sounds = [not_speech(SEED + 31 * index) for index in range(count)]
    prompt = Text(tasks.transcribe())
    alone = sum(not asker.text(as_sound(sound), prompt).strip() for sound in sounds)
    whole = sum(not transcribed(asker, Sound(sound)) for sound in sounds)
    for name, quiet in (
        ("no words in noise, the model alone", alone),
        ("no words in noise", whole),
    ):
        yield Figure(name=name, value=100 * quiet / count, bar=99, least=True, count=count)


@lru_cache(maxsize=1)
def _detector() -> SpeechDetector:
    return open_detector()


def transcribed(asker: Asker, sound: Sound) -> str:
    """As the app transcribes a recording: its speech found and cut at pauses first."""
    pieces = cut_into_pieces(sound, _detector())
    job = SpeechJob(options=asker.options, adapter=asker.adapter)
    events = listen(Recording(pieces), job, asker.engine, CancelToken())
    last = [event.text for event in events if isinstance(event, Finished)]
    return " ".join(last[0].split())
