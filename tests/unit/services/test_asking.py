"""Which recordings go in whole, and what the adapter option means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError, UsageError
from phi_desk.media.decode import SoundTooLongError
from phi_desk.media.sound import Sound
from phi_desk.services import ask
from phi_desk.services.ask import Question, gather
from phi_desk.services.engines import choose_adapter
from phi_desk.services.tally import Tally


def test_half_an_hour_in_all_goes_in_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = {"a": 20, "b": 25, "c": 10}

    def read(path: Path, *, cancel: CancelToken, max_seconds: float) -> Sound:
        if minutes[path.name] * 60 > max_seconds:
            raise SoundTooLongError("Too long.")
        return Sound(np.zeros(minutes[path.name] * 60 * 16_000, np.float32))

    monkeypatch.setattr(ask, "read_sound", read)
    question = Question(text="What?", sounds=tuple(map(Path, minutes)))
    sounds = gather(question, CancelToken()).sounds
    assert [isinstance(sound, Sound) for sound in sounds] == [True, False, True]


def test_nothing_to_ask() -> None:
    with pytest.raises(UsageError):
        Question(text=" \n")


def test_adapter_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "auto").mkdir()
    assert choose_adapter("auto") == ("auto", ())
    assert choose_adapter("none") == ("none", ())
    assert choose_adapter("speech") == ("speech", ())
    assert choose_adapter("mine") == ("mine", (Path("mine"),))
    assert choose_adapter(str(tmp_path / "mine")) == ("mine", (tmp_path / "mine",))
    with pytest.raises(InputError):
        choose_adapter("./nothing-here")


def test_a_tally_of_nothing() -> None:
    finished = Tally().finish("")
    assert (finished.reason, finished.adapter, finished.output_tokens) == ("stop", None, 0)
    assert finished.first_token_s is None
