"""Takes apart the answer that is a transcript, `<sep>` and a translation; knows no model."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.engine.tasks import SEPARATOR


@dataclass(frozen=True, slots=True)
class ChainDelta:
    """New text of the two halves; joined they are what `split_chain` gives."""

    transcript: str = ""
    translation: str = ""


def split_chain(text: str) -> tuple[str, str | None]:
    """The transcript and the translation, without white space around them.

    The translation is None where the answer has no separator. What follows a second separator
    stays in the translation.
    """
    transcript, separator, translation = text.partition(SEPARATOR)
    return transcript.strip(), translation.strip() if separator else None


class ChainSplitter:
    """As `split_chain`, while the answer streams in; the separator may be cut over deltas.

    Attributes:
        separated: whether the separator has come, so that the translation has begun.
    """

    def __init__(self) -> None:
        self.separated = False
        self._held = ""  # white space, or the beginning of a separator, not yet certain
        self._begun = False  # whether the current half has shown a word

    def feed(self, delta: str) -> ChainDelta:
        """The text that became certain with `delta`."""
        self._held += delta
        if self.separated:
            return ChainDelta(translation=self._certain())
        before, separator, after = self._held.partition(SEPARATOR)
        if not separator:
            return ChainDelta(transcript=self._certain())
        self._held = before
        transcript = self._rest()
        self.separated, self._begun, self._held = True, False, after
        return ChainDelta(transcript=transcript, translation=self._certain())

    def flush(self) -> ChainDelta:
        """The rest at the end of the answer."""
        rest = self._rest()
        return ChainDelta(translation=rest) if self.separated else ChainDelta(transcript=rest)

    def _certain(self) -> str:
        """Give out what is held, up to a possible separator and the white space before it."""
        end = len(self._held) - (0 if self.separated else _begun_separator(self._held))
        end = len(self._held[:end].rstrip())
        ready, self._held = self._held[:end], self._held[end:]
        return self._opened(ready)

    def _rest(self) -> str:
        ready, self._held = self._held.rstrip(), ""
        return self._opened(ready)

    def _opened(self, ready: str) -> str:
        if not self._begun:
            ready = ready.lstrip()
            self._begun = bool(ready)
        return ready


def _begun_separator(text: str) -> int:
    """How many signs at the end of `text` may be the beginning of a separator."""
    for length in range(len(SEPARATOR) - 1, 0, -1):
        if text.endswith(SEPARATOR[:length]):
            return length
    return 0
