"""What is said to the model without other words: questions with the answers of the same typed."""

from __future__ import annotations

import itertools
from collections import Counter

from corpus import split_of
from outside import HONEST
from spoken_talk import ANSWER, exchanges
from talk import WHO, questions_by_language


def test_questions_are_in_the_language_they_are_said_to_be() -> None:
    by_question = {question: (code, answer) for code, question, answer in questions_by_language()}
    assert by_question["Who are you?"] == ("en", WHO["en"])
    assert by_question["Wer sind Sie?"] == ("de", WHO["de"])
    assert by_question["Qui êtes-vous ?"] == ("fr", WHO["fr"])
    assert by_question["¿Quién es usted?"] == ("es", WHO["es"])
    assert by_question["Vielen Dank."] == ("de", "Gern geschehen.")
    assert by_question["Au revoir."] == ("fr", "Au revoir !")
    assert by_question["Hasta luego."] == ("es", "¡Adiós!")


def test_every_exchange_has_a_question_to_say_and_an_answer() -> None:
    found = list(itertools.islice(exchanges(3, "train"), 600))
    assert found == list(itertools.islice(exchanges(3, "train"), 600))
    languages = Counter(language for _, language in found)
    assert set(languages) == {"en", "de", "fr", "es"}
    assert languages["en"] > 300
    for sentence, language in found:
        assert sentence.kind == "talk"
        assert set(sentence.text) == {language, ANSWER}
        assert "=" not in sentence.text[language]
    answers = Counter(sentence.text[ANSWER] for sentence, _ in found)
    assert answers[HONEST] > 20


def test_sums_of_the_test_are_not_in_training() -> None:
    talk = {question for _, question, _ in questions_by_language()}
    for sentence, language in itertools.islice(exchanges(3, "test"), 60):
        question = sentence.text[language]
        assert question in talk or split_of(question) == "test"
