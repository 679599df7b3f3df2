"""Numbers as words, against hand-written spellings of every tricky place."""

from __future__ import annotations

import itertools

import pytest
from numbers_words import cardinal, count, digits, ordinal, year

SPELLINGS = (
    # number, English, German, French, Spanish
    (0, "zero", "null", "zéro", "cero"),
    (1, "one", "eins", "un", "uno"),
    (16, "sixteen", "sechzehn", "seize", "dieciséis"),
    (17, "seventeen", "siebzehn", "dix-sept", "diecisiete"),
    (21, "twenty-one", "einundzwanzig", "vingt et un", "veintiuno"),
    (22, "twenty-two", "zweiundzwanzig", "vingt-deux", "veintidós"),
    (30, "thirty", "dreißig", "trente", "treinta"),
    (31, "thirty-one", "einunddreißig", "trente et un", "treinta y uno"),
    (60, "sixty", "sechzig", "soixante", "sesenta"),
    (66, "sixty-six", "sechsundsechzig", "soixante-six", "sesenta y seis"),
    (70, "seventy", "siebzig", "soixante-dix", "setenta"),
    (71, "seventy-one", "einundsiebzig", "soixante et onze", "setenta y uno"),
    (77, "seventy-seven", "siebenundsiebzig", "soixante-dix-sept", "setenta y siete"),
    (80, "eighty", "achtzig", "quatre-vingts", "ochenta"),
    (81, "eighty-one", "einundachtzig", "quatre-vingt-un", "ochenta y uno"),
    (90, "ninety", "neunzig", "quatre-vingt-dix", "noventa"),
    (91, "ninety-one", "einundneunzig", "quatre-vingt-onze", "noventa y uno"),
    (99, "ninety-nine", "neunundneunzig", "quatre-vingt-dix-neuf", "noventa y nueve"),
    (100, "one hundred", "einhundert", "cent", "cien"),
    (101, "one hundred one", "einhunderteins", "cent un", "ciento uno"),
    (180, "one hundred eighty", "einhundertachtzig", "cent quatre-vingts", "ciento ochenta"),
    (200, "two hundred", "zweihundert", "deux cents", "doscientos"),
    (201, "two hundred one", "zweihunderteins", "deux cent un", "doscientos uno"),
    (500, "five hundred", "fünfhundert", "cinq cents", "quinientos"),
    (777, "seven hundred seventy-seven", "siebenhundertsiebenundsiebzig",
     "sept cent soixante-dix-sept", "setecientos setenta y siete"),
    (1000, "one thousand", "eintausend", "mille", "mil"),
    (1001, "one thousand one", "eintausendeins", "mille un", "mil uno"),
    (2080, "two thousand eighty", "zweitausendachtzig", "deux mille quatre-vingts",
     "dos mil ochenta"),
    (3200, "three thousand two hundred", "dreitausendzweihundert", "trois mille deux cents",
     "tres mil doscientos"),
    (9999, "nine thousand nine hundred ninety-nine",
     "neuntausendneunhundertneunundneunzig", "neuf mille neuf cent quatre-vingt-dix-neuf",
     "nueve mil novecientos noventa y nueve"),
)  # fmt: skip


@pytest.mark.parametrize("row", SPELLINGS, ids=lambda row: str(row[0]))
def test_cardinals(row: tuple[int, str, str, str, str]) -> None:
    number, *spelt = row
    assert [cardinal(code, number) for code in ("en", "de", "fr", "es")] == spelt


@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_every_number_has_a_spelling_of_its_own(code: str) -> None:
    spelt = [cardinal(code, number) for number in range(10_000)]
    assert len(set(spelt)) == 10_000
    assert all(word == word.strip() and "  " not in word and word[0] != "-" for word in spelt)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_outside_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="0 to 9999"):
        cardinal("en", number)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="not it"):
        cardinal("it", 3)


