"""The tower, crop by crop, equals transformers' module on all crops at once, whatever the grid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import transformers
from data_makers.tiny_checkpoint import native_config

from phi_desk.cancel import CancelToken
from phi_desk.engine.crops import crop_picture
from phi_desk.media.picture import Picture
from phi_desk.model.inputs import PictureInput
from phi_desk.model.probe import finished
from phi_desk.model.vision import VisionEncoder

IMAGE = 257


@pytest.fixture(scope="module")
def image_embed() -> Any:
    """The picture part of a random model, eager."""
    torch.manual_seed(0)
    config: Any = transformers.Phi4MultimodalConfig(**native_config())
    config.vision_config._attn_implementation = "eager"
    model: Any = transformers.Phi4MultimodalForCausalLM(config)
    model.eval()
    embed = model.model.embed_tokens_extend.image_embed
    with torch.no_grad():
        for parameter in embed.parameters():
            parameter.normal_(0, 0.2)
    return embed


def upstream(embed: Any, picture: PictureInput) -> torch.Tensor:
    ids = torch.full((1, picture.tokens), IMAGE)
    with torch.inference_mode():
        embedded = embed(
            ids,
            torch.zeros(1, picture.tokens, 48),
            image_pixel_values=torch.from_numpy(picture.crops)[None],
            image_sizes=torch.tensor([[picture.rows * 56, picture.columns * 56]]),
            image_attention_mask=torch.from_numpy(np.ascontiguousarray(picture.mask))[None].float(),
        )
    return torch.as_tensor(embedded[0])


@pytest.mark.parametrize(
    ("width", "height"),
    [(56, 56), (20, 50), (170, 50), (50, 170), (112, 40), (300, 56), (160, 100), (57, 57), (1, 90)],
)
def test_every_grid(image_embed: Any, width: int, height: int) -> None:
    rng = np.random.default_rng(width)
    pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    picture = crop_picture(Picture(pixels), crop_size=56)
    encoded = finished(VisionEncoder(image_embed).encode(picture, CancelToken()))
    assert encoded.shape == (picture.tokens, 48)
    torch.testing.assert_close(encoded, upstream(image_embed, picture), rtol=1e-4, atol=1e-4)
