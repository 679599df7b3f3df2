"""Chats to files and back, with progress and a way to stop; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError, UsageError
from phi_desk.services.chats.export import ChatForm, Exported, export_chats
from phi_desk.services.chats.importing import import_chats
from phi_desk.services.chats.values import Chat
from phi_desk.ui.chat.list_presenter import Stores
from phi_desk.ui.running import Running, WorkRunner

BUSY = UsageError("An export or an import is going on.", "Wait for its end, or stop it.")


@dataclass(frozen=True, slots=True)
class Packed:
    """So many steps of an export or an import are done."""

    done: int
    total: int


class PackingView(Protocol):
    """What an export and an import show."""

    def show_packing(self, sentence: str, packed: Packed | None) -> None:
        """What is going on; an empty sentence for nothing."""
        ...

    def tell_packed(self, sentence: str, folder: Path | None) -> None:
        """It is done; `folder` holds what was written."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...


class Packing:
    """One export or import at a time, on a lane where it keeps nobody waiting.

    `on_imported` hears which chats came in.
    """

    def __init__(
        self,
        view: PackingView,
        stores: Stores,
        files: WorkRunner,
        on_imported: Callable[[Sequence[Chat]], None],
    ) -> None:
        self._view, self._stores, self._files = view, stores, files
        self._on_imported = on_imported
        self._running: Running | None = None
        self._sentence = ""

    @property
    def busy(self) -> bool:
        """Whether something is being written or read."""
        return bool(self._sentence)

    def export(self, chat: Chat | None, target: Path, form: ChatForm) -> None:
        """Write a chat, or all of them, with their media."""

        def work(say: Callable[[object], None], cancel: CancelToken) -> None:
            store = self._stores()
            chats = store.list() if chat is None else (chat,)
            say(
                export_chats(
                    store,
                    chats,
                    target,
                    form,
                    replace=True,  # the person was asked where the name was chosen
                    on_step=lambda done, total: say(Packed(done, total)),
                    cancel=cancel,
                )
            )

        self._start("Exporting…", work)

    def import_from(self, source: Path) -> None:
        """Add the chats of an export."""

        def work(say: Callable[[object], None], cancel: CancelToken) -> None:
            say(
                import_chats(
                    self._stores(),
                    source,
                    on_step=lambda done, total: say(Packed(done, total)),
                    cancel=cancel,
                )
            )

        self._start("Importing…", work)

    def cancel(self) -> None:
        """Stop; nothing of it is left behind."""
        if self._running is not None:
            self._running.cancel()

    def _start(
        self, sentence: str, work: Callable[[Callable[[object], None], CancelToken], None]
    ) -> None:
        if self.busy:
            self._view.tell(BUSY)
            return
        self._sentence = sentence
        self._view.show_packing(sentence, None)
        running = self._files.run_reporting(
            work, on_event=self._on_event, on_failed=self._view.tell, on_finished=self._on_finished
        )
        if self._sentence:  # it may be done already
            self._running = running

    def _on_event(self, event: object) -> None:
        if isinstance(event, Packed):
            self._view.show_packing(self._sentence, event)
        elif isinstance(event, Exported):
            self._view.tell_packed(_exported(event), event.target.parent)
        elif isinstance(event, tuple):
            count = len(event)
            noun = "chat was" if count == 1 else "chats were"
            self._view.tell_packed(f"{count} {noun} imported.", None)
            self._on_imported(event)

    def _on_finished(self) -> None:
        self._sentence = ""
        self._running = None
        self._view.show_packing("", None)


def _exported(done: Exported) -> str:
    what = "The chat was" if done.chats == 1 else f"{done.chats} chats were"
    said = f"{what} exported to “{done.target.name}”."
    if done.missing:
        names = ", ".join(f"“{name}”" for name in done.missing[:3])
        more = f" and {len(done.missing) - 3} more" if len(done.missing) > 3 else ""
        said += f" Missing, because the stored files are gone: {names}{more}."
    return said
