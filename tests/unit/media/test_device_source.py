"""A device that comes and goes: what is heard, what is lost, and when that is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from phi_desk.errors import DeviceError
from phi_desk.media.capture import Incoming, Lost
from phi_desk.media.device_source import OPENING_S, REPORT_S, SILENT_S, DeviceSource
from phi_desk.media.following import Change, Place

RATE = 16_000


class World:
    """A clock, one microphone that may be there or not, and what it was opened for."""

    def __init__(self) -> None:
        self.now = 100.0
        self.there = True
        self.speaks = True
        self.opens = True
        self.name = "Desk"
        self.change: Change | None = None
        self.recordings: list[FakeRecording] = []
        self.closed = False
        self.slept = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 0.001)

    def source(self) -> DeviceSource:
        return DeviceSource(
            None,  # type: ignore[arg-type]  # only the recording would use it
            self,
            record=lambda system, device: FakeRecording(self),  # type: ignore[arg-type,return-value]
            clock=self.clock,
            slept=lambda: self.slept,
            sleep=self.sleep,
        )

    def find(self) -> Place:
        if not self.there:
            raise DeviceError("It is not there.")
        return Place(name=self.name, device=0)

    def check(self, place: Place) -> Change | None:
        change, self.change = self.change, None
        return change

    def close(self) -> None:
        self.closed = True


class FakeRecording:
    """Gives as much sound as time has passed."""

    def __init__(self, world: World) -> None:
        if not world.opens:
            raise DeviceError("It is held by another program.")
        self.world = world
        self.given_until = world.now
        self.closed = False
        world.recordings.append(self)

    @property
    def running(self) -> bool:
        return self.world.there

    def read(self) -> Iterator[Incoming]:
        if self.world.there and self.world.speaks:
            samples = round((self.world.now - self.given_until) * RATE)
            self.given_until = self.world.now
            yield np.ones(samples, np.float32)

    def close(self) -> None:
        self.closed = True

    def rest(self) -> Iterator[Incoming]:
        yield from self.read()
        yield np.zeros(0, np.float32)


def listen(source: DeviceSource, world: World, seconds: float) -> list[Incoming]:
    end = world.now + seconds
    found: list[Incoming] = []
    while world.now < end:
        found += source.read(0.1)
        world.now += 0.001
    return found


def seconds_of(found: list[Incoming]) -> float:
    return sum(one.seconds if isinstance(one, Lost) else len(one) / RATE for one in found)


def losses(found: list[Incoming]) -> list[Lost]:
    return [one for one in found if isinstance(one, Lost)]


def test_nothing_is_recorded_before_the_first_read() -> None:
    world = World()
    with closing(world.source()) as source:
        assert not world.recordings
        source.read(0.0)
        assert len(world.recordings) == 1
    assert world.recordings[0].closed
    assert world.closed
    assert source.read(0.1) == []


def test_a_device_that_is_not_there_is_told_at_once() -> None:
    world = World()
    world.there = False
    with pytest.raises(DeviceError):
        world.source()
    assert world.closed


def test_a_device_that_cannot_be_opened_at_first_is_a_failure() -> None:
    world = World()
    world.opens = False
    with closing(world.source()) as source, pytest.raises(DeviceError, match="another program"):
        source.read(0.1)


def test_unplugged_and_back_every_second_is_heard_or_lost() -> None:
    world = World()
    with closing(world.source()) as source:
        found = listen(source, world, 3)
        assert not losses(found)
        world.there = False
        away = listen(source, world, 0.2)
        assert losses(away)[0].why == "“Desk” is gone."
        found += away + listen(source, world, 12)
        assert len(losses(found)) == 1 + int(12 // REPORT_S)  # it is said again while it lasts
        world.there = True
        world.name = "Desk again"
        back = listen(source, world, 2)
        found += back
        assert losses(back)[0].why == "“Desk” is gone. Now listening to “Desk again”."
        assert source.name == "Desk again"
    assert seconds_of(found) == pytest.approx(17.2, abs=0.15)
    assert world.recordings[0].closed


def test_a_recording_that_falls_silent_is_begun_anew() -> None:
    world = World()
    with closing(world.source()) as source:
        found = listen(source, world, 2)
        world.speaks = False
        found += listen(source, world, SILENT_S + 0.2)
        assert losses(found)[0].why == "“Desk” gives no sound."
        assert losses(found)[0].seconds == pytest.approx(SILENT_S, abs=0.15)
        world.speaks = True
        found += listen(source, world, 2)
    assert len(world.recordings) == 2
    assert seconds_of(found) == pytest.approx(4 + SILENT_S + 0.2, abs=0.15)


def test_a_slow_beginning_is_no_silence() -> None:
    world = World()
    world.speaks = False
    with closing(world.source()) as source:
        assert not listen(source, world, OPENING_S - 0.5)
        world.speaks = True
        assert not losses(listen(source, world, 1))
    assert len(world.recordings) == 1


def test_another_place_without_a_loss_is_only_said() -> None:
    world = World()
    with closing(world.source()) as source:
        found = listen(source, world, 1)
        world.name = "Headset"
        world.change = Change(why="Now listening to “Headset”.", reopen=False)
        found += listen(source, world, 1)
        assert losses(found) == [Lost(0.0, "Now listening to “Headset”.")]
        assert source.name == "Headset"
    assert len(world.recordings) == 1


def test_another_place_that_must_be_opened_costs_what_is_reported() -> None:
    world = World()
    with closing(world.source()) as source:
        found = listen(source, world, 1)
        world.change = Change(why="“Headset” became the default.", reopen=True)
        found += listen(source, world, 1)
        assert len(world.recordings) == 2
        assert "became the default" in losses(found)[0].why
    assert seconds_of(found) == pytest.approx(2, abs=0.15)


def test_a_device_that_is_back_but_held_by_another_is_tried_again() -> None:
    world = World()
    with closing(world.source()) as source:
        listen(source, world, 1)
        world.there = False
        listen(source, world, 1)
        world.there, world.opens = True, False
        listen(source, world, 2)
        assert len(world.recordings) == 1
        world.opens = True
        assert any(not isinstance(one, Lost) for one in listen(source, world, 1))


def test_the_end_gives_what_came_in_since_the_last_read() -> None:
    world = World()
    source = world.source()
    found = listen(source, world, 1)
    world.now += 0.3
    found += source.finish()
    assert seconds_of(found) == pytest.approx(1.3, abs=0.01)
    assert source.finish() == []


def test_a_device_that_is_away_at_the_end_is_lost_until_the_end() -> None:
    world = World()
    source = world.source()
    found = listen(source, world, 1)
    world.there = False
    found += listen(source, world, 2)
    found += source.finish()
    assert losses(found)[-1].why == "“Desk” is gone."
    assert seconds_of(found) == pytest.approx(3, abs=0.05)


def test_a_device_that_goes_in_the_moment_in_which_it_is_looked_up() -> None:
    world = World()
    with closing(world.source()) as source:
        listen(source, world, 1)
        world.change = Change(why="Now listening to “Headset”.", reopen=False)
        world.there = False
        assert losses(listen(source, world, 0.1))[0].why == "It is not there."


def test_sleep_is_said_and_recording_begins_anew() -> None:
    world = World()
    with closing(world.source()) as source:
        found = listen(source, world, 2)
        world.recordings[0].given_until += 3600
        world.now += 3600
        world.slept += 3600
        found += listen(source, world, 2)
    assert len(world.recordings) == 2
    first, second = losses(found)
    assert first.why == "The computer slept."
    assert first.seconds == pytest.approx(3600, abs=0.2)
    assert second.why == "The computer slept. Now listening to “Desk”."
    assert seconds_of(found) == pytest.approx(3604, abs=0.2)
