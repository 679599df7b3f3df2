"""Spoken questions about scenes: several at once are each answered as if it were asked alone."""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging" / "nano"))

import job_asked
from corpus import Sentence
from data_makers.small_nano import small_nano, small_writer
from job_asked import AskedJob
from losses import answer_states
from pictures import PictureExample, spoken_question
from scenes import Wish, compose, paint, thing_map
from shards import Clip

from phi_desk.media.picture import Picture

FRAMES = 128
WISHES = (Wish("star", "red"), Wish("circle", "blue"))


def clip(text: str) -> Clip:
    """Some sound, always the same for the same words."""
    rng = np.random.default_rng(list(text.encode()))
    features = rng.uniform(1, 20, (FRAMES, 80)).astype(np.float16)
    return Clip(features, "en", "nobody", Sentence("question", {"en": text}))


class Clips(defaultdict[str, list[Clip]]):
    """Of every question but those that begin with a word that nobody ever says."""

    def __init__(self, unsaid: str) -> None:
        super().__init__()
        self._unsaid = unsaid

    def __contains__(self, text: object) -> bool:
        return not str(text).startswith(self._unsaid)

    def __missing__(self, text: str) -> list[Clip]:
        return [clip(text)]


@pytest.fixture
def scene() -> PictureExample:
    dice = random.Random(2)
    made = next(scene for scene in iter(lambda: compose(dice, 3, WISHES), 0) if scene is not None)
    picture = Picture(np.asarray(paint(dice, "valid", 3, made)))
    return PictureExample(picture, "question", "What is red?", "A star", thing_map(made), None)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AskedJob:
    monkeypatch.setattr(job_asked, "_by_text", lambda *_: Clips("Count"))
    monkeypatch.setattr(job_asked, "bent", lambda sounds, _: sounds)
    model = small_nano(loud=True)
    model.choose("vision")
    return AskedJob(model, small_writer(), tmp_path)


def test_more_is_asked_of_what_there_are_clips_of(job: AskedJob, scene: PictureExample) -> None:
    groups = [job._spoken_of([scene])[0] for _ in range(60)]
    assert {group[0].question for group in groups} == {"What is red?"}
    assert max(map(len, groups)) == 4
    assert not [one for group in groups for one in group if one.question.startswith("Count")]
    page = replace(scene, task="sign")
    assert job._spoken_of([page, scene]) == [[page], [scene]]


@torch.no_grad()
def test_questions_spoken_together_are_answered_as_each_alone(
    job: AskedJob, scene: PictureExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_asked, "_TRANSCRIBED", 0.0)
    looked = job._look([scene], recolour=False)
    groups, batch, media = job._aloud([scene], looked, "train")
    assert len(groups[0]) > 2
    together, said = answer_states(job._model, batch, media)
    alone = [job._aloud([one], looked, "valid")[1:] for one in groups[0]]
    each = [answer_states(job._model, *one) for one in alone]
    assert said.tolist() == torch.cat([tokens for _, tokens in each]).tolist()
    wanted = torch.cat([states for states, _ in each])
    torch.testing.assert_close(together, wanted, rtol=1e-3, atol=1e-4)


def test_some_are_only_to_be_written_down(
    job: AskedJob, scene: PictureExample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_asked, "_TRANSCRIBED", 1.0)
    with torch.no_grad():
        groups, *_ = job._aloud([scene], job._look([scene], recolour=False), "train")
    assert all(one.answer == spoken_question(replace(one, task="question")) for one in groups[0])
    assert "question" not in {one.task for one in groups[0]}
