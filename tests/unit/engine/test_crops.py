"""The crops themselves: bit for bit the recorded ones, and something sane for odd shapes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import load_file

from phi_desk.engine.crops import crop_picture, picture_key
from phi_desk.media.picture import Picture

CASES = [
    "vision_200x150",
    "vision_448x448",
    "vision_1000x690_odd",
    "vision_3000x500",
    "vision_rgba",
    "vision_two_images",
    "vision_speech",
]


def recorded(oracle: Path, name: str) -> dict[str, Any]:
    """What the reference says about one of its cases."""
    case: dict[str, Any] = json.loads((oracle / "cases/cases.json").read_text())[name]
    return case


def picture_without_alpha(path: Path) -> Picture:
    """The picture as the reference read it: it dropped the alpha channel, we lay it on white."""
    with Image.open(path) as image:
        return Picture(np.asarray(image.convert("RGB")))


def noise(width: int, height: int) -> Picture:
    """A picture of random pixels."""
    generator = np.random.default_rng(width * 31 + height)
    return Picture(generator.integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.mark.parametrize("name", CASES)
def test_crops_are_the_recorded_ones_to_the_last_bit(oracle: Path, name: str) -> None:
    case = recorded(oracle, name)
    shape = case["input_image_embeds"]["shape"]
    tensors = load_file(oracle / f"cases/ref/{name}.safetensors")
    batch: NDArray[np.float32] = np.zeros(shape, np.float32)
    tokens = []
    for place, image in enumerate(case["images"]):
        crops = crop_picture(picture_without_alpha(oracle / f"cases/media/{image}.png"))
        batch[place, : len(crops.crops)] = crops.crops
        mask = tensors["image_attention_mask"][place, : len(crops.mask)]
        assert np.array_equal(crops.mask, mask.astype(bool))
        tokens.append(crops.tokens)
        height, width = tensors["image_sizes"][place]
        assert (crops.rows * 448, crops.columns * 448) == (height, width)
    assert hashlib.sha256(batch.tobytes()).hexdigest() == case["input_image_embeds"]["sha256"]
    assert tokens == case["num_img_tokens"]


@pytest.mark.parametrize("name", CASES[:5])
def test_thumbnail_and_canvas_are_the_recorded_ones(oracle: Path, name: str) -> None:
    (image,) = recorded(oracle, name)["images"]
    crops = crop_picture(picture_without_alpha(oracle / f"cases/media/{image}.png"))
    thumbnail = load_file(oracle / f"cases/canvas/{image}.global.safetensors")["global_image"]
    with np.load(oracle / f"cases/canvas/{image}.npz") as stored:
        canvas = stored["canvas"]
    assert np.array_equal(crops.crops[0], thumbnail)
    grid = crops.crops[1:].reshape(crops.rows, crops.columns, 3, 448, 448)
    pixels = np.rint((grid.transpose(0, 3, 1, 4, 2).reshape(canvas.shape) * 0.5 + 0.5) * 255)
    assert np.array_equal(pixels, canvas)


@pytest.mark.parametrize(
    ("size", "shape", "visible"),
    [
        ((1, 1), (1, 1), (32, 32)),
        ((1, 20000), (36, 1), (1152, 1)),
        ((20000, 1), (1, 36), (1, 1152)),
        ((3, 9000), (21, 1), (672, 1)),
        ((9000, 3), (1, 21), (1, 672)),
        ((1, 449), (2, 1), (64, 1)),
    ],
)
def test_thin_pictures_keep_a_line_of_patches(
    size: tuple[int, int], shape: tuple[int, int], visible: tuple[int, int]
) -> None:
    crops = crop_picture(noise(*size))
    assert (crops.rows, crops.columns) == shape
    assert crops.crops.shape == (1 + shape[0] * shape[1], 3, 448, 448)
    assert np.isfinite(crops.crops).all()
    assert crops.mask[0].all()
    assert crops.mask[1:].sum() == visible[0] * visible[1]
    assert crops.mask[1:, 0, 0].all()


def test_a_thin_line_is_still_seen() -> None:
    """A black hair on nothing: its pixels must not be scaled away."""
    crops = crop_picture(Picture(np.zeros((20000, 1, 3), np.uint8)))
    assert (crops.crops[1:, :, :, 0] == -1).all()
    assert (crops.crops[1:, :, :, 1:] == 1).all()


@pytest.mark.parametrize("size", [28, 42, 56])
def test_small_crops(size: int) -> None:
    crops = crop_picture(noise(200, 90), crop_size=size, max_crops=6)
    count = crops.rows * crops.columns
    assert count <= 6
    assert crops.crops.shape == (1 + count, 3, size, size)
    assert crops.mask.shape == (1 + count, size // 14, size // 14)


def test_crops_come_row_by_row() -> None:
    pixels = np.zeros((896, 1344, 3), np.uint8)
    for row in range(2):
        for column in range(3):
            pixels[row * 448 : row * 448 + 448, column * 448 : column * 448 + 448] = (
                row * 3 + column
            )
    crops = crop_picture(Picture(pixels))
    levels = np.rint((crops.crops[1:, 0, 224, 224] + 1) * 127.5)
    assert levels.tolist() == [0, 1, 2, 3, 4, 5]


def test_key_depends_on_content_shape_and_options_only() -> None:
    picture = noise(60, 40)
    copy = Picture(picture.pixels.copy())
    turned = Picture(picture.pixels.reshape(60, 40, 3))
    changed = picture.pixels.copy()
    changed[0, 0, 0] ^= 1
    keys = [
        picture_key(picture),
        picture_key(turned),
        picture_key(Picture(changed)),
        picture_key(picture, max_crops=4),
        picture_key(picture, crop_size=28),
    ]
    assert len(set(keys)) == len(keys)
    assert picture_key(copy) == keys[0] == crop_picture(picture).key


def test_pixels_need_not_lie_in_one_block() -> None:
    picture = noise(60, 40)
    flipped = Picture(picture.pixels[:, ::-1])
    block = Picture(np.ascontiguousarray(flipped.pixels))
    assert crop_picture(flipped).key == crop_picture(block).key
    assert np.array_equal(crop_picture(flipped).crops, crop_picture(block).crops)
