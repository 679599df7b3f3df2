"""The window in which a picture is taken: what the camera sees, which camera, and the shutter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QImage,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QShortcut,
)
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from phi_desk.cancel import CancelToken
from phi_desk.media.camera import CameraEvent, find_camera, watch
from phi_desk.media.devices.known import Devices
from phi_desk.media.picture import Picture
from phi_desk.ui.camera.presenter import CameraPresenter, CameraState
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.common.switch import Switch
from phi_desk.ui.icons import pixmap
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.running import WorkRunner
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL

PREVIEW = (1280, 720)  # pixels at most of what is shown
SMALLEST = (480, 270)
ROUND = 12
TICK_MS = 500
EMPTY = 48  # pixels of the camera that stands where no picture is yet
DEFAULT = "The system's own"


def watch_camera(source: str, cancel: CancelToken) -> Iterator[CameraEvent]:
    """What the camera of that source sees."""
    return watch(lambda: find_camera(source), cancel)


class Preview(QWidget):
    """Shows the last picture, as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(*SMALLEST)
        self.setAccessibleName("What the camera sees")
        self.image: QImage | None = None
        self.mirrored = False

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Wide."""
        return QSize(720, 405)

    def show_image(self, image: QImage | None) -> None:
        """Show this."""
        self.image = image
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """The picture in a frame with round corners."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area, ROUND, ROUND)
        painter.setClipPath(path)
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.Button))
        if self.image is None:
            self._draw_nothing(painter, area)
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(area.center())
        if self.mirrored:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(place, self.image)

    def _draw_nothing(self, painter: QPainter, area: QRectF) -> None:
        """A camera in the middle, where no picture is yet."""
        place = QRectF(0, 0, EMPTY, EMPTY)
        place.moveCenter(area.center())
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setOpacity(0.5)
        painter.drawPixmap(place.toRect(), pixmap("camera", muted, EMPTY, self.devicePixelRatioF()))


