"""Makes Markdown fit to be shown while it grows, and keeps maths as it was written; knows no Qt."""

from __future__ import annotations

import re

LEAST_PIECE = 1_200  # letters: about a screen; what is longer is cut where a block ends
LONGEST_PIECE = 6_000  # where no block ends, a list is cut between its items

_CODE_OR_MATHS = re.compile(
    r"(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escaped>\\[^\[\](){}\w\s])"
    r"|(?P<block>\$\$.+?\$\$|\\\[.+?\\\])"
    r"|(?P<inline>\\\(.+?\\\)|\$(?=[^\s$])(?:\\.|[^$\n\\])*(?<!\s)\$(?!\d))"
    r"|(?P<open>\\[(\[](?:(?!\n\n).)*\Z)",
    re.DOTALL,
)
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_MARKS_ONLY = re.compile(r"[\s>]*(?:[-*_=+#`~:|]+|\d{1,9}[.)])[ \t]*")
_OPEN_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\Z")
_BLOCK_END = re.compile(r"\n[ \t]*\n(?=[^\s>|])")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_ITEM_START = re.compile(r"\n(?=(?:[-*+]|\d{1,9}[.)])[ \t])")


def literal_maths(text: str) -> str:
    """`text` so that Markdown shows its maths ($…$, \\(…\\), \\[…\\]) as it stands."""
    return _CODE_OR_MATHS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if found.lastgroup in ("code", "escaped", "ticks"):
        return found[0]
    literal = _SIGN.sub(lambda sign: "\\" + sign[0], found[0])
    return literal.replace("\n", "\\\n")  # a line of maths stays a line


def settled(text: str) -> str:
    """A text that is still growing, without what would turn into something else with its next word.

    A line of marks only is held back, open bold words and code are closed, and the first row of a
    table is a table already.
    """
    head, line_end, last = text.rpartition("\n")
    if _MARKS_ONLY.fullmatch(last) and "|" not in last:
        text = head if line_end else ""
    start = text.rfind("\n\n") + 1
    before, block = text[:start], text[start:]
    if block.lstrip("\n").startswith("|"):
        return before + _as_table(block)
    return before + _closed(_OPEN_LINK.sub(r"\1", block))


def cut(text: str) -> int | None:
    """Where a growing text can be cut so that what lies before does not change any more."""
    for found in _BLOCK_END.finditer(text, LEAST_PIECE):
        rest = text[found.end() : found.end() + 16]
        if not _ITEM.match(rest):
            return found.end()
    if len(text) > LONGEST_PIECE:
        item = _ITEM_START.search(text, LEAST_PIECE, len(text) - 1)
        return item.end() if item is not None else None
    return None


def _closed(block: str) -> str:
    bare = _CODE_OR_MATHS.sub("", block)
    if bare.count("`") % 2:
        return block[:-1] if block.endswith("`") else block + "`"
    if bare.count("**") % 2:
        stripped = block.rstrip()
        return stripped[:-2] if stripped.endswith("**") else stripped.rstrip("*") + "**"
    return block


def _as_table(block: str) -> str:
    lines = block.strip("\n").split("\n")
    head = lines[0].rstrip()
    columns = max(1, head.strip("|").count("|") + 1)
    rule = "|" + "---|" * columns
    if len(lines) == 1:
        return f"\n{head}{'' if head.endswith('|') else '|'}\n{rule}"
    if len(lines) == 2 and not _is_rule(lines[1], columns):
        return f"\n{head}\n{rule}"
    return block


def _is_rule(line: str, columns: int) -> bool:
    cells = line.strip().strip("|").split("|")
    return len(cells) == columns and all(re.fullmatch(r"\s*:?-+:?\s*", cell) for cell in cells)
