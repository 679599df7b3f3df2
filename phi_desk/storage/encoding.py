"""Pictures and sounds from memory as files that keep every bit that matters; knows no folder."""

from __future__ import annotations

import io

import numpy as np

from phi_desk.media.picture import Picture
from phi_desk.media.sound import Sound


def to_png(picture: Picture) -> bytes:
    """The pixels, exactly; quick rather than small."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture.pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def to_flac(sound: Sound) -> bytes:
    """The samples at 24 bits, so 1 in 8 million exactly; what is louder than 1 is cut to 1."""
    import soundfile

    file = io.BytesIO()
    samples = np.clip(np.nan_to_num(sound.samples), -1.0, 1.0)
    soundfile.write(file, samples, sound.rate, format="FLAC", subtype="PCM_24")
    return file.getvalue()
