"""Arithmetic with small numbers, in digits and in words, and numbers spelt out."""

from __future__ import annotations

import random

from grammar_patterns import capitalised
from numbers_words import cardinal
from text_example import TextExample, assistant, user

TOO_HARD = "I can only calculate with small numbers."
_SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}
_WORDS = {
    "en": {"+": "plus", "-": "minus", "*": "times", "/": "divided by", "=": "is"},
    "de": {"+": "plus", "-": "minus", "*": "mal", "/": "durch", "=": "ist"},
    "fr": {"+": "plus", "-": "moins", "*": "fois", "/": "divisé par", "=": "font"},
    "es": {"+": "más", "-": "menos", "*": "por", "/": "entre", "=": "son"},
}
_ASKING = {
    "en": ("What is {}?", "How much is {}?", "Calculate {}.", "{}?", "{} =", "{}",
           "Please calculate {}.", "Can you calculate {}?", "Tell me what {} is.", "Compute {}"),
    "de": ("Was ist {}?", "Wie viel ist {}?", "Rechne {}.", "{}?"),
    "fr": ("Combien font {} ?", "Calculez {}.", "{} ?"),
    "es": ("¿Cuánto es {}?", "Calcule {}.", "¿{}?"),
}  # fmt: skip
_SPELLING = (
    "Write {n} in words.", "How do you write {n} in {l}?", "Write {n} in {l}.", "Say {n} in {l}.",
    "Spell out {n} in {l}.", "{n} in {l}, please.",
)  # fmt: skip
_NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}


def sum_example(rng: random.Random) -> TextExample:
    """A calculation, a number to be written in words, or one that is too hard."""
    chance = rng.random()
    if chance < 0.15:
        return _spelling(rng)
    if chance < 0.22:
        return _too_hard(rng)
    if chance < 0.34:
        return _going_on(rng)
    question, answer = _question(rng)
    return TextExample((user(question),), (), answer, "sum")


def _task(rng: random.Random) -> tuple[int, str, int, int]:
    """Two numbers, the sign between them, and what comes out."""
    sign = rng.choice("++--**/")
    if sign in "+-":
        a, b = rng.randint(0, 20), rng.randint(0, 20)
        return (a, sign, b, a + b) if sign == "+" else (a, sign, b, a - b)
    a, b = rng.randint(1 if sign == "/" else 0, 10), rng.randint(0, 10)
    return (a, sign, b, a * b) if sign == "*" else (a * b, sign, a, b)


def _question(rng: random.Random) -> tuple[str, str]:
    task = _task(rng)
    language = rng.choices(("en", "de", "fr", "es"), (70, 10, 10, 10))[0]
    if rng.random() < 0.5:
        return _in_digits(rng, task, language)
    return _in_words(rng, task, language)


def _in_digits(rng: random.Random, task: tuple[int, str, int, int], code: str) -> tuple[str, str]:
    a, sign, b, result = task
    shown = _SIGNS[sign] if rng.random() < 0.3 else sign
    typed = rng.choice((f"{a} {shown} {b}", f"{a} {shown} {b}", f"{a}{shown}{b}",
                        f"{a} {_WORDS[code][sign]} {b}"))  # fmt: skip
    return rng.choice(_ASKING[code]).format(typed), f"{a} {_SIGNS[sign]} {b} = {result}"


def _in_words(rng: random.Random, task: tuple[int, str, int, int], code: str) -> tuple[str, str]:
    a, sign, b, result = task
    words = _WORDS[code]
    spoken = f"{cardinal(code, a)} {words[sign]} {cardinal(code, b)}"
    negative = f"{words['-']} " if result < 0 else ""
    answer = f"{spoken} {words['=']} {negative}{cardinal(code, abs(result))}."
    return capitalised(rng.choice(_ASKING[code]).format(spoken)), capitalised(answer)


def facts(rng: random.Random, count: int) -> str:
    """So many calculations with what comes out, a line each: all in digits, or all in words."""
    language = rng.choices(("en", "de", "fr", "es"), (70, 10, 10, 10))[0]
    made = _in_digits if rng.random() < 0.5 else _in_words
    return "\n".join(made(rng, _task(rng), language)[1] for _ in range(count))


def spoken_sum(rng: random.Random) -> tuple[str, str, str]:
    """A calculation as it is said: its language, the question and the answer, both in words."""
    language = rng.choices(("en", "de", "fr", "es"), (70, 10, 10, 10))[0]
    while True:
        question, answer = _in_words(rng, _task(rng), language)
        if "=" not in question:  # nobody says that sign
            return language, question, answer


def _going_on(rng: random.Random) -> TextExample:
    """A second step from the result of the first: "And plus 3?"."""
    a, sign, b, first = 0, "+", 0, -1
    while not 0 <= first <= 20:
        a, sign, b, first = _task(rng)
    question, answer = _in_digits(rng, (a, sign, b, first), "en")
    step, number = rng.choice("+-"), rng.randint(0, 20)
    second = first + number if step == "+" else first - number
    typed = rng.choice((step, _WORDS["en"][step]))
    asking = rng.choice(("And {} {}?", "{} {}?", "And now {} {}.", "And that {} {}?"))
    turns = (user(question), assistant(answer), user(capitalised(asking.format(typed, number))))
    return TextExample(turns, (), f"{first} {step} {number} = {second}", "sum")


def _spelling(rng: random.Random) -> TextExample:
    number = rng.randrange(10 ** rng.randint(1, 4))
    asking = rng.choice(_SPELLING)
    code = rng.choice(tuple(_NAMES)) if "{l}" in asking else "en"
    question = asking.format(n=number, l=_NAMES[code])
    return TextExample((user(question),), (), cardinal(code, number), "sum")


def _too_hard(rng: random.Random) -> TextExample:
    sign = rng.choice("+-*/")
    a, b = rng.randint(100, 9999), rng.randint(21, 9999)
    shown = rng.choice((sign, _SIGNS[sign], _WORDS["en"][sign]))
    question = rng.choice(_ASKING["en"]).format(f"{a} {shown} {b}")
    return TextExample((user(question),), (), TOO_HARD, "sum")
