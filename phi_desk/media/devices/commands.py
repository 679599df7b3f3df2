"""Asks one of the system's own programs, with a time limit; knows none of them."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence


def output_of(command: Sequence[str], limit_s: float) -> str | None:
    """What `command` writes to its output; None when it is absent, fails or takes too long."""
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            text=True,
            errors="replace",
            timeout=limit_s,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout
