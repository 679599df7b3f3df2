"""What a model needs, and whether it fits on this machine, as numbers; loads nothing.

Counted from shapes by `phi_desk.model.plan`, exactly as the loader itself decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.model.plan import BY_DEVICE, Device, Sizes, gigabytes, order
from phi_desk.services.doctor.isolated import Question, Rows
from phi_desk.services.doctor.precisions import full_model

DEVICES = "phi_desk.model.devices:find_devices"
DEVICES_LIMIT_S = 60.0  # importing torch from a cold, slow disk takes many seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One way to run a model here: bytes needed and free, and whether the loader would choose it.

    `kind` and `precision` are what the settings call them.
    """

    kind: str
    device: str
    precision: str
    needed: int
    free: int
    best: bool = False

    @property
    def fits(self) -> bool:
        """Whether there is enough memory now."""
        return self.needed <= self.free


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Every way to run a model here; the one that would be taken has `best`."""

    ways: tuple[Fit, ...]

    @property
    def best(self) -> Fit | None:
        """The one that would be taken; None where nothing fits."""
        return next((way for way in self.ways if way.best), None)

    @property
    def least(self) -> Fit:
        """The one that needs the least memory."""
        return min(self.ways, key=lambda way: way.needed)


def full(devices: Sequence[Device]) -> Fits:
    """The ways to run the published model on these devices."""
    return ways_of(full_model(), devices)


def sentence_of(fits: Fits) -> str:
    """Whether it fits, and how it would be run."""
    best = fits.best
    if best is not None:
        return (
            f"It fits: {gigabytes(best.needed)} of memory in {best.precision} on {best.device}, "
            f"{gigabytes(best.free)} are free."
        )
    possible = next((way for way in fits.ways if way.fits), None)
    if possible is not None:
        return (
            f"It fits in {possible.precision} on {possible.device}: "
            f"{gigabytes(possible.needed)} of memory, {gigabytes(possible.free)} are free."
        )
    least = fits.least
    return (
        f"It does not fit now: the least is {gigabytes(least.needed)} of memory in "
        f"{least.precision} on {least.device}, {gigabytes(least.free)} are free."
    )


def of_folder(folder: Path, devices: Sequence[Device]) -> Fits:
    """The ways to run the checkpoint in `folder`; headers are read, weights are not.

    Raises:
        CheckpointError, ModelNotFoundError: it cannot be used.
    """
    from phi_desk.model.spec import read_spec

    spec = read_spec(folder)
    return ways_of(
        Sizes.of(spec.config, {one.name: one.rank for one in spec.adapters.values()}), devices
    )


def ways_of(sizes: Sizes, devices: Sequence[Device]) -> Fits:
    """As the loader tries them: devices in order, on each the precisions, the best one first."""
    ways: list[Fit] = []
    found = False
    for device in devices:
        preferred = order(sizes, device)
        others = (one for one in BY_DEVICE[device.kind] if one not in preferred)
        for choice in (*preferred, *others):
            needed = sizes.needed(choice)
            best = not found and choice in preferred and needed <= device.free_bytes
            found = found or best
            ways.append(
                Fit(
                    kind=device.kind,
                    device=device.name,
                    precision=choice,
                    needed=needed,
                    free=device.free_bytes,
                    best=best,
                )
            )
    return Fits(ways=tuple(ways))


def find_devices(
    cancel: CancelToken, ask: Callable[[str, float], Question] = Question
) -> tuple[Device, ...]:
    """The processors and accelerators of this machine, asked in a process of its own.

    For a program that has not loaded the model's library, and need not for this.

    Raises:
        DeviceError: no answer.
        Cancelled: by `cancel`.
    """
    question = ask(DEVICES, DEVICES_LIMIT_S)
    try:
        rows: Rows = question.answer(cancel)
    finally:
        question.close()
    return tuple(Device(**row) for row in rows)
