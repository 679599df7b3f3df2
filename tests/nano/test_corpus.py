"""The phrasebook: disjoint splits, translations that are functions, well-formed sentences."""

from __future__ import annotations

import itertools
import random
import re
from collections import defaultdict
from functools import cache

import corpus
import pytest
from corpus import KINDS, LANGUAGES, SPLITS, Sentence, Split, sentences, split_of, written
from grammar_nouns import THINGS
from grammar_slots import Choice, clock, counted_words, date, price_words

MANY = 20_000
FIRST_HELD = (93, 21)  # numbers of the first test and valid sentence


@cache
def sample(split: Split) -> tuple[Sentence, ...]:
    return tuple(itertools.islice(sentences(11, split), MANY if split == "train" else 1200))


def every() -> list[Sentence]:
    return [sentence for split in SPLITS for sentence in sample(split)]


@cache
def listed() -> dict[str, dict[str, str]]:
    """Every sentence of the patterns that draw from lists only and are not too large."""
    found: dict[str, dict[str, str]] = {}
    for pattern in corpus.PATTERNS:
        lists = [slot.entries for _, slot in pattern.slots if isinstance(slot, Choice)]
        if len(lists) < len(pattern.slots) or pattern.size > 2000:
            continue
        for entries in itertools.product(*lists):
            drawn = dict(zip((name for name, _ in pattern.slots), entries, strict=True))
            text = dict(zip(LANGUAGES, pattern.texts(drawn), strict=True))
            assert found.setdefault(text["en"], text) == text
    return found


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_no_two_listed_sentences_share_a_translation(code: str) -> None:
    assert len(listed()) > 12_000
    assert len({text[code] for text in listed().values()}) == len(listed())


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_translation_is_a_function_both_ways(code: str) -> None:
    there: dict[str, set[str]] = defaultdict(set)
    back: dict[str, set[str]] = defaultdict(set)
    for sentence in every():
        there[sentence.text["en"]].add(sentence.text[code])
        back[sentence.text[code]].add(sentence.text["en"])
    assert not {text: found for text, found in there.items() if len(found) > 1}
    assert not {text: found for text, found in back.items() if len(found) > 1}


@pytest.mark.parametrize("code", LANGUAGES)
def test_splits_share_no_sentence(code: str) -> None:
    found = {split: {sentence.text[code] for sentence in sample(split)} for split in SPLITS}
    for one, other in itertools.combinations(SPLITS, 2):
        assert not found[one] & found[other]


def test_every_small_pattern_is_for_training_only() -> None:
    """A pattern whose sentences are few must not lend any of them to the tests."""
    held = {s.text["en"] for split in SPLITS[1:] for s in sample(split)}
    fixed = {sentence.text["en"] for sentence in sample("train") if len(sentence.text["en"]) < 12}
    assert len(fixed) > 120
    assert not held & fixed


def test_valid_and_test_use_only_words_of_training() -> None:
    known = {code: set() for code in LANGUAGES}  # type: dict[str, set[str]]
    for sentence in sample("train"):
        for code, text in sentence.text.items():
            known[code].update(words(text))
    for split in SPLITS[1:]:
        for sentence in sample(split):
            for code in ("en", "fr", "es"):  # German numbers are compounds without end
                assert words(sentence.text[code]) <= known[code], sentence


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("split", SPLITS)
def test_every_kind_is_in_every_split(split: Split) -> None:
    counts = defaultdict(set)
    for sentence in sample(split):
        counts[sentence.kind].add(sentence.text["en"])
    assert set(counts) == set(KINDS)
    assert min(map(len, counts.values())) > (300 if split == "train" else 60)


def test_a_stream_is_a_function_of_its_seed() -> None:
    def drawn(seed: int) -> list[str]:
        return [s.text["fr"] for s in itertools.islice(sentences(seed, "valid"), 50)]

    assert drawn(3) == drawn(3) != drawn(4)


def test_capitals_and_punctuation() -> None:
    for sentence in every():
        for code, text in sentence.text.items():
            assert text == " ".join(text.split()), text
            assert not set("{}[];") & set(text), text
            opening = text.lstrip("¿¡")[0]
            assert opening.isupper(), text
            assert text[-1] in ".?!", text
            assert not re.search(r"[.?!,] ?[.?!,]", text.replace(".m.", "")), text
            assert not re.search(r"\d", text), text
            _check_marks(code, text)


def _check_marks(code: str, text: str) -> None:
    if code == "es":
        assert text.startswith("¿") == text.endswith("?"), text
        assert text.startswith("¡") == text.endswith("!"), text
    elif code == "fr":
        assert not re.search(r"\S[?!]", text), text
    else:
        assert not re.search(r"\s[?!]", text), text


WRONG = {
    "en": r"\ba [aeio]\w|\ban [b-dfgj-np-tv-z]|\ba (uncle|umbrella)",
    "de": r"\bzu (dem|der) |\ban dem |\bin dem |\bvon dem |\bein (Tasche|Suppe|Lampe)\b",
    "fr": r"\b(de|à) les? |\b(le|la|de|je|ce|ne|que) (?!onze)[aeiouéèêœ]\w"
          r"|\bma (écharpe|assiette|image)"
          r"|\b(d|l)'[^aeiouhéêèœy]|\bseptante|\bnonante|\bvingt un\b",
    "es": r"\b(a|de) el |\by i|\bla agua|\buno (años?|euros?|días?|minutos?)\b",
}  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_contractions_and_elisions(code: str) -> None:
    """Forms that no sentence of the language may have."""
    wrong = re.compile(WRONG[code], re.IGNORECASE)
    found = {found[0] for s in every() if (found := wrong.search(s.text[code]))}
    assert not found


