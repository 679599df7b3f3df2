"""Outlines of recordings, drawn up on a lane and remembered; knows no chat."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from phi_desk.cancel import CancelToken
from phi_desk.media.peaks import Outline, outline_of
from phi_desk.ui.running import WorkRunner
from phi_desk.ui.voice.player import Clip

MOST_KEPT = 200


class Outlines:
    """Gives the outline of a clip, at once when it is known."""

    def __init__(self, disk: WorkRunner) -> None:
        self._disk = disk
        self._known: OrderedDict[str, Outline] = OrderedDict()

    def ask(self, clip: Clip, on_outline: Callable[[Outline], None]) -> None:
        """Call `on_outline`; never for a recording that cannot be read."""
        if clip.key in self._known:
            self._known.move_to_end(clip.key)
            on_outline(self._known[clip.key])
            return

        def work(cancel: CancelToken) -> Iterator[object]:
            yield outline_of(clip.source, cancel)

        def done(outline: object) -> None:
            if isinstance(outline, Outline):
                self._known[clip.key] = outline
                while len(self._known) > MOST_KEPT:
                    self._known.popitem(last=False)
                on_outline(outline)

        self._disk.run(work, on_event=done)
