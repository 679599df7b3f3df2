"""How a page looks: fitted to the room there is, made larger by wheel and keys, moved by mouse."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QStyleOptionGraphicsItem,
    QVBoxLayout,
    QWidget,
)

from phi_desk.ui.common.labels import label
from phi_desk.ui.common.pixels import to_image
from phi_desk.ui.ocr.values import Pixels
from phi_desk.ui.theme import LARGE, SMALL

STEP = 1.25  # one notch of the wheel
LARGEST = 8.0  # times the page's own pixels
AIR = 10  # scene pixels around a page


class SharpItem(QGraphicsPixmapItem):
    """A picture that is made smaller well: small letters stay letters, and no dots."""

    def __init__(self) -> None:
        super().__init__()
        self._made: tuple[int, QPixmap] = (0, QPixmap())

    def take(self, picture: QPixmap) -> None:
        """Show another."""
        self._made = (0, QPixmap())
        self.setPixmap(picture)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Draw it, made as large as the screen shows it; that is kept until the size changes."""
        whole = self.pixmap()
        scale = painter.worldTransform().m11() * painter.device().devicePixelRatio()
        width = round(whole.width() * scale)
        if width >= whole.width() or width < 1:
            super().paint(painter, option, widget)  # type: ignore[arg-type]
            return
        if self._made[0] != width:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._made = (width, whole.scaledToWidth(width, smooth))
        painter.drawPixmap(self.boundingRect(), self._made[1], QRectF(self._made[1].rect()))


class PagePicture(QGraphicsView):
    """Ctrl and the wheel, or + and -, change the size; 0 fits the page again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._item = SharpItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._item)
        self._fitted = True
        self._words: QLabel = label(kind="muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("How the page looks")
        self.setToolTip("Ctrl and the wheel, or + and −, change the size; 0 fits the page")
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setAcceptDrops(False)  # the page takes what is dropped
        self.viewport().setAcceptDrops(False)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the view itself has the focus
        self.setMinimumSize(120, 120)
        middle = QVBoxLayout(self.viewport())
        middle.setContentsMargins(LARGE, SMALL, LARGE, SMALL)
        middle.addWidget(self._words)

    @property
    def has_picture(self) -> bool:
        """Whether a page is shown."""
        return not self._item.pixmap().isNull()

    def show_pixels(self, pixels: Pixels | None, words: str) -> None:
        """A page; without it, the words."""
        picture = QPixmap() if pixels is None else QPixmap.fromImage(to_image(pixels))
        self._item.take(picture)
        rect = QRectF(self._item.boundingRect())
        self._scene.setSceneRect(rect.adjusted(-AIR, -AIR, AIR, AIR))
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._fitted = True
        self._fit()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """A faint edge, so that white paper is seen on white."""
        super().drawBackground(painter, rect)
        if self.has_picture:
            edge = QColor(self.palette().color(QPalette.ColorRole.Mid))
            painter.setPen(edge)
            painter.drawRect(self._item.boundingRect())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A page that was fitted stays so."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  (Qt's name)
        """Scroll; with Ctrl change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """+ and - change the size, 0 fits."""
        if event.text() in ("+", "="):
            self.zoom(STEP)
        elif event.text() == "-":
            self.zoom(1 / STEP)
        elif event.text() == "0":
            self._fitted = True
            self._fit()
        else:
            super().keyPressEvent(event)

    def zoom(self, times: float) -> None:
        """Make it so many times larger."""
        scale = self.transform().m11() * times
        if self.has_picture and scale <= LARGEST and (times > 1 or scale >= self._least()):
            self._fitted = False
            self.scale(times, times)
        elif times < 1:
            self._fitted = True
            self._fit()

    def _least(self) -> float:
        """The size at which the whole page is seen."""
        room, page = self.viewport().rect(), self._scene.sceneRect()
        if page.width() <= 0 or page.height() <= 0:
            return 1.0
        return min(room.width() / page.width(), room.height() / page.height())

    def _fit(self) -> None:
        if self._fitted and self.has_picture:
            scale = min(self._least(), 2.0)  # a stamp is not blown up to a poster
            self.resetTransform()
            self.scale(scale, scale)
