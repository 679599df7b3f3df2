"""Inflection: from a line of the lexicon to every form of the word that a pattern may ask for.

A noun line is "station; m Bahnhof/Bahnhöfe; f gare; f estación/estaciones": English, German,
French, Spanish, each with its gender, and the plural behind a slash where no rule gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("en", "de", "fr", "es")
Forms = Mapping[str, str]

_VOWELS = "aeiouyâàéèêëîïôöùûüœhAEIOUÉ"  # the h of every French word in the lexicon is silent
_DE_ARTICLES = {
    # the in the nominative, accusative and dative; a in the nominative and accusative
    "m": ("der", "den", "dem", "ein", "einen"),
    "f": ("die", "die", "der", "eine", "eine"),
    "n": ("das", "das", "dem", "ein", "ein"),
}


# behind einen, eine, ein, and behind der, die, das
_DE_ADJECTIVES = (
    ("a4", "m", "en"), ("a4", "f", "e"), ("a4", "n", "es"),
    ("the", "m", "e"), ("the", "f", "e"), ("the", "n", "e"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What fills a slot: per language its forms, and what other words agree with."""

    forms: Mapping[str, Forms]
    agree: Mapping[str, str]


def plain(en: str, de: str, fr: str, es: str) -> Entry:
    """A word or phrase with one form, called by the slot's bare name."""
    texts = dict(zip(LANGUAGES, (en, de, fr, es), strict=True))
    return Entry({language: {"": text} for language, text in texts.items()}, {})


def plain_table(lines: str) -> tuple[Entry, ...]:
    """One `plain` entry a line, its languages parted by semicolons."""
    return tuple(plain(*cells) for cells in rows(lines, 4))


def names(lines: str) -> tuple[Entry, ...]:
    """Names of places; French has the form "of" beside the bare one (d'Espagne)."""
    made = []
    for entry in plain_table(lines):
        bare = entry.forms["fr"][""]
        of = f"d'{bare}" if elides(bare) else f"de {bare}"
        made.append(Entry({**entry.forms, "fr": {"": bare, "of": of}}, {}))
    return tuple(made)


def tongues(lines: str) -> tuple[Entry, ...]:
    """Names of languages; Spanish has the form "and" (e inglés, y francés)."""
    made = []
    for entry in plain_table(lines):
        bare = entry.forms["es"][""]
        linked = f"{'e' if bare[0] == 'i' else 'y'} {bare}"
        made.append(Entry({**entry.forms, "es": {"": bare, "and": linked}}, {}))
    return tuple(made)


