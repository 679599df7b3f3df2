"""Models: what there is, what is used, what fits, checked and fetched; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError, OfflineError, PhiDeskError
from phi_desk.model.download.record import read_record
from phi_desk.model.download.values import DownloadProgress, DownloadRequest, bytes_in_words
from phi_desk.services.catalog import Catalog
from phi_desk.services.catalog_entry import Entry
from phi_desk.services.embedded import demo_sentence
from phi_desk.ui.running import Running, Say, WorkRunner

STAY_OFFLINE = (
    "Switch “Stay offline” off in Settings, or start Phi Desk without --offline. Files that you "
    "have can be added as a folder."
)
Download = Callable[[DownloadRequest, Callable[[DownloadProgress], None], CancelToken], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """A download that was stopped: what has arrived, of how much; bytes, 0 where unknown."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows.

    Attributes:
        used: the name of the model in use, or of its folder where it has none; empty for none.
        folder: where that model lies.
        paused: a download that can go on.
        honest: what must be said while that model is used; empty where there is nothing.
    """

    models: tuple[Entry, ...]
    used: str
    folder: Path | None
    notice: str
    paused: Paused | None = None
    honest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """How far the check of a model is."""

    name: str
    done: int
    total: int


class ModelsView(Protocol):
    """The page, as its presenter sees it."""

    def show_models(self, shown: Shown) -> None:
        """Show the list."""
        ...

    def show_checking(self, checking: Checking | None) -> None:
        """How far a check is; None when it is over."""
        ...

    def show_download(self, progress: DownloadProgress | None, running: bool) -> None:
        """How far the download is; `running` while it is under way."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...

    def say(self, sentence: str) -> None:
        """Say that something went well."""
        ...

    def offer(self, sentence: str, label: str, action: Callable[[], None]) -> None:
        """Say something, and offer what to do next."""
        ...


