"""Builds the parts of the program and joins them; the one place that knows which there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from phi_desk.cancel import CancelToken
from phi_desk.services import engines
from phi_desk.services.engines import EngineOptions, Models

if TYPE_CHECKING:  # numpy comes with them: a command that needs no engine shall start at once
    from phi_desk.bench.ui import Drive
    from phi_desk.engine.base import Engine
    from phi_desk.engine.events import Progress
    from phi_desk.services.catalog import Catalog

OpenEngine = Callable[
    [EngineOptions, Models, "Callable[[Progress], None] | None", CancelToken], "Engine"
]


class App:
    """The running program: its home folder, its catalogue, its one engine.

    Attributes:
        home: the folder of all state.
        options: which model the engine runs, and how.
        offline: whether every connection is refused, downloads too.
        cancel: set when the person stops the command (Ctrl-C).
        drive_window: has the window measured; None where the program has none.

    `open_engine` takes the place of the engine on this machine.
    """

    def __init__(
        self,
        home: Path,
        options: EngineOptions,
        *,
        offline: bool = False,
        cancel: CancelToken | None = None,
        open_engine: OpenEngine | None = None,
        drive_window: Drive | None = None,
    ) -> None:
        self.drive_window = drive_window
        self.home = home
        self.options = options
        self.offline = offline
        self.cancel = cancel if cancel is not None else CancelToken()
        self._open_engine = open_engine or engines.open_engine
        self._engine: Engine | None = None
        self._catalog: Catalog | None = None

    @property
    def catalog(self) -> Catalog:
        """The models under the home folder."""
        if self._catalog is None:
            from phi_desk.services.catalog import Catalog

            self._catalog = Catalog(self.home)
        return self._catalog

    def engine(self, progress: Callable[[Progress], None] | None = None) -> Engine:
        """The engine, loaded on the first call and kept.

        Raises:
            PhiDeskError: it cannot be loaded, or the person stopped it.
        """
        if self._engine is None:
            self.cancel.raise_if_cancelled()
            self._engine = self._open_engine(self.options, self.catalog, progress, self.cancel)
        return self._engine

    def close(self) -> None:
        """Give the model's memory back."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
