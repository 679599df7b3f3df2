"""How things stand with the model, as values; knows neither the lane nor the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from phi_desk.errors import ModelNotFoundError, PhiDeskError


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStatus:
    """How things stand with the model; `sentence` says it in words.

    `done` of `total` steps of loading; `error` where it could not be loaded.
    """

    state: Literal["asleep", "loading", "ready", "failed"]
    sentence: str = ""
    done: int = 0
    total: int = 0
    error: PhiDeskError | None = None


class NoModelError(ModelNotFoundError):
    """The model to answer with is not there: the page Models can mend it."""
