"""Real sound files of every kind, whole, odd and broken: a result or one clear sentence."""

from __future__ import annotations

import logging
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from data_makers.sounds import KINDS, make, speechlike, wav_header, write_wav, write_with_ffmpeg
from numpy.typing import NDArray

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, InputError
from phi_desk.media.decode import SoundTooLongError, open_sound, read_sound
from phi_desk.media.ffmpeg import FfmpegSource, _QuietFile
from phi_desk.media.resample import resample
from phi_desk.media.sound import Sound


def joined(path: Path) -> NDArray[np.float32]:
    with open_sound(path) as stream:
        return np.concatenate(list(stream))


def outcome(path: Path) -> Sound | InputError:
    try:
        return read_sound(path)
    except InputError as error:
        return error


def tone(rate: int, seconds: float) -> NDArray[np.float32]:
    t = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)


def loudest_hertz(samples: NDArray[np.float32], rate: int) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() * rate / len(samples))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_ends_in_a_sound_or_in_a_sentence(
    kind: str, seed: int, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    path = make(kind, tmp_path, seed)
    caplog.set_level(logging.CRITICAL, "phi_desk")
    result = outcome(path)
    expected = KINDS[kind].outcome
    if isinstance(result, InputError):
        assert expected != "sound", result
        assert path.name in result.sentence
        assert result.sentence.endswith(".")
        assert result.hint
    else:
        assert expected != "refused"
        assert result.rate in (8_000, 16_000)
        assert result.samples.dtype == np.float32
        assert result.samples.ndim == 1
        assert len(result.samples) > 0
        assert np.isfinite(result.samples).all()
        assert np.array_equal(joined(path), result.samples)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("rate", [8_000, 16_000])
@pytest.mark.parametrize("suffix", [".wav", ".flac", ".aiff"])
def test_a_file_at_the_models_rate_comes_out_bit_for_bit(
    rate: int, suffix: str, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).integers(-32_768, 32_768, 100_000)
    samples = (values / 32_768).astype(np.float32)
    path = tmp_path / f"x{suffix}"
    write_wav(path, samples, rate, "PCM_16")
    sound = read_sound(path)
    assert sound.rate == rate
    assert np.array_equal(sound.samples, samples)


def test_the_recorded_reference_clip_comes_out_as_it_is(oracle: Path) -> None:
    import soundfile

    path = oracle / "cases" / "media" / "a7_9s.wav"
    expected, rate = soundfile.read(str(path), dtype="float32")
    sound = read_sound(path)
    assert sound.rate == rate == 16_000
    assert np.array_equal(sound.samples, expected)


@pytest.mark.parametrize("channels", [2, 3, 7])
def test_many_channels_become_their_mean(channels: int, tmp_path: Path) -> None:
    values = np.random.default_rng(0).uniform(-1, 1, (20_000, channels)).astype(np.float32)
    path = tmp_path / "x.wav"
    write_wav(path, values, 16_000, "FLOAT")
    assert np.array_equal(read_sound(path).samples, values.mean(axis=1, dtype=np.float32))


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_ffmpeg_reads_the_same_samples_as_libsndfile(subtype: str, tmp_path: Path) -> None:
    values = np.random.default_rng(0).uniform(-0.9, 0.9, (20_000, 2)).astype(np.float32)
    path = tmp_path / "x.wav"
    write_wav(path, values, 16_000, subtype)
    source = FfmpegSource(path, CancelToken())
    blocks = list(source.blocks())
    source.close()
    assert {rate for rate, _ in blocks} == {16_000}
    assert np.array_equal(np.concatenate([b for _, b in blocks]), read_sound(path).samples)


@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "picture"),
    [
        (".m4a", "aac", 44_100, False),
        (".webm", "libopus", 48_000, False),
        (".mp4", "aac", 48_000, True),
        (".mkv", "pcm_f32le", 22_050, False),
    ],
)
def test_films_and_phone_recordings_keep_pitch_and_length(
    suffix: str, codec: str, rate: int, picture: bool, tmp_path: Path
) -> None:
    path = tmp_path / f"x{suffix}"
    write_with_ffmpeg(path, tone(rate, 2.0), rate, codec, picture)
    sound = read_sound(path)
    assert sound.rate == 16_000
    assert sound.seconds == pytest.approx(2.0, abs=0.05)
    assert loudest_hertz(sound.samples, sound.rate) == pytest.approx(440, abs=1)
    with open_sound(path) as stream:
        assert stream.seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(("suffix", "subtype"), [(".mp3", "MPEG_LAYER_III"), (".ogg", "VORBIS")])
