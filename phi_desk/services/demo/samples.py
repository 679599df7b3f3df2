"""The samples that come with the program, and what each should give; knows no model."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from phi_desk.engine.messages import ToolCall
from phi_desk.errors import InputError
from phi_desk.paths import resources_folder

LIST = "samples.json"
Kind = Literal["hear", "say", "translate", "read", "table", "ask", "chat", "tool"]
Agreement = Literal["as expected", "contains it", "not as expected"]
_SHORT = 4  # words of an expected answer that may stand inside a longer one


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One thing to show.

    Attributes:
        name: stable, for other programs.
        kind: "hear" writes speech down, "say" also translates it, "translate" translates a text,
            "read" reads a picture's lines, "table" its table, "ask" answers a spoken question about
            a picture, "chat" and "tool" answer words.
        title: for people.
        input: what goes in, in words: the sentence typed or spoken.
        turns: of a chat, what the person types one after the other.
        sound, picture: the files.
        to: the language to translate into, as a code.
        transcript: what "say" should hear.
        calls: what "tool" should call.
        expected: the answer; with "chat" that to the last turn.
        voice: who speaks; empty without speech.
    """

    name: str
    kind: Kind
    title: str
    input: str
    expected: str
    turns: tuple[str, ...] = ()
    sound: Path | None = None
    picture: Path | None = None
    to: str = ""
    transcript: str = ""
    calls: tuple[ToolCall, ...] = ()
    voice: str = ""


def samples_folder() -> Path:
    """Where the samples lie that come with the program."""
    return resources_folder() / "samples"


def read_samples(folder: Path | None = None) -> tuple[Sample, ...]:
    """All samples, in the order in which they are shown.

    Raises:
        InputError: they are not there, or their list is damaged.
    """
    folder = folder or samples_folder()
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
        return tuple(_sample(values, folder) for values in listed["samples"])
    except OSError as error:
        raise InputError(
            "The samples are not part of this copy of Phi Desk.", f"They belong into {folder}."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The list of samples is damaged: {folder / LIST}.", "Get the file again."
        ) from error


def compare(expected: str, answer: str) -> Agreement:
    """How an answer agrees with what was expected; case, punctuation and spaces do not matter.

    A short answer may also stand inside a longer one: "The circle is red." for "Red".
    """
    wanted, given = _bare(expected), _bare(answer)
    if wanted == given:
        return "as expected"
    if len(wanted.split()) <= _SHORT and f" {wanted} " in f" {given} ":
        return "contains it"
    return "not as expected"


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    folded = re.sub(r"-{3,}", "---", re.sub(r"[ \t]*\|[ \t]*", "|", folded))  # tables
    return " ".join(re.sub(r"[^\w\s'+×÷=|-]", " ", folded).split())


def _sample(values: dict[str, Any], folder: Path) -> Sample:
    values = dict(values)
    if values["kind"] not in get_args(Kind):
        raise ValueError(values["kind"])
    for name in ("sound", "picture"):
        if name in values:
            values[name] = folder / values[name]
    values["turns"] = tuple(values.get("turns", ()))
    calls = values.get("calls", ())
    values["calls"] = tuple(ToolCall(call["name"], call["arguments"]) for call in calls)
    return Sample(**values)
