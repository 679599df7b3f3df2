"""Turns positions into `DownloadProgress`: bytes over all files, speed, time left; no network."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from phi_desk.model.download.listing import Listing, RemoteFile
from phi_desk.model.download.values import DownloadProgress, Phase

_WINDOW_S = 8.0  # long enough to be calm, short enough to follow a line that gets slower
_EVERY_S = 0.1


class Meter:
    """Keeps count of what is on disk and reports it, at most ten times a second."""

    def __init__(
        self,
        report: Callable[[DownloadProgress], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report = report
        self._clock = clock
        self._on_disk: dict[str, int] = {}
        self._total = 0
        self._file = RemoteFile(path="", size=0, digest="")
        self._received = 0
        self._samples: deque[tuple[float, int]] = deque()
        self._next_report = 0.0
        self._phase: Phase = "list"

    @property
    def done(self) -> int:
        """Bytes of all files that are on disk."""
        return sum(self._on_disk.values())

    def plan(self, listing: Listing, on_disk: dict[str, int]) -> None:
        """Learn what is to come and what is there already."""
        self._total = listing.total
        self._on_disk = dict(on_disk)

    def begin(self, file: RemoteFile) -> None:
        """The reports that follow are about `file`."""
        self._file = file
        self._on_disk.setdefault(file.path, 0)

    def moved_to(self, position: int) -> None:
        """So many bytes of the file are on disk now."""
        gained = position - self._on_disk[self._file.path]
        self._on_disk[self._file.path] = position
        if gained > 0:
            self._received += gained
            now = self._clock()
            self._samples.append((now, self._received))
            while self._samples[0][0] < now - _WINDOW_S:
                self._samples.popleft()
        self._say("fetch", position)

    def have(self, file: RemoteFile) -> None:
        """The whole file is on disk."""
        self._on_disk[file.path] = file.size

    def checked(self, position: int) -> None:
        """So many bytes of the file have been hashed."""
        self._say("check", position)

    def say(self, phase: Phase, note: str = "") -> None:
        """Report a phase that has no bytes of its own."""
        self._say(phase, self._on_disk.get(self._file.path, 0), note)

    def _say(self, phase: Phase, position: int, note: str = "") -> None:
        now = self._clock()
        news = phase != self._phase or note or position == self._file.size
        if now < self._next_report and not news:
            return
        self._phase = phase
        self._next_report = now + _EVERY_S
        speed = self._speed()
        left = None if not speed else (self._total - self.done) / speed
        self._report(
            DownloadProgress(
                phase=phase,
                file=self._file.path,
                file_done=position,
                file_total=self._file.size,
                done=self.done,
                total=self._total,
                speed=speed,
                seconds_left=left,
                note=note,
            )
        )

    def _speed(self) -> float | None:
        """Bytes a second between the oldest and the newest sample of the window."""
        if len(self._samples) < 2:
            return None
        (start, before), (end, after) = self._samples[0], self._samples[-1]
        return (after - before) / (end - start) if end > start else None
