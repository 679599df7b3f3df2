"""bootstrap.py's choices about the system: packages, torch's index, older Pythons."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BOOTSTRAP = Path(__file__).resolve().parents[2] / "bootstrap.py"
ABSENT = '[[library]]\nfile = "libphi-desk-none.so.9"\n' + "".join(
    f'{manager} = "{manager}-none"\n' for manager in ("apt", "dnf", "pacman", "zypper")
)
Steps = list[list[str]]

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, with a list of system packages of which one can never be there."""
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", BOOTSTRAP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    listed = tmp_path / "system-packages.toml"
    listed.write_text(ABSENT, encoding="utf-8")
    monkeypatch.setattr(module, "SYSTEM_PACKAGES", listed)
    return module


@pytest.fixture
def steps(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Steps:
    """The commands that would have run."""
    commands: Steps = []

    def keep(_words: str, command: list[Any], _limit_s: float | None = None) -> None:
        commands.append([str(part) for part in command])

    monkeypatch.setattr(bootstrap, "step", keep)
    return commands


def on_a_machine(monkeypatch: pytest.MonkeyPatch, *, programs: set[str], root: bool) -> None:
    """Pretend that only `programs` are installed, and whether root is asking."""
    monkeypatch.setattr(shutil, "which", lambda name: name if name in programs else None)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)


@linux_only
def test_root_on_debian_installs_what_is_missing(
    bootstrap: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_machine(monkeypatch, programs={"apt-get"}, root=True)
    bootstrap.install_system_packages()
    assert [command[:2] for command in steps] == [["apt-get", "update"], ["apt-get", "install"]]
    assert steps[1][-1] == "apt-none"


@linux_only
@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("apt-get", "sudo apt-get install -y apt-none"),
        ("dnf", "sudo dnf install dnf-none"),
        ("pacman", "sudo pacman -S pacman-none"),
        ("zypper", "sudo zypper install zypper-none"),
    ],
)
def test_others_are_told_the_line_to_type(
    bootstrap: ModuleType,
    steps: Steps,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    program: str,
    line: str,
) -> None:
    on_a_machine(monkeypatch, programs={program}, root=False)
    bootstrap.install_system_packages()
    assert steps == []
    assert line in capsys.readouterr().out


@linux_only
def test_a_mirror_that_fails_does_not_stop_the_set_up(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_machine(monkeypatch, programs={"apt-get"}, root=True)

    def fail(words: str, *_rest: object) -> None:
        raise bootstrap.StepError(f"This step failed: {words}.")

    monkeypatch.setattr(bootstrap, "step", fail)
    bootstrap.install_system_packages()
    said = capsys.readouterr().out
    assert "This step failed: Refreshing" in said
    assert "apt-get install -y apt-none" in said


@linux_only
def test_nothing_is_asked_of_apt_when_all_is_there(
    bootstrap: ModuleType, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.SYSTEM_PACKAGES.write_text(ABSENT.replace("libphi-desk-none.so.9", "libc.so.6"))
    on_a_machine(monkeypatch, programs={"apt-get"}, root=True)
    bootstrap.install_system_packages()
    assert steps == []


def test_torch_can_come_from_an_index_of_its_own(bootstrap: ModuleType, steps: Steps) -> None:
    index = "https://packages.example/torch"
    stamp = bootstrap.Stamp(inputs="", python="", folder="", dev=False, torch_index=index)
    bootstrap.install(stamp, None)
    torch, others = steps[0], steps[1]
    assert torch[-1] == "torch"
    assert torch[torch.index("--index-url") + 1] == index
    assert "--no-deps" in torch  # such an index lacks the pinned versions of what torch needs
    assert "--force-reinstall" in torch
    assert "--index-url" not in others
    bootstrap.install(stamp, stamp)
    assert "--force-reinstall" not in steps[3]


def test_without_an_index_the_settings_of_pip_hold(bootstrap: ModuleType, steps: Steps) -> None:
    stamp = bootstrap.Stamp(inputs="", python="", folder="", dev=True, torch_index="")
    bootstrap.install(stamp, None)
    assert not any("index" in part for command in steps for part in command)
    assert any(part.startswith("pytest") for part in steps[1])


def test_python_3_7_can_read_the_file_far_enough_to_say_it_is_too_old() -> None:
    source = BOOTSTRAP.read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 7), (3, 10)])
def test_an_older_python_gets_one_clear_sentence(version: tuple[int, int]) -> None:
    pretend = f"import runpy, sys; sys.version_info = {version}; runpy.run_path(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", pretend, BOOTSTRAP], capture_output=True, check=False, text=True
    )
    said = f"Phi Desk needs Python 3.11 or newer; this is Python {version[0]}.{version[1]}."
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
