"""Sound files through libsndfile: wav, flac, ogg, aiff and their kin; exact for PCM.

MPEG sound is left to FFmpeg: libsndfile's MPEG decoder writes to stderr by itself when a file is
damaged, and nothing can stop it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.sources import (
    BLOCK_VALUES,
    NoSoundError,
    NotReadableError,
    mean_of_channels,
    plausible_seconds,
)


class LibsndfileSource:
    """One open file; a `SoundSource`."""

    def __init__(self, path: Path, cancel: CancelToken) -> None:
        import soundfile

        if _looks_like_mpeg(path):
            raise NotReadableError("MPEG sound is left to FFmpeg")
        self._cancel = cancel
        self._error = soundfile.SoundFileError
        try:
            # A file named *.raw makes soundfile ask for a rate: a TypeError.
            self._file = soundfile.SoundFile(str(path))
        except (soundfile.SoundFileError, TypeError, ValueError, OSError) as error:
            raise NotReadableError(str(error)) from error
        self.damaged = False
        rate = int(self._file.samplerate)
        self.seconds = plausible_seconds(self._file.frames / rate) if rate > 0 else None

    def blocks(self) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Mono blocks; a file that breaks off ends there and is marked as damaged."""
        rate = int(self._file.samplerate)
        frames = max(1, BLOCK_VALUES // self._file.channels)
        buffer = np.empty((frames, self._file.channels), np.float32)
        started = False
        while True:
            self._cancel.raise_if_cancelled()
            try:
                values = self._file.read(out=buffer)
            except (self._error, ValueError) as error:
                if not started:
                    raise NotReadableError(str(error)) from error
                self.damaged = True
                return
            if not len(values):
                break
            started = True
            yield rate, mean_of_channels(values).copy()
        if not started:
            raise NoSoundError("no samples")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _looks_like_mpeg(path: Path) -> bool:
    """Whether libsndfile would try its MPEG decoder: by an ID3 tag, a frame's sync or the name."""
    if path.suffix.lower() in {".mp1", ".mp2", ".mp3"}:
        return True
    with path.open("rb") as file:
        head = file.read(3)
    return head == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)
