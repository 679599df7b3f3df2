"""A download that goes well, is continued, is repaired, or is not needed."""

from __future__ import annotations

import json
import shutil
import socket
import threading
import time
from collections import namedtuple
from itertools import pairwise

import pytest

from phi_desk.errors import (
    Cancelled,
    CheckpointError,
    DoesNotFitError,
    InputError,
    OfflineError,
    UsageError,
)
from phi_desk.model.download.record import RECORD, read_record
from phi_desk.model.download.values import Retries

from .conftest import PROMPT_S, SHARD, Downloader
from .hub_server import LISTING, Fault, Hub, wait_until

Usage = namedtuple("Usage", "total used free")


def test_leaves_exactly_the_needed_files(downloader: Downloader, wanted: dict[str, bytes]) -> None:
    folder = downloader.run()

    assert folder == downloader.models / "phi"
    assert downloader.files() == wanted
    record = read_record(folder)
    assert record is not None
    assert record.complete
    assert not downloader.staging.exists()


def test_takes_the_adapter_folders_when_asked(downloader: Downloader) -> None:
    downloader.run(adapters=True)

    assert {name for name in downloader.files() if "/" in name} == {
        "speech-lora/adapter_config.json",
        "speech-lora/adapter_model.safetensors",
    }


def test_takes_them_by_itself_where_the_shards_do_not_hold_them(downloader: Downloader) -> None:
    downloader.run(adapters=None)  # another commit than the published one: a conversion

    assert "speech-lora/adapter_model.safetensors" in downloader.files()


