"""The book of a load: every expected tensor is placed exactly once, and nothing else is.

Knows names and shapes only; who places the tensors writes them in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from phi_desk.errors import CheckpointError

_SHOWN = 3


class Ledger:
    """Collects every finding and reports all of them together at the end."""

    def __init__(self, expected: Mapping[str, tuple[int, ...]]) -> None:
        """`expected`: native name -> shape of everything that must be filled."""
        self._expected = {name: tuple(shape) for name, shape in expected.items()}
        self._placed: set[str] = set()
        self._unexpected: list[str] = []
        self._misshapen: list[str] = []
        self._duplicate: list[str] = []
        self._not_finite: list[str] = []

    def place(self, name: str, shape: Iterable[int]) -> bool:
        """Write down a tensor that is about to be placed; false: it must not be placed."""
        found = tuple(shape)
        wanted = self._expected.get(name)
        if wanted is None:
            self._unexpected.append(f"{name} {list(found)}")
            return False
        if name in self._placed:
            self._duplicate.append(name)
            return False
        self._placed.add(name)
        if found != wanted:
            self._misshapen.append(f"{name} {list(found)} instead of {list(wanted)}")
            return False
        return True

    def not_finite(self, name: str) -> None:
        """Write down a tensor that holds infinities or values that are no numbers."""
        self._not_finite.append(name)

    @property
    def expected(self) -> Mapping[str, tuple[int, ...]]:
        """Name -> shape of everything that must be filled."""
        return self._expected

    @property
    def placed(self) -> int:
        """How many tensors have been placed."""
        return len(self._placed)

    @property
    def missing(self) -> list[str]:
        """What is in no file."""
        known = {*self._placed, *self._not_finite}
        return [name for name in self._expected if name not in known]

    def finish(self) -> None:
        """Raise `CheckpointError` with the whole list unless every tensor was placed rightly."""
        findings = {
            "missing": self.missing,
            "unexpected": self._unexpected,
            "of the wrong shape": self._misshapen,
            "there twice": self._duplicate,
            "not finite": self._not_finite,
        }
        found = {kind: names for kind, names in findings.items() if names}
        if found:
            raise CheckpointError(
                f"The weights do not fit the model: {describe(found)}.",
                "Run `phi-desk models verify` on the folder, or download the model again.",
                tuple(f"{kind}: {name}" for kind, names in found.items() for name in names),
            )


def describe(found: Mapping[str, list[str]]) -> str:
    """ "2 tensors missing (a, ...), 1 tensor not finite (c)"; a single kind gets three names."""
    parts = []
    most = _SHOWN if len(found) == 1 else 1
    for kind, names in found.items():
        shown = ", ".join(name[:160] for name in names[:most])
        more = ", ..." if len(names) > most else ""
        noun = "tensor" if len(names) == 1 else "tensors"
        parts.append(f"{len(names):,} {noun} {kind} ({shown}{more})")
    return ", ".join(parts)
