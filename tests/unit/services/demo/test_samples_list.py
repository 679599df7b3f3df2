"""The list of samples: whole, small, and honest about what it expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from phi_desk.errors import InputError
from phi_desk.services.demo.samples import Kind, compare, read_samples, samples_folder

LARGEST = 1_000_000  # bytes of all samples


def test_the_bundled_samples_show_every_job_and_are_there() -> None:
    samples = read_samples()
    assert {sample.kind for sample in samples} == set(get_args(Kind))
    assert len({sample.name for sample in samples}) == len(samples)
    for sample in samples:
        for file in (sample.sound, sample.picture):
            assert file is None or file.is_file()
        assert sample.expected
        assert sample.input or sample.picture
        assert bool(sample.voice) == (sample.sound is not None)
    folder = samples_folder()
    assert sum(path.stat().st_size for path in folder.iterdir()) < LARGEST
    assert "espeak-ng" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("expected", "answer", "agreement"),
    [
        ("The bank is open.", "the bank is open", "as expected"),
        ("Où est la gare ?", "Où est la gare?", "as expected"),
        ("| a | b |\n| --- | --- |\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |", "as expected"),
        ("Purple", "The triangle is purple.", "contains it"),
        ("Purple", "The triangle is purplish.", "not as expected"),
        ("Five", "Twenty-five", "not as expected"),
        ("11 + 17 = 28", "11 + 17 = 29", "not as expected"),
        ("One two three four five.", "It says: one two three four five.", "not as expected"),
        ("Yes", "", "not as expected"),
    ],
)
def test_answers_are_compared_by_their_words(expected: str, answer: str, agreement: str) -> None:
    assert compare(expected, answer) == agreement


def test_samples_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not part of this copy"):
        read_samples(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"samples": [3]}', '{"samples": [{"kind": "dance", "name": "x"}]}',
     json.dumps({"samples": [{"kind": "hear", "name": "x", "odd": 1}]})],
)  # fmt: skip
def test_a_damaged_list(tmp_path: Path, text: str) -> None:
    (tmp_path / "samples.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="list of samples is damaged"):
        read_samples(tmp_path)
