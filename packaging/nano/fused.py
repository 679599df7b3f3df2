"""The layers as plain functions of their weights, compiled for training on a CPU.

Memory is what a small model's training waits for: compiled, what lies between two products passes
through it once, in bf16 where the processor has that. The figures are in README.md. The numbers are
those of the modules up to rounding; `tests/model/test_nano_fused.py` holds them to each other.
"""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import half
import torch
from torch import Tensor, nn

Weights = Sequence[Tensor]
Layer = Callable[..., Tensor]
_HALF = half.ON_CPU
_functions = nn.functional


@cache
def compiled(function: Layer) -> Layer:
    """`function`, compiled once for all lengths and batches."""
    made: Layer = torch.compile(function)
    return made


def run(function: Layer, hidden: Tensor, *others: Any) -> Tensor:
    """One compiled layer on `[n, length, width]`; neither of the first two is compiled in.

    Laid out row by row: given a transposed convolution's output, torch 2.13's compiled layer gave
    NaN.
    """
    hidden = hidden.contiguous()
    for axis in (0, 1):
        torch._dynamo.maybe_mark_dynamic(hidden, axis)  # noqa: SLF001 (torch's documented way)
    return compiled(function)(hidden, *others)


def _linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    y = x.to(_HALF) @ weight.to(_HALF).t()
    return y if bias is None else y + bias.to(_HALF)


def _attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Queries, keys and values `[n, heads, length, size]` to `[n, length, heads * size]`."""
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    shares = (scores.float() + bias).softmax(-1).to(_HALF)
    joined: Tensor = (shares @ value).transpose(1, 2)
    return joined.reshape(joined.shape[0], joined.shape[1], -1)


def by_head(states: Tensor, count: int) -> Tensor:
    n, length, width = states.shape
    return states.view(n, length, count, width // count).transpose(1, 2)


# The conformer's layer.


def _swish_mlp(x: Tensor, w: Weights) -> Tensor:
    normed = _functions.layer_norm(x, (x.shape[-1],), w[0], w[1])
    up, gate = _linear(normed, w[2], w[3]).chunk(2, -1)
    return _linear(up * _functions.silu(gate), w[4], w[5]).float()


def _convolved(x: Tensor, w: Weights) -> Tensor:
    width, length = x.shape[-1], x.shape[1]
    both = _linear(_functions.layer_norm(x, (width,), w[0], w[1]), w[2].squeeze(-1), w[3])
    gate = _functions.silu(both[..., width:] + w[5].view(-1).to(_HALF))
    gated = (both[..., :width] + w[4].view(-1).to(_HALF)) * gate
    taps = w[6].shape[-1]
    early = _functions.pad(gated, (0, 0, taps - 1, 0))
    mixed = w[7].to(_HALF)
    for tap in range(taps):
        mixed = mixed + early[:, tap : tap + length] * w[6][:, 0, tap].to(_HALF)
    heard = _functions.silu(_linear(mixed, w[8].squeeze(-1), w[9]))
    return _linear(heard, w[10].squeeze(-1), w[11]).float()


def conformer_layer(x: Tensor, bias: Tensor, heads: int, w: Weights) -> Tensor:
    """One block of the speech encoder, float32 in and out; `bias` is `[1, heads, t, t]`."""
    width = (x.shape[-1],)
    x = x + 0.5 * _swish_mlp(x, w[0:6])
    normed = _functions.layer_norm(x, width, w[6], w[7])
    query, key, value = (by_head(_linear(normed, w[at], w[at + 1]), heads) for at in (8, 10, 12))
    x = x + _linear(_attend(query, key, value, bias), w[14], w[15]).float()
    x = x + _convolved(x, w[16:28])
    x = x + 0.5 * _swish_mlp(x, w[28:34])
    return _functions.layer_norm(x, width, w[34], w[35])


def conformer_weights(layer: Any) -> Weights:
    """In the order of `conformer_layer`."""
    attention, conv = layer.self_attn, layer.conv
    pointwise, separable = conv.glu, conv.dw_sep_conv_1d
    return [
        *_mlp_weights(layer.feed_forward_in),
        *_pair(layer.layer_norm_att),
        *_pair(attention.q_proj),
        *_pair(attention.k_proj),
        *_pair(attention.v_proj),
        *_pair(attention.o_proj),
        *_pair(conv.layer_norm),
        *_pair(pointwise.ext_pw_conv_1d),
        pointwise.b1,
        pointwise.b2,
        *_pair(separable.dw_conv),
        *_pair(separable.pw_conv),
        *_pair(conv.ext_pw_conv_1d),
        *_mlp_weights(layer.feed_forward_out),
        *_pair(layer.layer_norm),
    ]


def _mlp_weights(mlp: Any) -> list[Tensor]:
    return [*_pair(mlp.layer_norm), *_pair(mlp.gate_up_proj), *_pair(mlp.down_proj)]


def _pair(module: Any) -> tuple[Tensor, Tensor]:
    return module.weight, module.bias


# The vision tower's layer.


def tower_layer(x: Tensor, bias: Tensor, heads: int, eps: float, w: Weights) -> Tensor:
    """One layer of the tower, float32 in and out; `bias` is `[n, 1, 1, patches]`."""
    width = (x.shape[-1],)
    normed = _functions.layer_norm(x, width, w[0], w[1], eps)
    query, key, value = (by_head(_linear(normed, w[at], w[at + 1]), heads) for at in (2, 4, 6))
    x = x + _linear(_attend(query, key, value, bias), w[8], w[9]).float()
    normed = _functions.layer_norm(x, width, w[10], w[11], eps)
    inner = _functions.gelu(_linear(normed, w[12], w[13]), approximate="tanh")
    return x + _linear(inner, w[14], w[15]).float()


def tower_weights(layer: Any) -> Weights:
    """In the order of `tower_layer`."""
    attention = layer.self_attn
    return [
        *_pair(layer.layer_norm1),
        *_pair(attention.q_proj),
        *_pair(attention.k_proj),
        *_pair(attention.v_proj),
        *_pair(attention.out_proj),
        *_pair(layer.layer_norm2),
        *_pair(layer.mlp.fc1),
        *_pair(layer.mlp.fc2),
    ]


# The decoder's layer.


def _rms(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def _adapted(x: Tensor, w: Weights) -> Tensor:
    """By a weight alone, or by it and an adapter's pair (whose alpha is twice its rank)."""
    y = _linear(x, w[0])
    return y if len(w) == 1 else y + 2.0 * _linear(_linear(x, w[1]), w[2])


