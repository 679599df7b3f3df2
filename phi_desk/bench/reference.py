"""Recorded outputs of the published code, read back; knows no engine and no torch.

The folder holds `cases/cases.json`, `cases/ref/*.safetensors`, `cases/canvas/` and `cases/media/`,
as described in its own README.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phi_desk.errors import InputError
from phi_desk.model.inputs import ClipInput, PictureInput, Projection, Prompt, PromptPiece

IMAGE_ID, AUDIO_ID = 200010, 200011
CROP = 448


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One recorded prompt.

    Attributes:
        meta: the case's entry of cases.json.
        tensors: everything recorded for it, by name.
    """

    name: str
    folder: Path
    meta: dict[str, Any]
    tensors: dict[str, NDArray[Any]]

    @property
    def adapter(self) -> str | None:
        """The adapter the published code chose."""
        name: str | None = self.meta["adapter"]
        return name

    @property
    def projection(self) -> Projection:
        """The projector it used for sound."""
        return "vision" if self.meta["audio_projection_mode"] == "vision" else "speech"

    @property
    def greedy(self) -> tuple[int, ...]:
        """Its first twelve tokens."""
        return tuple(int(i) for i in self.tensors["greedy12"].reshape(-1))

    @property
    def images(self) -> list[Path]:
        """The picture files of the prompt."""
        return [self.folder / "media" / f"{name}.png" for name in self.meta.get("images", [])]

    @property
    def audios(self) -> list[Path]:
        """The sound files of the prompt."""
        return [self.folder / "media" / f"{name}.wav" for name in self.meta.get("audios", [])]

    def prompt(self) -> Prompt:
        """The prompt made of the recorded ids, crops and features."""
        media: dict[int, Iterator[PictureInput | ClipInput]] = {
            IMAGE_ID: iter(self._pictures()),
            AUDIO_ID: iter(self._clips()),
        }
        ids = [int(i) for i in self.tensors["input_ids"][0]]
        pieces: list[PromptPiece] = []
        run: list[int] = []
        place = 0
        while place < len(ids):
            if ids[place] not in media:
                run.append(ids[place])
                place += 1
                continue
            if run:
                pieces.append(tuple(run))
                run = []
            item = next(media[ids[place]])
            pieces.append(item)
            place += item.tokens
        return Prompt(pieces=(*pieces, tuple(run)) if run else tuple(pieces))

    def _pictures(self) -> Iterator[PictureInput]:
        for index, name in enumerate(self.meta.get("images", [])):
            height, width = (int(v) // CROP for v in self.tensors["image_sizes"][index])
            count = 1 + height * width
            mask = self.tensors["image_attention_mask"][index, :count].astype(bool)
            yield PictureInput(
                key=f"{self.name} {name}",
                crops=self._crops(name),
                mask=mask,
                rows=height,
                columns=width,
                tokens=int(self.meta["num_img_tokens"][index]),
            )

    def _crops(self, name: str) -> NDArray[np.float32]:
        """Thumbnail and crops `[n, 3, 448, 448]` from the recorded canvas."""
        from safetensors.numpy import load_file

        canvas = np.load(self.folder / "canvas" / f"{name}.npz")["canvas"]
        values = (canvas.astype(np.float32) / 255 - 0.5) / 0.5
        height, width = values.shape[0] // CROP, values.shape[1] // CROP
        tiles = values.reshape(height, CROP, width, CROP, 3).transpose(0, 2, 4, 1, 3)
        thumbnail = load_file(self.folder / "canvas" / f"{name}.global.safetensors")
        whole = thumbnail["global_image"].reshape(1, 3, CROP, CROP)
        return np.concatenate([whole, tiles.reshape(-1, 3, CROP, CROP)])

    def _clips(self) -> Iterator[ClipInput]:
        masks = self.tensors.get("audio_attention_mask")
        for index, name in enumerate(self.meta.get("audios", [])):
            frames = self.tensors["input_audio_embeds"][index]
            if masks is not None and masks.size:
                frames = frames[: int(masks[index].sum())]
            yield ClipInput(
                key=f"{self.name} {name}",
                blocks=(np.ascontiguousarray(frames, dtype=np.float32),),
                tokens=int(self.tensors["audio_embed_sizes"][index]),
            )


def read_cases(folder: Path) -> list[Case]:
    """Every case below `folder`.

    Raises:
        InputError: the folder holds no recorded outputs.
    """
    from safetensors.numpy import load_file

    cases = folder / "cases"
    try:
        index = json.loads((cases / "cases.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"{folder} holds no recorded outputs.", "Name the folder with cases/cases.json."
        ) from error
    return [
        Case(
            name=name,
            folder=cases,
            meta=meta,
            tensors=load_file(cases / "ref" / f"{name}.safetensors"),
        )
        for name, meta in index.items()
    ]


def used_ids(folder: Path) -> NDArray[np.int64]:
    """The vocabulary ids whose logits were recorded."""
    from safetensors.numpy import load_file

    (ids,) = load_file(folder / "cases" / "used_ids.safetensors").values()
    return ids.astype(np.int64)
