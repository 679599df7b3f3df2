"""`phi-desk models` as a person or a program sees it, without a real checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from phi_desk.app.wiring import App
from phi_desk.cli import models
from phi_desk.cli.download_bar import DownloadBar
from phi_desk.cli.main import main
from phi_desk.cli.output import Output
from phi_desk.cli.parser import parse
from phi_desk.errors import CheckpointError, InputError, OfflineError, UsageError
from phi_desk.model.download.record import DownloadRecord
from phi_desk.model.download.values import DownloadProgress, DownloadRequest
from phi_desk.services.catalog import Catalog
from phi_desk.services.engines import EngineOptions

Run = Callable[..., list[dict[str, Any]]]


def read(folder: Path) -> str:
    if (folder / "damaged").exists():
        raise CheckpointError("model.safetensors is cut off.", "Download the file again.")
    return "published"


@pytest.fixture
def app(tmp_path: Path) -> App:
    app = App(tmp_path / "home", EngineOptions())
    app._catalog = Catalog(app.home, embedded=tmp_path / "none", read=read)
    return app


@pytest.fixture
def run(app: App, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `phi-desk models WORDS --json`; the events."""

    def run(*words: str) -> list[dict[str, Any]]:
        args = parse(["models", *words, "--json"])
        assert models.run(args, app, Output(json=True)) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def say(app: App, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run `phi-desk models WORDS`; what people read on stdout."""
    assert models.run(parse(["models", *words]), app, Output()) == 0
    return capsys.readouterr().out


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_a_model_comes_is_used_and_goes(run: Run, app: App, tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny")

    (added,) = run("add", str(folder))
    assert added == {
        "event": "finished",
        "model": "tiny",
        "folder": str(folder),
        "origin": "added",
        "layout": "published",
        "size": 2,
        "state": "ok",
        "sentence": "Ready to use.",
        "default": False,
    }
    (used,) = run("use", "tiny")
    assert used == {"event": "finished", "model": "tiny", "folder": str(folder)}
    listed, finished = run("list")
    assert listed == added | {"event": "model", "default": True}
    assert finished == {"event": "finished", "models": 1, "notice": ""}
    (removed,) = run("remove", "tiny")
    assert removed == {"event": "finished", "model": "tiny", "deleted": 0, "kept": []}
    assert run("list") == [{"event": "finished", "models": 0, "notice": ""}]
    assert (folder / "config.json").exists()


def test_words_for_people(app: App, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "phi-desk models download" in say(app, capsys, "list")
    folder = make(tmp_path / "tiny")
    assert "is known as “t” now" in say(app, capsys, "add", str(folder), "--name", "t")
    assert f"“t” in {folder}" in say(app, capsys, "use", "t")
    assert f"“t” in {folder}" in say(app, capsys, "use")
    text = say(app, capsys, "list")
    assert text.startswith("* t (added, published, 2 bytes)\n")
    assert str(folder) in text
    assert "Ready to use." in text
    assert "no file was touched" in say(app, capsys, "remove", "t")


def test_what_a_removal_leaves_is_named(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(app.catalog.models / "phi")
    DownloadRecord(repo="a/b", revision="r", commit="c" * 40, files=()).save(folder)

    text = say(app, capsys, "remove", "phi")

    assert f"Phi Desk did not put it there: {folder / 'config.json'}" in text


def test_a_damaged_folder_is_refused(app: App, tmp_path: Path) -> None:
    folder = make(tmp_path / "bad")
    (folder / "damaged").touch()
    with pytest.raises(CheckpointError, match=r"model\.safetensors is cut off"):
        models.run(parse(["models", "add", str(folder)]), app, Output())
    assert app.catalog.list() == ()


def test_a_broken_list_of_models_is_told(
    app: App, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    app.home.mkdir()
    (app.home / "models.json").write_text("{")
    models.run(parse(["models", "list"]), app, Output())
    assert "models.json is not used: it is damaged" in capsys.readouterr().err
    assert "models.json is not used" in run("list")[-1]["notice"]


def test_no_action_is_wrong_usage(app: App) -> None:
    with pytest.raises(UsageError, match="No action"):
        models.run(parse(["models"]), app, Output())


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["models"], 2, "No action was given."),
        (["models", "add"], 2, "required"),
        (["models", "fetch"], 2, "invalid choice"),
        (["models", "download", "--repo", "nonsense"], 2, "is not the name of a repository"),
        (["models", "download", "--revision", "a b"], 2, "is not a revision"),
        (["models", "download", "--name", "../x"], 2, "cannot be the name of a model"),
        (["models", "add", "/nowhere/at/all"], 1, "There is no folder"),
        (["models", "remove", "nobody"], 1, "no model named “nobody”"),
        (["models", "use", "nobody"], 1, "no model named “nobody”"),
        (["models", "verify", "./nobody"], 1, "There is no folder ./nobody"),
        (["models", "verify", "/"], 1, ""),
        (["models", "convert", "nobody", "out"], 1, "no model named “nobody”"),
        (["models", "download", "--offline"], 1, "the network is switched off"),
    ],
)
def test_failures_are_one_line_and_a_code(
    words: list[str], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err
    assert shown.err.count("\n") == 1


def test_a_download_asks_for_the_published_commit(
    app: App, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[DownloadRequest] = []

    def download(request: DownloadRequest, progress: Any, cancel: Any) -> Path:
        asked.append(request)
        progress(DownloadProgress(phase="wait", note="The hub wants a pause."))
        progress(DownloadProgress(phase="fetch", file="a", done=5, total=9, speed=2.5))
        return make(request.folder)

    monkeypatch.setattr("phi_desk.model.download.fetch.download", download)
    events = run("download")

    assert asked[0].repo == "microsoft/Phi-4-multimodal-instruct"
    assert asked[0].revision == "93f923e1a7727d1c4f446756212d9d3e8fcc5d81"
    assert (asked[0].adapters, asked[0].offline) == (None, None)
    assert asked[0].folder == app.home / "models" / "Phi-4-multimodal-instruct"
    assert [event["event"] for event in events] == ["progress", "progress", "finished"]
    assert events[0]["note"] == "The hub wants a pause."
    assert events[1] | {"phase": "fetch", "done": 5, "total": 9, "speed": 2.5} == events[1]
    assert events[2]["state"] == "ok"

    run("download", "--repo", "a/b", "--name", "c", "--adapters", "--offline")
    assert (asked[1].revision, asked[1].folder_name, asked[1].adapters) == ("main", "c", True)


def test_offline_reaches_the_download(tmp_path: Path) -> None:
    app = App(tmp_path, EngineOptions(), offline=True)
    with pytest.raises(OfflineError):
        models.run(parse(["models", "download"]), app, Output())


def test_a_download_of_something_else_is_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def download(request: DownloadRequest, progress: Any, cancel: Any) -> Path:
        (make(request.folder) / "damaged").touch()
        return request.folder

    monkeypatch.setattr("phi_desk.model.download.fetch.download", download)
    with pytest.raises(CheckpointError, match=r"cannot use them: model\.safetensors is cut"):
        models.run(parse(["models", "download"]), app, Output())


def test_a_download_does_not_take_the_name_of_an_added_model(app: App, tmp_path: Path) -> None:
    app.catalog.add(make(tmp_path / "phi-4"))
    with pytest.raises(InputError, match="known already"):
        models.run(parse(["models", "download", "--repo", "microsoft/phi-4"]), app, Output())


def test_a_note_is_said_once_and_never_among_results(
    app: App, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(request: DownloadRequest, progress: Any, cancel: Any) -> Path:
        for _ in range(3):
            progress(DownloadProgress(phase="wait", note="The hub wants a pause."))
        return make(request.folder)

    monkeypatch.setattr("phi_desk.model.download.fetch.download", download)
    models.run(parse(["models", "download"]), app, Output())
    shown = capsys.readouterr()
    assert shown.err == "phi-desk: The hub wants a pause.\n"
    assert "is ready" in shown.out
    assert "pause" not in shown.out


def test_the_bar_draws_at_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = DownloadProgress(phase="fetch", file="a", done=5_000_000, total=10_000_000)
    with DownloadBar() as bar:
        bar.show(report)
    assert capsys.readouterr() == ("", "")

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with DownloadBar() as bar:
        bar.show(report)
        bar.show(DownloadProgress(phase="list"))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "5.0 MB of 10.0 MB" in shown.err
    with DownloadBar(hidden=True) as bar:
        bar.show(report)
    assert capsys.readouterr().err == ""


def test_changed_files_of_the_demo_model_are_named(
    app: App, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nano = make(tmp_path / "none")
    monkeypatch.setattr("phi_desk.services.embedded.embedded_folder", lambda: nano)
    assert "nano (embedded, published" in say(app, capsys, "list")
    (nano / "SHA256SUMS").write_text("00  config.json\n")
    with pytest.raises(CheckpointError, match=r"not as they came: config\.json"):
        say(app, capsys, "verify", "nano", "--full")
