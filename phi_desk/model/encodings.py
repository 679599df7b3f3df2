"""Pictures and sounds already encoded, kept by content; knows neither tower."""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor

KEPT_BYTES = 256 * 2**20  # about four of the largest pictures (9585 positions) at full size in bf16


class Encodings:
    """Least recently used first out, once the kept ones pass `limit` bytes."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Tensor] = OrderedDict()

    def get(self, key: str) -> Tensor | None:
        """The encoding of `key`, `[positions, hidden]`, or None."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: str, encoding: Tensor) -> None:
        """Keep an encoding; older ones may go for it."""
        self._kept[key] = encoding
        while self._bytes() > self._limit and len(self._kept) > 1:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def _bytes(self) -> int:
        return sum(t.numel() * t.element_size() for t in self._kept.values())
