"""The small Phi-4-multimodal itself: its sizes, its first weights, and one forward for training.

The module classes, the linears with their adapters, the rotary positions and the loops over layers
are the app's own (`phi_desk.model`) or transformers'; what is trained is what is loaded later.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import fused
import subsampling
import torch
import transformers
from attention import TRAINING_ATTENTION
from several import Order, causal
from torch import Tensor, nn
from tower_start import look_at_neighbours

from phi_desk.model import keys, published
from phi_desk.model.linear import AdaptedLinear, LowRank
from phi_desk.model.patches import apply_patches
from phi_desk.model.rope import Rope

AdapterName = Literal["speech", "vision"]
BORDER, CONTEXT = 4096, 16384  # positions: the published border, and a context that fits the size


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How large the parts are; the defaults are what is shipped.

    Attributes:
        rank: of both adapters, a quarter of the width (published: a twelfth of a far wider one).
        crop: pixels a side of one crop.
    """

    hidden: int = 256
    inner: int = 704
    layers: int = 6
    heads: int = 8
    kv_heads: int = 4
    rank: int = 48
    speech_hidden: int = 192
    speech_inner: int = 384
    speech_blocks: int = 6
    speech_heads: int = 4
    speech_channels: int = 32
    vision_hidden: int = 192
    vision_inner: int = 512
    vision_layers: int = 7  # the last one is never run: features come from the last but one
    vision_heads: int = 6
    crop: int = 224


