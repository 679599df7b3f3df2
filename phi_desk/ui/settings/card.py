"""One group of options as a card, with room at its end for what is more than an option."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from phi_desk.ui.common.labels import label
from phi_desk.ui.settings.options import Group, Key
from phi_desk.ui.settings.row import OptionRow
from phi_desk.ui.theme import HAIR, LARGE, SMALL, heading_font


class GroupCard(QFrame):
    """The view of a `Group`."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(group.title)
        self.group = group
        self.extra: QWidget | None = None
        self._lines: list[tuple[QFrame, QWidget]] = []
        self.rows: Mapping[Key, OptionRow] = {
            option.key: OptionRow(option) for option in group.options
        }
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(LARGE, LARGE - 4, LARGE, LARGE - 4)
        self._column.setSpacing(HAIR)
        self._column.addWidget(label(group.title, font=heading_font()))
        self._column.addWidget(label(group.sentence, kind="muted", wrap=True))
        self._column.addSpacing(SMALL)
        for number, row in enumerate(self.rows.values()):
            if number:
                self._add_line(row)
            self._column.addWidget(row)

    def put(self, extra: QWidget) -> None:
        """Put something below the options."""
        self.extra = extra
        self._add_line(extra)
        self._column.addWidget(extra)

    def show_found(self, keys: frozenset[Key], words: str) -> bool:
        """Show the rows with these keys; whether any is left to be seen."""
        title = f"{self.group.title} {self.group.sentence}".casefold()
        if self.extra is not None:
            title += f" {self.extra.accessibleDescription()}".casefold()
        whole = all(word in title for word in words.casefold().split())
        for key, row in self.rows.items():
            row.setVisible(key in keys)
        if self.extra is not None:
            self.extra.setVisible(whole)
        for line, follower in self._lines:
            line.setVisible(not follower.isHidden())
        found = any(key in keys for key in self.rows) or (whole and self.extra is not None)
        self.setVisible(found)
        return found

    def _add_line(self, follower: QWidget) -> None:
        """A line, which is seen only where what follows it is."""
        line = QFrame()
        line.setObjectName("line")
        line.setFixedHeight(1)
        self._lines.append((line, follower))
        self._column.addWidget(line)
