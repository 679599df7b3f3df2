"""Events into rows: the order of time, what is certain stays, and the newest words for captions."""

from __future__ import annotations

from dataclasses import replace

from phi_desk.engine.events import Finished
from phi_desk.services.history.sessions.values import Missed, Spoken
from phi_desk.services.live.events import Committed, Gap, Partial, Translated
from phi_desk.ui.live.script import CAPTION_LETTERS, Script, as_text, clock, note_words, rows_of
from phi_desk.ui.live.values import Note, Said

ANSWER = Finished(
    text="",
    reason="stop",
    adapter=None,
    prompt_tokens=0,
    cached_tokens=0,
    output_ids=(),
    first_token_s=None,
    seconds=0.0,
)


def partial(segment: int, start: float, text: str, translation: str | None = None) -> Partial:
    return Partial(segment=segment, start_s=start, transcript=text, translation=translation)


def committed(segment: int, start: float, text: str) -> Committed:
    speech = ((start, start + 1),)
    return Committed(
        segment=segment, start_s=start, end_s=start + 1, text=text, speech=speech, answer=ANSWER
    )


def test_words_are_unsure_until_they_are_committed() -> None:
    script = Script(translated=False)
    assert script.take(partial(0, 1.0, "Good")) == ()
    assert list(script.tail) == [Said(start_s=1.0, text="Good", sure=False)]
    script.take(partial(0, 1.0, "Good morning"))
    assert list(script.tail) == [Said(start_s=1.0, text="Good morning", sure=False)]
    assert script.take(committed(0, 1.0, "Good morning.")) == (
        Said(start_s=1.0, text="Good morning."),
    )
    assert not script.tail


def test_a_row_is_certain_once_its_translation_is() -> None:
    script = Script(translated=True)
    script.take(partial(0, 0.0, "Yes.", "Ja"))
    assert script.take(committed(0, 0.0, "Yes.")) == ()
    assert script.take(Translated(segment=0, text="Ja.")) == (
        Said(start_s=0.0, text="Yes.", translation="Ja."),
    )
    assert not script.tail


def test_segments_without_words_leave_nothing() -> None:
    script = Script(translated=True)
    script.take(partial(0, 0.0, "Uh"))
    assert script.take(committed(0, 0.0, "")) == ()
    assert script.take(Translated(segment=0, text="")) == ()
    script.take(partial(1, 2.0, "Hm"))
    script.take(partial(1, 2.5, ""))  # taken back
    assert not script.tail


def test_a_gap_stands_where_it_was_though_earlier_words_come_later() -> None:
    script = Script(translated=False)
    gap = Gap(start_s=5.0, end_s=7.0, why="“Desk” is gone.")
    assert script.take(gap) == ()
    script.take(partial(0, 1.0, "before"))
    note = Note(start_s=5.0, end_s=7.0, why="“Desk” is gone.")
    assert list(script.tail) == [Said(start_s=1.0, text="before", sure=False), note]
    assert script.take(committed(0, 1.0, "Before.")) == (Said(start_s=1.0, text="Before."),)
    assert list(script.tail) == [note]
    assert script.take(committed(1, 8.0, "After.")) == (note, Said(start_s=8.0, text="After."))


def test_a_loss_that_goes_on_is_one_note() -> None:
    script = Script(translated=False)
    for start in (0.0, 5.0, 10.0):
        script.take(Gap(start_s=start, end_s=start + 5, why="Gone."))
    script.take(Gap(start_s=15.0, end_s=15.0, why="Now listening to “Headset”."))
    notes = (
        Note(start_s=0.0, end_s=15.0, why="Gone."),
        Note(start_s=15.0, end_s=15.0, why="Now listening to “Headset”."),
    )
    assert list(script.tail) == list(notes)
    assert script.end() == notes
    assert not script.tail


def test_captions_keep_the_newest_words_and_say_what_is_wrong() -> None:
    script = Script(translated=True)
    for number in range(40):
        script.take(committed(number, float(number), f"sentence number {number}."))
        script.take(Translated(segment=number, text=f"Satz {number}."))
    script.take(partial(40, 40.0, "and then", "und"))
    captions = script.captions
    assert captions.text.endswith("sentence number 38. sentence number 39.")
    assert len(captions.text) <= CAPTION_LETTERS
    assert captions.translation.endswith("Satz 38. Satz 39.")
    assert (captions.unsure_text, captions.unsure_translation) == ("and then", "und")
    script.take(Gap(start_s=41.0, end_s=42.0, why="“Desk” is gone."))
    assert script.captions == replace(captions, note="“Desk” is gone.")
    script.take(partial(40, 40.0, "and then there"))
    assert script.captions.note == ""


def test_scripts_without_spaces_are_joined_without() -> None:
    script = Script(translated=False)
    script.take(committed(0, 0.0, "你好。"))
    script.take(committed(1, 1.0, "今天很冷。"))
    assert script.captions.text == "你好。今天很冷。"


def test_kept_sessions_become_the_same_rows_and_can_be_copied() -> None:
    spoken = Spoken(
        start_s=3725.0, end_s=3726, text="Hi.", translation="Hallo.", speech=(), reason="stop"
    )
    rows = rows_of([Missed(start_s=2.0, end_s=64.0, why="Paused."), spoken])
    assert rows == (
        Note(start_s=2.0, end_s=64.0, why="Paused."),
        Said(start_s=3725.0, text="Hi.", translation="Hallo."),
    )
    assert as_text(rows) == (
        "[0:02] (Not heard from 0:02 to 1:04: Paused.)\n[1:02:05] Hi.\n          Hallo.\n"
    )
    assert note_words(Note(start_s=1.0, end_s=1.0, why="Another device.")) == "Another device."
    assert clock(59.9) == "0:59"
