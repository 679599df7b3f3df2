"""Long texts go into the model part by part, and come out in the same order with their gaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Started, TextDelta
from phi_desk.engine.fake import FakeEngine, Rule, question_of
from phi_desk.engine.languages import find_language
from phi_desk.services.texts import PART_LETTERS, cut_text, translate_text
from phi_desk.services.trimming import Trimmer

GERMAN = find_language("de")


def upper(engine_prompt: str) -> str:
    return engine_prompt.split("\n\n", 1)[1].upper()


def test_paragraphs_stay_whole_and_their_gaps_stay() -> None:
    paragraphs = ["one " * 200, "two " * 200, "three " * 100]
    text = "\n\n \n".join(paragraph.strip() for paragraph in paragraphs) + "\n"
    engine = FakeEngine(Rule(lambda _: True, lambda request: upper(question_of(request))))
    events = list(translate_text(text, GERMAN, engine, CancelToken()))
    assert len(engine.requests) == 2
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.text == text.rstrip().upper()
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == finished.text
    assert sum(isinstance(event, Started) for event in events) == 1


def test_a_stop_keeps_the_parts_that_are_done() -> None:
    cancel = CancelToken()
    engine = FakeEngine(otherwise="Ja.")
    heard = []
    for event in translate_text("word " * 1000, GERMAN, engine, cancel):
        heard.append(event)
        if isinstance(event, TextDelta):
            cancel.cancel()
    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert (finished.text, finished.reason) == ("Ja.", "cancelled")


@given(st.text("ab. \n。", max_size=200).map(lambda text: text * 40) | st.text(max_size=50))
def test_nothing_is_lost_in_cutting(text: str) -> None:
    parts = cut_text(text)
    assert "".join(space + words for space, words in parts) == text.rstrip()
    for space, words in parts:
        assert not space.strip()
        assert words == words.strip() != ""
        assert len(words) <= PART_LETTERS


@given(st.lists(st.text("ab \n", max_size=5)))
def test_trimming_while_it_streams(pieces: list[str]) -> None:
    trimmer = Trimmer()
    assert "".join(map(trimmer.feed, pieces)) == "".join(pieces).strip()
