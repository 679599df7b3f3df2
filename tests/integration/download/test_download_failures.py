"""A hub that refuses, lies or breaks: each ends in a sentence, or mends itself."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled, NetworkError
from phi_desk.model.download import hub as hub_module
from phi_desk.model.download.values import Retries

from .conftest import FAST, PROMPT_S, SHARD, Downloader
from .hub_server import LISTING, Fault

SAVED_TOKEN = hub_module._saved_token  # before a fixture puts nobody in its place


@pytest.mark.parametrize("where", [LISTING, SHARD, "config.json"])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(
    downloader: Downloader, wanted: dict[str, bytes], where: str, status: int
) -> None:
    downloader.hub.faults[where] += [Fault(status=status)] * 3
    downloader.run()

    assert downloader.files() == wanted
    assert len(downloader.hub.asked(where)) >= 4  # a busy machine may close a connection as well
    waits = [report.note for report in downloader.reports if report.phase == "wait"]
    assert len(waits) >= 3
    assert all("Next try in" in note for note in waits)


@pytest.mark.parametrize(
    ("status", "words"),
    [(429, "asked too often"), (500, "problem of its own"), (503, "problem of its own")],
)
def test_what_does_not_pass_ends_in_a_sentence(
    downloader: Downloader, status: int, words: str
) -> None:
    downloader.hub.faults[SHARD] += [Fault(status=status)] * 10

    with pytest.raises(NetworkError, match=words) as caught:
        downloader.run()
    assert "is kept" in caught.value.hint
    assert len(downloader.hub.asked(SHARD)) == FAST.tries
    assert f"HTTP {status}" in caught.value.details[0]


def test_a_pause_that_the_server_wants_is_kept(downloader: Downloader) -> None:
    downloader.hub.faults[SHARD].append(Fault(status=429, headers=(("Retry-After", "1"),)))
    start = time.monotonic()
    downloader.run()

    assert time.monotonic() - start >= 1
    assert any("Next try in 1 s" in report.note for report in downloader.reports)


def test_a_pause_in_the_form_of_the_hub(downloader: Downloader) -> None:
    limit = (("RateLimit", '"api";r=0;t=1'),)
    downloader.hub.faults[LISTING].append(Fault(status=429, headers=limit))
    start = time.monotonic()
    downloader.run()

    assert time.monotonic() - start >= 1


def test_too_long_a_pause_is_told_instead_of_sat_out(downloader: Downloader) -> None:
    downloader.hub.faults[SHARD].append(Fault(status=429, headers=(("Retry-After", "900"),)))

    with pytest.raises(NetworkError, match="wants a pause") as caught:
        downloader.run()
    assert "in 900 seconds" in caught.value.hint


def test_a_pause_can_be_cancelled(downloader: Downloader) -> None:
    downloader.hub.faults[SHARD].append(Fault(status=429, headers=(("Retry-After", "60"),)))
    pressed: list[float] = []

    def press(report: Any) -> None:
        if report.phase == "wait":
            pressed.append(time.monotonic())
            downloader.cancel.cancel()

    downloader.on_report = press
    with pytest.raises(Cancelled):
        downloader.run(retries=Retries())
    assert time.monotonic() - pressed[0] < PROMPT_S


@pytest.mark.parametrize(
    ("where", "fault", "words", "hint"),
    [
        (LISTING, Fault(status=404, code="RepoNotFound"), "no repository", "--repo"),
        (LISTING, Fault(status=401, code="RepoNotFound"), "does not exist", "--repo"),
        (LISTING, Fault(status=404, code="RevisionNotFound"), "no such revision", "--revision"),
        (LISTING, Fault(status=404), "There is no", "HF_ENDPOINT"),
        (LISTING, Fault(status=403, code="GatedRepo"), "is gated", "hf auth login"),
        (LISTING, Fault(status=403), "does not let us have", "firewall"),
        (SHARD, Fault(status=401, code="GatedRepo"), "is gated", "hf auth login"),
        (SHARD, Fault(status=403), f"does not let us have {SHARD}", "firewall"),
        (SHARD, Fault(status=404, code="EntryNotFound"), f"no {SHARD}", "has changed"),
        (SHARD, Fault(status=418), r"HTTP 418", "kept"),
    ],
)
def test_a_refusal_is_final_and_says_why(
    downloader: Downloader, where: str, fault: Fault, words: str, hint: str
) -> None:
    downloader.hub.faults[where].append(fault)

    with pytest.raises(NetworkError, match=words) as caught:
        downloader.run()
    assert hint in caught.value.hint
    assert len(downloader.hub.asked(where)) == 1
    assert not (downloader.models / "phi").exists()


def test_wrong_bytes_are_fetched_once_more(
    downloader: Downloader, wanted: dict[str, bytes]
) -> None:
    downloader.hub.faults[SHARD].append(Fault(wrong=True))
    downloader.run()

    assert downloader.files() == wanted
    assert [request.range for request in downloader.hub.asked(SHARD)] == [None, None]


@pytest.mark.parametrize("file", [SHARD, "config.json"])
def test_wrong_bytes_twice_are_thrown_away(downloader: Downloader, file: str) -> None:
    downloader.hub.faults[file] += [Fault(wrong=True)] * 2

    with pytest.raises(NetworkError, match="arrived damaged twice"):
        downloader.run()
    assert not list(downloader.staging.glob(f"{file}*"))
    assert not (downloader.models / "phi").exists()


@pytest.mark.parametrize(
    "fault",
    [
        Fault(length=100),
        Fault(length=700_000),
        Fault(body=b"<html>Please log in</html>"),
        Fault(body=b"x" * 700_000),
        Fault(headers=(("Content-Encoding", "gzip"),)),
    ],
)
def test_another_length_than_the_published_one_writes_nothing(
    downloader: Downloader, wanted: dict[str, bytes], fault: Fault
) -> None:
    downloader.hub.faults[SHARD] += [fault] * 10

    with pytest.raises(NetworkError):
        downloader.run()
    assert all(not path.stat().st_size for path in downloader.staging.glob(f"{SHARD}*"))
    downloader.hub.faults.clear()
    downloader.run()
    assert downloader.files() == wanted


@pytest.mark.parametrize(
    "fault",
    [Fault(shift=10), Fault(body=b"short"), Fault(headers=(("Content-Range", "nonsense"),))],
)
def test_a_false_range_is_not_written(
    downloader: Downloader, wanted: dict[str, bytes], fault: Fault
) -> None:
    downloader.hub.faults[SHARD] += [Fault(after=100_000), fault]
    downloader.run()

    assert downloader.files() == wanted


def test_silence_is_noticed_and_continued(downloader: Downloader, wanted: dict[str, bytes]) -> None:
    downloader.hub.faults[SHARD].append(Fault(rate=100_000, pause_s=3))
    downloader.run()

    assert downloader.files() == wanted
    assert downloader.hub.asked(SHARD)[1].range == "bytes=100000-"
    assert any("gone silent" in report.note for report in downloader.reports)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Please log in</html>",
        b"",
        b"[]",
        b"{}",
        b'{"siblings": []}',
        b'{"siblings": [], "sha": "not a commit"}',
        b'{"siblings": [3], "sha": "0123456789abcdef0123456789abcdef01234567"}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_an_answer_that_is_no_list_of_files(downloader: Downloader, body: bytes) -> None:
    downloader.hub.faults[LISTING].append(Fault(body=body))

    with pytest.raises(NetworkError, match="not understood"):
        downloader.run()


@pytest.mark.parametrize("name", ["a\\..\\evil.json", "C:evil.json", "ev\0il.json", "..json"])
def test_a_file_with_an_unsafe_name_is_refused(
    downloader: Downloader, tmp_path: Path, name: str
) -> None:
    downloader.hub.files[name] = b"evil"
    with pytest.raises(NetworkError, match="not understood"):
        downloader.run()
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "../x-lora/adapter_config.json"]
)
def test_a_file_outside_the_folder_is_never_written(
    downloader: Downloader, tmp_path: Path, name: str
) -> None:
    downloader.hub.files[name] = b"evil"
    with contextlib.suppress(NetworkError):
        downloader.run(adapters=True)
    assert not [path for path in tmp_path.rglob("*") if _bytes(path) == b"evil"]


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_another_commit_than_the_one_asked_for(downloader: Downloader) -> None:
    with pytest.raises(NetworkError, match="answered with commit 01234567 instead of ffffffff"):
        downloader.run(revision="f" * 40)


def test_a_hub_that_is_not_there(downloader: Downloader) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NetworkError, match=f"127.0.0.1:{port} cannot be reached") as caught:
        downloader.run(endpoint=f"http://127.0.0.1:{port}")
    assert "connection" in caught.value.hint


def test_a_name_that_nobody_knows(downloader: Downloader, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NetworkError, match=r"The address hub\.invalid cannot be found"):
        downloader.run(endpoint="http://hub.invalid")


def test_a_proxy_that_is_not_there(downloader: Downloader, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
    with pytest.raises(NetworkError, match="cannot be reached"):
        downloader.run(endpoint="http://hub.invalid")


@pytest.mark.parametrize("proxy", ["nonsense://x:1", "socks5://127.0.0.1:1"])
def test_proxy_settings_that_mean_nothing(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with pytest.raises(NetworkError) as caught:
        downloader.run(endpoint="http://hub.invalid")
    assert "proxy" in caught.value.sentence.lower() or "PROXY" in caught.value.hint


@pytest.mark.parametrize("endpoint", ["ftp://hub", "hub", "http://"])
def test_an_endpoint_that_is_no_address(downloader: Downloader, endpoint: str) -> None:
    with pytest.raises(NetworkError, match="is not the address of a hub"):
        downloader.run(endpoint=endpoint)


def test_a_token_is_sent_only_when_the_hub_asks_and_never_elsewhere(
    downloader: Downloader, wanted: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def token() -> str:
        return "hf_secret"

    monkeypatch.setattr("phi_desk.model.download.hub._saved_token", token)
    downloader.run(name="public")
    assert {request.authorization for request in downloader.hub.requests} == {None}

    downloader.hub.requests.clear()
    downloader.hub.needs_token = "hf_secret"
    downloader.hub.redirect = True
    downloader.run()

    assert downloader.files() == wanted
    sent = downloader.hub.requests
    assert sent[0].authorization is None
    assert {r.authorization for r in sent if "/resolve/" in r.path} == {"Bearer hf_secret"}
    assert {r.authorization for r in sent if r.path.startswith("/cdn/")} == {None}
    assert any(r.host.startswith("localhost") for r in sent)


@pytest.mark.parametrize(("token", "forbidden"), [("hf_secret", False), ("hf_other", True)])
def test_the_token_is_the_one_that_is_saved(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch, token: str, forbidden: bool
) -> None:
    monkeypatch.setattr(hub_module, "_saved_token", SAVED_TOKEN)
    monkeypatch.setenv("HF_TOKEN", token)
    downloader.hub.needs_token = "hf_secret"
    if forbidden:
        with pytest.raises(NetworkError, match="is gated"):
            downloader.run()
        assert len(downloader.hub.asked(LISTING)) == 2
    else:
        assert downloader.run().is_dir()


def test_a_range_survives_the_redirect(downloader: Downloader, wanted: dict[str, bytes]) -> None:
    downloader.hub.redirect = True
    downloader.hub.faults[SHARD].append(Fault(after=123_456))
    downloader.run()

    assert downloader.files() == wanted
    assert downloader.hub.asked(SHARD)[-1].range == "bytes=123456-"


def test_a_folder_that_cannot_be_written(downloader: Downloader) -> None:
    from phi_desk.errors import InputError

    downloader.models.parent.mkdir(parents=True, exist_ok=True)
    downloader.models.write_text("a file where the folder should be")
    with pytest.raises(InputError, match="cannot be written"):
        downloader.run()


def test_a_disk_that_fills_up_on_the_way(
    downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from phi_desk.errors import DoesNotFitError

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("phi_desk.model.download.transfer.Transfer._receive", full)
    with pytest.raises(DoesNotFitError, match="is full"):
        downloader.run()


def test_a_token_set_beforehand_stops_before_anything(downloader: Downloader) -> None:
    downloader.cancel = CancelToken()
    downloader.cancel.cancel()
    with pytest.raises(Cancelled):
        downloader.run()
    assert downloader.hub.asked(SHARD) == []
