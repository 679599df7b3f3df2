"""espeak-ng through its C library, in this process: about a millisecond a clip's second."""

from __future__ import annotations

import ctypes
import math

from engines import Manner, Rendering, from_pcm

from phi_desk.errors import InputError

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_RATE, _PITCH, _RANGE = 1, 3, 4
_POSITION_CHARACTER, _UTF8 = 1, 1
_WORDS_A_MINUTE = 170
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """Formant synthesis; `name` is a voice file, with `+variant` where wanted."""

    def __init__(self) -> None:
        """Raises OSError where the library is absent."""
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self._parts: list[bytes] = []
        self._callback = _Callback(self._take)  # kept: the library holds only a bare pointer
        self._rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        if self._rate <= 0:
            raise OSError("espeak-ng finds no data")
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, name: str, manner: Manner) -> Rendering:
        """Raises InputError for a voice that this espeak-ng does not have."""
        if self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise InputError(f"espeak-ng has no voice {name}.", "Install version 1.51 or later.")
        self._set(_RATE, _WORDS_A_MINUTE * manner.rate)
        self._set(_PITCH, _percent(manner.pitch))
        self._set(_RANGE, min(99.0, 50.0 * manner.melody * manner.pitch))  # in Hz, not in tones
        self._parts.clear()
        raw = text.encode() + b"\0"
        self._library.espeak_Synth(raw, len(raw), 0, _POSITION_CHARACTER, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return Rendering(from_pcm(b"".join(self._parts)), self._rate)

    def _set(self, parameter: int, value: float) -> None:
        self._library.espeak_SetParameter(parameter, round(value), 0)

    def _take(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._parts.append(ctypes.string_at(samples, 2 * count))
        return 0


def _percent(factor: float) -> float:
    """espeak-ng's scale: 50 is the voice's own pitch, 0 half and 100 about double of it."""
    return min(99.0, max(0.0, 50.0 + 50.0 * math.log2(factor)))
