"""The first start: what there is, what the full model needs and whether it fits; knows no Qt."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.model import published
from phi_desk.model.download.values import DownloadProgress, bytes_in_words
from phi_desk.services.embedded import HONEST, has_embedded
from phi_desk.services.fitting import Fits, sentence_of
from phi_desk.ui.common.download_words import in_words
from phi_desk.ui.running import WorkRunner

WITH_DEMO = "You can use it right away: a small model came with it. " + HONEST
WITHOUT_DEMO = (
    "This copy came without the demo model, so it cannot answer yet: "
    "download the full model, or choose a folder that holds it."
)
LOOKING = "Looking at what this machine has…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Whether the demo model is there, and the bytes that the disk has left."""

    has_demo: bool
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How far the full model is on its way: `share` from 0 to 1, None where unknown."""

    button: str
    running: bool
    share: float | None
    words: str


class FirstStartView(Protocol):
    """The page, as its presenter sees it."""

    def show_demo(self, sentence: str, has_demo: bool) -> None:
        """What works now."""
        ...

    def show_disk(self, sentence: str, enough: bool) -> None:
        """What it takes on the disk."""
        ...

    def show_memory(self, sentence: str, fits: bool) -> None:
        """What it takes of the memory."""
        ...

    def show_fetching(self, fetching: Fetching) -> None:
        """How far the download is."""
        ...


class FirstStartPresenter:
    """Tells what it finds out, and what others tell it."""

    def __init__(
        self,
        view: FirstStartView,
        home: Path,
        disk: WorkRunner,
        has_demo: Callable[[], bool] = has_embedded,
    ) -> None:
        self._view = view
        self._home = home
        self._disk = disk
        self._has_demo = has_demo
        self._paused = False

    def refresh(self) -> None:
        """Look at the disk again."""

        def work(_cancel: CancelToken) -> Iterator[object]:
            self._home.mkdir(parents=True, exist_ok=True)
            yield Facts(has_demo=self._has_demo(), free=shutil.disk_usage(self._home).free)

        self._disk.run(work, on_event=self._on_facts)

    def show_full(self, full: Fits) -> None:
        """Whether the full model fits into the memory."""
        self._view.show_memory(sentence_of(full), any(way.fits for way in full.ways))

    def show_download(self, progress: DownloadProgress | None, running: bool) -> None:
        """How far the download is."""
        share = progress.done / progress.total if progress and progress.total else None
        words = in_words(progress) if progress is not None else ""
        button = "Pause" if running else "Resume" if self._paused else "Download"
        self._view.show_fetching(Fetching(button=button, running=running, share=share, words=words))

    def show_paused(self, done: int, total: int) -> None:
        """A download that can go on; 0 bytes where there is none."""
        self._paused = done > 0
        if self._paused:
            of = f" of {bytes_in_words(total)}" if total else ""
            words = f"Paused · {bytes_in_words(done)}{of} are here and are kept."
            share = done / total if total else None
            self._view.show_fetching(
                Fetching(button="Resume", running=False, share=share, words=words)
            )

    def _on_facts(self, facts: object) -> None:
        if not isinstance(facts, Facts):
            return
        self._view.show_demo(WITH_DEMO if facts.has_demo else WITHOUT_DEMO, facts.has_demo)
        needed = published.TOTAL_BYTES
        there = f"{bytes_in_words(facts.free)} are free."
        self._view.show_disk(
            f"It takes {bytes_in_words(needed)} of the disk; {there}", facts.free > needed
        )
