"""`phi-desk doctor`: what this machine has and can run, one line a finding; repairs nothing."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from phi_desk.errors import ModelNotFoundError

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output
    from phi_desk.services.catalog_entry import Entry
    from phi_desk.services.doctor.finding import Finding

STATE_WIDTH = 9
NAME_WIDTH = 18


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing beyond the common options."""
    parser.description = (
        "Look at this machine: processor, memory, devices, missing system packages, and the "
        "precisions in which the full model fits. Nothing is changed and no connection is opened."
    )


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Show every finding as soon as it is known; 0 also when something is missing."""
    from phi_desk.services.doctor.examine import Doctor

    def model_names() -> list[str]:
        return [_named(entry) for entry in app.catalog.list()]

    doctor = Doctor(
        home=app.home,
        list_models=model_names,
        notice=lambda: _notice(app),
        offline=app.offline,
    )
    states: Counter[str] = Counter()
    for finding in doctor.examine():
        app.cancel.raise_if_cancelled()
        states[finding.state] += 1
        show(finding, out)
    if not out.json:
        out.line(f"\n{summary(states['missing'], states['warning'])}")
    out.event("finished", **{state: states[state] for state in ("ok", "warning", "missing")})
    return 0


def _named(entry: Entry) -> str:
    return f"{entry.name} (embedded)" if entry.origin == "embedded" else entry.name


def _notice(app: App) -> str:
    """What must be known about the model that commands use."""
    from phi_desk.services.embedded import demo_sentence

    try:
        sentence = demo_sentence(app.catalog.resolve(app.options.model))
    except ModelNotFoundError as error:
        return str(error)
    return f"{sentence} `phi-desk models download` gets it." if sentence else ""


def show(finding: Finding, out: Output) -> None:
    """One finding: a line and its hint for people, or an event."""
    state = "" if finding.state == "ok" else finding.state
    out.line(f"{state:{STATE_WIDTH}}{finding.name:{NAME_WIDTH}}{finding.value}")
    if finding.hint:
        out.line(f"{'':{STATE_WIDTH + NAME_WIDTH}}-> {finding.hint}")
    out.event(
        "finding",
        about=finding.name,
        value=finding.value,
        state=finding.state,
        hint=finding.hint,
    )


def summary(missing: int, warnings: int) -> str:
    """The last line for people."""
    if not missing and not warnings:
        return "Everything is in place."
    counted = [f"{missing} missing"] * bool(missing)
    counted += [f"{warnings} to know about"] * bool(warnings)
    return f"{', '.join(counted)}: the lines behind -> say what to do."
