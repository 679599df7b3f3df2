"""The sound of a session as a WAV file that is whole at every moment; knows no device.

Its time is the session's time: what was missed, or heard while listening was paused, is silence.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from phi_desk.storage.failures import unusable

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
BYTES = 2  # of a sample
LARGEST = 0xFFFF_FFFF - HEADER.size  # bytes of sound that the format can count: 37 hours at 16 kHz


class SoundTape:
    """Mono, 16 bits. After every `write` the file can be played, whatever happens then."""

    def __init__(self, path: Path, rate: int) -> None:
        """Raises `StorageError`: the file cannot be made."""
        self._path = path
        self._rate = rate
        self._samples = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] | None = path.open("wb", buffering=0)
            self._file.write(self._header())
        except OSError as error:
            raise unusable(error, path) from error

    @property
    def seconds(self) -> float:
        """How long it is by now."""
        return self._samples / self._rate

    def write(self, samples: NDArray[np.float32]) -> None:
        """More sound. Raises `StorageError`; the tape is closed then, and takes no more."""
        whole = np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
        self._put(whole.tobytes(), len(whole))

    def skip(self, samples: int) -> None:
        """So much silence; takes no room on most disks. Raises `StorageError` as `write`."""
        self._put(b"", samples)

    def close(self) -> None:
        """Let go of the file; once is enough."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _put(self, data: bytes, samples: int) -> None:
        file = self._file
        if file is None or samples <= 0 or (self._samples + samples) * BYTES > LARGEST:
            return
        try:
            file.seek(HEADER.size + self._samples * BYTES)
            if data:
                file.write(data)
            else:
                file.truncate(HEADER.size + (self._samples + samples) * BYTES)
            self._samples += samples
            file.seek(0)
            file.write(self._header())
        except OSError as error:
            self.close()
            raise unusable(error, self._path) from error

    def _header(self) -> bytes:
        size = self._samples * BYTES
        return HEADER.pack(
            b"RIFF", HEADER.size - 8 + size, b"WAVE", b"fmt ", 16, 1, 1,
            self._rate, self._rate * BYTES, BYTES, 8 * BYTES, b"data", size,
        )  # fmt: skip