def native_config(sizes: Sizes, vocabulary: int, ids: dict[str, int]) -> dict[str, Any]:
    """The native configuration; `ids` holds "endoftext", "end", "image" and "audio"."""
    config = published.config()
    rotary = int(sizes.hidden // sizes.heads * config["rope_parameters"]["partial_rotary_factor"])
    config |= {
        "vocab_size": vocabulary,
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.inner,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "num_key_value_heads": sizes.kv_heads,
        "max_position_embeddings": CONTEXT,
        "original_max_position_embeddings": BORDER,
        "bos_token_id": ids["endoftext"],
        "pad_token_id": ids["endoftext"],
        "eos_token_id": [ids["end"], ids["endoftext"]],
    }
    config["rope_parameters"] |= {
        "original_max_position_embeddings": BORDER,
        "factor": CONTEXT / BORDER,
        "short_factor": [1.0] * (rotary // 2),
        "long_factor": [1.0] * (rotary // 2),
    }
    config["vision_config"] |= _vision_config(sizes, ids["image"])
    config["audio_config"] |= _audio_config(sizes, ids["audio"])
    return config


def _vision_config(sizes: Sizes, token: int) -> dict[str, Any]:
    return {
        "hidden_size": sizes.vision_hidden,
        "intermediate_size": sizes.vision_inner,
        "num_hidden_layers": sizes.vision_layers,
        "num_attention_heads": sizes.vision_heads,
        "image_size": sizes.crop,
        "crop_size": sizes.crop,
        "image_token_id": token,
    }


def _audio_config(sizes: Sizes, token: int) -> dict[str, Any]:
    return {
        "hidden_size": sizes.speech_hidden,
        "intermediate_size": sizes.speech_inner,
        "num_blocks": sizes.speech_blocks,
        "num_attention_heads": sizes.speech_heads,
        "ext_pw_out_channel": sizes.speech_hidden,
        "depthwise_separable_out_channel": sizes.speech_hidden,
        "nemo_conv_channels": sizes.speech_channels,
        "audio_token_id": token,
    }


class Nano(nn.Module):
    """The model with room for both adapters, and its parts by the names that the stages use."""

    def __init__(self, config: dict[str, Any], rank: int, seed: int, device: str = "cpu") -> None:
        super().__init__()
        torch.manual_seed(seed)
        transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        native = transformers.Phi4MultimodalConfig(**_copied(config))
        model: Any = transformers.Phi4MultimodalForCausalLM(native)
        parts: list[Any] = [model.config, native.vision_config, native.audio_config]
        for part in parts:
            part._attn_implementation = TRAINING_ATTENTION  # noqa: SLF001 (each attention reads it)
        apply_patches(model)
        self.config = config
        self.rank = rank
        self.fuse = False  # whether layers are compiled when they train
        self.core = model
        self.image = model.model.embed_tokens_extend.image_embed
        self.audio = model.model.embed_tokens_extend.audio_embed
        self.conformer = self.audio.encoder
        self.separators = nn.ParameterDict(
            {
                "line": self.image.sub_img_feature_extensor,
                "thumbnail": self.image.global_img_feature_extensor,
            }
        )
        self.tower = self.image.img_processor
        self._start()
        self._wrap()
        self.device = torch.device(device)
        self.to(self.device)
        self.rope = Rope(model.config, self.device)

    def _start(self) -> None:
        """First weights: fan-in everywhere, which transformers' own 0.02 is not at this size."""
        for module in self.core.modules():
            if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.LayerNorm)):
                module.reset_parameters()
        nn.init.normal_(self.core.model.embed_tokens.weight, std=0.02)
        for name, module in self.core.model.layers.named_modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.7 * module.in_features**-0.5)
                if name.endswith(("o_proj", "down_proj")):
                    nn.init.zeros_(module.weight)
        self.core.lm_head.weight = self.core.model.embed_tokens.weight
        # Distances never met in training must not shift the attention by a random number.
        nn.init.zeros_(self.conformer.relative_attention_bias_layer.bias_values.weight)
        for extensor in (
            self.image.sub_img_feature_extensor,
            self.image.global_img_feature_extensor,
        ):
            nn.init.normal_(extensor, std=0.02)
        look_at_neighbours(self.tower)

    def _wrap(self) -> None:
        """Put both adapters beside the decoder's linears, silent at first (B is zero)."""
        for name in keys.target_modules(len(self.core.model.layers)):
            owner = self.core.get_submodule(name.rpartition(".")[0])
            base = getattr(owner, name.rpartition(".")[2])
            wrapped = AdaptedLinear(base)
            for adapter in ("speech", "vision"):
                down = nn.Linear(base.in_features, self.rank, bias=False)
                up = nn.Linear(self.rank, base.out_features, bias=False)
                nn.init.zeros_(up.weight)
                wrapped.add(adapter, LowRank(down, up, 2.0))  # alpha is twice the rank: published
            setattr(owner, name.rpartition(".")[2], wrapped)

    def adapted(self) -> Iterator[tuple[str, AdaptedLinear]]:
        """The decoder's linears by name."""
        for name, module in self.core.named_modules():
            if isinstance(module, AdaptedLinear):
                yield name, module

    def choose(self, adapter: AdapterName | None) -> None:
        """Make `adapter` the one that everything after this is computed with."""
        for _, module in self.adapted():
            module.choose(adapter)

    def adapter(self, name: AdapterName) -> nn.ModuleDict:
        """The trainable parts of one adapter, by the linear they belong to."""
        return nn.ModuleDict(
            {place.replace(".", "/"): module.adapters[name] for place, module in self.adapted()}
        )

    def decoder(self) -> nn.ModuleDict:
        """The decoder without adapters: what the text stage trains and nothing after it changes."""
        body = self.core.model
        parts: dict[str, nn.Module] = {"embedding": body.embed_tokens, "norm": body.norm}
        for number, layer in enumerate(body.layers):
            parts[f"{number}/norm1"] = layer.input_layernorm
            parts[f"{number}/norm2"] = layer.post_attention_layernorm
        parts |= {place.replace(".", "/"): module.base for place, module in self.adapted()}
        return nn.ModuleDict(parts)

    def embed(self, ids: Tensor) -> Tensor:
        """`[n, length]` to `[n, length, hidden]`."""
        embedded: Tensor = self.core.model.embed_tokens(ids)
        return embedded

    def states(
        self, embedded: Tensor, inputs: list[Tensor] | None = None, order: Order | None = None
    ) -> Tensor:
        """Decode whole sequences `[n, length, hidden]`, padded on the right, to their states.

        The input of each layer is put into `inputs` where it is given.
        """
        hidden = embedded.float() if self.fuses else embedded
        positions = self.turns(hidden.shape[1], order, hidden.dtype)
        ahead = None if order is None else order.ahead().to(hidden)
        if ahead is None and self.fuses:
            ahead = causal(hidden.shape[1])  # the modules know it by themselves
        for layer in self.core.model.layers:
            if inputs is not None:
                inputs.append(hidden)
            if self.fuses:
                hidden = self._decoded(layer, hidden, positions, ahead)
            else:
                hidden = layer(hidden, attention_mask=ahead, position_embeddings=positions)
        normed: Tensor = self.core.model.norm(hidden)
        return normed

    def turns(self, length: int, order: Order | None, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Cosines and sines for sequences of a length: `[1, length, rotary]`, or `[n, ...]`."""
        cosine, sine = self.rope(0, length, "short", dtype)
        if order is None:
            return cosine, sine
        return cosine[0][order.places], sine[0][order.places]

    def logits(self, states: Tensor) -> Tensor:
        """`[..., hidden]` to `[..., vocabulary]`."""
        scores: Tensor = self.core.lm_head(states)
        return scores

    def hear(self, features: Tensor) -> Tensor:
        """`[n, frames, 80]` of equal length to encoder states `[n, ceil(frames / 8), width]`."""
        conformer = self.conformer
        scaled = conformer.encoder_embedding(features)
        hidden: Tensor
        if not self.fuses:
            hidden = conformer.embed(scaled, None)[0]
            bias = conformer.relative_attention_bias_layer(hidden)
            for layer in conformer.encoders:
                hidden = layer(hidden, bias)
            return hidden
        channels = int(self.config["audio_config"]["nemo_conv_channels"])
        plain = channels != subsampling.CHANNELS or subsampling.library() is None
        hidden = (
            conformer.embed(scaled, None)[0].float()
            if plain
            else subsampling.subsampled(scaled, conformer.embed)
        )
        bias = conformer.relative_attention_bias_layer(hidden).float()
        heads = int(self.config["audio_config"]["num_attention_heads"])
        for layer in conformer.encoders:
            weights = fused.conformer_weights(layer)
            hidden = fused.run(fused.conformer_layer, hidden, bias, heads, weights)
        return hidden

    def project_sound(self, encoded: Tensor, projection: AdapterName) -> Tensor:
        """Encoder states to positions of the prompt, by the projection of that adapter."""
        name = "speech" if projection == "speech" else "vision_speech"
        up = getattr(self.audio, f"up_proj_for_{name}")
        down = getattr(self.audio, f"down_proj_for_{name}")
        projected: Tensor = down(nn.functional.gelu(up(encoded)))
        return projected

    def look(self, pixels: Tensor, valid: Tensor) -> Tensor:
        """Crops `[n, 3, S, S]`, masks `[n, P, P]` to patch states `[n, P * P, width]`."""
        valid = valid.contiguous()
        hidden: Tensor = self.tower.embeddings(pixel_values=pixels, patch_attention_mask=valid)
        return self.attended(hidden, valid.flatten(1))

    def embedded(self, pixels: Tensor, places: Tensor) -> Tensor:
        """Pixels `[n, 3, S, S]` and the patches' places `[n, patches]` to `[n, patches, width]`.

        A product instead of a convolution; the windows of `patches` have places of their own.
        """
        embeddings = self.tower.embeddings
        n, colours, side, _ = pixels.shape
        patch = int(embeddings.patch_size)
        count = side // patch
        tiles = pixels.view(n, colours, count, patch, count, patch).permute(0, 2, 4, 1, 3, 5)
        weight, bias = embeddings.patch_embedding.weight, embeddings.patch_embedding.bias
        states = nn.functional.linear(tiles.reshape(n, count * count, -1), weight.flatten(1), bias)
        embedded: Tensor = states + embeddings.position_embedding(places)
        return embedded

    def attended(self, hidden: Tensor, valid: Tensor) -> Tensor:
        """The tower's layers on embedded patches `[n, patches, width]`, of which `valid` count."""
        every = bool(valid.all())
        if not self.fuses:
            mask = None
            if not every:
                mask = valid[:, None, None, :].expand(-1, 1, valid.shape[1], -1)
            for layer in self.live_layers:
                hidden = layer(hidden, mask)
            return hidden
        hidden = hidden.float()
        bias = torch.zeros(*hidden.shape[:2])[:, None, None]
        if not every:
            bias = bias.masked_fill(~valid[:, None, None], float("-inf"))
        config = self.tower.config
        heads, eps = config.num_attention_heads, config.layer_norm_eps
        for layer in self.live_layers:
            weights = fused.tower_weights(layer)
            hidden = fused.run(fused.tower_layer, hidden, bias, heads, eps, weights)
        return hidden

    def _decoded(
        self, layer: Any, hidden: Tensor, positions: tuple[Tensor, Tensor], ahead: Tensor | None
    ) -> Tensor:
        """One layer of the decoder, compiled."""
        heads = int(self.config["num_attention_heads"]), int(self.config["num_key_value_heads"])
        eps = float(self.config["rms_norm_eps"])
        norms, weights = fused.decoder_weights(layer)
        turns = [turn[:, None] for turn in positions]
        return fused.run(fused.decoder_layer, hidden, *turns, ahead, heads, eps, norms, weights)

    @property
    def fuses(self) -> bool:
        """Whether layers are compiled: in training, on a CPU."""
        return self.fuse and not torch.is_inference_mode_enabled()

    @property
    def live_layers(self) -> Sequence[nn.Module]:
        """The tower's layers that reach the output."""
        config = self.tower.config
        return list(self.tower.encoder.layers)[
            : config.num_hidden_layers + 1 + config.feature_layer
        ]

    def pool(self, patches: Tensor) -> Tensor:
        """Patch states `[n, P * P, width]` to `[n, P / 2, P / 2, width]`; P is even."""
        side = math.isqrt(patches.shape[1])
        grid = patches.view(len(patches), side, side, -1).permute(0, 3, 1, 2)
        pooled: Tensor = self.image.image_token_compression(grid)
        return pooled.permute(0, 2, 3, 1)

    def arrange(self, pooled: Tensor, tiles: Tensor, rows: int, columns: int) -> Tensor:
        """One picture's pooled crops, thumbnail first, and their masks to `[positions, width]`.

        The order is the app's (`phi_desk.model.vision`); a test holds the two to each other.
        """
        newline = self.image.sub_img_feature_extensor.view(1, 1, -1)
        side, width = pooled.shape[1], pooled.shape[-1]
        grid = pooled[1:].view(rows, columns, side, side, width).transpose(1, 2)
        grid = grid.reshape(rows * side, columns * side, width)
        seen = tiles[1:, ::2, ::2].reshape(rows, columns, side, side).transpose(1, 2)
        seen = seen.reshape(rows * side, columns * side)
        grid = grid[: int(seen[:, 0].sum()), : int(seen[0].sum())]

        def lines(block: Tensor) -> Tensor:
            return torch.cat([block, newline.expand(len(block), 1, width)], 1).reshape(-1, width)

        separator = self.image.global_img_feature_extensor.view(1, width)
        return torch.cat([lines(grid), separator, lines(pooled[0])])

    def project_picture(self, arranged: Tensor) -> Tensor:
        """`[positions, width]` to positions of the prompt."""
        up = nn.functional.gelu(self.image.img_projection_up(arranged))
        projected: Tensor = self.image.img_projection_down(up)
        return projected


def parameters_of(modules: Iterable[nn.Module]) -> int:
    """How many numbers the modules hold."""
    return sum(p.numel() for module in modules for p in module.parameters())


def _copied(config: dict[str, Any]) -> dict[str, Any]:
    return {k: (_copied(v) if isinstance(v, dict) else v) for k, v in config.items()}
