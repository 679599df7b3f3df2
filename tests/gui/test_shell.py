"""The window around the pages: names, keys, places, colours, notices, other starts, hooks."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from data_makers.person import Person, application
from PySide6.QtCore import QSize, Qt, QtMsgType, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from phi_desk.engine.fake import FakeEngine
from phi_desk.errors import Cancelled, InputError, PhiDeskError
from phi_desk.ui.hooks import Hooks
from phi_desk.ui.icons import IconButton, app_icon
from phi_desk.ui.model_lane import EngineStatus
from phi_desk.ui.notices import Notice, NoticeBar
from phi_desk.ui.shell.about import AboutDialog, as_text
from phi_desk.ui.shell.places import Places
from phi_desk.ui.single_instance import FirstInstance, place_of
from phi_desk.ui.theme import DARK, LIGHT, Colours, Theme
from phi_desk.ui.throttle import Throttle

Enter = Callable[..., Person]
CONTROLS = (QAbstractButton, QLineEdit, QTextEdit, QListWidget, QAbstractScrollArea, QProgressBar)
ICONS = Path(__file__).parents[2] / "resources" / "icons"


def controls(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or widget.inherits("QTextBrowserPrivate")
        if isinstance(widget, CONTROLS) and not inner:
            yield widget


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(enter: Enter) -> None:
    person = enter(FakeEngine(otherwise="Text.\n\n```python\ncode\n```\n"))
    person.asks("Hello?")
    person.waits_for_the_answer()
    person.desktop.window.show_about()
    nameless, unreachable, tipless = [], [], []
    for widget in controls(person.desktop.window):
        if widget.parent() is not None and isinstance(widget.parent(), QLineEdit):
            continue  # the cross in a search field: Qt's own
        if not (widget.accessibleName() or getattr(widget, "text", str)()):
            nameless.append(widget)
        if isinstance(widget, QAbstractButton):
            if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                unreachable.append(widget.accessibleName())
            if isinstance(widget, IconButton) and not widget.toolTip():
                tipless.append(widget.accessibleName())
    assert not nameless
    assert not unreachable
    assert not tipless
    for dialog in person.desktop.window.findChildren(AboutDialog):
        dialog.close()


def test_pages_are_opened_by_mouse_and_by_keys(enter: Enter) -> None:
    person = enter(FakeEngine())
    window = person.desktop.window
    assert [name for name in window.page_names if name in ("Ask", "Models", "Settings")] == [
        "Ask",
        "Models",
        "Settings",
    ]
    assert window.page == "Ask"
    person.click(window.navigation._buttons["Models"])
    assert window.page == "Models"
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    person.waits_for(lambda: window.page == "Ask")


def test_size_place_and_page_are_remembered(enter: Enter) -> None:
    person = enter(FakeEngine())
    person.desktop.window.resize(700, 520)
    person.desktop.window.open_page("Models")
    person.leaves()
    again = enter(FakeEngine())
    assert again.desktop.window.size() == QSize(700, 520)
    assert again.desktop.window.page == "Models"


def test_a_place_on_a_screen_that_is_gone_is_not_used(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(20_000, 20_000, 400, 300)
    places = Places(tmp_path)
    places.keep(window)
    places.restore(window)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.intersects(window.geometry())


def test_a_damaged_file_of_places_does_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_bytes(b"\x00\xff[General\ngeometry=@ByteArray(\x01\x02")
    window = QWidget()
    qtbot.addWidget(window)
    Places(tmp_path).restore(window)
    assert window.width() > 100


def test_about_tells_versions_and_licences(enter: Enter) -> None:
    person = enter(FakeEngine())
    person.click(person.desktop.window.navigation._about)
    (dialog,) = person.desktop.window.findChildren(AboutDialog)
    said = dialog.licences.toPlainText()
    assert "Qt for Python" in said
    assert "LGPL-3.0" in said
    assert "Phi-4-multimodal-instruct" in said
    person.click(dialog._copy)
    assert QGuiApplication.clipboard().text() == as_text()
    dialog.accept()


def test_the_status_line_follows_the_model(enter: Enter) -> None:
    person = enter(FakeEngine())
    line = person.desktop.window.status
    assert line.sentence == "The model is ready."
    line.show_status(EngineStatus(state="loading", sentence="Loading the model…", done=3, total=9))
    assert line._bar.value() == 3
    assert not line._bar.isHidden()
    line.show_status(EngineStatus(state="ready", sentence="fp32 on the processor"))
    assert line._bar.isHidden()


def test_light_and_dark_change_while_the_window_is_open(enter: Enter) -> None:
    person = enter(FakeEngine())
    theme = person.desktop.theme
    theme.choose("light")
    light = person.desktop.window.grab().toImage()
    assert application().palette().window().color().name() == LIGHT.window
    theme.choose("dark")
    dark = person.desktop.window.grab().toImage()
    assert application().palette().window().color().name() == DARK.window
    place = (light.width() - 30, light.height() // 3)
    assert light.pixelColor(*place).lightness() > 200
    assert dark.pixelColor(*place).lightness() < 60


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_read_with_ease_on_every_ground(colours: Colours) -> None:
    grounds = (colours.window, colours.side, colours.surface, colours.raised, colours.hover)
    for ground in (*grounds, colours.warning_ground, colours.error_ground):
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.muted, ground) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.accent, colours.window) >= 4.5
    assert contrast(colours.danger, colours.surface) >= 4.5


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_icon_draws_something_and_takes_its_colour(qtbot: QtBot) -> None:
    names = {path.stem for path in ICONS.glob("*.svg")}
    assert "phi-desk" in names
    for path in ICONS.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert ("currentColor" in text) is (path.stem != "phi-desk"), path.name
    for name in names - {"phi-desk"}:
        button = IconButton(name, name)
        qtbot.addWidget(button)
        image = button.icon().pixmap(40, 40).toImage()
        inked = sum(
            image.pixelColor(x, y).alpha() > 100
            for x in range(image.width())
            for y in range(image.height())
        )
        assert inked > 8, name
    assert not app_icon().pixmap(64, 64).isNull()


def test_notices_come_one_after_another_and_undo_goes_away(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    undone: list[int] = []
    bar.show_error(InputError("First.", "Do this."))
    bar.show_error(Cancelled())
    bar.show_error(InputError("Second."))
    bar.show_error(InputError("Second."))
    assert bar.current is not None
    assert bar.current.sentence == "Second."
    bar.dismiss()
    assert bar.current is not None
    assert bar.current.sentence == "First."
    undo = Notice(
        sentence="Deleted.", action_label="Undo", action=lambda: undone.append(1), stays_ms=60
    )
    bar.show_notice(undo)
    bar._act.click()
    assert undone == [1]
    assert bar.current.sentence == "First."
    bar.show_notice(undo)
    qtbot.waitUntil(lambda: bar.current is not None and bar.current.sentence == "First.")
    bar.dismiss()
    assert bar.isHidden()


def test_something_is_painted_once_a_frame(qtbot: QtBot) -> None:
    widget, painted = QWidget(), []
    qtbot.addWidget(widget)
    throttle = Throttle(lambda: painted.append(1), widget)
    for _ in range(100):
        throttle.request()
    assert painted == []
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == [1]
    throttle.request()
    throttle.flush()
    assert painted == [1, 1]
    qtbot.wait(40)
    assert painted == [1, 1]


SECOND_START = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from phi_desk.ui.single_instance import hand_over
app = QCoreApplication([])
print(json.dumps(hand_over(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])))
"""


