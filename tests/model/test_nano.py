"""What is trained is what the app runs: packaging/nano's forward against the app's, layer by layer.

A small model with random weights and random adapters is written as a checkpoint and opened by the
app; the same prompt goes through both.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import fused
from adopt import load
from data import Writer, collate
from data_makers.small_nano import SIZES, small_nano, small_writer
from data_makers.tiny_checkpoint import tokenizer
from export import write_checkpoint
from job_vision import VisionJob
from looked import Remembered
from losses import answer_states
from network import Nano
from picture_levels import MAX_CROPS
from pictures import PictureExample
from pointing import Hints, begins, pointed
from sound_batches import GRAIN

from phi_desk.engine.crops import crop_picture
from phi_desk.engine.features import clip_input
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Text
from phi_desk.errors import InputError
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound
from phi_desk.model.probe import probe

RNG = np.random.default_rng(5)
WIDE = Picture(RNG.integers(0, 255, (50, 90, 3), np.uint8))  # two crops, the second with padding
TALL = Picture(RNG.integers(0, 255, (50, 20, 3), np.uint8))  # one crop, half of it padding
SQUARE = Picture(RNG.integers(0, 255, (40, 40, 3), np.uint8))
ALL = (SQUARE, WIDE, TALL)
TONE = Sound((np.sin(np.arange(9000) * 0.2) * 0.3 + RNG.normal(0, 0.05, 9000)).astype(np.float32))
QUESTION = "What is this?"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Nano, Writer, LocalEngine]:
    folder = tmp_path_factory.mktemp("nano")
    tokenizer().save(str(folder / "first.json"))
    writer, model = small_writer(), small_nano(loud=True).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(torch.bfloat16).float())  # as it will be stored
    (folder / "model").mkdir()
    write_checkpoint(model, folder / "first.json", folder / "model")
    return model, writer, LocalEngine.open(folder / "model", precision="fp32", device="cpu")


def test_a_shipped_model_is_read_back_as_it_was(made: Any, tmp_path: Path) -> None:
    """More training can begin with it."""
    model = made[0]
    (tmp_path / "model").mkdir()
    tokenizer().save(str(tmp_path / "first.json"))
    write_checkpoint(model, tmp_path / "first.json", tmp_path / "model")
    other = Nano(model.config, SIZES.rank, seed=4)
    load(other, tmp_path / "model")
    unused = ("encoder.layers.2.", "post_layernorm", ".head.")  # parts that reach no output
    for name, value in model.state_dict().items():
        if value.is_floating_point() and not any(part in name for part in unused):
            torch.testing.assert_close(other.state_dict()[name], value, msg=name)


def test_a_model_of_other_sizes_is_not_taken_over(made: Any, tmp_path: Path) -> None:
    tokenizer().save(str(tmp_path / "first.json"))
    (tmp_path / "model").mkdir()
    write_checkpoint(made[0], tmp_path / "first.json", tmp_path / "model")
    wider = Nano(made[0].config, SIZES.rank + 4, seed=4)
    with pytest.raises(InputError, match="not one of this recipe's sizes"):
        load(wider, tmp_path / "model")


def _trained(made: Any, media: torch.Tensor, adapter: Any, pictures: int, clips: int) -> Any:
    model, writer, _ = made
    model.choose(adapter)
    batch = collate([writer.media(QUESTION, pictures, clips, "ab")])
    with torch.inference_mode():
        states, _ = answer_states(model, batch, media)
        return model.logits(states)[0].numpy()


def _run(made: Any, *parts: Any, adapter: str, projection: Any) -> Any:
    engine = made[2]
    request = ChatRequest(messages=(Message("user", (*parts, Text(QUESTION))),))
    prompt = engine.prompt(request, engine_cancel())
    return probe(engine.runtime, prompt, adapter, projection, positions=1, tokens=1).logits[0]


def engine_cancel() -> Any:
    from phi_desk.cancel import CancelToken

    return CancelToken()


@pytest.mark.parametrize("picture", [SQUARE, WIDE], ids=["one crop", "two crops"])
def test_pictures_are_read_alike(made: Any, picture: Picture) -> None:
    model = made[0]
    with torch.inference_mode():
        media = _seen(model, picture)
    ours = _trained(made, media, "vision", len(media), 0)
    theirs = _run(made, Image(picture), adapter="vision", projection="vision")
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4)


def test_a_batch_of_pictures_is_seen_as_each_alone(made: Any, tmp_path: Path) -> None:
    """Training leaves out thumbnails that equal their crop, and pads nothing."""
    model, writer, _ = made
    job = VisionJob(model, writer, tmp_path)
    batch = [PictureExample(picture, "read", QUESTION, "ab", None, None) for picture in ALL]
    with torch.inference_mode():
        looked = job._look(batch, recolour=False)
        for picture, ours in zip(ALL, looked.pictures, strict=True):
            torch.testing.assert_close(ours, _seen(model, picture), rtol=1e-4, atol=1e-5)


def test_remembered_pictures_stand_in_the_prompt_as_if_looked_at_now(
    made: Any, tmp_path: Path
) -> None:
    model, writer, _ = made
    job = VisionJob(model, writer, tmp_path)
    batch = [PictureExample(picture, "read", QUESTION, "ab", None, None) for picture in ALL]
    with torch.inference_mode():
        now = job._look(batch, recolour=False).pictures
        pooled = job.pooled_now(batch)
        known = [Remembered(SQUARE, "read", QUESTION, "ab", None, None, one) for one in pooled]
        later = job._look(known, recolour=True)
    assert later.named is None
    for one, other, seen in zip(now, later.pictures, pooled, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
        assert len(one) == seen.tokens


@pytest.mark.parametrize("fuse", [False, True])
def test_questions_asked_together_are_answered_as_each_alone(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fuse: bool
) -> None:
    """To the last position; and attention is told of the same places."""
    monkeypatch.setattr(fused, "_HALF", torch.float32)
    monkeypatch.setattr(fused, "compiled", lambda function: function)
    model, writer, _ = made
    job = VisionJob(model, writer, tmp_path)
    ways = [("ab", "abc"), ("ca", "b"), ("abcabc", "cab")]
    asked = [PictureExample(SQUARE, "question", q, a, None, None) for q, a in ways]
    model.choose("vision")
    monkeypatch.setattr(model, "fuse", fuse)
    with torch.no_grad():
        (picture,) = job._look(asked[:1], recolour=False).pictures
        alone = [job._prompts([[one]], [picture]) for one in asked]
        together, media = job._prompts([asked, asked[1:]], [picture, picture])
        states, said = answer_states(model, together.even(), media)
        each = [answer_states(model, batch.even(), seen) for batch, seen in alone]
    wanted, tokens = (torch.cat(parts) for parts in zip(*each, *each[1:], strict=True))
    assert said.tolist() == tokens.tolist()
    torch.testing.assert_close(states, wanted, rtol=1e-3, atol=1e-4)
    first, starts = begins(together, 0)
    assert (first, len(starts)) == (1, 3)
    hints = Hints(torch.zeros(3, dtype=torch.long), torch.tensor(starts), torch.empty(0))
    keys = together.media[:1].expand(3, -1)
    with torch.no_grad():
        inputs: list[torch.Tensor] = []
        answer_states(model, together, media, inputs)
        shares = pointed(model, 1, inputs[1], replace(hints, keys=keys, order=together.order))
        for line, (batch, seen) in enumerate(alone):
            own: list[torch.Tensor] = []
            answer_states(model, batch, seen, own)
            (start,) = begins(batch, 0)[1]
            hint = Hints(torch.tensor([0]), torch.tensor([start]), batch.media[:1])
            share = pointed(model, 1, own[1], hint)
            torch.testing.assert_close(shares[line], share[0], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("tower", ["still", "moves"])
def test_the_tower_learns_along_where_that_is_asked(made: Any, tmp_path: Path, tower: Any) -> None:
    model, writer, _ = made
    job = VisionJob(model, writer, tmp_path)
    job.tower = tower
    asked = PictureExample(SQUARE, "read", QUESTION, "ab", None, None)
    (positions,) = job._look([asked], recolour=False).pictures
    model.zero_grad()
    positions.sum().backward()  # type: ignore[no-untyped-call]
    moved = any(p.grad is not None and p.grad.any() for p in model.tower.parameters())
    model.zero_grad()
    assert moved == (tower == "moves")


def test_sounds_are_heard_alike(made: Any) -> None:
    model = made[0]
    with torch.inference_mode():
        media = model.project_sound(_heard(model), "speech")[0]
    ours = _trained(made, media, "speech", 0, len(media))
    theirs = _run(made, Audio(TONE), adapter="speech", projection="speech")
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4)


def test_spoken_questions_about_pictures_are_understood_alike(made: Any) -> None:
    model = made[0]
    with torch.inference_mode():
        picture, sound = _seen(model, WIDE), model.project_sound(_heard(model), "vision")[0]
    ours = _trained(made, torch.cat([picture, sound]), "vision", len(picture), len(sound))
    theirs = _run(made, Image(WIDE), Audio(TONE), adapter="vision", projection="vision")
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4)


def test_the_app_cuts_pictures_into_no_more_crops_than_were_trained(made: Any) -> None:
    large = Picture(np.zeros((300, 400, 3), np.uint8))  # 6 x 8 crops of 56 pixels
    request = ChatRequest(messages=(Message("user", (Image(large),)),))
    (seen,) = made[2].prompt(request, engine_cancel()).pictures
    assert seen.rows * seen.columns <= MAX_CROPS
    whole = crop_picture(large, crop_size=SIZES.crop)
    assert whole.rows * whole.columns > MAX_CROPS


def test_an_adapter_changes_the_answer(made: Any) -> None:
    with torch.inference_mode():
        media = made[0].project_sound(_heard(made[0]), "speech")[0]
    with_adapter = _trained(made, media, "speech", 0, len(media))
    without = _trained(made, media, None, 0, len(media))
    assert np.abs(with_adapter - without).max() > 0.1


def _seen(model: Nano, picture: Picture) -> torch.Tensor:
    seen = crop_picture(picture, crop_size=SIZES.crop)
    patches = model.look(torch.from_numpy(seen.crops), torch.from_numpy(seen.mask))
    tiles = torch.from_numpy(seen.mask)
    arranged = model.arrange(model.pool(patches), tiles, seen.rows, seen.columns)
    assert len(arranged) == seen.tokens
    return model.project_picture(arranged)


def _heard(model: Nano) -> torch.Tensor:
    """As in training, with silence behind it."""
    frames = clip_input(TONE, trailing_frames=GRAIN).blocks[0]
    return model.hear(torch.from_numpy(frames)[None])
