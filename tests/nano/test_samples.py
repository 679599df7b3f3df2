"""The samples of the demonstration are those that the generators make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import samples
from engines import missing
from voices import voices

from phi_desk.services.demo.samples import read_samples, samples_folder

SPOKEN = [voice for voice in voices("test") if voice.engine in ("flite", "espeak")]


def test_every_speaker_is_one_that_training_never_heard() -> None:
    trained = {voice.label for voice in voices("train")}
    named = {*samples._SPEAKERS.values(), samples._ASKING}
    assert named.isdisjoint(trained)
    assert named <= {voice.label for voice in SPOKEN}


@pytest.mark.skipif(bool(missing(tuple(SPOKEN))), reason="espeak-ng or flite is not installed")
def test_they_are_made_again_by_seed(tmp_path: Path) -> None:
    samples.make_samples(tmp_path)
    made = json.loads((tmp_path / "samples.json").read_text(encoding="utf-8"))
    bundled = json.loads((samples_folder() / "samples.json").read_text(encoding="utf-8"))
    pictures = ("read", "table", "ask", "ask-sign")  # their content depends on the fonts there are
    for new, old in zip(made["samples"], bundled["samples"], strict=True):
        assert new["name"] == old["name"]
        if new["name"] not in pictures:
            assert new == old
    assert {path.name for path in tmp_path.iterdir()} == {
        path.name for path in samples_folder().iterdir() if path.name != "README.md"
    }
    assert len(read_samples(tmp_path)) == len(made["samples"])
