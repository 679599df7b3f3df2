"""Figures with what was promised of them, as tables; measures nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

ERRORS = ("WER", "CER")  # names of figures that are better the lower they are
LEFT = "adapter off leaves, "


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number.

    Attributes:
        bar: what was promised, None for nothing; `least` says that it must be reached from above.
        count: how many examples it was measured on.
    """

    name: str
    value: float
    unit: str = "%"
    bar: float | None = None
    least: bool = False
    count: int = 0

    @property
    def reached(self) -> str:
        """Whether the bar is reached, in words; empty without a bar."""
        if self.bar is None:
            return ""
        good = self.value >= self.bar if self.least else self.value <= self.bar
        return "met" if good else "not met"

    @property
    def score(self) -> float:
        """0 to 100, the higher the better."""
        return max(0.0, 100 - self.value) if self.name.startswith(ERRORS) else self.value


def as_markdown(figures: Sequence[Figure]) -> str:
    """A table for people, and a sentence on what was not reached."""
    lines = [
        "| figure | measured | promised | | examples |",
        "| --- | ---: | ---: | --- | ---: |",
    ]
    for figure in figures:
        sign = "≥" if figure.least else "≤"
        bar = "" if figure.bar is None else f"{sign} {figure.bar:g} {figure.unit}".strip()
        value = f"{figure.value:.1f} {figure.unit}".strip()
        lines.append(f"| {figure.name} | {value} | {bar} | {figure.reached} | {figure.count} |")
    return "\n".join([*lines, "", summary(figures)]) + "\n"


def summary(figures: Sequence[Figure]) -> str:
    """How many bars are met, and which are not."""
    barred = [figure for figure in figures if figure.bar is not None]
    missed = [figure.name for figure in barred if figure.reached == "not met"]
    told = f"{len(barred) - len(missed)} of {len(barred)} promises are met."
    return f"{told} Not met: {'; '.join(missed)}." if missed else told


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """For other programs."""
    return [{**asdict(figure), "reached": figure.reached} for figure in figures]


def from_json(values: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """The inverse of `as_json`."""
    return [Figure(**{k: v for k, v in one.items() if k != "reached"}) for one in values]


def quantised(usual: Sequence[Figure], int8: Sequence[Figure]) -> list[Figure]:
    """What int8 costs: error rates against the usual precision's on the same examples."""
    before = {figure.name: figure for figure in usual}
    return [
        Figure(
            name=f"int8 costs, {one.name}",
            value=one.value - before[one.name].value,
            unit="points",
            bar=0.5,
            count=one.count,
        )
        for one in int8
        if one.name.startswith(ERRORS) and one.name in before
    ]


def without_adapter(usual: Sequence[Figure], off: Sequence[Figure]) -> list[Figure]:
    """The share of each score that is left with the adapter off: at most half was promised."""
    before = {figure.name: figure.score for figure in usual}
    return [
        Figure(
            name=f"{LEFT}{one.name}",
            value=100 * one.score / before[one.name] if before[one.name] else 100.0,
            bar=50,
            count=one.count,
        )
        for one in off
        if one.name in before
    ]


def folded(figures: Sequence[Figure]) -> list[Figure]:
    """The same with one line for all adapters switched off: that where most is left."""
    left = [figure for figure in figures if figure.name.startswith(LEFT)]
    kept = [figure for figure in figures if not figure.name.startswith(LEFT)]
    if not left:
        return kept
    worst = max(left, key=lambda figure: figure.value)
    about = worst.name.removeprefix(LEFT)
    name = f"adapter off leaves at most, of {len(left)} figures ({about})"
    return [*kept, replace(worst, name=name)]
