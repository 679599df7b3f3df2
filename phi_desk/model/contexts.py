"""Read prompts that stay in memory, so that the next one pays only for what is new."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from phi_desk.model.inputs import ClipInput, PictureInput, Projection, Prompt
from phi_desk.model.kv_cache import KVCache
from phi_desk.model.rope import Regime

Identity = Sequence[Hashable]


def identity(prompt: Prompt, projection: Projection) -> list[Hashable]:
    """One value a position; equal values up to a position mean equal input up to there."""
    positions: list[Hashable] = []
    for piece in prompt.pieces:
        if isinstance(piece, tuple):
            positions.extend(piece)
        else:
            key = encoding_key(piece, projection)
            positions.extend((key, i) for i in range(piece.tokens))
    return positions


def encoding_key(piece: PictureInput | ClipInput, projection: Projection) -> str:
    """What an encoding depends on: the content and, for sound, the projection."""
    if isinstance(piece, PictureInput):
        return f"picture {piece.key}"
    return f"clip {projection} {piece.key}"


def common_prefix(one: Identity, other: Identity) -> int:
    """How many positions two identities share at the start."""
    length = min(len(one), len(other))
    for i in range(length):
        if one[i] != other[i]:
            return i
    return length


@dataclass(slots=True)
class Context:
    """A KV cache and what it was computed from: the input, the adapter and the rotary factors."""

    cache: KVCache
    adapter: str | None
    regime: Regime
    positions: list[Hashable] = field(default_factory=list)

    def crop(self, length: int) -> None:
        """Forget everything from position `length` on."""
        self.cache.crop(length)
        del self.positions[length:]


class Contexts:
    """A few contexts, the least recently used given up first: a chat and the captions beside it."""

    def __init__(self, new_cache: Callable[[], KVCache], most: int = 2) -> None:
        self._new_cache = new_cache
        self._most = most
        self._held: list[Context] = []  # least recently used first

    def take(self, positions: Identity, adapter: str | None, regime: Regime) -> Context:
        """A context cropped to what it shares with `positions`, never to all of them.

        The last position is always computed again, for its logits.
        """
        best, shared = None, 0
        for context in self._held:
            if context.adapter == adapter and context.regime == regime:
                common = min(common_prefix(context.positions, positions), len(positions) - 1)
                if common > shared:
                    best, shared = context, common
        if best is None:
            best = Context(self._new_cache(), adapter, regime)
            del self._held[: max(0, len(self._held) + 1 - self._most)]
        else:
            self._held.remove(best)
        best.crop(shared)
        self._held.append(best)
        return best

    def drop(self, context: Context) -> None:
        """Give one context's memory back."""
        self._held = [c for c in self._held if c is not context]

    def clear(self) -> None:
        """Give all memory back."""
        self._held.clear()
