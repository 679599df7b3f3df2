"""Every option of the schema has its place on the page; a new one comes there by itself."""

from __future__ import annotations

from dataclasses import field, make_dataclass
from typing import Any, Literal, cast

import pytest

from phi_desk.settings.fields import option, options_of
from phi_desk.settings.schema import Settings
from phi_desk.ui.settings.looks import LOOKS, PARTS
from phi_desk.ui.settings.options import NoControlError, Option, groups, in_words

EVERY = [one for group in groups() for one in group.options]


def schema_with(**options: Any) -> Settings:
    """Settings of one part with these options: name to (type, default)."""
    fields = [
        (name, kind, option(default, "It does something."))
        for name, (kind, default) in options.items()
    ]
    part = make_dataclass("Part", fields, frozen=True, kw_only=True)
    whole = make_dataclass(
        "Whole", [("novelty", part, field(default_factory=part))], frozen=True, kw_only=True
    )
    return cast("Settings", whole())


def test_every_option_of_the_schema_is_there_once() -> None:
    plain = Settings()
    there = [
        (part.name, one.name)
        for part in options_of(plain)
        for one in options_of(getattr(plain, part.name))
    ]
    assert sorted(there) == sorted(one.key for one in EVERY)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: ".".join(one.key))
def test_an_option_has_words_for_people(one: Option) -> None:
    assert one.title
    assert "_" not in one.title
    assert one.sentence.endswith((".", "…"))
    if one.control == "choice":
        assert one.default in [value for value, _ in one.choices]
        assert len({words for _, words in one.choices}) == len(one.choices)


def test_no_look_is_left_of_an_option_that_went() -> None:
    assert set(LOOKS) <= {one.key for one in EVERY}
    assert set(PARTS) <= {part.name for part in options_of(Settings())}


def test_a_new_part_and_its_options_come_by_themselves() -> None:
    (group,) = groups(
        schema_with(
            loud=(bool, False),
            how_many=(int, 3),
            share=(float, 0.5),
            name_of_it=(str, ""),
            edge=(int | None, None),
            which=(Literal["one", "the_other"], "one"),
            places=(tuple[str, ...], ()),
        )
    )
    assert group.title == "Novelty"
    assert {one.name: one.control for one in group.options} == {
        "loud": "switch",
        "how_many": "whole",
        "share": "number",
        "name_of_it": "words",
        "edge": "perhaps_whole",
        "which": "choice",
        "places": "folders",
    }
    which = next(one for one in group.options if one.name == "which")
    assert which.choices == (("one", "One"), ("the_other", "The other"))


@pytest.mark.parametrize("kind", [dict[str, int], bytes, bool | None, tuple[int, ...]])
def test_an_option_that_no_control_can_show_is_found_out(kind: Any) -> None:
    with pytest.raises(NoControlError, match=r"novelty\.strange"):
        groups(schema_with(strange=(kind, None)))


def test_names_are_read_as_words() -> None:
    assert in_words("hands_free_pause_s") == "Hands free pause"


@pytest.mark.parametrize("words", ["translat", "LIVE target", "what is  heard"])
def test_words_find_an_option_by_its_group_title_and_sentence(words: str) -> None:
    found = [one for g in groups() for one in g.options if one.matches(words, g.title)]
    assert any(one.part == "live" for one in found)
    assert len(found) < len(EVERY)
