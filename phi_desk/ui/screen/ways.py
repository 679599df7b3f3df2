"""The ways to freeze the screen, in the order in which they are tried."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QImage

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, DeviceError, PhiDeskError
from phi_desk.ui.lane import Job, Lane
from phi_desk.ui.screen import portal_shot
from phi_desk.ui.screen.permission import need_permission
from phi_desk.ui.screen.portal_shot import Taken, Told
from phi_desk.ui.screen.shots import Place, ScreenShot, cut_apart, grab_screens, places, plain

OnShot = Callable[[ScreenShot], None]
OnFailed = Callable[[PhiDeskError], None]
OnTold = Callable[[str], None]


class Way(Protocol):
    """One way to freeze the screen."""

    @property
    def name(self) -> str:
        """A word for the log."""
        ...

    def freeze(self, on_shot: OnShot, on_failed: OnFailed, on_told: OnTold) -> None:
        """Freeze all screens, at once or later; `on_shot` or `on_failed` is called once.

        `on_told` hears sentences for a person who has to wait or to do something.
        """
        ...

    def cancel(self) -> None:
        """Stop waiting; `on_failed` hears `Cancelled`."""
        ...

    def close(self) -> None:
        """No thread is left."""
        ...


def way_here(platform: str, environment: Mapping[str, str] = os.environ) -> Way:
    """The way of this session.

    The portal first: in a Wayland session the direct way works, too, and gives a black picture.
    """
    if platform == "wayland" or (platform == "xcb" and environment.get("WAYLAND_DISPLAY")):
        return PortalWay()
    return DirectWay(ask_macos=platform == "cocoa")


class DirectWay:
    """X11, Windows and macOS: Qt reads the screen itself."""

    name = "directly"

    def __init__(
        self, *, ask_macos: bool = False, permission: Callable[[], None] = need_permission
    ) -> None:
        self._permission = permission if ask_macos else None

    def freeze(self, on_shot: OnShot, on_failed: OnFailed, on_told: OnTold) -> None:
        """See `Way`."""
        del on_told  # there is nothing to wait for
        try:
            if self._permission is not None:
                self._permission()
            shot = grab_screens()
        except PhiDeskError as error:
            on_failed(error)
            return
        on_shot(shot)

    def cancel(self) -> None:
        """See `Way`."""

    def close(self) -> None:
        """See `Way`."""


class PortalWay:
    """Wayland: the desktop takes the picture, and may ask the person."""

    name = "by the portal"

    def __init__(self) -> None:
        self._lane = Lane("screen lane")
        self._job: Job | None = None
        self._answer: _Answer | None = None

    def freeze(self, on_shot: OnShot, on_failed: OnFailed, on_told: OnTold) -> None:
        """See `Way`."""
        self.cancel()
        # Kept here: signals hold the objects of methods weakly.
        self._answer = answer = _Answer(on_shot, on_failed, on_told)
        self._job = self._lane.run(
            partial(_taking, places()),
            on_event=answer.on_event,
            on_failed=answer.on_failed,
            on_finished=answer.on_finished,
        )

    def cancel(self) -> None:
        """See `Way`."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def close(self) -> None:
        """See `Way`."""
        self.cancel()
        self._lane.close()


class _Answer:
    """Hands on what the lane says, and says so when it ends with nothing."""

    def __init__(self, on_shot: OnShot, on_failed: OnFailed, on_told: OnTold) -> None:
        self._on_shot, self._on_failed, self._on_told = on_shot, on_failed, on_told
        self._done = False

    def on_event(self, event: object) -> None:
        if isinstance(event, Told):
            self._on_told(event.sentence)
        elif isinstance(event, ScreenShot):
            self._done = True
            self._on_shot(event)

    def on_failed(self, error: PhiDeskError) -> None:
        self._done = True
        self._on_failed(error)

    def on_finished(self) -> None:
        if not self._done:
            self._on_failed(Cancelled())


def _taking(screens: Sequence[Place], cancel: CancelToken) -> Iterator[object]:
    """On the lane: the picture is read there, too."""
    for event in portal_shot.take(cancel):
        if isinstance(event, Told):
            yield event
        elif event.chosen:
            yield ScreenShot((), chosen=_read(event))
        else:
            yield cut_apart(_read(event), screens)


def _read(taken: Taken) -> QImage:
    image = plain(QImage(str(taken.path)))
    if image.isNull():
        raise DeviceError(
            "The desktop's picture of the screen cannot be read.", "", (str(taken.path),)
        )
    if not taken.chosen:
        _remove(taken.path)
    return image


def _remove(path: Path) -> None:
    """The desktop made the file for us alone; it is no picture that the person keeps."""
    try:
        path.unlink()
    except OSError:
        return
