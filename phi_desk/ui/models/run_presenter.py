"""How the model runs: what fits here, and the person's own adapters; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import PhiDeskError
from phi_desk.model.plan import Device
from phi_desk.services import adapters, fitting
from phi_desk.services.adapters import OwnAdapter
from phi_desk.services.catalog import Catalog
from phi_desk.services.fitting import Fits
from phi_desk.settings.schema import Model
from phi_desk.ui.running import ModelRunner, Priority, WorkRunner

FindDevices = Callable[[CancelToken], tuple[Device, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What fits here: the full model, and every installed one by its name."""

    full: Fits
    installed: dict[str, Fits] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """Names of the adapters that are loaded, and the person's own folders."""

    loaded: tuple[str, ...] = ()
    own: tuple[OwnAdapter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Names:
    """The adapters of the engine that is loaded."""

    names: tuple[str, ...]


class RunView(Protocol):
    """The page, as this presenter sees it."""

    def show_fitting(self, fitting: Fitting) -> None:
        """Show what fits."""
        ...

    def show_adapters(self, found: Adapters) -> None:
        """Show the adapters."""
        ...

    def show_adding(self, adding: bool) -> None:
        """Whether an adapter is being checked."""
        ...

    def tell(self, error: PhiDeskError) -> None:
        """Show a failure."""
        ...

    def say(self, sentence: str) -> None:
        """Say that something went well."""
        ...


class Chosen(Protocol):
    """What a person chose; see `phi_desk.ui.preferences`."""

    def model(self) -> Model:
        """How the model shall run."""
        ...

    def keep(self, **values: object) -> None:
        """Choose otherwise; raises `PhiDeskError`."""
        ...


class RunPresenter:
    """Finds out what fits on the model's lane, where its library is at home; without a model on
    the network's lane, in a process of its own."""

    def __init__(
        self,
        view: RunView,
        catalog: Catalog,
        lanes: tuple[WorkRunner, WorkRunner, ModelRunner],
        chosen: Chosen,
        find_devices: FindDevices = fitting.find_devices,
    ) -> None:
        self._view = view
        self._catalog = catalog
        self._disk, self._network, self._model = lanes
        self._chosen = chosen
        self._find_devices = find_devices
        self._adapters = Adapters()
        self._devices: tuple[Device, ...] = ()

    def look(self, *, ready: bool) -> None:
        """Find out what fits; `ready` says that a model is loaded."""

        def here(engine: Engine, _cancel: CancelToken) -> Iterator[object]:
            from phi_desk.model.devices import find_devices

            yield _Names(tuple(getattr(engine, "adapters", ())))
            yield given_back(find_devices(), engine)

        def elsewhere(cancel: CancelToken) -> Iterator[object]:
            yield self._find_devices(cancel)

        if ready:
            self._model.run(here, priority=Priority.BATCH, on_event=self._on_found)
        else:
            self._network.run(elsewhere, on_event=self._on_found)

    def count(self) -> None:
        """Count again what fits, after a model came or went."""
        devices = self._devices
        if not devices:
            return

        def work(cancel: CancelToken) -> Iterator[object]:
            installed: dict[str, Fits] = {}
            for entry in self._catalog.list():
                cancel.raise_if_cancelled()
                if entry.state == "ok":
                    installed[entry.name] = fitting.of_folder(entry.folder, devices)
            yield Fitting(full=fitting.full(devices), installed=installed)

        self._disk.run(work, on_event=self._on_counted, on_failed=self._view.tell)

    def refresh_adapters(self) -> None:
        """Look at the person's own adapters again."""
        folders = [Path(one) for one in self._chosen.model().adapters]

        def work(_cancel: CancelToken) -> Iterator[object]:
            yield tuple(adapters.look(folder) for folder in folders)

        def show(own: object) -> None:
            if isinstance(own, tuple):
                self._adapters = replace(self._adapters, own=own)
                self._view.show_adapters(self._adapters)

        self._disk.run(work, on_event=show, on_failed=self._view.tell)

    def add_adapter(self, folder: Path) -> None:
        """Check a folder, every value of it, and keep it for the next loading."""
        known = [Path(one) for one in self._chosen.model().adapters]

        def work(cancel: CancelToken) -> Iterator[object]:
            yield check_adapter(self._catalog, folder, known, cancel)

        def keep(found: object) -> None:
            if isinstance(found, OwnAdapter):
                own = (*self._chosen.model().adapters, str(folder))
                self._chosen.keep(adapters=own)
                self._view.say(f"The adapter “{found.name}” fits. Load the model again to use it.")

        def finished() -> None:
            self._view.show_adding(False)
            self.refresh_adapters()

        self._view.show_adding(True)
        self._network.run(work, on_event=keep, on_failed=self._view.tell, on_finished=finished)

    def remove_adapter(self, folder: Path) -> None:
        """Forget a folder; its files stay."""
        chosen = self._chosen.model()
        own = tuple(one for one in chosen.adapters if Path(one) != folder)
        values: dict[str, object] = {"adapters": own}
        if chosen.adapter == folder.name:
            values["adapter"] = "auto"
        self._chosen.keep(**values)
        self.refresh_adapters()

    def _on_found(self, found: object) -> None:
        if isinstance(found, _Names):
            self._adapters = replace(self._adapters, loaded=found.names)
            self._view.show_adapters(self._adapters)
        elif isinstance(found, tuple):
            self._devices = found
            self.count()

    def _on_counted(self, found: object) -> None:
        if isinstance(found, Fitting):
            self._view.show_fitting(found)


def check_adapter(
    catalog: Catalog, folder: Path, known: Sequence[Path], cancel: CancelToken
) -> OwnAdapter:
    """Check an adapter against the model in use, where there is one. Raises `PhiDeskError`."""
    try:
        model = catalog.resolve(None)
    except PhiDeskError:
        model = None
    return adapters.check(folder, model, known, cancel)


def given_back(devices: tuple[Device, ...], engine: Engine) -> tuple[Device, ...]:
    """The devices as they would be without the model that is loaded: it goes before another."""
    runtime = getattr(engine, "runtime", None)
    if runtime is None:
        return devices
    kind, size = runtime.plan.device.kind, runtime.weight_bytes
    return tuple(
        replace(one, free_bytes=one.free_bytes + size) if one.kind == kind else one
        for one in devices
    )
