"""Microphones, cameras and the screen as findings; the drivers are asked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from phi_desk.errors import DeviceError
from phi_desk.media.devices.cameras import Camera
from phi_desk.media.devices.microphones import Microphone
from phi_desk.media.devices.screens import ScreenCapture
from phi_desk.services.doctor.finding import Finding, State

SHOWN = 3  # names in one line


def microphone(found: Sequence[Microphone]) -> Finding:
    """What can be recorded from; the default comes first in `found`."""
    if not found:
        return Finding(
            name="microphone",
            value="none",
            state="missing",
            hint="Plug one in, or check that a sound server runs; files work without it.",
        )
    first = found[0]
    value = f"{_names([one.name for one in found])} ({first.host}, {first.rate} Hz)"
    if first.default:
        return Finding(name="microphone", value=value)
    return Finding(
        name="microphone",
        value=value,
        state="warning",
        hint="The system has no default: name one with --mic.",
    )


def camera(found: Sequence[Camera]) -> Finding:
    """Which cameras there are, and whether this person may use them."""
    if not found:
        hint = "Plug one in to photograph pages; pictures from files work without it."
        return Finding(name="camera", value="none", state="missing", hint=hint)
    usable = [one.name for one in found if one.usable]
    if usable:
        return Finding(name="camera", value=_names(usable))
    return Finding(
        name="camera",
        value=f"{_names([one.name for one in found])}, not readable by you",
        state="warning",
        hint="Add yourself to the group `video` (sudo usermod -aG video $USER), then log in again.",
    )


def screen(found: ScreenCapture) -> Finding:
    """Whether and how the screen can be captured."""
    state: State = "missing" if found.method == "none" else "ok"
    return Finding(name="screen capture", value=found.sentence, state=state, hint=found.hint)


def failed(name: str, error: DeviceError) -> Finding:
    """A device that could not be asked."""
    return Finding(name=name, value=error.sentence, state="missing", hint=error.hint)


def _names(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
