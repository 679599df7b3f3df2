"""Words to look for, as SQL over folded text, and the place where they stand; knows no table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phi_desk.storage.text import fold, fold_with_places, searchable, storable

INDEXED_LETTERS = 3  # the index knows runs of three letters; shorter words are looked for by eye
BEFORE, AFTER = 40, 120  # letters of a snippet around the first place
MOST_TERMS = 32
_TERMS = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text on one line, and where in it the words stand (from, to)."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """All of the terms must be there, in any order; words between quotes are one term."""

    terms: tuple[str, ...]

    @classmethod
    def of(cls, words: str) -> Query:
        """What a person typed, folded."""
        found = (fold(storable(quoted or bare)) for quoted, bare in _TERMS.findall(words))
        terms = (" ".join(term.split()) for term in found)
        return cls(tuple(dict.fromkeys(term for term in terms if term))[:MOST_TERMS])

    def __bool__(self) -> bool:
        return bool(self.terms)

    def condition(self, table: str, column: str = "folded") -> tuple[str, list[str]]:
        """A condition on a table that has an index, and its values.

        Raises:
            ValueError: nothing is looked for.
        """
        indexed = [term for term in self.terms if len(term) >= INDEXED_LETTERS]
        short = [term for term in self.terms if len(term) < INDEXED_LETTERS]
        if not self.terms:
            raise ValueError("an empty query")
        parts, values = [], []
        if indexed:
            parts.append(
                f"{table}.id IN (SELECT rowid FROM {table}_index WHERE {table}_index MATCH ?)"
            )
            values.append(" AND ".join('"' + term.replace('"', '""') + '"' for term in indexed))
        if short:
            sql, more = contains(f"{table}.{column}", short)
            parts.append(sql)
            values += more
        return " AND ".join(parts), values

    def plain(self, column: str) -> tuple[str, list[str]]:
        """A condition on a column that has no index, and its values."""
        return contains(column, list(self.terms))

    def matches(self, text: str) -> bool:
        """Whether all of the terms stand in `text`."""
        folded = searchable(text)
        return all(term in folded for term in self.terms)

    def snippet(self, text: str) -> Snippet:
        """The surroundings of the first place in `text` where a term stands."""
        composed, folded, places = fold_with_places(" ".join(text.split()))
        spots = sorted({spot for term in self.terms for spot in _spots(folded, term)})
        spans = [(places[begin], places[end - 1] + 1) for begin, end in spots]
        start = max(0, spans[0][0] - BEFORE) if spans else 0
        start = _word_start(composed, start, spans[0][0] if spans else 0)
        end = _word_end(composed, spans[0][1] if spans else 0)
        opening, closing = "… " if start else "", " …" if end < len(composed) else ""
        move = len(opening) - start
        marks = [(a + move, b + move) for a, b in spans if start <= a and b <= end]
        return Snippet(opening + composed[start:end].rstrip() + closing, _apart(marks))


def contains(column: str, terms: list[str]) -> tuple[str, list[str]]:
    """A condition that all `terms` stand in `column`, and its values."""
    return " AND ".join(f"instr({column}, ?) > 0" for _ in terms), list(terms)


def _spots(folded: str, term: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = folded.find(term)
    while at >= 0 and len(found) < 50:
        found.append((at, at + len(term)))
        at = folded.find(term, at + 1)
    return found


def _word_start(text: str, start: int, limit: int) -> int:
    """The first beginning of a word from `start` on, but not behind `limit`."""
    if start == 0:
        return 0
    space = text.find(" ", start, limit)
    return space + 1 if space >= 0 else start


def _word_end(text: str, begin: int) -> int:
    """The end of the last word that ends within `AFTER` letters of `begin`."""
    end = begin + AFTER
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", begin, end + 1)
    return space if space > begin else end


def _apart(marks: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks that overlap as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(marks):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
