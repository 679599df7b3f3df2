"""Which accelerators there are and in which precision the full model fits; loads nothing.

Nothing is measured here: parameters are counted from the published shapes by `phi_desk.model.plan`.
"""

from __future__ import annotations

from collections.abc import Sequence

from phi_desk.errors import DoesNotFitError
from phi_desk.model import published
from phi_desk.model.plan import BY_DEVICE, CONVERSATION, Choice, Device, Sizes, make_plan
from phi_desk.services.doctor.basics import gigabytes
from phi_desk.services.doctor.finding import Finding


def full_model() -> Sizes:
    """The published model with both of its adapters, counted."""
    ranks = {name: rank for name, (rank, _) in published.ADAPTERS.items()}
    return Sizes.of(published.config(), ranks)


def accelerator(devices: Sequence[Device]) -> Finding:
    """The GPU the model would run on, if there is one."""
    found = [one for one in devices if one.kind != "cpu"]
    if found:
        names = ", ".join(f"{d.name} ({d.kind}, {gigabytes(d.free_bytes)} free)" for d in found)
        return Finding(name="accelerator", value=names)
    return Finding(name="accelerator", value="none: the model runs on the processor")


def precisions(devices: Sequence[Device], sizes: Sizes | None = None) -> list[Finding]:
    """For each device and precision: what the full model needs there, and whether it fits now."""
    counted = sizes or full_model()
    return [_fits(counted, d, choice) for d in devices for choice in BY_DEVICE[d.kind]]


def advice(devices: Sequence[Device], sizes: Sizes | None = None) -> Finding:
    """What the full model would be loaded as here, as the loader itself decides."""
    try:
        plan = make_plan(sizes or full_model(), tuple(devices), "auto", "auto")
    except DoesNotFitError as error:
        return Finding(name="full model", value=error.sentence, state="missing", hint=error.hint)
    return Finding(name="full model", value=plan.sentence)


def _fits(sizes: Sizes, device: Device, choice: Choice) -> Finding:
    needed, free = sizes.needed(choice), device.free_bytes
    weights = gigabytes(sizes.weight_bytes(choice))
    cache = gigabytes(sizes.cache_bytes(choice))
    value = (
        f"needs {gigabytes(needed)} ({weights} weights, {cache} for {CONVERSATION} tokens, "
        f"the rest to work in), {gigabytes(free)} free"
    )
    name = f"{choice} on {device.kind}"
    if needed <= free:
        return Finding(name=name, value=f"fits: {value}")
    hint = f"Free {gigabytes(needed - free)} more to use it."
    return Finding(name=name, value=f"does not fit: {value}", state="warning", hint=hint)
