"""`phi-desk bench fidelity`: our engine beside recorded outputs of the published code."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from phi_desk.bench.reference import Case, read_cases, used_ids
from phi_desk.bench.report import Report
from phi_desk.cancel import CancelToken
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Part, Text
from phi_desk.media.picture import Picture

if TYPE_CHECKING:
    from phi_desk.model.inputs import Prompt
    from phi_desk.model.probe import Probe

ATTENTIONS = ("eager", "sdpa")
# Where we knowingly do otherwise than the published code; docs/fidelity.md says why.
OTHERWISE = {
    "speech_2s_44k": "44.1 kHz is resampled, not decimated",
    "speech_two_in_one_prompt": "each clip is encoded by itself",
}
CONTROL = re.compile(r"<\|[^|]*\|>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case under one attention: R = max |d logit| / max |logit| of the last 8 positions.

    Attributes:
        stored: R from the recorded crops and features: the model alone.
        features: largest difference of a picture's or clip's positions, from recorded input.
        own: R from the files, through our own front end; None where there is no file.
        greedy: whether the first 12 tokens are the recorded ones, from recorded input.
        own_greedy: the same from the files.
        note: where we do otherwise on purpose.
    """

    case: str
    attention: str
    stored: float
    features: float | None
    own: float | None
    greedy: bool
    own_greedy: bool | None
    note: str


def measure(
    checkpoint: Path, reference: Path, attentions: Sequence[str] = ATTENTIONS
) -> Iterator[Row]:
    """Compare every recorded case, in fp32 on the processor."""
    ids = used_ids(reference)
    cases = read_cases(reference)
    for attention in attentions:
        engine = _open(checkpoint, attention)
        for case in cases:
            yield _row(engine, case, ids, attention)
        engine.close()


def _open(checkpoint: Path, attention: str) -> LocalEngine:
    return LocalEngine.open(
        checkpoint, device="cpu", precision="fp32", attention=attention, chunk=8192
    )


def _row(engine: LocalEngine, case: Case, ids: NDArray[np.int64], attention: str) -> Row:
    from phi_desk.model.probe import probe

    runtime = engine.runtime
    stored = probe(runtime, case.prompt(), case.adapter, case.projection)
    own: Probe | None = None
    if case.images or case.audios or not case.meta["text"].startswith("("):
        own = probe(runtime, own_prompt(engine, case), case.adapter, case.projection)
    return Row(
        case=case.name,
        attention=attention,
        stored=relative(stored.logits, case, ids),
        features=_features(stored, case),
        own=None if own is None else relative(own.logits, case, ids),
        greedy=stored.greedy == case.greedy,
        own_greedy=None if own is None else own.greedy == case.greedy,
        note=OTHERWISE.get(case.name, ""),
    )


def own_prompt(engine: LocalEngine, case: Case) -> Prompt:
    """The same question asked through our own front end.

    The one transparent picture is given without its alpha channel, as the published code reads it;
    from a file we would composite it on white.
    """
    parts: list[Part] = [Image(_picture(path)) for path in case.images]
    parts += [Audio(path) for path in case.audios]
    if words := CONTROL.sub("", case.meta["text"]):
        parts.append(Text(words))
    request = ChatRequest(messages=(Message("user", tuple(parts)),))
    return engine.prompt(request, CancelToken())


def _picture(path: Path) -> Path | Picture:
    import PIL.Image

    with PIL.Image.open(path) as image:
        if "A" not in image.getbands():
            return path
        return Picture(np.asarray(image.convert("RGB")))


def relative(logits: NDArray[np.float32], case: Case, ids: NDArray[np.int64]) -> float:
    """R over the recorded vocabulary of the last positions."""
    recorded = case.tensors["logits_last8_used_ids"][0][-len(logits) :]
    difference = np.abs(logits[:, ids] - recorded).max()
    return float(difference / case.meta["logit_absmax"])


def _features(found: Probe, case: Case) -> float | None:
    differences = [
        float(np.abs(ours - case.tensors[name].reshape(ours.shape)).max())
        for name, ours in (("image_features", found.pictures), ("audio_features", found.clips))
        if ours is not None and name in case.tensors
    ]
    return max(differences, default=None)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| case | attention | R, recorded input | features | 12 tokens | R, own front end "
        "| 12 tokens | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.case} | {row.attention} | {row.stored:.1e} | {_number(row.features)} "
        f"| {_word(row.greedy)} | {_number(row.own)} | {_word(row.own_greedy)} | {row.note} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1e}"


def _word(equal: bool | None) -> str:
    return "" if equal is None else "equal" if equal else "differ"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("checkpoint", type=Path, help="folder of the reference checkpoint")
    parser.add_argument("reference", type=Path, help="folder that holds cases/cases.json")
    parser.add_argument("--out", type=Path, help="put the table into this Markdown page")


def run(args: argparse.Namespace, out: Report) -> int:
    """Measure, print the table, and put it between the marks of `--out`."""
    rows = list(measure(args.checkpoint, args.reference))
    made = table(rows)
    out.words(made)
    for row in rows:
        out.event("case", **asdict(row))
    if args.out is not None:
        from phi_desk.bench.page import put

        put(args.out, "fidelity", made)
    return 0
