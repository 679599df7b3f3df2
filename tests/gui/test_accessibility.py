"""The window for those who do not see it or use no mouse: names, ways, focus, keys, colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pytest
from data_makers.person import Person, application
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from phi_desk.engine.fake import FakeEngine
from phi_desk.ui.shell.about import AboutDialog
from phi_desk.ui.theme import DARK, LIGHT, Colours

Enter = Callable[..., Person]

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
WHOLE = (QAbstractSpinBox, QComboBox, QKeySequenceEdit, QLineEdit, QTabBar)  # their parts are Qt's
ANSWER = "**Paris**, as in\n\n```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
Keys = tuple[str, Qt.ShortcutContext, QWidget]
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
# Of the system or of every text: nobody looks for them in a tooltip.
KNOWN_TO_ALL = {"Ctrl+Q", "Esc", "Home", "End", "Ctrl+C", "Ctrl+V", "Ctrl+A", "Return", "Enter"}


def is_control(widget: QWidget) -> bool:
    if not isinstance(widget, CONTROLS) or isinstance(widget, QScrollBar):
        return False
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, WHOLE):
            return False  # a button to clear a field, the list of a box
        parent = parent.parentWidget()
    return not widget.objectName().startswith("qt_") and not isinstance(widget, QHeaderView)


def controls(root: QWidget) -> list[QWidget]:
    return [one for one in root.findChildren(QWidget) if is_control(one)]


def named(root: QWidget) -> Callable[[QWidget], bool]:
    buddies = {label.buddy() for label in root.findChildren(QLabel) if label.buddy() is not None}

    def has_name(widget: QWidget) -> bool:
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        return bool(widget.accessibleName() or text) or widget in buddies

    return has_name


def told(widget: QWidget) -> str:
    """Which one it is, for the message of a test."""
    path = [type(widget).__name__, widget.accessibleName() or widget.objectName()]
    parent = widget.parentWidget()
    while parent is not None and len(path) < 6:
        path.append(f"in {type(parent).__name__}")
        parent = parent.parentWidget()
    return " ".join(path)


@pytest.fixture
def person(enter: Enter) -> Person:
    """A window in which something was asked, so that everything there can be is there."""
    person = enter(FakeEngine(otherwise=ANSWER))
    person.asks("What is the capital of France?")
    person.waits_for_the_answer()
    person.desktop.window.activateWindow()
    return person


def shown(window: QWidget) -> list[QWidget]:
    """What is on the page that is open."""
    return [one for one in controls(window) if one.isVisible()]


def pages(person: Person) -> Iterator[QWidget]:
    window = person.desktop.window
    for name in window.page_names:
        window.open_page(name)
        person.waits_for(lambda: all(one.height() > 0 for one in shown(window)))
        yield window
    person.waits_for(lambda: person.desktop.disk.idle)


def test_every_control_has_a_name(person: Person) -> None:
    about = AboutDialog(person.desktop.window)
    nameless = {told(one) for one in controls(about) if not named(about)(one)}
    for window in pages(person):
        has_name = named(window)
        nameless |= {told(one) for one in controls(window) if not has_name(one)}
    about.deleteLater()
    assert not nameless


def test_every_control_takes_the_focus_by_tab(person: Person) -> None:
    shut = {
        told(one)
        for window in pages(person)
        for one in controls(window)
        if not one.focusPolicy() & Qt.FocusPolicy.TabFocus and not in_a_group(one)
    }
    assert not shut


def in_a_group(widget: QWidget) -> bool:
    """Buttons of which one is chosen are one stop of the Tab key; the arrows do the rest."""
    grouped = isinstance(widget, QAbstractButton) and widget.group() is not None
    return grouped or (isinstance(widget, QAbstractButton) and widget.autoExclusive())


def walk(person: Person, visit: Callable[[QWidget], None]) -> None:
    """Press Tab until a control comes again."""
    seen: set[QWidget] = set()
    while (focused := application().focusWidget()) not in seen:
        assert focused is not None
        seen.add(focused)
        visit(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)


def test_the_tab_key_reaches_every_control_that_is_shown(person: Person) -> None:
    missed: dict[str, list[str]] = {}
    for window in pages(person):
        reached: list[QWidget] = []
        walk(person, reached.append)
        for one in controls(window):
            usable = one.isVisibleTo(window) and one.isEnabled() and not one.focusProxy()
            if usable and not in_a_group(one) and one not in reached:
                missed.setdefault(person.desktop.window.page, []).append(told(one))
    assert not missed


def test_the_focus_can_be_seen(person: Person) -> None:
    unseen: set[str] = set()
    for _ in pages(person):
        stops: list[QWidget] = []
        walk(person, stops.append)
        for stop in stops:
            if isinstance(stop, QAbstractButton | QComboBox | QAbstractSlider | QLineEdit):
                stop.setFocus(Qt.FocusReason.TabFocusReason)
                with_focus = stop.grab().toImage()
                stop.clearFocus()
                if stop.grab().toImage() == with_focus:
                    unseen.add(told(stop))
    assert not unseen


def shortcuts(window: QWidget) -> list[Keys]:
    """Keys, where they count, and whose they are."""
    found = []
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        assert isinstance(owner, QWidget)
        keys = shortcut.keys()
        found += [(key.toString(), shortcut.context(), owner) for key in keys]
    for action in window.findChildren(QAction):
        owner = action.parent()
        if isinstance(owner, QWidget) and not isinstance(owner, QLineEdit):
            keys = action.shortcuts()
            found += [(key.toString(), action.shortcutContext(), owner) for key in keys]
    for button in window.findChildren(QAbstractButton):
        if not button.shortcut().isEmpty():
            key = button.shortcut().toString()
            found.append((key, Qt.ShortcutContext.WindowShortcut, button))
    return [one for one in found if one[0]]


def meet(one: Keys, other: Keys) -> bool:
    """Whether both may be meant at the same time."""
    (_, where, whose), (_, where_other, whose_other) = one, other
    if whose.window() is not whose_other.window():
        return False
    everywhere = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)
    if where in everywhere or where_other in everywhere:
        return True
    related = whose.isAncestorOf(whose_other) or whose_other.isAncestorOf(whose)
    return whose is whose_other or related


def test_no_keys_mean_two_things(person: Person) -> None:
    window = person.desktop.window
    pairs = combinations(shortcuts(window), 2)
    conflicts = {
        (one[0], told(one[2]), told(other[2]))
        for one, other in pairs
        if one[0] == other[0] and meet(one, other)
    }
    assert not conflicts


def test_tooltips_tell_the_keys(person: Person) -> None:
    window = person.desktop.window
    tips = " ".join(
        f"{widget.toolTip()} {widget.accessibleDescription()} {widget.property('placeholderText')}"
        for widget in window.findChildren(QWidget)
    ) + " ".join(action.text() for action in window.findChildren(QAction))
    native = QKeySequence.SequenceFormat.NativeText
    untold = {
        f"{key} of {told(owner)}"
        for key, where, owner in shortcuts(window)
        if where != Qt.ShortcutContext.ApplicationShortcut  # of the system: the settings tell them
        and key not in KNOWN_TO_ALL
        and key not in tips
        and QKeySequence(key).toString(native) not in tips
    }
    assert not untold


def test_dialogs_close_with_escape(person: Person) -> None:
    person.desktop.window.show_about()
    person.qtbot.wait(50)
    (dialog,) = person.desktop.window.findChildren(AboutDialog)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = QColor(colour)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (parts.redF(), parts.greenF(), parts.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(colours: Colours) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    grounds = (
        *("window", "side", "surface", "raised", "hover"),
        *("accent_soft", "warning_ground", "error_ground"),
    )
    pairs = [
        *product(("text", "muted"), grounds),
        ("on_accent", "accent"),
        *product(("accent", "danger"), ("window", "side", "surface")),
        ("danger", "error_ground"),
    ]
    faint = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := contrast(getattr(colours, pair[0]), getattr(colours, pair[1]))) < READABLE
    }
    assert not faint
