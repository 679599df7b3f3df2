"""Makes text fit to be stored and to be found; knows no database.

Folding lets a search find words whatever their case, accents and width: "Müller" is found by
"MULLER", "Ｐｈｉ" by "phi". One letter is folded at a time, so that a place in the folded text
leads back to the place in the text.
"""

from __future__ import annotations

import unicodedata

_FIRST_ACCENT, _LAST_ACCENT = 0x300, 0x36F  # combining marks of Latin, Greek and Cyrillic letters


def storable(text: str) -> str:
    """`text` without zero characters, and with lone surrogates replaced: UTF-8 has neither."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def fold(text: str) -> str:
    """`text` as it is compared: composed, without case, accents and differences of width."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


def searchable(text: str) -> str:
    """What is stored beside `text` to be searched: folded, on one line."""
    return fold(" ".join(text.split()))


def fold_with_places(text: str) -> tuple[str, str, list[int]]:
    """The composed text, its folded form, and for each folded letter its place in the former."""
    if text.isascii():
        return text, text.lower(), list(range(len(text)))
    composed = unicodedata.normalize("NFC", text)
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(composed):
        folded = letter.translate(_FOLDED)
        letters.append(folded)
        places += [place] * len(folded)
    return composed, "".join(letters), places


class _Folded(dict[int, str]):
    """What each letter becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code)).casefold()
        apart = unicodedata.normalize("NFKD", apart)
        bare = "".join(c for c in apart if not _FIRST_ACCENT <= ord(c) <= _LAST_ACCENT)
        self[code] = unicodedata.normalize("NFKC", bare)
        return self[code]


_FOLDED = _Folded()
