"""`phi-desk bench speed`: reading, writing, seeing, hearing, stopping; precisions side by side."""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.bench import noise
from phi_desk.bench.report import Report
from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Progress, StreamEvent
from phi_desk.engine.messages import ChatRequest

if TYPE_CHECKING:
    from phi_desk.engine.local import LocalEngine

SOUND_SECONDS = 10.0
PICTURE = (448, 448)  # one crop and its thumbnail


@dataclass(frozen=True, slots=True, kw_only=True)
class Speeds:
    """One precision on this machine.

    Attributes:
        crop_s: seconds for one 448-pixel crop through the vision tower.
        sound_s: seconds for a second of sound through the speech encoder.
        read: prompt tokens a second, without encoders.
        write: answer tokens a second.
        stop_s: the longest time from a stop to the end of the stream, over several moments.
    """

    precision: str
    crop_s: float
    sound_s: float
    read: float
    write: float
    stop_s: float


def measure(engine: LocalEngine, precision: str, tokens: int, stops: int) -> Speeds:
    """Ask once about a picture and once about a sound, then stop several answers."""
    seen = _timed(engine, noise.question(noise.picture(*PICTURE), tokens=tokens))
    heard = _timed(engine, noise.question(noise.sound(SOUND_SECONDS), tokens=2))
    stop = max(_stop(engine, seen.total * (i + 0.5) / stops, i) for i in range(stops))
    return Speeds(
        precision=precision,
        crop_s=seen.encode / 2,
        sound_s=heard.encode / SOUND_SECONDS,
        read=seen.prompt / seen.prefill,
        write=(tokens - 1) / seen.write,
        stop_s=stop,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times:
    encode: float
    prefill: float
    write: float
    total: float
    prompt: int


def _timed(engine: LocalEngine, request: ChatRequest) -> _Times:
    started = time.perf_counter()
    encoded = first = started
    last: StreamEvent | None = None
    for last in engine.stream(request, CancelToken()):
        if isinstance(last, Progress) and last.phase == "encode":
            encoded = time.perf_counter()
        elif isinstance(last, Finished):
            first = started + (last.first_token_s or 0.0)
    ended = time.perf_counter()
    if not isinstance(last, Finished):
        raise TypeError(last)
    return _Times(
        encode=encoded - started,
        prefill=first - encoded,
        write=ended - first,
        total=ended - started,
        prompt=last.prompt_tokens,
    )


def _stop(engine: LocalEngine, after: float, seed: int) -> float:
    """Seconds from a stop, `after` seconds into a fresh question, to the end of the stream."""
    request = noise.question(noise.picture(*PICTURE, seed=1000 + seed), tokens=1000)
    cancel = CancelToken()
    asked: list[float] = []

    def stop() -> None:
        asked.append(time.perf_counter())
        cancel.cancel()

    timer = threading.Timer(after, stop)
    timer.start()
    for _ in engine.stream(request, cancel):
        pass
    ended = time.perf_counter()
    timer.join()
    return ended - asked[0]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("folder", type=Path, help="folder of a checkpoint")
    parser.add_argument("--precisions", default="bf16,int8", help="comma between them")
    parser.add_argument("--tokens", type=int, default=16, help="length of the answer")
    parser.add_argument("--stops", type=int, default=6, help="how many answers to stop")


def run(args: argparse.Namespace, out: Report) -> int:
    """Measure every precision, one after the other, and print them with their ratios."""
    rows = list(_rows(args))
    out.line("| | crop | a second of sound | reads | writes | stops within |")
    out.line("|---|---|---|---|---|---|")
    for row in rows:
        out.event("measured", **asdict(row))
        out.line(
            f"| {row.precision} | {row.crop_s:.2f} s | {row.sound_s:.3f} s "
            f"| {row.read:.1f} tokens/s | {row.write:.2f} tokens/s | {row.stop_s:.2f} s |"
        )
    for row in rows[1:]:
        reads, writes = row.read / rows[0].read, row.write / rows[0].write
        out.line(f"{row.precision} reads {reads:.2f} and writes {writes:.2f} times as fast.")
    return 0


def _rows(args: argparse.Namespace) -> Iterator[Speeds]:
    from phi_desk.engine.local import LocalEngine

    for precision in args.precisions.split(","):
        engine = LocalEngine.open(args.folder, device="cpu", precision=precision)
        yield measure(engine, precision, args.tokens, args.stops)
        engine.close()
