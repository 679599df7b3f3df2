"""What a person chose: checked, read with forgiveness, saved without losing what is not known."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phi_desk.errors import InputError, UsageError
from phi_desk.services.engines import EngineOptions
from phi_desk.settings.fields import options_of, sentence_of
from phi_desk.settings.schema import (
    Answers,
    Appearance,
    HotKeys,
    Live,
    Model,
    Overlay,
    Settings,
    Window,
)
from phi_desk.settings.store import SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.json"


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def content(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


DARK = replace(Settings(), appearance=Appearance(theme="dark", text_scale=1.25))


def test_every_option_has_a_sentence() -> None:
    for part in options_of(Settings()):
        for one in options_of(getattr(Settings(), part.name)):
            sentence = sentence_of(getattr(Settings(), part.name), one.name)
            assert sentence.endswith((".", "…")), (part.name, one.name)


def test_options_do_not_change_under_the_hand() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().appearance.theme = "dark"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Appearance("dark")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Appearance(text_scale=9),
        lambda: Appearance(text_scale=float("nan")),
        lambda: Overlay(width=3),
        lambda: Answers(max_tokens=0),
        lambda: Answers(top_p=0),
        lambda: Live(pause_s=30),
        lambda: Overlay(opacity=0),
        lambda: Overlay(text_colour="red"),
    ],
)
def test_values_out_of_range_are_said(wrong: Any) -> None:
    with pytest.raises(UsageError) as caught:
        wrong()
    assert caught.value.sentence.endswith(".")


def test_they_come_out_as_the_parts_take_them() -> None:
    assert Answers(max_tokens=7, temperature=0.5).options().max_tokens == 7
    assert Live(pause_s=1).options().pause_s == 1
    model = Model(precision="int8", adapters=("a",))
    assert model.engine_options().adapters == (Path("a"),)
    assert model.engine_options().precision == "int8"


def test_what_was_typed_counts_more_than_what_was_chosen() -> None:
    chosen = Model(device="cpu", precision="int8", adapters=("mine",))
    assert chosen.engine_options(EngineOptions(model="tiny")) == EngineOptions(
        model="tiny", device="cpu", precision="int8", adapters=(Path("mine"),)
    )
    typed = EngineOptions(device="cuda", precision="bf16", adapters=(Path("other"),))
    assert chosen.engine_options(typed) == typed


def test_the_same_keys_twice_are_a_conflict() -> None:
    keys = HotKeys(live="Alt+Ctrl+space", ask_screen="Ctrl+Alt+Space", window="", push_to_talk="")
    assert keys.conflicts() == (("ask_screen", "live"),)
    assert HotKeys().conflicts() == ()


def test_without_a_file_everything_is_as_delivered(path: Path) -> None:
    loaded = SettingsFile(path).load()
    assert (loaded.settings, loaded.notices) == (Settings(), ())
    assert not path.exists()


def test_saved_and_read_again(path: Path) -> None:
    chosen = replace(
        DARK,
        model=Model(device="cpu", adapters=("a/b", "c")),
        window=Window(tray=True),
        overlay=Overlay(x=-5, y=None),
    )
    SettingsFile(path).save(chosen)
    loaded = SettingsFile(path).load()
    assert (loaded.settings, loaded.notices) == (chosen, ())


def test_only_what_differs_is_written(path: Path) -> None:
    file = SettingsFile(path)
    file.save(DARK)
    assert content(path) == {"schema": 1, "appearance": {"theme": "dark", "text_scale": 1.25}}
    file.save(Settings())
    assert content(path) == {"schema": 1}


def test_keys_of_other_versions_are_kept(path: Path) -> None:
    write(path, {"schema": 1, "appearance": {"sparkle": 3}, "jukebox": {"on": True}})
    file = SettingsFile(path)
    assert file.load().notices == ()
    file.save(DARK)
    assert content(path)["jukebox"] == {"on": True}
    assert content(path)["appearance"] == {"sparkle": 3, "theme": "dark", "text_scale": 1.25}


def test_a_wrong_value_is_named_and_left_until_it_is_changed(path: Path) -> None:
    write(
        path,
        {
            "schema": 1,
            "appearance": {"theme": "purple", "text_scale": 1.5},
            "answers": {"max_tokens": "many"},
            "overlay": 7,
            "live": {"pause_s": -1},
        },
    )
    file = SettingsFile(path)
    loaded = file.load()
    assert loaded.settings.appearance == Appearance(text_scale=1.5)
    named = [notice.split("“")[1].split("”")[0] for notice in loaded.notices]
    assert named == ["appearance.theme", "answers.max_tokens", "live.pause_s", "overlay"]
    file.save(replace(loaded.settings, window=Window(tray=True)))
    assert content(path)["appearance"]["theme"] == "purple"
    assert content(path)["overlay"] == 7
    file.save(
        replace(loaded.settings, appearance=Appearance(theme="light"), overlay=Overlay(lines=4))
    )
    assert content(path)["appearance"] == {"theme": "light"}
    assert content(path)["overlay"] == {"lines": 4}


def test_values_that_only_fit_together_are_read_together(path: Path) -> None:
    write(path, {"schema": 1, "live": {"pause_s": 25, "longest_s": 90}})
    loaded = SettingsFile(path).load()
    assert loaded.notices == ()
    assert loaded.settings.live.pause_s == 25


def test_what_somebody_wrote_meanwhile_stays(path: Path) -> None:
    file = SettingsFile(path)
    file.save(DARK)
    values = content(path)
    values["live"] = {"target": "German"}
    write(path, values)
    file.save(replace(DARK, window=Window(welcomed=True)))
    assert content(path)["live"] == {"target": "German"}


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", "null", '{"schema": "1"}', '{"schema": 0}', "{}", "[" * 100_000, "\x00"],
)
def test_a_broken_file_is_reported_and_never_replaced(path: Path, broken: str) -> None:
    write(path, broken)
    file = SettingsFile(path)
    loaded = file.load()
    assert loaded.settings == Settings()
    assert len(loaded.notices) == 1
    assert path.read_text() == broken
    file.save(DARK)
    assert path.with_name("settings.json.broken-1").read_text() == broken
    assert SettingsFile(path).load().settings == DARK


def test_a_file_that_breaks_meanwhile_loses_nothing(path: Path) -> None:
    file = SettingsFile(path)
    file.save(DARK)
    write(path, "oops")
    file.save(replace(DARK, window=Window(welcomed=True)))
    loaded = SettingsFile(path).load()
    assert loaded.settings == replace(DARK, window=Window(welcomed=True))
    assert path.with_name("settings.json.broken-1").read_text() == "oops"


def test_a_newer_file_is_not_used_and_not_touched(path: Path) -> None:
    write(path, {"schema": 9, "appearance": {"theme": "dark"}})
    file = SettingsFile(path)
    (notice,) = file.load().notices
    assert "newer version" in notice
    with pytest.raises(InputError, match="newer version"):
        file.save(DARK)
    assert content(path) == {"schema": 9, "appearance": {"theme": "dark"}}


def to_two(values: dict[str, Any]) -> dict[str, Any]:
    """In the first schema the theme lay at the top."""
    return {"appearance": {"theme": values["theme"]}}


def to_three(values: dict[str, Any]) -> dict[str, Any]:
    """In the second one the dark theme was called night."""
    theme = {"night": "dark"}.get(values["appearance"]["theme"], "light")
    return {**values, "appearance": {"theme": theme}}


@pytest.mark.parametrize(
    "old",
    [
        {"schema": 1, "theme": "night"},
        {"schema": 2, "appearance": {"theme": "night"}},
        {"schema": 3, "appearance": {"theme": "dark"}},
    ],
)
def test_older_schemas_are_brought_forward_step_by_step(path: Path, old: dict[str, Any]) -> None:
    write(path, old)
    file = SettingsFile(path, (to_two, to_three))
    loaded = file.load()
    assert (loaded.settings.appearance.theme, loaded.notices) == ("dark", ())
    assert content(path) == old
    file.save(replace(loaded.settings, window=Window(tray=True)))
    assert content(path) == {
        "schema": 3,
        "appearance": {"theme": "dark"},
        "window": {"tray": True},
    }


def test_a_step_that_meets_nonsense_is_a_broken_file(path: Path) -> None:
    write(path, {"schema": 1})
    loaded = SettingsFile(path, (to_two,)).load()
    assert "damaged" in loaded.notices[0]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as caught:
        SettingsFile(tmp_path / "file" / "settings.json").save(DARK)
    assert caught.value.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
PARTS = {one.name: getattr(Settings(), one.name) for one in options_of(Settings())}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_the_file_says_the_settings_are_right(path: Path, data: st.DataObject) -> None:
    values: dict[str, Any] = {"schema": 1}
    for name in data.draw(st.sets(st.sampled_from(sorted(PARTS)), max_size=4)):
        names = [one.name for one in options_of(PARTS[name])]
        values[name] = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=4) | JSON)
    write(path, values)
    file = SettingsFile(path)
    loaded = file.load()
    file.save(replace(loaded.settings, appearance=Appearance(theme="dark")))
    again = SettingsFile(path).load().settings
    assert again == replace(loaded.settings, appearance=Appearance(theme="dark"))
