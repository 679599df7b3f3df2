"""Translates the page that is shown, beside it; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, TextDelta
from phi_desk.engine.languages import find_language
from phi_desk.errors import PhiDeskError
from phi_desk.services.ocr.translation import translate
from phi_desk.ui.ocr.papers import Sheet, Translation
from phi_desk.ui.running import ModelRunner, Priority, Running

NOTES = {
    "cancelled": "Stopped: the rest is missing.",
    "length": "The translation was too long: a part of it is missing.",
    "context": "The page was too long: a part of it is missing.",
    "repetition": "The model began to repeat itself: look closely.",
}


class Translating:
    """One translation at a time; `on_words` and `on_change` hear of the sheet it belongs to."""

    def __init__(
        self,
        model: ModelRunner,
        on_change: Callable[[Sheet], None],
        on_words: Callable[[Sheet, str], None],
        tell: Callable[[PhiDeskError], None],
    ) -> None:
        self._model = model
        self._on_change, self._on_words, self._tell = on_change, on_words, tell
        self._running: Running | None = None

    def start(self, sheet: Sheet, text: str, language_name: str) -> None:
        """Translate a page; one that is being translated is given up."""
        self.stop()
        language = find_language(language_name)
        made = Translation(language=language.name)
        sheet.translation = made

        def work(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            yield from translate(text, language, engine, cancel)

        def came(event: object) -> None:
            match event:
                case TextDelta(words):
                    made.text += words
                    if sheet.translation is made:
                        self._on_words(sheet, words)
                case Finished():
                    made.note = NOTES.get(event.reason, "")

        def finished() -> None:
            made.busy = False
            if not made.text and sheet.translation is made:
                sheet.translation = None  # it failed, or was stopped before the first word
            self._on_change(sheet)

        self._on_change(sheet)
        # Somebody waits for it: it goes before the pages that are read in a row.
        self._running = self._model.run(
            work,
            priority=Priority.CHAT,
            on_event=came,
            on_failed=self._tell,
            on_finished=finished,
        )

    def stop(self) -> None:
        """End it; what there is of it stays."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
