"""The main window: pages, navigation, notices and the status line; knows no page by name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QSessionManager, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from phi_desk.ui.icons import app_icon
from phi_desk.ui.notices import NoticeBar
from phi_desk.ui.shell.navigation import Navigation
from phi_desk.ui.shell.places import Places
from phi_desk.ui.shell.status_line import StatusLine

SMALLEST = (640, 460)


class MainWindow(QMainWindow):
    """Built empty; pages are added before it is shown."""

    closed = Signal()  # it really ends
    hidden = Signal()  # it went into the tray

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.stays: Callable[[], bool] = lambda: False  # whether closing only hides it
        self._leaving = False
        self.setWindowTitle("Phi Desk")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*SMALLEST)
        self._places = places
        self._pages: dict[str, QWidget] = {}
        self._guests: dict[str, QWidget] = {}
        self.navigation = Navigation()
        self.notices = NoticeBar()
        self.status = StatusLine()
        self._stack = QStackedWidget()
        self._foot = QVBoxLayout()
        self._lay_out()
        self.navigation.page_chosen.connect(self.open_page)
        self.navigation.about_requested.connect(self.show_about)
        self._shortcut("F1", self.show_about)
        self._shortcut("Ctrl+Q", self.leave)
        places.restore(self)

    def add_page(self, name: str, icon_name: str, page: QWidget) -> None:
        """One more page; it is reached by Ctrl and its number, too."""
        keys = f"Ctrl+{len(self._pages) + 1}"
        page.setAccessibleName(name)
        self._pages[name] = page
        self._stack.addWidget(page)
        self.navigation.add(name, icon_name, keys)
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setObjectName(name)
        shortcut.activated.connect(self._on_page_shortcut)

    def add_guest(self, name: str, page: QWidget) -> None:
        """A page that is opened by others only: it has no button and is not remembered."""
        page.setAccessibleName(name)
        self._guests[name] = page
        self._stack.addWidget(page)

    @property
    def page(self) -> str:
        """The name of the page that is open."""
        widget = self._stack.currentWidget()
        pages = {**self._pages, **self._guests}
        return next((name for name, page in pages.items() if page is widget), "")

    @property
    def pages(self) -> tuple[QWidget, ...]:
        """All pages, in order."""
        return tuple(self._pages.values())

    @property
    def page_names(self) -> tuple[str, ...]:
        """All pages, in order."""
        return tuple(self._pages)

    @Slot(str)
    def open_page(self, name: str) -> None:
        """Show a page; one that is not there is the first."""
        if name in self._guests:
            self._stack.setCurrentWidget(self._guests[name])
            _focus(self._guests[name])
            self.navigation.show_none()
            return
        if name not in self._pages:
            name = next(iter(self._pages))
        self._stack.setCurrentWidget(self._pages[name])
        self.navigation.show_page(name)
        self._places.page = name
        _focus(self._pages[name])

    def open_last_page(self) -> None:
        """Show the page that was open when the program ended."""
        self.open_page(self._places.page)

    @Slot()
    def come_forward(self) -> None:
        """Show the window before all others, also out of the tray."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def show_about(self) -> None:
        """Versions and licences."""
        from phi_desk.ui.shell.about import AboutDialog  # it looks up every package's version

        AboutDialog(self).open()

    @Slot()
    def leave(self) -> None:
        """Close it for good, also where closing would only hide it."""
        self._leaving = True
        self.close()

    @Slot(QSessionManager)
    def let_session_end(self, _session: QSessionManager) -> None:
        """The person logs out: closing must not hide the window then."""
        self._leaving = True

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """Remember where it stood, and go: into the tray, or for good."""
        self._places.keep(self)
        self._places.close()
        if not self._leaving and self.stays():
            event.ignore()
            self.hide()
            self.hidden.emit()
            return
        super().closeEvent(event)
        self.closed.emit()

    @Slot()
    def _on_page_shortcut(self) -> None:
        shortcut = self.sender()
        if shortcut is not None:
            self.open_page(shortcut.objectName())

    def _shortcut(self, keys: str, action: object) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(action)

    def dock(self, strip: QWidget) -> None:
        """Put a strip below the pages, above the status line; it shows itself when it wants."""
        self._foot.addWidget(strip)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.notices)
        right.addWidget(self._stack, 1)
        right.addLayout(self._foot)
        right.addWidget(self.status)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)
        self.setCentralWidget(whole)


def _focus(page: QWidget) -> None:
    """Give the focus to what a page names as its `first`, else to the page.

    A focus proxy would do so, too, but Tab jumps to it from before the page, past all in between.
    """
    first = getattr(page, "first", page)
    if isinstance(first, QWidget):
        first.setFocus(Qt.FocusReason.OtherFocusReason)
