"""What fits, decided before anything is loaded; knows no torch and opens no weights.

Figures are counted, not guessed: parameters from the shapes, bytes from the precision, and on top
the KV cache of a 4096-position conversation and the working memory measured with `phi-desk bench
memory`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final, Literal

from phi_desk.errors import DoesNotFitError, UsageError
from phi_desk.model import keys
from phi_desk.model.shapes import adapter_shapes, base_shapes

DeviceKind = Literal["cpu", "cuda", "mps"]
Choice = Literal["fp32", "bf16", "fp16", "int8"]

CONVERSATION: Final = 4096  # positions of KV cache that a plan counts in
# Activations of a crop or a prefill chunk, and the allocator: 0.45 GB in bf16, 0.58 GB in int8,
# both measured with `phi-desk bench memory` on a 1920x1080 picture at full size.
WORKING_BYTES: Final = 600 * 10**6
PACKING: Final = 1.08  # int8 weights take 8 % more once packed for the kernel (measured there too)
SMALL_BYTES: Final = (
    2 * 10**9
)  # below this in fp32 a model is loaded in fp32: exact, and fast enough
FLOAT_BYTES: Final[Mapping[str, int]] = {"fp32": 4, "bf16": 2, "fp16": 2}
BY_DEVICE: Final[Mapping[str, tuple[Choice, ...]]] = {
    "cpu": ("bf16", "int8", "fp32"),
    "cuda": ("bf16", "fp16", "fp32"),
    "mps": ("bf16", "fp16", "fp32"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many parameters a checkpoint has, by what a precision does to them.

    Attributes:
        linears: the decoder's linear layers.
        adapters: every adapter's matrices.
        embedding: the token embedding; `tied` when it is also the head.
        head: a head of its own (0 when tied).
        rest: towers, projections and norms.
        cache_values: numbers the KV cache keeps for one position.
    """

    linears: int
    adapters: int
    embedding: int
    head: int
    rest: int
    cache_values: int

    @classmethod
    def of(cls, config: Mapping[str, Any], ranks: Mapping[str, int]) -> Sizes:
        """Count from a native config and the adapters' ranks."""
        shapes = base_shapes(config)
        vision = config.get("vision_config")
        dead = (
            keys.dead_patterns(vision["num_hidden_layers"], vision["feature_layer"])
            if vision
            else ()
        )
        live = {n: prod(s) for n, s in shapes.items() if not n.startswith(dead or ("\0",))}
        linears = sum(c for n, c in live.items() if keys.is_target(n.removesuffix(".weight")))
        embedding, head = live[keys.EMBEDDING], live.get(keys.HEAD, 0)
        pairs = (p for r in ranks.values() for p in adapter_shapes(config, r).values())
        head_size = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
        per_layer = 2 * config["num_key_value_heads"] * head_size
        return cls(
            linears=linears,
            adapters=sum(prod(a) + prod(b) for a, b in pairs),
            embedding=embedding,
            head=head,
            rest=sum(live.values()) - linears - embedding - head,
            cache_values=per_layer * config["num_hidden_layers"],
        )

    def weight_bytes(self, precision: Choice) -> int:
        """Bytes of all weights: int8 keeps a bf16 embedding beside an int8 head."""
        if precision == "int8":
            head = self.head or self.embedding
            return self.linears + self.adapters + head + 2 * (self.embedding + self.rest)
        total = self.linears + self.adapters + self.embedding + self.head + self.rest
        return total * FLOAT_BYTES[precision]

    def cache_bytes(self, precision: Choice, positions: int = CONVERSATION) -> int:
        """Bytes of the KV cache for so many positions (int8 keeps it in bf16)."""
        return self.cache_values * positions * FLOAT_BYTES.get(precision, 2)

    def needed(self, precision: Choice) -> int:
        """Weights, a conversation's cache and working memory."""
        weights = self.weight_bytes(precision) * (PACKING if precision == "int8" else 1)
        return int(weights) + self.cache_bytes(precision) + WORKING_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A place to run: its free memory in bytes, and whether it multiplies bf16 by itself."""

    kind: DeviceKind
    name: str
    free_bytes: int
    native_bf16: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be loaded where, and one sentence that says so."""

    device: Device
    precision: Choice
    needed_bytes: int
    sentence: str


