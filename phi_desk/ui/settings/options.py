"""Every option of the schema as the page shows it: derived, so that a new one is there by itself.

Knows no Qt and no value of a person.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from phi_desk.settings.fields import options_of, sentence_of
from phi_desk.settings.schema import Settings
from phi_desk.ui.settings.looks import LOOKS, PARTS, Look, PartLook

Control = Literal[
    "switch", "choice", "whole", "number", "perhaps_whole", "words", "long_words", "keys",
    "colour", "font", "language", "spoken_language", "folders", "offered",
]  # fmt: skip
Key = tuple[str, str]


class NoControlError(Exception):
    """An option has a type that no control is made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option.

    Attributes:
        control: which control shows it.
        optional: whether no value at all is a value of it.
        choices: what it may be, with the words for it; empty where that is open.
    """

    part: str
    name: str
    title: str
    sentence: str
    default: Any
    control: Control
    optional: bool
    look: Look
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> Key:
        """The part and the name."""
        return (self.part, self.name)

    def matches(self, words: str, group: str) -> bool:
        """Whether all the words a person typed stand somewhere in it or in its group's title."""
        choices = (text for _, text in self.choices)
        said = " ".join((group, self.title, in_words(self.name), self.sentence, *choices))
        return all(word in said.casefold() for word in words.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The options of one part."""

    part: str
    title: str
    sentence: str
    options: tuple[Option, ...]


def groups(settings: Settings | None = None) -> tuple[Group, ...]:
    """All of them, in the order of the page.

    Raises:
        NoControlError: the schema has an option of a type that cannot be shown.
    """
    plain = settings if settings is not None else Settings()
    names = [one.name for one in options_of(plain)]
    known = [name for name in PARTS if name in names]
    rest = [name for name in names if name not in PARTS]
    return tuple(_group(name, getattr(plain, name)) for name in (*known, *rest))


def in_words(name: str) -> str:
    """A name of the code as people read it."""
    plain = name.removesuffix("_s").replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _group(part: str, plain: object) -> Group:
    look = PARTS.get(part) or PartLook(title=in_words(part), sentence="")
    return Group(
        part=part,
        title=look.title,
        sentence=look.sentence,
        options=tuple(_options(part, plain)),
    )


def _options(part: str, plain: object) -> Iterator[Option]:
    hints = get_type_hints(type(plain))
    for one in options_of(plain):
        look = LOOKS.get((part, one.name), Look())
        hint, optional = _without_none(hints[one.name])
        yield Option(
            part=part,
            name=one.name,
            title=look.title or in_words(one.name),
            sentence=sentence_of(plain, one.name),
            default=one.default,
            control=_control(look, hint, optional=optional, name=f"{part}.{one.name}"),
            optional=optional,
            look=look,
            choices=_choices(hint, look),
        )


def _control(look: Look, hint: Any, *, optional: bool, name: str) -> Control:
    if look.kind != "plain":
        return look.kind
    plain: dict[Any, Control] = {bool: "switch", float: "number", str: "words"}
    if get_origin(hint) is Literal:
        return "choice"
    if hint is int:
        return "perhaps_whole" if optional else "whole"
    if hint in plain and not (optional and hint in (bool, float)):
        return plain[hint]
    if get_origin(hint) is tuple and get_args(hint)[0] is str:
        return "folders"
    raise NoControlError(f"{name}: {hint}")


def _choices(hint: Any, look: Look) -> tuple[tuple[str, str], ...]:
    if get_origin(hint) is not Literal:
        return ()
    return tuple((one, look.words.get(one) or in_words(one)) for one in get_args(hint))


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    kinds = [one for one in get_args(hint) if one is not types.NoneType]
    return (kinds[0], True) if len(kinds) == 1 else (hint, False)
