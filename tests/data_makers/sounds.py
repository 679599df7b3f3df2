"""Odd and broken sound files from a seed: what a person's folder, or an attacker, may hold.

`KINDS` names every kind with what a reader should make of it; `make(kind, folder, seed)` writes
one file. The same seed writes the same samples and the same damage.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

Outcome = Literal["sound", "refused", "either"]
Random = np.random.Generator


def speechlike(random: Random, seconds: float, rate: int) -> NDArray[np.float32]:
    """Samples `[n]` float32: a tone that swells and falls in a little noise, within -0.9..0.9."""
    t = np.arange(max(1, round(seconds * rate))) / rate
    tone = np.sin(2 * np.pi * random.uniform(100, 300) * t) * np.sin(2 * np.pi * 3 * t) ** 2
    noise = random.uniform(-0.1, 0.1, len(t))
    samples: NDArray[np.float32] = (0.8 * tone + noise).astype(np.float32)
    return samples


def write_wav(path: Path, samples: NDArray[np.float32], rate: int, subtype: str) -> None:
    """Write `samples` `[n]` or `[n, channels]` with libsndfile; the format follows the suffix."""
    import soundfile

    soundfile.write(str(path), samples, rate, subtype=subtype)


def write_with_ffmpeg(
    path: Path, samples: NDArray[np.float32], rate: int, codec: str, picture: bool = False
) -> None:
    """Encode mono `samples` `[n]` with FFmpeg's `codec`; `picture` adds a small video track."""
    import av

    with av.open(str(path), "w") as container:
        if picture:
            film = container.add_stream("mpeg4", rate=5)
            film.width = film.height = 32
            film.pix_fmt = "yuv420p"
        track = cast("AudioStream", container.add_stream(codec, rate=rate))
        track.layout = "mono"
        if picture:
            for _ in range(5):
                still = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
                container.mux(film.encode(still))
            container.mux(film.encode(None))
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=track.format,
            layout="mono",
            rate=rate,
            frame_size=track.codec_context.frame_size or None,
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(track.encode(part))
        container.mux(track.encode(None))


