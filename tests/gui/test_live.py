"""The page Live with real lanes and real speech out of a file; only the engine is a script."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from data_makers.live_desk import ScriptSource
from data_makers.live_sound import numbered
from data_makers.person import Person, application
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from phi_desk.engine.fake import FakeEngine, Rule
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import ChatRequest
from phi_desk.errors import DeviceError
from phi_desk.services.history.sessions.values import Spoken
from phi_desk.ui.live.export_dialog import ExportDialog
from phi_desk.ui.live.page import LivePage
from phi_desk.ui.live.transcript import TranscriptView
from phi_desk.ui.live.values import Note, Said, Wanted

Enter = Callable[..., Person]
SPEECH = Path(__file__).resolve().parents[1] / "data" / "speech_english.ogg"
BOTH = "Good morning everyone. <sep> Guten Morgen zusammen."


class Listener:
    """A person at the page Live."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.live: LivePage = person.desktop.live
        person.desktop.window.resize(1200, 760)
        person.desktop.window.open_page("Live")
        person.desktop.preferences.change("live", target="de")

    @property
    def view(self) -> TranscriptView:
        return self.live.now.transcript

    @property
    def said(self) -> list[Said]:
        return [row for row in self.view.rows if isinstance(row, Said)]

    @property
    def sure(self) -> list[Said]:
        return [row for row in self.said if row.sure]

    @property
    def phase(self) -> str:
        return self.live.talk.state.phase

    @property
    def titles(self) -> list[str]:
        lines = self.live.list.lines
        return [lines.item(row).text() for row in range(lines.count())]

    def until(self, condition: Callable[[], object]) -> None:
        self.person.qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)

    def starts(self, path: Path = SPEECH) -> None:
        self.live.take_files([path])
        self.person.click(self.live.controls.start)

    def listens(self) -> None:
        self.until(lambda: self.live.controls.meter.loudness > 0)

    def stops(self) -> None:
        self.person.click(self.live.controls.stop)

    def rests(self) -> None:
        self.until(lambda: not self.live.talk.busy and self.person.desktop.disk.idle)


def engine(seconds_a_token: float = 0.0) -> FakeEngine:
    return FakeEngine(otherwise=BOTH, seconds_a_token=seconds_a_token)


def italic_words(view: TranscriptView) -> str:
    """The words that are shown as unsure, by their style."""
    found, block = [], view.document().begin()
    while block.isValid():
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        if cursor.charFormat().fontItalic():
            found.append(block.text())
        block = block.next()
    return " ".join(found)


def test_a_file_is_heard_translated_stopped_kept_and_exported(enter: Enter, tmp_path: Path) -> None:
    me = Listener(enter(engine(0.05)))
    me.starts()
    me.listens()
    assert "speech_english.ogg" in me.live.controls.sentence.text()
    assert not me.live.controls.source.isEnabled()
    me.until(lambda: "behind" in me.live.controls.lag.text())
    me.stops()
    assert "being finished" in me.live.controls.sentence.text()
    me.until(lambda: italic_words(me.view))
    me.rests()
    assert [(one.text, one.translation) for one in me.sure] == [
        ("Good morning everyone.", "Guten Morgen zusammen.")
    ]
    assert not italic_words(me.view)
    assert me.live.controls.sentence.text().startswith("Heard 0:")
    assert me.titles == ["speech_english.ogg"]
    store = me.person.desktop.history.sessions()
    (session,) = store.list()
    assert session.state == "ended"
    assert [entry.text for entry in store.entries(session.id) if isinstance(entry, Spoken)] == [
        "Good morning everyone."
    ]
    me.live.ask_how_to_export(session)
    dialog = me.live.findChild(ExportDialog)
    assert dialog is not None
    dialog.form.setCurrentIndex(1)
    dialog.save_to(tmp_path / "talk")
    me.until(lambda: (tmp_path / "talk.srt").exists())
    assert "Guten Morgen zusammen." in (tmp_path / "talk.srt").read_text(encoding="utf-8")


def test_pause_stands_still_and_goes_on(enter: Enter) -> None:
    # The pause may cut off a first syllable: the script says no more than fits into one.
    me = Listener(enter(FakeEngine(otherwise="Yes. <sep> Ja.")))
    me.starts()
    me.listens()
    me.person.click(me.live.controls.pause)
    assert me.phase == "paused"
    assert me.live.controls.meter.loudness == 0
    assert "stands still" in me.live.controls.sentence.text()
    before = len(me.sure)
    QTest.qWait(300)
    assert me.live.controls.meter.loudness == 0
    me.person.click(me.live.controls.pause)
    me.listens()
    me.rests()
    assert len(me.sure) >= max(1, before)
    assert not [row for row in me.view.rows if isinstance(row, Note)]  # a file misses nothing


