"""Real detection on real sound: what is shown to the model, and what never is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from data_makers.live_sound import Clock, NotingEngine
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.engine.languages import find_language
from phi_desk.media.decode import read_sound
from phi_desk.media.file_source import FileSource
from phi_desk.media.sound import Sound
from phi_desk.media.vad import open_detector
from phi_desk.services.live.events import Committed, Lag, LiveEvent
from phi_desk.services.live.loop import hear
from phi_desk.services.live.session import LiveSession
from phi_desk.services.speech.job import SpeechJob

DATA = Path(__file__).resolve().parents[2] / "data"
ENGLISH = DATA / "speech_english.ogg"
GERMAN_8K = DATA / "speech_german_8k.flac"
RATE = 16_000


def session(clock: Clock, rate: int = RATE, pace: float = 0.0) -> tuple[LiveSession, NotingEngine]:
    noting = NotingEngine(clock, pace=pace)
    job = SpeechJob(language=find_language("de"))
    return LiveSession(noting, job, open_detector(), rate=rate, clock=clock), noting


def played(samples: NDArray[np.float32], rate: int = RATE) -> tuple[list[LiveEvent], list[Sound]]:
    one, engine = session(Clock(), rate)
    events: list[LiveEvent] = []
    for start in range(0, len(samples), 1600):
        events += one.feed(samples[start : start + 1600])
    events += one.stop()
    while not one.closed:
        events += one.step()
    return events, engine.heard


def music(seconds: float) -> NDArray[np.float32]:
    """Chords of decaying strings, two a second."""
    t = np.arange(round(seconds * RATE)) / RATE
    beat = t % 0.5
    wave = np.zeros(len(t))
    for place, root in enumerate((220.0, 246.9, 196.0, 261.6)):
        turn = (t // 0.5).astype(int) % 4 == place
        for ratio in (1, 1.26, 1.5):
            for harmonic in (1, 2, 3):
                tone = np.sin(2 * np.pi * root * ratio * harmonic * t) / harmonic
                wave += turn * tone * np.exp(-5 * beat)
    found: NDArray[np.float32] = (0.15 * wave).astype(np.float32)
    return found


@pytest.mark.parametrize("kind", ["silence", "hiss", "loud noise", "hum", "music"])
def test_what_is_no_speech_never_reaches_the_model(kind: str) -> None:
    random = np.random.default_rng(7)
    t = np.arange(60 * RATE) / RATE
    waves: dict[str, NDArray[np.float64]] = {
        "silence": np.zeros(len(t)),
        "hiss": random.normal(0, 0.003, len(t)),
        "loud noise": random.normal(0, 0.2, len(t)),
        "hum": 0.2 * np.sign(np.sin(2 * np.pi * 50 * t)) + random.normal(0, 0.01, len(t)),
        "music": music(60).astype(np.float64),
    }
    events, heard = played(waves[kind].astype(np.float32))
    assert not heard
    assert not any(isinstance(event, Committed) for event in events)


def test_sentences_with_pauses_are_segments_and_no_speech_is_lost() -> None:
    whole = read_sound(ENGLISH).samples
    sentence = whole[: 5 * RATE]
    silence = np.zeros(2 * RATE, np.float32)
    events, heard = played(np.concatenate([silence, sentence, silence, sentence, silence]))
    committed = [event for event in events if isinstance(event, Committed)]
    assert len(committed) == 2
    for sound in heard:  # its loud part is in it, whole
        loud = np.flatnonzero(np.abs(sentence) > 0.02)
        match = np.correlate(sound.samples[: RATE // 2], sentence[loud[0] : loud[0] + 800])
        start = int(match.argmax())
        same = sound.samples[start : start + loud[-1] - loud[0]]
        assert np.array_equal(same, sentence[loud[0] : loud[-1]])


def test_telephone_sound_is_shown_as_such() -> None:
    samples = read_sound(GERMAN_8K)
    assert samples.rate == 8_000
    _, heard = played(samples.samples, 8_000)
    assert heard
    assert {sound.rate for sound in heard} == {8_000}
    assert sum(sound.seconds for sound in heard) > 5


@pytest.mark.parametrize("pace", ["realtime", "fast"])
def test_a_file_gives_the_same_segments_at_any_pace(pace: str) -> None:
    """At natural pace with a model that needs a second and a half for a second."""
    clock = Clock()

    def sleep(seconds: float) -> None:
        clock.now += seconds

    source = FileSource(
        ENGLISH,
        pace="realtime" if pace == "realtime" else "fast",
        clock=clock,
        sleep=sleep,
    )
    one, engine = session(clock, pace=1.5)
    events = list(hear(source, one, CancelToken()))
    alone, _ = played(read_sound(ENGLISH).samples)

    def found(of: list[LiveEvent]) -> list[tuple[float, float]]:
        return [(e.start_s, e.end_s) for e in of if isinstance(e, Committed)]

    assert found(events) == found(alone)
    assert engine.heard
    if pace == "realtime":
        assert clock.now == pytest.approx(2.5 * 11.7, rel=0.1)  # heard, then understood
        lags = [event for event in events if isinstance(event, Lag)]
        assert max(lag.behind_s for lag in lags) > 10
        assert lags[-1].behind_s == 0
