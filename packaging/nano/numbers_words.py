"""Numbers as words in English, German, French and Spanish; knows no sentence."""

from __future__ import annotations

from typing import Literal

from grammar_forms import spaced

Gender = Literal["m", "f", "n"]
LARGEST = 9999

_EN = spaced(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = spaced("- - twenty thirty forty fifty sixty seventy eighty ninety")
_DE = spaced(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn"
)
_DE_TENS = spaced("- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_FR = spaced(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf"
)
_FR_TENS = spaced("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")
_ES = spaced(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés "
    "veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_ES_TENS = spaced("- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = spaced(
    "- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos"
)

_EN_ORDINALS = {
    1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth",
}  # fmt: skip
_DE_ORDINALS = {1: "erste", 3: "dritte", 7: "siebte", 8: "achte"}
_FR_ORDINALS = {
    1: "premier", 5: "cinquième", 9: "neuvième", 19: "dix-neuvième", 21: "vingt et unième",
    25: "vingt-cinquième", 29: "vingt-neuvième", 31: "trente et unième",
}  # fmt: skip
_ES_ORDINALS = spaced(
    "- primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo "
    "decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno "
    "vigésimo"
)


def cardinal(language: str, number: int) -> str:
    """The number 0 to 9999 as it is counted ("eins", "un", "uno").

    Raises:
        ValueError: a number outside 0 to 9999, or a language other than en, de, fr and es.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"numbers from 0 to {LARGEST}, not {number}")
    match language:
        case "en":
            return _english(number)
        case "de":
            return _german(number)
        case "fr":
            return _french(number)
        case "es":
            return _spanish(number)
        case _:
            raise ValueError(f"en, de, fr or es, not {language}")


def count(language: str, number: int, gender: Gender) -> str:
    """The number as it stands before a noun of that gender (accusative in German).

    German has no settled form for 101, 201 and so on before a noun: these are refused.

    Raises:
        ValueError: as `cardinal`, and for such a number in German.
    """
    if language == "de":
        if number == 1:
            return {"m": "einen", "f": "eine", "n": "ein"}[gender]
        if number % 100 == 1:
            raise ValueError(f"no German count for {number}")
    if language == "fr" and gender == "f" and number % 10 == 1 and _says_one_in_french(number):
        return cardinal("fr", number) + "e"
    if language == "es":
        return _spanish_before_noun(number, feminine=gender == "f")
    return cardinal(language, number)


def ordinal(language: str, number: int, gender: Gender = "m") -> str:
    """First to thirty-first; German as behind an article ("dritte").

    Raises:
        ValueError: a number outside these.
    """
    if not 1 <= number <= 31:
        raise ValueError(f"ordinals from 1 to 31, not {number}")
    match language:
        case "en":
            return _english_ordinal(number)
        case "de":
            ending = "te" if number < 20 else "ste"
            return _DE_ORDINALS.get(number) or _german(number) + ending
        case "fr":
            if number == 1 and gender == "f":
                return "première"
            return _FR_ORDINALS.get(number) or _french(number).removesuffix("e") + "ième"
        case _:
            return _spanish_ordinal(number, "a" if gender == "f" else "o")


def year(language: str, number: int) -> str:
    """A year from 1910 to 2099 as it is said.

    Raises:
        ValueError: another year.
    """
    if not 1910 <= number <= 2099:
        raise ValueError(f"years from 1910 to 2099, not {number}")
    century, rest = divmod(number, 100)
    if language == "en" and not (century == 20 and rest < 10):
        return f"{_english(century)} {_english(rest)}"
    if language == "de" and century == 19:
        return f"neunzehnhundert{_german(rest)}"
    return cardinal(language, number)


def digits(language: str, number: str) -> str:
    """Digit by digit, as codes and telephone numbers are said."""
    return " ".join(cardinal(language, int(digit)) for digit in number)


def _english(number: int) -> str:
    if number < 20:
        return _EN[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _EN_TENS[tens] + (f"-{_EN[ones]}" if ones else "")
    size, word = (1000, "thousand") if number >= 1000 else (100, "hundred")
    whole, rest = divmod(number, size)
    return f"{_english(whole)} {word}" + (f" {_english(rest)}" if rest else "")


def _english_ordinal(number: int) -> str:
    if number > 20 and number % 10:
        return f"{_EN_TENS[number // 10]}-{_english_ordinal(number % 10)}"
    known = _EN_ORDINALS.get(number)
    if known:
        return known
    word = _english(number)
    return word[:-1] + "ieth" if word.endswith("y") else word + "th"


def _spanish_ordinal(number: int, ending: str) -> str:
    if number <= 20:
        return _ES_ORDINALS[number][:-1] + ending
    tens = f"vigésim{ending}" if number < 30 else f"trigésim{ending}"
    return f"{tens} {_spanish_ordinal(number % 10, ending)}" if number % 10 else tens


def _german(number: int) -> str:
    if number < 20:
        return _DE[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        front = f"{_german_stem(ones)}und" if ones else ""
        return front + _DE_TENS[tens]
    size, word = (1000, "tausend") if number >= 1000 else (100, "hundert")
    whole, rest = divmod(number, size)
    return _german_stem(whole) + word + (_german(rest) if rest else "")


def _german_stem(number: int) -> str:
    """As the first part of a longer number."""
    return "ein" if number == 1 else _german(number)


def _says_one_in_french(number: int) -> bool:
    """Whether the number ends in the word for one: 21 does, 11, 71 and 91 do not."""
    return number % 100 not in (11, 71, 91)


def _french(number: int) -> str:
    if number < 20:
        return _FR[number]
    if number < 100:
        return _french_tens(number)
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        front = "" if hundreds == 1 else f"{_FR[hundreds]} "
        if not rest:
            return front + ("cent" if hundreds == 1 else "cents")
        return f"{front}cent {_french(rest)}"
    thousands, rest = divmod(number, 1000)
    front = "mille" if thousands == 1 else f"{_FR[thousands]} mille"
    return front + (f" {_french(rest)}" if rest else "")


def _french_tens(number: int) -> str:
    tens = number // 10
    ones = number - 10 * (tens - tens % 2 if tens >= 7 else tens)  # 70 to 79 are 60 + 10 to 19
    if number == 80:
        return "quatre-vingts"
    if ones in (1, 11) and tens < 8:
        return f"{_FR_TENS[tens]} et {_FR[ones]}"
    return _FR_TENS[tens] + (f"-{_FR[ones]}" if ones else "")


def _spanish(number: int) -> str:
    if number < 30:
        return _ES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _ES_TENS[tens] + (f" y {_ES[ones]}" if ones else "")
    if number == 100:
        return "cien"
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return _ES_HUNDREDS[hundreds] + (f" {_spanish(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    front = "mil" if thousands == 1 else f"{_ES[thousands]} mil"
    return front + (f" {_spanish(rest)}" if rest else "")


def _spanish_before_noun(number: int, *, feminine: bool) -> str:
    word = cardinal("es", number)
    if feminine:
        word = word.replace("cientos", "cientas").replace("quinientos", "quinientas")
    if not word.endswith("uno"):
        return word
    if feminine:
        return word[:-1] + "a"
    return word[:-4] + "iún" if word.endswith("tiuno") else word[:-1]
