"""The decoder as one function: embedded positions in, hidden states out; knows no prompt."""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.modeling_utils import AttentionInterface

from phi_desk.cancel import CancelToken
from phi_desk.model.kv_cache import KVCache
from phi_desk.model.linear import AdaptedLinear
from phi_desk.model.rope import Regime, Rope

NARROW_CACHE_ATTENTION = "phi_desk_sdpa"


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **options: Any
) -> tuple[Tensor, None]:
    """SDPA in the cache's type, which may be narrower than the layer's."""
    output, _ = sdpa_attention_forward(module, query.to(key.dtype), key, value, mask, **options)
    return output.to(query.dtype), None


AttentionInterface.register(NARROW_CACHE_ATTENTION, _attend)


class Decoder:
    """A causal language model of transformers (`Phi4Multimodal` or `Phi3`), run by hand.

    Attributes:
        compute: the type of the hidden states.
        context: most positions the model was made for.
    """

    def __init__(self, model: Any, compute: torch.dtype, cache_dtype: torch.dtype) -> None:
        self._body = model.model
        self._head = model.lm_head
        self.compute = compute
        self.cache_dtype = cache_dtype
        self.context = int(model.config.max_position_embeddings)
        self.device: torch.device = self._body.norm.weight.device
        self.rope = Rope(model.config, self.device)
        self._eager = model.config._attn_implementation == "eager"  # noqa: SLF001
        self._adapted = [m for m in self._body.layers.modules() if isinstance(m, AdaptedLinear)]
        self._adapter: str | None = None

    def new_cache(self) -> KVCache:
        """An empty cache that fits this decoder."""
        return KVCache(len(self._body.layers), self.cache_dtype)

    def choose_adapter(self, name: str | None) -> None:
        """Make `name` the adapter of everything that follows; None switches adapters off."""
        if name == self._adapter:
            return
        self._adapter = name
        for module in self._adapted:
            module.choose(name)

    @torch.inference_mode()
    def embed(self, ids: Sequence[int]) -> Tensor:
        """Token ids to `[len(ids), hidden]`."""
        index = torch.tensor(ids, dtype=torch.long, device=self.device)
        embedded: Tensor = self._body.embed_tokens(index)
        return embedded.to(self.compute)

    @torch.inference_mode()
    def forward(
        self, embedded: Tensor, cache: KVCache, regime: Regime, cancel: CancelToken
    ) -> Tensor:
        """Read `[n, hidden]` after what `cache` holds; returns the last layer's states `[n,
        hidden]`.

        `cancel` is read before every layer; then `Cancelled` is raised and the cache must be
        cropped.
        """
        start, count = cache.length, embedded.shape[0]
        hidden = embedded[None]
        positions = self.rope(start, count, regime, hidden.dtype)
        mask = self._mask(start, count, hidden.dtype)
        for layer in self._body.layers:
            cancel.raise_if_cancelled()
            hidden = layer(
                hidden, attention_mask=mask, past_key_values=cache, position_embeddings=positions
            )
        normed: Tensor = self._body.norm(hidden)
        return normed[0]

    @torch.inference_mode()
    def logits(self, hidden: Tensor) -> Tensor:
        """States `[n, hidden]` to float32 logits `[n, vocabulary]`."""
        scores: Tensor = self._head(hidden)
        return scores.float()

    def _mask(self, start: int, count: int, dtype: torch.dtype) -> Tensor | None:
        """Causal mask `[1, 1, count, start + count]`; None where SDPA needs none."""
        if count == 1:
            return None
        if start == 0 and not self._eager:
            return None  # SDPA's own causal flag, which transformers sets in this case
        columns = torch.arange(start + count, device=self.device)
        rows = torch.arange(start, start + count, device=self.device)
        allowed = (columns[None] <= rows[:, None])[None, None]
        if not self._eager:
            return allowed
        return torch.where(allowed, 0.0, torch.finfo(dtype).min).to(dtype)