def turned(states: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    size = cosine.shape[-1]
    half = size // 2
    rotary, rest = states[..., :size], states[..., size:]
    swapped = torch.cat([-rotary[..., half:], rotary[..., :half]], -1)
    return torch.cat([rotary * cosine + swapped * sine, rest], -1)


def decoder_layer(
    x: Tensor,
    cosine: Tensor,
    sine: Tensor,
    ahead: Tensor,
    heads: tuple[int, int],
    eps: float,
    norms: Weights,
    w: Sequence[Weights],
) -> Tensor:
    """One layer of the decoder, float32 in and out; `heads` of queries and of keys.

    `ahead` is added to the attention: `several.causal`, or what an `Order` says.
    """
    size = x.shape[2] // heads[0]
    states = _adapted(_rms(x, norms[0], eps), w[0])
    ends = heads[0] * size, (heads[0] + heads[1]) * size
    query = turned(by_head(states[..., : ends[0]], heads[0]), cosine, sine).to(_HALF)
    key = turned(by_head(states[..., ends[0] : ends[1]], heads[1]), cosine, sine).to(_HALF)
    value = by_head(states[..., ends[1] :], heads[1])
    groups = heads[0] // heads[1]
    key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
    x = x + _adapted(_attend(query, key, value, ahead), w[1]).float()
    gate, up = _adapted(_rms(x, norms[1], eps), w[2]).chunk(2, -1)
    return x + _adapted(up * _functions.silu(gate), w[3]).float()


def decoder_weights(layer: Any) -> tuple[Weights, Sequence[Weights]]:
    """Norms and linears in the order of `decoder_layer`, with the adapters that are chosen."""
    attention, mlp = layer.self_attn, layer.mlp
    linears = (attention.qkv_proj, attention.o_proj, mlp.gate_up_proj, mlp.down_proj)
    norms = layer.input_layernorm.weight, layer.post_attention_layernorm.weight
    return norms, [adapted_weights(linear) for linear in linears]


def adapted_weights(linear: Any) -> Weights:
    """The base, and A and B of the chosen adapter."""
    chosen = linear.chosen
    base = linear.base.weight
    return (base,) if chosen is None else (base, chosen.down.weight, chosen.up.weight)
