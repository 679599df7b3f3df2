"""Words to look for, and the snippets around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.storage.search import Query, Snippet
from phi_desk.storage.text import searchable, storable


def marked(snippet: Snippet) -> list[str]:
    """The pieces of a snippet that are marked."""
    return [snippet.text[begin:end] for begin, end in snippet.marks]


def test_words_and_quoted_phrases() -> None:
    assert Query.of('  Budget "annual   Report" budget "" ').terms == ("budget", "annual report")
    assert not Query.of('  "" ')


def test_long_words_go_to_the_index_and_short_ones_do_not() -> None:
    sql, values = Query.of('北京 weather "a "b').condition("parts")
    assert "MATCH" in sql
    assert sql.count("instr(parts.folded, ?)") == 3
    assert values == ['"weather"', "北京", "a", "b"]


def test_nothing_to_look_for_is_no_condition() -> None:
    with pytest.raises(ValueError, match="empty"):
        Query.of(" ").condition("parts")


def test_a_snippet_shows_the_place_as_it_was_written() -> None:
    text = "word " * 50 + "The Ärger with ﬁles and MÜLLER.\n\nMore " + "tail " * 50
    snippet = Query.of("files muller").snippet(text)
    assert marked(snippet) == ["ﬁles", "MÜLLER"]
    assert snippet.text.startswith("… word")
    assert snippet.text.endswith("tail …")
    assert "\n" not in snippet.text


def test_a_snippet_without_the_word_is_the_beginning() -> None:
    snippet = Query.of("absent").snippet("short text")
    assert (snippet.text, snippet.marks) == ("short text", ())


def test_marks_that_overlap_are_one() -> None:
    assert marked(Query.of("abab bab").snippet("xababab")) == ["ababab"]


@given(st.text(max_size=300), st.text(max_size=12))
def test_marks_lie_within_and_say_what_was_looked_for(text: str, words: str) -> None:
    query = Query.of(words)
    snippet = query.snippet(storable(text))
    for begin, end in snippet.marks:
        assert 0 <= begin < end <= len(snippet.text)
    found = [term for term in query.terms if term in searchable(storable(text))]
    if found and len(" ".join(text.split())) < 40:
        assert snippet.marks
