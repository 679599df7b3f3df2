"""The ring between a device's thread and ours: nothing is lost unseen, nothing comes twice."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from phi_desk.media.ring import NOTED, SoundRing


def block(first: int, frames: int) -> bytes:
    return np.arange(first, first + frames, dtype=np.float32).tobytes()


def numbers(ring: SoundRing) -> tuple[list[int], list[tuple[int, int]]]:
    """The frames read, and the losses as (frames read before it, frames)."""
    seen: list[int] = []
    losses: list[tuple[int, int]] = []
    for one in ring.read():
        if isinstance(one, int):
            losses.append((len(seen), one))
        else:
            seen += [int(value) for value in one]
    return seen, losses


def test_what_is_written_is_read_in_order_over_the_edge() -> None:
    ring = SoundRing(10)
    first = 0
    for size in (4, 5, 6, 3, 10):
        ring.write(block(first, size), size)
        assert numbers(ring) == (list(range(first, first + size)), [])
        first += size
    assert numbers(ring) == ([], [])


def test_what_does_not_fit_is_counted_where_it_is_missing() -> None:
    ring = SoundRing(10)
    ring.write(block(0, 8), 8)
    ring.write(block(8, 5), 5)  # 8 and 9 fit
    ring.write(block(13, 4), 4)  # none fits
    seen, losses = numbers(ring)
    assert seen == list(range(10))
    assert losses == [(10, 3), (10, 4)]
    ring.write(block(17, 2), 2)
    assert numbers(ring) == ([17, 18], [])


def test_a_loss_that_the_driver_tells_of_stands_between_what_came_before_and_behind() -> None:
    ring = SoundRing(100)
    ring.write(block(0, 5), 5)
    ring.lose(7)
    ring.write(block(12, 5), 5)
    assert numbers(ring) == ([0, 1, 2, 3, 4, 12, 13, 14, 15, 16], [(5, 7)])


def test_more_losses_than_there_is_room_to_note_are_added_up() -> None:
    ring = SoundRing(1000)
    for first in range(3 * NOTED):
        ring.write(block(first, 1), 1)
        ring.lose(2)
    seen, losses = numbers(ring)
    assert len(seen) == 3 * NOTED
    assert sum(lost for _, lost in losses) == 6 * NOTED
    assert losses[: NOTED - 1] == [(n + 1, 2) for n in range(NOTED - 1)]


def test_several_channels_become_their_mean() -> None:
    ring = SoundRing(4, channels=2)
    both = np.array([[0.0, 1.0], [0.5, -0.5], [1.0, 1.0]], np.float32)
    ring.write(both.tobytes(), 3)
    (mono,) = ring.read()
    assert not isinstance(mono, int)
    assert mono.tolist() == [0.5, 0.0, 1.0]
    assert mono.dtype == np.float32


def test_what_was_read_is_ours_when_the_place_is_written_again() -> None:
    ring = SoundRing(4)
    ring.write(block(0, 4), 4)
    (mono,) = ring.read()
    ring.write(block(100, 4), 4)
    assert not isinstance(mono, int)
    assert mono.tolist() == [0, 1, 2, 3]


@settings(deadline=None)
@given(
    capacity=st.integers(1, 50),
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("write"), st.integers(0, 70)),
            st.tuples(st.just("lose"), st.integers(1, 9)),
            st.tuples(st.just("read"), st.just(0)),
        ),
        max_size=120,
    ),
)
def test_every_frame_is_read_once_or_counted_once(
    capacity: int, acts: list[tuple[str, int]]
) -> None:
    ring = SoundRing(capacity)
    position = 0
    seen: list[int] = []
    lost = 0
    for name, value in [*acts, ("read", 0)]:
        if name == "write":
            ring.write(block(position, value), value)
            position += value
        elif name == "lose":
            ring.lose(value)
            position += value
        else:
            read, losses = numbers(ring)
            seen += read
            lost += sum(count for _, count in losses)
            assert len(seen) + lost == position
    assert seen == sorted(set(seen))


def test_two_threads_at_once() -> None:
    """The writer never waits; every number is read or counted, and the counts stand in place."""
    ring = SoundRing(5_000)
    total = 400_000
    done = threading.Event()
    before = sys.getswitchinterval()

    def write() -> None:
        position = 0
        while position < total:
            size = min(1 + position % 777, total - position)
            ring.write(block(position, size), size)
            position += size
            if position % 5 == 0:
                time.sleep(0)
        done.set()

    sys.setswitchinterval(1e-5)
    try:
        thread = threading.Thread(target=write)
        thread.start()
        pieces: list[NDArray[np.float32]] = []
        lost = 0
        last = False
        while not last:
            last = done.is_set()
            for one in ring.read():
                if isinstance(one, int):
                    lost += one
                else:
                    pieces.append(one)
        thread.join()
    finally:
        sys.setswitchinterval(before)
    seen = np.concatenate(pieces)
    assert len(seen) + lost == total
    assert (np.diff(seen) > 0).all()
