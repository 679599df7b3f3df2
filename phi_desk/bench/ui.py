"""`phi-desk bench ui`: how smooth the window is while the model works; knows no window.

The window itself is driven by a function that is handed down from above (`Drive`), in a process of
its own, so that its end can be measured, too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from phi_desk.bench.report import Report
from phi_desk.bench.ui_figures import Moments, WindowFigures, rows
from phi_desk.display import has_display
from phi_desk.errors import PhiDeskError, UsageError

STARTS = 3
START_TIMEOUT_S = 60.0
INSIDE_TIMEOUT_S = 1800.0  # a model of full size may take minutes to load
_PAINTED = re.compile(r"first paint at ([\d.]+), pages at ([\d.]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRun:
    """What to do with the window.

    Attributes:
        home: the folder of all state; an empty one.
        model: the folder of a checkpoint; None takes a script that writes `rate` tokens a second.
        precision: of the checkpoint.
        seconds: how long answers are written while gaps are counted.
        as_it_comes: shows what random weights write, in all scripts of the world.
        stacks: where to write what every thread did in gaps above `stacks_ms`.
    """

    home: Path
    model: str | None = None
    precision: str = "auto"
    seconds: float = 20.0
    rate: float = 50.0
    as_it_comes: bool = False
    stacks: Path | None = None
    stacks_ms: float = 50.0


Drive = Callable[[WindowRun, Callable[[WindowFigures], None]], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to count gaps (20)")
    parser.add_argument("--rate", type=float, default=50.0, help="tokens a second by script (50)")
    parser.add_argument(
        "--as-it-comes", action="store_true", help="show the random words of random weights"
    )
    parser.add_argument(
        "--stacks", type=Path, metavar="FILE", help="write what every thread did in long gaps"
    )
    parser.add_argument("--stacks-ms", type=float, default=50.0, help="how long is long (50)")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)


def run(args: argparse.Namespace, out: Report, drive: Drive | None) -> int:
    """Start the program a few times, then drive its window, and print a table.

    Raises:
        UsageError: this program has no window.
        PhiDeskError: the window could not be driven to the end.
    """
    if drive is None:
        raise UsageError("This program has no window to measure.")
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # for the processes that are started, too
    if args.inside is not None:
        drive(_asked(args), lambda figures: out.event("figures", **asdict(figures)))
        return 0
    with tempfile.TemporaryDirectory(prefix="phi-desk-bench-") as folder:
        out.progress("start", 0, STARTS)
        started = []
        for number in range(STARTS):
            started.append(first_window(Path(folder) / f"start {number}"))
            out.progress("start", number + 1, STARTS)
        figures, ended_s = _driven(args, Path(folder) / "inside")
    moments = Moments(
        first_window_s=min(seen for seen, _ in started),
        pages_s=min(filled for _, filled in started),
        ended_s=ended_s,
    )
    _tell(out, figures, moments)
    return 0


def _tell(out: Report, figures: WindowFigures, moments: Moments) -> None:
    facts = machine()
    table = rows(figures, moments)
    out.line(f"{figures.words}; {', '.join(f'{name} {value}' for name, value in facts.items())}")
    out.line()
    out.line("| | measured | bar | |")
    out.line("|---|---|---|---|")
    for row in table:
        out.line(f"| {row.name} | {row.measured} | {row.bar} | {row.verdict} |")
    out.event(
        "measured",
        **asdict(figures),
        **asdict(moments),
        machine=facts,
        met={row.name: row.met for row in table if row.met is not None},
    )


def first_window(home: Path) -> tuple[float, float]:
    """Seconds from the start of the real program to its first paint, and to its pages.

    Raises:
        PhiDeskError: it did not show a window.
    """
    begun = time.time()
    process = subprocess.Popen(
        [*program(), "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PHI_DESK_HOME": str(home)},
    )
    try:
        found = _wait_for_paint(process, home / "logs" / "phi-desk.log", begun + START_TIMEOUT_S)
    finally:
        said = _end(process)
    if found is None:
        raise PhiDeskError("The window was not shown.", "Try `phi-desk` by itself.", _lines(said))
    return float(found[1]) - begun, float(found[2]) - begun


def program() -> list[str]:
    """The command that starts this program again."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "phi_desk"]


def _wait_for_paint(
    process: subprocess.Popen[bytes], log: Path, until: float
) -> re.Match[str] | None:
    while time.time() < until and process.poll() is None:
        time.sleep(0.02)
        found = _PAINTED.search(log.read_text(encoding="utf-8")) if log.is_file() else None
        if found is not None:
            return found
    return None


def _end(process: subprocess.Popen[bytes]) -> bytes:
    """End it as a person would; what it said on stderr."""
    if process.poll() is None:
        process.terminate() if sys.platform == "win32" else process.send_signal(signal.SIGINT)
    try:
        said: bytes = process.communicate(timeout=START_TIMEOUT_S)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[1]
    return said


def _driven(args: argparse.Namespace, home: Path) -> tuple[WindowFigures, float]:
    """The figures of a process that drives the window, and how long closing it took to the end.

    Raises:
        PhiDeskError: it failed.
    """
    process = subprocess.Popen(
        [*program(), *_same_line(args), "--inside", str(home), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        said, wrong = process.communicate(timeout=INSIDE_TIMEOUT_S)
        ended = time.time()
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise PhiDeskError("The window did not come to an end.") from None
    for line in said.splitlines():
        event: dict[str, Any] = json.loads(line)
        if event.pop("event") == "figures":
            figures = WindowFigures(**event)
            return figures, ended - figures.closing_at
    details = _lines(wrong)
    raise PhiDeskError("The window could not be driven.", details[-1] if details else "", details)


def _same_line(args: argparse.Namespace) -> Sequence[str]:
    line = ["bench", "ui", "--seconds", str(args.seconds), "--rate", str(args.rate)]
    line += ["--stacks-ms", str(args.stacks_ms), "--precision", args.precision]
    for name, value in (("--model", args.model), ("--stacks", args.stacks)):
        line += [name, str(value)] if value else []
    return line + (["--as-it-comes"] if args.as_it_comes else [])


def _asked(args: argparse.Namespace) -> WindowRun:
    return WindowRun(
        home=args.inside,
        model=args.model,
        precision=args.precision,
        seconds=args.seconds,
        rate=args.rate,
        as_it_comes=args.as_it_comes,
        stacks=args.stacks,
        stacks_ms=args.stacks_ms,
    )


def _lines(said: bytes) -> tuple[str, ...]:
    return tuple(said.decode(errors="replace").splitlines()[-20:])


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    facts = {"system": platform.system(), "cores": str(os.cpu_count() or 0)}
    if hasattr(os, "getloadavg"):
        facts["load"] = f"{os.getloadavg()[0]:.1f}"
    return facts | {"python": platform.python_version()}