def wav_header(*, rate: int, channels: int, bits: int, claimed: int, code: int = 1) -> bytes:
    """A WAV header that claims `claimed` bytes of samples, whatever follows it."""
    frame = channels * bits // 8
    form = struct.pack(
        "<HHIIHH", code, channels, rate, rate * frame & 0xFFFFFFFF, frame & 0xFFFF, bits
    )
    riff = min(0xFFFFFFFF, claimed + 36)
    return (
        b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + struct.pack("<I", 16) + form
        + b"data" + struct.pack("<I", claimed)
    )  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of odd file: `write(stem, random)` writes it beside `stem` and names it."""

    outcome: Outcome
    write: Callable[[Path, Random], Path]


def _plain(suffix: str, rate: int, subtype: str, channels: int = 1) -> Kind:
    def write(stem: Path, random: Random) -> Path:
        path = stem.with_suffix(suffix)
        mono = speechlike(random, random.uniform(0.3, 1.0), rate)
        gains = random.uniform(0.2, 1.0, channels).astype(np.float32)
        write_wav(path, mono[:, None] * gains, rate, subtype)
        return path

    return Kind("sound", write)


def _coded(suffix: str, rate: int, codec: str, *, picture: bool = False) -> Kind:
    def write(stem: Path, random: Random) -> Path:
        path = stem.with_suffix(suffix)
        samples = speechlike(random, random.uniform(0.3, 1.0), rate)
        write_with_ffmpeg(path, samples, rate, codec, picture)
        return path

    return Kind("sound", write)


def _truncated(whole: Kind, outcome: Outcome = "either") -> Kind:
    def write(stem: Path, random: Random) -> Path:
        path = whole.write(stem, random)
        data = path.read_bytes()
        path.write_bytes(data[: max(1, int(len(data) * random.uniform(0.0, 0.98)))])
        return path

    return Kind(outcome, write)


def _damaged(whole: Kind) -> Kind:
    """Random bytes of a whole file replaced, often in its header."""

    def write(stem: Path, random: Random) -> Path:
        path = whole.write(stem, random)
        data = bytearray(path.read_bytes())
        reach = len(data) if random.random() < 0.5 else min(len(data), 128)
        for place in random.integers(0, reach, int(random.integers(1, 40))):
            data[place] = int(random.integers(0, 256))
        path.write_bytes(data)
        return path

    return Kind("either", write)


def _bytes(suffix: str, outcome: Outcome, make_bytes: Callable[[Random], bytes]) -> Kind:
    def write(stem: Path, random: Random) -> Path:
        path = stem.with_suffix(suffix)
        path.write_bytes(make_bytes(random))
        return path

    return Kind(outcome, write)


def _renamed(whole: Kind, suffix: str) -> Kind:
    def write(stem: Path, random: Random) -> Path:
        return whole.write(stem, random).rename(stem.with_suffix(suffix))

    return Kind(whole.outcome, write)


def _spoiled(value: float) -> Kind:
    """A float WAV of which one sample is `value`, which is no number."""

    def write(stem: Path, random: Random) -> Path:
        path = stem.with_suffix(".wav")
        samples = speechlike(random, 0.5, 16_000)
        samples[int(random.integers(0, len(samples)))] = value
        write_wav(path, samples, 16_000, "FLOAT")
        return path

    return Kind("refused", write)


def _samples(count: int, rate: int) -> Kind:
    def write(stem: Path, random: Random) -> Path:
        path = stem.with_suffix(".wav")
        write_wav(path, random.uniform(-0.5, 0.5, count).astype(np.float32), rate, "PCM_16")
        return path

    return Kind("sound" if count else "refused", write)


def _claim(claimed: int, **form: int) -> Callable[[Random], bytes]:
    fields = {"rate": 16_000, "channels": 1, "bits": 16} | form
    return lambda random: wav_header(claimed=claimed, **fields) + random.bytes(100)


def _folder(stem: Path, random: Random) -> Path:
    path = stem.with_suffix(".wav")
    path.mkdir()
    return path


def _words(random: Random) -> bytes:
    return " ".join(str(n) for n in random.integers(0, 9999, 400)).encode()


_WAV = _plain(".wav", 16_000, "PCM_16")
_FLAC = _plain(".flac", 44_100, "PCM_16", 2)
_OGG = _plain(".ogg", 48_000, "VORBIS")
_MP3 = _plain(".mp3", 44_100, "MPEG_LAYER_III", 2)
_M4A = _coded(".m4a", 44_100, "aac")
_WEBM = _coded(".webm", 48_000, "libopus")
_FILM = _coded(".mp4", 48_000, "aac", picture=True)

PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n"

KINDS: dict[str, Kind] = {
    "wav": _WAV,
    "wav_8_bit": _plain(".wav", 16_000, "PCM_U8"),
    "wav_24_bit": _plain(".wav", 48_000, "PCM_24", 2),
    "wav_float": _plain(".wav", 22_050, "FLOAT"),
    "wav_double": _plain(".wav", 32_000, "DOUBLE"),
    "wav_ulaw": _plain(".wav", 8_000, "ULAW"),
    "wav_7_channels": _plain(".wav", 44_100, "PCM_16", 7),
    "wav_192_khz": _plain(".wav", 192_000, "PCM_24"),
    "wav_11_khz": _plain(".wav", 11_025, "PCM_16"),
    "wav_4_khz": _plain(".wav", 4_000, "PCM_16"),
    "aiff": _plain(".aiff", 44_100, "PCM_16", 2),
    "au": _plain(".au", 8_000, "ULAW"),
    "caf": _plain(".caf", 48_000, "ALAC_16", 2),
    "flac": _FLAC,
    "ogg": _OGG,
    "opus": _renamed(_plain(".ogg", 48_000, "OPUS"), ".opus"),
    "mp3": _MP3,
    "m4a": _M4A,
    "webm": _WEBM,
    "film": _FILM,
    "matroska_pcm": _coded(".mkv", 16_000, "pcm_s16le"),
    "one_sample": _samples(1, 16_000),
    "399_samples": _samples(399, 16_000),
    "no_samples": _samples(0, 16_000),
    "empty": _bytes(".wav", "refused", lambda random: b""),
    "text": _bytes(".txt", "refused", _words),
    "text_as_wav": _bytes(".wav", "refused", _words),
    "text_as_mp3": _bytes(".mp3", "refused", _words),
    "text_as_raw": _bytes(".raw", "refused", _words),
    "noise_as_m4a": _bytes(".m4a", "either", lambda random: random.bytes(4_000)),
    "noise_as_mp3": _bytes(".mp3", "either", lambda random: random.bytes(20_000)),
    "playlist_as_wav": _bytes(".wav", "refused", lambda random: PLAYLIST),
    "folder": Kind("refused", _folder),
    "mp3_as_wav": _renamed(_MP3, ".wav"),
    "m4a_as_mp3": _renamed(_M4A, ".mp3"),
    "wav_as_txt": _renamed(_WAV, ".txt"),
    "flac_without_suffix": _renamed(_FLAC, ""),
    "claims_4_gb": _bytes(".wav", "either", _claim(0xFFFFFFF0)),
    "claims_nothing": _bytes(".wav", "either", _claim(0)),
    "claims_no_channels": _bytes(".wav", "refused", _claim(100, channels=0)),
    "claims_60000_channels": _bytes(".wav", "refused", _claim(0xFFFFFFF0, channels=60_000)),
    "claims_1_hz": _bytes(".wav", "refused", _claim(100, rate=1)),
    "claims_2_ghz": _bytes(".wav", "refused", _claim(100, rate=2_000_000_000)),
    "claims_0_bits": _bytes(".wav", "refused", _claim(100, bits=0)),
    "nan": _spoiled(np.nan),
    "infinity": _spoiled(-np.inf),
    "truncated_wav": _truncated(_WAV),
    "truncated_flac": _truncated(_FLAC),
    "truncated_ogg": _truncated(_OGG),
    "truncated_mp3": _truncated(_MP3),
    "truncated_m4a": _truncated(_M4A),
    "truncated_webm": _truncated(_WEBM),
    "damaged_wav": _damaged(_WAV),
    "damaged_aiff": _damaged(_plain(".aiff", 44_100, "PCM_16", 2)),
    "damaged_au": _damaged(_plain(".au", 8_000, "ULAW")),
    "damaged_caf": _damaged(_plain(".caf", 48_000, "ALAC_16", 2)),
    "damaged_w64": _damaged(_plain(".w64", 16_000, "PCM_16")),
    "damaged_flac": _damaged(_FLAC),
    "damaged_ogg": _damaged(_OGG),
    "damaged_mp3": _damaged(_MP3),
    "damaged_m4a": _damaged(_M4A),
    "damaged_webm": _damaged(_WEBM),
    "damaged_film": _damaged(_FILM),
}


def make(kind: str, folder: Path, seed: int) -> Path:
    """Write one file of `kind` into `folder`, which need not exist, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([seed, sorted(KINDS).index(kind)])
    return KINDS[kind].write(folder / f"{kind}-{seed}", random)