@pytest.mark.parametrize(
    ("code", "number", "gender", "spelt"),
    [
        ("fr", 1, "f", "une"),
        ("fr", 21, "f", "vingt et une"),
        ("fr", 61, "f", "soixante et une"),
        ("fr", 71, "f", "soixante et onze"),
        ("fr", 81, "f", "quatre-vingt-une"),
        ("fr", 91, "f", "quatre-vingt-onze"),
        ("fr", 80, "m", "quatre-vingts"),
        ("es", 1, "m", "un"),
        ("es", 1, "f", "una"),
        ("es", 21, "m", "veintiún"),
        ("es", 21, "f", "veintiuna"),
        ("es", 31, "m", "treinta y un"),
        ("es", 31, "f", "treinta y una"),
        ("es", 101, "m", "ciento un"),
        ("es", 200, "f", "doscientas"),
        ("es", 521, "f", "quinientas veintiuna"),
        ("es", 100, "f", "cien"),
        ("de", 1, "m", "einen"),
        ("de", 1, "n", "ein"),
        ("de", 21, "m", "einundzwanzig"),
        ("en", 21, "m", "twenty-one"),
    ],
)
def test_before_a_noun(code: str, number: int, gender: str, spelt: str) -> None:
    assert count(code, number, gender) == spelt  # type: ignore[arg-type]  # a parameter's string


def test_german_has_no_count_for_a_hundred_and_one() -> None:
    with pytest.raises(ValueError, match="101"):
        count("de", 101, "m")


@pytest.mark.parametrize(
    ("number", "spelt"),
    [
        (1, ["first", "erste", "premier", "primero"]),
        (3, ["third", "dritte", "troisième", "tercero"]),
        (5, ["fifth", "fünfte", "cinquième", "quinto"]),
        (7, ["seventh", "siebte", "septième", "séptimo"]),
        (12, ["twelfth", "zwölfte", "douzième", "duodécimo"]),
        (19, ["nineteenth", "neunzehnte", "dix-neuvième", "decimonoveno"]),
        (20, ["twentieth", "zwanzigste", "vingtième", "vigésimo"]),
        (21, ["twenty-first", "einundzwanzigste", "vingt et unième", "vigésimo primero"]),
        (31, ["thirty-first", "einunddreißigste", "trente et unième", "trigésimo primero"]),
    ],
)
def test_ordinals(number: int, spelt: list[str]) -> None:
    assert [ordinal(code, number) for code in ("en", "de", "fr", "es")] == spelt


def test_feminine_ordinals() -> None:
    assert ordinal("fr", 1, "f") == "première"
    assert ordinal("es", 2, "f") == "segunda"
    assert ordinal("es", 22, "f") == "vigésima segunda"


@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_ordinals_end_at_thirty_one(code: str) -> None:
    assert len({ordinal(code, number) for number in range(1, 32)}) == 31
    for number in (0, 32):
        with pytest.raises(ValueError, match="1 to 31"):
            ordinal(code, number)


@pytest.mark.parametrize(
    ("number", "english", "german"),
    [
        (1910, "nineteen ten", "neunzehnhundertzehn"),
        (1984, "nineteen eighty-four", "neunzehnhundertvierundachtzig"),
        (2000, "two thousand", "zweitausend"),
        (2005, "two thousand five", "zweitausendfünf"),
        (2026, "twenty twenty-six", "zweitausendsechsundzwanzig"),
    ],
)
def test_years(number: int, english: str, german: str) -> None:
    assert (year("en", number), year("de", number)) == (english, german)


def test_years_are_limited() -> None:
    with pytest.raises(ValueError, match="1909"):
        year("en", 1909)


def test_digit_by_digit() -> None:
    assert digits("de", "3170") == "drei eins sieben null"
    assert digits("es", "101") == "uno cero uno"


def test_no_two_counts_before_a_noun_are_alike() -> None:
    for code, gender in itertools.product(("en", "fr", "es"), ("m", "f")):
        spelt = {count(code, number, gender) for number in range(10_000)}  # type: ignore[arg-type]
        assert len(spelt) == 10_000
