"""Takes the code fences off an answer that was asked for as plain text or Markdown."""

from __future__ import annotations

import re

# The languages a model names when it wraps the whole answer; a fence with another name is content.
_WRAPPERS = ("", "markdown", "md", "text", "txt", "plaintext", "csv", "tsv", "table")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[ \t]*")


def strip_fences(text: str) -> str:
    """`text` without a fence around the whole of it; fences inside the document stay.

    A closing fence may be missing (an answer cut short), and a closing fence that nothing opened
    is dropped.
    """
    lines = text.strip().split("\n")
    opening = _FENCE.fullmatch(lines[0])
    if opening and opening[2].lower() in _WRAPPERS:
        closing = _closing(lines, opening[1])
        if closing is None:
            return "\n".join(lines[1:]).strip("\n")
        if closing == len(lines) - 1:
            return "\n".join(lines[1:-1]).strip("\n")
        return "\n".join(lines)
    fences = [line for line in lines if _FENCE.fullmatch(line)]
    if len(fences) == 1 and _FENCE.fullmatch(lines[-1]):
        return "\n".join(lines[:-1]).rstrip()
    return "\n".join(lines)


def _closing(lines: list[str], mark: str) -> int | None:
    """The line that closes the fence opened in line 0; fences with a name inside nest."""
    depth = 0
    for number, line in enumerate(lines[1:], start=1):
        fence = _FENCE.fullmatch(line)
        if not fence or fence[1][0] != mark[0] or len(fence[1]) < len(mark):
            continue
        if fence[2]:
            depth += 1
        elif depth:
            depth -= 1
        else:
            return number
    return None