class ModelsPresenter:
    """Does what the page asks for; `on_chosen` is told which model shall be used from now on.

    `chosen` is a name or a folder that takes the place of the catalogue's default; `offline` says
    whether the person switched the network off.
    """

    def __init__(
        self,
        view: ModelsView,
        catalog: Catalog,
        lanes: tuple[WorkRunner, WorkRunner],
        on_chosen: Callable[[str], None],
        *,
        chosen: str | None = None,
        offline: Callable[[], bool] = lambda: False,
        fetch: Download | None = None,
    ) -> None:
        self._view, self._catalog = view, catalog
        self._disk, self._network = lanes
        self._on_chosen = on_chosen
        self._chosen = chosen
        self._offline = offline
        self._fetch = fetch or _fetch
        self._downloading: Running | None = None
        self._checking: Running | None = None

    def refresh(self) -> None:
        """Look at the models again."""
        chosen = self._chosen

        def work(cancel: CancelToken) -> Iterator[object]:
            models = self._catalog.list()
            folder = _used(self._catalog, chosen)
            names = [entry.name for entry in models if entry.folder == folder]
            used = (*names, folder.name if folder else "")[0]
            notice = self._catalog.notice
            yield Shown(
                models=models,
                used=used,
                folder=folder,
                notice=notice,
                paused=unfinished(models),
                honest=demo_sentence(folder) if folder is not None else "",
            )

        self._do(work, self._on_listed)

    def use(self, name: str) -> None:
        """Answer with this model from now on."""

        def work(cancel: CancelToken) -> Iterator[object]:
            self._catalog.default = name
            yield name

        def done(_event: object) -> None:
            self._chosen = name
            self._on_chosen(name)

        self._do(work, done, then=self.refresh)

    def add(self, folder: Path, *, use: bool = False) -> None:
        """Know a folder that the person has, and answer with it; nothing is copied."""

        def work(cancel: CancelToken) -> Iterator[object]:
            yield self._catalog.add(folder)

        def done(entry: object) -> None:
            if isinstance(entry, Entry):
                self._view.say(f"“{entry.name}” is known now; its files stay where they are.")
                if use:
                    self.use(entry.name)

        self._do(work, done, then=self.refresh)

    def remove(self, name: str) -> None:
        """Forget an added model, or delete a downloaded one."""

        def work(cancel: CancelToken) -> Iterator[object]:
            removal = self._catalog.remove(name)
            yield (
                f"“{name}” is deleted: {bytes_in_words(removal.deleted)} are free again."
                if removal.deleted
                else f"“{name}” is forgotten; no file was touched."
            )

        self._do(work, lambda said: self._view.say(str(said)), then=self.refresh)

    def verify(self, name: str) -> None:
        """Read every weight of a model."""
        if self._checking is not None:
            return

        def finished() -> None:
            self._checking = None
            self._view.show_checking(None)

        self._view.show_checking(Checking(name=name, done=0, total=0))
        self._checking = self._network.run_reporting(
            lambda say, cancel: _verify(self._catalog, name, say, cancel),
            on_event=self._on_checked,
            on_failed=self._view.tell,
            on_finished=finished,
        )

    def stop_checking(self) -> None:
        """End the check."""
        if self._checking is not None:
            self._checking.cancel()

    def download(self) -> None:
        """Fetch the full model, or go on where it was left."""
        if self._downloading is not None:
            return
        offline = True if self._offline() else None
        request = DownloadRequest(models=self._catalog.models, offline=offline)

        def work(say: Say, cancel: CancelToken) -> None:
            self._catalog.check_free(request.folder_name)
            say(self._fetch(request, say, cancel))

        def finished() -> None:
            self._downloading = None
            self._view.show_download(None, False)
            self.refresh()

        self._view.show_download(DownloadProgress(phase="list"), True)
        self._downloading = self._network.run_reporting(
            work, on_event=self._on_downloaded, on_failed=self._on_refused, on_finished=finished
        )

    def pause(self) -> None:
        """Stop the download; what has arrived is kept."""
        if self._downloading is not None:
            self._downloading.cancel()

    def _on_listed(self, shown: object) -> None:
        if isinstance(shown, Shown):
            self._view.show_models(shown)

    def _on_checked(self, event: object) -> None:
        if isinstance(event, Checking):
            self._view.show_checking(event)
        elif isinstance(event, str):
            self._view.say(event)

    def _on_downloaded(self, event: object) -> None:
        if isinstance(event, DownloadProgress):
            self._view.show_download(event, True)
        elif isinstance(event, Path):
            self._view.offer(
                "The full model is here, and every file of it was checked.",
                "Use it now",
                partial(self.use, event.name),
            )

    def _on_refused(self, error: PhiDeskError) -> None:
        """What the command line would hint at helps nobody here."""
        if isinstance(error, OfflineError):
            error = OfflineError(error.sentence, STAY_OFFLINE, error.details)
        self._view.tell(error)

    def _do(
        self,
        work: Callable[[CancelToken], Iterator[object]],
        on_event: Callable[[object], None],
        then: Callable[[], None] | None = None,
    ) -> None:
        self._disk.run(work, on_event=on_event, on_failed=self._view.tell, on_finished=then)


def unfinished(models: Sequence[Entry]) -> Paused | None:
    """The download that was stopped, if there is one."""
    entry = next((entry for entry in models if entry.origin == "unfinished"), None)
    if entry is None:
        return None
    record = read_record(entry.folder)
    return Paused(done=entry.size, total=record.total if record else 0)


def _used(catalog: Catalog, chosen: str | None) -> Path | None:
    try:
        return catalog.resolve(chosen)
    except PhiDeskError:
        return None  # the lane that loads it says why


def _verify(catalog: Catalog, name: str, say: Say, cancel: CancelToken) -> None:
    from phi_desk.model.verify import verify

    report = verify(
        catalog.resolve(name),
        quick=False,
        on_bytes=lambda done, total: say(Checking(name=name, done=done, total=total)),
        cancel=cancel,
    )
    if not report.ok:
        raise CheckpointError(report.sentence, report.hint, report.details)
    say(f"“{name}”: {report.sentence}")


def _fetch(
    request: DownloadRequest, say: Callable[[DownloadProgress], None], cancel: CancelToken
) -> Path:
    from phi_desk.model.download.fetch import download

    return download(request, say, cancel)
