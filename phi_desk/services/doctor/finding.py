"""What a probe found out; knows no probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about this machine.

    Attributes:
        name: what was looked at, such as "microphone"; stable, other programs read it.
        value: what was found, for people.
        state: "ok"; "warning" when it works but worse than it could; "missing" when it is not
            there or cannot be used.
        hint: what to do about it; empty when nothing is to do.
    """

    name: str
    value: str
    state: State = "ok"
    hint: str = ""
