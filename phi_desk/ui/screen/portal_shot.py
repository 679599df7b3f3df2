"""A picture of the screen from the desktop's portal: quietly first, then by its own dialog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, DeviceError
from phi_desk.ui.screen.portal import (
    CANCELLED,
    DONE,
    MissingInterfaceError,
    Portal,
    RefusedError,
    open_portal,
)

SCREENSHOT = "org.freedesktop.portal.Screenshot"
QUIET_S = 30.0  # the desktop may ask the person whether we may
DIALOG_S = 300.0  # the person chooses in the desktop's own dialog

NO_SCREENSHOTS = DeviceError(
    "This desktop's portal takes no screenshots.",
    "Install the portal of your desktop: xdg-desktop-portal-gnome, -kde or -wlr.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """Something to say while the person waits."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The file with the picture.

    `chosen`: the person chose in the desktop's dialog what is on it, and the file is theirs.
    """

    path: Path
    chosen: bool


def take(cancel: CancelToken) -> Iterator[Told | Taken]:
    """Ask for a picture of all screens.

    Raises:
        DeviceError: there is no portal, or it gives none.
        Cancelled: by `cancel`, or by the person in the desktop's dialog.
    """
    with open_portal() as portal:
        portal.register()
        quiet = _ask(portal, cancel, interactive=False)
        if quiet is not None:
            yield Taken(quiet, chosen=False)
            return
        yield Told("Your desktop takes the picture: choose in its window.")
        chosen = _ask(portal, cancel, interactive=True)
        if chosen is None:
            raise DeviceError(
                "The desktop refused a picture of the screen.",
                "Allow Phi Desk to take screenshots in the system's settings, under Apps.",
            )
        yield Taken(chosen, chosen=True)


def _ask(portal: Portal, cancel: CancelToken, *, interactive: bool) -> Path | None:
    """The file; None where it was refused."""
    try:
        response = portal.request(
            SCREENSHOT,
            "Screenshot",
            "s",
            ("",),
            {"interactive": ("b", interactive), "modal": ("b", False)},
            cancel=cancel,
            limit_s=DIALOG_S if interactive else QUIET_S,
        )
    except MissingInterfaceError as error:
        raise DeviceError(NO_SCREENSHOTS.sentence, NO_SCREENSHOTS.hint, error.details) from error
    except RefusedError:
        return None
    if response.code == DONE:
        return _path(str(response.results.get("uri", "")))
    if response.code == CANCELLED and interactive:
        raise Cancelled
    return None


def _path(uri: str) -> Path:
    parts = urlsplit(uri)
    if parts.scheme != "file" or not parts.path:
        raise DeviceError("The desktop gave no file with the picture.", "Try again.", (uri,))
    return Path(unquote(parts.path))
