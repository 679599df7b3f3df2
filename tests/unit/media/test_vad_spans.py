"""From probabilities to spans: thresholds, lulls, clicks, and decisions that stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from phi_desk.media.spans import Span, SpeechSpans

Y, M, N = 0.9, 0.4, 0.1  # speech, neither, no speech


def spans_of(probabilities: list[float]) -> list[Span]:
    spans = SpeechSpans()
    return spans.feed(probabilities) + spans.finish()


def test_speech_between_silences() -> None:
    assert spans_of([N] * 5 + [Y] * 20 + [N] * 10) == [Span(5, 25)]


def test_speech_to_the_very_end() -> None:
    assert spans_of([N] * 5 + [Y] * 20) == [Span(5, 25)]


def test_speech_that_ends_in_a_lull() -> None:
    assert spans_of([Y] * 20 + [N] * 2) == [Span(0, 20)]


def test_a_lull_shorter_than_a_tenth_of_a_second_is_no_pause() -> None:
    assert spans_of([Y] * 10 + [N] * 3 + [Y] * 10) == [Span(0, 23)]


def test_four_quiet_frames_are_a_pause() -> None:
    assert spans_of([Y] * 10 + [N] * 4 + [Y] * 10) == [Span(0, 10), Span(14, 24)]


def test_a_click_is_no_speech() -> None:
    assert spans_of([N] * 5 + [Y] * 7 + [N] * 5) == []
    assert spans_of([N] * 5 + [Y] * 8 + [N] * 5) == [Span(5, 13)]


def test_between_the_thresholds_speech_goes_on_but_does_not_begin() -> None:
    assert spans_of([M] * 20) == []
    assert spans_of([Y] * 2 + [M] * 20 + [N] * 9) == [Span(0, 22)]


def test_between_the_thresholds_a_lull_goes_on() -> None:
    assert spans_of([Y] * 10 + [N, M, M, M] + [Y] * 10) == [Span(0, 10), Span(14, 24)]


def test_speech_that_goes_on_is_known_before_it_ends() -> None:
    spans = SpeechSpans()
    spans.feed([N] * 3 + [Y] * 7)
    assert (spans.open_since, spans.settled) == (None, 3)
    spans.feed([Y])
    assert (spans.open_since, spans.settled) == (3, 11)
    spans.feed([N, N])
    assert (spans.open_since, spans.settled) == (3, 11)


@given(st.lists(st.sampled_from([Y, M, N]), max_size=200))
def test_what_is_settled_stays_and_the_lag_is_bounded(probabilities: list[float]) -> None:
    final = {f for span in spans_of(probabilities) for f in range(span.start, span.end)}
    spans = SpeechSpans()
    found: list[Span] = []
    for heard, probability in enumerate(probabilities, start=1):
        found += spans.feed([probability])
        now = {f for span in found for f in range(span.start, span.end)}
        if spans.open_since is not None:
            now |= set(range(spans.open_since, spans.settled))
        assert now == {f for f in final if f < spans.settled}
        assert heard - 12 < spans.settled <= heard
