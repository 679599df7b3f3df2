"""Makes odd and broken PDF files from a seed; every file is the same for the same seed."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from data_makers.pdf_writer import Objects, Sheet, make_pdf, text_content
from data_makers.pictures import OddFile, pixels

Random = random.Random


def _plain(random_: Random) -> OddFile:
    """A few pages of text, some of them turned."""
    sheets = [
        Sheet(
            content=text_content(f"Page {number}", size=random_.randint(6, 40)),
            box=f"0 0 {random_.randint(20, 400)} {random_.randint(20, 400)}",
            extra=f"/Rotate {random_.choice((0, 90, 180, 270, -90, 45))}",
        )
        for number in range(1, random_.randint(2, 5))
    ]
    return OddFile(name="plain.pdf", data=make_pdf(sheets), good=True)


def _scanned(random_: Random) -> OddFile:
    """Pictures as pages."""
    images = [pixels(random_, 60, 90).convert("RGB") for _ in range(random_.randint(1, 3))]
    stream = io.BytesIO()
    images[0].save(stream, "PDF", save_all=True, append_images=images[1:], resolution=72)
    return OddFile(name="scanned.pdf", data=stream.getvalue(), good=True)


def _encrypted(random_: Random) -> OddFile:
    """Encrypted with a password to open it, or with none (which opens like any other)."""
    password = random_.choice(("secret", ""))
    data = make_pdf([Sheet(content=text_content("Hidden"))], user_password=password)
    name = "locked.pdf" if password else "owner-only.pdf"
    return OddFile(name=name, data=data, good=not password)


def _odd_box(random_: Random) -> OddFile:
    """A page of a size that no paper has."""
    box = random_.choice(
        (
            "0 0 1000000 1000000",
            "0 0 14400 14400",
            "0 0 1000000 1",
            "0 0 1 1000000",
            "0 0 0.01 0.01",
            "0 0 0 0",
            "100 100 0 0",
            "-500 -500 -300 -400",
            "0 0 1e10 1e10",
            "0 0 99999999999999999999 99999999999999999999",
            "nan nan nan nan",
            "0 0",
            "",
        )
    )
    data = make_pdf([Sheet(content=text_content("Odd"), box=box)])
    return OddFile(name="odd-box.pdf", data=data, good=None)


def _no_pages(random_: Random) -> OddFile:
    """A document without a page, or with a wrong count."""
    if random_.random() < 0.5:
        return OddFile(name="no-pages.pdf", data=make_pdf([]), good=False)
    count = random_.choice((b"0", b"-1", b"1000000", b"999999999999"))
    data = make_pdf([Sheet(content=text_content("One"))]).replace(b"/Count 1", b"/Count " + count)
    return OddFile(name="wrong-count.pdf", data=data, good=None)


def _nested(random_: Random) -> OddFile:
    """Page trees, arrays or forms nested very deep, or inside themselves."""
    depth = random_.choice((50, 1000, 20000))
    kind = random_.choice(("array", "dictionary", "state", "form"))
    objects = Objects()
    content = text_content("Deep")
    extra = ""
    if kind == "array":
        objects.add("[" * depth + "]" * depth)
        extra = "/Deep 1 0 R"
    elif kind == "dictionary":
        objects.add("<< /A " * depth + "1" + " >>" * depth)
        extra = "/Deep 1 0 R"
    elif kind == "state":
        content = b"q " * depth + content + b" Q" * depth
    else:
        extra = "/Resources << /XObject << /X 1 0 R >> >>"
        form = f"/Type /XObject /Subtype /Form /BBox [0 0 99 99] {extra}"
        objects.add(form, b"/X Do " + content)
        content = b"/X Do"
    data = make_pdf([Sheet(content=content, extra=extra)], objects=objects)
    return OddFile(name=f"nested-{kind}-{depth}.pdf", data=data, good=None)


def _huge_image(random_: Random) -> OddFile:
    """An image that declares far more pixels than it has."""
    objects = Objects()
    side = random_.choice((30_000, 2_000_000_000))
    objects.add(
        f"/Type /XObject /Subtype /Image /Width {side} /Height {side} /BitsPerComponent 8"
        " /ColorSpace /DeviceRGB",
        random_.randbytes(50),
    )
    sheet = Sheet(
        content=b"100 0 0 100 0 0 cm /X Do", extra="/Resources << /XObject << /X 1 0 R >> >>"
    )
    data = make_pdf([sheet], objects=objects)
    return OddFile(name=f"huge-image-{side}.pdf", data=data, good=None)


def _whole(random_: Random) -> OddFile:
    return random_.choice((_plain, _scanned, _encrypted))(random_)


def _cut(random_: Random) -> OddFile:
    """A file that ends too soon."""
    whole = _whole(random_)
    data = whole.data[: random_.randrange(1, len(whole.data))]
    return OddFile(name=f"cut-{whole.name}", data=data, good=None)


def _flipped(random_: Random) -> OddFile:
    """A file with some flipped bits."""
    whole = _whole(random_)
    data = bytearray(whole.data)
    for _ in range(random_.choice((1, 5, 60))):
        data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
    return OddFile(name=f"flipped-{whole.name}", data=bytes(data), good=None)


def _shuffled(random_: Random) -> OddFile:
    """A file with a stretch cut out, doubled or overwritten."""
    whole = _whole(random_)
    start = random_.randrange(len(whole.data))
    end = min(len(whole.data), start + random_.randint(1, 300))
    middle = random_.choice((b"", whole.data[start:end] * 2, random_.randbytes(end - start)))
    data = whole.data[:start] + middle + whole.data[end:]
    return OddFile(name=f"shuffled-{whole.name}", data=data or b"\x00", good=None)


def _no_pdf(random_: Random) -> OddFile:
    """Something that only says it is a PDF."""
    choices = {
        "empty.pdf": b"",
        "mark-only.pdf": b"%PDF-1.7\n",
        "noise.pdf": b"%PDF-1.4\n" + random_.randbytes(3000),
        "text.pdf": b"a letter, not a document\n" * 50,
        "no-xref.pdf": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF",
    }
    name = random_.choice(sorted(choices))
    return OddFile(name=name, data=choices[name], good=False)


def _late_mark(random_: Random) -> OddFile:
    """A PDF behind some other bytes, which readers allow."""
    junk = bytes(random_.randint(1, 200))
    data = junk + make_pdf([Sheet(content=text_content("Late"))])
    return OddFile(name="late-mark.pdf", data=data, good=None)


def _misnamed(random_: Random) -> OddFile:
    """A PDF with another extension."""
    ending = random_.choice(("png", "txt", "doc", ""))
    return OddFile(name=f"misnamed.{ending}", data=_plain(random_).data, good=True)


MAKERS: tuple[Callable[[Random], OddFile], ...] = (
    _plain,
    _scanned,
    _encrypted,
    _odd_box,
    _no_pages,
    _nested,
    _huge_image,
    _cut,
    _cut,
    _flipped,
    _flipped,
    _shuffled,
    _no_pdf,
    _late_mark,
    _misnamed,
)


def odd_pdf(seed: int) -> OddFile:
    """The odd PDF file of `seed`."""
    random_ = Random(seed)
    return random_.choice(MAKERS)(random_)
