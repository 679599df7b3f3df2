"""Takes pictures of the screen for whoever asks; knows no page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.ui.screen.picker import RegionPicker
from phi_desk.ui.screen.shots import NOTHING_SEEN, ScreenShot, pointer_place
from phi_desk.ui.screen.ways import Way, way_here

logger = logging.getLogger(__name__)

ASIDE_MS = 250  # until a desktop has painted what lay behind our windows
SILENCE_MS = 4000  # after which a person is told that the desktop has not answered
STILL_WAITING = (
    "The desktop has not given the picture of the screen yet: it may be asking whether it may."
)

OnPicture = Callable[[QImage], None]
OnShot = Callable[[ScreenShot], None]


class ScreenTool(QObject):
    """One picture at a time; what is asked for meanwhile is passed over.

    Asked from a window of ours, our windows step aside first and come back afterwards. Asked by a
    hot key from another program, the screen is taken as it is.
    """

    failed = Signal(object)  # PhiDeskError
    waiting = Signal(str)  # a sentence: the person has to wait, or to do something
    ended = Signal()  # after every picture, failure and cancellation

    def __init__(self, way: Way | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._way = way or way_here(QGuiApplication.platformName())
        self._use: OnShot | None = None
        self._aside: list[QWidget] = []
        self._picker: RegionPicker | None = None
        self._begin = QTimer(self, singleShot=True, interval=ASIDE_MS)
        self._begin.timeout.connect(self._on_begin)
        self._silence = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._silence.timeout.connect(self._on_silence)
        logger.info("the screen is captured %s", self._way.name)

    @property
    def busy(self) -> bool:
        """Whether a picture is being taken."""
        return self._use is not None

    @property
    def picker(self) -> RegionPicker | None:
        """The windows in which a region is being chosen."""
        return self._picker

    def take_screen(self, on_picture: OnPicture) -> None:
        """A picture of the screen with the pointer."""

        def use(shot: ScreenShot) -> None:
            self._end()
            on_picture(screen_of(shot))

        self._take(use)

    def cut_region(self, on_picture: OnPicture) -> None:
        """Let the person choose a region."""

        def chosen(image: QImage | None) -> None:
            self._picker = None
            self._end()
            if image is not None:
                on_picture(image)

        def use(shot: ScreenShot) -> None:
            if shot.chosen is not None:  # the person has cut it in the desktop's own dialog
                chosen(shot.chosen)
                return
            self._picker = RegionPicker(shot, chosen)
            self._picker.show()

        self._take(use)

    def freeze(self, on_shot: OnShot) -> bool:
        """All screens as they are now, with nothing of ours moved; false while busy."""

        def use(shot: ScreenShot) -> None:
            self._end()
            on_shot(shot)

        return self._take(use, aside=False)

    def screen_at(self, place: QPoint) -> QRect:
        """The geometry of the screen at a place; of the main one where there is none."""
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        return screen.availableGeometry()

    @Slot()
    def cancel(self) -> None:
        """Stop waiting, or choosing."""
        if self._picker is not None:
            self._picker.cancel()
        elif self._begin.isActive():
            self._on_failed(Cancelled())
        else:
            self._way.cancel()

    def close(self) -> None:
        """End everything; no window and no thread is left."""
        self.cancel()
        self._begin.stop()
        self._silence.stop()
        self._way.close()

    def _take(self, use: OnShot, *, aside: bool = True) -> bool:
        if self.busy:
            return False
        self._use = use
        if aside and QApplication.activeWindow() is not None:
            self._step_aside()
            self._begin.start()
        else:
            self._on_begin()
        return True

    @Slot()
    def _on_begin(self) -> None:
        self._silence.start()
        self._way.freeze(self._on_shot, self._on_failed, self._on_told)

    def _on_shot(self, shot: ScreenShot) -> None:
        self._silence.stop()
        use = self._use
        if use is None:
            return
        if shot.chosen is None and not shot.screens:
            self._on_failed(NOTHING_SEEN)
            return
        use(shot)

    def _on_failed(self, error: PhiDeskError) -> None:
        if self._use is not None:
            self._end()
            self.failed.emit(error)

    def _on_told(self, sentence: str) -> None:
        self._silence.stop()
        self.waiting.emit(sentence)

    @Slot()
    def _on_silence(self) -> None:
        self._come_back()  # the sentence stands in the window
        self.waiting.emit(STILL_WAITING)

    def _end(self) -> None:
        self._begin.stop()
        self._silence.stop()
        self._use = None
        self._come_back()
        self.ended.emit()

    def _step_aside(self) -> None:
        active = QApplication.activeWindow()
        windows = [w for w in QApplication.topLevelWidgets() if w.isVisible() and _stays(w)]
        self._aside = sorted(windows, key=lambda window: window is active)
        for window in self._aside:
            window.hide()

    def _come_back(self) -> None:
        windows, self._aside = self._aside, []
        for window in windows:
            window.show()
        if windows:
            windows[-1].activateWindow()


def _stays(window: QWidget) -> bool:
    """Menus and tips go by themselves, and are not to come back."""
    kind = window.windowFlags() & Qt.WindowType.WindowType_Mask
    return kind not in (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


def screen_of(shot: ScreenShot) -> QImage:
    """The screen with the pointer, or what the person chose."""
    return shot.chosen if shot.chosen is not None else shot.under(pointer_place()).image
