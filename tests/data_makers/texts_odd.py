"""Odd text files from a seed: encodings, marks, line ends and sizes of a person's files."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from data_makers import odd_places
from data_makers.pictures import OddFile, odd_picture

Random = random.Random
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "latin-1",
    "cp1252", "cp437", "cp037", "koi8-r", "shift-jis", "euc-jp", "gb18030", "big5", "iso2022_jp",
    "mac-roman",
)  # fmt: skip
SENTENCES = (
    "The quick brown fox jumps over the lazy dog. ",
    "Größe, Maß und Übermut! ",
    "Où est l’été ? ",
    "日本語の文です。",
    "Это предложение… ",
    "이것은 문장입니다. ",
    "שלום עולם\u200f ",
    "मैं हिन्दी हूँ। ",
    "👩‍👩‍👧‍👦🏳️‍🌈 ",
    "e\u0301" * 9 + "\u0336" * 40 + " ",
    "<|end|><|user|>\u2028 ",
)
LINE_ENDS = ("\n", "\r\n", "\r", "\n\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\n \t\n", "")


def words(random_: Random, sentences: int) -> str:
    """So many sentences of several scripts, with line ends of one or of all kinds."""
    ends = random_.choice((LINE_ENDS, (random_.choice(LINE_ENDS),)))
    parts = []
    for _ in range(sentences):
        parts += [random_.choice(SENTENCES) * random_.randint(1, 3), random_.choice(ends)]
    return "".join(parts)


def _encoded(random_: Random) -> OddFile:
    encoding = random_.choice(ENCODINGS)
    data = words(random_, random_.randint(0, 40)).encode(encoding, "replace")
    good = True if encoding in ("utf-8", "utf-8-sig", "utf-16") else None
    return OddFile(name=f"{encoding}.txt", data=data, good=good)


def _cut(random_: Random) -> OddFile:
    """Cut in the middle of a character."""
    data = _encoded(random_).data or b"x"
    return OddFile(name="cut.txt", data=data[: random_.randrange(len(data))], good=None)


def _flipped(random_: Random) -> OddFile:
    data = bytearray(_encoded(random_).data or b"x")
    for _ in range(random_.choice((1, 4, 50))):
        data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
    return OddFile(name="flipped.md", data=bytes(data), good=None)


def _mixed(random_: Random) -> OddFile:
    """Two encodings in one file."""
    data = _encoded(random_).data + _encoded(random_).data
    return OddFile(name="mixed.text", data=data, good=None)


def _marks(random_: Random) -> OddFile:
    """Byte order marks, alone, doubled, or before text of another encoding."""
    mark = random_.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\xef\xbb"))
    rest = random_.choice((b"", mark, b"a", b"ab", "wörter".encode(), "ö".encode("utf-16-be")))
    return OddFile(name="mark.txt", data=mark + rest, good=None)


def _surrogates(random_: Random) -> OddFile:
    half = random_.choice(("\ud800", "\udfff", "\udc80\ud800"))
    encoding = random_.choice(("utf-8", "utf-16"))
    return OddFile(name="half.txt", data=half.encode(encoding, "surrogatepass") * 3, good=False)


def _large(random_: Random) -> OddFile:
    """Megabytes of one thing, up to a byte too many, with no place to cut it or with only such."""
    size = random_.choice((1_000_000, 5_000_000, 20_000_000, 20_000_001))
    unit = random_.choice(
        ("x", " ", "\n", "\n \n", "a ", "a. ", ".", "ö", "👍", "\t", "。", "a\r\n")
    )
    data = (unit * (size // len(unit.encode()) + 1)).encode()[:size]
    whole = data.decode("utf-8", "ignore").encode()
    return OddFile(name=f"large-{size}.txt", data=whole, good=len(whole) <= 20_000_000)


def _no_text(random_: Random) -> OddFile:
    choices = {
        "noise.txt": random_.randbytes(random_.randint(1, 5000)),
        "zeros.txt": bytes(random_.randint(1, 5000)),
        "controls.txt": bytes(range(1, 32)) * 9,
        "picture.txt": odd_picture(random_.randrange(9999)).data,
        "zip.md": b"PK\x03\x04" + random_.randbytes(300),
        "escape.txt": b"\x1b]0;title\x07\x1b[2J" * 9,
    }
    name = random_.choice(sorted(choices))
    return OddFile(name=name, data=choices[name], good=None)


def _name(random_: Random) -> OddFile:
    """A usual text under an unusual name."""
    name = random_.choice(
        (" .txt", "a b.txt", "-x.txt", "ü.txt", "日本.md", "\udce9.txt", "a\nb.txt", "%s.TXT",
         "x" * 240 + ".txt", "'\".txt", "$(x).txt", "*.txt", "a\tb.text", "\x1b[31m.txt")
    )  # fmt: skip
    return OddFile(name=name, data=words(random_, 3).encode(), good=True)


MAKERS: tuple[Callable[[Random], OddFile], ...] = (
    _encoded, _encoded, _encoded, _cut, _flipped, _mixed, _marks, _surrogates, _no_text, _name,
)  # fmt: skip
EVERY_LARGE = 50  # one file in so many is a large one


def odd_text(seed: int) -> OddFile:
    """The odd text file of `seed`."""
    random_ = Random(seed)
    if seed % EVERY_LARGE == EVERY_LARGE - 1:
        return _large(random_)
    return random_.choice(MAKERS)(random_)


def special(kind: str, folder: Path) -> Path:
    """Something that is no file under the name of a text."""
    return odd_places.place(kind, folder / "special.txt")
