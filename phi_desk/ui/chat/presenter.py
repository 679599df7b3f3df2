"""Asking: what the person does becomes work on the lanes, what comes back is shown; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress, Started, TextDelta
from phi_desk.engine.messages import Options, Text
from phi_desk.errors import PhiDeskError
from phi_desk.media.picture import Picture
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.values import Chat, DraftPart, Named, StoredMessage
from phi_desk.ui.chat.desk import Desk
from phi_desk.ui.chat.list_presenter import Stores
from phi_desk.ui.chat.measuring import Measured, measure
from phi_desk.ui.chat.values import DraftItem, TalkView
from phi_desk.ui.running import ModelRunner, Priority, Running, WorkRunner

LONGEST_ANSWER = 4096  # tokens; about eight pages
PHASES = {
    "load": "Loading the model…",
    "media": "Looking at what you attached…",
    "encode": "Looking at what you attached…",
    "prefill": "Reading…",
}

Ask = Callable[[Engine, CancelToken], Iterator[object]]


@dataclass(slots=True)
class Turn:
    """A question that is being answered.

    Attributes:
        chat: None until a new chat is stored.
        before: how many messages the chat had.
        text, items: the draft, to be put back where the question could not be stored.
    """

    chat: int | None
    before: int
    text: str = ""
    items: tuple[DraftItem, ...] = ()
    said: list[str] = field(default_factory=list)
    running: Running | None = None
    failed: bool = False


class ChatPresenter:
    """One conversation at a time; an answer goes on being written while another chat is shown.

    `on_chat` is told which chat is open, and that the list has changed.
    """

    def __init__(
        self,
        view: TalkView,
        stores: Stores,
        model: ModelRunner,
        disk: WorkRunner,
        on_chat: Callable[[int | None], None],
        how: Callable[[], How] = lambda: How(options=Options(max_tokens=LONGEST_ANSWER)),
    ) -> None:
        self._view, self._stores, self._model, self._disk = view, stores, model, disk
        self._on_chat = on_chat
        self._how = how
        self._desk = Desk(view, disk, self._measure)
        self._path: tuple[StoredMessage, ...] = ()
        self._turn: Turn | None = None
        self._session: tuple[int, ChatSession] | None = None  # touched on the model lane only
        self._measuring: Running | None = None
        self._shown = 0
        self.chat: int | None = None
        self.ready = False

    @property
    def busy(self) -> bool:
        """Whether an answer is being written."""
        return self._turn is not None

    def open(self, chat: int | None) -> None:
        """Show a chat, or with None an empty page for a new one."""
        if chat == self.chat and chat is not None:
            return
        self.chat, self._path = chat, ()
        self._on_chat(chat)
        self._reload()

    def forget(self, chat: int) -> None:
        """A chat was deleted; an answer to it need not be written to its end."""
        if self._turn is not None and self._turn.chat == chat:
            self.stop()
        if self.chat == chat:
            self.open(None)

    def send(self, text: str) -> bool:
        """Ask; false where there is nothing to ask, or something must end first.

        That is an answer that is being written, or an attachment that is still being read.
        """
        items = self._desk.items
        if self.busy or self._desk.reading or not (text.strip() or items):
            return False
        parts: list[DraftPart] = [Named(part=item.part, name=item.name) for item in items]
        parts += [Text(text.strip())] if text.strip() else []
        turn = Turn(self.chat, len(self._path), text, items)
        self._view.show_question(text.strip(), items)
        self._desk.clear()
        self._start(turn, self._asking(turn, parts))
        return True

    def regenerate(self) -> None:
        """Write the last answer anew, or the one that is missing."""
        if self.busy or not self._path or self.chat is None:
            return
        chat, last, how = self.chat, self._path[-1], self._how()

        def ask(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            session = self._session_of(chat)
            if last.role == "assistant":
                return session.regenerate(engine, last.id, how, cancel)
            return session.answer_again(engine, last.id, how, cancel)

        if last.role == "assistant":
            self._view.show_answer_again()
        else:
            self._view.show_messages(self._path, "")
        self._start(Turn(chat, len(self._path)), ask)

    def stop(self) -> None:
        """End the answer; what there is of it stays."""
        if self._turn is not None and self._turn.running is not None:
            self._turn.running.cancel()

    def choose_version(self, message: int) -> None:
        """Show another version of a question or an answer."""
        if self.busy:
            return

        def work(cancel: CancelToken) -> Iterator[object]:
            self._stores().messages.choose(message)
            yield True

        self._disk.run(work, on_failed=self._view.tell, on_finished=self._reload)

    def add_files(self, files: Sequence[Path]) -> None:
        """Attach files."""
        for path in files:
            self._desk.add(path, path.name)

    def add_picture(self, make: Callable[[], Picture], name: str) -> None:
        """Attach pixels; `make` gives them, on a lane."""
        self._desk.add(make, name)

    def remove_item(self, number: int) -> None:
        """Take an attachment away."""
        self._desk.remove(number)

    def draft_changed(self, text: str) -> None:
        """The words in the composer changed; called when the person pauses."""
        self._desk.text = text
        self._measure()

    def model_is_ready(self, ready: bool) -> None:
        """Whether tokens can be counted without waiting for the model."""
        if ready != self.ready:
            self.ready = ready
            self._measure()

    def _asking(self, turn: Turn, parts: Sequence[DraftPart]) -> Ask:
        how = self._how()

        def ask(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            number = turn.chat
            if number is None:
                made = self._stores().create()
                number = made.id
                yield made
            yield from self._session_of(number).ask(engine, parts, how, cancel)

        return ask

    def _session_of(self, chat: int) -> ChatSession:
        """Kept, because it remembers what every message of the chat takes."""
        if self._session is None or self._session[0] != chat:
            self._session = (chat, ChatSession(self._stores(), chat))
        return self._session[1]

    def _start(self, turn: Turn, ask: Ask) -> None:
        if self._measuring is not None:
            self._measuring.cancel()
        self._turn = turn
        self._view.show_busy(True)
        self._view.show_progress("" if self.ready else PHASES["load"])
        turn.running = self._model.run(
            ask,
            priority=Priority.CHAT,
            on_event=self._on_event,
            on_failed=self._on_failed,
            on_finished=self._on_finished,
        )

    def _on_event(self, event: object) -> None:
        turn = self._turn
        if turn is None:
            return
        seen = self._is_shown(turn)
        match event:
            case Chat():
                turn.chat = event.id
                if seen:
                    self.chat = event.id
                self._on_chat(self.chat)
            case TextDelta(text):
                turn.said.append(text)
                if seen:
                    self._view.show_progress("")
                    self._view.add_text(text)
            case Started() if seen:
                self._on_chat(self.chat)
                self._view.show_progress(PHASES["prefill"])
            case Progress() if seen:
                share = f" {100 * event.done // event.total} %" if event.total else ""
                self._view.show_progress(f"{PHASES[event.phase]}{share}")

    def _on_failed(self, error: PhiDeskError) -> None:
        if self._turn is not None:
            self._turn.failed = True
        self._view.tell(error)

    def _on_finished(self) -> None:
        turn, self._turn = self._turn, None
        self._view.show_busy(False)
        self._view.show_progress("")
        self._on_chat(self.chat)
        if turn is not None and self._is_shown(turn):
            self._reload(turn)

    def _is_shown(self, turn: Turn) -> bool:
        return turn.chat == self.chat

    def _reload(self, turn: Turn | None = None) -> None:
        """Show the chat as it is stored; after a `turn` that was never stored, its draft again."""
        self._shown += 1
        shown, chat = self._shown, self.chat

        def work(cancel: CancelToken) -> Iterator[object]:
            yield () if chat is None else self._stores().messages.path(chat)

        def show(path: object) -> None:
            if shown != self._shown or not isinstance(path, tuple):
                return
            self._path = path
            live = self._turn if self._turn is not None and self._is_shown(self._turn) else None
            self._view.show_messages(path, "".join(live.said) if live is not None else None)
            if turn is not None and len(path) <= turn.before:
                self._put_back(turn)
            self._measure()

        self._disk.run(work, on_event=show, on_failed=self._view.tell)

    def _put_back(self, turn: Turn) -> None:
        if turn.items:
            self._desk.put_back(turn.items)
        if turn.text:
            self._view.set_draft(turn.text)

    def _measure(self) -> None:
        """Count what the draft takes, when the model is there and has nothing better to do."""
        if self._measuring is not None:
            self._measuring.cancel()
            self._measuring = None
        if not self.ready or self.busy:
            return
        chat, how, items, text = self.chat, self._how(), self._desk.items, self._desk.text

        def work(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            session = None if chat is None else self._session_of(chat)
            yield measure(engine, session, items, text, how, cancel)

        def show(measured: object) -> None:
            if isinstance(measured, Measured) and chat == self.chat:
                self._view.show_usage(measured.usage)
                self._desk.set_costs(measured.costs)

        # A draft that cannot be counted is told about when it is asked, not while it is typed.
        self._measuring = self._model.run(work, priority=Priority.BATCH, on_event=show)
