"""Every synthetic voice and the split it belongs to; knows no engine's code and makes no sound.

A voice heard in training is never heard in valid or test, and the other way round. Held back are
whole variants of espeak-ng in every accent, whole speakers where a language has several (English
`rms`, `kal`), and, for the languages whose only good speaker is Pico's, Pico with a vocal tract and
a pitch that training never has: the same person's sounds out of another throat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

EngineName = Literal["espeak", "pico", "flite", "festival"]
Split = Literal["train", "valid", "test"]
SPLITS: tuple[Split, ...] = ("train", "valid", "test")
LANGUAGE_SHARES = {"en": 0.31, "de": 0.21, "fr": 0.27, "es": 0.21}  # of the clips


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker: `name` is the engine's own, `share` says how often it is drawn.

    `tract` moves the formants (1.1: a tenth shorter throat, all resonances a tenth higher),
    `pitch` multiplies the engine's own pitch.
    """

    engine: EngineName
    name: str
    language: str
    share: float = 1.0
    tract: float = 1.0
    pitch: float = 1.0

    @property
    def label(self) -> str:
        """How it is called in shards and reports."""
        changed = (self.tract, self.pitch) != (1.0, 1.0)
        return f"{self.engine}:{self.name}" + (f"@{self.tract:g}/{self.pitch:g}" if changed else "")


# espeak-ng's accents with the share each has in its language (voice files of version 1.51).
_ACCENTS = {
    "en": {
        "gmw/en-US": 0.4,
        "gmw/en": 0.2,
        "gmw/en-GB-x-rp": 0.1,
        "gmw/en-US-nyc": 0.1,
        "gmw/en-GB-scotland": 0.08,
        "gmw/en-GB-x-gbclan": 0.05,
        "gmw/en-GB-x-gbcwmd": 0.04,
        "gmw/en-029": 0.03,
    },
    "de": {"gmw/de": 1.0},
    "fr": {"roa/fr": 0.7, "roa/fr-BE": 0.2, "roa/fr-CH": 0.1},
    "es": {"roa/es": 0.5, "roa/es-419": 0.5},
}

# espeak-ng's variants. Left out are the robots, "fast" (the plain voice at double speed), and
# near doubles (klatt2-6, caleb, edward2, steph2-3 ...): by a time-aligned distance of the
# spectra they add nothing. The held-back ones have no near double in training.
_VARIANTS: dict[Split, tuple[str, ...]] = {
    "train": (
        *("", "m1", "m2", "m3", "m4", "m6", "m8", "f2", "f3", "f5", "croak", "whisper"),
        *("john", "Alex", "max", "grandpa", "paul", "ed", "pedro", "rob", "robert", "Gene", "Hugo"),
        *("miguel", "sandro", "Nguyen", "quincy", "klatt", "klatt3", "adam", "iven", "iven2"),
        *("Mario", "antonio", "benjamin", "AnxiousAndy", "Andrea", "victor", "Andy", "anika"),
        *("RicishayMax", "steph", "announcer", "norbert", "gustave", "travis", "david", "Annie"),
        *("belinda", "aunty", "linda", "Lee", "shelby", "marcelo", "Alicia", "Marco"),
    ),
    "valid": ("m5", "f1", "Jacky", "Mr serious"),
    "test": ("m7", "f4", "Michael", "Denis", "Mike", "grandma"),
}
_QUIET_VARIANTS = {"whisper": 0.3, "croak": 0.5, "Alicia": 0.5, "Marco": 0.5}  # odd, so seldom

_PICO = {"en": ("en-US", "en-GB"), "de": ("de-DE",), "fr": ("fr-FR",), "es": ("es-ES",)}
_THROATS: dict[Split, tuple[tuple[float, float], ...]] = {  # (tract, pitch)
    "train": ((1.0, 1.0), (1.0, 0.85), (0.94, 0.9), (1.07, 1.1), (1.14, 1.2)),
    "valid": ((1.1, 0.9),),
    "test": ((0.87, 0.7),),  # a man's throat and pitch: Pico's own voices are women's
}

_FLITE: dict[Split, tuple[str, ...]] = {
    "train": ("awb", "slt"),
    "valid": ("kal16",),
    "test": ("rms",),
}
_FESTIVAL: dict[Split, tuple[str, ...]] = {
    "train": ("ked_diphone", "cmu_us_slt_arctic_hts"),
    "valid": ("kal_diphone",),
    "test": (),
}
# How the clips of a language divide between the engines that speak it.
_ENGINE_SHARES: dict[bool, dict[EngineName, float]] = {
    True: {"espeak": 0.35, "pico": 0.35, "flite": 0.2, "festival": 0.1},  # English
    False: {"espeak": 0.55, "pico": 0.45},
}


@cache
def voices(split: Split) -> Sequence[Voice]:
    """All voices of `split`; the shares of one language add up to 1."""
    return tuple(voice for language in _ACCENTS for voice in _of_language(language, split))


@cache
def voices_of(split: Split, language: str) -> Sequence[Voice]:
    """The voices of `split` that speak `language`."""
    return tuple(voice for voice in voices(split) if voice.language == language)


def draw(rng: np.random.Generator, split: Split, language: str) -> Voice:
    """One voice for `language`, by the shares."""
    candidates = voices_of(split, language)
    return candidates[int(rng.choice(len(candidates), p=[voice.share for voice in candidates]))]


def _of_language(language: str, split: Split) -> Iterator[Voice]:
    engines = {
        "espeak": list(_espeak(language, split)),
        "pico": list(_pico(language, split)),
        "flite": [Voice(engine="flite", name=n, language="en") for n in _FLITE[split]],
        "festival": [Voice(engine="festival", name=n, language="en") for n in _FESTIVAL[split]],
    }
    shares = {e: s for e, s in _ENGINE_SHARES[language == "en"].items() if engines[e]}
    for engine, share in shares.items():
        weights = sum(voice.share for voice in engines[engine])
        for voice in engines[engine]:
            part = share / sum(shares.values()) * voice.share / weights
            yield Voice(
                engine=voice.engine,
                name=voice.name,
                language=language,
                share=part,
                tract=voice.tract,
                pitch=voice.pitch,
            )


def _espeak(language: str, split: Split) -> Iterator[Voice]:
    for accent, share in _ACCENTS[language].items():
        for variant in _VARIANTS[split]:
            name = f"{accent}+{variant}" if variant else accent
            weight = share * _QUIET_VARIANTS.get(variant, 1.0)
            yield Voice(engine="espeak", name=name, language=language, share=weight)


def _pico(language: str, split: Split) -> Iterator[Voice]:
    for name in _PICO[language]:
        for tract, pitch in _THROATS[split]:
            yield Voice(engine="pico", name=name, language=language, tract=tract, pitch=pitch)
