"""Asking: what the person does becomes work on the lanes, what comes back is shown; knows no Qt.

A question is written to the disk before anything else happens to it: only then the model is loaded
or asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Progress, Started, TextDelta
from phi_desk.errors import PhiDeskError
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound
from phi_desk.services.chats.posting import Posted
from phi_desk.services.chats.session import ChatSession, How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment, DraftPart, StoredMessage
from phi_desk.ui.chat.asking import Asking
from phi_desk.ui.chat.desk import Desk
from phi_desk.ui.chat.list_presenter import Stores
from phi_desk.ui.chat.measuring import Gauge, Measured
from phi_desk.ui.chat.turn import BUSY, PHASES, Turn, can_go_on, parts_of
from phi_desk.ui.chat.values import DraftItem, TalkView
from phi_desk.ui.running import ModelRunner, WorkRunner


class ChatPresenter:
    """One conversation at a time; an answer goes on being written while another chat is shown.

    `on_chat` is told which chat is open, and that the list has changed; `system` says how the model
    shall behave in new chats.

    Attributes:
        on_answered: is told the words of every answer that came to its end.
    """

    def __init__(
        self,
        view: TalkView,
        stores: Stores,
        model: ModelRunner,
        disk: WorkRunner,
        on_chat: Callable[[int | None], None],
        how: Callable[[], How] = How,
        system: Callable[[], str] = lambda: "",
    ) -> None:
        self._view, self._stores, self._model, self._disk = view, stores, model, disk
        self._on_chat = on_chat
        self._how = how
        self._system = system
        self._own_system: str | None = None  # of the chat that is begun with the next question
        self._desk = Desk(view, disk, self._on_desk_changed)
        self._asks_when_read = False
        self._path: tuple[StoredMessage, ...] = ()
        self._asking = Asking(stores, model, disk, self)
        self._gauge = Gauge(model, self._asking.session_of, how, self._on_measured)
        self._shown = self._opened = 0
        self.on_answered: Callable[[str], None] = lambda _: None
        self.chat: int | None = None
        self.ready = False

    @property
    def busy(self) -> bool:
        """Whether a question is being stored or answered."""
        return self._asking.turn is not None

    def open(self, chat: int | None) -> None:
        """Show a chat, or with None an empty page for a new one."""
        if chat == self.chat and chat is not None:
            return
        self.chat, self._path, self._own_system = chat, (), None
        self._opened += 1
        self._on_chat(chat)
        self._reload()

    def forget(self, chat: int) -> None:
        """A chat was deleted; an answer to it need not be written to its end."""
        turn = self._asking.turn
        if turn is not None and turn.chat == chat:
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
        self._desk.clear()
        return self.send_with(text, items)

    def send_with(self, text: str, items: Sequence[DraftItem]) -> bool:
        """Ask this, whatever lies on the desk; false as `send`."""
        if self.busy or not (text.strip() or items):
            return False
        turn = Turn(self.chat, self._opened, text=text, items=tuple(items))
        self._view.show_question(text.strip(), turn.items)
        self._store(turn, parts_of(text, items))
        return True

    def edit(self, question: int, text: str, kept: Sequence[Attachment]) -> bool:
        """Ask another version of a question; false where nothing is left of it, or it must wait."""
        if self._refused() or self.chat is None or not (text.strip() or kept):
            return False
        turn = Turn(self.chat, self._opened)
        self._store(turn, [*kept, *parts_of(text, ())], beside=question)
        return True

    def regenerate(self) -> None:
        """Write the last answer anew, or the one that is missing."""
        if self._path:
            self.answer(self._path[-1].id)

    def answer(self, message: int) -> None:
        """Write an answer anew, or answer a question that has none."""
        place, found = self._place(message)
        if found is None or self.chat is None or self._refused():
            return
        anew = found.role == "assistant"

        def ask(talk: ChatSession, engine: Engine, cancel: CancelToken) -> Iterable[object]:
            how = self._how()
            if anew:
                return talk.regenerate(engine, message, how, cancel)
            return talk.answer_again(engine, message, how, cancel)

        self._path = self._path[: place if anew else place + 1]
        turn = Turn(self.chat, self._opened, question=message)
        self._begin()
        self._view.show_messages(self._path, "")
        self._asking.ask(turn, ask)

    def go_on(self, message: int | None = None) -> None:
        """Let the model go on with an answer that was stopped or cut off; else the last one."""
        number = message if message is not None else (self._path[-1].id if self._path else 0)
        place, found = self._place(number)
        if found is None or self.chat is None or not can_go_on(found) or self._refused():
            return

        def ask(talk: ChatSession, engine: Engine, cancel: CancelToken) -> Iterable[object]:
            return talk.finish(engine, number, self._how(), cancel)

        self._path = self._path[: place + 1]
        turn = Turn(self.chat, self._opened, question=number, said=[found.text.rstrip(" ")])
        self._begin()
        self._view.show_messages(self._path, turn.answer)
        self._asking.ask(turn, ask)

    def delete(self, message: int) -> None:
        """Take a message and all that follows it away; it can be brought back."""
        place, found = self._place(message)
        if found is None or self._refused():
            return
        follows = place + 1 < len(self._path)
        noun = "question" if found.role == "user" else "answer"
        said = f"The {noun} and what follows it were deleted." if follows else ""

        def done(_event: object) -> None:
            self._view.offer_undo(said or f"The {noun} was deleted.", undo)

        def undo() -> None:
            self._change(lambda store: store.messages.restore(message))

        self._change(lambda store: store.messages.delete(message), done)

    def instruct(self, words: str) -> None:
        """Say how the model shall behave in this chat, from the next question on."""
        chat = self.chat
        if chat is None:
            self._own_system = words.strip()
            self._view.show_instruction(self._own_system)
            self._measure()
        else:
            self._change(lambda store: store.instruct(chat, words.strip()))

    def stop(self) -> None:
        """End the answer; what there is of it stays."""
        self._asking.stop()

    def choose_version(self, message: int) -> None:
        """Show another version of a question or an answer."""
        if not self.busy:
            self._change(lambda store: store.messages.choose(message))

    def add_files(self, files: Sequence[Path]) -> None:
        """Attach files."""
        for path in files:
            self._desk.add(path, path.name)

    def add_picture(self, make: Callable[[], Picture], name: str) -> None:
        """Attach pixels; `make` gives them, on a lane."""
        self._desk.add(make, name)

    def add_sound(self, sound: Sound, name: str) -> None:
        """Attach what was recorded."""
        self._desk.add(lambda: sound, name)

    def add_text(self, text: str, name: str) -> None:
        """Attach a text that is too long for the composer."""
        self._desk.add(lambda: text, name)

    def ask_when_read(self) -> None:
        """Ask as soon as everything that was attached has been read."""
        self._asks_when_read = True
        self._on_desk_changed()

    @property
    def has_items(self) -> bool:
        """Whether something is attached, or is being read."""
        return bool(self._desk.items) or self._desk.reading

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

    def measure_again(self) -> None:
        """The options of answers changed."""
        self._measure()

    def forget_everything(self) -> None:
        """All that was kept is gone: begin with an empty page."""
        self.stop()
        self._desk.clear()
        self.chat = None
        self.open(None)

    # As the listener of `Asking`.

    def on_stored(self, turn: Turn, posted: Posted) -> None:
        """See `Listener`."""
        seen = self._is_shown(turn)
        turn.chat = posted.chat.id
        if seen:
            self.chat, self._path, self._own_system = posted.chat.id, posted.path, None
            self._view.show_messages(posted.path, "")
        self._on_chat(self.chat)

    def on_asked(self, turn: Turn) -> None:
        """See `Listener`."""
        if self._is_shown(turn) and not self.ready:
            self._view.show_progress(PHASES["load"])

    def on_event(self, turn: Turn, event: object) -> None:
        """See `Listener`."""
        seen = self._is_shown(turn)
        match event:
            case TextDelta(text):
                turn.said.append(text)
                if seen:
                    self._view.show_progress("")
                    self._view.add_text(text)
            case Started() if seen:
                self._view.show_progress(PHASES["prefill"])
            case Progress() if seen:
                share = f" {100 * event.done // event.total} %" if event.total else ""
                self._view.show_progress(f"{PHASES[event.phase]}{share}")
            case Finished():
                turn.whole = event.reason != "cancelled"

    def on_failed(self, error: PhiDeskError) -> None:
        """See `Listener`."""
        self._view.tell(error)

    def on_end(self, turn: Turn) -> None:
        """See `Listener`."""
        self._view.show_busy(False)
        self._view.show_progress("")
        self._on_chat(self.chat)
        if turn.question is None:
            self._put_back(turn)
        if self._is_shown(turn):
            self._reload()
        if turn.whole:
            self.on_answered(turn.answer)
        if self._asks_when_read:  # it came while the answer was being written
            self._on_desk_changed()

    def _refused(self) -> bool:
        """Say so, where something else must end first."""
        if self.busy:
            self._view.tell(BUSY)
        return self.busy

    def _begin(self) -> None:
        self._gauge.stop()
        self._view.show_busy(True)

    def _store(
        self,
        turn: Turn,
        parts: Sequence[DraftPart | Attachment],
        beside: int | None = None,
    ) -> None:
        def ask(talk: ChatSession, engine: Engine, cancel: CancelToken) -> Iterable[object]:
            assert turn.question is not None
            return talk.answer_again(engine, turn.question, self._how(), cancel)

        self._begin()
        system = self._new_system() if turn.chat is None else ""
        self._asking.store(turn, parts, ask, system=system, beside=beside)

    def _put_back(self, turn: Turn) -> None:
        if turn.items:
            self._desk.put_back(turn.items)
        if turn.text:
            self._view.set_draft(turn.text)

    # What is shown.

    def _is_shown(self, turn: Turn) -> bool:
        if turn.chat is None:
            return self.chat is None and turn.opened == self._opened
        return turn.chat == self.chat

    def _place(self, message: int) -> tuple[int, StoredMessage | None]:
        for place, one in enumerate(self._path):
            if one.id == message:
                return place, one
        return 0, None

    def _new_system(self) -> str:
        return self._system() if self._own_system is None else self._own_system

    def _change(
        self,
        change: Callable[[ChatStore], object],
        done: Callable[[object], None] | None = None,
    ) -> None:
        """Change what is stored, and show it again."""

        def work(cancel: CancelToken) -> Iterator[object]:
            change(self._stores())
            yield True

        self._disk.run(work, on_event=done, on_failed=self._view.tell, on_finished=self._reload)

    def _reload(self) -> None:
        """Show the chat as it is stored."""
        self._shown += 1
        shown, chat = self._shown, self.chat

        def work(cancel: CancelToken) -> Iterator[object]:
            if chat is not None:
                store = self._stores()
                yield store.get(chat).system, store.messages.path(chat)

        def show(found: object) -> None:
            if shown == self._shown and isinstance(found, tuple):
                system, self._path = found
                self._show(system)

        if chat is None:
            self._path = ()
            self._show(self._new_system())
        else:
            self._disk.run(work, on_event=show, on_failed=self._view.tell)

    def _show(self, system: str) -> None:
        turn = self._asking.turn
        live = turn.answer if turn is not None and self._is_shown(turn) else None
        self._view.show_instruction(system)
        self._view.show_messages(self._path, live)
        self._measure()

    def _on_desk_changed(self) -> None:
        self._measure()
        if self._asks_when_read and not self._desk.reading and not self.busy:
            self._asks_when_read = False
            self.send(self._desk.text)

    def _measure(self) -> None:
        """Count what the draft takes, when the model is there and has nothing better to do."""
        self._gauge.stop()
        if self.ready and not self.busy:
            self._gauge.measure(self.chat, self._desk.items, self._desk.text, self._new_system())

    def _on_measured(self, chat: int | None, measured: Measured) -> None:
        if chat == self.chat:
            self._view.show_usage(measured.usage)
            self._desk.set_costs(measured.costs)
