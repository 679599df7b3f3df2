"""Finds out whether and how the screen can be captured; captures nothing."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from phi_desk.media.devices.commands import output_of

Method = Literal["x11", "portal", "macos", "windows", "none"]
Ask = Callable[[tuple[str, ...], float], str | None]

X_SOCKETS = Path("/tmp/.X11-unix")  # where every local X server listens
ASK_LIMIT_S = 1.3  # of each of three programs, so that all of them stay under the doctor's limit
PORTAL = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
SCREENSHOT = "org.freedesktop.portal.Screenshot"
INTROSPECT = "org.freedesktop.DBus.Introspectable.Introspect"
PORTAL_QUESTIONS = (
    ("gdbus", "introspect", "--session", "--dest", PORTAL, "--object-path", PORTAL_PATH),
    ("busctl", "--user", "--no-pager", "introspect", PORTAL, PORTAL_PATH),
    ("dbus-send", "--session", "--print-reply", f"--dest={PORTAL}", PORTAL_PATH, INTROSPECT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCapture:
    """How the screen is captured here; `method` "none" means it cannot be, and `hint` says why."""

    method: Method
    sentence: str
    hint: str = ""


def screen_capture(
    system: str = sys.platform,
    environment: Mapping[str, str] = os.environ,
    *,
    ask: Ask = output_of,
    x_sockets: Path = X_SOCKETS,
) -> ScreenCapture:
    """How the screen of this session can be captured."""
    if system == "darwin":
        return ScreenCapture(
            method="macos",
            sentence="through macOS",
            hint="macOS asks once: allow it in System Settings, Privacy & Security, "
            "Screen Recording.",
        )
    if system.startswith("win"):
        return ScreenCapture(method="windows", sentence="through Windows")
    session = environment.get("XDG_SESSION_TYPE", "")
    if environment.get("WAYLAND_DISPLAY") or session == "wayland":
        return _through_the_portal(ask)
    if display := environment.get("DISPLAY"):
        return _through_x11(display, x_sockets)
    return ScreenCapture(
        method="none",
        sentence="no screen in this session",
        hint="Start Phi Desk inside a graphical session to capture its screen.",
    )


def _through_the_portal(ask: Ask) -> ScreenCapture:
    """Wayland lets no program read the screen; the desktop's portal asks the person first."""
    answers = [ask(question, ASK_LIMIT_S) for question in PORTAL_QUESTIONS]
    if any(SCREENSHOT in answer for answer in answers if answer):
        return ScreenCapture(method="portal", sentence="Wayland, through the desktop's portal")
    if any(answers):
        return ScreenCapture(
            method="none",
            sentence="Wayland, and the portal here takes no screenshots",
            hint="Install the portal of your desktop: xdg-desktop-portal-gnome, -kde or -wlr.",
        )
    return ScreenCapture(
        method="none",
        sentence="Wayland, and no portal answers",
        hint="Install xdg-desktop-portal and the portal of your desktop, then log in again.",
    )


def _through_x11(display: str, sockets: Path) -> ScreenCapture:
    """A display `:N` is on this machine and has a socket; `host:N` is elsewhere."""
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None or (sockets / f"X{local[1]}").exists():
        return ScreenCapture(method="x11", sentence=f"X11, display {display}")
    return ScreenCapture(
        method="none",
        sentence=f"DISPLAY is {display}, and no X server is there",
        hint="Start Phi Desk inside a graphical session, or unset DISPLAY.",
    )
