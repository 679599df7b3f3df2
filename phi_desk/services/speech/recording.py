"""A recording as pieces of at most 30 seconds, cut at pauses; knows no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cancel import CancelToken
from phi_desk.media.decode import open_sound

if TYPE_CHECKING:
    from phi_desk.media.decode import SoundStream
    from phi_desk.media.pieces import Piece


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Pieces to be read once, in order.

    Attributes:
        pieces: each as long as the model was trained for; made while they are read.
        seconds: how long the recording says it lasts; None where unknown.
        stream: where the pieces come from; None when they are in memory.
    """

    pieces: Iterable[Piece]
    seconds: float | None = None
    stream: SoundStream | None = None

    @property
    def notice(self) -> str:
        """After the last piece: a sentence when a part of the file could not be read."""
        return self.stream.notice if self.stream is not None else ""


@contextmanager
def open_recording(path: Path, cancel: CancelToken) -> Iterator[Recording]:
    """Open a sound or video file of any length; memory stays constant.

    Raises:
        InputError: it cannot be read.
        Cancelled: the person stopped it.
    """
    from phi_desk.media.pieces import cut_into_pieces
    from phi_desk.media.vad import open_detector

    with open_sound(path, cancel=cancel) as stream:
        pieces = cut_into_pieces(stream, open_detector(), cancel=cancel)
        yield Recording(pieces, stream.seconds, stream)
