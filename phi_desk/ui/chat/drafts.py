"""Reads what was attached, and makes the little picture of it; knows no Qt and no model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from phi_desk.cancel import CancelToken
from phi_desk.engine.messages import Audio, Image, Text
from phi_desk.errors import InputError
from phi_desk.media.decode import read_sound
from phi_desk.media.images import read_picture
from phi_desk.media.incoming import HEAD_BYTES, kind_of, open_input
from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound
from phi_desk.ui.chat.values import DraftItem

THUMBNAIL = 192  # pixels of the longer side: sharp at 64 on a screen of scale 3
PEAKS = 36  # bars of a waveform
LONGEST_TEXT = 2_000_000  # letters: well above any context, and counted in seconds
LONGEST_S = 30 * 60.0  # what the model was trained to hear at once

_DOCUMENTS = {
    "pdf": "A PDF cannot be part of a question yet.",
    "svg": "An SVG drawing cannot be part of a question.",
    "eps": "A PostScript file cannot be part of a question.",
}


def read_item(
    number: int, source: Path | Picture | Sound | str, name: str, cancel: CancelToken
) -> DraftItem:
    """Look at a file, or at what was pasted or recorded.

    Raises:
        InputError: it is neither a picture, a sound nor a text, or is damaged.
        Cancelled: by `cancel`.
    """
    if isinstance(source, Picture):
        return _picture_item(number, source, name, Image(source))
    if isinstance(source, Sound):
        return _sound_item(number, source, name, Audio(source))
    if isinstance(source, str):
        return _text_item(number, source, name)
    with open_input(source, cancel) as file:
        kind = kind_of(file.read(HEAD_BYTES))
    if kind in _DOCUMENTS:
        raise InputError(_DOCUMENTS[kind], "Save the page as a picture and attach that.")
    if kind in ("picture", "heic"):
        return _picture_item(number, read_picture(source, cancel=cancel), name, Image(source))
    try:
        sound = read_sound(source, cancel=cancel, max_seconds=LONGEST_S)
    except InputError as error:
        if "30 minutes" in error.sentence or kind != "unknown" or _is_sound(source):
            raise
        raise InputError(
            f"“{source.name}” is neither a picture nor a sound that can be read.",
            "Attach a picture (PNG, JPEG, WebP…) or a recording (WAV, MP3, M4A…).",
            (str(error),),
        ) from error
    return _sound_item(number, sound, name, Audio(source))


def clock(seconds: float) -> str:
    """A length as people read it: 0:07, 12:30."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def thumbnail_of(picture: Picture) -> NDArray[np.uint8]:
    """`[height, width, 3]` uint8, at most `THUMBNAIL` long."""
    small = Pillow.fromarray(picture.pixels)
    small.thumbnail((THUMBNAIL, THUMBNAIL), Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(small, dtype=np.uint8)


def peaks_of(sound: Sound) -> NDArray[np.float32]:
    """The loudest of each of `PEAKS` stretches, in 0..1 of the loudest of all."""
    stretches = np.array_split(np.abs(sound.samples), PEAKS)
    peaks = np.array([float(part.max()) if len(part) else 0.0 for part in stretches], np.float32)
    top = float(peaks.max(initial=0.0))
    return peaks / top if top > 0 else peaks


def _picture_item(number: int, picture: Picture, name: str, part: Image) -> DraftItem:
    return DraftItem(
        id=number,
        kind="image",
        name=name,
        part=part,
        detail=f"{picture.width} × {picture.height}",
        thumbnail=thumbnail_of(picture),
    )


def _sound_item(number: int, sound: Sound, name: str, part: Audio) -> DraftItem:
    return DraftItem(
        id=number,
        kind="audio",
        name=name,
        part=part,
        detail=clock(sound.seconds),
        peaks=peaks_of(sound),
    )


def _text_item(number: int, text: str, name: str) -> DraftItem:
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"This text has {len(text):,} letters; at most {LONGEST_TEXT:,} can be asked about.",
            "Take the part that the question is about.",
        )
    return DraftItem(
        id=number, kind="text", name=name, part=Text(text), detail=f"{len(text.split()):,} words"
    )


def _is_sound(path: Path) -> bool:
    """Whether its name says so: then the reason why it cannot be read is of use."""
    return path.suffix.lower() in (".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".aac", ".mp4")
