"""Cutting long sound: nothing lost, nothing twice, at pauses, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from data_makers.heard import PAUSE, SPEECH, LevelDetector, speech_and_pauses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled
from phi_desk.media.pauses import find_speech
from phi_desk.media.pieces import Cutter, Piece, cut_into_pieces
from phi_desk.media.sound import Sound

RATE = 8_000
LONGEST = 30 * RATE

Pattern = list[tuple[float, float]]
patterns = st.lists(
    st.tuples(
        st.one_of(st.floats(0.0, 0.5), st.floats(0.0, 5.0)),
        st.one_of(st.floats(0.05, 8.0), st.floats(0.05, 45.0)),
    ),
    min_size=1,
    max_size=25,
)


@dataclass
class Blocks:
    """A sound in blocks of given sizes, over and over."""

    samples: NDArray[np.float32]
    sizes: list[int]
    rate: int = RATE

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        start, turn = 0, 0
        while start < len(self.samples):
            size = self.sizes[turn % len(self.sizes)]
            yield self.samples[start : start + size]
            start, turn = start + size, turn + 1


def pieces_of(pattern: Pattern) -> tuple[Sound, list[Piece]]:
    sound = Sound(speech_and_pauses(pattern, RATE), RATE)
    return sound, list(cut_into_pieces(sound, LevelDetector()))


def bounds(piece: Piece) -> tuple[int, int]:
    return round(piece.start_s * RATE), round(piece.end_s * RATE)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(patterns)
def test_all_speech_is_in_exactly_one_piece_and_cuts_lie_in_pauses(pattern: Pattern) -> None:
    sound, pieces = pieces_of(pattern)
    speech = find_speech(sound, LevelDetector())
    if len(sound.samples) <= LONGEST:
        assert [bounds(piece) for piece in pieces] == [(0, len(sound.samples))]
    covered = np.zeros(len(sound.samples), np.int8)
    behind = 0
    for piece in pieces:
        start, end = bounds(piece)
        assert behind <= start < end <= start + LONGEST
        behind = end
        assert np.array_equal(piece.sound.samples, sound.samples[start:end])
        covered[start:end] += 1
        reported = [(round(a * RATE), round(b * RATE)) for a, b in piece.speech]
        inside = [s.within(start, end) for s in speech]
        assert reported == [(s.start, s.end) for s in inside if s is not None]
        if len(sound.samples) > LONGEST:
            assert reported[0][0] - start <= 0.3 * RATE
            assert end - reported[-1][1] <= 0.3 * RATE
            assert all(b[0] - a[1] < 2 * RATE for a, b in pairwise(reported))
        if any(s.start < end < s.end for s in speech):
            window = [s for s in speech if s.end > start and s.start < start + LONGEST]
            gaps = [b.start - a.end for a, b in pairwise(window)]
            assert not [gap for gap in gaps if gap >= 0.2 * RATE]
            assert end - start >= 20 * RATE
    for s in speech:
        assert (covered[s.start : s.end] == 1).all()


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    patterns, st.lists(st.integers(1, 40_000), min_size=1, max_size=5).filter(lambda s: sum(s) > 99)
)
def test_blocks_make_no_difference(pattern: Pattern, sizes: list[int]) -> None:
    sound, whole = pieces_of(pattern)
    parts = cut_into_pieces(Blocks(sound.samples, sizes), LevelDetector())
    assert [bounds(p) for p in parts] == [bounds(p) for p in whole]


@pytest.mark.parametrize("seconds", [0.01, 5.0, 30.0])
def test_a_short_sound_is_one_untouched_piece(seconds: float) -> None:
    samples = speech_and_pauses([(seconds, 0.0)], RATE)
    (piece,) = cut_into_pieces(Sound(samples, RATE), LevelDetector())
    assert np.array_equal(piece.sound.samples, samples)
    assert piece.sound.rate == RATE
    assert piece.speech == ()


def test_long_silence_gives_no_piece() -> None:
    _, pieces = pieces_of([(31.0, 0.0)])
    assert pieces == []


def test_an_empty_stream_gives_no_piece() -> None:
    assert list(cut_into_pieces(Blocks(np.zeros(0, np.float32), [1]), LevelDetector())) == []


def test_long_silences_are_not_sent() -> None:
    _, pieces = pieces_of([(10.0, 4.0), (60.0, 4.0), (20.0, 0.0)])
    spans = [(round(p.start_s, 1), round(p.end_s, 1)) for p in pieces]
    assert spans == [(9.7, 14.3), (73.7, 78.3)]


def test_the_longest_pause_of_the_later_part_is_chosen_and_cut_in_its_middle() -> None:
    _, pieces = pieces_of([(0.0, 9.0), (0.48, 9.0), (0.48, 5.0), (0.224, 4.0), (0.0, 20.0)])
    assert pieces[0].end_s == pytest.approx(18.48 + 0.24, abs=0.04)
    assert pieces[1].start_s == pieces[0].end_s


def test_without_a_pause_the_cut_lies_at_the_quietest_moment() -> None:
    samples = speech_and_pauses([(0.0, 50.0)], RATE)
    samples[round(24.5 * RATE) : round(24.56 * RATE)] = 0.6
    pieces = list(cut_into_pieces(Sound(samples, RATE), LevelDetector()))
    assert 24.5 <= pieces[0].end_s <= 24.56
    assert pieces[1].start_s == pieces[0].end_s
    assert pieces[-1].end_s == 50.0


def test_pieces_come_as_soon_as_they_are_known() -> None:
    cutter = Cutter(RATE, LevelDetector())
    list(cutter.push(speech_and_pauses([(0.0, 29.0)], RATE)))
    assert list(cutter.push(speech_and_pauses([(1.5, 0.0)], RATE))) == []
    (piece,) = cutter.push(speech_and_pauses([(0.2, 0.0)], RATE))
    assert piece.end_s == pytest.approx(29.3, abs=0.04)


@pytest.mark.parametrize("pattern", [(3.0, 7.0), (0.3, 2.0), (0.0, 1.0), (1.0, 0.0)])
def test_two_hours_are_cut_in_constant_memory(pattern: tuple[float, float]) -> None:
    unit = speech_and_pauses([pattern] * max(1, round(20 / sum(pattern))), RATE)
    cutter = Cutter(RATE, LevelDetector())
    most, pieces, spoken = 0, 0, 0.0
    for _ in range(7_200 * RATE // len(unit)):
        for start in range(0, len(unit), RATE):
            for piece in cutter.push(unit[start : start + RATE]):
                pieces += 1
                spoken += sum(end - start for start, end in piece.speech)
            most = max(most, cutter.held)
    assert most <= 33 * RATE
    assert (pieces > 200) == (pattern[1] > 0)
    assert spoken == pytest.approx(7_200 * pattern[1] / sum(pattern), rel=0.02)


def test_cutting_stops_when_asked() -> None:
    cancel = CancelToken()
    sound = Sound(speech_and_pauses([(1.0, 5.0)] * 40, RATE), RATE)
    pieces = cut_into_pieces(sound, LevelDetector(), cancel=cancel)
    next(pieces)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(pieces)


def test_the_detector_hears_speech_as_the_maker_wrote_it() -> None:
    """The other tests stand on this: 0.9 is speech to the detector, 0.1 is not."""
    sound, _ = pieces_of([(1.024, 2.048), (1.024, 0.0)])
    (speech,) = find_speech(sound, LevelDetector())
    assert (speech.start / RATE, speech.end / RATE) == (1.024, 3.072)
    assert (PAUSE, SPEECH) == (0.1, 0.9)
