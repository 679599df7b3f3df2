"""Guesses the language of a text, to choose a voice for it; says nothing where it is not sure.

By its script, and for the Latin one by its most frequent words, which are a tenth to a fifth of
any text. Knows no voice.
"""

from __future__ import annotations

import re
from collections import Counter

SURE = 0.6  # of the words that any language knows: below it two languages are too near

_SCRIPTS = (
    ("ja", "\u3040-\u30ff"),  # before Chinese: Japanese has its own signs between Chinese ones
    ("ko", "\u1100-\u11ff\uac00-\ud7af"),
    ("zh", "\u4e00-\u9fff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff"),
    ("th", "\u0e00-\u0e7f"),
    ("hi", "\u0900-\u097f"),
    ("el", "\u0370-\u03ff"),
)
_CYRILLIC = "\u0400-\u04ff"
_UKRAINIAN = "іїєґ"
_MOST = 0.2  # of the letters make a script that of the text: names stay Latin in any of them

_WORDS = {
    "en": "the of and to in is that it for on with as are this was be by you not or have from",
    "de": "der die das und ist nicht ein eine zu den mit sich auf für von dem auch es im wird sind",
    "fr": "le la les et des est une dans que pour qui sur pas du au avec ce il vous sont par plus",
    "es": "el los las y es una en que por para con del se un no lo como más su está son al",
    "it": "il che di è un una per non con del della sono gli nel alla più come si le anche dei",
    "pt": "os um uma não é com para que do da no na em se por mais como dos ao está são as você",
    "nl": "het een van en is dat op te niet zijn voor met aan ook er maar wordt bij om deze",
    "pl": "się nie jest na że do to w z co jak ale za są przez dla od może być po",
    "cs": "se na je že to v s z do co jak ale pro jsou za od podle nebo když být",
    "sv": "och att det är en som på för av inte med den har ett om till kan du från",
    "da": "og at det er en som på for af ikke med den har et om til kan du fra der",
    "no": "og at det er en som på for av ikke med den har et om til kan du fra jeg",
    "fi": "ja on ei se että hän oli joka mutta kun niin tai myös ovat ole voi siitä",
    "hu": "a az és hogy nem egy is van ez de csak meg volt mint már ha lehet",
    "tr": "ve bir bu için ile da de olarak çok olan daha gibi değil var ne kadar",
}
_KNOWN = {language: frozenset(words.split()) for language, words in _WORDS.items()}


def language_of(text: str) -> str:
    """Its code (ISO 639-1), or nothing where that cannot be told."""
    letters = [sign for sign in text if sign.isalpha()]
    if not letters:
        return ""
    joined = "".join(letters).lower()
    for language, signs in _SCRIPTS:
        if _share(joined, signs) >= _MOST:
            return language
    if _share(joined, _CYRILLIC) >= _MOST:
        return "uk" if any(sign in _UKRAINIAN for sign in joined) else "ru"
    return _by_words(text)


def _share(letters: str, signs: str) -> float:
    return len(re.findall(f"[{signs}]", letters)) / len(letters)


def _by_words(text: str) -> str:
    said = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    found = {
        language: sum(count for word, count in said.items() if word in known)
        for language, known in _KNOWN.items()
    }
    best = max(found, key=lambda language: found[language])
    known = sum(count for word, count in said.items() if any(word in w for w in _KNOWN.values()))
    return best if found[best] >= 2 and found[best] >= SURE * known else ""
