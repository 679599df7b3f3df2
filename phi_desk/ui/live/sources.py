"""What can be listened to, opened as the person wants it; knows no widget and no model."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError, UsageError
from phi_desk.media.capture import Incoming, Lost, Source
from phi_desk.media.recorder import SoundSystem
from phi_desk.services.history.sessions.tape import SoundTape
from phi_desk.ui.live.values import Wanted

Sounds = Callable[[], SoundSystem]  # the one sound system of the program: asked for on a lane only
OpenSource = Callable[[Wanted, Callable[[], bool], CancelToken], Source]

NAP_S = 0.05


class Sources:
    """Opens what is wanted; called on a lane."""

    def __init__(self, sounds: Sounds) -> None:
        self._sounds = sounds

    def __call__(self, wanted: Wanted, paused: Callable[[], bool], cancel: CancelToken) -> Source:
        """Raises `PhiDeskError` when it is not there; `paused` is asked by a file."""
        match wanted.kind:
            case "file":
                if wanted.file is None:
                    raise UsageError("No file was chosen.", "Choose a sound or video file.")
                return PausingFile(wanted.file, paused, cancel)
            case "system":
                from phi_desk.media.system_audio import open_system_audio

                return open_system_audio(self._sounds(), output=wanted.device)
            case "microphone":
                from phi_desk.media.microphone import open_microphone

                return open_microphone(wanted.device or None, self._sounds())


class PausingFile:
    """A file at its natural pace that stands still while listening is paused. See `Source`."""

    patient = False

    def __init__(
        self,
        path: Path,
        paused: Callable[[], bool],
        cancel: CancelToken,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises `InputError` when it cannot be read."""
        from phi_desk.media.file_source import FileSource

        self._paused = paused
        self._now = clock
        self._stood_s = 0.0
        self._stands_since: float | None = None
        self._file = FileSource(path, cancel=cancel, clock=self._clock)
        self.name = self._file.name
        self.rate = self._file.rate

    @property
    def seconds(self) -> float | None:
        """How long it says it lasts."""
        return self._file.seconds

    @property
    def notice(self) -> str:
        """A sentence when a part of it could not be read."""
        return self._file.notice

    @property
    def ended(self) -> bool:
        """See `Source.ended`."""
        return self._file.ended

    def read(self, wait_s: float) -> list[Incoming]:
        """See `Source.read`."""
        now = self._now()
        if self._paused():
            if self._stands_since is None:
                self._stands_since = now
            time.sleep(min(wait_s, NAP_S))
            return []
        if self._stands_since is not None:
            self._stood_s += now - self._stands_since
            self._stands_since = None
        return self._file.read(wait_s)

    def finish(self) -> list[Incoming]:
        """See `Source.finish`."""
        return self._file.finish()

    def close(self) -> None:
        """See `Source.close`."""
        self._file.close()

    def _clock(self) -> float:
        return self._now() - self._stood_s


class TapedSource:
    """A source whose sound is kept on a tape as it comes. See `Source`.

    What comes while `silent` says so is kept as silence. A tape that fails is told of once, and
    listening goes on without it.
    """

    def __init__(
        self,
        source: Source,
        tape: SoundTape,
        silent: Callable[[], bool],
        on_failed: Callable[[PhiDeskError], None],
    ) -> None:
        self._source = source
        self._tape: SoundTape | None = tape
        self._silent = silent
        self._on_failed = on_failed
        self.name = source.name
        self.rate = source.rate
        self.patient = source.patient

    @property
    def ended(self) -> bool:
        """See `Source.ended`."""
        return self._source.ended

    def read(self, wait_s: float) -> list[Incoming]:
        """See `Source.read`."""
        came = self._source.read(wait_s)
        self.name = self._source.name
        return self._taped(came)

    def finish(self) -> list[Incoming]:
        """See `Source.finish`."""
        return self._taped(self._source.finish())

    def close(self) -> None:
        """See `Source.close`."""
        self._source.close()
        if self._tape is not None:
            self._tape.close()

    def _taped(self, came: list[Incoming]) -> list[Incoming]:
        tape = self._tape
        if tape is None:
            return came
        try:
            for one in came:
                if isinstance(one, Lost):
                    tape.skip(round(one.seconds * self.rate))
                elif self._silent():
                    tape.skip(len(one))
                else:
                    tape.write(one)
        except PhiDeskError as error:
            self._tape = None
            self._on_failed(error)
        return came
