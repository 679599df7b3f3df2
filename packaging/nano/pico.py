"""SVOX Pico through ttspico's extension module, in this process: the best voice here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from engines import Manner, Rendering, from_pcm

from phi_desk.errors import InputError

_VOLUME = 50  # at its own 100 it clips


class Pico:
    """One engine a language, started on first use; 16 kHz."""

    def __init__(self) -> None:
        """Raises ImportError where ttspico is absent."""
        import ctts  # type: ignore[import-not-found, unused-ignore]

        self._module: Any = ctts
        self._languages = str(Path(sys.prefix) / "languages") + "/"
        self._engines: dict[str, Any] = {}

    def say(self, text: str, name: str, manner: Manner) -> Rendering:
        """`name` is one of en-US, en-GB, de-DE, fr-FR, es-ES; melody is Pico's own."""
        if name not in self._engines:
            self._engines[name] = self._start(name)
        for key, value in (
            ("rate", round(100 * manner.rate)),
            ("pitch", round(100 * manner.pitch)),
            ("volume", _VOLUME),
        ):
            self._module.engine_set_property(self._engines[name], key, value)
        parts: list[bytes] = []

        def take(_format: object, raw: bytes, _is_last: object) -> bool:
            parts.append(raw)
            return True

        plain = text.replace("<", " ").replace(">", " ")  # it reads tags
        self._module.engine_speak(self._engines[name], plain, take)
        return Rendering(from_pcm(b"".join(parts)), 16_000)

    def _start(self, name: str) -> object:
        try:
            return self._module.engine_create(language_dir=self._languages, language=name)
        except RuntimeError as error:
            raise InputError(f"Pico does not speak {name}.", "Reinstall ttspico.") from error
