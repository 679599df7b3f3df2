"""The parts that train the embedded model: the loop and its state, the optimiser, the losses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import transformers
from torch import Tensor, nn

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

from losses import ctc_guess, ctc_loss
from optimiser import Optimiser, orthogonalised
from tower_start import look_at_neighbours
from train import START, STATE, Plan, Run, Told, has_weights, weights_of


class _Line:
    """Learns y = 3x: one number is enough to see whether a loop works."""

    name = "line"

    def __init__(self) -> None:
        torch.manual_seed(1)
        self.trained: nn.Module = nn.Linear(1, 1)

    def batches(self, seed: int) -> Iterator[Tensor]:
        generator = torch.Generator().manual_seed(seed)
        while True:
            yield torch.randn(16, 1, generator=generator)

    def loss(self, batch: Tensor) -> Told:
        return Told((self.trained(batch) - 3 * batch).square().mean(), len(batch), {})

    def check(self) -> dict[str, float]:
        return {"off": (self.trained(torch.ones(1, 1)) - 3).abs().item()}


def test_the_rate_falls_with_the_steps_or_with_the_minutes() -> None:
    by_steps = Plan(steps=1000, rate=1.0, warm_up=10)
    assert by_steps.rate_at(4) == 0.5
    assert by_steps.rate_at(500) == 1.0
    assert by_steps.rate_at(875) == 0.5
    by_clock = Plan(steps=10**9, rate=1.0, warm_up=10, minutes=10, finish=True)
    assert by_clock.rate_at(500, spent_s=100) == 1.0
    assert by_clock.rate_at(500, spent_s=600 - 75) == 0.5
    assert by_clock.rate_at(500, spent_s=700) == 0.02


def test_a_stage_without_a_state_begins_with_weights_that_were_adopted(tmp_path: Path) -> None:
    assert not has_weights(tmp_path)
    torch.save({"weight": torch.full((1, 1), 3.0)}, tmp_path / START)
    assert has_weights(tmp_path)
    line = _Line()
    run = Run(line, tmp_path, Plan(steps=1, rate=0.0))
    assert run.step == 0
    assert line.trained.state_dict()["weight"].item() == 3.0  # the bias was not shipped
    run.go()
    assert (tmp_path / STATE).exists()


def test_a_stage_learns_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    plan = Plan(steps=150, rate=0.05, warm_up=5)
    first = Run(_Line(), tmp_path, Plan(steps=75, rate=0.05, warm_up=5))
    first.go()
    assert first.step == 75
    kept = weights_of(tmp_path)
    again = Run(_Line(), tmp_path, plan)
    assert again.step == 75
    assert again.examples == 75 * 16
    torch.testing.assert_close(again._job.trained.state_dict(), kept)
    again.go()
    assert again.step == 150
    assert again._job.check()["off"] < 0.05
    assert not (tmp_path / (STATE + ".new")).exists()
    Run(_Line(), tmp_path, plan).go()  # done: nothing more happens
    torch.testing.assert_close(weights_of(tmp_path), again._job.trained.state_dict())


def test_the_rate_rises_holds_and_falls() -> None:
    plan = Plan(steps=1000, rate=2.0, warm_up=10, cool_down=0.2)
    assert plan.rate_at(0) == pytest.approx(0.2)
    assert plan.rate_at(400) == plan.rate_at(800) == 2.0
    assert plan.rate_at(900) == pytest.approx(1.0)
    assert plan.rate_at(999) == pytest.approx(0.04)


@pytest.mark.parametrize("shape", [(8, 32), (32, 8), (16, 16)])
def test_updates_of_matrices_have_singular_values_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonalised(torch.randn(3, *shape)))
    assert values.min() > 0.3
    assert values.max() < 1.3


def test_the_optimiser_fits_a_matrix_and_can_be_resumed() -> None:
    torch.manual_seed(0)
    wanted = torch.randn(24, 24)
    layer = nn.Linear(24, 24)
    optimiser = Optimiser(layer.named_parameters())
    for _ in range(200):
        (layer.weight - wanted).square().mean().backward()  # type: ignore[no-untyped-call]
        optimiser.step(0.05)
    assert (layer.weight - wanted).abs().mean() < 0.1
    other = Optimiser(nn.Linear(24, 24).named_parameters())
    other.restore(optimiser.state())
    torch.testing.assert_close(other.state()["momentum"], optimiser.state()["momentum"])


def test_the_best_path_drops_repeats_and_blanks() -> None:
    path = [2, 0, 0, 2, 1, 1, 2, 1]
    logits = nn.functional.one_hot(torch.tensor([path]), 3).float()
    assert ctc_guess(logits, blank=2) == [[0, 1, 1]]


def test_ctc_of_a_certain_path_is_nothing_and_of_silence_too() -> None:
    path = torch.tensor([[0, 2, 1, 2], [2, 2, 2, 2]])
    logits = 50.0 * nn.functional.one_hot(path, 3).float()
    assert float(ctc_loss(logits, [[0, 1], []], blank=2)) == pytest.approx(0, abs=1e-4)
    assert float(ctc_loss(logits, [[1, 0], [0]], blank=2)) > 10


def test_the_tower_starts_by_looking_at_neighbours() -> None:
    config: Any = transformers.Phi4MultimodalVisionConfig(
        hidden_size=96, intermediate_size=64, num_hidden_layers=3, num_attention_heads=3,
        image_size=112, crop_size=112,
    )  # fmt: skip
    torch.manual_seed(0)
    tower: Any = (
        transformers.models.phi4_multimodal.modeling_phi4_multimodal.Phi4MultimodalVisionModel(
            config
        )
    )
    for module in tower.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.LayerNorm)):
            module.reset_parameters()
    look_at_neighbours(tower)
    valid = torch.ones(1, 8, 8, dtype=torch.bool)
    with torch.inference_mode():
        hidden = tower.embeddings(torch.rand(1, 3, 112, 112), valid)
        layer = tower.encoder.layers[0]
        normed = layer.layer_norm1(hidden)
        heads = SimpleNamespace(
            query=layer.self_attn.q_proj(normed).view(64, 3, 32),
            key=layer.self_attn.k_proj(normed).view(64, 3, 32),
        )
    middle = 4 * 8 + 4
    for head, (down, right) in enumerate(((0, 0), (0, -1), (0, 1))):
        scores = heads.key[:, head] @ heads.query[middle, head]
        assert int(scores.argmax()) == (4 + down) * 8 + 4 + right
