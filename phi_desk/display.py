"""Whether there is a display to open a window on; opens none."""

from __future__ import annotations

import os
import sys


def has_display() -> bool:
    """Whether a window can be opened: on Linux a display must be named."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
