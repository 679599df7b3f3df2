"""The modules of packaging/nano import each other by their bare names, as the command does."""

from __future__ import annotations

import sys
from pathlib import Path

_FOLDER = str(Path(__file__).resolve().parents[2] / "packaging" / "nano")
if _FOLDER not in sys.path:
    sys.path.insert(0, _FOLDER)
