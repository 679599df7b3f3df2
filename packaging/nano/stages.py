"""The order of things: which stage needs which, and how each is trained.

Every stage is a folder under the work folder that holds its state and its log.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import heap
import torch
from data import Writer
from half import has_bf16
from network import Nano, Sizes, native_config
from torch import Tensor, nn
from train import START, STATE, Job, Plan, Run, has_weights, weights_of

from phi_desk.engine.tokens import Tokens

if TYPE_CHECKING:
    from job_vision import Tower

SIZES = Sizes(
    hidden=192, inner=512, layers=6, heads=6, kv_heads=3, rank=48,
    speech_hidden=176, speech_inner=384, speech_blocks=6, speech_heads=4,
    vision_hidden=160, vision_inner=432, vision_layers=7, vision_heads=5,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: how its job is made, and the plan it is trained by."""

    make: Callable[[Nano, Writer, Path], Job]
    plan: Plan


def _text(model: Nano, writer: Writer, _: Path) -> Job:
    from job_text import TextJob

    return TextJob(model, writer)


def _ctc(model: Nano, writer: Writer, work: Path) -> Job:
    from job_speech import CtcJob
    from sound_batches import set_scale

    job = CtcJob(model, writer, work)
    if not (stage_folder(work, "ctc") / STATE).exists():
        set_scale(model.conformer, work)
    return job


def _speech(model: Nano, writer: Writer, work: Path) -> Job:
    from job_speech import SpeechJob

    _fix_decoder(model, work)
    job = SpeechJob(model, writer, work)
    _put_unless_begun(job.trained, work, "ctc", "speech")
    return job


def _patches(model: Nano, writer: Writer, work: Path) -> Job:
    from job_patches import PatchJob

    return PatchJob(model, writer, work)


def _layout(model: Nano, writer: Writer, work: Path) -> Job:
    from job_layout import LayoutJob

    _fix_decoder(model, work)
    job = LayoutJob(model, writer, work)
    if not has_weights(stage_folder(work, "layout")):
        job.begin_with_letters()
    return job


def _vision(model: Nano, writer: Writer, work: Path) -> Job:
    from job_vision import VisionJob

    _fix_decoder(model, work)
    job = VisionJob(model, writer, work)
    if not has_weights(stage_folder(work, "vision")):
        _begin_to_see(model, job.trained, work)
    return job


def _begin_to_see(model: Nano, trained: nn.Module, work: Path) -> None:
    """Join the tower of "patches" with what "layout" taught the decoder."""
    from aligning import align
    from job_layout import Codes

    learned = weights_of(stage_folder(work, "layout"))
    codes = Codes(int(model.config["vision_config"]["hidden_size"]))
    codes.load_state_dict({name: learned.pop(f"codes.{name}") for name in codes.state_dict()})
    known = learned | weights_of(stage_folder(work, "patches"))
    trained.load_state_dict(known, strict=False)
    align(model, codes, work)


def _asked(model: Nano, writer: Writer, work: Path) -> Job:
    from job_asked import AskedJob

    _fix_decoder(model, work)
    fill(model, work, ("speech", "vision"))
    job = AskedJob(model, writer, work)
    _put_unless_begun(job.trained, work, "vision", "asked")
    return job


STAGES = {
    "text": Stage(make=_text, plan=Plan(steps=6000, rate=4e-3)),
    "ctc": Stage(make=_ctc, plan=Plan(steps=6000, rate=2.5e-3)),
    "speech": Stage(make=_speech, plan=Plan(steps=4000, rate=1.5e-3)),
    "patches": Stage(make=_patches, plan=Plan(steps=4000, rate=3e-3)),
    "layout": Stage(make=_layout, plan=Plan(steps=6000, rate=2e-3)),
    "vision": Stage(make=_vision, plan=Plan(steps=4000, rate=2e-3)),
    "asked": Stage(make=_asked, plan=Plan(steps=1500, rate=1e-3)),
}


