"""The training loop: resumable, with a progress bar and a log; knows no stage.

A stage's state is one file, replaced atomically every few minutes: weights, optimiser, step and
time. Stopping at any moment loses at most those minutes.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import json
import logging
import math
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import heap
import torch
from optimiser import Optimiser
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn

log = logging.getLogger("nano")
STATE = "state.pt"
EARLIER = "earlier.json"  # in the work folder: what an adopted model had been trained on
START = (
    "start.pt"  # weights alone, out of a shipped model: what a stage without a state begins with
)
_SMOOTH = 0.95  # of what is logged, a step
_CLIP = 1.0  # largest norm of a step's gradient


@dataclass(frozen=True, slots=True)
class Told:
    """What one batch gave: the loss, how many examples it held, and numbers for the log."""

    loss: Tensor
    examples: int
    numbers: dict[str, float]


class Job(Protocol):
    """One stage: what it trains, on what, by which loss, and how it is judged."""

    @property
    def name(self) -> str:
        """The stage's name, also its folder's."""

    @property
    def trained(self) -> nn.Module:
        """The modules whose weights change and are saved."""

    def batches(self, seed: int) -> Iterator[Any]:
        """Endless batches; another seed gives other ones."""

    def loss(self, batch: Any) -> Told:
        """The loss of one batch."""

    def check(self) -> dict[str, float]:
        """Quality on examples never trained on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train.

    Attributes:
        steps: in all, earlier sessions counted in.
        rate: the highest learning rate, reached after `warm_up` steps and held until the last
            `cool_down` share of all steps, over which it falls to a fiftieth.
        minutes: stop after this long in this run, 0 for never; the state is kept.
        finish: let the rate fall over the last `cool_down` share of those minutes, not of steps.
        bf16: compute products in bf16 (weights, sums and losses stay in float32).
    """

    steps: int
    rate: float
    warm_up: int = 60
    cool_down: float = 0.25
    seed: int = 1
    minutes: float = 0.0
    finish: bool = False
    bf16: bool = False
    save_seconds: float = 150.0
    check_seconds: float = 900.0

    def rate_at(self, step: int, spent_s: float = 0.0) -> float:
        """The learning rate of a step, `spent_s` seconds into this run."""
        rising = min(1.0, (step + 1) / self.warm_up)
        left = (self.steps - step) / max(1.0, self.steps * self.cool_down)
        if self.finish and self.minutes:
            left = (1 - spent_s / (60 * self.minutes)) / self.cool_down
        return self.rate * rising * min(1.0, max(0.02, left))


class Run:
    """One stage on its way."""

    def __init__(self, job: Job, folder: Path, plan: Plan) -> None:
        self._job, self._folder, self._plan = job, folder, plan
        folder.mkdir(parents=True, exist_ok=True)
        self._optimiser = Optimiser(job.trained.named_parameters())
        self.step, self.examples, self._seconds, self._starts = 0, 0, 0.0, 0
        self._began = time.monotonic()
        if (folder / STATE).exists():
            self._resume()
        elif (folder / START).exists():
            job.trained.load_state_dict(weights_of(folder), strict=False)

    def go(self) -> None:
        """Train to the plan's last step, or as long as the plan allows."""
        plan, began = self._plan, time.monotonic()
        self._began = began
        if self.step >= plan.steps:
            log.info("%s: done (%d steps)", self._job.name, self.step)
            return
        asked_to_stop: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: asked_to_stop.append(number))
        self._job.trained.train()
        batches = self._job.batches(plan.seed * 1_000_003 + self._starts * 7919 + self.step)
        self._starts += 1
        saved = checked = told = time.monotonic()
        smooth: dict[str, float] = {}
        with _bar(self._job.name, plan.steps, self.step) as bar:
            while self.step < plan.steps and not asked_to_stop:
                tick = time.monotonic()
                numbers = self._one(next(batches))
                now = time.monotonic()
                self._seconds += now - tick
                for key, value in numbers.items():
                    smooth[key] = value + _SMOOTH * (smooth.get(key, value) - value)
                bar(self.step, smooth)
                if now - told > 20:
                    self._note({**smooth, "rate": self._rate})
                    told = now
                if now - saved > plan.save_seconds:
                    self.save()
                    saved = now
                if now - checked > plan.check_seconds:
                    self._check()
                    checked = time.monotonic()
                if plan.minutes and now - began > plan.minutes * 60:
                    break
        self.save()
        if not asked_to_stop:
            self._check()

    def _one(self, batch: Any) -> dict[str, float]:
        kind = self._optimiser.parameters[0].device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self._plan.bf16):
            told = self._job.loss(batch)
        if not math.isfinite(told.loss.item()):
            log.warning("%s: step %d has no finite loss and is skipped", self._job.name, self.step)
            return {}
        told.loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self._optimiser.parameters, _CLIP)
        if torch.isfinite(norm):
            self._optimiser.step(self._rate)
        self.step += 1
        self.examples += told.examples
        return {"loss": told.loss.item(), **told.numbers}

    @property
    def _rate(self) -> float:
        return self._plan.rate_at(self.step, time.monotonic() - self._began)

    def _check(self) -> None:
        self._job.trained.eval()
        with torch.inference_mode():
            result = self._job.check()
        self._job.trained.train()
        self._note({f"check_{key}": value for key, value in result.items()})

    def _note(self, numbers: dict[str, float]) -> None:
        speed = self.examples / max(self._seconds, 1e-9)
        line: dict[str, float] = {
            "step": self.step,
            "examples": self.examples,
            "seconds": round(self._seconds),
        }
        line |= {"per_second": round(speed, 1)} | {k: round(v, 4) for k, v in numbers.items()}
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        log.info("%s %s", self._job.name, line)

    def save(self) -> None:
        """Replace the stage's state on disk."""
        state = {
            "weights": self._job.trained.state_dict(),
            "optimiser": self._optimiser.state(),
            "step": self.step,
            "examples": self.examples,
            "seconds": self._seconds,
            "starts": self._starts,
        }
        write_state(self._folder, state)
        heap.give_back()

    def _resume(self) -> None:
        state = torch.load(self._folder / STATE, weights_only=True, map_location="cpu")
        self._job.trained.load_state_dict(state["weights"])
        self._optimiser.restore(state["optimiser"])
        self.step, self.examples = state["step"], state["examples"]
        self._seconds, self._starts = state["seconds"], state["starts"]
        log.info("%s: going on from step %d", self._job.name, self.step)


