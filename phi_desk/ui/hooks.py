"""Leads what nobody caught, and what Qt has to say, to the log and to the window."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from phi_desk.errors import PhiDeskError

logger = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Hooks(QObject):
    """Stands where Python and Qt report; `uncaught` arrives on the painting thread."""

    uncaught = Signal(object)  # PhiDeskError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = (sys.excepthook, threading.excepthook)
        self._qt_before: object = None

    def install(self) -> None:
        """Take their places."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._qt_before = qInstallMessageHandler(_log_message)

    def restore(self) -> None:
        """Give the places back."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)  # type: ignore[arg-type]  # what it gave us

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        logger.error("an exception nobody caught", exc_info=(kind, error, trace))
        self.uncaught.emit(as_error(error, trace))

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)


def as_error(error: BaseException, trace: TracebackType | None) -> PhiDeskError:
    """Something that nobody caught, as the person sees it."""
    if isinstance(error, PhiDeskError):
        return error
    return PhiDeskError(
        f"Something went wrong inside Phi Desk ({type(error).__name__}).",
        "You can go on working. Please report it with the details; they are in the log, too.",
        tuple("".join(traceback.format_exception(type(error), error, trace)).splitlines()),
    )


def _log_message(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    category = context.category or "default"
    logger.log(_LEVELS.get(kind, logging.WARNING), "qt (%s): %s", category, message)
