"""Sound tracks through FFmpeg (PyAV): m4a, mp4, webm, opus and video files, from local bytes only.

Only containers of one file are allowed: play lists and stream descriptions could make FFmpeg open
other files or the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.media.sources import (
    NoSoundError,
    NotReadableError,
    mean_of_channels,
    plausible_seconds,
)

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,gsm,loas,"
    "matroska,webm,mlp,mov,mp4,m4a,3gp,3g2,mp3,mpc,mpc8,mpeg,mpegts,mxf,nut,ogg,oma,qcp,rm,"
    "shn,spx,tak,truehd,tta,voc,w64,wav,wtv,wv,xwma"
)
INTEGER_SCALES = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31}  # full scale of each sample format


class _QuietFile:
    """A file whose failures FFmpeg sees as numbers: PyAV would write exceptions to stderr."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.failed = False
        self._file = path.open("rb")

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end, and none where the disk fails (`failed`)."""
        try:
            return self._file.read(size)
        except OSError:
            self.failed = True
            return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """The new position, or a negative number where a damaged file leads out of itself."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1

    def tell(self) -> int:
        """The position."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class FfmpegSource:
    """The best sound track of one open file; a `SoundSource`."""

    def __init__(self, path: Path, cancel: CancelToken) -> None:
        import av

        self._cancel = cancel
        self._error = av.FFmpegError
        self.damaged = False
        self.seconds: float | None = None
        self._bytes = _QuietFile(path)
        try:
            self._container = av.open(
                self._bytes,
                mode="r",
                metadata_errors="replace",
                container_options={"format_whitelist": CONTAINERS, "protocol_whitelist": "none"},
            )
        except (av.FFmpegError, ValueError, OSError) as error:
            self._bytes.close()
            raise NotReadableError(str(error)) from error
        if not self._container.streams.audio:
            self.close()
            raise NoSoundError("no sound track")
        self._track = self._container.streams.best("audio") or self._container.streams.audio[0]
        if self._container.duration is not None:
            self.seconds = plausible_seconds(self._container.duration / av.time_base)

    def blocks(self) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Mono blocks; parts that cannot be decoded are left out and mark the file as damaged."""
        started = False
        for frame in self._frames():
            if frame.samples > 0:
                started = True
                yield frame.sample_rate, _mono(frame)
        if not started:
            reason = "no samples could be decoded" if self.damaged else "no samples"
            raise (NotReadableError if self.damaged else NoSoundError)(reason)

    def _frames(self) -> Iterator[AudioFrame]:
        packets = self._container.demux(self._track)
        while True:
            self._cancel.raise_if_cancelled()
            try:
                packet = next(packets, None)
            except (self._error, OSError, ValueError):  # the container breaks off
                self.damaged = True
                return
            if packet is None:
                self.damaged = self.damaged or self._bytes.failed
                return
            try:
                yield from packet.decode()  # type: ignore[misc]  # a sound track's frames
            except (self._error, ValueError):  # one broken packet: the next may be whole
                self.damaged = True

    def close(self) -> None:
        """Close the container and the file."""
        self._container.close()
        self._bytes.close()


def _mono(frame: AudioFrame) -> NDArray[np.float32]:
    """Mono samples `[n]` float32 of one decoded frame in any of FFmpeg's sample formats."""
    values = frame.to_ndarray()  # [channels, n] planar, [1, n * channels] packed
    if not frame.format.is_planar:
        values = values.reshape(frame.samples, -1).T
    kind = values.dtype.str[1:]
    with np.errstate(over="ignore", invalid="ignore"):
        floats = values.astype(np.float32)
        if kind == "u1":
            floats -= 128.0
        if kind in INTEGER_SCALES:
            floats /= np.float32(INTEGER_SCALES[kind])
    return mean_of_channels(floats.T)
