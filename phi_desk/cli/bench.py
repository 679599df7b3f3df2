"""`phi-desk bench`: measurements, each a module of `phi_desk.bench` that is imported when used."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from phi_desk.errors import UsageError

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A measurement: a module with `add_arguments(parser)` and `run(args, out) -> int`.

    One that `needs_window` is given the function that drives it, too.
    """

    name: str
    summary: str
    module: str
    needs_window: bool = False


BENCHES = (
    Bench(
        name="make-checkpoint",
        summary="write a full-size checkpoint of random weights",
        module="phi_desk.bench.make_checkpoint",
    ),
    Bench(
        name="fidelity",
        summary="compare with the outputs of the reference implementation",
        module="phi_desk.bench.fidelity",
    ),
    Bench(
        name="memory",
        summary="measure the memory that loading and answering take",
        module="phi_desk.bench.memory",
    ),
    Bench(
        name="speed",
        summary="measure tokens a second",
        module="phi_desk.bench.speed",
    ),
    Bench(
        name="ui",
        summary="measure how smooth the window is",
        module="phi_desk.bench.ui",
        needs_window=True,
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One parser a measurement that this installation has; `parser` is a `CommandParser`."""
    places = parser.add_subparsers(dest="bench", metavar="NAME", title="measurements")
    for bench in BENCHES:
        if importlib.util.find_spec(bench.module) is not None:
            places.add_parser(bench.name, help=bench.summary, module=bench.module)


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Measure; the exit code. Raises `PhiDeskError`."""
    if args.bench is None:
        raise UsageError("No measurement was named.", "See `phi-desk bench --help`.")
    bench = next(b for b in BENCHES if b.name == args.bench)
    module: Any = importlib.import_module(bench.module)
    window = (app.drive_window,) if bench.needs_window else ()
    code: int = module.run(args, out, *window)
    return code
