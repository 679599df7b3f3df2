"""Two ends of one training become their mean, in what hears and in nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import mean
from data_makers.small_nano import small_nano, small_writer
from data_makers.tiny_checkpoint import tokenizer
from export import write_checkpoint
from stages import named_weights, parts_of, stage_folder
from train import weights_of, write_state

from phi_desk.errors import InputError


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shipped model all of whose numbers are 1."""
    monkeypatch.setattr(mean, "open_writer", lambda _: small_writer())
    monkeypatch.setattr(mean, "open_model", lambda *_, **__: small_nano())
    model = small_nano()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    tokenizer().save(str(tmp_path / "first.json"))
    (tmp_path / "shipped").mkdir()
    write_checkpoint(model, tmp_path / "first.json", tmp_path / "shipped")
    return tmp_path / "shipped"


def test_what_hears_goes_half_way_and_the_rest_stays(shipped: Path, tmp_path: Path) -> None:
    model = small_nano(loud=True)
    for stage in ("speech", "asked"):
        weights = named_weights(parts_of(model)[stage]) | {"ctc.weight": torch.zeros(2)}
        stage_folder(tmp_path, stage).mkdir(parents=True)
        write_state(stage_folder(tmp_path, stage), {"weights": weights, "step": 7})
    mean.mean(shipped, tmp_path)
    for stage, parts in mean.PARTS.items():
        after = weights_of(stage_folder(tmp_path, stage))
        assert not after.pop("ctc.weight").any()
        modules = parts_of(model)[stage]
        hears = {f"{part}.{name}" for part in parts for name, _ in modules[part].named_parameters()}
        for name, before in named_weights(modules).items():
            wanted = (before + 1) / 2 if name in hears else before
            if before.is_floating_point() and "global_" not in name:
                torch.testing.assert_close(after[name], wanted, msg=name)
    assert torch.load(stage_folder(tmp_path, "asked") / "state.pt")["step"] == 7


def test_stages_that_have_not_run_are_named(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="speech has not run"):
        mean.mean(shipped, tmp_path)


@pytest.mark.parametrize("earlier", [{"b": torch.ones(2)}, {"a": torch.ones(3)}])
def test_what_does_not_fit_changes_nothing(earlier: dict[str, torch.Tensor]) -> None:
    weights = {"a": torch.zeros(2)}
    with pytest.raises(InputError, match="not a part"):
        mean.move_half_way(weights, {"a": torch.ones(2)} | earlier)
    assert not weights["a"].any()
