"""The vision stage proper: the tower, its projection and the vision adapter, on pictures."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from data import Batch, Writer, bucketed, grouped
from finding import object_hints
from half import has_bf16
from letters import Letters
from looked import Looks, Pooled, Remembered
from losses import answer_loss, answers_right
from maps import tiles_of
from misled import misled
from network import Nano
from numpy.typing import NDArray
from patch_text import SLOTS, text_tiles
from picture_batches import is_scenes, otherwise, packed, recoloured, weight_of, with_more
from picture_levels import LEVELS
from picture_shards import Kind
from picture_stream import endless, levels_there, opened
from pictures import SPELT, PictureExample
from pointing import Pointing, hints_of
from runs import CELLS_ACROSS, CELLS_DOWN, PATCH
from torch import Tensor, nn
from train import Told

from phi_desk.engine.crops import crop_picture, plan_crops
from phi_desk.model.inputs import PictureInput

_PATCH_WEIGHT = 0.3
_RISE, _RISE_SCENES = 0.85, 0.9  # of the answers' tokens right: the next level
_SCENES = 0.4  # of the batches are scenes of objects, which have a level of their own
_STILL = 290_000  # pictures until the tower learns along
POINTED_WEIGHT = 0.2
_POSITIONS = 4000  # of prompts and answers a batch
_POOL = 512  # pictures sorted by length at once
_SHARDS = 2  # of a level, mixed while the tower stands still
_MORE = 7  # questions about a scene beside its own
Tower = Literal["still", "moves"]  # whether it learns along


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A batch of pictures as the tower saw them.

    Attributes:
        pictures: for each, its positions of the prompt `[positions, hidden]`.
        named: states of the crops without thumbnails `[crops, P * P, width]`, what stands over the
            patches `[crops, 2 P, 3 P]` and what is read there `[crops, P, P, SLOTS]`; None of
            pictures that were looked at earlier.
        widths: how many positions stand in a line of each picture's prompt.
    """

    pictures: Sequence[Tensor]
    named: tuple[Tensor, Tensor, Tensor] | None
    widths: Sequence[int]


class Seeing:
    """What both stages share."""

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        self._model, self._writer, self._work = model, writer, work
        self._crop = int(model.config["vision_config"]["crop_size"])
        self.letters = Letters(int(model.config["vision_config"]["hidden_size"])).to(model.device)
        self._rng = np.random.default_rng(1)
        self._level = 0.0

    def _levels(self, most: float, kind: Kind = "level") -> dict[int, float]:
        """Shares of the levels when the hardest in use is `most`: more of the harder ones."""
        there = levels_there(self._work, "train", kind)
        shares = {level: 2.0 ** min(0.0, level - most) for level in there if level <= most + 0.5}
        return shares or {min(there): 1.0}

    def _prepared(
        self, seen: PictureExample
    ) -> tuple[PictureInput, NDArray[np.int16], NDArray[np.uint8]]:
        picture = crop_picture(seen.picture, crop_size=self._crop)
        side = self._crop // PATCH
        rows, columns = picture.rows, picture.columns
        high, wide = side * CELLS_DOWN, side * CELLS_ACROSS
        chars, text = seen.chars, seen.text
        if chars is None:
            chars = np.zeros((rows * high, columns * wide), np.int16)
        if text is None:
            text = np.zeros((rows * side, columns * side, SLOTS), np.uint8)
        return picture, tiles_of(chars, rows, columns), text_tiles(text, rows, columns)


