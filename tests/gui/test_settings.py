"""The page Settings: every option through its control, kept on the disk, and felt at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from data_makers.person import Person, application
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QColorDialog,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import UsageError
from phi_desk.settings.schema import HotKeys, Settings
from phi_desk.settings.store import SettingsFile
from phi_desk.ui.common.combo import Combo
from phi_desk.ui.common.switch import Switch
from phi_desk.ui.settings.controls import Control
from phi_desk.ui.settings.options import Key, groups
from phi_desk.ui.settings.page import SettingsPage
from phi_desk.ui.settings.special import (
    ColourControl,
    FoldersControl,
    KeysControl,
    OfferedControl,
)
from phi_desk.ui.theme import DARK, LIGHT

Enter = Callable[..., Person]
KEYS = [option.key for group in groups() for option in group.options]
# What is entered for options whose value cannot be guessed from their type.
ENTERED: dict[Key, object] = {
    ("appearance", "text_scale"): 1.25,
    ("answers", "temperature"): 0.7,
    ("answers", "top_p"): 0.9,
    ("answers", "max_crops"): 12,
    ("voice", "hands_free_pause_s"): 1.5,
    ("live", "pause_s"): 0.8,
    ("overlay", "opacity"): 0.5,
}


@pytest.fixture
def person(enter: Enter) -> Person:
    person = enter(FakeEngine())
    person.desktop.window.open_page("Settings")
    person.waits_for(lambda: person.desktop.settings.cards)
    return person


def page(person: Person) -> SettingsPage:
    return person.desktop.settings


def control(person: Person, part: str, name: str) -> Control:
    return page(person).rows[part, name].control


def on_disk(person: Person) -> Settings:
    """What another start would find."""
    preferences = person.desktop.preferences
    person.waits_for(lambda: preferences._kept == preferences.value)
    return SettingsFile(preferences._file._path).load().settings


def press(person: Person, widget: QWidget) -> None:
    """Click on something on the page, which is scrolled to it first."""
    page(person)._area.ensureWidgetVisible(widget)
    person.waits_for(lambda: widget.isVisible() and widget.height() > 8)
    person.click(widget)


def change(person: Person, key: Key, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    """Change an option through its control, as a person would; what it shall be then."""
    shown = page(person).rows[key].control
    option = shown.option
    field = shown.field
    if isinstance(field, Switch):
        press(person, field)
        return not option.default
    if isinstance(shown, KeysControl):
        press(person, field)
        QTest.keyClick(field, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        return "Ctrl+J"
    if isinstance(shown, ColourControl):
        press(person, field)
        (dialog,) = shown.findChildren(QColorDialog)
        dialog.colorSelected.emit(QColor("#123456"))
        dialog.close()
        return "#123456"
    if isinstance(shown, FoldersControl):
        folder = tmp_path / "adapter"
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
        page(person).presenter._check_folder = lambda *_: folder
        press(person, shown._add)
        person.waits_for(lambda: shown.folders)
        return (str(folder),)
    if isinstance(shown, OfferedControl):
        page(person).offer(*key, [("some", "Something")])
    if isinstance(field, Combo):
        field.setFocus()
        row = next(at for at, value in enumerate(field.values) if value != field.value)
        value = field.values[row]
        QTest.keyClick(field, Qt.Key.Key_Down if row > field.currentIndex() else Qt.Key.Key_Up)
        return value
    if isinstance(field, QPlainTextEdit):
        QTest.keyClicks(field, "Be brief.")
        page(person).flush()
        return "Be brief."
    entered = ENTERED.get(key)
    if isinstance(field, QAbstractSpinBox):
        value = entered if entered is not None else option.default + 1
        field.selectAll()
        QTest.keyClicks(field, str(value))
        QTest.keyClick(field, Qt.Key.Key_Return)
        return value
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Return)
    return 77 if option.control == "perhaps_whole" else "77"


@pytest.mark.parametrize("part", [group.part for group in groups()])
def test_every_option_is_changed_by_its_control_kept_and_taken_back(
    person: Person, part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = person.desktop.preferences
    settings.change("window", welcomed=False)
    for key in (key for key in KEYS if key[0] == part):
        row = page(person).rows[key]
        assert row.control.field.accessibleName(), key
        assert row.reset.isHidden(), key
        wanted = change(person, key, monkeypatch, tmp_path)
        now = getattr(getattr(settings.value, part), key[1])
        assert now == wanted, (key, row.wrong.text())
        assert not row.reset.isHidden(), key
    kept = on_disk(person)
    assert getattr(kept, part) == getattr(settings.value, part)
    for key in (key for key in KEYS if key[0] == part):
        press(person, page(person).rows[key].reset)
    assert getattr(settings.value, part) == getattr(Settings(), part)
    assert getattr(on_disk(person), part) == getattr(Settings(), part)


def test_a_wrong_value_says_why_beside_its_control(person: Person) -> None:
    row = page(person).rows["appearance", "text_scale"]
    field = row.control.field
    assert isinstance(field, QAbstractSpinBox)
    field.selectAll()
    QTest.keyClicks(field, "9")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "between 0.75 and 2.5" in row.wrong.text()
    assert row.wrong.isVisible()
    assert "between" in field.accessibleDescription()
    assert person.desktop.preferences.value.appearance.text_scale == 1.0
    press(person, row.reset)
    assert row.wrong.isHidden()


def test_colours_change_at_once(person: Person) -> None:
    combo = control(person, "appearance", "theme").field
    assert isinstance(combo, Combo)
    for value, colours in (("dark", DARK), ("light", LIGHT)):
        combo.setCurrentIndex(combo.values.index(value))
        combo.activated.emit(combo.currentIndex())
        assert application().palette().window().color().name() == colours.window


def test_letters_change_everywhere_and_come_back(person: Person) -> None:
    desktop = person.desktop
    title = page(person).cards["appearance"].rows["appearance", "theme"].title
    about = desktop.window.navigation._buttons["Settings"]
    before = [title.font().pointSizeF(), about.font().pointSizeF(), about.width()]
    desktop.preferences.change("appearance", text_scale=2.0)
    assert title.font().pointSizeF() == pytest.approx(2 * before[0])
    assert about.font().pointSizeF() == pytest.approx(2 * before[1])
    person.waits_for(lambda: about.width() > before[2])
    desktop.preferences.change("appearance", theme="dark")
    assert title.font().pointSizeF() == pytest.approx(2 * before[0])
    desktop.preferences.change("appearance", text_scale=1.0, theme="system")
    person.waits_for(lambda: about.width() == before[2])
    assert [title.font().pointSizeF(), about.font().pointSizeF()] == pytest.approx(before[:2])


def test_without_motion_a_group_is_there_at_once(person: Person) -> None:
    person.desktop.preferences.change("appearance", motion=False)
    assert not person.desktop.theme.motion
    assert not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateCombo)
    bar = page(person)._area.verticalScrollBar()
    page(person).open_group("history")
    person.waits_for(lambda: bar.value() > 0)
    assert page(person)._jump.state() == page(person)._jump.State.Stopped


def test_a_click_on_a_group_brings_it_into_view(person: Person) -> None:
    person.desktop.window.resize(1280, 760)
    last = page(person).rows["history", "keep_deleted_days"].control.field
    person.waits_for(lambda: last.height() > 8)  # everything has its place
    row = next(at for at, group in enumerate(groups()) if group.part == "hot_keys")
    person.waits_for(page(person).list.isVisible)
    place = page(person).list.visualItemRect(page(person).list.item(row)).center()
    person.click_at(page(person).list.viewport(), place)
    card = page(person).cards["hot_keys"]
    area = page(person)._area
    person.waits_for(lambda: abs(card.mapTo(area, QPoint()).y()) < 40)


def test_a_search_leaves_what_was_looked_for(person: Person) -> None:
    QTest.keyClicks(page(person).field, "bin")
    assert page(person).cards["history"].isVisible()
    assert not page(person).cards["overlay"].isVisible()
    QTest.keyClicks(page(person).field, " zebra")
    assert page(person).nothing.isVisible()
    QTest.keyClick(page(person).field, Qt.Key.Key_Escape)
    assert page(person).cards["overlay"].isVisible()
    assert page(person).nothing.isHidden()


def test_scrolling_over_a_control_changes_nothing(person: Person) -> None:
    for part, name in (("appearance", "theme"), ("appearance", "text_scale")):
        field = control(person, part, name).field
        field.setFocus()
        wheel = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(field, wheel)
    assert person.desktop.preferences.value == person.desktop.preferences.value.__class__(
        **{**vars(Settings()), "window": person.desktop.preferences.value.window}
    )


def test_keys_that_are_taken_twice_are_said_at_both(person: Person) -> None:
    live, window = (page(person).rows["hot_keys", name] for name in ("live", "window"))
    recorded: list[bool] = []
    page(person).keys_recorded.connect(recorded.append)
    press(person, live.control.field)
    assert recorded == [True]
    QTest.keyClick(
        live.control.field,
        Qt.Key.Key_P,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
    )
    assert recorded == [True, False]
    assert "Show the window" in live.wrong.text()
    assert "Listen live" in window.wrong.text()
    press(person, live.reset)
    assert live.wrong.isHidden()
    assert window.wrong.isHidden()


@pytest.mark.parametrize(
    ("key", "held", "kept"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, HotKeys().live),
        (Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, HotKeys().live),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, HotKeys().live),
        (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier, "F9"),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier, ""),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier, "Ctrl+Tab"),
    ],
)
def test_which_keys_are_taken(
    person: Person, key: Qt.Key, held: Qt.KeyboardModifier, kept: str
) -> None:
    field = control(person, "hot_keys", "live").field
    press(person, field)
    QTest.keyClick(field, key, held)
    assert person.desktop.preferences.value.hot_keys.live == kept


def test_keys_that_the_system_keeps_are_said(person: Person) -> None:
    page(person).show_failed_keys({"live": "Another program has these keys."})
    row = page(person).rows["hot_keys", "live"]
    assert row.wrong.text() == "Another program has these keys."


def test_offline_refuses_a_download_and_says_where_to_change_it(person: Person) -> None:
    press(person, control(person, "network", "offline").field)
    person.desktop.window.open_page("Models")
    person.click(person.desktop.models.download._go)
    person.waits_for(lambda: "network is switched off" in person.notice)
    assert "Stay offline" in person.desktop.window.notices._hint.text()


def test_what_the_settings_file_says_wrong_is_said_at_the_start(
    enter: Enter, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    values: dict[str, Any] = {
        "schema": 1,
        "window": {"welcomed": True},
        "appearance": {"theme": "purple"},
    }
    (home / "settings.json").write_text(json.dumps(values), encoding="utf-8")
    person = enter(FakeEngine())
    person.waits_for(lambda: "appearance.theme" in person.notice)


def test_the_page_is_built_when_it_is_first_seen(enter: Enter) -> None:
    person = enter(FakeEngine())
    assert person.desktop.settings.cards == {}
    person.desktop.settings.show_failed_keys({"live": "Taken."})
    person.desktop.settings.offer("voice", "voice", [("anna", "Anna")])
    person.desktop.window.open_page("Settings")
    rows = person.desktop.settings.rows
    assert rows["hot_keys", "live"].wrong.text() == "Taken."
    voice = rows["voice", "voice"].control
    assert isinstance(voice, OfferedControl)
    assert voice.combo.values == ["", "anna"]


def test_a_value_that_settings_refuse_never_reaches_the_disk(person: Person) -> None:
    with pytest.raises(UsageError):
        person.desktop.preferences.change("overlay", size=9999)
    assert on_disk(person).overlay.size == Settings().overlay.size
