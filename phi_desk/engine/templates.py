"""The published prompt formats as data: which control tokens stand around a turn.

Knows no vocabulary: control tokens are named, their ids are looked up where a prompt is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from phi_desk.engine.messages import Role
from phi_desk.engine.tokens import Style
from phi_desk.model.inputs import ClipInput, PictureInput


@dataclass(frozen=True, slots=True)
class Control:
    """A control token by its bare name."""

    name: str


Segment = Control | str | PictureInput | ClipInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One prompt format.

    Attributes:
        opening: what stands before the words of a role.
        closing: what stands after every turn.
        calls_tools: whether models of this format were trained to call tools.
    """

    opening: Mapping[Role, tuple[Segment, ...]]
    closing: tuple[Segment, ...]
    calls_tools: bool


PHI = Template(
    opening={
        "system": (Control("system"),),
        "user": (Control("user"),),
        "assistant": (Control("assistant"),),
        # Not documented upstream; the vocabulary has this token for nothing else.
        "tool": (Control("tool_response"),),
    },
    closing=(Control("end"),),
    calls_tools=True,
)


def _marked(role: str) -> tuple[Segment, ...]:
    return (Control("im_start"), role, Control("im_sep"))


CHAT_MARKS = Template(
    opening={
        "system": _marked("system"),
        "user": _marked("user"),
        "assistant": _marked("assistant"),
    },
    closing=(Control("im_end"),),
    calls_tools=False,
)

TEMPLATES: Mapping[Style, Template] = {"phi": PHI, "chat_marks": CHAT_MARKS}