def second_start(home: Path, *files: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SECOND_START, str(home), *map(str, files)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_second_start_hands_its_file_to_the_first_window(enter: Enter, tmp_path: Path) -> None:
    person = enter(FakeEngine())
    window = person.desktop.window
    home = tmp_path / "home"
    first = FirstInstance(home)
    first.called.connect(person.desktop.take_files)
    window.open_page("Models")
    window.showMinimized()
    sound = Path(__file__).parents[1] / "data" / "speech_english.ogg"
    other = second_start(home, sound)
    person.waits_for(lambda: person.ask.composer.chips._chips)
    assert json.loads(other.communicate(timeout=20)[0]) is True
    assert window.page == "Ask"
    assert not window.isMinimized()
    first.close()


def test_where_no_window_is_open_a_start_is_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    assert json.loads(second_start(tmp_path).communicate(timeout=20)[0]) is False
    first = FirstInstance(tmp_path)
    assert first.listening
    first.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes there vanish with their program")
def test_what_a_killed_window_left_behind_does_not_keep_the_next_out(
    qtbot: QtBot, tmp_path: Path
) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom PySide6.QtCore import QCoreApplication\n"
        "from phi_desk.ui.single_instance import FirstInstance\napp = QCoreApplication([])\n"
        "assert FirstInstance(Path(sys.argv[1])).listening\nos._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=30)
    first = FirstInstance(tmp_path)
    assert first.listening
    first.close()


def test_homes_have_their_own_windows(tmp_path: Path) -> None:
    assert place_of(tmp_path / "one") != place_of(tmp_path / "two")
    assert len(place_of(tmp_path / ("long" * 60))) < 40


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    hooks = Hooks()
    hooks.install()
    yield hooks
    hooks.restore()


def test_an_exception_nobody_caught_is_logged_and_told(
    qtbot: QtBot, hooks: Hooks, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[PhiDeskError] = []
    hooks.uncaught.connect(told.append)
    try:
        {"somebody": 1}["nobody knows"]
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    assert "KeyError" in told[0].sentence
    assert any("nobody knows" in line for line in told[0].details)
    assert "nobody knows" in caplog.text


def test_an_exception_on_another_thread_is_told_on_this_one(
    qtbot: QtBot, hooks: Hooks, caplog: pytest.LogCaptureFixture
) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    hooks.uncaught.connect(bar.show_error)

    def fail() -> None:
        raise LookupError("elsewhere")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bar.current is not None)
    assert bar.current is not None
    assert "LookupError" in bar.current.sentence


def test_what_qt_has_to_say_goes_to_the_log(
    qtbot: QtBot, hooks: Hooks, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "phi_desk.ui.hooks"):
        qWarning("a plugin is missing")
    assert "a plugin is missing" in caplog.text
    assert QtMsgType.QtWarningMsg is not None


def test_the_theme_follows_the_system(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = Theme(application())
    hints = application().styleHints()
    monkeypatch.setattr(type(hints), "colorScheme", lambda _self: Qt.ColorScheme.Dark)
    with qtbot.waitSignal(theme.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.colours is DARK
    theme.deleteLater()


def test_nothing_of_the_window_is_imported_by_the_command_line() -> None:
    code = (
        "import sys\nfrom phi_desk.start import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print('PySide6' in sys.modules, 'torch' in sys.modules, 'numpy' in sys.modules)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert ran.stdout.splitlines()[-1] == "False False False"
