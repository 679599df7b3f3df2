"""Storage: what is kept and how large it is, the bin, and deleting everything; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.model.download.values import bytes_in_words
from phi_desk.services.care.erasing import Erased, Erasure, erase
from phi_desk.services.care.tidying import empty_bin
from phi_desk.services.care.use import Kept, Use, measure
from phi_desk.services.catalog import Catalog
from phi_desk.storage.place import Storage
from phi_desk.ui.running import WorkRunner

Line = tuple[str, str, str]  # what, how many, how large


class StorageView(Protocol):
    """The panel, as its presenter sees it."""

    def show_use(self, lines: tuple[Line, ...], place: Path, sentence: str) -> None:
        """Show how much is kept."""
        ...

    def show_busy(self, sentence: str) -> None:
        """Something is done right now; empty when it is over."""
        ...

    def show_bin(self, count: int) -> None:
        """How many deleted things can be emptied out."""
        ...

    def say(self, sentence: str) -> None:
        """Say that something went well."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...


class StoragePresenter:
    """Does what the panel asks for.

    `before` is called before everything is deleted, with what to do once the pages let go;
    `on_deleted` afterwards, with what was chosen.
    """

    def __init__(
        self,
        view: StorageView,
        home: Path,
        storage: Callable[[], Storage],
        catalog: Callable[[], Catalog],
        disk: WorkRunner,
        before: Callable[[Erasure, Callable[[], None]], None],
        on_deleted: Callable[[Erasure], None],
    ) -> None:
        self._view = view
        self._home = home
        self._storage = storage
        self._catalog = catalog
        self._disk = disk
        self._before = before
        self._on_deleted = on_deleted
        self._busy = False
        self.models_size = 0

    def refresh(self) -> None:
        """Count again."""

        def work(cancel: CancelToken) -> Iterator[object]:
            yield measure(self._home, self._storage(), cancel)

        self._disk.run(work, on_event=self._on_measured, on_failed=self._view.tell)

    def empty_bin(self) -> None:
        """Let go of what was deleted, at once and for good."""

        def work(_cancel: CancelToken) -> Iterator[object]:
            yield empty_bin(self._storage)

        def done(_files: object) -> None:
            self._view.say("The bin is empty.")

        self._do("Emptying the bin…", work, done)

    def delete_all(self, what: Erasure) -> None:
        """Delete the history, and what else was chosen; the program stays usable."""
        if self._busy:
            return
        self._view.show_busy("Deleting…")

        def work(cancel: CancelToken) -> Iterator[object]:
            yield erase(self._home, self._storage(), self._catalog(), what, cancel)

        def done(erased: object) -> None:
            self._on_deleted(what)
            kept = " ".join(erased.kept) if isinstance(erased, Erased) else ""
            self._view.say(f"Everything was deleted. {kept}".strip())

        self._before(what, lambda: self._do("Deleting…", work, done))

    def _do(
        self,
        sentence: str,
        work: Callable[[CancelToken], Iterator[object]],
        done: Callable[[object], None],
    ) -> None:
        if self._busy:
            return
        self._busy = True
        self._view.show_busy(sentence)

        def finished() -> None:
            self._busy = False
            self._view.show_busy("")
            self.refresh()

        self._disk.run(work, on_event=done, on_failed=self._view.tell, on_finished=finished)

    def _on_measured(self, use: object) -> None:
        if isinstance(use, Use):
            self.models_size = use.models
            self._view.show_use(lines_of(use), use.home, sentence_of(use))
            self._view.show_bin(use.binned)


def lines_of(use: Use) -> tuple[Line, ...]:
    """What is kept, a line a kind."""
    size = bytes_in_words
    return (
        ("Chats", _count(use.chats), f"{size(use.chats.media)} of pictures and sound"),
        ("Live sessions", _count(use.sessions), f"{size(use.sessions.media)} of sound"),
        ("Documents read", _count(use.pages), f"{size(use.pages.media)} of pictures"),
        ("All words", "", size(use.words)),
        ("Models", "", size(use.models)),
        ("Settings and logs", "", size(use.other)),
    )


def sentence_of(use: Use) -> str:
    """All of it in a sentence."""
    free = bytes_in_words(use.free)
    return f"{bytes_in_words(use.total)} altogether; {free} are free on this disk."


def _count(kept: Kept) -> str:
    return f"{kept.count}" + (f" and {kept.binned} in the bin" if kept.binned else "")