def run(
    name: str,
    work: Path,
    *,
    threads: int,
    minutes: float,
    steps: int,
    rate: float,
    device: str,
    finish: bool = False,
    cool_down: float = 0.0,
    seed: int = 0,
    tower: Tower | None = None,
) -> None:
    """Go on with a stage; `steps`, `minutes`, `rate`, `cool_down`, `seed` of 0 are as planned.

    With `finish` the rate falls towards the end of `minutes`: for a stage that has to be done then.
    `tower` says whether it learns along in `vision` and `asked`; None leaves that to them.
    """
    settle(threads)
    writer = open_writer(work)
    model = open_model(writer, seed=11, device=device)
    model.fuse = device == "cpu"
    stage = STAGES[name]
    plan = replace(
        stage.plan,
        minutes=minutes,
        finish=finish,
        steps=steps or stage.plan.steps,
        rate=rate or stage.plan.rate,
        cool_down=cool_down or stage.plan.cool_down,
        seed=seed or stage.plan.seed,
        bf16=has_bf16(device),
    )
    job = stage.make(model, writer, work)
    if tower is not None:
        from job_vision import VisionJob

        if isinstance(job, VisionJob):
            job.tower = tower
    Run(job, stage_folder(work, name), plan).go()


def settle(threads: int) -> None:
    """Threads, and the fast products.

    "medium" sends float32 products to oneDNN, which on the CPUs tried (AMD Zen 5) took 0.4 of MKL's
    time and was as exact (relative error 3e-7).
    """
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("medium")
    heap.keep()


def open_writer(work: Path) -> Writer:
    """The vocabulary of the work folder, made where there is none."""
    if not (work / "tokenizer.json").exists():
        import tokenizer

        tokenizer.build(work)
    return Writer(Tokens.load(work))


def open_model(writer: Writer, seed: int, device: str = "cpu") -> Nano:
    """A fresh model for the vocabulary."""
    names = ("endoftext", "end", "image", "audio")
    ids = {name: writer.tokens.control(name) for name in names}
    highest = max(writer.tokens.control(n) for n in (*names, "tool_response", "tag"))
    return Nano(
        native_config(SIZES, highest + 1 + -(highest + 1) % 16, ids), SIZES.rank, seed, device
    )


def _fix_decoder(model: Nano, work: Path) -> None:
    """Load the decoder and let nothing change it."""
    model.decoder().load_state_dict(weights_of(stage_folder(work, "text")))
    model.decoder().requires_grad_(requires_grad=False)


def _put_unless_begun(trained: nn.Module, work: Path, earlier: str, name: str) -> None:
    """Load what an `earlier` stage knows of the modules that this one trains.

    Not where this one has run already: it goes on with its own. Where it begins with an adopted
    model, what the earlier stage has learned since then takes the place of what was adopted.
    """
    own, folder = stage_folder(work, name), stage_folder(work, earlier)
    if (own / STATE).exists():
        return
    known = weights_of(folder)
    if (own / START).exists():
        torch.save(weights_of(own) | known, own / START)
    missing = trained.load_state_dict(known, strict=False)
    if missing.unexpected_keys:
        raise ValueError(f"{folder.name} holds what is unknown: {missing.unexpected_keys[:3]}")


def fill(model: Nano, work: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Load what the stages `names` have come to; returns those that have run."""
    parts = parts_of(model)
    done = []
    for name in names:
        if not has_weights(stage_folder(work, name)):
            continue
        weights = weights_of(stage_folder(work, name))
        for prefix, module in parts[name].items():
            inner = {
                k.removeprefix(f"{prefix}."): v
                for k, v in weights.items()
                if k.startswith(f"{prefix}.")
            }
            module.load_state_dict(inner if prefix else weights)
        done.append(name)
    return tuple(done)


def parts_of(model: Nano) -> dict[str, dict[str, nn.Module]]:
    """Which modules each stage leaves behind, by the name it saves them under."""
    audio, image = model.audio, model.image
    heard = {"conformer": model.conformer}
    seen: dict[str, nn.Module] = {
        "tower": model.tower, "up": image.img_projection_up, "down": image.img_projection_down,
        "separators": model.separators, "adapter": model.adapter("vision"),
    }  # fmt: skip
    return {
        "text": {"": model.decoder()},
        "ctc": dict(heard),
        "speech": heard
        | {
            "up": audio.up_proj_for_speech,
            "down": audio.down_proj_for_speech,
            "adapter": model.adapter("speech"),
        },
        "patches": {"tower": model.tower},
        "layout": {},
        "vision": seen,
        "asked": seen
        | {
            "sound_up": audio.up_proj_for_vision_speech,
            "sound_down": audio.down_proj_for_vision_speech,
        },
    }


def named_weights(parts: Mapping[str, nn.Module]) -> dict[str, Tensor]:
    """The weights of some of a stage's parts by the names that its state gives them."""
    return {
        f"{prefix}.{key}" if prefix else key: value
        for prefix, module in parts.items()
        for key, value in module.state_dict().items()
    }


def stage_folder(work: Path, name: str) -> Path:
    """Where a stage keeps its state and its log."""
    return work / "stages" / name
