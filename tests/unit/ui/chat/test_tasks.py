"""Tasks are offered by what lies on the desk, in the published words."""

from __future__ import annotations

from typing import Literal

import pytest
from data_makers.asking import picture, sound

from phi_desk.engine import tasks as prompts
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import Audio, Image, Text
from phi_desk.services.chats.values import Named
from phi_desk.ui.chat.tasks import TRANSLATE_PICTURE, TRANSLATE_SOUND, TRANSLATE_TEXT, tasks_for
from phi_desk.ui.chat.turn import parts_of
from phi_desk.ui.chat.values import DraftItem

Kind = Literal["image", "audio", "text"]
GERMAN = find_language("de")


def item(kind: Kind) -> DraftItem:
    parts: dict[str, Image | Audio | Text] = {
        "image": picture(),
        "audio": sound(),
        "text": Text("A long story."),
    }
    return DraftItem(id=1, kind=kind, name="it", part=parts[kind], detail="")


@pytest.mark.parametrize(
    ("kinds", "text", "names"),
    [
        ([], "", []),
        ([], "A short question?", []),
        ([], "word " * 60, ["Summarise", "Translate to"]),
        (["image"], "", ["Describe", "Read the text", "Explain the chart", TRANSLATE_PICTURE.name]),
        (["image"], "What", []),
        (["image", "image"], "", ["Compare", "Describe", "Read the text"]),
        (["audio"], "", ["Summarise", "Write down", "Translate to"]),
        (["audio", "image"], "", []),
        (["text"], "", ["Summarise", "Translate to"]),
    ],
)  # fmt: skip
def test_what_is_attached_says_what_can_be_done(
    kinds: list[Kind], text: str, names: list[str]
) -> None:
    assert [task.name for task in tasks_for([item(kind) for kind in kinds], text)] == names


def test_published_words_are_used() -> None:
    describe, read, chart, _ = tasks_for([item("image")], "")
    assert describe.words == prompts.describe_image()
    assert read.words == prompts.read_text()
    assert chart.words == prompts.explain_chart()
    summarise, write_down, _ = tasks_for([item("audio")], "")
    assert summarise.words == prompts.summarise_audio()
    assert write_down.words == prompts.transcribe()
    assert TRANSLATE_SOUND.words_in(GERMAN) == prompts.translate(GERMAN)
    assert TRANSLATE_TEXT.words_in(GERMAN, "Hi") == prompts.translate_text("Hi", GERMAN)
    assert "German" in TRANSLATE_PICTURE.words_in(GERMAN)


def test_sound_is_translated_to_spoken_languages_only() -> None:
    assert all(language.spoken for language in TRANSLATE_SOUND.languages)
    assert len(TRANSLATE_TEXT.languages) > len(TRANSLATE_SOUND.languages)


def test_words_stand_before_the_text_that_they_are_about() -> None:
    media, words, text = parts_of(" Summarise. ", [item("text"), item("image")])
    assert isinstance(media, Named)
    assert words == Text("Summarise.\n")
    assert text == Text("A long story.")
