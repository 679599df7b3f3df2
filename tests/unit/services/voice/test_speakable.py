"""Answers as they are read aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.services.voice.language import language_of
from phi_desk.services.voice.speakable import LONGEST, pieces, speakable

ANSWER = """\
# The weather

It is **very** *warm* today, see [the chart](https://example.org/a/b?c=d).

1. Drink ~~tea~~ `water`
2. Stay inside

- [x] shade

| City | Degrees |
|------|--------:|
| Rome | 34 |
| Oslo | 21 |

```python
print(34)
print(21)
```
More at https://www.example.org/long/path?x=1.

---
> quoted
"""


def test_marks_are_left_out_and_code_and_tables_announced() -> None:
    assert speakable(ANSWER).splitlines() == [
        "The weather.",
        "It is very warm today, see the chart.",
        "1. Drink tea water.",
        "2. Stay inside.",
        "shade.",
        "Here follows a table, rows: 2. City, Degrees.",
        "Here follows code, lines: 2.",
        "More at example.org.",
        "quoted.",
    ]


def test_announced_in_the_language_of_the_answer() -> None:
    code = "Das ist es:\n```\nx\ny\n```"
    assert speakable(code, "de") == "Das ist es:\nHier folgt Code, Zeilen: 2."
    assert "以下是代码" in speakable(code, "zh")
    assert "Here follows code" in speakable(code, "fi")


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("an _important_ __word__", "an important word."),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24."),
        ("snake_case_name stays", "snake_case_name stays."),
        ("$$E = mc^2$$ is known.", "A formula. is known."),
        ("![a cat](cat.png)", "A picture: a cat."),
        ("<b>bold</b> words", "bold words."),
        ("```\nnever closed", "Here follows code, lines: 1."),
        ("", ""),
        ("***", ""),
        ("a | b", "a , b."),
    ],
)
def test_odd_ones(markdown: str, said: str) -> None:
    assert speakable(markdown) == said


def test_pieces_end_with_sentences() -> None:
    sentences = [f"This is the sentence with the number {n}." for n in range(40)]
    found = pieces(" ".join(sentences))
    assert len(found) > 3
    assert all(len(piece) <= LONGEST for piece in found)
    assert all(piece.endswith(".") for piece in found)
    assert " ".join(found) == " ".join(sentences)


@given(st.text())
def test_nothing_is_lost_in_pieces_and_none_is_too_long(words: str) -> None:
    found = pieces(words)
    assert "".join("".join(found).split()) == "".join(words.split())
    assert all(0 < len(piece) <= LONGEST for piece in found)


@given(st.text(alphabet="ab *_`|#>-[]()!~$\\\n<1."))
def test_any_markdown_can_be_said(markdown: str) -> None:
    assert "\n\n" not in speakable(markdown)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The cat is on the roof, and it does not want to come down.", "en"),
        ("Die Katze ist auf dem Dach und will nicht herunterkommen.", "de"),
        ("Le chat est sur le toit et il ne veut pas descendre.", "fr"),
        ("El gato está en el tejado y no quiere bajar por la escalera.", "es"),
        ("Il gatto è sul tetto e non vuole scendere per la scala.", "it"),
        ("O gato está no telhado e não quer descer, mas você pode ajudar.", "pt"),
        ("猫在屋顶上，不想下来。", "zh"),
        ("猫は屋根の上にいて、降りたくない。", "ja"),
        ("고양이가 지붕 위에 있어요.", "ko"),
        ("Кошка сидит на крыше.", "ru"),
        ("Кішка сидить на даху і не хоче злазити.", "uk"),
        ("42", ""),
        ("", ""),
        ("Xyzzy plugh", ""),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language
