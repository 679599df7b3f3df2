"""Which of the known layouts a checkpoint has, decided by its content, never by a name of a folder.

"published": the hub's `main`; "native": transformers' own layout (refs/pr/70 and 94, and what
this program converts to); "phi3": Phi-4-mini and Phi-4, text only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from phi_desk.errors import CheckpointError
from phi_desk.model import keys
from phi_desk.model.fields import Fields

Layout = Literal["published", "native", "phi3"]
MODEL_TYPES: Final[Mapping[Layout, str]] = {
    "published": "phi4mm",
    "native": "phi4_multimodal",
    "phi3": "phi3",
}


def read_layout(raw: Fields, names: Iterable[str]) -> Layout:
    """The layout that both `raw` (config.json) and the tensor names say.

    Raises:
        CheckpointError: when they contradict each other, or it is another kind of model.
    """
    said = _layout_of_config(raw)
    found = _layout_of_names(names)
    if said != found:
        known = {
            "published": "the published revision (main)",
            "native": "the native revision",
            "phi3": "a text-only model",
        }
        raise CheckpointError(
            f"config.json belongs to {known[said]}, the weights to {known[found]}.",
            "The folder mixes files of two revisions: download the model again.",
        )
    return said


def _layout_of_config(raw: Fields) -> Layout:
    kind = raw.text("model_type", "")
    for layout, model_type in MODEL_TYPES.items():
        if kind == model_type:
            return layout
    if kind:
        raise CheckpointError(
            f"This is a {kind[:40]!r} model, which is not supported.",
            "Phi-4-multimodal, Phi-4-mini and Phi-4 are.",
        )
    if "audio_processor" in raw:
        return "published"
    if "audio_config" in raw or "vision_config" in raw:
        return "native"
    raise raw.error("it does not say what kind of model this is (model_type)")


def _layout_of_names(names: Iterable[str]) -> Layout:
    media = [name for name in names if name.startswith(keys.MEDIA)]
    if not media:
        if not any(name.startswith("model.layers.0.") for name in names):
            raise CheckpointError(
                "The weight files hold no tensors of a Phi model.",
                "Phi-4-multimodal, Phi-4-mini and Phi-4 are supported.",
            )
        return "phi3"
    old = sum(keys.is_published(name) for name in media)
    new = sum(keys.is_native_only(name) for name in media)
    if old and new:
        raise CheckpointError(
            "The weight files mix tensors of the published and the native revision.",
            "Keep the files of one revision, or download the model again.",
        )
    return "native" if new else "published"
