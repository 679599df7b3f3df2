"""All data, and all stages one after another: what `data` and `all` do."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

log = logging.getLogger("nano")
PICTURES = (8_000,) * 4 + (20_000,) * 2  # to train on, of each level
SCENES, VALID_SCENES = 5_000, 200  # of objects alone, of each level
VALID_PICTURES, VALID_CLIPS, VALID_QUESTIONS = 500, 800, 300
NOT_SPEECH = 0.05  # as many clips without words, beside those with
QUESTIONS = 12_000  # spoken ones, about pictures
TALK, VALID_TALK = 6_000, 200  # spoken ones, to the app itself
SINGLE_WORDS = 8_000  # clips of words by themselves, to train on
# Which stages a stage goes on from, in an order in which they can be begun.
NEEDS: dict[str, tuple[str, ...]] = {
    "text": (),
    "ctc": (),
    "patches": (),
    "speech": ("text", "ctc"),
    "layout": ("text",),
    "vision": ("layout", "patches"),
    "asked": ("speech", "vision"),
}


def make_data(work: Path, *, jobs: int, clips: int, seed: int) -> None:
    """Pictures and spoken sentences; what is there already is kept."""
    make_pictures(work, jobs=jobs, seed=seed)
    make_speech(work, jobs=jobs, clips=clips, seed=seed)


def make_pictures(work: Path, *, jobs: int, seed: int) -> None:
    """Pictures of every level, to train on and to watch the training by."""
    import picture_shards

    for level, count in enumerate(PICTURES):
        log.info("pictures of level %d", level)
        picture_shards.build(work, "valid", level, VALID_PICTURES, seed, jobs)
        picture_shards.build(work, "train", level, count, seed, jobs)
        picture_shards.build(work, "valid", level, VALID_SCENES, seed, jobs, "scenes")
        picture_shards.build(work, "train", level, SCENES, seed, jobs, "scenes")


def make_speech(work: Path, *, jobs: int, clips: int, seed: int) -> None:
    """Spoken sentences, and sounds without words."""
    import speech

    for split, count in (("valid", VALID_CLIPS), ("train", clips)):
        speech.build(work, split, count, seed, jobs)
        speech.build_not_speech(work, split, max(200, int(count * NOT_SPEECH)), seed, jobs)
        speech.build_questions(
            work, split, QUESTIONS if split == "train" else VALID_QUESTIONS, seed, jobs
        )
        speech.build_talk(work, split, TALK if split == "train" else VALID_TALK, seed, jobs)
    speech.build_single_words(work, "train", SINGLE_WORDS, seed, jobs)


def everything(options: argparse.Namespace) -> None:
    """Data, stages, export, figures: each goes on where an earlier run stopped.

    Stages that do not need each other run at the same time, `--jobs` at most.

    Raises:
        subprocess.CalledProcessError: a stage failed; what the others reached is kept.
    """
    import evaluate
    import export

    make_data(options.work, jobs=options.jobs, clips=options.clips, seed=options.seed)
    gate = threading.Semaphore(options.jobs)
    with ThreadPoolExecutor(len(NEEDS)) as pool:
        running: dict[str, Future[None]] = {}
        for name, needed in NEEDS.items():
            before = [running[other] for other in needed]
            running[name] = pool.submit(_stage, name, before, gate, options)
        for future in running.values():
            future.result()
    folder = options.to or options.work / "export"
    export.export(options.work, folder)
    evaluate.evaluate(
        folder, options.work, count=options.count, precision=options.precision, only=()
    )
    export.export(options.work, folder)  # once more, with the figures in its card


def _stage(
    name: str, before: list[Future[None]], gate: threading.Semaphore, options: argparse.Namespace
) -> None:
    """Train one stage in a process of its own, when those it needs are done."""
    for future in before:
        future.result()
    with gate:
        command = [sys.executable, str(Path(__file__).parent), name]
        command += ["--work", str(options.work), "--device", options.device]
        subprocess.run([*command, "--threads", str(options.threads)], check=True)
