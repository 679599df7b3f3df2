"""The modules of packaging/nano import each other by their bare names, as the command does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_FOLDER = str(Path(__file__).resolve().parents[2] / "packaging" / "nano")
if _FOLDER not in sys.path:
    sys.path.insert(0, _FOLDER)


@pytest.fixture(scope="session")
def all_fonts() -> None:
    """Skips where a font that the pictures are printed in is not installed."""
    from font_families import SPLITS
    from fonts import faces

    from phi_desk.errors import InputError

    try:
        for split in SPLITS:
            faces(split)
    except InputError as missing:
        pytest.skip(missing.sentence)
