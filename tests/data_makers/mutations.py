"""Hypothesis strategies that spoil valid files: bytes of any format, and values inside JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

Change = Callable[[bytes], bytes]
Place = tuple[str | int, ...]  # the keys and places that lead to a value of a JSON document

# What sits at the borders of what a field of a binary header can hold.
_BORDERS = [
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\x00\x00", b"\xff\xff", b"\x7f\xff", b"\x80\x00",
    b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f",
    b"\x80\x00\x00\x00", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00", b"\x00\x00\x00\x01",
    b"\x00" * 8, b"\xff" * 8, b"\xff" * 7 + b"\x7f", b"\x7f" + b"\xff" * 7,
    b"\x00\x00\xc0\x7f", b"\x00\x00\x80\x7f", b"\x00\x00\x80\xff",
]  # fmt: skip

# A place in a file: near its start, where headers are, or anywhere.
_places = st.one_of(st.integers(0, 128), st.integers(0, 2**32))


def _flip(place: int, bit: int) -> Change:
    def change(data: bytes) -> bytes:
        at = place % len(data)
        return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]

    return change


def _write(place: int, new: bytes) -> Change:
    def change(data: bytes) -> bytes:
        at = place % len(data)
        return data[:at] + new + data[at + len(new) :]

    return change


def _insert(place: int, new: bytes) -> Change:
    return lambda data: data[: place % len(data)] + new + data[place % len(data) :]


def _remove(place: int, length: int) -> Change:
    return lambda data: data[: place % len(data)] + data[place % len(data) + length :]


def _repeat(place: int, length: int, times: int) -> Change:
    def change(data: bytes) -> bytes:
        at = place % len(data)
        return data[:at] + data[at : at + length] * times + data[at + length :]

    return change


def _move(place: int, length: int, to: int) -> Change:
    def change(data: bytes) -> bytes:
        at = place % len(data)
        part, rest = data[at : at + length], data[:at] + data[at + length :]
        goal = to % (len(rest) + 1)
        return rest[:goal] + part + rest[goal:]

    return change


def _cut(place: int) -> Change:
    return lambda data: data[: place % len(data)]


_lengths = st.integers(1, 64)
_changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(_flip, _places, st.integers(0, 7)),
    st.builds(_write, _places, st.sampled_from(_BORDERS)),
    st.builds(_write, _places, st.binary(min_size=1, max_size=16)),
    st.builds(_insert, _places, st.binary(min_size=1, max_size=40)),
    st.builds(_remove, _places, _lengths),
    st.builds(_repeat, _places, _lengths, st.integers(2, 200)),
    st.builds(_move, _places, _lengths, _places),
    st.builds(_cut, st.integers(0, 2**32)),
)


def spoiled(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` after one to eight changes; it may come out empty."""

    def apply(changes: Sequence[Change]) -> bytes:
        result = data
        for change in changes:
            if result:
                result = change(result)
        return result

    return st.lists(_changes, min_size=1, max_size=8).map(apply)


class _Number(float):
    """A number that JSON spells in its own way, whatever a float can hold."""

    def __new__(cls, spelling: str) -> _Number:
        made = super().__new__(cls, 0.0)
        made.spelling = spelling
        return made

    spelling: str

    def __repr__(self) -> str:
        return self.spelling


_odd_numbers = st.sampled_from(
    ["1e999", "-1e999", "NaN", "Infinity", "-0", "1e-999", "9" * 400, "9" * 5000, "0.5", "1.0"]
).map(_Number)
odd_texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "..", "../x", "/etc/passwd", "C:\\x", "a\0b", "\ud800", "x" * 5000, "\x1b[2J", "%s{0}"]
    ),
)
_scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(-(2**70), 2**70),
    st.sampled_from([2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, 1_000_000]),
    st.floats(),
    _odd_numbers,
    odd_texts,
)
odd_values: st.SearchStrategy[Any] = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=6,
)
"""Any JSON value, with a liking for those at the borders of what a program can hold."""


def paths_in(value: Any, most: int = 4000) -> list[Place]:
    """Where values stand in a JSON document: the keys and places that lead to each."""
    found: list[Place] = []
    waiting: list[tuple[Place, Any]] = [((), value)]
    while waiting and len(found) < most:
        path, here = waiting.pop(0)
        found.append(path)
        inner = (
            here.items()
            if isinstance(here, dict)
            else enumerate(here)
            if isinstance(here, list)
            else ()
        )
        waiting += [((*path, key), item) for key, item in list(inner)[:200]]
    return found


def _replaced(value: Any, path: Place, new: Any) -> Any:
    if not path:
        return new
    key, rest = path[0], path[1:]
    try:
        inner = value[key]
    except (KeyError, IndexError, TypeError):
        return value  # an earlier change took that place away
    changed = _replaced(inner, rest, new)
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if name != key}
        return kept if changed is _GONE else {**kept, key: changed}
    if isinstance(value, list) and isinstance(key, int):
        return [*value[:key], *(() if changed is _GONE else (changed,)), *value[key + 1 :]]
    return value


_GONE: Any = object()


def spoiled_json(value: Any, *, prefer: Sequence[Place] = ()) -> st.SearchStrategy[bytes]:
    """The JSON document `value` with one to four of its values replaced or left out.

    `prefer` names places that shall be changed in half of all cases.
    """
    places: st.SearchStrategy[Place] = st.sampled_from(paths_in(value))
    if prefer:
        places = st.one_of(st.sampled_from(list(prefer)), places)
    news = st.one_of(odd_values, st.just(_GONE))

    changes = st.lists(st.tuples(places, news), min_size=1, max_size=4)
    return changes.map(lambda told: spelt(changed(value, told)))


def changed(value: Any, changes: Sequence[tuple[Place, Any]]) -> Any:
    """A JSON document with other values at the places named; the others are shared."""
    result = value
    for path, new in changes:
        result = _replaced(result, path, new)
    return None if result is _GONE else result


def spelt(value: Any) -> bytes:
    """JSON text, numbers spelt as `_Number` wants them; halves of surrogate pairs are escaped."""
    return _spell(value).encode("ascii")


def _spell(value: Any) -> str:
    if isinstance(value, _Number):
        return value.spelling
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_spell(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_spell, value)) + "]"
    return json.dumps(value)
