"""CMU Flite through its C libraries, in this process: three men and a woman, English only."""

from __future__ import annotations

import ctypes
import unicodedata
from typing import Any

from engines import Manner, Rendering, from_pcm

_HERTZ = {"awb": 130.0, "kal16": 105.0, "rms": 105.0, "slt": 175.0}  # of the speakers, about


class _Wave(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_char_p),
        ("rate", ctypes.c_int),
        ("count", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("samples", ctypes.c_void_p),
    )


class _Voice(ctypes.Structure):  # the head of cst_voice_struct, all that is needed here
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


class Flite:
    """`name` is one of awb, kal16, rms, slt."""

    def __init__(self) -> None:
        """Raises OSError where a library is absent."""
        self._flite = _library("libflite")
        for part in ("libflite_usenglish", "libflite_cmulex"):
            _library(part)
        self._flite.flite_init()
        self._flite.flite_text_to_wave.restype = ctypes.POINTER(_Wave)
        self._flite.flite_text_to_wave.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
        self._flite.delete_wave.argtypes = [ctypes.POINTER(_Wave)]
        self._flite.feat_set_float.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float]
        self._flite.feat_set_float.restype = None
        self._voices = {name: _registered(name) for name in _HERTZ}

    def say(self, text: str, name: str, manner: Manner) -> Rendering:
        """Letters outside ASCII are spoken as their base letter."""
        voice = self._voices[name]
        features = voice.contents.features
        self._flite.feat_set_float(features, b"duration_stretch", 1.0 / manner.rate)
        self._flite.feat_set_float(features, b"int_f0_target_mean", _HERTZ[name] * manner.pitch)
        wave = self._flite.flite_text_to_wave(plain(text), ctypes.cast(voice, ctypes.c_void_p))
        try:
            found = wave.contents
            return Rendering(from_pcm(ctypes.string_at(found.samples, 2 * found.count)), found.rate)
        finally:
            self._flite.delete_wave(wave)


def plain(text: str) -> bytes:
    """`text` in ASCII, letters without their accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore")


def _library(name: str) -> ctypes.CDLL:
    return ctypes.CDLL(f"{name}.so.1", mode=ctypes.RTLD_GLOBAL)  # they use each other's names


def _registered(name: str) -> Any:
    register = getattr(_library(f"libflite_cmu_us_{name}"), f"register_cmu_us_{name}")
    register.restype, register.argtypes = ctypes.POINTER(_Voice), [ctypes.c_char_p]
    return register(None)
