"""Colours code so that it reads better; knows words and signs that most languages share."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QPalette, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QApplication

_SHARED = (
    "and as async await bool break case catch char class const continue def default del do double "
    "elif else enum except export extends extern false final finally float fn for from func "
    "function global go if impl implements import in include int interface is lambda let long "
    "match mod mut namespace new nil none None not null or package pass private protected pub "
    "public raise return select self short signed static struct super switch template this throw "
    "trait true True False try type typedef typename union unsigned use using var virtual void "
    "while with yield where SELECT FROM WHERE INSERT INTO VALUES UPDATE SET JOIN ON AND OR NOT "
    "GROUP BY ORDER CREATE TABLE echo fi then done esac"
)
_WORDS = frozenset(_SHARED.split())
_HASH = frozenset(("python", "py", "bash", "sh", "shell", "ruby", "yaml", "toml", "r", "perl", ""))
_TOKENS = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<slashes>//[^\n]*)|(?P<hash>\#[^\n]*)|(?P<dashes>--[ ][^\n]*)"""
    r"""|(?P<number>\b\d[\d_.a-fA-FxXeE]*\b)|(?P<word>[A-Za-z_]\w*)""",
    re.VERBOSE,
)
# Light, dark: each with a contrast above 4.5 on the ground of a code box.
_TEXT, _NUMBER, _WORD = ("#0f6b3a", "#8fd3a5"), ("#9a4b00", "#f0b27a"), ("#7a2fa0", "#cfa3f0")


class Colouring(QSyntaxHighlighter):
    """Works on one document; `language` decides what begins a remark."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.language = ""

    def highlightBlock(self, text: str) -> None:  # noqa: N802  (Qt's name)
        """Colour one line."""
        if self.language.lower() in ("text", "txt", "plain", "markdown", "md"):
            return
        palette = QApplication.palette()
        dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
        for found in _TOKENS.finditer(text):
            colour = self._colour(found, dark)
            if colour is not None:
                form = QTextCharFormat()
                form.setForeground(colour)
                self.setFormat(found.start(), found.end() - found.start(), form)

    def _colour(self, found: re.Match[str], dark: bool) -> QColor | None:
        kind = found.lastgroup
        if kind == "text":
            return QColor(_TEXT[dark])
        if kind == "number":
            return QColor(_NUMBER[dark])
        if kind == "word":
            return QColor(_WORD[dark]) if found[0] in _WORDS else None
        hashes = self.language.lower() in _HASH
        if (kind == "hash") is hashes or (kind == "dashes" and self.language.lower() == "sql"):
            return QApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return None
