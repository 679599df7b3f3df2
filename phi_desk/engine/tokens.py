"""The vocabulary of a checkpoint: words to ids and back; knows no prompt format and no model.

What a person typed is encoded by a tokenizer that has no control tokens at all, so nothing in it
can be taken for one. Control tokens are only ever put in by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from phi_desk.engine.byte_alphabet import BYTE_OF, to_bytes
from phi_desk.engine.tokenizer_file import HINT as _HINT
from phi_desk.engine.tokenizer_file import panics_refused, read_tokenizer
from phi_desk.errors import CheckpointError
from phi_desk.paths import read_regular

if TYPE_CHECKING:
    from tokenizers import AddedToken, Tokenizer

Style = Literal["phi", "chat_marks"]
Side = Literal["left", "right"]

# The published names first; the native layout renamed these two ids.
_NAMES = {
    "image": ("<|endoftext10|>", "<|image|>"),
    "audio": ("<|endoftext11|>", "<|audio|>"),
}
_STYLES: tuple[tuple[Style, tuple[str, ...]], ...] = (
    ("phi", ("user", "assistant", "system", "end")),
    ("chat_marks", ("im_start", "im_sep", "im_end")),  # Phi-4 with 14 billion parameters
)
_TOOL_NAMES = ("tool", "/tool", "tool_call", "/tool_call", "tool_response")
_END_NAMES = ("end", "endoftext", "im_end")
# What the tokenizer's rstrip and lstrip flags eat: Unicode's White_Space.
_WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
_LARGEST_SETTINGS = 2**24  # bytes; the published files have some thousand


class Tokens:
    """Encodes and decodes for one checkpoint.

    Attributes:
        style: which prompt format the tokens belong to.
        ends: ids that end an answer.
    """

    def __init__(self, tokenizer: Tokenizer, ends: Iterable[int] = ()) -> None:
        """Take a tokenizer as loaded from its file; `ends` are the ids the configuration names.

        Raises:
            CheckpointError: it is not a byte-level vocabulary with the control tokens of Phi.
        """
        self._plain = _without_control_tokens(tokenizer)
        self._added: dict[int, AddedToken] = tokenizer.get_added_tokens_decoder()
        self._ids = {token.content: id_ for id_, token in self._added.items()}
        self._bytes: dict[int, bytes] = {}
        _check_byte_level(self._plain)
        self.style = self._find_style()
        named = (self.find(name) for name in _END_NAMES)
        self.ends = frozenset(ends) | {id_ for id_ in named if id_ is not None}
        self._tools = {self.find(name) for name in _TOOL_NAMES}

    @classmethod
    def load(cls, folder: Path) -> Tokens:
        """Read `tokenizer.json` and the end ids of the configuration files from `folder`.

        Raises:
            CheckpointError: a file is missing, damaged or of another kind.
        """
        return cls(read_tokenizer(folder / "tokenizer.json"), _configured_ends(folder))

    def encode_plain(self, text: str) -> list[int]:
        """The ids of `text`, every character of it taken as text.

        Halves of surrogate pairs, which no file can hold, become U+FFFD.
        """
        with panics_refused():
            return self._plain.encode(_whole_characters(text), add_special_tokens=False).ids

    def find(self, name: str) -> int | None:
        """The id of a control token by its bare name ("user", "/tool"), None where there is none.

        "image" and "audio" are the placeholders of media, whatever the checkpoint calls them.
        """
        for content in _NAMES.get(name, (f"<|{name}|>",)):
            if content in self._ids:
                return self._ids[content]
        return None

    def control(self, name: str) -> int:
        """As `find`.

        Raises:
            CheckpointError: the vocabulary has no such token.
        """
        found = self.find(name)
        if found is None:
            raise CheckpointError(f"The vocabulary has no control token for {name!r}.", _HINT)
        return found

    def strips(self, token: int, side: Side) -> bool:
        """Whether a control token swallows the white space on that side of it."""
        added = self._added.get(token)
        return added is not None and bool(added.lstrip if side == "left" else added.rstrip)

    def bytes_of(self, token: int, *, tools: bool = True) -> bytes:
        """What a token spells: nothing for control tokens and ids outside the vocabulary.

        With `tools` the tokens around tool calls spell their names, for whoever parses the calls.
        """
        if token in self._tools and not tools:
            return b""
        if token not in self._bytes:
            self._bytes[token] = self._spell(token)
        return self._bytes[token]

    def decode(self, ids: Iterable[int], *, tools: bool = True) -> str:
        """The text of `ids`; bytes that are no UTF-8 become U+FFFD."""
        spelt = b"".join(self.bytes_of(token, tools=tools) for token in ids)
        return spelt.decode("utf-8", "replace")

    def _spell(self, token: int) -> bytes:
        added = self._added.get(token)
        if added is not None:
            hidden = added.special and token not in self._tools
            return b"" if hidden else to_bytes(added.content)
        content = self._plain.id_to_token(token) if 0 <= token < 2**32 else None
        return b"" if content is None else to_bytes(content)

    def _find_style(self) -> Style:
        for style, names in _STYLES:
            if all(self.find(name) is not None for name in names):
                return style
        raise CheckpointError(
            "The tokenizer has no control tokens of a Phi-4 model.",
            "Phi Desk runs Phi-4-multimodal, Phi-4-mini and Phi-4. " + _HINT,
            tuple(sorted(self._ids)),
        )


def strip_space(text: str, side: Side) -> str:
    """`text` without the white space that a control token on that side of it swallows."""
    return text.lstrip(_WHITE_SPACE) if side == "left" else text.rstrip(_WHITE_SPACE)


def _whole_characters(text: str) -> str:
    """`text` with pairs of surrogates joined and single ones replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _without_control_tokens(tokenizer: Tokenizer) -> Tokenizer:
    """The same vocabulary and splitting, sharing the memory, but with nothing added."""
    from tokenizers import Tokenizer

    plain = Tokenizer(tokenizer.model)
    if tokenizer.normalizer is not None:
        plain.normalizer = tokenizer.normalizer
    if tokenizer.pre_tokenizer is not None:
        plain.pre_tokenizer = tokenizer.pre_tokenizer
    return plain


def _check_byte_level(plain: Tokenizer) -> None:
    missing = [sign for sign in BYTE_OF if plain.token_to_id(sign) is None]
    probe = "Grüße, 你好!\n"
    with panics_refused():
        spelt = b"".join(to_bytes(token) for token in plain.encode(probe).tokens)
    if missing or spelt.decode("utf-8", "replace") != probe:
        raise CheckpointError(
            "The tokenizer is not one of a Phi-4 model: it does not keep every byte of a text.",
            _HINT,
        )


def _configured_ends(folder: Path) -> set[int]:
    """The end ids that generation_config.json and config.json name; both files may be absent."""
    ends: set[int] = set()
    for name in ("generation_config.json", "config.json"):
        value = _read_object(folder / name).get("eos_token_id")
        several = value if isinstance(value, list) else [value]
        ends |= {id_ for id_ in several if isinstance(id_, int) and not isinstance(id_, bool)}
    return ends


def _read_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(read_regular(path, _LARGEST_SETTINGS))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path.name} is damaged.", _HINT, (str(path), str(error))) from error
    if not isinstance(value, dict):
        raise CheckpointError(f"{path.name} is damaged.", _HINT, (str(path),))
    return value
