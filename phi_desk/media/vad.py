"""Speech detection: how likely each 32 ms of a sound is speech; knows no file and no model of ours.

The detector is Silero VAD (version 6, MIT licence, in resources/vad) on onnxruntime; where either
is missing, loudness decides (energy.py).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from phi_desk.errors import DeviceError
from phi_desk.libraries import load_beside
from phi_desk.media.energy import EnergyDetector
from phi_desk.media.framing import Framing, frame_samples
from phi_desk.media.resample import Resampler
from phi_desk.media.sound import WIDE_BAND
from phi_desk.paths import resources_folder

logger = logging.getLogger(__name__)

CONTEXT = 64  # samples of the frame before that the network wants in front of each frame, at 16 kHz
STATE_SHAPE = (2, 1, 128)  # of the network's recurrent state
ONLY_ERRORS = 3  # onnxruntime's log severity


class SpeechDetector(Protocol):
    """Hears a sound block by block and says of every 32 ms how likely it is speech.

    Frame k covers the seconds 0.032 k to 0.032 (k + 1) of the sound, whatever its rate. One
    detector hears one sound at a time.
    """

    @property
    def name(self) -> str:
        """A word for the log."""
        ...

    def reset(self, rate: int = WIDE_BAND) -> None:
        """Forget everything; what follows is a new sound at `rate` Hz (16,000 or 8,000)."""
        ...

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities `[frames]` in 0..1 of the frames settled by `block`; may be none."""
        ...

    def finish(self) -> NDArray[np.float32]:
        """Probabilities of what is left after the last block; the last frame may be partial."""
        ...


class SileroDetector:
    """Silero's recurrent network, one 512-sample frame after the other, on one thread.

    Measured: 0.08 ms a frame, which makes 9 s for an hour. 8 kHz sound is brought to 16 kHz first.
    """

    name = "silero"

    def __init__(self, path: Path | None = None) -> None:
        """Load the network from `path`, by default the one that travels with the program.

        Raises:
            DeviceError: the file or onnxruntime is missing or unusable.
        """
        self._session = _session(path or default_network())
        self.reset()

    def reset(self, rate: int = WIDE_BAND) -> None:
        """Begin a new sound at `rate` Hz."""
        self._resampler = Resampler(rate, WIDE_BAND)
        self._framing = Framing(frame_samples(WIDE_BAND))
        self._state = np.zeros(STATE_SHAPE, np.float32)
        self._context = np.zeros((1, CONTEXT), np.float32)

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Speech probabilities `[frames]` of the frames that `block` completes."""
        return self._judge(self._framing.push(self._resampler.push(block)))

    def finish(self) -> NDArray[np.float32]:
        """The probabilities of the rest: what the resampler held back, and a partial frame."""
        frames = self._framing.push(self._resampler.finish())
        return self._judge(np.concatenate([frames, self._framing.finish()]))

    def _judge(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        rate = np.array(WIDE_BAND, np.int64)
        probabilities = np.empty(len(frames), np.float32)
        for index in range(len(frames)):
            frame = frames[index : index + 1]
            heard = np.concatenate([self._context, frame], axis=1)
            feeds = {"input": heard, "state": self._state, "sr": rate}
            answer, self._state = self._session.run(None, feeds)
            probabilities[index] = answer[0, 0]
            self._context = frame[:, -CONTEXT:]
        return probabilities


def default_network() -> Path:
    """Where the speech network travels with the program."""
    return resources_folder() / "vad" / "silero_vad_16k.onnx"


def open_detector(path: Path | None = None) -> SpeechDetector:
    """The best detector this machine has; the log says which one and why."""
    try:
        detector: SpeechDetector = SileroDetector(path)
    except DeviceError as error:
        logger.info("speech detection by loudness: %s %s", error.sentence, error.details)
        return EnergyDetector()
    logger.info("speech detection by Silero VAD")
    return detector


def _session(path: Path):  # type: ignore[no-untyped-def]  # onnxruntime has no types
    if not path.is_file():
        raise DeviceError(f"The speech detector's file is missing: {path}.", "Install it again.")
    load_beside("onnxruntime", "capi/onnxruntime_pybind11_state*.so")
    try:
        import onnxruntime
    except (ImportError, OSError) as error:
        raise DeviceError(
            "onnxruntime cannot be loaded.", "Install it again.", (str(error),)
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = ONLY_ERRORS
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no other base class
        raise DeviceError(
            "The speech detector's file is damaged.", "Install it again.", (str(error),)
        ) from error
