"""Festival as one child process for many sentences: three more ways of speaking English."""

from __future__ import annotations

import atexit
import re
import subprocess
import tempfile
from pathlib import Path

from engines import Manner, Rendering, from_pcm
from flite import plain

from phi_desk.errors import InputError

_RATE = 16_000
_HERTZ = {"kal_diphone": (105, 15), "ked_diphone": (105, 15)}  # mean and spread of the pitch
_DONE = "phi-desk-nano: spoken"
# Diphone voices take a stretch and a pitch; the HMM voice only a rate, given to its own engine.
_DIPHONE = """(Parameter.set 'Duration_Stretch {stretch:.3f})
(set! int_lr_params '((target_f0_mean {pitch:.1f}) (target_f0_std {spread:.1f})
 (model_f0_mean 170) (model_f0_std 34)))
"""
_HMM = """(set! hts_engine_params (cons '("-r" {rate:.3f})
 cmu_us_slt_arctic_hts::hts_engine_params))
"""
_SPEAK = """(set! w (utt.wave (utt.synth (Utterance Text "{text}"))))
(wave.resample w {sample_rate})
(wave.save w "{path}" 'raw)
"""


class Festival:
    """`name` is one of kal_diphone, ked_diphone, cmu_us_slt_arctic_hts; each is one speaker."""

    def __init__(self) -> None:
        """Raises OSError where the program is absent."""
        self._child = subprocess.Popen(
            ["festival", "--pipe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._folder = tempfile.TemporaryDirectory(prefix="phi-desk-nano-")
        self._voice = ""
        self._voices = self._told('(format t "%l\\n" (voice.list))\n' + _mark())
        atexit.register(self.close)

    def say(self, text: str, name: str, manner: Manner) -> Rendering:
        """Raises InputError for a voice that is not installed, or when Festival ends instead."""
        path = Path(self._folder.name) / "speech.raw"
        path.unlink(missing_ok=True)
        if name in self._voices:
            lines = "" if name == self._voice else f"(voice_{name})\n"
            self._voice = name
            self._told(lines + _setting(name, manner) + _spoken(text, path))
        if not path.is_file():
            raise InputError(
                f"Festival could not say {text!r} as {name}.",
                "Install festvox-kallpc16k, festvox-kdlpc16k and festvox-us-slt-hts.",
            )
        return Rendering(from_pcm(path.read_bytes()), _RATE)

    def close(self) -> None:
        """Ends the child process; the folder it wrote to goes with it."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()
        self._folder.cleanup()

    def _told(self, commands: str) -> str:
        """Runs `commands`, which end in the mark; what Festival printed, or "" where it ended."""
        child = self._child
        if child.stdin is None or child.stdout is None or child.poll() is not None:
            return ""
        child.stdin.write(commands)
        child.stdin.flush()
        told = []
        for line in child.stdout:
            if _DONE in line:
                break
            told.append(line)
        return "".join(told)


def _mark() -> str:
    return f'(format t "{_DONE}\\n")\n(fflush nil)\n'


def _setting(name: str, manner: Manner) -> str:
    if name not in _HERTZ:
        return _HMM.format(rate=manner.rate)
    mean, spread = _HERTZ[name]
    return _DIPHONE.format(
        stretch=1.0 / manner.rate, pitch=mean * manner.pitch, spread=spread * manner.melody
    )


def _spoken(text: str, path: Path) -> str:
    quoted = re.sub(r'["\\]', " ", plain(text).decode())
    return _SPEAK.format(text=quoted, sample_rate=_RATE, path=path) + _mark()
