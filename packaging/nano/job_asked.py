"""The last stage: questions that are spoken, about pictures; the projection "vision" for sound."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from data import Batch, Sample, Writer, grouped
from job_vision import POINTED_WEIGHT, Looked, VisionJob
from losses import answer_loss, answers_right
from network import Nano
from picture_batches import is_scenes, packed, weight_of, with_more
from picture_stream import endless, levels_there
from pictures import SPELT, PictureExample, spoken_question
from shards import Clip, all_clips
from shards import shards as sound_shards
from sound_batches import bent, padded
from torch import Tensor, nn
from train import Told

from phi_desk.engine import tasks

SPLITS = ("train", "valid")
_SPOKEN = 0.6  # of the batches; the others are typed, so that reading is not forgotten
_WRITTEN = "written"  # the task of a spoken question that is to be written down
_MORE_SPOKEN = 3  # questions about a scene beside its own
_TRANSCRIBED = 0.2  # of the spoken questions are to be written down: that teaches to hear them


class AskedJob(VisionJob):
    """Goes on with all of vision, and trains the second projection of sound."""

    name = "asked"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        audio = model.audio
        up, down = audio.up_proj_for_vision_speech, audio.down_proj_for_vision_speech
        up.load_state_dict(audio.up_proj_for_speech.state_dict())
        down.load_state_dict(audio.down_proj_for_speech.state_dict())
        parts = dict(self.trained.items())  # type: ignore[operator]
        self.trained = nn.ModuleDict(parts | {"sound_up": up, "sound_down": down})
        model.conformer.requires_grad_(requires_grad=False)
        self._spoken = {split: _by_text(work, split) for split in SPLITS}
        self._generator = torch.Generator().manual_seed(1)
        self.tower = "still"

    def batches(self, seed: int) -> Iterator[Sequence[PictureExample]]:
        self._generator.manual_seed(seed)
        return super().batches(seed)

    def loss(self, batch: Sequence[PictureExample]) -> Told:
        if self._rng.random() > _SPOKEN:
            return super().loss(batch)
        spoken = [seen for seen in batch if spoken_question(seen) in self._spoken["train"]]
        if not spoken:
            return super().loss(batch)
        looked = self._look(spoken, recolour=True)
        self._model.choose("vision")
        asked, prompts, media = self._aloud(spoken, looked, "train")
        weights = [weight_of(group[0]) for group in asked]
        inputs: list[Tensor] = []
        loss, right = answer_loss(self._model, prompts, media, weights, inputs)
        numbers = {"spoken": loss.item(), "spoken_right": right}
        loss = loss + POINTED_WEIGHT * self._pointed(prompts, asked, looked, inputs, numbers)
        return Told(loss, len(spoken), numbers)

    def _aloud(
        self, batch: Sequence[PictureExample], looked: Looked, split: str
    ) -> tuple[list[list[PictureExample]], Batch, Tensor]:
        """The questions as spoken, some of them only to be written down: what is asked, then.

        And padded sequences, and what stands in them for pictures and sounds.
        """
        learning = split == "train"
        groups = self._spoken_of(batch) if learning else [[seen] for seen in batch]
        heard = iter(self._hear([seen for group in groups for seen in group], split))
        asked: list[list[PictureExample]] = []
        samples: list[list[Sample]] = []
        media: list[Tensor] = []
        for group, picture in zip(groups, looked.pictures, strict=True):
            sounds = list(itertools.islice(heard, len(group)))
            told = [self._to_be_written(seen) if learning else (seen, "") for seen in group]
            media += [picture, *sounds]
            asked.append([meant for meant, _ in told])
            samples.append(
                [
                    self._writer.media(
                        question, len(picture), len(sound), meant.answer,
                        spelt=meant.task in SPELT,
                    )
                    for (meant, question), sound in zip(told, sounds, strict=True)
                ]
            )  # fmt: skip
        shared = [1 + len(picture) for picture in looked.pictures]
        return asked, grouped(samples, shared), torch.cat(media)

    def _hear(self, asked: Sequence[PictureExample], split: str) -> Sequence[Tensor]:
        """A clip of each question, as it stands in the prompt."""
        chosen = [self._clip(spoken_question(seen), split) for seen in asked]
        sounds = padded([clip.features for clip in chosen])
        if split == "train":
            sounds = bent(sounds, self._generator)
        with torch.no_grad():
            encoded = self._model.hear(sounds.to(self._model.device))
        return list(self._model.project_sound(encoded, "vision"))

    def _to_be_written(self, seen: PictureExample) -> tuple[PictureExample, str]:
        """What a spoken question is to be answered with, and what is typed beside it.

        At times it is only to be written down.
        """
        if self._rng.random() >= _TRANSCRIBED:
            return seen, ""
        return replace(seen, task=_WRITTEN, answer=spoken_question(seen)), tasks.transcribe()

    def _spoken_of(self, batch: Sequence[PictureExample]) -> list[list[PictureExample]]:
        """What is asked about each picture: more about a scene, of what there are clips of."""
        if not is_scenes(batch):
            return [[seen] for seen in batch]
        known = self._spoken["train"]
        groups = [with_more(seen, self._crop, _MORE_SPOKEN, self._rng) for seen in batch]
        return [[one for one in group if spoken_question(one) in known] for group in groups]

    def _clip(self, text: str, split: str) -> Clip:
        clips = self._spoken[split][text]
        return clips[int(self._rng.integers(len(clips)))]

    def check(self) -> dict[str, float]:
        result = super().check()
        stream = endless(self._work, "valid", self._hardest(), np.random.default_rng(4))
        right: list[bool] = []
        for batch in itertools.islice(packed(stream, self._crop), 8):
            asked = [seen for seen in batch if spoken_question(seen) in self._spoken["valid"]]
            if asked:
                looked = self._look(asked, recolour=False)
                _, prompts, media = self._aloud(asked, looked, "valid")
                right += answers_right(self._model, prompts, media)
        return result | {"spoken": sum(right) / max(1, len(right))}

    def _hardest(self) -> dict[int, float]:
        level = int(float(self.progress))
        return {level if level in levels_there(self._work, "valid") else 0: 1.0}


def _by_text(work: Path, split: str) -> dict[str, list[Clip]]:
    found: dict[str, list[Clip]] = defaultdict(list)
    for clip in all_clips(sound_shards(work, f"{split}-questions")):
        found[clip.sentence.text["en"]].append(clip)
    if not found:
        raise FileNotFoundError(f"no spoken questions in {work}: make the data first")
    return dict(found)
