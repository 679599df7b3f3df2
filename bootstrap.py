"""Sets Phi Desk up on a fresh machine, then opens it; `bootstrap.py test` runs every check instead.

Knows nothing but the standard library, because it runs before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this very file must be able to say so)
    sys.exit(
        f"Phi Desk needs Python 3.11 or newer; this is Python {sys.version_info[0]}."
        f"{sys.version_info[1]}. Install a newer Python (https://www.python.org/downloads/) "
        "and start bootstrap.py with it."
    )

import argparse
import ctypes
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "bootstrap.json"
LOG = VENV / "bootstrap.log"
PROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "resources" / "constraints.txt"
SYSTEM_PACKAGES = ROOT / "resources" / "system-packages.toml"
EMBEDDED = ROOT / "resources" / "models" / "nano" / "config.json"

LOG_LINES_SHOWN = 25
APT_LIMIT_S = 900  # a mirror that does not answer must not hold up the rest
APT_OPTIONS = ("-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20",
               "-o", "DPkg::Lock::Timeout=60")  # fmt: skip


class StepError(Exception):
    """A step failed; the text names it and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What the virtual environment was made from; equal stamps mean nothing is to install."""

    inputs: str
    python: str
    folder: str
    dev: bool
    torch_index: str


# ---- talking -------------------------------------------------------------------------------


def say(words: str) -> None:
    """Tell the person, at once even where the output is a pipe."""
    print(words, flush=True)


def note(text: str) -> None:
    """Keep `text` in the log; a log that cannot be written is no reason to stop."""
    try:
        with LOG.open("a", encoding="utf-8") as log:
            log.write(text.rstrip() + "\n")
    except OSError:
        return


def step(words: str, command: Sequence[str | Path], limit_s: float | None = None) -> None:
    """Run one quiet command; its output goes to the log and is shown only when it fails.

    Raises:
        StepError: the command cannot be started, ends with an error or takes over `limit_s`.
    """
    say(f"{words} ...")
    line = shlex.join(map(str, command))
    started = time.monotonic()
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PIP_NO_INPUT": "1"},
            timeout=limit_s,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        note(f"$ {line}\n{error}")
        raise StepError(f"This step failed: {words}.\n  {line}\n  {error}") from error
    note(f"$ {line}\n{done.stdout}")
    if done.returncode != 0:
        tail = "\n".join(f"  {row}" for row in done.stdout.splitlines()[-LOG_LINES_SHOWN:])
        kept = f"The whole output is in {LOG}." if LOG.is_file() else ""
        raise StepError(
            f"This step failed: {words} (exit code {done.returncode}).\n  {line}\n{tail}\n{kept}"
        )
    say(f"  done in {time.monotonic() - started:.0f} s")


# ---- what is there -------------------------------------------------------------------------


def project() -> Mapping[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))


def wanted(dev: bool, torch_index: str | None) -> Stamp:
    """What the environment has to be made from today."""
    digest = hashlib.sha256(PROJECT.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    before = found()
    return Stamp(
        inputs=digest,
        python=sys.version,
        folder=str(ROOT),  # scripts hold absolute paths: a moved folder needs new ones
        dev=dev or (before is not None and before.dev),
        torch_index=torch_index or (before.torch_index if before else ""),
    )


def found() -> Stamp | None:
    """What the environment says it was made from; None when it was never finished."""
    try:
        return Stamp(**json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def venv_works() -> bool:
    """Whether the environment's own Python starts, is ours and has pip."""
    probe = "import sys, pip; print(sys.prefix); print(sys.version)"
    try:
        done = subprocess.run(
            [PYTHON, "-c", probe], capture_output=True, check=False, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    lines = done.stdout.split("\n", 1)
    ours = done.returncode == 0 and Path(lines[0]).resolve() == VENV.resolve()
    return ours and lines[1].strip() == sys.version.strip()


def is_ready(stamp: Stamp) -> bool:
    """Whether nothing is to install: the stamp fits, and the environment still starts."""
    if found() != stamp:
        return False
    try:
        done = subprocess.run(
            [PYTHON, "-c", "import phi_desk"],
            cwd=VENV,  # not the checkout, where the import would always succeed
            capture_output=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


# ---- setting up ----------------------------------------------------------------------------


def missing_system_packages(manager: str, *, tests: bool = False) -> list[str]:
    """What `manager` calls the shared libraries that this Linux does not have.

    With `tests`, on Debian, also the programs without which some tests are skipped.
    """
    listed = tomllib.loads(SYSTEM_PACKAGES.read_text(encoding="utf-8"))
    missing = []
    if tests and manager == "apt":
        programs = listed.get("test_program", [])
        missing = [str(p["apt"]) for p in programs if shutil.which(p["command"]) is None]
    for library in listed.get("library", []):
        try:
            ctypes.CDLL(library["file"])
        except OSError:
            missing.append(str(library[manager]))
    if manager == "apt" and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def install_system_packages(*, tests: bool = False) -> None:
    """On Debian and Ubuntu as root: install what is missing; else say the line to type.

    Nothing here is fatal: without PortAudio all works but the microphone.
    """
    if not sys.platform.startswith("linux"):
        return
    lines = {"apt": "apt-get install -y", "dnf": "dnf install", "pacman": "pacman -S",
             "zypper": "zypper install"}  # fmt: skip
    programs = {"apt": "apt-get"}
    manager = next((name for name in lines if shutil.which(programs.get(name, name))), None)
    packages = missing_system_packages(manager or "apt", tests=tests)
    if not packages:
        return
    names = " ".join(packages)
    if manager is None:
        say(f"Missing system packages (as Debian calls them): {names}")
        return
    root = os.geteuid() == 0
    by_hand = f"  {'' if root else 'sudo '}{lines[manager]} {names}"
    if manager != "apt" or not root:
        say(f"Some system packages are missing. To install them, type:\n{by_hand}")
        return
    try:
        step("Refreshing the list of system packages",
             ["apt-get", "update", "-q", *APT_OPTIONS], APT_LIMIT_S)  # fmt: skip
        step(f"Installing system packages: {names}",
             ["apt-get", "install", "-y", "-q", "--no-install-recommends", *APT_OPTIONS, *packages],
             APT_LIMIT_S)  # fmt: skip
    except StepError as error:
        say(f"{error}\nGoing on without them. To install them later, type:\n{by_hand}")


def make_venv(before: Stamp | None) -> None:
    """Keep a working environment; make a broken, half made, moved or foreign one anew."""
    moved = before is not None and before.folder != str(ROOT)
    if not moved and PYTHON.exists() and venv_works():
        return
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise StepError(
            "The virtual environment has to be made anew, and this Python lives in it. "
            "Start bootstrap.py with the system's Python."
        )
    if VENV.exists() and not VENV.is_dir():
        raise StepError(f"{VENV} is in the way: move it aside and start again.")
    step("Making the virtual environment .venv", [sys.executable, "-m", "venv", "--clear", VENV])


def pip(*arguments: str | Path) -> list[str | Path]:
    """A quiet `pip install` of the environment; the person's own PIP_ settings hold."""
    return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]


def requirements(dev: bool) -> list[str]:
    """What pyproject.toml asks for: to run, to build, and with `dev` to check."""
    about = project()
    needs = [*about["project"]["dependencies"], *about["build-system"]["requires"]]
    if dev:
        needs += about["project"]["optional-dependencies"]["dev"]
    return [str(need) for need in needs]


def install(stamp: Stamp, before: Stamp | None) -> None:
    """Bring the pinned dependencies and then this checkout into the environment."""
    pinned = ("--constraint", CONSTRAINTS)
    if stamp.torch_index:
        # Such an index has torch, but not the pinned versions of what torch needs: --no-deps.
        own = ["--index-url", stamp.torch_index, "--no-deps"]
        if before is None or before.torch_index != stamp.torch_index:
            own.append("--force-reinstall")  # the same version may be there for another device
    else:
        own = []
    step("Installing torch (the largest part: this takes a while)", pip(*own, *pinned, "torch"))
    step("Installing the other dependencies", pip(*pinned, *requirements(stamp.dev)))
    step("Installing Phi Desk", pip("--no-deps", "--no-build-isolation", "--editable", ROOT))


def set_up(*, dev: bool, torch_index: str | None, system: bool) -> None:
    """Do whatever is still to do; nothing, and nothing on the network, when all is there."""
    stamp, before = wanted(dev, torch_index), found()
    if is_ready(stamp):
        return
    say("Setting Phi Desk up; this happens once.")
    if system:
        install_system_packages(tests=dev)
    make_venv(before)
    STAMP.unlink(missing_ok=True)  # from here on the environment is unfinished
    install(stamp, before)
    STAMP.write_text(json.dumps(asdict(stamp), indent=1), encoding="utf-8")


# ---- afterwards ----------------------------------------------------------------------------


def run_checks(full: bool) -> int:
    """Every check, the tests last so that their summary ends the output; 0 when all pass."""
    script = BIN / ("lint-imports.exe" if os.name == "nt" else "lint-imports")
    checks: list[tuple[str, list[str | Path]]] = [
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        ("lint", [PYTHON, "-m", "ruff", "check", "."]),
        ("types", [PYTHON, "-m", "mypy"]),
        ("import contracts", [script]),
        ("tests", [PYTHON, "-m", "pytest", *(() if full else ("-m", "not full"))]),
    ]
    failed: list[str] = []
    for name, command in checks:
        if name == "tests" and failed:
            say(f"\nFailed so far: {', '.join(failed)}.")
        say(f"\n== {name}: {shlex.join([Path(command[0]).stem, *map(str, command[1:])])}")
        if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
            failed.append(name)
    return 1 if failed else 0


def has_display() -> bool:
    """Whether a window could be shown."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_app() -> int:
    """The window; without a display the same jobs on bundled samples, printed.

    A copy without the embedded model shows what this machine can run instead.
    """
    command = []
    if not has_display():
        command = ["demo"] if EMBEDDED.is_file() else ["doctor"]
    done = subprocess.run([PYTHON, "-m", "phi_desk", *command], cwd=ROOT, check=False)
    code = done.returncode
    if code != 0:
        name = " ".join(["phi-desk", *command])
        print(f"This step failed: {name} (exit code {code}).", file=sys.stderr)
        return code
    if not has_display():
        program = (BIN / "phi-desk").relative_to(ROOT)
        say(
            f"\nPhi Desk is set up. Fetch the full model once (11 GB), then ask what you like:\n"
            f"  {program} models download\n"
            f'  {program} ask "What can you do for me?"'
        )
    return 0


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description="Set Phi Desk up on this machine, then open it."
    )
    parser.add_argument(
        "command", nargs="?", choices=["test"], help="run every check instead of opening the app"
    )
    parser.add_argument(
        "--full", action="store_true", help="with test: also what needs minutes or much memory"
    )
    parser.add_argument(
        "--torch-index",
        metavar="URL",
        help="take torch from this package index: its CPU, CUDA or ROCm builds have one each",
    )
    parser.add_argument(
        "--skip-system-packages", action="store_true", help="leave the system's packages alone"
    )
    chosen = parser.parse_args(arguments)
    if chosen.full and chosen.command != "test":
        parser.error("--full belongs to the command test")
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, then open the app or run the checks.

    Returns 0, 1 when a step or a check failed, 130 when interrupted.
    """
    chosen = options(arguments)
    try:
        set_up(
            dev=chosen.command == "test",
            torch_index=chosen.torch_index,
            system=not chosen.skip_system_packages,
        )
        return run_checks(chosen.full) if chosen.command == "test" else open_app()
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; start bootstrap.py again to go on.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
