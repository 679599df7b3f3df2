"""Shards made in order, in several processes if wanted, and only those that are not there yet."""

from __future__ import annotations

import logging
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import Progress
from shards import Clip, clips_in, path_of, seed_of, write_shard

from phi_desk.errors import UsageError

_log = logging.getLogger(__name__)
_SHARD = 1000  # clips

Maker = Callable[[int, int], Iterator[Clip]]  # (seed of the shard, how many clips)


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    count: int
    seed: int
    shard_seed: int
    make: Maker

    def run(self) -> int:
        """Renders the shard; returns its clips."""
        began = time.monotonic()
        clips = list(self.make(self.shard_seed, self.count))
        write_shard(self.path, clips, self.seed)
        _log.info("%s: %d clips in %.0f s", self.path, self.count, time.monotonic() - began)
        return self.count


def build_shards(work: Path, name: str, count: int, seed: int, jobs: int, make: Maker) -> None:
    tasks = list(_tasks(work, name, count, seed, make))
    total = sum(task.count for task in tasks)
    with Progress(disable=not sys.stderr.isatty(), transient=True) as bar:
        line = bar.add_task(f"speech, {name}", total=count, completed=count - total)
        for finished in _run(tasks, jobs):
            bar.advance(line, finished)


def _tasks(work: Path, name: str, count: int, seed: int, make: Maker) -> Iterator[_Task]:
    for index, start in enumerate(range(0, count, _SHARD)):
        path = path_of(work, name, index)
        wanted = min(_SHARD, count - start)
        if seed_of(path) not in {None, seed}:
            raise UsageError(
                f"{path.parent} was made from another seed.", "Use that seed, or --work."
            )
        if clips_in(path) < wanted:
            shard_seed = int(
                np.random.SeedSequence([seed, index, _number(name)]).generate_state(1)[0]
            )
            yield _Task(path, wanted, seed, shard_seed, make)


def _number(name: str) -> int:
    return int.from_bytes(name.encode(), "little") % (1 << 32)


def _run(tasks: list[_Task], jobs: int) -> Iterator[int]:
    if jobs <= 1:
        for task in tasks:
            yield task.run()
        return
    # Not forked: the engines' libraries hold state of their own.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for future in as_completed([pool.submit(task.run) for task in tasks]):
            yield future.result()
