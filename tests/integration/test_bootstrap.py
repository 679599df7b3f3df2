"""bootstrap.py from the outside: a small project, real virtual environments, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from data_makers.wheels import make_project

BOOTSTRAP = Path(__file__).resolve().parents[2] / "bootstrap.py"
STARTS_WITHIN_S = 2.0  # the second run, as promised in docs/architecture.md

pytestmark = pytest.mark.skipif(os.name == "nt", reason="looks into .venv/bin")


def environment(project: Path, **more: str) -> dict[str, str]:
    """The process environment, with pip kept off the network and off this machine's settings."""
    dropped = ("PIP_", "PYTHON", "DISPLAY", "WAYLAND_DISPLAY")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    wheels = str(project / "wheels")
    own = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels}
    return {**kept, **own, **more}


def run(project: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the project's bootstrap.py as a person would."""
    return subprocess.run(
        [sys.executable, "bootstrap.py", *arguments],
        cwd=project,
        env=environment(project, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project that was set up once; tests leave it working."""
    folder = make_project(tmp_path_factory.mktemp("house"), BOOTSTRAP)
    first = run(folder)
    assert first.returncode == 0, first.stdout + first.stderr
    (folder / "first-run.txt").write_text(first.stdout, encoding="utf-8")
    return folder


def test_a_first_run_says_its_steps_and_ends_with_the_demo(project: Path) -> None:
    said = (project / "first-run.txt").read_text(encoding="utf-8")
    steps = [
        "Making the virtual environment",
        "Installing torch",
        "Installing the other dependencies",
        "Installing Phi Desk",
        "the demo was here",
        "Fetch the full model",
    ]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)


def test_the_pinned_version_is_installed_and_not_the_newest(project: Path) -> None:
    listed = subprocess.run(
        [project / ".venv/bin/python", "-m", "pip", "list", "--format=json"],
        capture_output=True,
        env=environment(project),
        check=True,
        text=True,
    )
    versions = {row["name"]: row["version"] for row in json.loads(listed.stdout)}
    assert versions["torch"] == "2.13.0"
    assert versions["some-part"] == "1.0"  # 2.0 lies next to it
    assert "pytest" not in versions  # only the checks need it


def test_a_second_run_installs_nothing_and_starts_at_once(project: Path) -> None:
    started = time.monotonic()
    again = run(project, PIP_FIND_LINKS="/nowhere")
    took = time.monotonic() - started
    assert again.returncode == 0
    assert "Installing" not in again.stdout
    assert "the demo was here" in again.stdout
    assert took < STARTS_WITHIN_S


def test_a_changed_constraint_is_installed(project: Path) -> None:
    constraints = project / "resources" / "constraints.txt"
    before = constraints.read_text(encoding="utf-8")
    constraints.write_text(before.replace("some-part==1.0", "some-part==2.0"), encoding="utf-8")
    try:
        changed = run(project)
    finally:
        constraints.write_text(before, encoding="utf-8")
    assert changed.returncode == 0
    assert "Installing the other dependencies" in changed.stdout
    assert "Making the virtual environment" not in changed.stdout
    assert run(project).returncode == 0


def test_a_failing_step_is_named_and_nothing_counts_as_done(project: Path) -> None:
    constraints = project / "resources" / "constraints.txt"
    before = constraints.read_text(encoding="utf-8")
    constraints.write_text(before.replace("some-part==1.0", "some-part==9.9"), encoding="utf-8")
    try:
        failed = run(project)
        assert failed.returncode == 1
        assert "This step failed: Installing the other dependencies" in failed.stderr
        assert "some-part" in failed.stderr  # pip's own words are shown now
        assert "Traceback" not in failed.stderr
        assert run(project).returncode == 1  # not taken for finished the second time
    finally:
        constraints.write_text(before, encoding="utf-8")
    assert run(project).returncode == 0


@pytest.mark.parametrize("damage", ["python", "package", "half made"])
def test_a_broken_environment_is_made_good(project: Path, damage: str) -> None:
    venv = project / ".venv"
    if damage == "python":
        (venv / "bin" / "python").unlink()
        (venv / "bin" / "python").symlink_to("/nowhere/python")
    elif damage == "package":
        for link in venv.glob("lib/python*/site-packages/phi_desk.pth"):
            link.unlink()
    else:
        (venv / "bootstrap.json").write_text("{", encoding="utf-8")
        (venv / "pyvenv.cfg").unlink()
    mended = run(project)
    assert mended.returncode == 0, mended.stderr
    assert "the demo was here" in mended.stdout
    assert "Installing" not in run(project).stdout


def test_a_moved_project_gets_its_own_environment(project: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    project.rename(moved)
    try:
        again = run(moved)
        assert again.returncode == 0, again.stderr
        assert "Making the virtual environment" in again.stdout
        head = (moved / ".venv/bin/phi-desk").read_text(encoding="utf-8").splitlines()[0]
        assert str(moved) in head
    finally:
        moved.rename(project)
    assert run(project).returncode == 0


def test_the_checks_all_run_and_pytest_speaks_last(project: Path) -> None:
    good = run(project, "test")
    assert good.returncode == 0, good.stdout + good.stderr
    order = ["ruff format --check .", "ruff check .", "mypy", "lint-imports", "pytest -m not full"]
    places = [good.stdout.index(f"ran: {check}") for check in order]
    assert places == sorted(places)
    assert good.stdout.rstrip().splitlines()[-1] == "ran: pytest -m not full"
    full = run(project, "test", "--full")
    assert full.stdout.rstrip().splitlines()[-1] == "ran: pytest"


@pytest.mark.parametrize("check", ["ruff format", "mypy", "lint-imports", "pytest"])
def test_one_failing_check_fails_all_but_stops_none(project: Path, check: str) -> None:
    done = run(project, "test", FAIL=check)
    assert done.returncode == 1
    assert done.stdout.count("ran: ") == 5
    assert done.stdout.rstrip().splitlines()[-1].startswith("ran: pytest")


def test_a_demo_that_fails_is_the_exit_code(project: Path) -> None:
    done = run(project, FAIL="demo")
    assert done.returncode == 3
    assert "phi-desk demo" in done.stderr


def test_a_copy_without_the_demo_model_ends_with_the_doctor(project: Path) -> None:
    config = project / "resources" / "models" / "nano" / "config.json"
    config.unlink()
    try:
        done = run(project)
    finally:
        config.write_text("{}", encoding="utf-8")
    assert done.returncode == 0
    assert "the doctor was here" in done.stdout


def test_full_without_test_is_wrong_usage(project: Path) -> None:
    done = run(project, "--full")
    assert done.returncode == 2
    assert "--full" in done.stderr


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "house", BOOTSTRAP)
    (folder / ".venv").write_text("", encoding="utf-8")
    done = run(folder)
    assert done.returncode == 1
    assert "is in the way" in done.stderr
