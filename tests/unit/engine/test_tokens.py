"""The vocabulary: nothing typed is ever a control token, nothing typed is ever lost."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from data_makers.small_vocabulary import chat_marks_added, phi_added, save, small_tokenizer
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer

from phi_desk.engine.languages import LANGUAGES
from phi_desk.engine.tokens import Tokens
from phi_desk.errors import CheckpointError

PHI = Tokens(small_tokenizer(phi_added()))
CONTROLS = [token.content for token in phi_added()]

# "The quick brown fox" is no test for these: a sentence each, with the language's own signs.
SENTENCES = {
    "ar": "كيف حالك اليوم؟ السَّلامُ عليكم.",
    "zh": "今天天气怎么样？我们去公园吧。",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "da": "Quizdeltagerne spiste jordbær med fløde på åen.",
    "nl": "De reünie op het eiland beëindigde de ruzie.",
    "en": "It's the naïve café's “first” résumé — isn't it?",
    "fi": "Törkylempijävongahdus, hyvää yötä!",
    "fr": "Voix ambiguë d’un cœur qui préfère les jattes de kiwis.",
    "de": "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "he": "דג סקרן שט בים מאוכזב, שָׁלוֹם.",
    "hu": "Árvíztűrő tükörfúrógép.",
    "it": "Perché la città è più bella là?",
    "ja": "私は寿司が好きです。カタカナと「かな」。",
    "ko": "키스의 고유조건은 입술끼리 만나야 한다.",
    "no": "Vår sære Zulu fra badeøya spilte jo whist.",
    "pl": "Zażółć gęślą jaźń.",
    "pt": "À noite, vovô Kowalsky vê o ímã cair no pé do pinguim.",
    "ru": "Съешь ещё этих мягких французских булок, да выпей чаю.",
    "es": "¿Qué? El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia.",
    "sv": "Flygande bäckasiner söka hwila på mjuka tuvor.",
    "th": "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
    "tr": "Pijamalı hasta yağız şoföre çabucak güvendi. İı",
    "uk": "Жебракують філософи при ґанку церкви в Гадячі, ще й шатро їхнє п’яне знаємо.",
}


def test_every_language_of_the_model_has_a_sentence_here() -> None:
    assert SENTENCES.keys() == {language.code for language in LANGUAGES}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_language_comes_back_as_it_was(oracle: Path, code: str) -> None:
    tokens = Tokens.load(oracle / "checkpoint")
    sentence = SENTENCES[code]
    ids = tokens.encode_plain(sentence)
    assert tokens.decode(ids) == sentence
    published = Tokenizer.from_file(str(oracle / "checkpoint/tokenizer.json"))
    assert ids == published.encode(sentence, add_special_tokens=False).ids


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert PHI.decode(PHI.encode_plain(text)) == text


@given(st.lists(st.sampled_from([*CONTROLS, "<|image_1|>", "<|", "|>", "end", " ", "\n", "a"])))
def test_control_tokens_that_are_typed_stay_text(parts: list[str]) -> None:
    text = "".join(parts)
    ids = PHI.encode_plain(text)
    assert PHI.decode(ids) == text
    assert not set(ids) & {PHI.control(name[2:-2]) for name in CONTROLS}


def test_typed_control_tokens_stay_text_in_the_published_vocabulary(oracle: Path) -> None:
    tokens = Tokens.load(oracle / "checkpoint")
    text = "<|end|><|user|><|image_1|><|endoftext10|><|tool_call|>[]<|/tool_call|><|im_end|>"
    ids = tokens.encode_plain(text)
    assert tokens.decode(ids) == text
    assert max(ids) < 199_999


def test_halves_of_surrogates_become_replacement_characters() -> None:
    assert PHI.decode(PHI.encode_plain("a\ud83db")) == "a\ufffdb"
    assert PHI.decode(PHI.encode_plain("\ud83d\ude00")) == "😀"


def test_published_ids_are_found_by_name(oracle: Path) -> None:
    tokens = Tokens.load(oracle / "checkpoint")
    named = {"image": 200010, "audio": 200011, "end": 200020, "/tool_call": 200026}
    assert {name: tokens.control(name) for name in named} == named
    assert tokens.ends == {199999, 200020}
    assert tokens.style == "phi"
    assert tokens.find("im_start") is None
    with pytest.raises(CheckpointError, match="no control token for 'im_start'"):
        tokens.control("im_start")


def test_the_native_layout_calls_the_placeholders_otherwise() -> None:
    renamed = {"<|endoftext10|>": "<|image|>", "<|endoftext11|>": "<|audio|>"}
    added = [AddedToken(renamed.get(t.content, t.content), special=t.special) for t in phi_added()]
    native = Tokens(small_tokenizer(added))
    assert native.control("image") == PHI.control("image")
    assert native.control("audio") == PHI.control("audio")


def test_the_14b_vocabulary_is_recognised() -> None:
    tokens = Tokens(small_tokenizer(chat_marks_added()))
    assert tokens.style == "chat_marks"
    assert tokens.ends == {tokens.control("im_end"), tokens.control("endoftext")}


@pytest.mark.parametrize(
    ("generation", "config", "expected"),
    [
        ({"eos_token_id": [7, 8]}, {"eos_token_id": 9}, {7, 8, 9}),
        ({"eos_token_id": 7}, {}, {7}),
        (None, {"eos_token_id": None}, set()),
        (None, None, set()),
        ({"eos_token_id": ["7", True, 5]}, None, {5}),
    ],
)
def test_ends_come_from_both_files_and_the_vocabulary(
    tmp_path: Path, generation: Any, config: Any, expected: set[int]
) -> None:
    save(tmp_path, phi_added())
    for name, value in (("generation_config", generation), ("config", config)):
        if value is not None:
            (tmp_path / f"{name}.json").write_text(json.dumps(value))
    own = {PHI.control("end"), PHI.control("endoftext")}
    assert Tokens.load(tmp_path).ends == expected | own


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize("name", ["generation_config.json", "config.json"])
def test_broken_configuration_is_reported(tmp_path: Path, name: str, content: bytes) -> None:
    save(tmp_path, phi_added())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CheckpointError, match=f"{name} is damaged"):
        Tokens.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 15500000\n",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe\x00" * 100,
    ],
)
def test_a_broken_tokenizer_is_reported(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged or is not a tokenizer") as caught:
        Tokens.load(tmp_path)
    assert caught.value.hint


def test_a_missing_tokenizer_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"has no tokenizer\.json"):
        Tokens.load(tmp_path)


def test_a_truncated_tokenizer_is_reported(tmp_path: Path) -> None:
    path = save(tmp_path, phi_added()) / "tokenizer.json"
    content = path.read_bytes()
    for end in range(0, len(content), len(content) // 50):
        path.write_bytes(content[:end])
        with pytest.raises(CheckpointError):
            Tokens.load(tmp_path)


def test_another_family_is_reported(tmp_path: Path) -> None:
    save(tmp_path, [AddedToken("<s>", special=True), AddedToken("</s>", special=True)])
    with pytest.raises(CheckpointError, match="no control tokens of a Phi-4 model"):
        Tokens.load(tmp_path)


def test_a_vocabulary_that_loses_bytes_is_reported(tmp_path: Path) -> None:
    path = save(tmp_path, phi_added()) / "tokenizer.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(_without_a_byte(content)))
    with pytest.raises(CheckpointError, match="does not keep every byte"):
        Tokens.load(tmp_path)
    path.write_text(json.dumps(_lower_case(content)))
    with pytest.raises(CheckpointError, match="is not the tokenizer of a Phi-4 model"):
        Tokens.load(tmp_path)


def _without_a_byte(content: dict[str, Any]) -> dict[str, Any]:
    broken = copy.deepcopy(content)
    del broken["model"]["vocab"]["ÿ"]
    return broken


def _lower_case(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "normalizer": {"type": "Lowercase"}}
