"""The list of chats: found, named, pinned, deleted, brought back; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from phi_desk.cancel import CancelToken
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Chat
from phi_desk.ui.chat.values import ChatLine, ListView
from phi_desk.ui.running import WorkRunner

Stores = Callable[[], ChatStore]  # opens the store on first use: called on a lane only


class ListPresenter:
    """Does to the stored chats what the person asks for, and shows the list again.

    `on_gone` is told the number of a chat that was deleted.
    """

    def __init__(
        self, view: ListView, stores: Stores, disk: WorkRunner, on_gone: Callable[[int], None]
    ) -> None:
        self._view = view
        self._stores = stores
        self._disk = disk
        self._on_gone = on_gone
        self._words = ""
        self._asked = 0
        self.current: int | None = None

    def refresh(self) -> None:
        """Read the list again; only the last answer to this is shown."""
        self._asked += 1
        asked, words = self._asked, self._words

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            yield search(store, words) if words else every(store)

        def show(lines: object) -> None:
            if asked == self._asked and isinstance(lines, tuple):
                self._view.show_chats(lines, self.current, words)

        self._disk.run(work, on_event=show, on_failed=self._view.tell)

    def search(self, words: str) -> None:
        """Show only chats with these words; all of them for none."""
        if words.strip() != self._words:
            self._words = words.strip()
            self.refresh()

    def show_current(self, chat: int | None) -> None:
        """Another chat is open now."""
        self.current = chat
        self.refresh()

    def rename(self, chat: int, title: str) -> None:
        """Give it a name."""
        self._change(lambda store: store.rename(chat, title))

    def pin(self, chat: int, pinned: bool) -> None:
        """Keep it above the others, or no longer."""
        self._change(lambda store: store.pin(chat, pinned))

    def delete(self, chat: Chat) -> None:
        """Take it away; it can be brought back."""
        self._change(lambda store: store.delete(chat.id), lambda: self._deleted(chat))

    def _deleted(self, chat: Chat) -> None:
        self._on_gone(chat.id)

        def undo() -> None:
            self._change(lambda store: store.restore(chat.id))

        self._view.offer_undo(f"“{chat.title}” was deleted.", undo)

    def _change(
        self, change: Callable[[ChatStore], object], then: Callable[[], None] | None = None
    ) -> None:
        def work(cancel: CancelToken) -> Iterator[object]:
            change(self._stores())
            yield True

        def done(_event: object) -> None:
            if then is not None:
                then()

        self._disk.run(work, on_event=done, on_failed=self._view.tell, on_finished=self.refresh)


def every(store: ChatStore) -> tuple[ChatLine, ...]:
    """All chats."""
    return tuple(ChatLine(chat=chat) for chat in store.list())


def search(store: ChatStore, words: str) -> tuple[ChatLine, ...]:
    """Chats with these words, each once, with the first place in it."""
    lines: dict[int, ChatLine] = {}
    for hit in store.search(words):
        found = "" if hit.message is None else hit.snippet.text
        lines.setdefault(hit.chat.id, ChatLine(chat=hit.chat, found=found, message=hit.message))
    return tuple(lines.values())
