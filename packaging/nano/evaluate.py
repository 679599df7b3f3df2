"""Every promised figure, measured through the app's own engine on what was never trained on.

Speech is rendered afresh in the test voices, pictures in the test fonts; the engine hears and sees
them as the app would. What is measured is kept, so that a stopped evaluation goes on. The table
goes into the model card.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import measure_pictures
import measure_speech
import measure_text
from asking import Asker
from corpus import LANGUAGES
from digest import CARD, figures_folder
from figures import (
    Figure,
    as_json,
    as_markdown,
    folded,
    from_json,
    quantised,
    without_adapter,
)

log = logging.getLogger("nano")
USUAL = 200  # `count` for which the counts of the measures stand as they are
FEWER, SHORTER = 0.25, 96  # examples and tokens of an answer, with the adapter off
WAYS = tuple(way for other in LANGUAGES[1:] for way in (("en", other), (other, "en")))
PEOPLE = ("en", "es", "fr")

Measuring = Callable[[Asker, int], Iterator[Figure]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is measured, on how many examples.

    Attributes:
        material: measures of the same material are done by one process, which makes it once.
        variants: besides as usual, also with "int8" weights, or with the adapter "off".
    """

    run: Measuring
    count: int
    material: str
    variants: tuple[str, ...] = ()


def measures() -> dict[str, Measure]:
    """All of them by name."""
    both, off = ("int8", "off"), ("off",)
    listed: dict[str, Measure] = {}

    def add(
        name: str, run: Measuring, count: int, material: str, variants: tuple[str, ...] = ()
    ) -> None:
        listed[name] = Measure(run=run, count=count, material=material, variants=variants)

    for code in LANGUAGES:
        add(f"hear-{code}", partial(measure_speech.hear, code), 300, f"speech {code}", both)
    add("languages", measure_speech.name_languages, 100, "languages")
    for one, other in WAYS:
        run = partial(measure_speech.say, one, other)
        add(f"say-{one}-{other}", run, 120, f"speech {one}", off)
    add("several", measure_speech.several, 60, "languages")
    for code in PEOPLE:
        add(f"human-{code}", partial(measure_speech.human, code), 100, "people")
    add("converse", measure_speech.converse, 100, "people")
    add("silence", measure_speech.silence, 200, "people")
    for one, other in WAYS:
        run = partial(measure_text.translate, one, other)
        add(f"text-{one}-{other}", run, 250, "text")
    add("talk", measure_text.talk, 100, "text")
    add("tools", measure_text.tools, 300, "text")
    read = measure_pictures.read
    add("read", partial(read, "one line"), 300, "lines", both)
    add("read-six", partial(read, "six lines"), 120, "six lines", both)
    add("codes", partial(read, "codes"), 120, "lines")
    add("tables", measure_pictures.tables, 100, "tables", off)
    for manner in ("typed", "spoken"):
        run = partial(measure_pictures.questions, manner)
        add(f"ask-{manner}", run, 300, "scenes", off)
    add("blank", measure_pictures.blank, 300, "blank")
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One measure in one variant ("" as usual), and where its result is kept."""

    name: str
    variant: str
    count: int
    folder: Path
    precision: str
    result: Path


def evaluate(
    folder: Path,
    work: Path,
    *,
    count: int,
    precision: str,
    only: Sequence[str],
    jobs: int = 2,
    threads: int = 1,
) -> list[Figure]:
    """Measure what is not measured yet, and print all of it.

    Args:
        folder: the exported checkpoint.
        work: where results are kept, and the table for the card.
        count: how many examples; 200 is usual.
        precision: of the engine.
        only: beginnings of names of measures; "int8" and "off" only these variants.
        jobs: processes.
        threads: of each.
    """
    started = time.monotonic()
    tasks = list(_tasks(folder, work, count, precision, only))
    _measure([task for task in tasks if not task.result.exists()], jobs, threads)
    figures = _joined(tasks)
    table = as_markdown(folded(figures))
    sys.stdout.write(f"{table}\n{time.monotonic() - started:.0f} s\n")
    if not only:
        (work / "figures.md").write_text(table, encoding="utf-8")
        (figures_folder(work, folder) / CARD).write_text(table, encoding="utf-8")
        text = json.dumps(as_json(figures), indent=1, ensure_ascii=False)
        (work / "figures.json").write_text(text + "\n", encoding="utf-8")
    return figures


def _tasks(
    folder: Path, work: Path, count: int, precision: str, only: Sequence[str]
) -> Iterator[Task]:
    kept = figures_folder(work, folder)
    names = [name for name in only if name not in ("int8", "off")]
    variants = [name for name in only if name in ("int8", "off")]
    for name, measure in measures().items():
        if names and not name.startswith(tuple(names)):
            continue
        for variant in ("", *measure.variants):
            if variants and variant not in ("", *variants):
                continue
            share = FEWER if variant == "off" else 1.0
            examples = max(4, round(measure.count * share * count / USUAL))
            file = f"{name}.{variant or 'usual'}.{precision}.{examples}.json"
            yield Task(
                name=name, variant=variant, count=examples, folder=folder, precision=precision,
                result=kept / file,
            )  # fmt: skip


def _measure(tasks: Sequence[Task], jobs: int, threads: int) -> None:
    """Largest shares first, each material in one process."""
    known = measures()
    shares: dict[str, list[Task]] = {}
    for task in tasks:
        shares.setdefault(known[task.name].material, []).append(task)
    ordered = sorted(shares.values(), key=lambda share: -sum(task.count for task in share))
    if jobs <= 1 or len(ordered) <= 1:
        for share in ordered:
            _work(share, threads)
        return
    context = multiprocessing.get_context("spawn")  # the speech engines cannot be forked
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for future in as_completed([pool.submit(_work, share, threads) for share in ordered]):
            future.result()


def _work(share: Sequence[Task], threads: int) -> None:
    """Measure one after another; each result is kept as soon as it is there."""
    import torch

    torch.set_num_threads(threads)
    if not log.hasHandlers():  # a process of its own
        logging.basicConfig(
            level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
        )
    logging.getLogger("phi_desk").setLevel(logging.WARNING)
    for task in share:
        began = time.monotonic()
        engine = _opened(task.folder, "int8" if task.variant == "int8" else task.precision)
        asker = Asker(engine.engine)
        if task.variant == "off":
            asker = Asker(engine.engine, "none", SHORTER)
        figures = list(measures()[task.name].run(asker, task.count))
        told = ", ".join(f"{one.name} {one.value:.1f}" for one in figures)
        log.info("%s %s: %s (%.0f s)", task.name, task.variant, told, time.monotonic() - began)
        _keep(task.result, figures)


@cache
def _opened(folder: Path, precision: str) -> Asker:
    return Asker.open(folder, precision)


def _keep(path: Path, figures: Iterable[Figure]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_text(json.dumps(as_json(list(figures))), encoding="utf-8")
    half.replace(path)


def _joined(tasks: Sequence[Task]) -> list[Figure]:
    """The figures as usual, then what int8 costs, then what is left without the adapter."""
    found: dict[str, list[Figure]] = {"": [], "int8": [], "off": []}
    for task in tasks:
        found[task.variant] += from_json(json.loads(task.result.read_text(encoding="utf-8")))
    usual = found[""]
    return [*usual, *quantised(usual, found["int8"]), *without_adapter(usual, found["off"])]
