"""`phi-desk bench memory`: the peak of loading and of answering, a process for each precision."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from phi_desk.bench import noise
from phi_desk.bench.report import Report
from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError


def measure(folder: Path, precision: str, picture: str, tokens: int) -> dict[str, Any]:
    """Load, ask about a picture, and tell this process's peaks in bytes; for a fresh process."""
    from phi_desk.engine.events import Finished
    from phi_desk.engine.local import LocalEngine

    before = _peak()
    started = time.perf_counter()
    engine = LocalEngine.open(folder, device="cpu", precision=precision)
    loaded, peak = time.perf_counter() - started, _peak()
    request = noise.question(noise.picture(*noise.size(picture)), tokens=tokens)
    *_, last = engine.stream(request, CancelToken())
    if not isinstance(last, Finished):
        raise TypeError(last)
    return {
        "precision": precision,
        "weights": engine.runtime.weight_bytes,
        "planned": engine.runtime.plan.needed_bytes,
        "before": before,
        "loading": peak,
        "answering": _peak(),
        "load_s": loaded,
        "prompt_tokens": last.prompt_tokens,
        "first_token_s": last.first_token_s,
        "seconds": last.seconds,
    }


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("folder", type=Path, help="folder of a checkpoint")
    parser.add_argument("--precisions", default="bf16,int8", help="comma between them")
    parser.add_argument("--picture", default="1920x1080", help="size of the picture asked about")
    parser.add_argument("--tokens", type=int, default=8, help="length of the answer")


def run(args: argparse.Namespace, out: Report) -> int:
    """Measure each precision in a process of its own and print a table."""
    out.line("| precision | weights | peak, loading | of weights | answering | load | read |")
    out.line("|---|---|---|---|---|---|---|")
    for precision in args.precisions.split(","):
        row = _in_own_process(args.folder, precision, args.picture, args.tokens)
        out.event("measured", **row)
        share = row["loading"] / row["weights"]
        out.line(
            f"| {precision} | {_gb(row['weights'])} | {_gb(row['loading'])} | {share:.3f} "
            f"| {_gb(row['answering'])} | {row['load_s']:.0f} s "
            f"| {row['prompt_tokens']} tokens read in {row['first_token_s']:.0f} s |"
        )
    return 0


def _gb(count: int) -> str:
    return f"{count / 1e9:.2f} GB"


def _in_own_process(folder: Path, precision: str, picture: str, tokens: int) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__, str(folder), precision, picture, str(tokens)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise PhiDeskError(f"Measuring {precision} failed: {lines[-1]}")
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


if __name__ == "__main__":
    where, how, what, count = sys.argv[1:]
    found = measure(Path(where), how, what, int(count))
    sys.stdout.write(json.dumps(found) + "\n")
