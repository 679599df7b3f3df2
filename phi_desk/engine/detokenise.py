"""Token ids to text while they arrive; knows no model and no tool format."""

from __future__ import annotations

import codecs

from phi_desk.engine.tokens import Tokens


class Detokeniser:
    """Gives out text as soon as it is certain, at constant cost a token.

    The bytes of an unfinished character are held back. Control tokens spell nothing. The texts
    joined are exactly `Tokens.decode` of all ids.
    """

    def __init__(self, tokens: Tokens, *, tools: bool = True) -> None:
        """With `tools` the tokens around tool calls come out by name, for a `ToolCallParser`."""
        self._tokens = tokens
        self._tools = tools
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        """The text that became certain with `token`; often empty."""
        return self._decoder.decode(self._tokens.bytes_of(token, tools=self._tools))

    def flush(self) -> str:
        """The rest at the end of the answer: U+FFFD for a character that was never finished."""
        rest = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return rest
