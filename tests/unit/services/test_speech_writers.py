"""Speech events as prose, pairs and JSON, while they stream."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from phi_desk.errors import InputError
from phi_desk.services.speech.events import Partial, Segment, SpeechEvent, Strand
from phi_desk.services.speech.formats import JsonWriter, PairWriter, ProseWriter, Wanted, Writer
from phi_desk.services.speech.paragraphs import FULL_PARAGRAPH, Paragraphs


def said(
    start_s: float, end_s: float, *deltas: str, translation: tuple[str, ...] = ()
) -> list[SpeechEvent]:
    """The events of one piece."""
    strands: list[tuple[Strand, tuple[str, ...]]] = [("text", deltas), ("translation", translation)]
    partials: list[SpeechEvent] = [
        Partial(start_s=start_s, strand=strand, words=words)
        for strand, pieces in strands
        for words in pieces
    ]
    segment = Segment(
        start_s=start_s,
        end_s=end_s,
        text="".join(deltas).strip(),
        translation="".join(translation).strip() if translation else None,
        speech=((start_s, end_s),),
    )
    return [*partials, segment] if segment.text or segment.translation else partials


def written(writer: Writer, *pieces: list[SpeechEvent]) -> str:
    return "".join(writer.write(event) for piece in pieces for event in piece) + writer.end()


def test_pieces_close_together_are_one_paragraph() -> None:
    pieces = [
        said(0, 10, " Hel", "lo. "),
        said(10.5, 20, "\nYou", " there. "),
        said(25, 30, "Bye."),
    ]
    assert written(ProseWriter("text"), *pieces) == "Hello. You there.\n\nBye.\n"


def test_japanese_needs_no_space_and_korean_does() -> None:
    assert written(ProseWriter("text"), said(0, 1, "今日は"), said(1, 2, "晴れ")) == "今日は晴れ\n"
    assert written(ProseWriter("text"), said(0, 1, "오늘은"), said(1, 2, "맑음")) == "오늘은 맑음\n"


def test_a_long_paragraph_ends_with_a_sentence() -> None:
    long = "word " * (FULL_PARAGRAPH // 5 + 1)
    pieces = [said(0, 10, long), said(10, 20, "End."), said(20, 30, "Next.")]
    assert written(ProseWriter("text"), *pieces) == f"{long.strip()} End.\n\nNext.\n"


def test_only_the_strand_that_is_wanted() -> None:
    pieces = [said(0, 1, "Yes.", translation=("Ja.",)), said(1, 2, "No.", translation=("Nein.",))]
    assert written(ProseWriter("translation"), *pieces) == "Ja. Nein.\n"
    assert written(PairWriter(), *pieces) == "Yes.\nJa.\n\nNo.\nNein.\n"


def test_pairs_where_a_strand_is_missing_or_nothing_came() -> None:
    pieces = [said(0, 1, "Yes."), said(1, 2, " "), said(2, 3, "", translation=(" Nein", ". "))]
    assert written(PairWriter(), *pieces) == "Yes.\n\nNein.\n"
    assert written(PairWriter()) == ""
    assert written(ProseWriter("text"), said(0, 1, "  ")) == ""


@given(st.lists(st.lists(st.text("ab \n", max_size=4), max_size=5), max_size=5))
def test_streamed_prose_is_the_joined_segments(pieces: list[list[str]]) -> None:
    events = [said(n, n + 1, *deltas) for n, deltas in enumerate(pieces)]
    paragraphs = Paragraphs()
    for event in (e for piece in events for e in piece if isinstance(e, Segment)):
        paragraphs.add(event)
    assert written(ProseWriter("text"), *events).strip() == paragraphs.text


def test_json_keeps_what_was_heard_before_a_failure() -> None:
    wanted = Wanted(transcript=True, about={"file": "a\u2028.wav"})
    writer = JsonWriter(wanted)
    for event in said(0.12345, 1, "Yes."):
        assert writer.write(event) == ""
    line = writer.end(InputError("Broken.", "Mend it."))
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {
        "file": "a\u2028.wav",
        "segments": [{"start_s": 0.123, "end_s": 1, "text": "Yes.", "reason": "stop"}],
        "error": "Broken. Mend it.",
    }
