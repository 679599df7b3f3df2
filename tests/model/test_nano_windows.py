"""The windows by which the tower learns its letters show what it sees in whole crops."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import job_patches
from data_makers.small_nano import small_nano, small_writer
from patch_text import SLOTS
from picture_levels import CROP_SIZE
from pictures import PictureExample

from phi_desk.engine.crops import crop_picture
from phi_desk.media.picture import Picture

SIDE = CROP_SIZE // 14


def _written(width: int, height: int) -> PictureExample:
    """A picture of noise with one letter on its map."""
    pixels = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    chars = np.zeros((2 * SIDE, 3 * SIDE), np.int16)
    chars[1, 4] = 1
    text = np.zeros((SIDE, SIDE, SLOTS), np.uint8)
    return PictureExample(Picture(pixels), "read", "", "a", chars, text)


@pytest.mark.parametrize(("width", "height"), [(224, 35), (224, 224), (40, 224)])
def test_a_window_on_a_strip_shows_only_the_strip(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(job_patches, "_WINDOW", SIDE)  # a whole crop
    monkeypatch.setattr(job_patches, "recoloured", lambda pixels, _: pixels)
    model = small_nano(loud=True, crop=CROP_SIZE)
    job = job_patches.PatchJob(model, small_writer(), tmp_path)
    example = _written(width, height)
    windows = job._windows(iter([example]), np.random.default_rng(2), 2)
    seen = crop_picture(example.picture, crop_size=CROP_SIZE)
    mask = torch.from_numpy(seen.mask[1:])
    assert bool(mask.all()) == (width == height)
    with torch.inference_mode():
        states = job._states(windows.pixels, windows.places, windows.valid)
        whole = model.look(torch.from_numpy(seen.crops[1:]), mask)
    for window, valid in zip(states, windows.valid, strict=True):
        torch.testing.assert_close(valid, mask[0].flatten())
        torch.testing.assert_close(window[valid], whole[0][valid], rtol=1e-4, atol=1e-5)
