"""The presenters by themselves: no window, no thread, no Qt; work is done when it is started."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image as Pillow

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import Audio, Text
from phi_desk.errors import Cancelled, ModelNotFoundError, PhiDeskError
from phi_desk.services.chats.context import Usage
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import StoredMessage
from phi_desk.storage.place import Storage
from phi_desk.ui.chat.list_presenter import ListPresenter
from phi_desk.ui.chat.presenter import ChatPresenter
from phi_desk.ui.chat.segments import Code, Prose, segments
from phi_desk.ui.chat.values import ChatLine, DraftItem
from phi_desk.ui.running import OnEvent, OnFailed, OnFinished, Priority


class AtOnce:
    """Does work when it is told, in the order in which it came."""

    def __init__(self, engine: Engine | PhiDeskError | None = None, *, hold: bool = False) -> None:
        self.engine = engine
        self.hold = hold
        self.held: list[Callable[[], None]] = []
        self.cancel_token = CancelToken()

    def run(  # type: ignore[no-untyped-def]  # both kinds of work
        self,
        work,
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> AtOnce:
        token = self.cancel_token = CancelToken()

        def do() -> None:
            try:
                if isinstance(self.engine, PhiDeskError):
                    raise self.engine
                token.raise_if_cancelled()
                events = work(self.engine, token) if self.engine is not None else work(token)
                for event in events:
                    if on_event is not None:
                        on_event(event)
            except Cancelled:
                pass
            except PhiDeskError as error:
                if on_failed is not None:
                    on_failed(error)
            if on_finished is not None:
                on_finished()

        if self.hold:
            self.held.append(do)
        else:
            do()
        return self

    def run_reporting(self, *_: object, **__: object) -> AtOnce:
        raise NotImplementedError

    def cancel(self) -> None:
        self.cancel_token.cancel()

    def go_on(self) -> None:
        while self.held:
            self.held.pop(0)()


class Screen:
    """Writes down what it is told to show."""

    def __init__(self) -> None:
        self.path: tuple[StoredMessage, ...] = ()
        self.live: str | None = None
        self.text = ""
        self.draft = ""
        self.busy: list[bool] = []
        self.progress: list[str] = []
        self.errors: list[PhiDeskError] = []
        self.items: tuple[DraftItem, ...] = ()
        self.lines: tuple[ChatLine, ...] = ()
        self.undo: Callable[[], None] | None = None
        self.usage: Usage | None = None
        self.instruction = ""

    def show_messages(self, path: Sequence[StoredMessage], live: str | None) -> None:
        self.path, self.live = tuple(path), live

    def show_question(self, text: str, items: Sequence[DraftItem]) -> None:
        self.text = ""

    def add_text(self, text: str) -> None:
        self.text += text

    def show_progress(self, sentence: str) -> None:
        self.progress.append(sentence)

    def show_busy(self, busy: bool) -> None:
        self.busy.append(busy)

    def show_items(self, items: Sequence[DraftItem], reading: int) -> None:
        self.items = tuple(items)

    def set_draft(self, text: str) -> None:
        self.draft = text

    def show_usage(self, usage: Usage | None) -> None:
        self.usage = usage

    def show_instruction(self, words: str) -> None:
        self.instruction = words

    def tell(self, error: PhiDeskError) -> None:
        self.errors.append(error)

    def show_chats(self, lines: Sequence[ChatLine], current: int | None, words: str) -> None:
        self.lines = tuple(lines)

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        self.undo = undo


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with Storage(tmp_path) as storage:
        yield ChatStore(storage)


def presenter(screen: Screen, store: ChatStore, model: AtOnce) -> ChatPresenter:
    return ChatPresenter(screen, lambda: store, model, AtOnce(), lambda _: None)


def test_an_answer_is_streamed_and_then_shown_as_stored(store: ChatStore) -> None:
    screen = Screen()
    talk = presenter(screen, store, AtOnce(FakeEngine(otherwise="Good morning.")))
    assert talk.send("Hello")
    assert screen.text == "Good morning."
    assert [message.text for message in screen.path] == ["Hello", "Good morning."]
    assert screen.busy == [True, False]
    assert not talk.busy


def test_while_the_model_loads_the_question_is_kept_and_can_be_answered_later(
    store: ChatStore,
) -> None:
    engine = FakeEngine(otherwise="late")
    screen, model = Screen(), AtOnce(engine, hold=True)
    talk = presenter(screen, store, model)
    talk.send("Hello")
    assert screen.progress[-1] == "Loading the model…"
    (chat,) = store.list()
    assert [one.text for one in store.messages.path(chat.id)] == ["Hello"]
    assert not talk.send("Another")
    talk.stop()
    model.go_on()
    assert [one.text for one in screen.path] == ["Hello"]
    assert screen.live is None
    assert screen.draft == ""
    assert engine.requests == []
    talk.answer(screen.path[0].id)
    model.go_on()
    assert [one.text for one in screen.path] == ["Hello", "late"]
    assert screen.errors == []


def test_a_model_that_is_not_there_costs_no_words(store: ChatStore) -> None:
    screen, error = Screen(), ModelNotFoundError("There is no model yet.", "Get one.")
    talk = presenter(screen, store, AtOnce(error))
    talk.send("A long and careful question")
    assert screen.errors == [error]
    assert [one.text for one in screen.path] == ["A long and careful question"]


def test_a_question_that_cannot_be_stored_is_put_back(store: ChatStore, tmp_path: Path) -> None:
    screen = Screen()
    talk = presenter(screen, store, AtOnce(FakeEngine(otherwise="Fine.")))
    picture = tmp_path / "gone.png"
    Pillow.new("RGB", (8, 8)).save(picture)
    talk.add_files([picture])
    assert len(screen.items) == 1
    picture.unlink()
    assert talk.send("What is this?")
    assert len(screen.errors) == 1
    assert screen.draft == "What is this?"
    assert len(screen.items) == 1
    assert store.list() == ()
    assert screen.path == ()


def test_what_is_still_being_read_is_not_left_behind(store: ChatStore) -> None:
    screen, disk = Screen(), AtOnce(hold=True)
    engine = FakeEngine(otherwise="A weather report.")
    talk = ChatPresenter(screen, lambda: store, AtOnce(engine), disk, lambda _: None)
    talk.add_files([Path(__file__).parents[1] / "data" / "speech_english.ogg"])
    assert not talk.send("What is said?")
    disk.go_on()
    assert [item.kind for item in screen.items] == ["audio"]
    assert talk.send("What is said?")
    disk.go_on()
    assert [type(part) for part in engine.requests[-1].messages[-1].parts] == [Audio, Text]


def test_only_what_belongs_to_the_chat_that_is_open_is_shown(store: ChatStore) -> None:
    screen, model = Screen(), AtOnce(FakeEngine(otherwise="for the first"), hold=True)
    talk = presenter(screen, store, model)
    other = store.create("Other")
    talk.send("Hello")
    talk.open(other.id)
    model.go_on()
    assert screen.text == ""
    assert screen.path == ()
    first = next(chat for chat in store.list() if chat.id != other.id)
    assert [m.text for m in store.messages.path(first.id)] == ["Hello", "for the first"]


def test_a_search_shows_the_place_where_the_words_are(store: ChatStore) -> None:
    screen = Screen()
    talk = presenter(screen, store, AtOnce(FakeEngine(otherwise="Bananas are yellow.")))
    talk.send("Which colour?")
    chats = ListPresenter(screen, lambda: store, AtOnce(), lambda _: None)
    chats.search("bananas")
    line: ChatLine = screen.lines[0]
    assert "Bananas are yellow" in line.found
    chats.search("cherries")
    assert screen.lines == ()
    chats.search("")
    assert len(screen.lines) == 1


def test_deleting_can_be_undone_and_leaves_the_chat(store: ChatStore) -> None:
    screen, gone = Screen(), list[int]()
    chat = store.create("Fruit")
    chats = ListPresenter(screen, lambda: store, AtOnce(), gone.append)
    chats.delete(chat)
    assert gone == [chat.id]
    assert titles(screen) == []
    assert screen.undo is not None
    screen.undo()
    assert titles(screen) == ["Fruit"]


def titles(screen: Screen) -> list[str]:
    return [line.chat.title for line in screen.lines]


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        ("", ()),
        ("Just words.", (Prose("Just words."),)),
        ("a\n```py\nx\n```\nb", (Prose("a"), Code("x", "py"), Prose("b"))),
        ("```\nopen", (Code("open", ""),)),
        ("~~~\n```\n~~~", (Code("```", ""),)),
        ("````\n```\nx\n````", (Code("```\nx", ""),)),
        ("`inline` ``` no fence", (Prose("`inline` ``` no fence"),)),
        ("    ```\n    indented", (Prose("    ```\n    indented"),)),
    ],
)
def test_an_answer_is_cut_into_words_and_code(answer: str, parts: tuple[Prose | Code, ...]) -> None:
    assert segments(answer) == parts


def test_presenters_know_no_qt() -> None:
    modules = ("chat.presenter", "chat.list_presenter", "chat.desk", "chat.measuring",
               "chat.drafts", "chat.segments", "chat.asking", "chat.turn", "chat.tasks",
               "chat.packing", "chat.markdown", "camera.presenter",
               "models.presenter", "running")  # fmt: skip
    code = "import sys\n" + "".join(f"import phi_desk.ui.{name}\n" for name in modules)
    code += "print('PySide6' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
