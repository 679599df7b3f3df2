"""Missing sound is found by the clock; late sound and inexact clocks are not taken for it."""

from __future__ import annotations

import random

import pytest

from phi_desk.media.shortfall import SURE_S, Shortfall


def run(
    seconds: float, *, speed: float = 1.0, jitter_s: float = 0.0, start: float = 100.0
) -> tuple[Shortfall, float, float]:
    """A device at `speed`, read every 0.1 s: the meter, its time, and what it found missing."""
    chance = random.Random(3)
    meter = Shortfall(start)
    given = found = 0.0
    for step in range(1, round(seconds * 10) + 1):
        now = start + step / 10
        due = max(0.0, step / 10 * speed - chance.uniform(0, jitter_s) - given)
        given += due
        found += meter.add(now, due)
    return meter, start + seconds, found


@pytest.mark.parametrize("speed", [0.9998, 1.0, 1.0002])
def test_hours_of_a_clock_that_is_not_exact_are_no_loss(speed: float) -> None:
    _, _, found = run(3 * 3600, speed=speed, jitter_s=0.05)
    assert found == 0


@pytest.mark.parametrize("missing_s", [0.5, 1.9, 30.0])
def test_what_stays_away_is_found_whole_and_once(missing_s: float) -> None:
    meter, now, _ = run(60, jitter_s=0.05)
    now += missing_s  # nothing came in that time
    found = [meter.add(now + step / 10, 0.1 if step else 0.0) for step in range(50)]
    assert sum(found) == pytest.approx(missing_s, abs=0.1)
    assert len([one for one in found if one]) == 1
    assert next(i for i, one in enumerate(found) if one) <= SURE_S * 10 + 1


def test_sound_that_is_only_late_is_no_loss() -> None:
    meter, now, _ = run(60)
    assert meter.add(now + 5.0, 0.1) == 0
    assert meter.add(now + 5.1, 5.0) == 0
    assert all(meter.add(now + 5.1 + step / 10, 0.1) == 0 for step in range(1, 50))


def test_a_reader_that_was_away_finds_all_of_it_at_once() -> None:
    meter, now, _ = run(60)
    assert meter.add(now + 40, 40.0) == 0
    assert all(meter.add(now + 40 + step / 10, 0.1) == 0 for step in range(1, 50))