def spaced(words: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(words.split())


def rows(lines: str, width: int) -> list[list[str]]:
    """The cells of a table written as text.

    Raises:
        ValueError: a line with another number of cells.
    """
    table = [[cell.strip() for cell in line.split(";")] for line in lines.strip().splitlines()]
    for cells in table:
        if len(cells) != width:
            raise ValueError(f"{width} cells expected: {cells}")
    return table


def nouns(lines: str) -> tuple[Entry, ...]:
    """One noun a line."""
    return tuple(noun(*cells) for cells in rows(lines, 4))


def noun(en: str, de: str, fr: str, es: str) -> Entry:
    """All forms of a noun; see the module's first lines for the cells."""
    forms = {"en": _english(en), "de": _german(de), "fr": _french(fr), "es": _spanish(es)}
    return Entry(forms, {"en": "n", "de": de[0], "fr": fr[0], "es": es[0]})


def adjectives(lines: str) -> tuple[Entry, ...]:
    """Adjectives: "closed; geschlossen; fermé/fermée; cerrado; está", the last the Spanish verb."""
    return tuple(_adjective(*cells) for cells in rows(lines, 5))


def elides(word: str) -> bool:
    """Whether a French article loses its vowel before the word."""
    return word[0] in _VOWELS


def _adjective(en: str, de: str, fr: str, es: str, verb: str) -> Entry:
    fr_m, _, fr_f = fr.partition("/")
    fr_f = fr_f or (fr_m if fr_m.endswith("e") else fr_m + "e")
    es_m, _, es_f = es.partition("/")
    es_f = es_f or (es_m[:-1] + "a" if es_m.endswith("o") else es_m)
    stem = "teur" if de == "teuer" else de.removesuffix("e")
    forms: dict[str, Forms] = {
        "en": {"is.n": f"is {en}", ".n": en, "": en},
        "de": {
            **{f"is.{gender}": f"ist {de}" for gender in "mfn"},
            **{f"{case}.{gender}": stem + ending for case, gender, ending in _DE_ADJECTIVES},
            "": de,
        },
        "fr": {"is.m": f"est {fr_m}", "is.f": f"est {fr_f}", ".m": fr_m, ".f": fr_f, "": fr_m},
        "es": {
            "is.m": f"{verb} {es_m}",
            "is.f": f"{verb} {es_f}",
            ".m": es_m,
            ".f": es_f,
            "": es_m,
        },
    }
    return Entry(forms, {})


def _english(cell: str) -> Forms:
    one, many = _numbers(cell, _english_plural)
    article = "an" if one[0] in "aeio" or one.startswith(("um", "un")) else "a"
    if one.startswith(("uni", "one")):
        article = "a"
    return {
        "": one, "sg": one, "pl": many, "a": f"{article} {one}", "the": f"the {one}",
        "my": f"my {one}",
    }  # fmt: skip


def _german(cell: str) -> Forms:
    gender, _, rest = cell.partition(" ")
    one, _, many = rest.partition("/")
    the, the4, the3, a, a4 = _DE_ARTICLES[gender]
    feminine = gender == "f"
    to = "zur" if feminine else "zum"
    return {
        "": one, "sg": one, "pl": many or one, "some": one,
        "the": f"{the} {one}", "the4": f"{the4} {one}", "the3": f"{the3} {one}", "def": the,
        "a": f"{a} {one}", "a4": f"{a4} {one}", "art4": a4,
        "my": f"m{a} {one}", "my4": f"m{a4} {one}",
        "zu": f"{to} {one}", "bis": f"bis {to} {one}",
        "an": f"{'an der' if feminine else 'am'} {one}",
        "in": f"{'in der' if feminine else 'im'} {one}",
        "von": f"{'von der' if feminine else 'vom'} {one}",
    }  # fmt: skip


def _french(cell: str) -> Forms:
    gender, _, rest = cell.partition(" ")
    one, many = _numbers(rest, _french_plural)
    feminine, silent = gender == "f", elides(one)
    the = f"l'{one}" if silent else f"{'la' if feminine else 'le'} {one}"
    de = f"de {the}" if silent or feminine else f"du {one}"
    at = f"à {the}" if silent or feminine else f"au {one}"
    my = "ma" if feminine and not silent else "mon"
    return {
        "": one, "sg": one, "pl": many, "the": the, "de": de, "au": at, "some": de,
        "art": "une" if feminine else "un", "a": f"{'une' if feminine else 'un'} {one}",
        "my": f"{my} {one}",
        "of": f"d'{one}" if silent else f"de {one}",
        "ofpl": f"d'{many}" if silent else f"de {many}",
    }  # fmt: skip


def _spanish(cell: str) -> Forms:
    gender, _, rest = cell.partition(" ")
    masculine_article = gender == "m" or rest.startswith("agua")  # el agua, but las aguas
    one, many = _numbers(rest, _spanish_plural)
    article = "el" if masculine_article else "la"
    return {
        "": one, "sg": one, "pl": many, "the": f"{article} {one}", "some": one,
        "de": f"del {one}" if article == "el" else f"de la {one}",
        "art": "un" if masculine_article else "una",
        "al": f"al {one}" if article == "el" else f"a la {one}",
        "a": f"{'un' if masculine_article else 'una'} {one}", "my": f"mi {one}",
    }  # fmt: skip


def _numbers(cell: str, rule: Callable[[str], str]) -> tuple[str, str]:
    """Singular and plural: the rule's where the cell gives none."""
    one, _, many = cell.partition("/")
    return one, many or rule(one)


def _english_plural(word: str) -> str:
    if word.endswith(("s", "sh", "ch", "x")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def _french_plural(word: str) -> str:
    """Of the last word; compounds give their plural in the lexicon."""
    if word.endswith(("s", "x", "z")):
        return word
    return word + ("x" if word.endswith(("eau", "eu")) else "s")


def _spanish_plural(word: str) -> str:
    if word.endswith("ión"):
        return word[:-2] + "ones"
    if word.endswith("z"):
        return word[:-1] + "ces"
    return word + ("s" if word[-1] in "aeiouéó" else "es")