def test_compressed_sound_keeps_pitch_and_length(suffix: str, subtype: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    write_wav(path, tone(44_100, 2.0), 44_100, subtype)
    sound = read_sound(path)
    assert sound.seconds == pytest.approx(2.0, abs=0.06)
    assert loudest_hertz(sound.samples, sound.rate) == pytest.approx(440, abs=1)


def test_resampling_a_file_in_blocks_is_resampling_it_whole(tmp_path: Path) -> None:
    samples = speechlike(np.random.default_rng(0), 30.0, 44_100)
    path = tmp_path / "x.wav"
    write_wav(path, samples, 44_100, "FLOAT")
    assert np.array_equal(read_sound(path).samples, resample(samples, 44_100, 16_000))


@pytest.mark.parametrize("suffix", [".flac", ".wav", ".ogg", ".mp3"])
def test_a_file_that_breaks_off_gives_what_is_there(
    suffix: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    subtypes = {".ogg": "VORBIS", ".mp3": "MPEG_LAYER_III"}
    path = tmp_path / f"x{suffix}"
    samples = speechlike(np.random.default_rng(0), 20.0, 16_000)
    write_wav(path, samples, 16_000, subtypes.get(suffix, "PCM_16"))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with caplog.at_level(logging.CRITICAL, "phi_desk"):
        sound = read_sound(path)
    assert 7.5 < sound.seconds < 12.5


@pytest.mark.parametrize("channels", [1, 1_000])
def test_memory_follows_the_file_and_not_its_header(channels: int, tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    head = wav_header(rate=16_000, channels=channels, bits=16, claimed=0xFFFFFF00)
    path.write_bytes(head + b"\1\2" * 4_000)
    joined(path)  # imports and caches
    tracemalloc.start()
    with open_sound(path) as stream:
        assert stream.seconds is None or stream.seconds < 1
        assert len(np.concatenate(list(stream))) == 4_000 // channels
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_long_file_streams_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.flac"
    write_wav(path, np.zeros(20 * 60 * 16_000, np.float32), 16_000, "PCM_16")
    tracemalloc.start()
    with open_sound(path) as stream:
        assert sum(len(block) for block in stream) == 20 * 60 * 16_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_recording_that_was_never_closed_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"  # a recorder that died leaves a header that claims no samples
    path.write_bytes(
        wav_header(rate=16_000, channels=1, bits=16, claimed=0)
        + np.full(48_000, 1_000, "<i2").tobytes()
    )
    assert read_sound(path).seconds == pytest.approx(3.0)


def test_a_play_list_cannot_lead_to_other_files(tmp_path: Path) -> None:
    write_wav(tmp_path / "secret.wav", tone(16_000, 1.0), 16_000, "PCM_16")
    for name, text in {
        "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "a.ffconcat": "ffconcat version 1.0\nfile secret.wav\n",
        "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        "m=audio 5004 RTP/AVP 0\n",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(InputError, match="not a sound file"):
            read_sound(path)


def test_a_picture_holds_no_sound(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "x.png"
    Image.new("RGB", (40, 40)).save(path)
    with pytest.raises(InputError):
        read_sound(path)


def test_a_film_without_a_sound_track_says_so(tmp_path: Path) -> None:
    import av

    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        film = container.add_stream("mpeg4", rate=5)
        film.width = film.height = 32
        film.pix_fmt = "yuv420p"
        still = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(film.encode(still))
        container.mux(film.encode(None))
    with pytest.raises(InputError, match=r"silent\.mp4. holds no sound"):
        read_sound(path)


@pytest.mark.parametrize("name", ["missing.wav", "no/such/folder.wav", "nul\0.wav", "x" * 5_000])
def test_names_of_no_file_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_sound(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    os.mkfifo(path)
    with pytest.raises(InputError, match="is not a file"):
        read_sound(path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_one_may_not_read_is_refused(tmp_path: Path) -> None:
    path = make("wav", tmp_path, 0)
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be opened"):
        read_sound(path)


def test_odd_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "http:évènement #1 %20 日本語.wav"
    write_wav(tmp_path / "x.wav", tone(16_000, 0.5), 16_000, "PCM_16")
    (tmp_path / "x.wav").rename(path)
    assert read_sound(path).seconds == 0.5


def test_too_long_is_told_without_reading_on(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    write_wav(path, tone(16_000, 20.0), 16_000, "PCM_16")
    assert read_sound(path, max_seconds=20.0).seconds == 20.0
    with pytest.raises(SoundTooLongError, match=r"longer than 19\.5 seconds"):
        read_sound(path, max_seconds=19.5)


@pytest.mark.parametrize("kind", ["wav", "m4a"])
def test_reading_stops_when_asked(kind: str, tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read_sound(make(kind, tmp_path, 0), cancel=cancel)


def test_a_damaged_container_leading_out_of_itself_is_no_exception(tmp_path: Path) -> None:
    """PyAV prints what a file's methods raise: so they must not raise."""
    path = make("wav", tmp_path, 0)
    file = _QuietFile(path)
    assert file.seek(-5) < 0
    assert file.seek(1 << 80) < 0
    assert file.seek(4) == file.tell() == 4
    assert file.read(4) == path.read_bytes()[4:8]
    file.close()


def test_a_disk_that_fails_half_way_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "x.mp3"
    write_wav(path, speechlike(np.random.default_rng(0), 20.0, 16_000), 16_000, "MPEG_LAYER_III")
    whole, half = _QuietFile.read, path.stat().st_size // 2

    def read(self: _QuietFile, size: int) -> bytes:
        if self.tell() >= half:
            self.failed = True
            return b""
        return whole(self, size)

    monkeypatch.setattr(_QuietFile, "read", read)
    caplog.set_level(logging.CRITICAL, "phi_desk")
    with open_sound(path) as stream:
        samples = np.concatenate(list(stream))
    assert len(samples) < 19 * 16_000
    assert "damaged" in stream.notice
