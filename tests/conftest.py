"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="session")
def oracle() -> Path:
    """The folder of the reference checkpoint and its recorded outputs; skips where absent."""
    folder = SHARED / "oracle"
    if not folder.is_dir():
        pytest.skip("the reference outputs are not on this machine")
    return folder


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep all state of a test under its own folder, and the network shut."""
    monkeypatch.setenv("PHI_DESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
