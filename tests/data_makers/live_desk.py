"""Live listening without a window and without threads: lanes that work at once, a view that notes.

Sound comes from a script; what the script does between two reads is what a person does meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import Cancelled, PhiDeskError
from phi_desk.media.capture import Incoming
from phi_desk.services.history.sessions.values import Entry, Session
from phi_desk.services.live.events import Level
from phi_desk.ui.live.values import Captions, Row, SessionLine, State
from phi_desk.ui.running import OnEvent, OnFailed, OnFinished, Priority

Step = Incoming | PhiDeskError | Callable[[], None]


class ScriptSource:
    """Gives one block a read; a function in the script is called, and an error raised."""

    rate = 16_000
    patient = False

    def __init__(self, *steps: Step, name: str = "Script") -> None:
        self.name = name
        self.steps = list(steps)
        self.closed = 0

    @property
    def ended(self) -> bool:
        return not self.steps

    def read(self, wait_s: float) -> list[Incoming]:
        if self.ended:
            return []
        step = self.steps.pop(0)
        if isinstance(step, PhiDeskError):
            raise step
        if callable(step):
            step()
            return []
        return [step]

    def finish(self) -> list[Incoming]:
        self.close()
        return []

    def close(self) -> None:
        self.closed += 1
        self.steps.clear()


class AtOnceLane:
    """A lane that does its work when it is told; `engine` makes it a model's lane.

    With `hold` it waits for `go_on`.
    """

    def __init__(self, engine: Engine | PhiDeskError | None = None, *, hold: bool = False) -> None:
        self.engine = engine
        self.hold = hold
        self.held: list[Callable[[], None]] = []
        self.priorities: list[Priority] = []
        self.token = CancelToken()

    def run(  # type: ignore[no-untyped-def]  # both kinds of work
        self,
        work,
        *,
        priority: Priority = Priority.CHAT,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> AtOnceLane:
        self.priorities.append(priority)
        token = self.token = CancelToken()

        def do() -> None:
            for event in work(self.engine, token) if self.engine is not None else work(token):
                if on_event is not None:
                    on_event(event)

        self._start(do, on_failed, on_finished)
        return self

    def run_reporting(  # type: ignore[no-untyped-def]
        self,
        work,
        *,
        on_event: OnEvent | None = None,
        on_failed: OnFailed | None = None,
        on_finished: OnFinished | None = None,
    ) -> AtOnceLane:
        token = self.token = CancelToken()
        self._start(lambda: work(on_event, token), on_failed, on_finished)
        return self

    def cancel(self) -> None:
        self.token.cancel()

    def go_on(self) -> None:
        while self.held:
            self.held.pop(0)()

    def _start(
        self, do: Callable[[], None], on_failed: OnFailed | None, on_finished: OnFinished | None
    ) -> None:
        def whole() -> None:
            try:
                if isinstance(self.engine, PhiDeskError):
                    raise self.engine
                do()
            except Cancelled:
                pass
            except PhiDeskError as error:
                if on_failed is not None:
                    on_failed(error)
            if on_finished is not None:
                on_finished()

        if self.hold:
            self.held.append(whole)
        else:
            whole()


class Screen:
    """What a person would see of the page Live."""

    def __init__(self) -> None:
        self.states: list[State] = []
        self.levels: list[Level | None] = []
        self.lags: list[tuple[str, bool]] = []
        self.final: list[Row] = []
        self.tail: tuple[Row, ...] = ()
        self.tails: list[tuple[Row, ...]] = []
        self.captions = Captions()
        self.errors: list[PhiDeskError] = []
        self.lines: tuple[SessionLine, ...] = ()
        self.session: Session | None = None
        self.entries: tuple[Entry, ...] = ()
        self.undo: Callable[[], None] | None = None
        self.said: list[str] = []
        self.renamed: list[tuple[int, str]] = []
        self.left = 0
        self.begun: list[tuple[bool, str, str]] = []

    @property
    def state(self) -> State:
        return self.states[-1]

    @property
    def phases(self) -> list[str]:
        return [state.phase for state in self.states]

    def show_state(self, state: State) -> None:
        self.states.append(state)

    def show_level(self, level: Level | None) -> None:
        self.levels.append(level)

    def show_time(self, seconds: float, total_s: float | None) -> None:
        self.seconds = seconds

    def show_lag(self, sentence: str, *, behind: bool) -> None:
        self.lags.append((sentence, behind))

    def begin_rows(self, *, translated: bool, language: str, target: str) -> None:
        self.begun.append((translated, language, target))
        self.final.clear()
        self.tail = ()

    def show_rows(self, final: Sequence[Row], tail: Sequence[Row]) -> None:
        self.final += final
        self.tail = tuple(tail)
        self.tails.append(self.tail)

    def show_captions(self, captions: Captions) -> None:
        self.captions = captions

    def tell(self, error: PhiDeskError) -> None:
        self.errors.append(error)

    def show_sessions(self, lines: Sequence[SessionLine], current: int | None, words: str) -> None:
        self.lines = tuple(lines)

    def show_session(self, session: Session, entries: Sequence[Entry]) -> None:
        self.session, self.entries = session, tuple(entries)

    def show_renamed(self, session: int, title: str) -> None:
        self.renamed.append((session, title))

    def leave_session(self) -> None:
        self.left += 1

    def offer_undo(self, sentence: str, undo: Callable[[], None]) -> None:
        self.said.append(sentence)
        self.undo = undo

    def say(self, sentence: str) -> None:
        self.said.append(sentence)