def gigabytes(count: int) -> str:
    """Bytes for people: "11.2 GB" (10^9)."""
    return f"{count / 1e9:.1f} GB"


def order(sizes: Sizes, device: Device) -> tuple[Choice, ...]:
    """The precisions to try on a device, best first.

    A small model is loaded exactly. The trained type, bf16, comes next; a processor that must
    emulate it is quicker in int8. fp16 is for accelerators without bf16.
    """
    if sizes.weight_bytes("fp32") <= SMALL_BYTES:
        return ("fp32", "int8")
    if device.kind == "cpu":
        return ("bf16", "int8") if device.native_bf16 else ("int8", "bf16")
    return ("bf16",) if device.native_bf16 else ("fp16",)


def make_plan(sizes: Sizes, devices: tuple[Device, ...], device: str, precision: str) -> Plan:
    """Choose a device and a precision, or say why nothing fits.

    `devices` in the order of preference; `device` and `precision` are "auto" or a name.

    Raises:
        UsageError: no such device here, or a precision it cannot do.
        DoesNotFitError: nothing that was asked for fits into free memory; the hint names what does.
    """
    usable = tuple(d for d in devices if device in ("auto", d.kind))
    if not usable:
        found = ", ".join(d.kind for d in devices)
        raise UsageError(f"This machine has no device {device!r}.", f"Found: {found}.")
    asked = [(d, p) for d in usable for p in _precisions(sizes, d, precision)]
    for candidate, choice in asked:
        if sizes.needed(choice) <= candidate.free_bytes:
            return _plan(sizes, candidate, choice)
    first, choice = asked[0]
    need = gigabytes(sizes.needed(choice))
    free = gigabytes(first.free_bytes)
    raise DoesNotFitError(
        f"The model needs {need} in {choice}, {free} are free on {first.name}.",
        what_fits(sizes, devices),
    )


def what_fits(sizes: Sizes, devices: tuple[Device, ...]) -> str:
    """A hint: the first precision and device that fit, or what would have to be freed."""
    for device in devices:
        for choice in BY_DEVICE[device.kind]:
            if sizes.needed(choice) <= device.free_bytes:
                return f"{choice} fits: use --precision {choice} --device {device.kind}."
    smallest = min((sizes.needed(c), c) for d in devices for c in BY_DEVICE[d.kind])
    return f"The least is {gigabytes(smallest[0])} in {smallest[1]}: close other programs."


def _precisions(sizes: Sizes, device: Device, precision: str) -> tuple[Choice, ...]:
    if precision == "auto":
        return order(sizes, device)
    if precision == "fp16" and device.kind == "cpu":
        raise UsageError("fp16 is slow and coarse on a processor.", "Use bf16, int8 or fp32 there.")
    for choice in BY_DEVICE[device.kind]:
        if choice == precision:
            return (choice,)
    raise UsageError(
        f"{precision} is not available on {device.kind}.",
        f"Choose one of: auto, {', '.join(BY_DEVICE[device.kind])}.",
    )


def _plan(sizes: Sizes, device: Device, precision: Choice) -> Plan:
    needed = sizes.needed(precision)
    best = order(sizes, device)[0]
    sentence = f"{precision} on {device.name}: needs {gigabytes(needed)}, "
    sentence += f"{gigabytes(device.free_bytes)} are free."
    if precision != best and sizes.needed(best) > device.free_bytes:
        sentence = (
            f"{best} needs {gigabytes(sizes.needed(best))}, "
            f"{gigabytes(device.free_bytes)} are free: {precision} fits."
        )
    return Plan(device=device, precision=precision, needed_bytes=needed, sentence=sentence)