def test_a_running_answer_delays_captions_says_so_and_loses_nothing(enter: Enter) -> None:
    slow = "slow " * 400

    def reply(request: ChatRequest) -> str:
        return BOTH if is_sound(request) else slow

    def is_sound(request: ChatRequest) -> bool:
        return any(type(part).__name__ == "Audio" for part in request.messages[-1].parts)

    me = Listener(enter(FakeEngine(Rule(lambda _: True, reply), seconds_a_token=0.01)))
    me.person.desktop.window.open_page("Ask")
    me.person.asks("Talk for long.")
    me.until(lambda: me.person.ask.talk.busy)
    me.person.desktop.window.open_page("Live")
    me.starts()
    levels: list[float] = []

    def moves() -> bool:
        levels.append(me.live.controls.meter.loudness)
        return len(set(levels)) > 5

    me.until(moves)  # the meter does not wait for the model
    me.until(lambda: me.sure)
    me.rests()
    me.until(lambda: not me.person.ask.talk.busy)
    assert me.person.answers[-1].strip() == slow.strip()
    assert not [row for row in me.view.rows if isinstance(row, Note)]


def test_the_reader_stays_where_he_is_and_follows_again_at_the_end(enter: Enter) -> None:
    me = Listener(enter(engine()))
    me.live.begin_rows(translated=True, language="", target="de")
    rows = [Said(start_s=float(n), text=f"Row {n}.", translation=f"Zeile {n}.") for n in range(60)]
    me.live.show_rows(rows, ())
    bar = me.view.verticalScrollBar()
    me.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(10)
    unsure = Said(start_s=60.0, text="and", translation=None, sure=False)
    for words in ("and", "and then", "and then it"):
        me.live.show_rows((), [Said(start_s=60.0, text=words, sure=False)])
        QTest.qWait(20)
        assert bar.value() == 10
    me.live.show_rows([Said(start_s=60.0, text="And then it rained.", translation="x")], [unsure])
    QTest.qWait(20)
    assert bar.value() == 10
    QTest.keyClick(me.view, Qt.Key.Key_End)
    me.until(lambda: bar.value() == bar.maximum())
    me.live.show_rows(rows[:5], ())
    me.until(lambda: bar.value() == bar.maximum())


def test_what_is_certain_is_not_touched_and_can_be_selected_while_words_come(
    enter: Enter,
) -> None:
    me = Listener(enter(engine()))
    me.live.begin_rows(translated=True, language="", target="de")
    me.live.show_rows([Said(start_s=0.0, text="First words.", translation="Erste Worte.")], ())
    cursor = me.view.document().find("First words.")
    me.view.setTextCursor(cursor)
    for number in range(30):
        tail = [Said(start_s=2.0, text="more " * number, translation="mehr", sure=False)]
        me.live.show_rows((), tail)
    assert me.view.textCursor().selectedText() == "First words."
    me.live.show_rows([Said(start_s=2.0, text="More.", translation="Mehr.")], ())
    assert me.view.textCursor().selectedText() == "First words."
    me.view.copy()
    assert application().clipboard().text() == "First words."
    everything = me.view.textCursor()
    everything.select(QTextCursor.SelectionType.Document)
    me.view.setTextCursor(everything)
    me.view.copy()
    assert application().clipboard().text().split("\n") == [
        "0:00", "First words.", "Erste Worte.", "0:02", "More.", "Mehr."
    ]  # fmt: skip
    me.live.now.copy()
    assert "[0:02] More." in application().clipboard().text()


def test_a_narrow_page_has_the_translation_below_the_words(enter: Enter) -> None:
    me = Listener(enter(engine()))
    me.live.begin_rows(translated=True, language="", target="de")
    rows = [Said(start_s=0.0, text="Words.", translation="Worte.")]
    tail = [Said(start_s=1.0, text="unsure", translation="unsicher", sure=False)]
    me.person.desktop.window.resize(1200, 760)
    QTest.qWait(30)
    me.live.show_rows(rows, tail)
    wide = me.view.document().size().height()
    me.person.desktop.window.resize(640, 760)
    me.until(lambda: me.view.document().size().height() > wide)
    assert not me.live.list.isVisible()
    plain = me.view.toPlainText()
    assert [word for word in plain.split() if word.isalpha() or "." in word] == [
        "Words.", "Worte.", "unsure", "unsicher"
    ]  # fmt: skip


def test_a_long_session_is_opened_bit_by_bit(enter: Enter) -> None:
    me = Listener(enter(engine()))
    rows = [Said(start_s=float(n), text=f"Row {n}.", translation="x") for n in range(600)]
    ticks: list[int] = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    view = me.live.kept.transcript
    view.clear_rows(translated=True)
    view.show_all(rows)
    me.until(lambda: "Row 599." in view.toPlainText())
    timer.stop()
    assert len(ticks) > 10  # the window had its turn in between
    assert view.rows == tuple(rows)
    assert view.verticalScrollBar().value() == 0