class VisionJob(Seeing):
    """Trains tower, projection, separators and vision adapter; the decoder stands still.

    The level of the pictures rises when the answers of the last hundred batches are mostly right;
    that of scenes, which begin to be understood later than letters are read, does so by itself.
    """

    name = "vision"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        image = model.image
        # The level and how many pictures were seen, kept with the weights.
        self.progress = nn.Parameter(torch.zeros(1), requires_grad=False)
        self.seen = nn.Parameter(torch.zeros(1), requires_grad=False)
        self.scenes = nn.Parameter(torch.zeros(1), requires_grad=False)
        self.trained: nn.Module = nn.ModuleDict(
            {
                "tower": model.tower,
                "letters": self.letters,
                "up": image.img_projection_up,
                "down": image.img_projection_down,
                "separators": model.separators,
                "adapter": model.adapter("vision"),
                "curriculum": nn.ParameterDict(
                    {"level": self.progress, "seen": self.seen, "scenes": self.scenes}
                ),
            }
        )
        self._smooth = {"level": 0.0, "scenes": 0.0}
        self.tower: Tower | None = None
        # Heads that are told where to look: at the letter to be read, at the object asked about.
        self._pointing = {"pointed": Pointing(model), "found": Pointing(model)}
        self._begin()

    def _begin(self) -> None:
        """What a stage that goes on from this one adds."""

    def batches(self, seed: int) -> Iterator[Sequence[PictureExample]]:
        rng = np.random.default_rng(seed)
        while True:
            where = self._where
            pages = self._stream(float(self.progress), rng, "level")
            there = levels_there(self._work, "train", "scenes")
            scenes = self._stream(float(self.scenes), rng, "scenes") if there else pages
            while self._where == where:
                yield next(scenes if rng.random() < _SCENES else pages)

    @property
    def _where(self) -> tuple[int, int, bool]:
        """What decides from where batches are drawn."""
        return int(float(self.progress)), int(float(self.scenes)), self._stands_still

    def _stream(
        self, level: float, rng: np.random.Generator, kind: Kind
    ) -> Iterator[Sequence[PictureExample]]:
        """Batches of pictures up to a level."""
        shares = self._levels(level, kind)
        if self._stands_still:
            return self._remembering(shares, rng, kind)
        stream = endless(self._work, "train", shares, rng, kind)
        return bucketed(stream, self._length_of, _POSITIONS, rng, _POOL)

    def _length_of(self, seen: PictureExample) -> int:
        """How long a picture with its question and answer is, about."""
        if isinstance(seen, Remembered):
            tokens = seen.pooled.tokens
        else:
            picture = seen.picture
            tokens = plan_crops(picture.width, picture.height, crop_size=self._crop).tokens
        return tokens + 20 + len(seen.answer)

    def _remembering(
        self, shares: dict[int, float], rng: np.random.Generator, kind: Kind
    ) -> Iterator[list[Remembered]]:
        """Batches of pictures that the tower, which stands still, looks at only once."""
        folder = self._work / "stages" / "looked"
        looks = Looks(folder, self._model.tower, self.pooled_now)
        stream: Iterator[Remembered] = opened(
            self._work, "train", shares, rng, looks, _SHARDS, kind
        )
        return bucketed(stream, self._length_of, _POSITIONS, rng, _POOL)

    def loss(self, batch: Sequence[PictureExample]) -> Told:
        looked = self._look(batch, recolour=True)
        self._model.choose("vision")
        asked = self._asked(batch)
        first = [group[0] for group in asked]
        weights = [weight_of(seen) for seen in first]
        typed, media = self._typed(asked, looked)
        inputs: list[Tensor] = []
        loss, right = answer_loss(
            self._model, misled(typed, first, self._rng), media, weights, inputs
        )
        numbers = {"answer": loss.item(), **self._rise_by(batch, right)}
        loss = loss + POINTED_WEIGHT * self._pointed(typed, asked, looked, inputs, numbers)
        still = self._stands_still
        self.seen.data += len(batch)
        if looked.named is not None and not still:
            named = self.letters.loss(*looked.named)
            if "right" in numbers:  # of scenes, where nothing is written, it says nothing
                numbers["named"] = named.signs
            loss = loss + _PATCH_WEIGHT * named.loss
        return Told(loss, len(batch), numbers)

    def _asked(self, batch: Sequence[PictureExample]) -> list[list[PictureExample]]:
        """What is asked about each picture: about a scene several things, they cost little."""
        if is_scenes(batch):
            return [with_more(seen, self._crop, _MORE, self._rng) for seen in batch]
        return [[otherwise(seen, self._rng)] for seen in batch]

    def _pointed(
        self,
        prompted: Batch,
        asked: Sequence[Sequence[PictureExample]],
        looked: Looked,
        inputs: Sequence[Tensor],
        numbers: dict[str, float],
    ) -> Tensor:
        """What it costs that heads look elsewhere than at what the answers say."""
        even, lengths = prompted.even(), [len(positions) for positions in looked.pictures]
        found = {
            "pointed": hints_of(even, self._writer, [one[0] for one in asked], looked.widths),
            "found": object_hints(even, self._writer, asked, looked.widths, lengths),
        }
        cost = torch.zeros((), device=self._model.device)
        for name, hints in found.items():
            if hints is not None:
                missed = self._pointing[name].loss(inputs, hints)
                numbers[name] = missed.item()
                cost = cost + missed
        return cost

    @property
    def _stands_still(self) -> bool:
        """Whether the tower is not trained: at first it knows its letters better than the rest.

        What it sees is kept then, since it will not change.
        """
        if self.tower is not None:
            return self.tower == "still"
        return float(self.seen) < _STILL

    def _rise_by(self, batch: Sequence[PictureExample], right: float) -> dict[str, float]:
        """Let the level of pages or scenes rise; numbers for the log."""
        if is_scenes(batch):
            self._rise(right, "scenes")
            return {"right_scenes": right, "scenes": float(self.scenes)}
        self._rise(right)
        return {"right": right, "level": float(self.progress)}

    def _rise(self, right: float, kind: Kind = "level") -> None:
        """A batch counts a fiftieth; the level goes up by one where enough is right."""
        level, enough = (self.progress, _RISE) if kind == "level" else (self.scenes, _RISE_SCENES)
        self._smooth[kind] += 0.02 * (right - self._smooth[kind])
        if self._smooth[kind] > enough and float(level) < len(LEVELS) - 1:
            level.data += 1
            self._smooth[kind] = 0.5

    def _look(self, batch: Sequence[PictureExample], *, recolour: bool) -> Looked:
        known = [seen.pooled for seen in batch if isinstance(seen, Remembered)]
        if len(known) == len(batch):
            return Looked(self._arranged(known), None, [one.width for one in known])
        prepared = [self._prepared(seen) for seen in batch]
        patches, pooled = self._through_tower([picture for picture, *_ in prepared], recolour)
        chars = np.concatenate([names for _, names, _ in prepared]).astype(np.int64)
        text = np.concatenate([names for *_, names in prepared]).astype(np.int64)
        device = self._model.device
        maps = torch.from_numpy(chars).to(device), torch.from_numpy(text).to(device)
        widths = [one.width for one in pooled]
        return Looked(self._arranged(pooled), (patches, *maps), widths)

    def _through_tower(
        self, pictures: Sequence[PictureInput], recolour: bool
    ) -> tuple[Tensor, list[Pooled]]:
        """States of the crops without thumbnails, and what they are pooled to."""
        crops = [torch.from_numpy(self._crops(picture, recolour)) for picture in pictures]
        masks = [torch.from_numpy(picture.mask) for picture in pictures]
        # A picture of one full crop is its own thumbnail. The other thumbnails teach the tower
        # nothing that the crops do not: without gradients they cost a third.
        apart = [len(mask) > 2 or not bool(mask[1].all()) for mask in masks]
        device = self._model.device
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self._stands_still):
            patches = self._model.look(
                torch.cat([crop[1:] for crop in crops]).to(device),
                torch.cat([mask[1:] for mask in masks]).to(device),
            )
        pooled = list(torch.split(self._model.pool(patches), [len(crop) - 1 for crop in crops]))
        for place, thumbnail in zip(np.flatnonzero(apart), self._small(crops, apart), strict=True):
            pooled[place] = torch.cat([thumbnail[None], pooled[place]])
        found = []
        for picture, own in zip(pictures, pooled, strict=True):
            whole = own if len(own) == len(picture.mask) else torch.cat([own, own])
            found.append(Pooled(whole, picture.mask, picture.rows, picture.columns, picture.tokens))
        return patches, found

    def pooled_now(self, batch: Sequence[PictureExample]) -> list[Pooled]:
        """What the tower sees in pictures as they are."""
        pictures = [crop_picture(seen.picture, crop_size=self._crop) for seen in batch]
        device = self._model.device.type
        quick = self._model.fuse and has_bf16(device)
        with torch.autocast(device, torch.bfloat16, enabled=quick):
            return self._through_tower(pictures, recolour=False)[1]

    def _arranged(self, pooled: Sequence[Pooled]) -> Sequence[Tensor]:
        """The positions of the prompt for each picture."""
        arranged = [
            self._model.arrange(
                one.states.to(self._model.device),
                torch.from_numpy(one.mask),
                one.rows,
                one.columns,
            )
            for one in pooled
        ]
        media = self._model.project_picture(torch.cat(arranged))
        return torch.split(media, [len(positions) for positions in arranged])

    def _crops(self, picture: PictureInput, recolour: bool) -> NDArray[np.float32]:
        return recoloured(picture.crops, self._rng) if recolour else picture.crops

    @torch.no_grad()
    def _small(self, crops: Sequence[Tensor], apart: Sequence[bool]) -> Sequence[Tensor]:
        """The pooled thumbnails of those pictures that have one of their own."""
        chosen = [crop[0] for crop, own in zip(crops, apart, strict=True) if own]
        if not chosen:
            return []
        pixels = torch.stack(chosen).to(self._model.device)
        side = pixels.shape[-1] // PATCH
        seen = torch.ones(len(chosen), side, side, dtype=torch.bool, device=pixels.device)
        return list(self._model.pool(self._model.look(pixels, seen)))

    def _typed(
        self, asked: Sequence[Sequence[PictureExample]], looked: Looked
    ) -> tuple[Batch, Tensor]:
        """The questions as typed: padded sequences, and what stands for the pictures."""
        return self._prompts(asked, looked.pictures)

    def _prompts(
        self, asked: Sequence[Sequence[PictureExample]], pictures: Sequence[Tensor]
    ) -> tuple[Batch, Tensor]:
        """Questions about pictures that are positions of the prompt already."""
        samples = [
            [
                self._writer.media(
                    seen.question, len(picture), 0, seen.answer, spelt=seen.task in SPELT
                )
                for seen in group
            ]
            for group, picture in zip(asked, pictures, strict=True)
        ]
        return grouped(samples, [1 + len(picture) for picture in pictures]), torch.cat([*pictures])

    def check(self) -> dict[str, float]:
        """The share of whole answers right, by task, on pictures of the level in use."""
        self._model.choose("vision")
        tally = self._tally(int(float(self.progress)), "level")
        scenes = self._tally(int(float(self.scenes)), "scenes")
        return tally | {f"scenes_{task}": share for task, share in scenes.items()}

    def _tally(self, level: int, kind: Kind) -> dict[str, float]:
        if level not in levels_there(self._work, "valid", kind):
            return {}
        rng = np.random.default_rng(4)
        stream = endless(self._work, "valid", {level: 1.0}, rng, kind)
        tally: dict[str, list[bool]] = {}
        for batch in itertools.islice(packed(stream, self._crop), 8):
            typed = self._typed([[one] for one in batch], self._look(batch, recolour=False))
            for seen, right in zip(batch, answers_right(self._model, *typed), strict=True):
                tally.setdefault(seen.task, []).append(right)
        return {task: sum(right) / len(right) for task, right in sorted(tally.items())}
