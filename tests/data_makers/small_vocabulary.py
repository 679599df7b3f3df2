"""A small byte-level vocabulary with the published control tokens, made on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from phi_desk.engine.byte_alphabet import BYTE_OF

# From the published files: role and end tokens have rstrip, tool tokens are not special.
ROLES = ("assistant", "end", "user", "system")
TOOLS = ("tool", "/tool", "tool_call", "/tool_call", "tool_response", "tag")
CHAT_MARKS = ("endoftext", "im_start", "im_sep", "im_end")
MERGES = (("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o"), ("Ġ", "t"), ("Ã", "¼"), ("<", "|"))


def phi_added(*, rstrip: bool = True) -> list[AddedToken]:
    """The control tokens of Phi-4-multimodal in their order."""
    plain = [AddedToken(f"<|{n}|>", special=True) for n in ("endoftext", "endoftext10")]
    plain.append(AddedToken("<|endoftext11|>", special=True))
    roles = [AddedToken(f"<|{name}|>", special=True, rstrip=rstrip) for name in ROLES]
    return [*plain, *roles, *(AddedToken(f"<|{name}|>", special=False) for name in TOOLS)]


def chat_marks_added() -> list[AddedToken]:
    """The control tokens of Phi-4 with 14 billion parameters."""
    return [AddedToken(f"<|{name}|>", special=True) for name in CHAT_MARKS]


def small_tokenizer(added: list[AddedToken], vocab: Mapping[str, int] | None = None) -> Tokenizer:
    """256 bytes, a few merges, and `added`."""
    signs = vocab or {sign: place for place, sign in enumerate(sorted(BYTE_OF))}
    merged = {a + b: len(signs) + place for place, (a, b) in enumerate(MERGES)}
    merges = [] if vocab else list(MERGES)
    tokenizer = Tokenizer(BPE(vocab={**signs, **merged}, merges=merges))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = ByteLevelDecoder()
    tokenizer.add_tokens(added)
    return tokenizer


def save(folder: Path, added: list[AddedToken]) -> Path:
    """A model folder that holds the tokenizer only."""
    folder.mkdir(parents=True, exist_ok=True)
    small_tokenizer(added).save(str(folder / "tokenizer.json"))
    return folder
