"""Opens the engine that a person's choices name; knows which engines there are, and no model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from phi_desk.errors import InputError

if TYPE_CHECKING:  # they bring numpy, and a command that opens no engine shall start at once
    from phi_desk.cancel import CancelToken
    from phi_desk.engine.base import Engine
    from phi_desk.engine.events import Progress

BUILT_IN_CHOICES = ("auto", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """Which model, where and how exactly.

    Attributes:
        model: a name of the catalogue or a folder; None takes the catalogue's default.
        device: "auto", "cpu", "cuda" or "mps".
        precision: "auto", "fp32", "bf16", "fp16", "int8" or "int4".
        adapters: folders of adapters that are loaded beside the model's own.
    """

    model: str | None = None
    device: str = "auto"
    precision: str = "auto"
    adapters: tuple[Path, ...] = ()


class Models(Protocol):
    """What is asked of the catalogue."""

    def resolve(self, name_or_dir: str | None) -> Path:
        """The folder of a model; raises `ModelNotFoundError`."""
        ...


def open_engine(
    options: EngineOptions,
    models: Models,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> Engine:
    """Load the model that `options` name.

    Raises:
        PhiDeskError: no such model, damaged files, not enough memory, or stopped by `cancel`.
    """
    folder = models.resolve(options.model)
    from phi_desk.engine.local import LocalEngine

    return LocalEngine.open(
        folder,
        device=options.device,
        precision=options.precision,
        progress=progress,
        cancel=cancel,
        adapters=options.adapters,
    )


def choose_adapter(choice: str) -> tuple[str, tuple[Path, ...]]:
    """What `--adapter choice` means: the adapter a request names, and the folders to load.

    A folder is loaded and used under its own name; "auto", "none" and names pass through.

    Raises:
        InputError: it looks like a path and no folder is there.
    """
    if choice in BUILT_IN_CHOICES:
        return choice, ()
    folder = Path(choice).expanduser()
    if folder.is_dir():
        return folder.resolve().name, (folder,)
    if folder.name != choice:
        raise InputError(
            f"There is no adapter folder {choice}.",
            "Give the folder that holds adapter_config.json, or an adapter's name.",
        )
    return choice, ()
