"""One value, one line, for every reader of lines."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from phi_desk.services.json_lines import json_line


@given(st.text(st.characters(codec=None) | st.sampled_from("\x85\u2028\u2029\ud800\udcff\n\r\0")))
def test_any_text_is_one_line_of_utf8(text: str) -> None:
    line = json_line({"text": text})
    assert len(line.splitlines()) == 1
    assert json.loads(line.encode("utf-8")) == {"text": text}
