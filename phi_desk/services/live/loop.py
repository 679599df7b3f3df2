"""Joins a source of sound and a session on one thread; knows no device and no window."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.media.capture import Incoming, Lost, Source
from phi_desk.services.live.events import LiveEvent
from phi_desk.services.live.session import LiveSession

WAIT_S = 0.1  # how long the source may keep us while the model has nothing to do


def hear(
    source: Source,
    session: LiveSession,
    stop: CancelToken,
    paused: Callable[[], bool] = lambda: False,
) -> Generator[LiveEvent, None, None]:
    """The events of a whole session, until the source ends or `stop` is set.

    Between any two steps of the engine the source is read, so that a device never waits, and
    `paused` is asked whether to hear nothing for now. The source is closed as soon as nothing more
    is heard; what was heard is understood all the same.

    Raises:
        PhiDeskError: the source failed, and what was heard before is understood; or the engine
            failed too often, and the rest is given up. `Closed` came before in both cases.
    """
    failure: PhiDeskError | None = None
    try:
        while not session.closed:
            if not session.stopping:
                if paused() != session.paused:
                    yield from session.resume() if session.paused else session.pause()
                try:
                    yield from _take_in(source, session)
                except PhiDeskError as error:
                    failure = error
                if failure is not None or source.ended or stop.cancelled:
                    yield from _give(source.finish(), session)
                    yield from session.stop()
            try:
                yield from session.step()
            except PhiDeskError as error:
                failure = error
                yield from _give_up(session)
    finally:
        source.close()
        session.close()
    if failure is not None:
        raise failure


def _take_in(source: Source, session: LiveSession) -> Iterator[LiveEvent]:
    if source.patient and session.busy:
        return  # it waits for us: no sooner than the model can
    yield from _give(source.read(0.0 if session.busy else WAIT_S), session)


def _give(incoming: list[Incoming], session: LiveSession) -> Iterator[LiveEvent]:
    for one in incoming:
        if isinstance(one, Lost):
            yield from session.miss(one.seconds, one.why)
        else:
            yield from session.feed(one)


def _give_up(session: LiveSession) -> Iterator[LiveEvent]:
    if not session.stopping:
        yield from session.stop()
    yield from session.stop()
