"""Shows the window at once, fills it while it stands there, and runs it until it is closed."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

import phi_desk
from phi_desk.app.wiring import App
from phi_desk.cancel import CancelToken
from phi_desk.ui.hooks import Hooks
from phi_desk.ui.shell.frame import Frame
from phi_desk.ui.single_instance import FirstInstance, hand_over

if TYPE_CHECKING:
    from phi_desk.ui.app import Desktop

logger = logging.getLogger(__name__)

SIGNALS_MS = 300  # how often Python looks whether Ctrl-C was pressed in a terminal
LOADING_S = 3.0  # for PortAudio, which must not be ended while it is loaded
UNSEEN_MS = 500  # a window that is not painted, because it is hidden, is filled after this
# In parts, so that the window is painted between them; the last one needs all the others.
PARTS = (
    "numpy",
    "phi_desk.ui.chat.page",
    "phi_desk.ui.models.page",
    "phi_desk.ui.ocr.page",
    "phi_desk.ui.app",
)


class Opening(QObject):
    """Waits for the first paint, then builds what belongs into the window.

    Attributes:
        desktop: None until the window is filled.
    """

    def __init__(
        self, app: App, application: QApplication, frame: Frame, files: Sequence[Path]
    ) -> None:
        super().__init__()
        self._app, self._application, self._frame = app, application, frame
        self._files = tuple(files)
        self._parts = iter(PARTS)
        self._painted: float | None = None
        self._filled = 0.0
        self._closed = False
        self.desktop: Desktop | None = None
        self._step = QTimer(self, singleShot=True, interval=UNSEEN_MS)
        self._step.timeout.connect(self._on_step)
        frame.window.closed.connect(self._on_closed)
        frame.window.installEventFilter(self)

    def show(self) -> None:
        """Show the window."""
        self._step.start()
        self._frame.window.show()

    @Slot(object)
    def take_files(self, files: Sequence[Path]) -> None:
        """Files out of a later start: for the desktop, when it is there."""
        if self.desktop is not None:
            self.desktop.take_files(files)
        else:
            self._files = (*self._files, *files)
            self._frame.window.come_forward()

    def close(self) -> None:
        """End everything; no thread is left."""
        self._closed = True
        self._step.stop()
        if self.desktop is not None:
            self.desktop.close()
        self._frame.disk.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Look for the first paint."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._painted = time.time()
            self._step.start(0)
        return False

    @Slot()
    def _on_step(self) -> None:
        """One part more; the window is painted in between."""
        part = next(self._parts, None)
        if part is not None:
            importlib.import_module(part)
            self._step.start(0)
        elif not self._closed:
            self._fill()

    def _fill(self) -> None:
        from phi_desk.ui.app import Desktop

        self.desktop = Desktop(self._app, self._application, frame=self._frame)
        self._application.commitDataRequest.connect(self._frame.window.let_session_end)
        self.desktop.show()
        if self._files:
            self.desktop.take_files(self._files)
        self._filled = time.time()
        self._frame.disk.run(self._told)

    def _told(self, _cancel: CancelToken) -> Iterator[object]:
        """Write the moments into the log, in seconds of the epoch: `bench ui` reads them there."""
        logger.info("first paint at %.3f, pages at %.3f", self._painted or 0.0, self._filled)
        return iter(())

    @Slot()
    def _on_closed(self) -> None:
        self._closed = True
        self._application.quit()


def leave(code: int) -> NoReturn:
    """End the process at once, after everything was closed and written.

    Python would take a second to take apart what the libraries have built, one object after the
    other, before the process is gone.
    """
    application = QApplication.instance()
    if application is not None:
        application.shutdown()  # hands the clipboard over, where the system keeps it
    sound = sys.modules.get("phi_desk.media.devices.microphones")
    if sound is not None:  # the window is gone already: nobody waits for this
        sound.is_loaded_or_not_begun(LOADING_S)
    atexit._run_exitfuncs()  # noqa: SLF001  (what `sys.exit` runs; there is no other way to it)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def open_window(app: App, files: Sequence[Path]) -> int:
    """Run the window until it is closed; where one is open already, hand it the files."""
    application = QApplication.instance() or QApplication(["phi-desk"])
    assert isinstance(application, QApplication)
    application.setApplicationName("Phi Desk")
    application.setApplicationVersion(phi_desk.__version__)
    application.setDesktopFileName("phi-desk")
    application.setQuitOnLastWindowClosed(False)  # it may go on in the tray
    if hand_over(app.home, files):
        return 0
    hooks = Hooks()
    hooks.install()
    try:
        first = FirstInstance(app.home)
        frame = Frame(app.home, application)
        opening = Opening(app, application, frame, files)
        hooks.uncaught.connect(frame.window.notices.show_error)
        first.called.connect(opening.take_files)
        signals = QTimer(interval=SIGNALS_MS)  # lets Python run, so that it sees Ctrl-C
        signals.timeout.connect(lambda: None)
        signals.start()
        before = signal.signal(signal.SIGINT, lambda *_: frame.window.leave())
        opening.show()
        code = application.exec()
        signal.signal(signal.SIGINT, before)
        signals.stop()
        first.close()
        opening.close()
        return code
    finally:
        hooks.restore()
