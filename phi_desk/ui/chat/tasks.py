"""Tasks that are one click away, by what lies on the desk; knows no Qt and no model.

Where a wording was published it comes from `engine.tasks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phi_desk.engine import tasks as prompts
from phi_desk.engine.languages import LANGUAGES, SPOKEN, Language
from phi_desk.ui.chat.values import DraftItem

LONG_TEXT = 240  # letters of a draft that look like something to work on, not like a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A button: `words` are asked as they stand, or made from the `languages` that are offered.

    `template` is a key for `words_in`.
    """

    name: str
    words: str = ""
    template: str = ""
    languages: tuple[Language, ...] = ()

    def words_in(self, language: Language, text: str = "") -> str:
        """What is asked when a language was chosen."""
        match self.template:
            case "sound":
                return prompts.translate(language)
            case "both":
                return prompts.transcribe_and_translate(language)
            case "picture":
                return f"Read the text in the image and translate it to {language.name}."
            case _:
                return prompts.translate_text(text, language)


DESCRIBE = Task(name="Describe", words=prompts.describe_image())
READ = Task(name="Read the text", words=prompts.read_text())
CHART = Task(name="Explain the chart", words=prompts.explain_chart())
COMPARE = Task(name="Compare", words=prompts.compare_images())
SUMMARISE = Task(name="Summarise", words=prompts.summarise_audio())
WRITE_DOWN = Task(name="Write down", words=prompts.transcribe())
TRANSLATE_SOUND = Task(name="Translate to", template="sound", languages=SPOKEN)
TRANSLATE_PICTURE = Task(name="Translate the text to", template="picture", languages=LANGUAGES)
TRANSLATE_TEXT = Task(name="Translate to", template="text", languages=LANGUAGES)


def tasks_for(items: Sequence[DraftItem], text: str) -> tuple[Task, ...]:
    """What can be done with what lies there; nothing while a question is being written."""
    kinds = [item.kind for item in items]
    pictures, sounds = kinds.count("image"), kinds.count("audio")
    if kinds.count("text"):
        return () if text.strip() or pictures or sounds else _text_tasks("")
    if not kinds:
        return _text_tasks(text) if len(text) >= LONG_TEXT else ()
    if text.strip() or (pictures and sounds):
        return ()
    if sounds:
        return (SUMMARISE, WRITE_DOWN, TRANSLATE_SOUND)
    if pictures > 1:
        return (COMPARE, DESCRIBE, READ)
    return (DESCRIBE, READ, CHART, TRANSLATE_PICTURE)


def _text_tasks(text: str) -> tuple[Task, ...]:
    return (Task(name="Summarise", words=prompts.summarise_text(text).rstrip()), TRANSLATE_TEXT)
