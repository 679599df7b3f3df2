"""The alphabet in which byte-level vocabularies write bytes as printable characters (GPT-2's)."""

from __future__ import annotations


def _alphabet() -> dict[str, int]:
    """Printable Latin-1 stands for itself; the other bytes, in order, for U+0100 and after."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    return {chr(byte): byte for byte in printable} | {
        chr(0x100 + place): byte for place, byte in enumerate(others)
    }


BYTE_OF = _alphabet()


def to_bytes(token: str) -> bytes:
    """The bytes a token stands for; a token outside the alphabet stands for its own UTF-8."""
    try:
        return bytes(BYTE_OF[sign] for sign in token)
    except KeyError:
        return token.encode()
