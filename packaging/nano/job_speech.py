"""The speech stages: the encoder by itself (CTC), then with the decoder and the speech adapter."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from corpus import LANGUAGES
from data import ROWS, Batch, Sample, Writer, collate
from losses import answer_loss, answers_right, ctc_guess, ctc_loss
from network import Nano
from score import normalised, word_error_rate
from shards import Clip, all_clips, shards
from sound_batches import TALK, bent, clip_batches, masked, padded
from torch import Tensor, nn
from train import Told
from translating import DETECT_SPEECH

from phi_desk.engine import tasks
from phi_desk.engine.languages import find_language

_FRAMES = 80 * 256  # of padded features a batch
_SHORT, _CLIPS_A_FRAME = 160, 60  # frames at first, and clips until one frame more is allowed
_UNMASKED = 60_000  # clips until the masks are whole
_MASKED = 0.5  # of the widths that `masked` knows: what is heard here is noisy by itself
_CTC_WEIGHT = 0.3
# The share of batches in which the decoder also hears without its adapter, where it is to say
# nothing: else the projection alone makes words of sound that the decoder translates as if typed.
_BARE, _BARE_WEIGHT = 0.12, 0.3
_CHECKED = 384  # clips of the validation shards
_TASKS = ("transcribe", "translate", "both", "language")
_SHARES = (0.42, 0.2, 0.26, 0.12)
_ANSWERED = 0.8  # of the questions to the app are answered, the others written down
_SAME = 0.05  # of the translations go into the language that is spoken: captions ask for that, too


def language_name(code: str) -> str:
    """The English name, as prompts use it."""
    return find_language(code).name


class _Hearing:
    """What both stages share: clips, the CTC head, and the words that it is to find."""

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        self._model, self._writer, self._work = model, writer, work
        self._blank = int(model.config["vocab_size"])
        self.head = nn.Linear(int(model.config["audio_config"]["hidden_size"]), self._blank + 1).to(
            model.device
        )
        self._generator = torch.Generator().manual_seed(1)
        self._valid: list[Clip] | None = None
        # How many clips were heard so far: kept with the weights, for the curriculum.
        self.heard = nn.Parameter(torch.zeros(1), requires_grad=False)

    def batches(self, seed: int) -> Iterator[list[Clip]]:
        self._generator.manual_seed(seed)
        return clip_batches(self._work, "train", seed, _FRAMES, self._longest)

    def _longest(self) -> float:
        """Frames of the longest clip: short ones first, which leave CTC fewer ways to go wrong."""
        return _SHORT + float(self.heard) / _CLIPS_A_FRAME

    def _hear(self, batch: list[Clip]) -> Tensor:
        features = bent(padded([clip.features for clip in batch]), self._generator)
        strength = _MASKED * min(1.0, float(self.heard) / _UNMASKED)
        self.heard.data += len(batch)
        hidden = masked(features, self._generator, strength)
        even = nn.functional.pad(hidden, (0, 0, 0, 0, 0, -len(batch) % ROWS))
        return self._model.hear(even.to(self._model.device))[: len(batch)]

    def _words(self, clip: Clip) -> list[int]:
        """What CTC shall find: small letters without punctuation, as pieces; nothing for noise."""
        said = normalised(spoken(clip))
        return self._writer.tokens.encode_plain(" " + said) if said else []

    def _ctc(self, encoded: Tensor, batch: list[Clip]) -> Tensor:
        return ctc_loss(self.head(encoded), [self._words(clip) for clip in batch], self._blank)

    def _valid_batches(self) -> Iterator[list[Clip]]:
        if self._valid is None:
            found = all_clips(shards(self._work, "valid"))
            rng = np.random.default_rng(3)
            picked = rng.permutation(len(found))[:_CHECKED]
            self._valid = sorted((found[i] for i in picked), key=lambda c: len(c.features))
        for start in range(0, len(self._valid), 48):
            yield self._valid[start : start + 48]

    def _ctc_check(self) -> dict[str, float]:
        """WER of the best CTC path, overall and for each language."""
        told: dict[str, tuple[list[str], list[str]]] = {}
        for batch in self._valid_batches():
            logits = self.head(
                self._model.hear(padded([c.features for c in batch]).to(self._model.device))
            )
            for clip, guess in zip(batch, ctc_guess(logits, self._blank), strict=True):
                text = self._writer.tokens.decode(guess)
                for key in ("all", clip.language):
                    wanted, given = told.setdefault(key, ([], []))
                    wanted.append(spoken(clip))
                    given.append(text)
        return {f"wer_{k}": word_error_rate(w, g) for k, (w, g) in sorted(told.items())}


class CtcJob(_Hearing):
    """Trains the speech encoder alone to spell what was said."""

    name = "ctc"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        self.trained: nn.Module = nn.ModuleDict(
            {
                "conformer": model.conformer,
                "ctc": self.head,
                "curriculum": nn.ParameterDict({"heard": self.heard}),
            }
        )

    def loss(self, batch: list[Clip]) -> Told:
        loss = self._ctc(self._hear(batch), batch)
        return Told(loss, len(batch), {})

    def check(self) -> dict[str, float]:
        return self._ctc_check()


class SpeechJob(_Hearing):
    """Trains encoder, projection and speech adapter; the decoder stands still."""

    name = "speech"

    def __init__(self, model: Nano, writer: Writer, work: Path) -> None:
        super().__init__(model, writer, work)
        audio = model.audio
        self.trained: nn.Module = nn.ModuleDict(
            {
                "conformer": model.conformer,
                "ctc": self.head,
                "curriculum": nn.ParameterDict({"heard": self.heard}),
                "up": audio.up_proj_for_speech,
                "down": audio.down_proj_for_speech,
                "adapter": model.adapter("speech"),
            }
        )
        self._rng = np.random.default_rng(1)

    def loss(self, batch: list[Clip]) -> Told:
        encoded = self._hear(batch)
        asked = [self._question(clip) for clip in batch]
        samples = self._samples(asked, encoded.shape[1])
        media = self._model.project_sound(encoded, "speech").flatten(0, 1)
        self._model.choose("speech")
        loss, right = answer_loss(self._model, samples, media)
        numbers = {"answer": loss.item(), "right": right}
        loss = loss + _CTC_WEIGHT * self._ctc(encoded, batch)
        if self._rng.random() < _BARE:
            bare, numbers["silent"] = self._without_adapter(asked, encoded.shape[1], media)
            loss = loss + _BARE_WEIGHT * bare
        return Told(loss, len(batch), numbers)

    def _without_adapter(
        self, asked: list[tuple[str, str]], positions: int, media: Tensor
    ) -> tuple[Tensor, float]:
        """The loss of saying nothing to the same questions, and how often that is the guess."""
        self._model.choose(None)
        silent = self._samples([(question, "") for question, _ in asked], positions)
        return answer_loss(self._model, silent, media)

    def _samples(self, asked: list[tuple[str, str]], positions: int) -> Batch:
        samples: list[Sample] = [
            self._writer.media(question, 0, positions, answer) for question, answer in asked
        ]
        return collate(samples)

    def _question(self, clip: Clip) -> tuple[str, str]:
        """What is asked about a clip, and the right answer."""
        if clip.sentence.kind == TALK:
            if self._rng.random() < _ANSWERED:
                return "", clip.sentence.text["answer"]
            return tasks.transcribe(), spoken(clip)
        task = str(self._rng.choice(_TASKS, p=_SHARES))
        if len(clip.sentence.text) == 1:  # single words, of which there is no translation
            task = "transcribe"
        same = self._rng.random() < _SAME
        others = [code for code in LANGUAGES if (code == clip.language) == same]
        others = others or list(LANGUAGES)  # sounds without words have no language
        return asked_of(clip, task, str(self._rng.choice(others)))

    def check(self) -> dict[str, float]:
        """WER of the CTC path, and the share of answers right to the last letter, by task."""
        result = self._ctc_check()
        self._model.choose("speech")
        for task in _TASKS:
            right: list[bool] = []
            for batch in self._valid_batches():
                encoded = self._model.hear(
                    padded([clip.features for clip in batch]).to(self._model.device)
                )
                asked = [
                    asked_of(clip, task, "de" if clip.language == "en" else "en") for clip in batch
                ]
                samples = self._samples(asked, encoded.shape[1])
                media = self._model.project_sound(encoded, "speech").flatten(0, 1)
                right += answers_right(self._model, samples, media)
            result[task] = sum(right) / max(1, len(right))
        return result


def spoken(clip: Clip) -> str:
    """What was said, as written; nothing for sounds without speech."""
    return clip.sentence.text.get(clip.language, "")


def asked_of(clip: Clip, task: str, target: str) -> tuple[str, str]:
    """The published prompt of a task for a clip, and the answer; sounds without words give none."""
    said = spoken(clip)
    translated = clip.sentence.text.get(target, "")
    language = find_language(target)
    match task:
        case "transcribe":
            return tasks.transcribe(), said
        case "translate":
            return tasks.translate(language), translated
        case "both":
            both = f"{said} {tasks.SEPARATOR} {translated}" if said else ""
            return tasks.transcribe_and_translate(language), both
        case _:
            return DETECT_SPEECH, f"{language_name(clip.language)}." if said else "None."
