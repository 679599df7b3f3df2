"""What fits is decided by counting, and said in a sentence."""

from __future__ import annotations

import pytest

from phi_desk.errors import DoesNotFitError, UsageError
from phi_desk.model import published
from phi_desk.model.plan import Device, Sizes, make_plan

FULL = Sizes.of(published.config(), {"vision": 256, "speech": 320})
GB = 10**9


def cpu(free: float, *, native: bool = True) -> Device:
    return Device(kind="cpu", name="the processor", free_bytes=int(free * GB), native_bf16=native)


def cuda(free: float, *, native: bool = True) -> Device:
    return Device(kind="cuda", name="GPU", free_bytes=int(free * GB), native_bf16=native)


def test_full_model_is_counted_as_published() -> None:
    # 5,574,460,384 parameters in all, 30.48 million of them dead (counted on the real shapes).
    total = FULL.linears + FULL.adapters + FULL.embedding + FULL.head + FULL.rest
    assert total == 5_574_460_384 - 30_480_160
    assert FULL.cache_bytes("bf16", 1) == 128 * 1024
    assert FULL.weight_bytes("bf16") == pytest.approx(11.09e9, rel=1e-3)


@pytest.mark.parametrize(
    ("devices", "precision"),
    [
        ((cpu(24),), "bf16"),
        ((cpu(24, native=False),), "int8"),
        ((cpu(10),), "int8"),
        ((cuda(16), cpu(30)), "bf16"),
        ((cuda(16, native=False), cpu(30)), "fp16"),
        ((cuda(4), cpu(30)), "bf16"),
        ((cuda(4), cpu(10)), "int8"),
    ],
)
def test_chooses_the_best_that_fits(devices: tuple[Device, ...], precision: str) -> None:
    plan = make_plan(FULL, devices, "auto", "auto")
    assert plan.precision == precision
    assert plan.needed_bytes <= plan.device.free_bytes


def test_says_why_it_took_less() -> None:
    sentence = make_plan(FULL, (cpu(10),), "auto", "auto").sentence
    assert sentence.endswith("10.0 GB are free: int8 fits.")
    assert sentence.startswith("bf16 needs 1")


def test_refuses_with_what_would_fit() -> None:
    with pytest.raises(DoesNotFitError, match=r"10\.0 GB are free") as caught:
        make_plan(FULL, (cpu(10),), "auto", "bf16")
    assert "--precision int8" in caught.value.hint
    with pytest.raises(DoesNotFitError) as caught:
        make_plan(FULL, (cpu(4),), "auto", "auto")
    assert "The least is" in caught.value.hint


@pytest.mark.parametrize(
    ("device", "precision"), [("mps", "auto"), ("cpu", "fp16"), ("cuda", "int8"), ("cpu", "int4")]
)
def test_refuses_what_is_not_there(device: str, precision: str) -> None:
    with pytest.raises(UsageError):
        make_plan(FULL, (cuda(99), cpu(99)), device, precision)


def test_small_models_are_loaded_exactly() -> None:
    small = Sizes(linears=10**7, adapters=0, embedding=10**6, head=0, rest=10**6, cache_values=64)
    assert make_plan(small, (cpu(4),), "auto", "auto").precision == "fp32"
