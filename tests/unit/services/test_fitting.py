"""What fits on a machine, as the loader itself would decide."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_makers import tiny_checkpoint

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError, DeviceError, DoesNotFitError
from phi_desk.model.plan import Device, make_plan
from phi_desk.services import fitting
from phi_desk.services.doctor.precisions import full_model

GB = 10**9


def cpu(free: float, *, native: bool = True) -> Device:
    return Device(kind="cpu", name="the processor", free_bytes=int(free * GB), native_bf16=native)


def cuda(free: float) -> Device:
    return Device(kind="cuda", name="GPU", free_bytes=int(free * GB), native_bf16=True)


@pytest.mark.parametrize(
    "devices",
    [(cpu(64),), (cpu(10),), (cpu(10, native=False),), (cuda(24), cpu(64)), (cuda(4), cpu(64))],
)
def test_the_best_way_is_the_one_that_the_loader_takes(devices: tuple[Device, ...]) -> None:
    plan = make_plan(full_model(), devices, "auto", "auto")
    best = fitting.full(devices).best
    assert best is not None
    assert (best.kind, best.precision) == (plan.device.kind, plan.precision)
    assert best.needed == plan.needed_bytes
    assert best.fits
    assert "It fits" in fitting.sentence_of(fitting.full(devices))


def test_where_nothing_fits_the_least_is_named() -> None:
    with pytest.raises(DoesNotFitError):
        make_plan(full_model(), (cpu(2),), "auto", "auto")
    fits = fitting.full((cpu(2),))
    assert fits.best is None
    assert fits.least.precision == "int8"
    said = fitting.sentence_of(fits)
    assert "does not fit now" in said
    assert "int8" in said
    assert "2.0 GB are free" in said


def test_every_way_is_listed_once() -> None:
    ways = [(way.kind, way.precision) for way in fitting.full((cuda(80), cpu(64))).ways]
    assert len(ways) == len(set(ways)) == 6


def test_a_folder_is_counted_from_its_headers(tmp_path: Path) -> None:
    tiny = tiny_checkpoint.make(tmp_path / "tiny")
    best = fitting.of_folder(tiny, (cpu(8),)).best
    assert best is not None
    assert best.precision == "fp32"
    assert best.needed < GB
    (tiny / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CheckpointError):
        fitting.of_folder(tiny, (cpu(8),))


class Asked:
    """A question that is answered, or not."""

    def __init__(self, rows: list[dict[str, object]] | DeviceError) -> None:
        self.rows = rows
        self.closed = False

    def __call__(self, target: str, limit_s: float) -> Asked:
        assert target == "phi_desk.model.devices:find_devices"
        return self

    def answer(self, _cancel: CancelToken) -> list[dict[str, object]]:
        if isinstance(self.rows, DeviceError):
            raise self.rows
        return self.rows

    def close(self) -> None:
        self.closed = True


def test_devices_are_asked_in_another_process() -> None:
    asked = Asked([{"kind": "cpu", "name": "p", "free_bytes": 1, "native_bf16": False}])
    (device,) = fitting.find_devices(CancelToken(), asked)  # type: ignore[arg-type]
    assert device.kind == "cpu"
    assert asked.closed
    silent = Asked(DeviceError("No answer."))
    with pytest.raises(DeviceError):
        fitting.find_devices(CancelToken(), silent)  # type: ignore[arg-type]
    assert silent.closed
