"""Takes the white space off both ends of a text that is still coming."""

from __future__ import annotations


class Trimmer:
    """What it gives, joined, is the stripped text.

    Attributes:
        begun: whether a word has come.
    """

    def __init__(self) -> None:
        self.begun = False
        self._held = ""  # white space that counts only when a word follows

    def feed(self, words: str) -> str:
        """The text that became certain with `words`."""
        text = self._held + words
        if not self.begun:
            text = text.lstrip()
        ready = text.rstrip()
        self._held = text[len(ready) :]
        self.begun = self.begun or bool(ready)
        return ready
