"""tokenizer.json, looked at before the tokenizers library sees it; knows no control token.

The library is written in Rust and meets odd files with a panic: an exception that no `except
Exception` catches, and lines on stderr. So a file is only handed over when it is of the one kind
that Phi models have: byte-level BPE without normalisation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phi_desk.errors import CheckpointError
from phi_desk.paths import read_regular

if TYPE_CHECKING:
    from tokenizers import Tokenizer

HINT = "Check the folder with 'phi-desk models verify', or download the model again."
LARGEST = 64 * 2**20  # bytes; the published file has 15.5 MB
_SPLITTERS = ("Split", "ByteLevel")
_UNUSED = ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback")


def read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in the file.

    Raises:
        CheckpointError: it is missing, damaged, or not of the kind that Phi models have.
    """
    from tokenizers import Tokenizer

    try:
        data = read_regular(path, LARGEST)
    except FileNotFoundError:
        raise CheckpointError(f"The model folder has no {path.name}.", HINT, (str(path),)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        sentence = f"{path.name} cannot be read: {reason}."
        raise CheckpointError(sentence, HINT, (str(path),)) from error
    _check(data, path)
    with panics_refused(path.name):
        try:
            return Tokenizer.from_buffer(data)
        except Exception as error:  # the library raises bare Exception for every fault
            raise _damaged(path, str(error)) from error


@contextmanager
def panics_refused(name: str = "tokenizer.json") -> Iterator[None]:
    """Turn a panic of the library into an error about the file called `name`."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # its class cannot be imported
            raise
        raise CheckpointError(
            f"{name} holds rules that cannot be followed.", HINT, (str(error),)
        ) from error


def _check(data: bytes, path: Path) -> None:
    """Refuse whatever is no byte-level BPE."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    model = value.get("model") if isinstance(value, dict) else None
    if not isinstance(model, dict):
        raise _damaged(path, "no model")
    plain = model.get("type") == "BPE" and not any(model.get(key) for key in _UNUSED)
    extras = any(value.get(key) for key in ("normalizer", "truncation", "padding"))
    if extras or not plain or not _splits_bytes(value.get("pre_tokenizer")):
        raise CheckpointError(
            f"{path.name} is not the tokenizer of a Phi-4 model.",
            "Phi Desk runs Phi-4-multimodal, Phi-4-mini and Phi-4. " + HINT,
            (str(path),),
        )
    if not _merges_fit(model):
        raise _damaged(path, "a merge is longer than every token")


def _merges_fit(model: dict[str, Any]) -> bool:
    """Whether no merge is longer than the longest token, which the library takes for granted."""
    vocabulary, merges = model.get("vocab"), model.get("merges")
    if not isinstance(vocabulary, dict) or not isinstance(merges, list):
        return False
    longest = max((len(token.encode("utf-8", "replace")) for token in vocabulary), default=0)
    for merge in merges:
        pair = merge.split(" ") if isinstance(merge, str) else merge
        if not isinstance(pair, list) or not all(isinstance(part, str) for part in pair):
            return False
        if len("".join(pair).encode("utf-8", "replace")) > longest:
            return False
    return True


def _splits_bytes(rule: Any) -> bool:
    """Whether a pre-tokenizer is the byte alphabet, perhaps behind splits by a pattern."""
    if not isinstance(rule, dict):
        return False
    rules = rule.get("pretokenizers") if rule.get("type") == "Sequence" else [rule]
    if not isinstance(rules, list) or not all(isinstance(part, dict) for part in rules):
        return False
    kinds = [part.get("type") for part in rules]
    return all(kind in _SPLITTERS for kind in kinds) and kinds[-1:] == ["ByteLevel"]


def _damaged(path: Path, detail: str) -> CheckpointError:
    return CheckpointError(
        f"{path.name} is damaged or is not a tokenizer.", HINT, (str(path), detail)
    )
