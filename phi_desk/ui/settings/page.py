"""The page Settings: groups above each other, a list to jump to them, and a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEasingCurve, QEvent, QPropertyAnimation, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phi_desk.media.devices.known import Devices
from phi_desk.ui.common.labels import label
from phi_desk.ui.preferences import Preferences
from phi_desk.ui.running import WorkRunner
from phi_desk.ui.settings.card import GroupCard
from phi_desk.ui.settings.controls import LongWordsControl
from phi_desk.ui.settings.options import Key
from phi_desk.ui.settings.presenter import CheckFolder, SettingsPresenter
from phi_desk.ui.settings.row import LINE, OptionRow
from phi_desk.ui.settings.special import FoldersControl, KeysControl, OfferedControl
from phi_desk.ui.theme import HUGE, LARGE, MEDIUM, READING_WIDTH, SMALL, title_font

WITH_LIST = 900  # pixels of the page; below it there is no room for the list of groups
LIST_WIDTH = 176
JUMP_MS = 180
SETTLE_MS = 1_500  # within which everything has its place on a page that is just built
OFFERS = {
    "microphone": "microphones",
    "camera": "cameras",
    "speaker": "speakers",
    "system_audio": "speakers",
}


class SettingsPage(QWidget):
    """The view of `SettingsPresenter`; built when it is first seen, which takes a moment.

    `extras` make what stands below the options of a group, such as the test of the microphone.
    """

    keys_recorded = Signal(bool)  # a combination is being taken: no hot key shall act

    def __init__(
        self,
        preferences: Preferences,
        network: WorkRunner,
        check_folder: CheckFolder,
        extras: Mapping[str, Callable[[], QWidget]],
        motion: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.presenter = SettingsPresenter(self, preferences, network, check_folder)
        self._extras = dict(extras)
        self._motion = motion
        self.extras: dict[str, QWidget] = {}
        self.cards: dict[str, GroupCard] = {}
        self._offered: dict[Key, Sequence[tuple[str, str]]] = {}
        self._wrong: dict[Key, str] = {}
        self.field = QLineEdit()
        self.list = QListWidget()
        self.nothing = label("Nothing here has these words.", kind="muted", wrap=True)
        self._area = QScrollArea()
        self._jump = QPropertyAnimation(self._area.verticalScrollBar(), b"value", self)
        self._wanted = ""
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._lay_out()
        self._wire()
        preferences.changed.connect(self._on_changed)
        self.first: QWidget = self.field

    @property
    def rows(self) -> dict[Key, OptionRow]:
        """Every option that is shown, once the page was seen."""
        return {key: row for card in self.cards.values() for key, row in card.rows.items()}

    def add_extra(self, part: str, make: Callable[[], QWidget]) -> None:
        """One more of what stands below options; before the page is seen."""
        self._extras[part] = make

    def offer(self, part: str, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Fill the list of an option: values, with the words for them."""
        self._offered[part, name] = choices
        row = self.rows.get((part, name))
        if row is not None and isinstance(row.control, OfferedControl):
            row.control.offer(choices)

    @Slot(object)
    def show_devices(self, devices: Devices) -> None:
        """Which devices there are now."""
        for name, kind in OFFERS.items():
            known = getattr(devices, kind)
            self.offer("devices", name, [(one.value, one.words) for one in known])

    def show_failed_keys(self, failed: Mapping[str, str]) -> None:
        """Hot keys that the system did not give us: option to sentence."""
        self.presenter.show_failed_keys(failed)

    def flush(self) -> None:
        """Take what was typed last, before the end."""
        for row in self.rows.values():
            if isinstance(row.control, LongWordsControl):
                row.control.flush()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Seen for the first time, it is built."""
        if not self.cards:
            self._build()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """A narrow window has room for the options only."""
        super().resizeEvent(event)
        self._fit_list()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Larger letters need more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.cards:
            self._fit_list()

    def _fit_list(self) -> None:
        letters = max(1.0, self.fontMetrics().height() / LINE)
        self.list.setFixedWidth(round(LIST_WIDTH * letters))
        self.list.setVisible(self.width() >= WITH_LIST * letters)

    # As SettingsView.

    def show_value(self, key: Key, value: object, *, is_default: bool) -> None:
        """See `SettingsView`."""
        if key in self.rows:
            self.rows[key].show_value(value, is_default=is_default)

    def show_wrong(self, key: Key, sentence: str) -> None:
        """See `SettingsView`."""
        self._wrong[key] = sentence
        if key in self.rows:
            self.rows[key].show_wrong(sentence)

    def show_found(self, keys: frozenset[Key], words: str) -> None:
        """See `SettingsView`."""
        found = [card.show_found(keys, words) for card in self.cards.values()]
        for row, shown in enumerate(found):
            self.list.item(row).setHidden(not shown)
        self.nothing.setVisible(not any(found))

    def open_group(self, part: str) -> None:
        """Bring a group into view."""
        self.field.clear()
        if not self.cards:
            self._build()
        QTimer.singleShot(0, self, partial(self._go_to, part))  # once it has its place

    def _go_to(self, part: str) -> None:
        card = self.cards.get(part)
        if card is None:
            return
        bar = self._area.verticalScrollBar()
        place = min(card.y(), bar.maximum())
        self._jump.stop()
        self._wanted = part
        self._settled.start()
        if not self._motion():
            bar.setValue(place)
            return
        self._jump.setStartValue(bar.value())
        self._jump.setEndValue(place)
        self._jump.start()

    @Slot()
    def _on_range_changed(self) -> None:
        """The groups above get their height only now: what was asked for stays in view."""
        card = self.cards.get(self._wanted)
        if card is not None and self._settled.isActive():
            self._jump.stop()
            self._area.verticalScrollBar().setValue(card.y())

    def _build(self) -> None:
        for group in self.presenter.groups:
            card = self.cards[group.part] = GroupCard(group)
            for row in card.rows.values():
                self._join(row)
            if group.part in self._extras:
                self.extras[group.part] = self._extras[group.part]()
                card.put(self.extras[group.part])
            self._cards.addWidget(card)
            item = QListWidgetItem(group.title)
            item.setData(Qt.ItemDataRole.UserRole, group.part)
            self.list.addItem(item)
        for (part, name), choices in self._offered.items():
            self.offer(part, name, choices)
        for key, sentence in self._wrong.items():
            self.show_wrong(key, sentence)
        self.presenter.show()

    def _join(self, row: OptionRow) -> None:
        row.value_changed.connect(self.presenter.set)
        row.reset_requested.connect(self.presenter.reset)
        control = row.control
        if isinstance(control, KeysControl):
            control.recording_changed.connect(self.keys_recorded)
        if isinstance(control, FoldersControl):
            control.folder_chosen.connect(self._on_folder_chosen)

    @Slot(object)
    def _on_folder_chosen(self, folder: Path) -> None:
        control = self.sender()
        if isinstance(control, FoldersControl):
            self.presenter.add_folder(control.option.key, folder)

    @Slot(object)
    def _on_changed(self, _settings: object) -> None:
        self.presenter.show()

    @Slot(QListWidgetItem)
    def _on_group_chosen(self, item: QListWidgetItem) -> None:
        self._go_to(str(item.data(Qt.ItemDataRole.UserRole)))

    @Slot()
    def _on_escape(self) -> None:
        self.field.clear()

    def _wire(self) -> None:
        self._area.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self._jump.setDuration(JUMP_MS)
        self._jump.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.field.textChanged.connect(self.presenter.search)
        self.list.itemClicked.connect(self._on_group_chosen)
        self.list.itemActivated.connect(self._on_group_chosen)
        for keys, action in (("Ctrl+F", self.field.setFocus), ("Esc", self._on_escape)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _lay_out(self) -> None:
        self.field.setPlaceholderText("Search the settings")
        self.field.setAccessibleName("Search the settings")
        self.field.setToolTip("Search the settings (Ctrl+F)")
        self.field.setClearButtonEnabled(True)
        self.list.setAccessibleName("Groups of settings")
        self.nothing.hide()
        inside = QWidget()
        inside.setMaximumWidth(READING_WIDTH)
        self._cards = QVBoxLayout(inside)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(MEDIUM)
        self._cards.addWidget(self.nothing)
        flow = QWidget()
        flow.setObjectName("flow")
        across = QHBoxLayout(flow)
        across.setContentsMargins(SMALL, 0, HUGE, LARGE)
        across.addWidget(inside, 1000)
        across.addStretch(1)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName("Settings")
        self._area.setWidget(flow)
        head = QVBoxLayout()
        head.setContentsMargins(HUGE, LARGE + MEDIUM, HUGE, MEDIUM)
        head.setSpacing(MEDIUM)
        head.addWidget(label("Settings", font=title_font()))
        self.field.setMaximumWidth(READING_WIDTH + LIST_WIDTH + SMALL)
        head.addWidget(self.field)
        below = QHBoxLayout()
        below.setContentsMargins(LARGE, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.list)
        below.addWidget(self._area, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addLayout(below, 1)
