"""Our engine beside recorded outputs of the published code, to the last digits of fp32.

R = max |d logit| / max |logit|. A port that computes the same reaches 0 to 2e-6, depending on the
order in which a processor adds; the bounds leave room for that and for nothing else.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from phi_desk.bench.fidelity import OTHERWISE, Row, measure
from phi_desk.bench.reference import read_cases
from phi_desk.model.convert import convert

SAME = 5e-6
OWN_PICTURE = 1.1e-3  # a resize on bytes instead of Pillow's would reach this; ours is exact
OWN_SOUND = 1e-4


@pytest.fixture(scope="module")
def converted(oracle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference checkpoint in the native layout, by our own conversion."""
    out: Path = tmp_path_factory.mktemp("converted") / "native"
    convert(oracle / "checkpoint", out, progress=None, cancel=None)
    return out


def check(rows: list[Row], oracle: Path) -> None:
    assert {row.case for row in rows} == {case.name for case in read_cases(oracle)}
    for row in rows:
        if row.case != "speech_two_in_one_prompt":
            assert row.stored < SAME, row
            assert row.features is None or row.features < 1e-5, row
        assert row.greedy, row
        if row.own is not None and row.case not in OTHERWISE:
            assert row.own < (OWN_SOUND if "speech" in row.case else OWN_PICTURE), row
            assert row.own_greedy, row


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_published_layout_equals_the_published_code(oracle: Path, attention: str) -> None:
    check(list(measure(oracle / "checkpoint", oracle, [attention])), oracle)


def test_converted_layout_equals_the_published_code(oracle: Path, converted: Path) -> None:
    check(list(measure(converted, oracle, ["sdpa"])), oracle)


def test_two_clips_differ_only_by_being_encoded_alone(oracle: Path) -> None:
    """Padded together and masked, as published, they are the same: the choice is all there is."""
    import torch

    from phi_desk.engine.local import LocalEngine

    (case,) = [c for c in read_cases(oracle) if c.name == "speech_two_in_one_prompt"]
    engine = LocalEngine.open(oracle / "checkpoint", device="cpu", precision="fp32")
    embed = engine.runtime.model.model.embed_tokens_extend.audio_embed
    frames = torch.from_numpy(case.tensors["input_audio_embeds"])
    mask = torch.from_numpy(case.tensors["audio_attention_mask"]).bool()
    with torch.inference_mode():
        hidden = embed.encoder(frames, mask)
        projected = embed.down_proj_for_speech(
            torch.nn.functional.gelu(embed.up_proj_for_speech(hidden))
        )
    sizes = [int(n) for n in case.tensors["audio_embed_sizes"]]
    together = torch.cat([projected[i, :n] for i, n in enumerate(sizes)])
    recorded = torch.from_numpy(case.tensors["audio_features"]).reshape(together.shape)
    assert float((together - recorded).abs().max()) < 1e-5
