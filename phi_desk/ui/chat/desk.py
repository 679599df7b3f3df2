"""What lies on the desk before it is asked: attachments that are read, and their cost; no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound
from phi_desk.ui.chat.drafts import read_item
from phi_desk.ui.chat.values import DraftItem, TalkView
from phi_desk.ui.running import Running, WorkRunner

Source = Path | Callable[[], Picture | Sound | str]


class Desk:
    """Attachments in the order in which they were given; `on_change` hears of every change.

    Attributes:
        text: the words of the draft when they were last looked at.
    """

    def __init__(self, view: TalkView, disk: WorkRunner, on_change: Callable[[], None]) -> None:
        self._view, self._disk, self._on_change = view, disk, on_change
        self._numbers = 0
        self._items: dict[int, DraftItem] = {}
        self._reading: dict[int, Running] = {}
        self.text = ""

    @property
    def items(self) -> tuple[DraftItem, ...]:
        """What has been read."""
        return tuple(self._items[number] for number in sorted(self._items))

    @property
    def reading(self) -> bool:
        """Whether something that was given is not read yet."""
        return bool(self._reading)

    def add(self, source: Source, name: str) -> None:
        """Read a file, or pixels, samples or words that `source` gives."""
        self._numbers += 1
        number = self._numbers

        def work(cancel: CancelToken) -> Iterator[object]:
            found = source if isinstance(source, Path) else source()
            yield read_item(number, found, name, cancel)

        def done(item: object) -> None:
            if isinstance(item, DraftItem) and number in self._reading:
                self._items[number] = item

        def finished() -> None:
            self._reading.pop(number, None)
            self._show()

        # Entered before it starts: a runner may be done before it returns.
        self._reading[number] = _NotYet()
        running = self._disk.run(work, on_event=done, on_failed=self._fail, on_finished=finished)
        if number in self._reading:
            self._reading[number] = running
            self._show()

    def remove(self, number: int) -> None:
        """Take one away."""
        if self._items.pop(number, None) is not None:
            self._show()

    def clear(self) -> None:
        """Everything was asked; what is still being read is not wanted any more."""
        for running in list(self._reading.values()):
            running.cancel()
        self._reading.clear()
        self._items.clear()
        self.text = ""
        self._show()

    def put_back(self, items: Sequence[DraftItem]) -> None:
        """What was asked could not be stored: it lies here again."""
        self._items.update({item.id: item for item in items})
        self._show()

    def set_costs(self, costs: Mapping[int, int]) -> None:
        """What attachments take, by their numbers."""
        changed = {
            number: replace(self._items[number], tokens=tokens)
            for number, tokens in costs.items()
            if number in self._items and self._items[number].tokens != tokens
        }
        if changed:
            self._items.update(changed)
            self._view.show_items(self.items, len(self._reading))

    def _fail(self, error: PhiDeskError) -> None:
        self._view.tell(error)

    def _show(self) -> None:
        self._view.show_items(self.items, len(self._reading))
        self._on_change()


class _NotYet:
    """Stands for work that is about to start."""

    def cancel(self) -> None:
        """Nothing to stop."""
