"""The kept sessions: found, opened, named, deleted, brought back, exported; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from phi_desk.cancel import CancelToken
from phi_desk.errors import UsageError
from phi_desk.services.history.sessions.export import export_session
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.values import Entry, Session
from phi_desk.storage.package import safe_name
from phi_desk.ui.live.hearing import Stores
from phi_desk.ui.live.values import Export, SessionLine, SessionsView
from phi_desk.ui.running import WorkRunner


@dataclass(frozen=True, slots=True)
class Read:
    """A session with all that was said."""

    session: Session
    entries: tuple[Entry, ...]


class SessionsPresenter:
    """Does to the kept sessions what the person asks for, and shows the list again.

    Attributes:
        current: the session that is shown; None for none.
        running: the one that is being written.
    """

    def __init__(self, view: SessionsView, stores: Stores, disk: WorkRunner) -> None:
        self._view = view
        self._stores = stores
        self._disk = disk
        self._words = ""
        self._asked = 0
        self.current: int | None = None
        self.running: int | None = None

    def recover(self) -> None:
        """After the start: take in the sound of sessions that were broken off."""

        def work(cancel: CancelToken) -> Iterator[object]:
            yield self._stores().recover_recordings()

        self._disk.run(work, on_failed=self._view.tell, on_finished=self.refresh)

    def refresh(self) -> None:
        """Read the list again; only the last answer to this is shown."""
        self._asked += 1
        asked, words = self._asked, self._words

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            yield search(store, words) if words else every(store)

        def show(lines: object) -> None:
            if asked == self._asked and isinstance(lines, tuple):
                marked = tuple(self._marked(line) for line in lines)
                self._view.show_sessions(marked, self.current, words)

        self._disk.run(work, on_event=show, on_failed=self._view.tell)

    def search(self, words: str) -> None:
        """Show only sessions with these words; all of them for none."""
        if words.strip() != self._words:
            self._words = words.strip()
            self.refresh()

    def begun(self, session: int | None) -> None:
        """A session is being written now, and shown; None when none is."""
        self.running = session
        if session is not None:
            self.current = session
        self.refresh()

    def ended(self, session: int | None) -> None:
        """The session that was written has ended; None when it was not kept."""
        if session is None and self.current == self.running:
            self.current = None
        self.running = None
        self.refresh()

    def open(self, session: int) -> None:
        """Show a kept session."""
        self.current = session

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            yield Read(store.get(session), store.entries(session))

        def show(found: object) -> None:
            if isinstance(found, Read) and self.current == session:
                self._view.show_session(found.session, found.entries)

        self._disk.run(work, on_event=show, on_failed=self._view.tell)

    def close(self) -> None:
        """Show none of them."""
        self.current = None

    def show_running(self) -> None:
        """Show the one that is written now, or none."""
        if self.running is not None:
            self.current = self.running
        self.refresh()

    def rename(self, session: int, title: str) -> None:
        """Give it a name."""

        def done() -> None:
            if session == self.current:
                self._view.show_renamed(session, title)

        self._change(lambda store: store.rename(session, title), done)

    def delete(self, session: Session) -> None:
        """Take it away; it can be brought back."""
        if session.id == self.running:
            return

        def undo() -> None:
            self._change(lambda store: store.restore(session.id))

        def done() -> None:
            if session.id == self.current:
                self.current = None
                self._view.leave_session()
            self._view.offer_undo(f"“{session.title}” was deleted.", undo)

        self._change(lambda store: store.delete(session.id), done)

    def export(self, export: Export) -> None:
        """Write a session to a file; the person has agreed to replace what is there."""

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            spare_other_files(store, export)
            export_session(
                store,
                export.session,
                export.target,
                export.form,
                transcript=export.transcript,
                translation=export.translation,
                times=export.times,
                recording=export.recording,
                replace=True,
            )
            yield export

        def done(_event: object) -> None:
            self._view.say(f"Exported to {export.target}.")

        self._disk.run(work, on_event=done, on_failed=self._view.tell)

    def forget_everything(self) -> None:
        """All that was kept is gone."""
        if self.current is not None and self.current != self.running:
            self.current = None
            self._view.leave_session()
        self.refresh()

    def _marked(self, line: SessionLine) -> SessionLine:
        if line.session.id != self.running:
            return line
        return SessionLine(session=line.session, found=line.found, running=True)

    def _change(
        self, change: Callable[[SessionStore], object], then: Callable[[], None] | None = None
    ) -> None:
        def work(cancel: CancelToken) -> Iterator[object]:
            change(self._stores())
            yield True

        def done(_event: object) -> None:
            if then is not None:
                then()

        self._disk.run(work, on_event=done, on_failed=self._view.tell, on_finished=self.refresh)


def spare_other_files(store: SessionStore, export: Export) -> None:
    """The person agreed to replace the file that was named, not one that lies beside it.

    Raises:
        UsageError: the recording would replace another file.
    """
    sound = store.get(export.session).recording
    if not export.recording or sound is None or export.target.suffix.lower() == ".zip":
        return
    stem = safe_name(export.target.stem, "session")
    beside = export.target.with_name(f"{stem}{sound.suffix}")
    if beside.exists():
        raise UsageError(
            f"“{beside.name}” is there already, and the recording would replace it.",
            "Choose another name, or export without the recording.",
        )


def every(store: SessionStore) -> tuple[SessionLine, ...]:
    """All sessions."""
    return tuple(SessionLine(session=session) for session in store.list())


def search(store: SessionStore, words: str) -> tuple[SessionLine, ...]:
    """Sessions with these words, each once, with the first place in it."""
    lines: dict[int, SessionLine] = {}
    for hit in store.search(words):
        found = "" if hit.start_s is None else hit.snippet.text
        lines.setdefault(hit.session.id, SessionLine(session=hit.session, found=found))
    return tuple(lines.values())
