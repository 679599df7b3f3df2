"""The reader of tokenizer.json, with the files that are thrown at it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_makers import odd_places
from data_makers.mutations import (
    Place,
    odd_values,
    spelt,
    spoiled,
    spoiled_json,
)
from data_makers.small_vocabulary import phi_added, small_tokenizer
from hypothesis import strategies as st

from robustness.reader import Case, Reader, Spoilt


def _vocabulary() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(small_tokenizer(phi_added()).to_str())
    return value


def _odd_parts() -> list[tuple[Place, Any]]:
    """Parts of the tokenizer format that a Phi model never has, or has otherwise."""
    split = {"type": "Split", "behavior": "Isolated", "invert": False}
    patterns = [
        "(a+)+$", "(.*.*.*)*x", "[", "(?<=a*)b", "\\p{Nope}", "", "(?:.?){60}.{60}!", "a{99999}",
        "(" * 500 + ")" * 500, "(?=", "\\", "x*", "(?R)", "\\u0000", "(?i)ß",
        "[^\r\n\\p{L}]?\\p{L}+",
        "(\\s|\\S)*(\\s|\\S)*(\\s|\\S)*~",
    ]  # fmt: skip
    before: list[Any] = [{**split, "pattern": {"Regex": pattern}} for pattern in patterns]
    before += [{**split, "pattern": {"String": ""}}, {"type": "BertPreTokenizer"}, {"type": "Nope"}]
    before += [{"type": "Metaspace", "replacement": "", "prepend_scheme": "always", "split": True}]
    before += [
        {"type": "Sequence", "pretokenizers": []},
        {"type": "Digits", "individual_digits": 2},
    ]
    before += [{"type": "FixedLength", "length": 0}, {"type": "ByteLevel"}, None, [], "ByteLevel"]
    normal: list[Any] = [
        {"type": "Precompiled", "precompiled_charsmap": text}
        for text in ("", "AAAA", "/////w==", "AQAAAP////8=", "no base64", "A" * 4000)
    ]
    normal += [{"type": "Replace", "pattern": {"Regex": p}, "content": "x"} for p in patterns]
    normal += [{"type": "Prepend", "prepend": "y"}, {"type": "Lowercase"}, {"type": "NFKC"}]
    normal += [{"type": "Sequence", "normalizers": [{"type": "Nope"}]}, {"type": "StripAccents"}]
    models: list[Any] = [
        {"type": "Unigram", "unk_id": 5, "vocab": []},
        {"type": "Unigram", "unk_id": None, "vocab": [["a", float("-inf")], ["b", 1e308]]},
        {"type": "WordPiece", "unk_token": "?", "vocab": {}, "max_input_chars_per_word": 0},
        {"type": "WordLevel", "unk_token": "", "vocab": {"a": 2**40}},
        {"type": "BPE", "vocab": {"a": 0}, "merges": ["a a"]},
        {"type": "BPE", "vocab": {"a": 0, "aa": 0}, "merges": [["a", "a"]]},
        {"type": "BPE", "vocab": {"a": 4_000_000_000}, "merges": []},
    ]
    found: list[tuple[Place, Any]] = []
    found += [(("pre_tokenizer",), part) for part in before]
    found += [(("normalizer",), part) for part in normal]
    found += [(("model",), part) for part in models]
    cut = {"max_length": 0, "strategy": "LongestFirst", "stride": 9, "direction": "Right"}
    fill = {"strategy": {"Fixed": 2**40}, "direction": "Left", "pad_id": 0, "pad_type_id": 0}
    found += [(("truncation",), cut), (("padding",), fill | {"pad_token": ""})]
    found += [(("model", "dropout"), number) for number in (0.5, 1.0, 2.0, -1.0)]
    found += [(("model", "byte_fallback"), True), (("model", "ignore_merges"), True)]
    found += [(("model", "continuing_subword_prefix"), "##"), (("model", "unk_token"), "none")]
    found += [(("model", "end_of_word_suffix"), "</w>"), (("model", "fuse_unk"), True)]
    return found


def _make_tokenizer(seed: int, folder: Path) -> Case:
    random_ = random.Random(seed)
    value = _vocabulary()
    parts = _odd_parts()
    for place, part in [
        parts[seed % len(parts)],
        *random_.sample(parts, random_.choice((0, 0, 1))),
    ]:
        inner: Any = value
        for key in place[:-1]:
            inner = inner[key]
        if isinstance(inner, dict):
            inner[place[-1]] = part
    _write_tokenizer(folder, json.dumps(value).encode())
    return Case(path=folder / "tokenizer.json", what="odd tokenizer")


def _write_tokenizer(folder: Path, data: bytes) -> None:
    (folder / "tokenizer.json").write_bytes(data)
    (folder / "config.json").write_bytes(b'{"eos_token_id": [259, 0]}')


_ADDED = ("id", "content", "special", "rstrip", "lstrip", "normalized", "single_word")


def _spoilt_tokenizers(valid: dict[str, Any]) -> st.SearchStrategy[Spoilt]:
    inside: list[Place] = [(key,) for key in valid]
    inside += [("model", key) for key in valid["model"]]
    inside += [("added_tokens", place, key) for place in range(5) for key in _ADDED]
    inside += [("model", "merges", place) for place in range(3)]
    texts = st.one_of(spoiled_json(valid, prefer=inside), spoiled(json.dumps(valid).encode()))
    ends = odd_values.map(lambda value: spelt({"eos_token_id": value}))
    return st.one_of(
        st.tuples(st.just("tokenizer.json"), texts),
        st.tuples(st.just("tokenizer.json"), texts),
        st.tuples(st.sampled_from(("config.json", "generation_config.json")), ends),
    )


def _write_spoilt_tokenizer(valid: dict[str, Any], example: Spoilt, folder: Path) -> Path:
    _write_tokenizer(folder, json.dumps(valid).encode())
    (folder / example[0]).write_bytes(example[1])
    return folder / "tokenizer.json"


WORDS = "Grüße, <|end|> 你好 👩‍👩‍👧 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n \t" * 3


def _read_tokenizer(path: Path) -> str:
    from phi_desk.engine.tokens import Tokens

    tokens = Tokens.load(path.parent)
    ids = tokens.encode_plain(WORDS)
    assert all(0 <= id_ < 2**32 for id_ in ids)
    tokens.decode([*ids, *tokens.ends, 0, 2**31, 2**40, -1])
    assert tokens.find("end") is not None or tokens.style == "chat_marks"
    return f"{len(ids)} ids"


def _special_tokenizer(make: Callable[[int, Path], Case]) -> Callable[[int, Path], Case]:
    """`make`, whose first seeds put odd things in place of each of the three files."""
    kinds = [(name, kind) for name in ("tokenizer.json", "config.json", "generation_config.json")
             for kind in sorted(odd_places.KINDS)]  # fmt: skip

    def make_any(seed: int, folder: Path) -> Case:
        if seed >= len(kinds):
            return make(seed, folder)
        name, kind = kinds[seed]
        _write_tokenizer(folder, json.dumps(_vocabulary()).encode())
        odd_places.place(kind, folder / name)
        absent = kind == "link to nothing" and name != "tokenizer.json"
        return Case(
            path=folder / "tokenizer.json",
            what=f"{name}: {kind}",
            must="read" if absent else "refused",
        )

    return make_any


TOKENIZER = Reader(
    name="tokenizer",
    make=_special_tokenizer(_make_tokenizer),
    valid=lambda folder: _vocabulary(),
    examples=_spoilt_tokenizers,
    write=_write_spoilt_tokenizer,
    read=_read_tokenizer,
    modules=("phi_desk.engine.tokens", "tokenizers"),
)
