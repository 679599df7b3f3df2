"""An answer for the clipboard: words as they are read, and formatted for what can take that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextTable

from phi_desk.ui.chat.markdown import literal_maths
from phi_desk.ui.chat.prose import FEATURES
from phi_desk.ui.chat.segments import Code, segments

_LEVEL = "  "


def formatted(answer: str) -> QMimeData:
    """The answer without marks, and as a formatted text."""
    mime = QMimeData()
    mime.setText(readable(answer))
    mime.setHtml(_document(literal_maths(answer)).toHtml())
    return mime


def readable(answer: str) -> str:
    """Markdown as people read it: lists with their signs, tables with tabs, code as it is."""
    parts = []
    for segment in segments(answer):
        if isinstance(segment, Code):
            parts.append(segment.text)
        else:
            parts.append("\n".join(_lines(_document(literal_maths(segment.text)))))
    return "\n\n".join(part.strip("\n") for part in parts)


def _document(markdown: str) -> QTextDocument:
    made = QTextDocument()
    made.setMarkdown(markdown, FEATURES)
    return made


def _lines(document: QTextDocument) -> Iterator[str]:
    block = document.begin()
    in_list = False
    while block.isValid():
        table = cast("QTextTable | None", QTextCursor(block).currentTable())
        if table is not None:
            yield ""
            yield from _rows(table)
            block = table.lastCursorPosition().block()
        elif block.text():
            if not (in_list and block.textList()):
                yield ""
            in_list = bool(block.textList())
            yield _item(block) + block.text().replace("\u2028", "\n")
        block = block.next()


def _item(block: QTextBlock) -> str:
    found = block.textList()
    if not found:
        return ""
    sign = found.itemText(block)
    sign = sign if sign and sign[0].isalnum() else "-"
    return _LEVEL * max(0, found.format().indent() - 1) + sign + " "


def _rows(table: QTextTable) -> Iterator[str]:
    for row in range(table.rows()):
        cells = (table.cellAt(row, column) for column in range(table.columns()))
        yield "\t".join(_cell(cell.firstCursorPosition()) for cell in cells)


def _cell(cursor: QTextCursor) -> str:
    return cursor.block().text()
