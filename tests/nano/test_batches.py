"""Prompts, answers and padding of the training data."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from corpus import Sentence
from data import MEDIA, Sample, Writer, bucketed, collate
from data_makers.tiny_checkpoint import tokenizer
from picture_batches import otherwise
from pictures import PictureExample
from shards import Clip, path_of, write_shard
from sound_batches import BANDS, TALK, clips, joined

from phi_desk.engine import tasks
from phi_desk.engine.messages import Message, Text
from phi_desk.engine.tokens import Tokens
from phi_desk.media.picture import Picture


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(Tokens(tokenizer()))


def test_a_sample_is_prompt_and_answer_and_end(writer: Writer) -> None:
    sample = writer.text((Message("user", (Text("hi"),)),), (), "yes")
    decoded = writer.tokens.decode(sample.ids)
    assert decoded == "hiyes"
    assert sample.ids[0] == writer.tokens.control("user")
    assert sample.ids[-1] == writer.tokens.control("end")
    assert sample.answer == len("yes") + 1


def test_media_stand_before_the_words_of_a_turn(writer: Writer) -> None:
    sample = writer.media(tasks.transcribe(), 2, 3, "one")
    assert sample.ids[1:6] == (MEDIA,) * 5
    assert sample.ids[0] == writer.tokens.control("user")
    assert writer.tokens.decode(i for i in sample.ids if i != MEDIA) == tasks.transcribe() + "one"


def test_a_line_is_copied_letter_by_letter(writer: Writer) -> None:
    ids, tokens = writer.spelt("€ 3,50 Tee"), writer.tokens
    assert tokens.decode(ids) == "€ 3,50 Tee"
    assert writer.listed("€ 3,50 Tee").ids[1:] == ids
    copied = writer.copied("€ 3,50 Tee")
    asked, answered = (tokens.control("user"), *ids), (tokens.control("assistant"), *ids)
    assert copied.ids == asked + answered
    assert copied.answer == len(ids)


def test_a_line_may_stand_behind_a_question_and_have_another_answer(writer: Writer) -> None:
    asked = writer.copied("Tee 3", "Read it.", "| Tee | 3 |")
    assert writer.tokens.decode(asked.ids) == "Read it.\nTee 3| Tee | 3 |"
    assert writer.tokens.decode(asked.ids[-asked.answer :]) == "| Tee | 3 |"


def test_tool_calls_in_answers_are_control_tokens(writer: Writer) -> None:
    ids = writer.answer("<|tool_call|>[]<|/tool_call|>")
    tokens = writer.tokens
    assert ids[0] == tokens.control("tool_call")
    assert ids[-2:] == (tokens.control("/tool_call"), tokens.control("end"))


def test_each_answer_token_is_the_target_of_the_place_before_it() -> None:
    batch = collate([Sample((5, 6, 7, 8), 2), Sample((1, MEDIA, 9), 1)])
    assert batch.ids.tolist() == [[5, 6, 7, 8], [1, 0, 9, 0]]
    assert batch.targets.tolist() == [[-100, 7, 8, -100], [-100, 9, -100, -100]]
    assert batch.media.tolist() == [[False] * 4, [False, True, False, False]]


def test_batches_hold_like_sizes_within_the_budget() -> None:
    rng = np.random.default_rng(0)
    sizes = iter(int(n) for n in rng.integers(1, 50, 10_000))
    batches = bucketed(sizes, lambda n: n, 200, rng, 500)
    drawn = [next(batches) for _ in range(40)]
    assert all(len(batch) == 1 or max(batch) * len(batch) <= 200 for batch in drawn)
    spread = [max(batch) - min(batch) for batch in drawn]
    assert np.mean(spread) < 5


def test_two_clips_become_one_of_both_texts() -> None:
    first = _clip(3, "en", {"en": "One.", "de": "Eins."})
    second = _clip(2, "en", {"en": "Two.", "de": "Zwei."})
    both = joined(first, second, 4)
    assert both.features.shape == (9, BANDS)
    assert not both.features[3:7].any()
    assert both.sentence.text == {"en": "One. Two.", "de": "Eins. Zwei."}
    assert (both.language, both.voice) == ("en", first.voice)


def test_joined_clips_keep_their_language_and_stay_short_enough(tmp_path: Path) -> None:
    texts = {"en": {"en": "One."}, "de": {"de": "Eins."}, "": dict[str, str]()}
    write_shard(
        path_of(tmp_path, "train", 0),
        [_clip(10, language, texts[language]) for language in ("en", "de", "") for _ in range(20)],
        1,
    )
    talk = Clip(
        np.ones((9, BANDS), np.float16),
        "en",
        "v",
        Sentence(TALK, {"en": "Hi?", "answer": "Hello."}),
    )
    write_shard(path_of(tmp_path, "train-talk", 0), [talk] * 5, 1)
    drawn = clips(tmp_path, "train", np.random.default_rng(1), lambda: 150)
    several = [clip for clip in itertools.islice(drawn, 600) if len(clip.features) > 10]
    assert 40 < len(several) < 200
    for clip in several:
        assert clip.language
        assert len(clip.features) <= 150
        words = clip.sentence.text[clip.language].split()
        assert set(words) == set(texts[clip.language][clip.language].split())
        assert len(words) > 1


def test_a_table_is_asked_for_as_lines_at_times() -> None:
    pixels = Picture(np.zeros((1, 1, 3), np.uint8))
    table = PictureExample(
        pixels, "table", "q", "| a | b c |\n| --- | --- |\n| 1 | 2 |", None, None
    )
    rng = np.random.default_rng(1)
    forms = {(one.question, one.answer) for one in (otherwise(table, rng) for _ in range(200))}
    assert forms == {("q", table.answer), (tasks.read_text(), "a b c\n1 2")}
    lines = PictureExample(pixels, "read", "q", "a\nb", None, None)
    forms = {(one.question, one.answer) for one in (otherwise(lines, rng) for _ in range(200))}
    assert forms == {("q", "a\nb"), (tasks.read_markdown(), "a\nb")}


def _clip(frames: int, language: str, text: dict[str, str]) -> Clip:
    return Clip(np.ones((frames, BANDS), np.float16), language, "v", Sentence("number", text))
