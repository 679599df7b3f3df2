"""Pictures to positions of the prompt, crop by crop; knows no tokens and no files.

The tower and its weights are transformers' modules; the loop over layers is ours, so that work
can be stopped between them, the padding mask is always two-sided, and the parts whose output
nobody reads (the last layer, the pooling head) are neither loaded nor run.
"""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from phi_desk.cancel import CancelToken
from phi_desk.model.inputs import PictureInput


class VisionEncoder:
    """The vision tower, the 2x2 pooling, the separators and the projection into the decoder."""

    def __init__(self, image_embed: Any) -> None:
        self._embed = image_embed
        self._tower = image_embed.img_processor
        config = self._tower.config
        layers = list(self._tower.encoder.layers)
        kept = config.num_hidden_layers + 1 + config.feature_layer
        self._layers = layers[:kept]
        self._eager = config._attn_implementation == "eager"  # noqa: SLF001 (transformers' own name)

    @property
    def _weight(self) -> Tensor:
        weight: Tensor = self._tower.embeddings.patch_embedding.weight
        return weight

    @torch.inference_mode()
    def encode(self, picture: PictureInput, cancel: CancelToken) -> Generator[None, None, Tensor]:
        """Yields after each crop; returns `[picture.tokens, hidden]`.

        Raises:
            Cancelled: between two layers of a crop.
        """
        pooled = []
        for crop, mask in zip(picture.crops, picture.mask, strict=True):
            pixels = torch.from_numpy(crop)[None].to(self._weight.device, self._weight.dtype)
            valid = torch.from_numpy(np.ascontiguousarray(mask))[None].to(self._weight.device)
            pooled.append(self._crop(pixels, valid, cancel))
            yield
        sequence = self._arrange(torch.cat(pooled), picture)
        up = nn.functional.gelu(self._embed.img_projection_up(sequence))
        projected: Tensor = self._embed.img_projection_down(up)
        return projected

    def _crop(self, pixels: Tensor, valid: Tensor, cancel: CancelToken) -> Tensor:
        """One crop `[1, 3, S, S]` to pooled features `[1, P, P, width]`."""
        hidden = self._tower.embeddings(pixel_values=pixels, patch_attention_mask=valid)
        mask = self._mask(valid.flatten(1), hidden.dtype)
        for layer in self._layers:
            cancel.raise_if_cancelled()
            hidden = layer(hidden, mask)
        side = valid.shape[1]
        grid = hidden.view(1, side, side, -1).permute(0, 3, 1, 2)
        if side % 2:
            grid = nn.functional.pad(grid, (0, 1, 0, 1), mode="reflect")
        pooled: Tensor = self._embed.image_token_compression(grid)
        return pooled.permute(0, 2, 3, 1)

    def _mask(self, valid: Tensor, dtype: torch.dtype) -> Tensor | None:
        if bool(valid.all()):
            return None
        allowed = valid[:, None, None, :]
        if not self._eager:
            return allowed.expand(-1, 1, valid.shape[1], -1)
        return torch.where(allowed, 0.0, torch.finfo(dtype).min).to(dtype)

    def _arrange(self, pooled: Tensor, picture: PictureInput) -> Tensor:
        """Crops `[1 + R * C, P, P, width]` to one sequence: the grid, a separator, the thumbnail.

        Every row ends in a newline; columns and rows that are all padding are left out.
        """
        newline = self._embed.sub_img_feature_extensor.view(1, 1, -1)
        separator = self._embed.global_img_feature_extensor.view(1, -1)
        side, width = pooled.shape[1], pooled.shape[-1]
        rows, columns = picture.rows, picture.columns
        grid = pooled[1:].view(rows, columns, side, side, width).transpose(1, 2)
        grid = grid.reshape(rows * side, columns * side, width)
        tiles = picture.mask[1:, ::2, ::2].reshape(rows, columns, side, side).swapaxes(1, 2)
        valid = tiles.reshape(rows * side, columns * side)
        grid = grid[: int(valid[:, 0].sum()), : int(valid[0].sum())]

        def with_newlines(block: Tensor) -> Tensor:
            ends = newline.expand(block.shape[0], 1, width)
            return torch.cat([block, ends], dim=1).reshape(-1, width)

        return torch.cat([with_newlines(grid), separator, with_newlines(pooled[0])])
