"""What is said about the demo model, and whether its files are those that came."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from phi_desk.services import embedded
from phi_desk.services.embedded import HONEST, SUMS, changed_files, demo_sentence


@pytest.fixture
def nano(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "nano"
    (folder / "speech-lora").mkdir(parents=True)
    lines = []
    for name in ("config.json", "speech-lora/weights"):
        (folder / name).write_text(f"this is {name}", encoding="utf-8")
        lines.append(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n")
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    monkeypatch.setattr(embedded, "embedded_folder", lambda: folder)
    return folder


def test_only_the_embedded_model_is_called_a_demo(nano: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert demo_sentence(nano) == demo_sentence(nano / ".." / "nano") == HONEST
    assert demo_sentence(other) == demo_sentence(tmp_path / "nowhere") == ""
    assert embedded.has_embedded()


def test_a_link_to_it_is_it(nano: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(nano)
    assert demo_sentence(link) == HONEST


def test_every_changed_file_is_named(nano: Path) -> None:
    assert changed_files(nano) == ()
    (nano / "config.json").write_text("another", encoding="utf-8")
    assert changed_files(nano) == ("config.json",)
    (nano / "speech-lora" / "weights").unlink()
    assert changed_files(nano) == ("config.json", "speech-lora/weights")
    (nano / SUMS).unlink()
    assert changed_files(nano) == (SUMS,)


def test_without_any_demo_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "embedded_folder", lambda: tmp_path / "none")
    assert not embedded.has_embedded()
