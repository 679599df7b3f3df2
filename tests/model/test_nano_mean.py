"""Two ends of one training become their mean, but for what reads another tower."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import mean
from data_makers.small_nano import ship_ones, small_nano, small_writer
from network import Nano
from stages import named_weights, parts_of, stage_folder
from train import weights_of, write_state

from phi_desk.errors import InputError


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped model all of whose numbers are 1."""
    monkeypatch.setattr(mean, "open_writer", lambda _: small_writer())
    monkeypatch.setattr(mean, "open_model", lambda *_, **__: small_nano())
    ship_ones(tmp_path / "shipped")
    return tmp_path / "shipped"


def put(model: Nano, work: Path, stage: str) -> None:
    """Let a stage of `work` have run, and have come to the model's weights."""
    weights = named_weights(parts_of(model)[stage]) | {"ctc.weight": torch.zeros(2)}
    stage_folder(work, stage).mkdir(parents=True)
    write_state(stage_folder(work, stage), {"weights": weights, "step": 7})


def check(model: Nano, work: Path, stage: str, parts: tuple[str, ...], share: float) -> None:
    """Those parts went so far towards 1 and all others stayed."""
    after = weights_of(stage_folder(work, stage))
    assert not after.pop("ctc.weight").any()
    modules = parts_of(model)[stage]
    moved = {f"{part}.{name}" for part in parts for name, _ in modules[part].named_parameters()}
    for name, before in named_weights(modules).items():
        wanted = torch.lerp(before, torch.ones_like(before), share) if name in moved else before
        if before.is_floating_point() and "global_" not in name:
            torch.testing.assert_close(after[name], wanted, msg=name)
    assert torch.load(stage_folder(work, stage) / "state.pt")["step"] == 7


def test_behind_another_tower_only_what_hears_goes_half_way(shipped: Path, tmp_path: Path) -> None:
    model = small_nano(loud=True)
    for stage in mean.HEARS:
        put(model, tmp_path, stage)
    mean.mean(shipped, tmp_path)
    for stage, parts in mean.HEARS.items():
        check(model, tmp_path, stage, parts, 0.5)


def test_behind_the_same_tower_what_sees_goes_too_as_far_as_wished(
    shipped: Path, tmp_path: Path
) -> None:
    model = small_nano(loud=True)
    with torch.no_grad():
        for parameter in model.tower.parameters():
            parameter.fill_(1.0 + 2**-10)  # what bf16 rounds to 1
    put(model, tmp_path, "asked")
    mean.mean(shipped, tmp_path, share=0.35)
    check(model, tmp_path, "asked", (*mean.HEARS["asked"], *mean.SEES), 0.35)
    assert not stage_folder(tmp_path, "speech").exists(), "a stage that has not run stays so"


def test_stages_that_have_not_run_are_named(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="None of the stages speech, vision, asked has run"):
        mean.mean(shipped, tmp_path)


@pytest.mark.parametrize("earlier", [{"b": torch.ones(2)}, {"a": torch.ones(3)}])
def test_what_does_not_fit_changes_nothing(earlier: dict[str, torch.Tensor]) -> None:
    weights = {"a": torch.zeros(2)}
    with pytest.raises(InputError, match="not a part"):
        mean.move_towards(weights, {"a": torch.ones(2)} | earlier, 0.5)
    assert not weights["a"].any()
