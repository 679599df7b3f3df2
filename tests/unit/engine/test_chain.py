"""The published instructions, and the answer that holds a transcript and a translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.engine import tasks
from phi_desk.engine.chain import ChainSplitter, split_chain
from phi_desk.engine.languages import find_language


def test_the_published_instructions_are_kept_to_the_letter() -> None:
    german = find_language("de")
    assert tasks.transcribe() == "Transcribe the audio clip into text."
    assert tasks.translate(german) == "Translate the audio to German."
    assert tasks.transcribe_and_translate(german) == (
        "Transcribe the audio to text, and then translate the audio to German. Use <sep> as a "
        "separator between the original transcript and the translation."
    )
    assert tasks.describe_image() == "Describe the image in detail."


@pytest.mark.parametrize(
    ("answer", "transcript", "translation"),
    [
        ("Good day. <sep> Guten Tag.", "Good day.", "Guten Tag."),
        ("Good day.<sep>Guten Tag.", "Good day.", "Guten Tag."),
        ("\n Good day.\n<sep>\n Guten Tag. \n", "Good day.", "Guten Tag."),
        ("Good day.", "Good day.", None),
        ("Good day.<se", "Good day.<se", None),
        ("a < b <s <se> c <sep> d", "a < b <s <se> c", "d"),
        ("<<sep>>", "<", ">"),
        ("<sep>", "", ""),
        ("a<sep>b <sep> c", "a", "b <sep> c"),
        ("", "", None),
    ],
)
def test_both_halves_come_out(answer: str, transcript: str, translation: str | None) -> None:
    assert split_chain(answer) == (transcript, translation)
    assert streamed(list(answer)) == (transcript, translation)


def streamed(deltas: list[str]) -> tuple[str, str | None]:
    splitter = ChainSplitter()
    parts = [*(splitter.feed(delta) for delta in deltas), splitter.flush()]
    transcript = "".join(part.transcript for part in parts)
    translation = "".join(part.translation for part in parts)
    return transcript, translation if splitter.separated else None


@given(st.lists(st.sampled_from([*"<sep> \nab", "<sep>", "<se", "p>", " <", "  "])))
def test_how_the_stream_is_cut_does_not_matter(deltas: list[str]) -> None:
    assert streamed(deltas) == split_chain("".join(deltas))


def test_words_are_not_held_back_and_never_land_in_the_wrong_half() -> None:
    splitter = ChainSplitter()
    fed = [splitter.feed(delta) for delta in (" Good", " day", ". <", "sep", "> Gu", "ten ", "Tag")]
    assert [part.transcript for part in fed] == ["Good", " day", ".", "", "", "", ""]
    assert [part.translation for part in fed] == ["", "", "", "", "Gu", "ten", " Tag"]
