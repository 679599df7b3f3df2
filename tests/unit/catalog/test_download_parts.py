"""The parts of a download that need no network: lists, records, speed, waits, words."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phi_desk.cancel import CancelToken
from phi_desk.cli.download_bar import describe, duration_in_words
from phi_desk.errors import Cancelled, CheckpointError, NetworkError
from phi_desk.model.download.checksum import is_intact
from phi_desk.model.download.failures import asked_wait
from phi_desk.model.download.listing import Listing, RemoteFile, read_listing
from phi_desk.model.download.meter import Meter
from phi_desk.model.download.record import RECORD, DownloadRecord, read_record
from phi_desk.model.download.values import (
    PUBLISHED_REVISION,
    DownloadProgress,
    DownloadRequest,
    bytes_in_words,
)

COMMIT = "a" * 40
SHA256 = "b" * 64
# What lies in the published repository.
PUBLISHED_NAMES = (
    ".gitattributes",
    "CODE_OF_CONDUCT.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "SUPPORT.md",
    "added_tokens.json",
    "config.json",
    "configuration_phi4mm.py",
    "examples/what_is.wav",
    "figures/a.png",
    "generation_config.json",
    "merges.txt",
    "model-00001-of-00003.safetensors",
    "model-00002-of-00003.safetensors",
    "model-00003-of-00003.safetensors",
    "model.safetensors.index.json",
    "modeling_phi4mm.py",
    "phi_4_mm.tech_report.02252025.pdf",
    "preprocessor_config.json",
    "processing_phi4mm.py",
    "processor_config.json",
    "sample_finetune_speech.py",
    "special_tokens_map.json",
    "speech-lora/adapter_config.json",
    "speech-lora/adapter_model.safetensors",
    "speech-lora/tokenizer.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vision-lora/adapter_config.json",
    "vision-lora/adapter_model.safetensors",
    "vision-lora/vocab.json",
    "vocab.json",
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def answer(*names: str, sha: str = COMMIT) -> dict[str, Any]:
    siblings = [{"rfilename": name, "size": 1, "blobId": "c" * 40} for name in names]
    return {"sha": sha, "siblings": siblings}


def request(**changes: Any) -> DownloadRequest:
    options: dict[str, Any] = {"models": Path("models"), "revision": "main"}
    return DownloadRequest(**options | changes)


def test_of_the_published_files_exactly_the_needed_ones() -> None:
    listing = read_listing(answer(*PUBLISHED_NAMES), request())

    assert sorted(file.path for file in listing.files) == [
        "LICENSE",
        "added_tokens.json",
        "config.json",
        "generation_config.json",
        "merges.txt",
        "model-00001-of-00003.safetensors",
        "model-00002-of-00003.safetensors",
        "model-00003-of-00003.safetensors",
        "model.safetensors.index.json",
        "preprocessor_config.json",
        "processor_config.json",
        "special_tokens_map.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.json",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"revision": PUBLISHED_REVISION}, False),
        ({"revision": "refs/pr/94"}, True),
        ({"repo": "someone/phi-4-multimodal"}, True),
        ({"adapters": True}, True),
        ({"revision": "refs/pr/94", "adapters": False}, False),
    ],
)
def test_adapter_folders_come_where_the_shards_do_not_hold_them(
    changes: dict[str, Any], expected: bool
) -> None:
    sha = changes.get("revision", COMMIT)
    listing = read_listing(
        answer(*PUBLISHED_NAMES, sha=sha if len(sha) == 40 else COMMIT), request(**changes)
    )
    found = sorted(file.path for file in listing.files if "/" in file.path)

    assert found == (
        [
            "speech-lora/adapter_config.json",
            "speech-lora/adapter_model.safetensors",
            "vision-lora/adapter_config.json",
            "vision-lora/adapter_model.safetensors",
        ]
        if expected
        else []
    )


def test_sizes_and_digests_are_those_of_the_content() -> None:
    told = answer("config.json")
    pointer = {"rfilename": "model.safetensors", "size": 135, "blobId": "d" * 40}
    told["siblings"].append(pointer | {"lfs": {"sha256": SHA256, "size": 5_000_000_000}})
    told["siblings"].append({"rfilename": "LICENSE", "size": 0})

    assert read_listing(told, request()).files == (
        RemoteFile(path="LICENSE", size=0, digest=""),
        RemoteFile(path="config.json", size=1, digest=f"git-sha1:{'c' * 40}"),
        RemoteFile(path="model.safetensors", size=5_000_000_000, digest=f"sha256:{SHA256}"),
    )


@pytest.mark.parametrize("size", [None, -1, "1", 1.5, True])
def test_a_wanted_file_without_a_size(size: object) -> None:
    told = answer("model.safetensors")
    told["siblings"].append({"rfilename": "config.json", "size": size})
    with pytest.raises(NetworkError, match=r"config\.json” has no size"):
        read_listing(told, request())


@given(json_values)
def test_any_answer_is_read_or_refused(told: object) -> None:
    with pytest.raises(NetworkError):
        read_listing(told, request())


@given(st.lists(st.dictionaries(st.sampled_from(["rfilename", "size", "lfs"]), json_values)))
def test_any_entries_are_read_or_refused(entries: list[object]) -> None:
    with pytest.raises((NetworkError, CheckpointError)):
        read_listing({"sha": COMMIT, "siblings": entries}, request())


@given(json_values | st.fixed_dictionaries({"schema": st.just(1), "files": json_values}))
def test_any_record_is_read_or_ignored(content: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / RECORD).write_text(json.dumps(content))
        assert read_record(Path(folder)) is None


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    files = (RemoteFile(path="a/b.json", size=3, digest="git-sha1:00"),)
    record = DownloadRecord(repo="a/b", revision="main", commit=COMMIT, files=files)
    assert not record.complete
    record = record.with_checked("a/b.json")
    record.save(tmp_path)

    assert read_record(tmp_path) == record
    assert record.complete


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../b"])
def test_a_record_that_leads_out_of_its_folder_is_ignored(tmp_path: Path, path: str) -> None:
    files = (RemoteFile(path=path, size=3, digest=""),)
    DownloadRecord(repo="a/b", revision="r", commit=COMMIT, files=files).save(tmp_path)
    assert read_record(tmp_path) is None


def test_a_checksum_tells_a_single_bit(tmp_path: Path) -> None:
    import hashlib

    data = bytes(range(256)) * 100
    path = tmp_path / "file"
    for digest in (
        f"sha256:{hashlib.sha256(data).hexdigest()}",
        # as `git hash-object` computes it
        f"git-sha1:{hashlib.sha1(b'blob 25600' + bytes(1) + data).hexdigest()}",
    ):
        file = RemoteFile(path="file", size=len(data), digest=digest)
        path.write_bytes(data)
        assert is_intact(file, path, lambda done: None, CancelToken())
        path.write_bytes(data[:-1] + b"\0")
        assert not is_intact(file, path, lambda done: None, CancelToken())
        path.write_bytes(data[:-1])
        assert not is_intact(file, path, lambda done: None, CancelToken())


def test_git_names_an_empty_file_so(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    digest = "git-sha1:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"  # `git hash-object /dev/null`
    file = RemoteFile(path="empty", size=0, digest=digest)
    assert is_intact(file, tmp_path / "empty", lambda done: None, CancelToken())


def test_a_checksum_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    token = CancelToken()
    token.cancel()
    file = RemoteFile(path="file", size=1, digest="sha256:00")
    with pytest.raises(Cancelled):
        is_intact(file, tmp_path / "file", lambda done: None, token)


def test_speed_and_time_left_over_the_last_seconds() -> None:
    now = 0.0
    reports: list[DownloadProgress] = []
    files = tuple(RemoteFile(path=name, size=1000, digest="") for name in ("a", "b"))
    meter = Meter(reports.append, clock=lambda: now)
    meter.plan(Listing(commit=COMMIT, files=files), {"a": 400, "b": 0})
    meter.begin(files[0])
    for second in range(1, 5):
        now = float(second)
        meter.moved_to(400 + 100 * second)

    assert reports[-1].speed == pytest.approx(100)
    assert (reports[-1].done, reports[-1].total) == (800, 2000)
    assert reports[-1].seconds_left == pytest.approx(12)  # what was there before counts as done

    now = 30.0  # long after: the old samples no longer count
    meter.moved_to(810)
    assert reports[-1].speed is None


def test_a_restart_takes_bytes_back() -> None:
    reports: list[DownloadProgress] = []
    file = RemoteFile(path="a", size=1000, digest="")
    meter = Meter(reports.append)
    meter.plan(Listing(commit=COMMIT, files=(file,)), {})
    meter.begin(file)
    meter.moved_to(1000)
    meter.moved_to(0)
    meter.moved_to(1000)
    assert reports[-1].done == 1000


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2020 07:28:30 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
        ({"RateLimit": '"api";r=0;t=55'}, 55.0),
        ({"RateLimit": '"api";r=12;t=55'}, None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(
    headers: dict[str, str], expected: float | None
) -> None:
    now = datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)
    assert asked_wait(headers, now) == expected


@given(st.text(max_size=40))
def test_any_wait_is_read_or_ignored(value: str) -> None:
    wait = asked_wait({"Retry-After": value, "RateLimit": value})
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (12_345, "12.3 kB"),
        (340_000_000, "340 MB"),
        (11_152_345_678, "11.2 GB"),
        (131e9, "131 GB"),
    ],
)
def test_sizes_in_words(count: float, words: str) -> None:
    assert bytes_in_words(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(4.4, "4 s"), (59.4, "59 s"), (750, "12 min"), (12_000, "3 h 20 min")]
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert duration_in_words(seconds) == words


def test_progress_in_words() -> None:
    report = DownloadProgress(
        phase="fetch", file="a", done=3_200_000_000, total=11_152_000_000, speed=8.1e6,
        seconds_left=982.0,
    )  # fmt: skip
    assert describe(report) == "3.2 GB of 11.2 GB, 8.1 MB/s, 16 min left"
    assert describe(DownloadProgress(phase="check", file="a")) == "Checking a"
