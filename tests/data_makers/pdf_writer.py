"""Writes small PDFs by hand, plain or encrypted (RC4, 40 bits), for tests; knows no reader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

# The padding of a password, ISO 32000-1, 7.6.3.3.
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = b"phi desk test id"
_PERMISSIONS = -4


@dataclass(kw_only=True)
class Sheet:
    """One page: its content stream, its box in points, and further entries of its dictionary."""

    content: bytes = b""
    box: str = "0 0 200 100"
    extra: str = ""


@dataclass
class Objects:
    """The objects of a PDF as they are written: number 1 is the first."""

    bodies: list[tuple[bytes, bytes | None]] = field(default_factory=list)

    def add(self, body: str, stream: bytes | None = None) -> int:
        """Add a dictionary (and its stream) and say its number."""
        self.bodies.append((body.encode("latin-1"), stream))
        return len(self.bodies)


def text_content(text: str, size: int = 24, x: int = 10, y: int = 40) -> bytes:
    """A content stream that writes one line in Helvetica."""
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET".encode("latin-1")


def make_pdf(
    sheets: Sequence[Sheet],
    *,
    objects: Objects | None = None,
    catalog: str = "",
    user_password: str | None = None,
    owner_password: str = "owner",
) -> bytes:
    """A PDF of these pages; with `user_password` (may be empty) it is encrypted.

    `objects` may already hold objects that the sheets and the catalog refer to, from number 1 on.
    """
    objects = objects or Objects()
    font = objects.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    parent = len(objects.bodies) + 2 * len(sheets) + 1
    kids = []
    for sheet in sheets:
        content = objects.add("", sheet.content)
        kids.append(
            objects.add(
                f"<< /Type /Page /Parent {parent} 0 R /MediaBox [{sheet.box}]"
                f" /Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> >>"
                f" {sheet.extra} >>"
            )
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    assert objects.add(f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>") == parent
    root = objects.add(f"<< /Type /Catalog /Pages {parent} 0 R {catalog} >>")
    key = None
    trailer = f"/Root {root} 0 R"
    if user_password is not None:
        key, entry = _encryption(user_password, owner_password)
        trailer += f" /Encrypt {entry} /ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>]"
    return _written(objects, trailer, key)


def _written(objects: Objects, trailer: str, key: bytes | None) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, (body, stream) in enumerate(objects.bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number
        if stream is None:
            out += body
        else:
            if key is not None:
                stream = rc4(_object_key(key, number), stream)
            inner = body.strip().removeprefix(b"<<").removesuffix(b">>")
            out += b"<< %s /Length %d >>\nstream\n%s\nendstream" % (inner, len(stream), stream)
        out += b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\n" % (len(offsets) + 1, trailer.encode())
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _encryption(user_password: str, owner_password: str) -> tuple[bytes, str]:
    """The file key and the /Encrypt dictionary, revision 2: ISO 32000-1, algorithms 2, 3 and 4."""
    user, owner = (_padded(word) for word in (user_password, owner_password))
    owner_entry = rc4(hashlib.md5(owner).digest()[:5], user)
    permissions = (_PERMISSIONS & 0xFFFFFFFF).to_bytes(4, "little")
    key = hashlib.md5(user + owner_entry + permissions + _FILE_ID).digest()[:5]
    user_entry = rc4(key, _PADDING)
    entry = (
        f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P {_PERMISSIONS}"
        f" /O <{owner_entry.hex()}> /U <{user_entry.hex()}> >>"
    )
    return key, entry


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _object_key(key: bytes, number: int) -> bytes:
    """The key of one object of generation 0: ISO 32000-1, algorithm 1."""
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[: len(key) + 5]


def rc4(key: bytes, data: bytes) -> bytes:
    """RC4, which encrypts and decrypts alike."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
