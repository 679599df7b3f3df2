"""Keeps what a person changes in the text of pages, in the history too; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.pages.values import KeptPage
from phi_desk.services.ocr.events import Form
from phi_desk.ui.ocr.papers import PageText, Paper, Sheet
from phi_desk.ui.ocr.reading_queue import Stores
from phi_desk.ui.running import WorkRunner

Change = tuple[Paper, Sheet, Form, PageText]


class Editing:
    """Holds changes until they are saved; those of a page that is not kept yet wait for it."""

    def __init__(
        self, stores: Stores, disk: WorkRunner, on_failed: Callable[[PhiDeskError], None]
    ) -> None:
        self._stores, self._disk, self._on_failed = stores, disk, on_failed
        self._unsaved: dict[int, Change] = {}

    def change(self, paper: Paper, sheet: Sheet, form: Form, text: str) -> bool:
        """Another text of a page; false where it is the same as before."""
        known = sheet.texts.get(form)
        if known is None:
            known = PageText(read=sheet.text(form))
            sheet.texts[form] = known
        if text == known.text:
            return False
        known.edited = None if text == known.read else text
        self._unsaved[id(known)] = (paper, sheet, form, known)
        return True

    def save(self) -> None:
        """Put the changes into the history."""
        changes = self._take()
        if not changes:
            return

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            for change in changes:
                yield change[3], put(store, change)

        def came(event: object) -> None:
            match event:
                case (PageText() as text, KeptPage() as page):
                    text.kept = page.id

        self._disk.run(work, on_event=came, on_failed=self._on_failed)

    def flush(self) -> None:
        """Save at once: for the end of the program, after the lanes have ended."""
        for change in self._take():
            try:
                put(self._stores(), change)
            except PhiDeskError as error:
                self._on_failed(error)

    def _take(self) -> list[Change]:
        """The changes of documents that are in the history."""
        ready = {
            number: change
            for number, change in self._unsaved.items()
            if change[0].kept is not None
            and (change[3].kept is not None or change[2] != change[1].form)
        }
        for number in ready:
            del self._unsaved[number]
        return list(ready.values())


def put(store: PageStore, change: Change) -> KeptPage:
    """Write one change; a text that was made out of another form is added first."""
    paper, sheet, form, text = change
    assert paper.kept is not None
    kept = text.kept
    if kept is None:
        kept = store.add(paper.kept, sheet.number, form, text.read, reason=text.reason).id
    return store.edit(kept, text.edited)
