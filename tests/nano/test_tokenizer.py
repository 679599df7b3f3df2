"""The vocabulary: layout, round trips, digits, and that the app takes it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import tokenizer as recipe
from chat import text_examples
from corpus import LANGUAGES, sentences, written

from phi_desk.engine.prompt import build_prompt
from phi_desk.engine.tokens import Tokens


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    folder: Path = tmp_path_factory.mktemp("vocabulary")
    recipe.make(seed=0, count=3000).save(str(folder / "tokenizer.json"))
    return Tokens.load(folder)


def test_controls_lie_behind_the_pieces_in_their_published_order(tokens: Tokens) -> None:
    first = recipe.PIECES - len(recipe.CONTROLS)
    names = ["image" if name == "endoftext10" else name for name in recipe.CONTROLS]
    names = ["audio" if name == "endoftext11" else name for name in names]
    assert [tokens.find(name) for name in names] == list(range(first, recipe.PIECES))
    assert tokens.style == "phi"
    assert tokens.ends == {first, first + recipe.CONTROLS.index("end")}


def test_every_text_comes_back(tokens: Tokens) -> None:
    texts = [
        *(s.text[code] for s in itertools.islice(sentences(1, "test"), 300) for code in LANGUAGES),
        *itertools.islice(written(1, "test"), 300),
        "  two  spaces ", "tab\tand\nlines\n\n", "<|user|>", "日本語 😀", "",
    ]  # fmt: skip
    for text in texts:
        assert tokens.decode(tokens.encode_plain(text)) == text


def test_digits_are_single_pieces(tokens: Tokens) -> None:
    for text in ("1234567890", "Room 214", "12.50 €", '{"minutes": 45}'):
        ids = tokens.encode_plain(text)
        pieces = [tokens.decode([id_]) for id_ in ids]
        assert [p for p in pieces if any(c.isdigit() for c in p)] == [
            c for c in text if c.isdigit()
        ]


def test_sentences_are_short(tokens: Tokens) -> None:
    drawn = list(itertools.islice(sentences(2, "test"), 400))
    for code in LANGUAGES:
        lengths = [len(tokens.encode_plain(sentence.text[code])) for sentence in drawn]
        assert sum(lengths) / len(lengths) < 15
        assert max(lengths) < 40


def test_prompts_of_every_kind_can_be_built(tokens: Tokens) -> None:
    for example in itertools.islice(text_examples(3, "train"), 300):
        pieces = build_prompt(example.messages, example.tools, tokens, None, None).pieces
        assert sum(map(len, pieces)) < 600  # type: ignore[arg-type]


def test_the_recipe_is_a_pure_function() -> None:
    one, other = (recipe.make(seed=4, count=200).to_str() for _ in range(2))
    assert one == other