def test_progress_counts_bytes_over_all_files(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    downloader.hub.faults[SHARD].append(Fault(rate=60_000, pause_s=0.03))
    downloader.run()

    total = sum(map(len, wanted.values()))
    fetched = [report for report in downloader.reports if report.phase == "fetch"]
    assert all(before.done <= after.done for before, after in pairwise(fetched))
    assert {report.total for report in fetched} == {total}
    assert fetched[-1].done == total
    middle = next(r for r in fetched if r.file == SHARD and 200_000 < r.file_done < 600_000)
    assert middle.speed
    assert 0.1e6 < middle.speed < 20e6  # bytes a second; the exact sum is a unit test
    assert middle.seconds_left == pytest.approx((total - middle.done) / middle.speed)
    assert downloader.reports[-1].phase == "done"


def test_continues_where_a_break_left_off(downloader: Downloader, wanted: dict[str, bytes]) -> None:
    downloader.hub.faults[SHARD] += [Fault(after=100_000), Fault(after=1), Fault(after=250_000)]
    downloader.run()

    assert downloader.files() == wanted
    asked = [request.range for request in downloader.hub.asked(SHARD)]
    assert asked == [None, "bytes=100000-", "bytes=100001-", "bytes=350001-"]


def test_gives_up_only_after_tries_without_a_byte(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    downloader.hub.faults[SHARD] += [Fault(after=50_000)] * 11  # each brings something: goes on
    downloader.run()

    assert downloader.files() == wanted
    assert len(downloader.hub.asked(SHARD)) == 12


def test_a_later_run_continues_an_earlier_one(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    downloader.hub.faults[SHARD] += [Fault(after=200_000)] + [Fault(after=0)] * 3
    with pytest.raises(Exception, match="broke off"):
        downloader.run()
    assert not (downloader.models / "phi").exists()
    downloader.hub.requests.clear()
    downloader.reports.clear()

    downloader.run()

    assert downloader.files() == wanted
    assert [r.file for r in downloader.hub.requests] == [LISTING, SHARD]  # the rest was there
    assert downloader.hub.asked(SHARD)[0].range == "bytes=200000-"
    first = next(report for report in downloader.reports if report.phase == "fetch")
    assert first.done > 200_000


def test_a_file_that_arrived_unverified_is_verified_not_fetched(downloader: Downloader) -> None:
    downloader.run()
    folder = downloader.models / "phi"
    content = json.loads((folder / RECORD).read_text())
    content["checked"].remove(SHARD)  # as a crash right after the last byte leaves it
    (folder / RECORD).write_text(json.dumps(content))
    folder.rename(downloader.staging)
    downloader.hub.requests.clear()

    downloader.run()

    assert downloader.hub.asked(SHARD) == []
    assert SHARD in downloader.files()


def test_another_revision_in_the_same_staging_mixes_nothing(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    hub = downloader.hub
    hub.files["old.json"] = b"{}"
    hub.faults[SHARD] += [Fault(after=200_000)] + [Fault(after=0)] * 3
    with pytest.raises(Exception, match="broke off"):
        downloader.run()
    del hub.files["old.json"]
    hub.files[SHARD] = wanted[SHARD] = bytes(reversed(wanted[SHARD]))

    downloader.run()

    assert downloader.files() == wanted


def test_a_server_without_ranges_is_read_from_the_start(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    downloader.hub.faults[SHARD] += [Fault(after=100_000), Fault(ignore_range=True)]
    downloader.run()

    assert downloader.files() == wanted


def test_a_second_download_only_checks(downloader: Downloader) -> None:
    folder = downloader.run()
    downloader.hub.requests.clear()

    assert downloader.run(offline=True) == folder
    assert downloader.hub.requests == []


def test_a_second_download_repairs_what_is_damaged(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    folder = downloader.run()
    data = bytearray((folder / SHARD).read_bytes())
    data[1234] ^= 1
    (folder / SHARD).write_bytes(data)
    (folder / "config.json").unlink()
    downloader.hub.requests.clear()

    downloader.run()

    assert downloader.files() == wanted
    assert {r.file for r in downloader.hub.requests} == {LISTING, SHARD, "config.json"}


def test_a_damaged_model_is_left_as_it_is_without_a_network(downloader: Downloader) -> None:
    folder = downloader.run()
    (folder / SHARD).write_bytes(b"cut")
    downloader.hub.requests.clear()

    with pytest.raises(OfflineError, match=f"is damaged \\({SHARD}\\)"):
        downloader.run(offline=True)
    assert (folder / SHARD).read_bytes() == b"cut"
    assert downloader.hub.requests == []


def test_an_unknown_folder_of_that_name_is_left_alone(downloader: Downloader) -> None:
    mine = downloader.models / "phi" / "config.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    with pytest.raises(InputError, match="holds something else") as caught:
        downloader.run()
    assert "--name" in caught.value.hint
    assert mine.read_text() == "mine"


def test_another_revision_of_that_name_is_refused(downloader: Downloader) -> None:
    downloader.run()

    with pytest.raises(InputError, match="is there in revision 0123456789ab"):
        downloader.run(revision="main")


def test_too_small_a_disk_is_known_before_the_first_byte(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 256_500_000))

    with pytest.raises(DoesNotFitError) as caught:
        downloader.run()
    assert "still needs 780.0 kB" in caught.value.sentence.replace("780 kB", "780.0 kB")
    assert "256 MB are free" in caught.value.sentence or "256.5" in caught.value.sentence
    assert caught.value.hint.startswith("Free 280 kB")
    assert {r.file for r in downloader.hub.requests} == {LISTING}
    assert not downloader.staging.exists()


def test_space_is_asked_only_for_what_is_missing(
    downloader: Downloader, wanted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    downloader.hub.faults[SHARD] += [Fault(after=500_000)] + [Fault(after=0)] * 3
    with pytest.raises(Exception, match="broke off"):
        downloader.run()
    rest = sum(map(len, wanted.values())) - 500_000
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 256_000_000 + rest))

    downloader.run()

    assert downloader.files() == wanted


def test_offline_is_a_sentence_and_asks_nobody(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OfflineError, match="the network is switched off"):
        downloader.run(offline=True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(OfflineError):
        downloader.run(offline=None)
    assert downloader.hub.requests == []


def test_the_environment_names_the_hub(
    downloader: Downloader, wanted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", downloader.hub.endpoint + "/")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    downloader.run(endpoint="", offline=None)

    assert downloader.files() == wanted


def test_a_repository_without_weights(downloader: Downloader) -> None:
    downloader.hub.files = {"config.json": b"{}", "pytorch_model.bin": b"pickle"}

    with pytest.raises(CheckpointError, match="no weights in the safetensors format"):
        downloader.run()


def test_two_programs_do_not_write_the_same_files(downloader: Downloader, hub: Hub) -> None:
    hub.faults[LISTING].append(Fault(pause_s=30))

    def run_until_cancelled() -> None:
        with pytest.raises(Cancelled):
            downloader.run()

    first = threading.Thread(target=run_until_cancelled)
    first.start()
    assert wait_until(lambda: hub.asked(LISTING))

    with pytest.raises(InputError, match="by another Phi Desk"):
        Downloader(hub=hub, models=downloader.models).run()
    downloader.cancel.cancel()
    first.join()


@pytest.mark.parametrize(
    "changes",
    [
        {"repo": "no-slash"},
        {"repo": "../../etc"},
        {"repo": "a/b/c"},
        {"repo": "a/..b"},
        {"revision": ""},
        {"revision": "a b"},
        {"revision": "../x"},
        {"name": ".."},
        {"name": "a/b"},
        {"name": ".hidden"},
        {"name": "NUL"},
        {"name": "com1.txt"},
    ],
)
def test_impossible_names_are_wrong_usage(downloader: Downloader, changes: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        downloader.run(**changes)


def test_cancel_is_answered_at_once_and_keeps_the_bytes(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    downloader.hub.faults[SHARD].append(Fault(rate=2_000, pause_s=0.02))
    pressed: list[float] = []

    def press(report: object) -> None:
        if not pressed and len(_part(downloader)) > 20_000:
            pressed.append(time.monotonic())
            downloader.cancel.cancel()

    downloader.on_report = press
    with pytest.raises(Cancelled):
        downloader.run()
    assert time.monotonic() - pressed[0] < PROMPT_S
    kept = len(_part(downloader))
    assert kept >= 20_000

    again = Downloader(hub=downloader.hub, models=downloader.models)
    again.run()
    assert again.files() == wanted
    assert again.hub.asked(SHARD)[-1].range == f"bytes={kept}-"


@pytest.mark.parametrize("silent", [LISTING, SHARD])
def test_cancel_is_answered_while_the_server_says_nothing(
    downloader: Downloader, silent: str
) -> None:
    downloader.hub.faults[silent].append(Fault(pause_s=30))
    pressed: list[float] = []

    def press() -> None:
        wait_until(lambda: downloader.hub.asked(silent))
        time.sleep(0.05)
        pressed.append(time.monotonic())
        downloader.cancel.cancel()

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(Cancelled):
        downloader.run(retries=_patient())
    assert time.monotonic() - pressed[0] < PROMPT_S
    thread.join()


def test_cancel_is_answered_while_a_name_is_looked_up(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> None:
        asked.set()
        answer.wait(30)
        raise OSError

    pressed: list[float] = []

    def press() -> None:
        asked.wait(10)
        pressed.append(time.monotonic())
        downloader.cancel.cancel()

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(Cancelled):
        downloader.run(endpoint="http://hub.invalid", retries=_patient())
    assert time.monotonic() - pressed[0] < PROMPT_S
    answer.set()
    thread.join()


def test_cancel_is_answered_during_a_checksum(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phi_desk.model.download.checksum._PIECE", 1000)
    downloader.on_report = lambda report: (
        downloader.cancel.cancel() if report.phase == "check" and report.file == SHARD else None
    )
    with pytest.raises(Cancelled):
        downloader.run()
    assert len(_part(downloader)) == 600_000


def _part(downloader: Downloader) -> bytes:
    parts = list(downloader.staging.glob(f"{SHARD}.*.part"))
    return parts[0].read_bytes() if parts else b""


def _patient() -> Retries:
    return Retries(silence_s=60, connect_s=60)
