"""Values as JSON on exactly one line, whatever a reader takes for a line end."""

from __future__ import annotations

import json
import re
from typing import Any

# JSON lets line ends of other kinds stand in a string, but many readers of lines end a line at
# them; and a lone surrogate, from a file's name that is no text, is not to be had in UTF-8.
_ESCAPED = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


def json_line(value: Any) -> str:
    """`value` as JSON without a line feed at its end."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