def write_state(folder: Path, state: dict[str, Any]) -> None:
    """Replace a stage's state on disk: whole, or not at all."""
    fresh = folder / (STATE + ".new")
    torch.save(state, fresh)
    os.replace(fresh, folder / STATE)  # noqa: PTH105 (atomic on every system)


def has_weights(folder: Path) -> bool:
    """Whether a stage has run, or has something to begin with."""
    return (folder / STATE).exists() or (folder / START).exists()


def weights_of(folder: Path) -> dict[str, Tensor]:
    """The weights that a stage has come to, or begins with.

    Raises:
        FileNotFoundError: the stage has not run yet.
    """
    if not (folder / STATE).exists():
        start: dict[str, Tensor] = torch.load(folder / START, weights_only=True, map_location="cpu")
        return start
    weights: dict[str, Tensor] = torch.load(folder / STATE, weights_only=True, map_location="cpu")[
        "weights"
    ]
    return weights


class _bar:  # noqa: N801 (used as a function)
    """A line on the terminal; silent where there is none."""

    def __init__(self, name: str, total: int, done: int) -> None:
        console = Console(stderr=True)
        self._bar = Progress(
            TextColumn(name), BarColumn(), TextColumn("{task.completed}/{task.total}"),
            TextColumn("{task.fields[told]}"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(name, total=total, completed=done, told="")

    def __enter__(self) -> _bar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, step: int, numbers: dict[str, float]) -> None:
        told = "  ".join(f"{key} {value:.3f}" for key, value in numbers.items())
        self._bar.update(self._task, completed=step, told=told)
