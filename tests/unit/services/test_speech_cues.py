"""Subtitle cues: their sizes, their times, and the two formats."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phi_desk.services.speech.cues import (
    LINE_COLUMNS,
    LINES,
    columns_of,
    cut_into_cues,
    sentences_of,
)
from phi_desk.services.speech.events import Segment
from phi_desk.services.speech.formats import SubtitleWriter, Wanted
from phi_desk.services.speech.subtitles import srt_block, vtt_block

LONG = (
    "The committee, which had met on Tuesday and again on Thursday, agreed that the bridge over "
    "the river should be closed until the engineers have looked at every one of its cables."
)


def segment(text: str, *speech: tuple[float, float], translation: str | None = None) -> Segment:
    spans = speech or ((0.0, 10.0),)
    return Segment(
        start_s=spans[0][0],
        end_s=spans[-1][1],
        text=text,
        translation=translation,
        speech=spans,
    )


def cues(one: Segment, **strands: bool) -> list[tuple[float, float, tuple[str, ...]]]:
    wanted = {"transcript": True, "translation": False, **strands}
    return [(c.start_s, c.end_s, c.lines) for c in cut_into_cues(one, **wanted)]


def test_a_cue_a_sentence_with_times_by_their_letters() -> None:
    found = cues(segment("Aaaaaaaaaaaaaaaaaaa. Bbbbbbbbb.", (0, 3), (5, 8)))
    assert [lines for _, _, lines in found] == [("Aaaaaaaaaaaaaaaaaaa.",), ("Bbbbbbbbb.",)]
    (a, b, _), (c, d, _) = found
    assert (a, d) == (0, 8)
    assert (
        b == c == pytest.approx(6.0)
    )  # two thirds of six seconds of speech, one second into (5, 8)


def test_a_cue_ends_with_its_span_and_the_next_begins_with_the_next() -> None:
    found = cues(segment("Hello you over there. Hello you over there.", (1, 4), (9, 12)))
    assert [(start, end) for start, end, _ in found] == [(1, 4), (9, 12)]


def test_a_long_sentence_is_cut_near_its_commas_in_lines_that_fit() -> None:
    found = cues(segment(LONG))
    assert len(found) > 1
    for _, _, lines in found:
        assert 1 <= len(lines) <= LINES
        assert max(map(columns_of, lines)) <= LINE_COLUMNS
    assert " ".join(line for _, _, lines in found for line in lines) == LONG


def test_short_sentences_share_a_cue() -> None:
    assert [lines for *_, lines in cues(segment("Yes. No. Well.", (0, 1.5)))] == [
        ("Yes. No. Well.",)
    ]
    assert len(cues(segment("Yes. No. Well.", (0, 9)))) == 3


def test_japanese_counts_two_columns_a_letter() -> None:
    text = (
        "これはとても長い日本語の文章で、字幕の一行には入りきらないので、"
        "二行以上に分けなければなりません。"
    )
    for _, _, lines in cues(segment(text)):
        assert max(map(columns_of, lines)) <= LINE_COLUMNS
    assert "".join(line for *_, lines in cues(segment(text)) for line in lines) == text


def test_both_strands_are_cut_at_the_same_share() -> None:
    one = segment(LONG, translation=LONG.upper())
    found = cues(one, translation=True)
    assert len(found) > 1
    for _, _, lines in found:
        half = len(lines) // 2
        assert [line.upper() for line in lines[:half]] == list(lines[half:])


def test_a_segment_without_words_has_no_cues() -> None:
    assert cues(segment("  ")) == []
    assert cues(segment("", translation=""), translation=True) == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four… five", ["One.", "Two!", "Three?", "Four…", "five"]),
        ('"Stop." He went.', ['"Stop."', "He went."]),
        ("Pi is 3.14 now.", ["Pi is 3.14 now."]),
        ("今日は。「はい。」次。", ["今日は。", "「はい。」", "次。"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


WORDS = st.text(
    st.sampled_from("ab é.,!?-<>&日本。、語\u0301👍‍ \n\t") | st.characters(codec="utf-8"),
    max_size=400,
)


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS, st.lists(st.floats(0.05, 9), min_size=2, max_size=8), st.booleans())
def test_any_words_give_cues_that_fit_and_never_overlap(
    text: str, translation: str, lengths: list[float], both: bool
) -> None:
    moments = [sum(lengths[:n]) for n in range(1, len(lengths) + 1)]
    spans = tuple(zip(moments[::2], moments[1::2], strict=False))
    one = segment(text, *spans, translation=translation)
    strands = [text, translation] if both else [text]
    found = cut_into_cues(one, transcript=True, translation=both)
    for before, after in pairwise(found):
        assert before.end_s <= after.start_s + 1e-6
    shown = "".join(line for cue in found for line in cue.lines)
    assert sorted("".join(shown.split())) == sorted("".join("".join(strands).split()))
    for cue in found:
        assert spans[0][0] <= cue.start_s <= cue.end_s + 1e-6
        assert cue.end_s <= spans[-1][1] + 1e-6
        assert 1 <= len(cue.lines) <= LINES * len(strands)
        assert all(columns_of(line) <= LINE_COLUMNS for line in cue.lines)


def test_an_endless_loop_of_words_takes_no_time() -> None:
    begun = time.monotonic()
    assert len(cues(segment("and then " * 1000, (0, 30)))) > 90
    assert len(cues(segment("a" * 9000, (0, 30)))) > 90
    assert time.monotonic() - begun < 3


def test_formats() -> None:
    (cue,) = cut_into_cues(
        segment("Tom & Jerry --> <b>", (3661.5, 3662.25)), transcript=True, translation=False
    )
    assert srt_block(7, cue) == "7\n01:01:01,500 --> 01:01:02,250\nTom & Jerry -> <b>\n\n"
    assert vtt_block(cue) == ("01:01:01.500 --> 01:01:02.250\nTom &amp; Jerry --&gt; &lt;b&gt;\n\n")


@given(st.lists(st.floats(0.0001, 0.01), min_size=2, max_size=30))
def test_written_times_are_strictly_in_order(lengths: list[float]) -> None:
    writer = SubtitleWriter("srt", Wanted())
    moments = [sum(lengths[:n]) for n in range(1, len(lengths) + 1)]
    written = "".join(
        writer.write(segment("Well.", span))
        for span in zip(moments[::2], moments[1::2], strict=False)
    )
    times = re.findall(r"00:00:(\d\d),(\d\d\d)", written)
    numbers = [int(seconds) * 1000 + int(thousandths) for seconds, thousandths in times]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    assert all(start < end for start, end in pairs)
    assert all(before[1] <= after[0] for before, after in pairwise(pairs))
    counted = re.findall(r"^(\d+)$", written, re.MULTILINE)
    assert counted == [str(n) for n in range(1, len(pairs) + 1)]
