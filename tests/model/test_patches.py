"""Each fault of transformers, shown on the untouched class, and mended.

When a test named `..._upstream` fails, the fault is gone: remove the patch, or its version.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
import transformers
from data_makers.tiny_checkpoint import BORDER, native_config
from torch import Tensor

from phi_desk.model.patches import PATCHES, apply_patches

IMAGE, AUDIO = 257, 258


def model(attention: str = "eager", *, patched: bool) -> Any:
    """A random model; the same weights at every call."""
    torch.manual_seed(0)
    config: Any = transformers.Phi4MultimodalConfig(**native_config())
    for part in (config, config.vision_config, config.audio_config):
        part._attn_implementation = attention
    made: Any = transformers.Phi4MultimodalForCausalLM(config)
    made.eval()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if "norm" not in name:
                spread = parameter[0].numel() ** -0.5 if parameter.dim() > 1 else 0.1
                parameter.normal_(0, 1.5 * spread)
    made.generation_config.eos_token_id = None
    if patched:
        assert len(apply_patches(made)) == len(PATCHES)
    return made


def test_patches_name_the_installed_version() -> None:
    for patch in PATCHES:
        assert patch.applies, f"look whether {patch.name} is still needed"
        assert patch.reason.endswith(".")


# Vision under SDPA


def picture_features(attention: str, *, patched: bool) -> Tensor:
    embed = model(attention, patched=patched).model.embed_tokens_extend.image_embed
    torch.manual_seed(1)
    pixels = torch.randn(2, 3, 56, 56)
    with torch.inference_mode():
        features: Tensor = embed.get_img_features(pixels, torch.ones(2, 4, 4, dtype=torch.bool))
    return features


def test_vision_is_causal_under_sdpa_upstream() -> None:
    eager = picture_features("eager", patched=False)
    sdpa = picture_features("sdpa", patched=False)
    assert (eager - sdpa).abs().max() > 0.05


def test_vision_is_bidirectional_under_sdpa() -> None:
    eager = picture_features("eager", patched=False)
    sdpa = picture_features("sdpa", patched=True)
    torch.testing.assert_close(sdpa, eager, rtol=0, atol=1e-5)


# Padding of clips


def encode(frames: Tensor, mask: Tensor | None, *, patched: bool) -> Tensor:
    encoder = model(patched=patched).model.embed_tokens_extend.audio_embed.encoder
    with torch.inference_mode():
        encoded: Tensor = encoder(frames, mask)
    return encoded


def padded_clips(*lengths: int) -> tuple[Tensor, Tensor]:
    """Clips whose lengths are whole tokens, with unlike noise in the padding."""
    torch.manual_seed(2)
    longest = max(lengths)
    frames = torch.randn(len(lengths), longest, 80) * 3
    mask = torch.arange(longest)[None] < torch.tensor(lengths)[:, None]
    return frames, mask


def change_from_padding(*, patched: bool) -> float:
    """How much a clip's inner tokens change when only its padding does."""
    frames, mask = padded_clips(160, 80)
    other = frames.clone()
    other[1, 96:] = 30.0  # past the last frame that the convolutions of token 9 can see
    first = encode(frames, mask, patched=patched)[1, :10]
    second = encode(other, mask, patched=patched)[1, :10]
    return float((first - second).abs().max())


def test_padding_is_attended_upstream() -> None:
    assert change_from_padding(patched=False) > 1e-3


def test_padding_is_shut_out() -> None:
    assert change_from_padding(patched=True) < 1e-5


def test_one_clip_is_encoded_as_before() -> None:
    frames, _ = padded_clips(160)
    before, after = (encode(frames, None, patched=p) for p in (False, True))
    torch.testing.assert_close(after, before, rtol=0, atol=1e-5)


# Several clips, one beyond 40 s


def test_long_clip_beside_a_short_one_crashes_upstream() -> None:
    frames, mask = padded_clips(4400, 800)
    upstream = transformers.models.phi4_multimodal.modeling_phi4_multimodal
    original = transformers.models.phi4_multimodal.modeling_phi4_multimodal.unfold_tensor
    try:
        upstream.unfold_tensor = UNTOUCHED_UNFOLD
        with pytest.raises(RuntimeError, match="view size is not compatible"):
            encode(frames, mask, patched=False)
    finally:
        upstream.unfold_tensor = original


def test_long_clip_beside_a_short_one_is_encoded() -> None:
    frames, mask = padded_clips(4400, 800)
    both = encode(frames, mask, patched=True)
    assert both.shape == (2, 550, 32)
    assert bool(both.isfinite().all())


# The border between short and long factors


def answer(made: Any, count: int, **media: Any) -> list[int]:
    """Greedy tokens after a prompt that ends before the border."""
    torch.manual_seed(3)
    ids = torch.randint(0, 256, (1, BORDER - 6))
    if "image_pixel_values" in media:
        ids[0, 2:29] = IMAGE
    with torch.inference_mode():
        made_ids = made.generate(ids, max_new_tokens=count, do_sample=False, **media)
    found: list[int] = made_ids[0, ids.shape[1] :].tolist()
    full = made_ids[:, : ids.shape[1]]
    again = []
    for step in range(count):
        with torch.inference_mode():
            whole = torch.cat([full, made_ids[:, ids.shape[1] : ids.shape[1] + step]], dim=1)
            again.append(int(made(whole, use_cache=False, **media).logits[0, -1].argmax()))
    return [ours == theirs for ours, theirs in zip(found, again, strict=True)]


def one_picture() -> dict[str, Tensor]:
    torch.manual_seed(4)
    return {
        "image_pixel_values": torch.randn(1, 5, 3, 56, 56),
        "image_sizes": torch.tensor([[112, 112]]),
        "image_attention_mask": torch.ones(1, 5, 4, 4),
    }


def test_border_breaks_generation_upstream() -> None:
    right = answer(model(patched=False), 16)
    assert all(right[:6])
    assert not all(right[7:])


@pytest.mark.parametrize("with_picture", [False, True])
def test_border_is_crossed(with_picture: bool) -> None:
    media = one_picture() if with_picture else {}
    assert all(answer(model(patched=True), 16, **media))


UNTOUCHED_UNFOLD = transformers.models.phi4_multimodal.modeling_phi4_multimodal.unfold_tensor
