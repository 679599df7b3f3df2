"""Joins what was committed and its translation to segments, which files are written from."""

from __future__ import annotations

from phi_desk.services.live.events import Committed, LiveEvent, Translated
from phi_desk.services.speech.events import Segment


class Segments:
    """Feed it every event of a session; `translated` says whether translations follow."""

    def __init__(self, *, translated: bool) -> None:
        self._translated = translated
        self._committed: Committed | None = None

    def feed(self, event: LiveEvent) -> Segment | None:
        """The segment that is complete with `event`; none for one without words."""
        if isinstance(event, Committed):
            self._committed = event
            return None if self._translated else _segment(event, None)
        if isinstance(event, Translated) and self._committed is not None:
            committed, self._committed = self._committed, None
            return _segment(committed, event.text)
        return None


def _segment(committed: Committed, translation: str | None) -> Segment | None:
    if not (committed.text or translation):
        return None
    return Segment(
        start_s=committed.speech[0][0],
        end_s=committed.speech[-1][1],
        text=committed.text,
        translation=translation,
        speech=committed.speech,
        reason=committed.reason,
    )
