"""One clip while a key is held."""

from __future__ import annotations

import numpy as np
import pytest
from data_makers.heard import LevelDetector
from numpy.typing import NDArray

from phi_desk.media.capture import Lost
from phi_desk.services.voice.clip import NO_SPEECH, SILENCE, TAPPED, Clip
from phi_desk.services.voice.events import Began, Full, Heard, Told
from phi_desk.services.voice.loudness import level_of

RATE = 16_000


def sound(seconds: float, value: float = 0.7) -> NDArray[np.float32]:
    return np.full(round(seconds * RATE), value, np.float32)


def test_every_sample_is_kept_in_order() -> None:
    clip = Clip(60)
    blocks = [sound(0.1, 0.5 + 0.01 * k) for k in range(20)]
    events = [event for block in blocks for event in clip.add(block)]
    assert isinstance(events[0], Began)
    assert sum(isinstance(event, Began) for event in events) == 1
    heard = [event for event in events if isinstance(event, Heard)]
    assert heard[-1].seconds == pytest.approx(2.0)
    assert heard[-1].level > 0.9
    taken = clip.end(LevelDetector())
    assert taken.sound is not None
    assert np.array_equal(taken.sound.samples, np.concatenate(blocks))
    assert taken.sound.rate == RATE


def test_it_is_cut_at_the_longest() -> None:
    clip = Clip(1.0)
    events = [*clip.add(sound(0.9)), *clip.add(sound(0.5)), *clip.add(sound(0.5))]
    assert [event for event in events if isinstance(event, Full)] == [Full(1.0)]
    assert clip.full
    taken = clip.end(LevelDetector())
    assert taken.sound is not None
    assert len(taken.sound.samples) == RATE


def test_a_loss_is_told() -> None:
    clip = Clip(10)
    assert list(clip.add(Lost(1.0, "“Desk” is gone."))) == [Told("“Desk” is gone.")]


@pytest.mark.parametrize(
    ("value", "seconds", "expected"),
    [(0.7, 0.0, TAPPED), (0.7, 0.2, TAPPED), (0.0, 2.0, SILENCE), (0.1, 2.0, NO_SPEECH)],
)
def test_what_is_no_question_says_why(value: float, seconds: float, expected: object) -> None:
    clip = Clip(10)
    list(clip.add(sound(seconds, value)))
    taken = clip.end(LevelDetector())
    assert taken == expected
    assert taken.sound is None
    assert taken.hint


def test_levels_go_from_quiet_to_loud() -> None:
    values = [level_of(sound(0.1, value)) for value in (0.0, 1e-3, 1e-2, 1e-1, 0.9)]
    assert values == sorted(values)
    assert values[0] == 0.0
    assert values[-1] == 1.0
    assert level_of(np.zeros(0, np.float32)) == 0.0
