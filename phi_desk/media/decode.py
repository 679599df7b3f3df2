"""Sound files as mono samples at the model's rate, whole or in constant memory; knows no model."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError
from phi_desk.media.ffmpeg import FfmpegSource
from phi_desk.media.libsndfile import LibsndfileSource
from phi_desk.media.resample import Resampler, model_rate
from phi_desk.media.sound import Sound
from phi_desk.media.sources import NoSoundError, NotReadableError, SoundSource

logger = logging.getLogger(__name__)

LONGEST_WHOLE_S = 4 * 3600.0  # 0.9 GB of samples at 16 kHz: what `read_sound` takes at most
RATES = range(1_000, 1_000_001)  # Hz; a rate outside is a damaged header, and 1 Hz a memory bomb

# libsndfile first: it is exact for PCM and tolerates damaged WAV headers; FFmpeg takes the rest.
READERS: tuple[Callable[[Path, CancelToken], SoundSource], ...] = (LibsndfileSource, FfmpegSource)

KINDS_HINT = "Give a sound or video file such as wav, mp3, flac, ogg, m4a, mp4 or webm."


class SoundTooLongError(InputError):
    """The sound is longer than the caller can take in one piece."""


class SoundStream:
    """An open sound file: iterate once over mono float32 blocks at the model's rate.

    Use as a context manager. Memory stays constant however long the file is.

    Attributes:
        rate: 16,000 or 8,000 Hz, by `model_rate` of the file's own rate.
        seconds: how long the file says it lasts, or None; a guess for progress bars.
        notice: after the last block, a sentence for the person when a part of the file was
            damaged and is missing; else empty.
    """

    def __init__(self, name: str, source: SoundSource) -> None:
        """Open over `source`, whose first block is read at once.

        Raises:
            NotReadableError: `source` yields nothing.
            InputError: its rate is no rate of sound.
        """
        self._name = name
        self._source = source
        self.notice = ""
        blocks = source.blocks()
        first = next(blocks)  # a source raises rather than yield nothing
        self.rate = model_rate(_checked_rate(name, first[0]))
        self.seconds = source.seconds
        self._blocks = chain([first], blocks)

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        """Blocks `[n]`, n >= 1, of at most some seconds each.

        Raises:
            InputError: the file holds values that are no numbers, or too little to hear.
            Cancelled: the person stopped it.
        """
        total = 0
        for block in self._resampled():
            if len(block):
                total += len(block)
                yield block
        if not total:
            raise InputError(f"“{self._name}” is too short to hold any sound.", KINDS_HINT)
        if self._source.damaged:
            self.notice = f"“{self._name}” is damaged: only the readable part of it was used."
            logger.warning("%s", self.notice)

    def _resampled(self) -> Iterator[NDArray[np.float32]]:
        resampler: Resampler | None = None
        position = 0.0  # seconds
        for rate, block in self._blocks:
            self._refuse_non_numbers(block, position)
            position += len(block) / _checked_rate(self._name, rate)
            if resampler is None or resampler.source != rate:  # a track may change its rate
                if resampler is not None:
                    yield resampler.finish()
                resampler = Resampler(rate, self.rate)
            result = resampler.push(block)
            self._refuse_non_numbers(result, position)  # huge values overflow in the filter
            yield result
        if resampler is not None:
            yield resampler.finish()

    def _refuse_non_numbers(self, block: NDArray[np.float32], position: float) -> None:
        if not np.isfinite(block).all():
            raise InputError(
                f"“{self._name}” holds values that are no sound (infinite or not a number), "
                f"near {position:.1f} s.",
                "Export the recording again from the program that made it.",
            )

    def close(self) -> None:
        """Give the file back."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_sound(path: Path, *, cancel: CancelToken | None = None) -> SoundStream:
    """Open a sound or video file; reads only its first block.

    Any format libsndfile or FFmpeg reads, any rate, any number of channels (their mean is taken);
    a file already at 16,000 or 8,000 Hz comes out bit for bit.

    Raises:
        InputError: no such file, not a file, or no sound that can be read.
        Cancelled: the person stopped it.
    """
    _refuse_non_files(path)
    reasons: list[NotReadableError] = []
    for reader in READERS:
        try:
            return _open_with(reader, path, cancel or CancelToken())
        except NotReadableError as error:
            reasons.append(error)
    details = tuple(str(reason) for reason in reasons)
    if any(isinstance(reason, NoSoundError) for reason in reasons):
        raise InputError(f"“{path.name}” holds no sound.", KINDS_HINT, details)
    raise InputError(
        f"“{path.name}” is not a sound file that can be read, or it is damaged.",
        KINDS_HINT,
        details,
    )


def read_sound(
    path: Path, *, cancel: CancelToken | None = None, max_seconds: float | None = None
) -> Sound:
    """The whole sound of a file: the samples of `open_sound`, joined.

    Raises:
        SoundTooLongError: longer than `max_seconds` (four hours when None); at most that much
            has been read.
        InputError: as `open_sound`.
        Cancelled: the person stopped it.
    """
    longest = LONGEST_WHOLE_S if max_seconds is None else max_seconds
    with open_sound(path, cancel=cancel) as stream:
        blocks: list[NDArray[np.float32]] = []
        held = 0
        for block in stream:
            held += len(block)
            if held > longest * stream.rate:
                raise SoundTooLongError(
                    f"“{path.name}” lasts longer than {_duration(longest)}.",
                    "Cut it into parts, or transcribe it: transcripts have no such limit.",
                )
            blocks.append(block)
        return Sound(np.concatenate(blocks), stream.rate)


def _open_with(
    reader: Callable[[Path, CancelToken], SoundSource], path: Path, cancel: CancelToken
) -> SoundStream:
    source = reader(path, cancel)
    try:
        return SoundStream(path.name, source)
    except BaseException:
        source.close()
        raise


def _refuse_non_files(path: Path) -> None:
    """Raise `InputError` unless `path` is a regular, readable file with something in it."""
    try:
        about = path.stat()
        if stat.S_ISREG(about.st_mode):
            path.open("rb").close()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise InputError(f"There is no file “{path}”.", "Check the name and the folder.") from None
    except OSError as error:
        raise InputError(
            f"“{path}” cannot be opened: {error.strerror}.", "Check that you may read it."
        ) from error
    if stat.S_ISDIR(about.st_mode):
        raise InputError(f"“{path}” is a folder.", "Name the sound files in it.")
    if not stat.S_ISREG(about.st_mode):
        raise InputError(f"“{path}” is not a file.", KINDS_HINT)
    if about.st_size == 0:
        raise InputError(f"“{path.name}” is empty.", KINDS_HINT)


def _checked_rate(name: str, rate: int) -> int:
    if rate not in RATES:
        raise InputError(
            f"“{name}” claims {rate:,} samples a second, which no sound recording has.",
            "The file is damaged; export it again from the program that made it.",
        )
    return rate


def _duration(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"
