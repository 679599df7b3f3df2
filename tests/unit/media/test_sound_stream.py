"""The pipeline behind every reader: what comes out of sources that change, spoil or break off."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from phi_desk.errors import InputError
from phi_desk.media.decode import SoundStream

Part = tuple[int, NDArray[np.float32]]


class Source:
    """A `SoundSource` of parts that the test gives."""

    def __init__(self, *parts: Part, damaged: bool = False) -> None:
        self.seconds: float | None = None
        self.damaged = damaged
        self.closed = False
        self._parts = parts

    def blocks(self) -> Iterator[Part]:
        yield from self._parts

    def close(self) -> None:
        self.closed = True


def tone(rate: int, seconds: float, hertz: float = 500.0) -> NDArray[np.float32]:
    t = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def test_a_track_that_changes_its_rate_keeps_its_pace_and_pitch() -> None:
    source = Source((44_100, tone(44_100, 1)), (22_050, tone(22_050, 1)), (16_000, tone(16_000, 1)))
    stream = SoundStream("x", source)
    samples = np.concatenate(list(stream))
    assert stream.rate == 16_000
    assert len(samples) == 48_000
    for second in range(3):
        part = samples[second * 16_000 + 1_000 :][:8_000]
        assert np.abs(np.fft.rfft(part)).argmax() == 250  # of 8,000 samples: 500 Hz


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused_and_the_place_is_named(
    rate: int, value: float
) -> None:
    spoiled = tone(rate, 1)
    spoiled[7] = value
    stream = SoundStream("x.wav", Source((rate, tone(rate, 2)), (rate, spoiled)))
    with pytest.raises(InputError, match=r"x\.wav.*near 2\.0 s"):
        list(stream)


def test_values_the_filter_turns_into_infinity_are_refused() -> None:
    huge = np.full(44_100, 3e38, np.float32)
    huge[::2] *= -1
    stream = SoundStream("x.wav", Source((44_100, huge)))
    try:
        samples = np.concatenate(list(stream))
    except InputError:
        return
    assert np.isfinite(samples).all()


def test_loud_samples_are_left_as_they_are() -> None:
    loud = 4 * tone(16_000, 1)
    assert np.array_equal(np.concatenate(list(SoundStream("x", Source((16_000, loud))))), loud)


@pytest.mark.parametrize("rate", [0, 1, 999, 2_000_000_000, -5])
def test_rates_that_no_recording_has_are_refused(rate: int) -> None:
    with pytest.raises(InputError, match="samples a second"):
        SoundStream("x", Source((rate, tone(16_000, 1))))
    stream = SoundStream("x", Source((16_000, tone(16_000, 1)), (rate, tone(16_000, 1))))
    with pytest.raises(InputError, match="samples a second"):
        list(stream)


def test_a_sound_that_leaves_no_sample_is_refused() -> None:
    stream = SoundStream("x", Source((176_400, np.ones(1, np.float32))))
    with pytest.raises(InputError, match="too short"):
        list(stream)


def test_damage_is_told_after_the_last_block(caplog: pytest.LogCaptureFixture) -> None:
    stream = SoundStream("x.m4a", Source((16_000, tone(16_000, 1)), damaged=True))
    assert stream.notice == ""
    with caplog.at_level(logging.WARNING):
        assert len(np.concatenate(list(stream))) == 16_000
    assert "x.m4a" in stream.notice
    assert caplog.messages == [stream.notice]


def test_leaving_the_stream_gives_the_file_back() -> None:
    source = Source((16_000, tone(16_000, 1)))
    with SoundStream("x", source):
        assert not source.closed
    assert source.closed
