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
    taken: bool = False  # an answer is being written with it, perhaps paused

    def crop(self, length: int) -> None:
        """Forget everything from position `length` on."""
        self.cache.crop(length)
        del self.positions[length:]


class Contexts:
    """A few contexts, the least recently used given up first: a chat and the captions beside it.

    A context that is taken is nobody else's until it is released: an answer may be paused while
    another one is written. `most` are kept for the next prompt; as many as answers are being
    written may be held beyond that.
    """

    def __init__(self, new_cache: Callable[[], KVCache], most: int = 2) -> None:
        self._new_cache = new_cache
        self._most = most
        self._held: list[Context] = []  # least recently used first

    def take(self, positions: Identity, adapter: str | None, regime: Regime) -> Context:
        """A free context cropped to what it shares with `positions`, never to all of them.

        The last position is always computed again, for its logits. Release it afterwards.
        """
        best, shared = None, 0
        for context in self._held:
            if context.adapter == adapter and context.regime == regime and not context.taken:
                common = min(common_prefix(context.positions, positions), len(positions) - 1)
                if common > shared:
                    best, shared = context, common
        if best is None:
            self._shrink(self._most - 1)
            best = Context(self._new_cache(), adapter, regime)
        else:
            self.drop(best)
        best.crop(shared)
        best.taken = True
        self._held.append(best)
        return best

    def release(self, context: Context) -> None:
        """The answer that took it has ended; what was read stays for the next prompt."""
        context.taken = False
        self._shrink(self._most)

    def drop(self, context: Context) -> None:
        """Give one context's memory back."""
        self._held = [c for c in self._held if c is not context]

    def clear(self) -> None:
        """Give all memory back."""
        self._held.clear()

    def _shrink(self, most: int) -> None:
        """Give free contexts up, oldest first, until no more than `most` are held."""
        free = [context for context in self._held if not context.taken]
        for context in free[: max(0, len(self._held) - most)]:
            self.drop(context)