@pytest.mark.parametrize(
    ("english", "german", "french", "spanish"),
    [
        ("The soup is cold.", "Die Suppe ist kalt.", "La soupe est froide.", "La sopa está fría."),
        ("The water is cold.", "Das Wasser ist kalt.", "L'eau est froide.", "El agua está fría."),
        ("The hotel is opposite the church.", "Das Hotel ist gegenüber der Kirche.",
         "L'hôtel est en face de l'église.", "El hotel está enfrente de la iglesia."),
        ("My umbrella is red.", "Mein Regenschirm ist rot.", "Mon parapluie est rouge.",
         "Mi paraguas es rojo."),
        ("An apple, please.", "Einen Apfel, bitte.", "Une pomme, s'il vous plaît.",
         "Una manzana, por favor."),
        ("She is tired.", "Sie ist müde.", "Elle est fatiguée.", "Ella está cansada."),
        ("A bottle of water, please.", "Eine Flasche Wasser, bitte.",
         "Une bouteille d'eau, s'il vous plaît.", "Una botella de agua, por favor."),
    ],
)  # fmt: skip
def test_sentences_written_by_hand(english: str, german: str, french: str, spanish: str) -> None:
    assert listed()[english] == {"en": english, "de": german, "fr": french, "es": spanish}


def test_ordinals_before_nouns() -> None:
    rng = random.Random(1)
    small = [p for p in corpus.PATTERNS if p.kind == "direction" and p.size < 100]
    texts = {text[0]: text[1:] for p in small for text in (p.fill(rng) for _ in range(600))}
    assert texts["Take the first street on the left."] == (
        "Nehmen Sie die erste Straße links.",
        "Prenez la première rue à gauche.",
        "Tome la primera calle a la izquierda.",
    )
    assert texts["The kitchen is on the third floor."] == (
        "Die Küche ist im dritten Stock.",
        "La cuisine est au troisième étage.",
        "La cocina está en el tercer piso.",
    )


@pytest.mark.parametrize(
    ("hour", "minute", "spoken"),
    [
        (12, 30, ["half past twelve", "halb eins", "douze heures et demie", "las doce y media"]),
        (12, 45, ["quarter to one", "Viertel vor eins", "une heure moins le quart",
                  "la una menos cuarto"]),
        (1, 0, ["one o'clock", "ein Uhr", "une heure", "la una"]),
        (1, 5, ["five past one", "fünf nach eins", "une heure cinq", "la una y cinco"]),
        (3, 35, ["twenty-five to four", "fünfundzwanzig vor vier",
                 "quatre heures moins vingt-cinq", "las cuatro menos veinticinco"]),
    ],
)  # fmt: skip
def test_the_clock(hour: int, minute: int, spoken: list[str]) -> None:
    told = clock(hour, minute)
    assert [told.forms[code][""] for code in LANGUAGES] == spoken
    verb = "es" if "la una" in spoken[3] else "son"
    assert told.forms["es"]["is"] == f"{verb} {spoken[3]}"


def test_dates() -> None:
    first = date(1, 4).forms
    assert [first[code]["on"] for code in LANGUAGES] == [
        "on the first of May", "am ersten Mai", "le premier mai", "el uno de mayo",
    ]  # fmt: skip


def test_prices_and_counts_agree() -> None:
    euro = ("euro euros", "Euro Euro", "euro euros", "euro euros", "m")
    assert [price_words(code, 21, 50, euro) for code in LANGUAGES] == [
        "twenty-one euros fifty", "einundzwanzig Euro fünfzig", "vingt et un euros cinquante",
        "veintiún euros con cincuenta",
    ]  # fmt: skip
    chair = next(thing for thing in THINGS if thing.forms["en"]["sg"] == "chair")
    assert [counted_words(code, 31, chair) for code in LANGUAGES] == [
        "thirty-one chairs", "einunddreißig Stühle", "trente et une chaises",
        "treinta y una sillas",
    ]  # fmt: skip


def test_lengths_suit_a_clip_of_some_seconds() -> None:
    lengths = [len(s.text["en"].split()) for s in every()]
    assert max(lengths) <= 14
    assert 4 <= sum(lengths) / len(lengths) <= 8


def test_the_vocabulary_is_that_of_a_phrasebook() -> None:
    found = corpus.vocabulary(20_000)
    assert 550 <= len(found["en"]) <= 800
    assert found["en"]["the"] > found["en"]["ferry"] > 0


def test_split_of_is_stable() -> None:
    """Shards on disk rely on it."""
    texts = [f"Sentence {number}." for number in range(10_000)]
    counted = [split_of(text) for text in texts]
    assert 150 < counted.count("test") < 250
    assert 150 < counted.count("valid") < 250
    assert [split_of(f"Sentence {number}.") for number in FIRST_HELD] == ["test", "valid"]


def test_written_strings_are_short_lines_and_disjoint() -> None:
    found = {split: set(itertools.islice(written(2, split), 1000)) for split in SPLITS}
    for text in itertools.chain(*found.values()):
        assert text == text.strip() != ""
        assert "\n" not in text
        assert len(text) <= 80
    assert not found["train"] & found["test"]
    assert not found["train"] & found["valid"]
    assert any("€" in text for text in found["train"])
    assert any(text.isdigit() for text in found["train"])
