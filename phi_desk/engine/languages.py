"""The languages the model was trained on, and how people name them; knows no prompt.

Source: the model card of Phi-4-multimodal: 23 languages for text, 8 of them for sound.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from phi_desk.errors import UsageError


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        code: ISO 639-1.
        name: in English, as prompts use it.
        native: as its speakers write it.
        spoken: whether the model understands it in sound.
        other_names: further codes (ISO 639-2 and -3, variants) and names people use.
    """

    code: str
    name: str
    native: str
    spoken: bool
    other_names: tuple[str, ...]


def _written(code: str, name: str, native: str, *others: str) -> Language:
    return Language(code, name, native, spoken=False, other_names=others)


def _spoken(code: str, name: str, native: str, *others: str) -> Language:
    return Language(code, name, native, spoken=True, other_names=others)


LANGUAGES = (
    _written("ar", "Arabic", "العربية", "ara", "عربي"),
    _spoken("zh", "Chinese", "中文", "zho", "chi", "cmn", "Mandarin", "汉语", "漢語", "普通话"),
    _written("cs", "Czech", "Čeština", "ces", "cze"),
    _written("da", "Danish", "Dansk", "dan"),
    _written("nl", "Dutch", "Nederlands", "nld", "dut", "Flemish", "Vlaams"),
    _spoken("en", "English", "English", "eng"),
    _written("fi", "Finnish", "Suomi", "fin"),
    _spoken("fr", "French", "Français", "fra", "fre"),
    _spoken("de", "German", "Deutsch", "deu", "ger"),
    _written("he", "Hebrew", "עברית", "heb", "iw"),
    _written("hu", "Hungarian", "Magyar", "hun"),
    _spoken("it", "Italian", "Italiano", "ita"),
    _spoken("ja", "Japanese", "日本語", "jpn"),
    _written("ko", "Korean", "한국어", "kor"),
    _written("no", "Norwegian", "Norsk", "nor", "nb", "nob", "nn", "nno", "Bokmål", "Nynorsk"),
    _written("pl", "Polish", "Polski", "pol"),
    _spoken("pt", "Portuguese", "Português", "por"),
    _written("ru", "Russian", "Русский", "rus"),
    _spoken("es", "Spanish", "Español", "spa", "Castellano"),
    _written("sv", "Swedish", "Svenska", "swe"),
    _written("th", "Thai", "ไทย", "tha", "ภาษาไทย"),
    _written("tr", "Turkish", "Türkçe", "tur"),
    _written("uk", "Ukrainian", "Українська", "ukr"),
)
SPOKEN = tuple(language for language in LANGUAGES if language.spoken)


def find_language(name: str) -> Language:
    """The language a person means by a code ("de", "pt-BR") or a name ("German", "Deutsch").

    Case and accents do not matter.

    Raises:
        UsageError: none of that name; the hint suggests near ones.
    """
    wanted = _folded(name)
    primary = re.match(r"([a-z]{2,3})[-_]", wanted)  # the language of a tag such as zh-Hant-TW
    found = _BY_NAME.get(wanted) or (_BY_NAME.get(primary[1]) if primary else None)
    if found is None:
        raise _unknown(name, wanted)
    return found


def _unknown(name: str, wanted: str) -> UsageError:
    near = difflib.get_close_matches(wanted, _BY_NAME, n=3, cutoff=0.6)
    names = list(dict.fromkeys(_BY_NAME[key].name for key in near))
    every = ", ".join(f"{language.name} ({language.code})" for language in LANGUAGES)
    suggestion = f"Did you mean {' or '.join(names)}? " if names else ""
    return UsageError(
        f"{name.strip()!r} is not a language this model knows.", f"{suggestion}It knows {every}."
    )


def _folded(name: str) -> str:
    """Lower case without accents on Latin letters."""
    apart = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(sign for sign in apart if not "\u0300" <= sign <= "\u036f")


_BY_NAME = {
    _folded(name): language
    for language in LANGUAGES
    for name in (language.code, language.name, language.native, *language.other_names)
}
