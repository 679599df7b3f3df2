"""Listening live: started, paused, stopped, and what is heard shown as it comes; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import PhiDeskError
from phi_desk.services.live.events import (
    Closed,
    Committed,
    Gap,
    Lag,
    Level,
    LiveEvent,
    Partial,
    Translated,
)
from phi_desk.services.live.intake import PAUSED as WAS_PAUSED
from phi_desk.ui.live.asking import Question, Waits
from phi_desk.ui.live.hearing import Hearing, NotKept, Opened, Over, Stores, Switched
from phi_desk.ui.live.script import Script, clock
from phi_desk.ui.live.sources import OpenSource
from phi_desk.ui.live.values import LiveView, State, Wanted
from phi_desk.ui.running import ModelRunner, Priority, Running, WorkRunner

UP_TO_DATE = "Up to date."
OPENING = "Opening the source…"
LISTENING = "Listening."
PAUSED = "Paused: what is said now is not heard."
STANDS_STILL = "Paused: the file stands still."
FINISHING = "Listening has stopped. What was heard is being finished."
NOTHING_KEPT = "Nobody said a word, so nothing was kept."
FINISHES = "The model writes down what is left."
MODEL_LOADS = "The model is still loading; nothing is lost meanwhile."
MODEL_BUSY = "The model is busy with something else; nothing is lost."


class LivePresenter:
    """Runs one session after another; `on_session` is told the number of the one that runs or ends.

    `on_session(number, running)`: a number of None says that the session is not kept.
    """

    def __init__(
        self,
        view: LiveView,
        lanes: tuple[WorkRunner, ModelRunner],
        stores: Stores,
        open_source: OpenSource,
        on_session: Callable[[int | None, bool], None],
    ) -> None:
        self._view = view
        self._lane, self._model = lanes
        self._stores = stores
        self._open_source = open_source
        self._on_session = on_session
        self._hearing: Hearing | None = None
        self._running: Running | None = None
        self._lag: Lag | None = None
        self._heard_s = 0.0
        self._waits = False  # whether a question waits for its turn with the model
        self._lost = False  # whether the state's sentence says that sound is missing
        self._script = Script(translated=False)
        self._model_loads = False
        self._keep = True
        self._paused = PAUSED
        self._total_s: float | None = None
        self._close_sentence = ""
        self.state = State()

    @property
    def busy(self) -> bool:
        """Whether a session runs, in whatever phase."""
        return self._hearing is not None

    def start(self, wanted: Wanted) -> bool:
        """Begin to listen; whether it could, because no other session runs."""
        if self.busy:
            return False
        self._script = Script(translated=wanted.translated)
        self._view.begin_rows(
            translated=wanted.translated,
            language=wanted.language,
            target=wanted.target if wanted.translated else "",
        )
        self._view.show_captions(self._script.captions)
        self._total_s, self._close_sentence = None, ""
        self._lag, self._waits, self._lost = None, False, False
        self._heard_s = 0.0
        self._keep = wanted.keep
        self._paused = STANDS_STILL if wanted.kind == "file" else PAUSED
        hearing = self._hearing = Hearing(wanted, self._open_source, self._stores)
        self._say(State(phase="opening", sentence=OPENING))
        self._running = self._lane.run_reporting(
            hearing.work,
            on_event=self._on_event,
            on_failed=self._view.tell,
            on_finished=self._on_finished,
        )
        self._warm()
        return True

    def pause(self) -> None:
        """Hear nothing until it goes on, or go on."""
        hearing, phase = self._hearing, self.state.phase
        if hearing is None or phase not in ("listening", "paused"):
            return
        hearing.paused = phase == "listening"
        if hearing.paused:
            self._view.show_level(None)
        self._say(
            replace(
                self.state,
                phase="paused" if hearing.paused else "listening",
                sentence=self._paused if hearing.paused else LISTENING,
            )
        )

    def stop(self) -> None:
        """Hear no more and finish what was heard; the second time, give that up."""
        hearing, running = self._hearing, self._running
        if hearing is None or running is None:
            return
        if self.state.phase in ("finishing", "opening"):
            running.cancel()
        hearing.stop.cancel()
        self._view.show_level(None)
        self._say(replace(self.state, phase="finishing", sentence=FINISHING))
        self._show_lag()

    def model_is_loading(self, loads: bool) -> None:
        """Whether the model is being loaded: a reason to wait."""
        self._model_loads = loads

    def _warm(self) -> None:
        """Find out at once, not at the first pause, when there is no model."""

        def work(engine: Engine, cancel: CancelToken) -> Iterator[object]:
            yield from ()

        self._model.run(work, priority=Priority.CAPTIONS, on_failed=self._on_no_model)

    def _on_no_model(self, error: PhiDeskError) -> None:
        self._view.tell(error)
        if self._running is not None:
            self._close_sentence = "Listening ended, because there is no model to understand it."
            self._running.cancel()

    def _on_event(self, event: object) -> None:
        match event:
            case Question():
                self._ask(event)
            case Opened():
                self._open(event)
            case Waits():
                self._waits = event.waits
                self._show_lag()
            case Switched():
                self._say(replace(self.state, source=event.name))
            case NotKept():
                self._view.tell(event.error)
            case Over():
                self._end(event)
            case Level() | Partial() | Committed() | Translated() | Lag() | Gap() | Closed():
                self._show(event)
            case _:
                raise TypeError(f"nobody tells {event!r}")

    def _ask(self, question: Question) -> None:
        self._model.run(
            question.work,
            priority=Priority.CAPTIONS,
            on_failed=question.fail,
            on_finished=question.end,
        )

    def _open(self, opened: Opened) -> None:
        self._total_s = opened.seconds
        self._view.show_time(0.0, self._total_s)
        if self.state.phase == "opening":
            self._say(State(phase="listening", sentence=LISTENING, source=opened.name))
        if opened.session is not None:
            self._on_session(opened.session, True)

    def _show(self, event: LiveEvent) -> None:
        match event:
            case Level():
                self._level(event)
            case Lag():
                self._lag = event
                self._show_lag()
            case Closed():
                rest = self._script.end()
                self._view.show_rows(rest, ())
                self._view.show_captions(self._script.captions)
                self._close_sentence = self._close_sentence or _summary(event)
            case Partial() | Committed() | Translated() | Gap():
                if isinstance(event, Gap):
                    self._miss(event)
                final = self._script.take(event)
                self._view.show_rows(final, self._script.tail)
                self._view.show_captions(self._script.captions)
            case _:
                assert_never(event)

    def _level(self, level: Level) -> None:
        self._heard_s = level.at_s
        if self.state.phase == "listening":
            self._view.show_level(level)
            if self._lost:
                self._lost = False
                self._say(replace(self.state, sentence=LISTENING))
        self._view.show_time(level.at_s, self._total_s)

    def _miss(self, gap: Gap) -> None:
        """A device that is gone is said above the text, too, until it is back."""
        of_now = gap.end_s >= self._heard_s and gap.end_s > gap.start_s
        if of_now and gap.why != WAS_PAUSED and self.state.phase == "listening":
            self._lost = True
            self._view.show_level(None)
            self._say(replace(self.state, sentence=gap.why))

    def _show_lag(self) -> None:
        lag, finishing = self._lag, self.state.phase == "finishing"
        if lag is None or (lag.behind_s < 1 and not self._waits):
            self._view.show_lag("" if finishing or lag is None else UP_TO_DATE, behind=False)
            return
        why = FINISHES if finishing else lag.why
        if self._waits:
            why = MODEL_LOADS if self._model_loads else MODEL_BUSY
        waits = self._waits or lag.waiting_s > 0
        self._view.show_lag(f"{_seconds(lag.behind_s)} behind. {why}", behind=waits)

    def _end(self, over: Over) -> None:
        nothing = NOTHING_KEPT if self._keep and over.session is None else ""
        parts = (self._close_sentence, over.notice, nothing)
        self._close_sentence = " ".join(part for part in parts if part)
        self._on_session(over.session, False)

    def _on_finished(self) -> None:
        self._hearing = self._running = None
        self._view.show_level(None)
        self._view.show_lag("", behind=False)
        self._say(State(phase="idle", sentence=self._close_sentence))

    def _say(self, state: State) -> None:
        self.state = state
        self._view.show_state(state)


def _summary(closed: Closed) -> str:
    heard = f"Heard {clock(closed.heard_s)}" if closed.heard_s >= 1 else "Nothing was heard"
    if not closed.gaps:
        return f"{heard}."
    places = "one place" if closed.gaps == 1 else f"{closed.gaps} places"
    return f"{heard}; {_seconds(closed.missed_s)} missed in {places}, marked in the text."


def _seconds(seconds: float) -> str:
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
