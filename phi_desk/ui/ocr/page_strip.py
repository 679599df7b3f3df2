"""The row of a document's pages: small pictures, each with its number and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from phi_desk.ui.common.pixels import to_image
from phi_desk.ui.icons import icon
from phi_desk.ui.ocr.papers import State
from phi_desk.ui.ocr.values import PaperShown, Pixels
from phi_desk.ui.theme import small_font

WIDTH = 116
PICTURE = (84, 104)
AnyIndex = QModelIndex | QPersistentModelIndex
STATES: dict[State, str] = {
    "waiting": "waits",
    "reading": "is being read",
    "read": "read",
    "blank": "blank",
    "failed": "could not be read",
    "stopped": "not read",
}
_MARKS: dict[State, tuple[str, QPalette.ColorRole]] = {
    "read": ("check", QPalette.ColorRole.Accent),
    "blank": ("check", QPalette.ColorRole.PlaceholderText),
    "failed": ("warning", QPalette.ColorRole.BrightText),
    "stopped": ("pause", QPalette.ColorRole.PlaceholderText),
}
_NOWHERE = QModelIndex()
Ask = Callable[[int, int], Pixels | None]  # document, place: the small picture where it is known


class StripModel(QAbstractListModel):
    """The pages of one document."""

    def __init__(self) -> None:
        super().__init__()
        self.paper: PaperShown | None = None

    def show_paper(self, paper: PaperShown | None) -> None:
        """Take a document; the same one with other states keeps its rows."""
        before = self.paper
        same = before is not None and paper is not None and before.number == paper.number
        if same and before is not None and paper is not None:
            self.paper = paper
            for row, (old, new) in enumerate(zip(before.pages, paper.pages, strict=False)):
                if old != new:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.paper = paper
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:  # noqa: N802  (Qt's name)
        """How many pages."""
        return 0 if parent.isValid() or self.paper is None else len(self.paper.pages)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is said about a page."""
        if self.paper is None or not index.isValid():
            return None
        number, state = self.paper.pages[index.row()]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"Page {number}, {STATES[state]}"
        return str(number) if role == Qt.ItemDataRole.DisplayRole else None


class PageDelegate(QStyledItemDelegate):
    """Paints one page; asks for its picture only when it is seen."""

    def __init__(self, parent: QWidget, ask: Ask) -> None:
        super().__init__(parent)
        self._ask = ask

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: N802
        """A sheet with a line below it."""
        return QSize(WIDTH - 16, PICTURE[1] + option.fontMetrics.height() + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint it."""
        plain = QStyleOptionViewItem(option)
        plain.text = ""
        widget: QWidget = option.widget
        style = widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        model = index.model()
        if not isinstance(model, StripModel) or model.paper is None:
            return
        number, state = model.paper.pages[index.row()]
        palette = QApplication.palette()
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        sheet = self._paint_sheet(painter, box, self._ask(model.paper.number, index.row()), palette)
        if state == "reading":
            painter.setPen(palette.color(QPalette.ColorRole.Accent))
            painter.drawRect(sheet.adjusted(-1, -1, 0, 0))
        foot = QRect(box.left(), box.bottom() - option.fontMetrics.height() - 5, box.width(), 0)
        foot.setHeight(option.fontMetrics.height())
        painter.setFont(small_font())
        role = QPalette.ColorRole.Accent if state == "reading" else QPalette.ColorRole.Text
        if state in ("waiting", "stopped"):
            role = QPalette.ColorRole.PlaceholderText
        painter.setPen(palette.color(role))
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, str(number))
        if state in _MARKS:
            name, colour = _MARKS[state]
            place = QRect(foot.center().x() + 18, foot.top() + (foot.height() - 14) // 2, 14, 14)
            icon(name, palette.color(colour), 14).paint(painter, place)
        painter.restore()

    def _paint_sheet(
        self, painter: QPainter, box: QRect, pixels: Pixels | None, palette: QPalette
    ) -> QRect:
        """The small picture, or a blank sheet while it is drawn; where it was put."""
        room = QRect(0, 0, *PICTURE)
        room.moveCenter(box.center())
        room.moveTop(box.top() + 8)
        size = QSize(62, 84) if pixels is None else QSize(pixels.shape[1], pixels.shape[0])
        if pixels is not None:
            size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        sheet = QRect(room.topLeft(), size)
        sheet.moveCenter(room.center())
        if pixels is None:
            painter.fillRect(sheet, palette.color(QPalette.ColorRole.Button))
        else:
            painter.drawPixmap(sheet, QPixmap.fromImage(to_image(pixels)))
        painter.setPen(QColor(palette.color(QPalette.ColorRole.Mid)))
        painter.drawRect(sheet.adjusted(0, 0, -1, -1))
        return sheet


class PageStrip(QListView):
    """Says which page was chosen; hidden for a document of one page."""

    place_chosen = Signal(int)

    def __init__(self, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = StripModel()
        self._showing = False
        self.setModel(self._model)
        self.setItemDelegate(PageDelegate(self, ask))
        self.setAccessibleName("Pages of the document")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_paper(self, paper: PaperShown | None) -> None:
        """Show its pages."""
        self._showing = True
        self._model.show_paper(paper)
        self._showing = False
        self.setVisible(paper is not None and len(paper.pages) > 1)

    def show_place(self, place: int) -> None:
        """Mark the page that is looked at."""
        index = self._model.index(place)
        if index.isValid() and self.currentIndex() != index:
            self._showing = True
            self.setCurrentIndex(index)
            self._showing = False

    @Slot()
    def draw_again(self) -> None:
        """A small picture has come."""
        self.viewport().update()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._showing and now.isValid():
            self.place_chosen.emit(now.row())