def test_sessions_are_searched_opened_renamed_and_deleted_with_undo(enter: Enter) -> None:
    me = Listener(enter(engine()))
    me.starts()
    me.until(lambda: me.sure)
    me.rests()
    person, side = me.person, me.live.list
    person.click(side.field)
    QTest.keyClicks(side.field, "zusammen")
    me.until(lambda: side.lines.count() == 1)
    QTest.keyClicks(side.field, "xyz")
    me.until(lambda: side.lines.count() == 0)
    side.field.clear()
    me.until(lambda: side.lines.count() == 1)
    person.click(side.new)
    assert me.view.rows == ()
    item = side.lines.item(0)
    person.click_at(side.lines.viewport(), side.lines.visualItemRect(item).center())
    kept = me.live.kept.transcript
    me.until(lambda: kept.isVisible() and "Guten Morgen zusammen." in kept.toPlainText())
    side.lines.setCurrentRow(0)
    QTest.keyClick(side.lines, Qt.Key.Key_F2)
    dialog = person.desktop.window.findChild(QObject, "rename")
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText("Heating costs")
    QTest.keyClick(field, Qt.Key.Key_Return)
    me.until(lambda: me.titles == ["Heating costs"])
    side.lines.setCurrentRow(0)
    QTest.keyClick(side.lines, Qt.Key.Key_Delete)
    me.until(lambda: me.titles == [])
    assert "was deleted" in person.notice
    person.click(person.desktop.window.notices._act)
    me.until(lambda: me.titles == ["Heating costs"])


def test_a_missing_microphone_is_a_sentence_and_the_page_is_ready_again(enter: Enter) -> None:
    me = Listener(enter(engine()))

    def nothing(*_: object) -> ScriptSource:
        raise DeviceError("No microphone is connected.", "Connect one.")

    me.live.talk._open_source = nothing
    me.person.click(me.live.controls.start)
    me.rests()
    assert me.person.notice == "No microphone is connected."
    assert me.live.controls.start.isVisible()


def test_toggle_starts_and_finishes(enter: Enter) -> None:
    me = Listener(enter(engine()))
    me.live.take_files([SPEECH])
    told: list[bool] = []
    me.live.listening_changed.connect(told.append)
    me.live.toggle()
    me.until(lambda: me.live.controls.time.text().startswith("0:02"))
    me.live.toggle()
    assert me.phase == "finishing"
    me.live.toggle()  # a key pressed twice gives nothing up
    assert me.phase == "finishing"
    me.rests()
    assert told == [True, False]
    assert me.sure


def test_a_window_that_closes_while_it_listens_leaves_nothing_running(enter: Enter) -> None:
    me = Listener(enter(engine(0.2)))
    me.person.desktop.preferences.change("live", keep_sound=True)
    me.starts()
    me.listens()
    me.person.leaves()
    assert not [one for one in threading.enumerate() if one.name == "live lane"]


def test_fifty_starts_and_stops_leave_nothing_behind(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = Listener(enter(engine()))
    me.person.desktop.preferences.change("live", keep_sound=True)
    talk = numbered([(True, 1), (False, 1)])

    def source(_wanted: Wanted, _paused: object, _cancel: object) -> ScriptSource:
        return ScriptSource(talk)

    monkeypatch.setattr(me.live.talk, "_open_source", source)
    me.live.controls._chosen = ("microphone", "")
    process = psutil.Process()

    def once() -> None:
        me.live.start()
        me.rests()

    def counted() -> tuple[set[str], int, int]:
        application().sendPostedEvents(None, QEvent.Type.DeferredDelete)
        timers = [t for t in me.live.findChildren(QTimer) if t.isActive()]
        names = {one.name for one in threading.enumerate() if not one.name.endswith(" lane")}
        return names, process.num_fds(), len(timers)

    for _ in range(3):
        once()
    before, objects = counted(), len(me.live.findChildren(QObject))
    for _ in range(50):
        once()
    after = counted()
    assert after[0] <= before[0]
    assert [one.name for one in threading.enumerate()].count("live lane") == 1
    me.person.waits_for(lambda: process.num_fds() <= before[1] + 1)  # helpers come and go
    assert after[2] <= before[2]
    assert len(me.live.findChildren(QObject)) <= objects + 2
    assert len(me.titles) == 53


def test_the_same_key_that_a_tray_switch_has(enter: Enter) -> None:
    me = Listener(enter(engine()))
    names = {action.text(): action for action in me.person.desktop.tray.menu.actions()}
    names["Show Captions"].trigger()
    assert me.live.overlay.shown
    through: list[bool] = []
    for _ in range(2):
        names["Let Clicks through the Captions"].trigger()
        through.append(me.person.desktop.preferences.value.overlay.click_through)
    assert through == [True, False]
    me.live.set_overlay(False)
    assert [names[name].isChecked() for name in ("Show Captions", "Listen Live")] == [False, False]


def test_every_language_can_be_chosen_and_is_kept(enter: Enter) -> None:
    me = Listener(enter(engine()))
    target = me.live.controls.target
    place = target.findData("ja")
    target.setCurrentIndex(place)
    target.activated.emit(place)
    assert me.person.desktop.preferences.value.live.target == "ja"
    assert me.live.wanted.target == "ja"
    assert find_language("ja").name == target.currentText()