class CameraWindow(QDialog):
    """The view of `CameraPresenter`."""

    picture_taken = Signal(object, str)  # QImage, its name

    def __init__(
        self,
        lane: WorkRunner,
        preferences: Preferences,
        parent: QWidget,
        watching: Callable[[str, CancelToken], Iterator[CameraEvent]] = watch_camera,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take a picture")
        self._preferences = preferences
        self._devices = Devices()
        self.preview = Preview()
        self.presenter = CameraPresenter(self, lane, watching, self._on_picture)
        self.sentence = label(wrap=True)
        self.hint = label(kind="muted", wrap=True)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Camera")
        self.choice.view().setAccessibleName("Cameras")
        self.choice.setToolTip("Which camera (Alt+C)")
        self.mirror = Switch("Mirror")
        self.mirror.setToolTip("Show it like a mirror (M); the picture itself is not turned")
        self.shutter = button("Take the picture", kind="main", tip="Take the picture (Space)")
        self.retake = button("Take again", tip="Take another one (R)")
        self.use = button("Use this picture", kind="main", tip="Attach it to the question (Enter)")
        self.close_button = button("Close", kind="flat", tip="Close, without a picture (Esc)")
        self._tick = QTimer(self, interval=TICK_MS)
        self._lay_out()
        self._wire()
        self.show_devices(self._devices)

    @Slot()
    def begin(self) -> None:
        """Show the window and what the camera sees."""
        if not self.isVisible():
            self.show_devices(self._devices)
            self.preview.show_image(None)
            self.presenter.open(self._source)
            self._tick.start()
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot(object)
    def show_devices(self, devices: Devices) -> None:
        """Which cameras there are."""
        self._devices = devices
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItem(DEFAULT, "")
        for known in devices.cameras:
            self.choice.addItem(known.words, known.value)
        if self._source and self.choice.findData(self._source) < 0:
            self.choice.addItem(self._source, self._source)
        self.choice.setCurrentIndex(max(0, self.choice.findData(self._source)))
        self.choice.blockSignals(False)

    # As CameraView.

    def make_small(self, picture: Picture) -> object:
        """See `CameraView`; on the capture's thread."""
        image = _image(picture)
        if image.width() <= PREVIEW[0] and image.height() <= PREVIEW[1]:
            return image.copy()
        mode = Qt.TransformationMode.SmoothTransformation
        return image.scaled(*PREVIEW, Qt.AspectRatioMode.KeepAspectRatio, mode)

    def show_picture(self, shown: object) -> None:
        """See `CameraView`."""
        if isinstance(shown, QImage):
            self.preview.show_image(shown)

    def show_state(self, state: CameraState) -> None:
        """See `CameraView`."""
        frozen = state == "frozen"
        self.shutter.setVisible(not frozen)
        self.shutter.setEnabled(state == "live")
        self.retake.setVisible(frozen)
        self.use.setVisible(frozen)
        (self.use if frozen else self.shutter).setFocus()
        self.preview.mirrored = self.mirror.isChecked() and not frozen
        self.preview.update()

    def show_sentence(self, sentence: str, hint: str) -> None:
        """See `CameraView`."""
        self.sentence.setText(sentence)
        self.hint.setText(hint)
        self.sentence.setVisible(bool(sentence))
        self.hint.setVisible(bool(hint))

    def done(self, result: int) -> None:
        """However it is left, the camera is let go of."""
        self._let_go()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """As `done`."""
        self._let_go()
        super().closeEvent(event)

    @property
    def _source(self) -> str:
        return self._preferences.value.devices.camera or ""

    def _let_go(self) -> None:
        self._tick.stop()
        self.presenter.close()

    def _on_picture(self, picture: Picture) -> None:
        image = _image(picture).copy()
        self.accept()
        self.picture_taken.emit(image, "Photo")

    @Slot(int)
    def _on_chosen(self, _place: int) -> None:
        source = str(self.choice.currentData() or "")
        self._preferences.change("devices", camera=source or None)
        if self.isVisible():
            self.preview.show_image(None)
            self.presenter.open(source)

    @Slot(bool)
    def _on_mirror(self, on: bool) -> None:
        self.preview.mirrored = on and self.presenter.state != "frozen"
        self.preview.update()

    @Slot()
    def _on_space(self) -> None:
        if self.presenter.state == "live":
            self.presenter.shutter()

    @Slot()
    def _on_tick(self) -> None:
        self.presenter.tick()

    def _wire(self) -> None:
        self.shutter.clicked.connect(self.presenter.shutter)
        self.retake.clicked.connect(self.presenter.retake)
        self.use.clicked.connect(self.presenter.use)
        self.close_button.clicked.connect(self.reject)
        self.choice.activated.connect(self._on_chosen)
        self.mirror.toggled.connect(self._on_mirror)
        self._tick.timeout.connect(self._on_tick)
        for keys, action in (
            ("Space", self._on_space),
            ("R", self.presenter.retake),
            ("M", self.mirror.toggle),
            ("Alt+C", self.choice.setFocus),
            ("Return", self.presenter.use),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)
        for part in (self.shutter, self.retake, self.use, self.close_button):
            part.setAutoDefault(False)

    def _lay_out(self) -> None:
        device = QHBoxLayout()
        device.setSpacing(SMALL)
        device.addWidget(label("Camera"))
        device.addWidget(self.choice, 1)
        device.addSpacing(MEDIUM)
        device.addWidget(label("Mirror"))
        device.addWidget(self.mirror)
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        for part in (self.retake, self.shutter, self.use):
            foot.addWidget(part)
        words = QVBoxLayout()
        words.setSpacing(HAIR)
        words.addWidget(self.sentence)
        words.addWidget(self.hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addLayout(device)
        column.addWidget(self.preview, 1)
        column.addLayout(words)
        column.addLayout(foot)


def _image(picture: Picture) -> QImage:
    """A picture of Qt's over the same pixels; only for as long as these live."""
    pixels = picture.pixels
    return QImage(
        pixels.data, picture.width, picture.height, 3 * picture.width, QImage.Format.Format_RGB888
    )
