"""Languages by every name a person may use."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.engine.languages import LANGUAGES, SPOKEN, Language, find_language
from phi_desk.errors import UsageError


def test_they_are_those_of_the_model_card() -> None:
    assert ", ".join(language.name for language in LANGUAGES) == (
        "Arabic, Chinese, Czech, Danish, Dutch, English, Finnish, French, German, Hebrew, "
        "Hungarian, Italian, Japanese, Korean, Norwegian, Polish, Portuguese, Russian, Spanish, "
        "Swedish, Thai, Turkish, Ukrainian"
    )
    assert {language.code for language in SPOKEN} == {
        *("en", "zh", "de", "fr", "it", "ja", "es", "pt")
    }


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_name_leads_to_its_language(language: Language) -> None:
    names = (language.code, language.name, language.native, *language.other_names)
    for name in names:
        assert find_language(name) is language
        assert find_language(f" {name.upper()} ") is language


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Deutsch", "de"),
        ("de-AT", "de"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("espanol", "es"),
        ("FRANCAIS", "fr"),
        ("turkce", "tr"),
        ("BOKMAL", "no"),
    ],
)
def test_regions_and_missing_accents_do_not_matter(name: str, code: str) -> None:
    assert find_language(name).code == code


@pytest.mark.parametrize(
    ("name", "suggestion"), [("Germen", "German"), ("Portugese", "Portuguese"), ("swedisch", "Swe")]
)
def test_a_slip_gets_a_suggestion(name: str, suggestion: str) -> None:
    with pytest.raises(UsageError, match="not a language this model knows") as caught:
        find_language(name)
    assert f"Did you mean {suggestion}" in caught.value.hint


@pytest.mark.parametrize("name", ["", "Klingon", "xx", "d", "de de", "-", "e-n"])
def test_others_are_refused_with_the_whole_list(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_language(name)
    assert all(f"{language.name} ({language.code})" in caught.value.hint for language in LANGUAGES)


@given(st.text())
def test_any_text_is_a_language_or_a_usage_error(name: str) -> None:
    with suppress(UsageError):
        assert find_language(name) in LANGUAGES
