"""The figures of a window, the bars they are held against, and gaps as percentiles; no window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GAP_P99_MS = 16.0  # a frame at 60 a second
GAP_MAX_MS = 100.0  # what is felt as at once (Nielsen, Usability Engineering, 1993, chapter 5)
WINDOW_S = 1.0
CANCEL_S = 0.5
CLOSE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """How long the event loop did not turn, in milliseconds.

    Attributes:
        count: how many gaps were seen.
        late: share of the time that lay in gaps longer than a frame.
    """

    count: int
    p50: float
    p99: float
    most: float
    late: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Gaps:
        """Of the times from one turn to the next."""
        if not seconds:
            return cls(count=0, p50=0.0, p99=0.0, most=0.0, late=0.0)
        ordered = sorted(1000 * one for one in seconds)
        late = sum(one for one in ordered if one > GAP_P99_MS)
        return cls(
            count=len(ordered),
            p50=_at(ordered, 0.50),
            p99=_at(ordered, 0.99),
            most=ordered[-1],
            late=late / sum(ordered),
        )


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFigures:
    """What the process in which the window was driven has seen.

    Attributes:
        words: what was measured, in words.
        loading, generating: gaps from the first paint until the model was ready, and while answers
            were written; each as the values of `Gaps`.
        frames: painted a second while answers were written.
        tokens: that came a second, and how many pieces of text in all.
        cancel_s: from a stop to the end of the answer, the longest of several.
        closed_s: from closing the window, while an answer is written, to the end of its threads.
        closing_at: when it was closed, in seconds of the epoch.
    """

    words: str
    loading: dict[str, float]
    generating: dict[str, float]
    frames: float
    tokens: float
    cancel_s: float
    closed_s: float
    closing_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What is seen from outside: seconds from the start, and from closing to the process's end."""

    first_window_s: float
    pages_s: float
    ended_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure and its bar; `met` is None where there is no bar."""

    name: str
    measured: str
    bar: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """In a word."""
        return "" if self.met is None else "met" if self.met else "missed"


def rows(figures: WindowFigures, moments: Moments) -> tuple[Row, ...]:
    """The table."""
    busy, loading = figures.generating, figures.loading
    return (
        Row(name="gap while answering, p50", measured=_ms(busy["p50"])),
        _held("gap while answering, p99", busy["p99"], GAP_P99_MS, "ms"),
        _held("gap while answering, longest", busy["most"], GAP_MAX_MS, "ms"),
        Row(name="time in gaps above 16 ms", measured=f"{100 * busy['late']:.1f} %"),
        Row(name="gap while the model is loaded, p99", measured=_ms(loading["p99"])),
        Row(name="gap while the model is loaded, longest", measured=_ms(loading["most"])),
        _held("first window", moments.first_window_s, WINDOW_S, "s"),
        Row(name="pages", measured=f"{moments.pages_s:.2f} s"),
        _held("from stop to silence", figures.cancel_s, CANCEL_S, "s"),
        _held("closing while answering, threads", figures.closed_s, CLOSE_S, "s"),
        _held("closing while answering, process", moments.ended_s, CLOSE_S, "s"),
        Row(name="frames painted while answering", measured=f"{figures.frames:.0f} a second"),
        Row(name="pieces of text", measured=f"{figures.tokens:.1f} a second"),
    )


def _held(name: str, value: float, bar: float, unit: str) -> Row:
    measured = _ms(value) if unit == "ms" else f"{value:.2f} s"
    return Row(name=name, measured=measured, bar=f"{bar:g} {unit}", met=value <= bar)


def _ms(value: float) -> str:
    return f"{value:.1f} ms"
