"""How Phi Desk Nano is made, one command a step: `python packaging/nano COMMAND --work DIR`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

TRAINING = ("text", "ctc", "speech", "patches", "layout", "vision", "asked")
COMMANDS = ("all", "data", *TRAINING, "export", "evaluate", "samples", "adopt", "retower", "mean")
SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"
SHIPPED = SAMPLES.parent / "models" / "nano"
WORK = Path.home() / ".cache" / "phi-desk-nano"


def main(arguments: Sequence[str]) -> int:
    """Run one command."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr
    )
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Shapes of batches are many: without this, products are compiled again and again.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16384")
    options.work.mkdir(parents=True, exist_ok=True)
    return _run(options.command, options)


def _run(command: str, options: argparse.Namespace) -> int:
    if command in TRAINING:
        import stages

        stages.run(
            command, options.work, threads=options.threads, minutes=options.minutes,
            steps=options.steps, rate=options.rate, device=options.device, finish=options.finish,
            cool_down=options.cool_down, seed=options.order, tower=options.tower,
        )  # fmt: skip
    elif command == "export":
        import export

        export.export(options.work, options.to or options.work / "export")
    elif command == "evaluate":
        import evaluate

        evaluate.evaluate(
            options.to or options.work / "export", options.work,
            count=options.count, precision=options.precision, only=options.only,
            jobs=options.jobs, threads=options.threads,
        )  # fmt: skip
    elif command == "adopt":
        import adopt

        adopt.adopt(options.to or SHIPPED, options.work)
    elif command == "retower":
        import retower

        retower.retower(options.work, threads=options.threads)
    elif command == "mean":
        import mean

        mean.mean(options.to or SHIPPED, options.work, options.share)
    elif command == "samples":
        import samples

        samples.make_samples(options.to or SAMPLES)
    elif command == "data":
        import recipe

        recipe.make_data(options.work, jobs=options.jobs, clips=options.clips, seed=options.seed)
    else:
        import recipe

        recipe.everything(options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="packaging/nano", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument(
        "--work", type=Path, default=WORK, help="scratch folder (default: %(default)s)"
    )
    parser.add_argument("--threads", type=int, default=1, help="torch's threads")
    parser.add_argument("--device", default="cpu", help="where to train: cpu or cuda")
    parser.add_argument("--jobs", type=int, default=2, help="processes that make data or measure")
    parser.add_argument("--minutes", type=float, default=0, help="stop a training after this long")
    parser.add_argument(
        "--finish", action="store_true", help="let the learning rate fall towards --minutes"
    )
    parser.add_argument(
        "--cool-down", type=float, default=0, help="share of a training over which the rate falls"
    )
    parser.add_argument(
        "--tower", choices=("still", "moves"), help="whether it learns along in vision and asked"
    )
    parser.add_argument(
        "--order", type=int, default=0, help="seed of the order in which a training sees its data"
    )
    parser.add_argument("--steps", type=int, default=0, help="steps of a training in all")
    parser.add_argument("--rate", type=float, default=0, help="the highest learning rate")
    parser.add_argument("--clips", type=int, default=40_000, help="spoken sentences to train on")
    parser.add_argument("--seed", type=int, default=1, help="of the data")
    parser.add_argument(
        "--to", type=Path, help="folder of the exported model (adopt, mean: the shipped one)"
    )
    parser.add_argument("--share", type=float, default=0.5, help="of the shipped model in the mean")
    parser.add_argument("--count", type=int, default=200, help="examples: 200 are usual")
    parser.add_argument("--precision", default="bf16", help="of the evaluation")
    parser.add_argument("--only", nargs="*", default=(), help="beginnings of names of figures")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
