"""The readers of sounds, pictures, documents and texts, with the files that are thrown at them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from data_makers import sounds
from data_makers.large_pictures import EVERY_LARGE, large_picture
from data_makers.mutations import spoiled
from data_makers.pdfs import odd_pdf
from data_makers.pictures import OddFile, odd_picture
from data_makers.texts_odd import odd_text
from hypothesis import strategies as st

from robustness.reader import Case, Outcome, Reader, Spoilt, with_odd_places, write_spoilt

MOST_PAGES = 8  # of one document: a person asks for pages, and a count of a million may be a lie
LARGEST_PIXELS = 100_000_000

_OUTCOMES: dict[bool | None, Outcome | None] = {True: "read", False: "refused", None: None}


def _written(file: OddFile, folder: Path) -> Case:
    path = folder / file.name
    path.write_bytes(file.data)
    return Case(path=path, what=file.name, must=_OUTCOMES[file.good])


def _spoilt(valid: list[Spoilt]) -> st.SearchStrategy[Spoilt]:
    def of(file: Spoilt) -> st.SearchStrategy[Spoilt]:
        return spoiled(file[1]).map(lambda data: (file[0], data))

    return st.sampled_from(valid).flatmap(of)


# ---- sounds ----------------------------------------------------------------------------------

_SOUND_KINDS = sorted(sounds.KINDS)
_WHOLE_SOUNDS = (
    "wav", "wav_24_bit", "wav_float", "wav_ulaw", "aiff", "au", "caf", "flac", "ogg", "opus", "mp3",
    "m4a", "webm", "film", "matroska_pcm",
)  # fmt: skip


def _make_sound(seed: int, folder: Path) -> Case:
    kind = _SOUND_KINDS[seed % len(_SOUND_KINDS)]
    outcomes: dict[str, Outcome | None] = {"sound": "read", "refused": "refused", "either": None}
    path = sounds.make(kind, folder, seed)
    return Case(path=path, what=kind, must=outcomes[sounds.KINDS[kind].outcome])


def _valid_sounds(folder: Path) -> list[Spoilt]:
    paths = [sounds.make(kind, folder, seed=0) for kind in _WHOLE_SOUNDS]
    return [(path.name, path.read_bytes()) for path in paths]


def _read_sound(path: Path) -> str:
    from phi_desk.media.decode import open_sound, read_sound

    sound = read_sound(path)
    assert sound.rate in (16_000, 8_000)
    assert sound.samples.dtype == np.float32
    assert sound.samples.ndim == 1
    assert len(sound.samples)
    assert np.isfinite(sound.samples).all()
    with open_sound(path) as stream:
        assert sum(map(len, stream)) == len(sound.samples)
    return f"{sound.seconds:.1f} s"


SOUND = Reader(
    name="sound",
    make=with_odd_places(_make_sound, "a.wav"),
    valid=_valid_sounds,
    examples=_spoilt,
    write=write_spoilt,
    read=_read_sound,
    modules=("phi_desk.media.decode", "av", "soundfile", "soxr"),
)

# ---- pictures --------------------------------------------------------------------------------


def _make_picture(seed: int, folder: Path) -> Case:
    large = seed % EVERY_LARGE == EVERY_LARGE - 1
    return _written(large_picture(seed // EVERY_LARGE) if large else odd_picture(seed), folder)


def _valid_pictures(folder: Path) -> list[Spoilt]:
    files = {f.name.rpartition(".")[2]: f for f in map(odd_picture, range(300)) if f.good}
    return [(f"a.{ending}", file.data) for ending, file in sorted(files.items())]


def _read_picture(path: Path) -> str:
    from phi_desk.media.images import read_picture

    picture = read_picture(path)
    _check_pixels(picture.pixels)
    return f"{picture.width} x {picture.height}"


def _check_pixels(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert 0 < pixels.shape[0] * pixels.shape[1] <= LARGEST_PIXELS


PICTURE = Reader(
    name="picture",
    make=with_odd_places(_make_picture, "a.png"),
    valid=_valid_pictures,
    examples=_spoilt,
    write=write_spoilt,
    read=_read_picture,
    modules=("phi_desk.media.images",),
)

# ---- documents -------------------------------------------------------------------------------


def _make_document(seed: int, folder: Path) -> Case:
    return _written(odd_pdf(seed), folder)


def _valid_documents(folder: Path) -> list[Spoilt]:
    files = [file for file in map(odd_pdf, range(60)) if file.good and len(file.data) < 20_000]
    return [(f"{n}-{file.name}", file.data) for n, file in enumerate(files)]


def _read_document(path: Path) -> str:
    from phi_desk.media.documents import read_pages

    number = 0
    for page in islice(read_pages(path), MOST_PAGES):
        number += 1
        assert page.number == number <= page.total
        _check_pixels(page.picture.pixels)
    assert number
    return f"{number} pages"


DOCUMENT = Reader(
    name="document",
    make=with_odd_places(_make_document, "a.pdf"),
    valid=_valid_documents,
    examples=_spoilt,
    write=write_spoilt,
    read=_read_document,
    modules=("phi_desk.media.documents", "pypdfium2"),
)

# ---- texts -----------------------------------------------------------------------------------


def _make_text(seed: int, folder: Path) -> Case:
    return _written(odd_text(seed), folder)


def _valid_texts(folder: Path) -> list[Spoilt]:
    files = [file for file in map(odd_text, range(40)) if file.data and len(file.data) < 20_000]
    return [("a.txt", file.data) for file in files]


def _read_text(path: Path) -> str:
    from phi_desk.services.texts import PART_LETTERS, cut_text, read_text_file

    text = read_text_file(path)
    parts = cut_text(text)
    assert "".join(space + words for space, words in parts) == text.rstrip()
    assert all(len(words) <= PART_LETTERS for _, words in parts)
    return f"{len(text)} letters in {len(parts)} parts"


TEXT = Reader(
    name="text",
    make=with_odd_places(_make_text, "a.txt", empty="read"),
    valid=_valid_texts,
    examples=_spoilt,
    write=write_spoilt,
    read=_read_text,
    modules=("phi_desk.services.texts",),
)
