"""A few lines of the newest words, as large and as coloured as wanted; knows no window."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from phi_desk.settings.schema import Overlay
from phi_desk.ui.live.values import Captions

PADDING = 14
BETWEEN = 6  # pixels between transcript and translation
SMALLER = 0.8  # the transcript above a translation
ROUND = 12
NOTHING = "What is said will stand here."


class CaptionsView(QWidget):
    """Paints the end of what was said: as many lines as wanted, the newest one the lowest."""

    def __init__(self, look: Overlay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Captions")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self._captions = Captions()
        self._translated = False
        self.dress(look)

    @property
    def look(self) -> Overlay:
        """How it looks."""
        return self._look

    @property
    def strands(self) -> tuple[bool, bool]:
        """Whether the transcript and the translation are shown."""
        if not self._translated:
            return True, False
        return self._look.strands != "translation", self._look.strands != "transcript"

    @property
    def text(self) -> str:
        """The words that are shown, for those who listen and for the clipboard."""
        captions, (transcript, translation) = self._captions, self.strands
        parts: list[str] = []
        if transcript:
            parts.append(_joined(captions.text, captions.unsure_text))
        if translation:
            parts.append(_joined(captions.translation, captions.unsure_translation))
        return "\n".join(part for part in (*parts, captions.note) if part)

    def dress(self, look: Overlay) -> None:
        """Take another look."""
        self._look = look
        self.setFixedHeight(self.height_of(look.lines))
        self.update()

    def expect(self, *, translated: bool) -> None:
        """Whether there will be a translation."""
        self._translated = translated
        self.dress(self._look)

    def show_captions(self, captions: Captions) -> None:
        """Show these words."""
        self._captions = captions
        self.setAccessibleDescription(self.text)
        self.update()

    def height_of(self, lines: int) -> int:
        """How high it is with so many lines of each strand."""
        heights = [lines * QFontMetricsF(font).height() for font in self._fonts()]
        return round(sum(heights) + BETWEEN * (len(heights) - 1) + 2 * PADDING)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As wide as wanted."""
        return QSize(self._look.width, self.height_of(self._look.lines))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint the ground and the lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(self._look.back_colour)
        ground.setAlphaF(self._look.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()), ROUND, ROUND)
        top = float(PADDING)
        for (sure, unsure), font in zip(self._said(), self._fonts(), strict=True):
            self._paint_strand(painter, sure, unsure, font, top)
            top += self._look.lines * QFontMetricsF(font).height() + BETWEEN

    def _said(self) -> list[tuple[str, str]]:
        """What is sure and what is not, of each strand that is shown."""
        captions, (transcript, translation) = self._captions, self.strands
        said = [(captions.text, captions.unsure_text)] if transcript else []
        said += [(captions.translation, captions.unsure_translation)] if translation else []
        if captions.note:
            said[-1] = ("", captions.note)
        elif not any(map(any, said)):
            said[-1] = ("", NOTHING)
        return said

    def _fonts(self) -> list[QFont]:
        transcript, translation = self.strands
        font = QFont(self._look.font) if self._look.font else QFont(self.font())
        font.setPixelSize(self._look.size)
        if not (transcript and translation):
            return [font]
        small = QFont(font)
        small.setPixelSize(max(8, round(SMALLER * self._look.size)))
        return [small, font]

    def _paint_strand(
        self, painter: QPainter, sure: str, unsure: str, font: QFont, top: float
    ) -> None:
        joined = _joined(sure, unsure)
        layout = QTextLayout(joined, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([_unsure(len(joined) - len(unsure), len(unsure), self._look)])
        layout.beginLayout()
        line_height = QFontMetricsF(font).height()
        count = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, self.width() - 2.0 * PADDING))
            line.setPosition(QPointF(0, count * line_height))
            count += 1
        layout.endLayout()
        painter.setPen(QColor(self._look.text_colour))
        first = max(0, count - self._look.lines)
        origin = QPointF(PADDING, top - first * line_height)
        for number in range(first, count):
            layout.lineAt(number).draw(painter, origin)


def _joined(sure: str, unsure: str) -> str:
    return f"{sure} {unsure}" if sure and unsure else sure or unsure


def _unsure(start: int, length: int, look: Overlay) -> QTextLayout.FormatRange:
    """Words that may still change are slanted, beside their colour."""
    range_ = QTextLayout.FormatRange()
    range_.start, range_.length = start, length
    form = QTextCharFormat()
    form.setFontItalic(True)
    form.setForeground(QColor(look.unsure_colour))
    range_.format = form
    return range_
