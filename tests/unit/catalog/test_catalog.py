"""Names, folders and what happens to them; no checkpoint is read here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from phi_desk.errors import CheckpointError, InputError, ModelNotFoundError, UsageError
from phi_desk.model.download.listing import RemoteFile
from phi_desk.model.download.record import RECORD, DownloadRecord
from phi_desk.services.catalog import Catalog
from phi_desk.services.embedded import HONEST


def read(folder: Path) -> str:
    """A look at a model: its layout stands in the file `layout`."""
    try:
        layout = (folder / "layout").read_text()
    except OSError:
        raise ModelNotFoundError(f"There is no model in {folder}.") from None
    if layout == "bad":
        raise CheckpointError("It is damaged.")
    return layout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def catalog(home: Path, tmp_path: Path) -> Catalog:
    return Catalog(home, embedded=tmp_path / "nano", read=read)


def make(folder: Path, layout: str = "published") -> Path:
    folder.mkdir(parents=True)
    (folder / "layout").write_text(layout)
    return folder


def make_downloaded(catalog: Catalog, folder_name: str, *, checked: bool = True) -> Path:
    folder = make(catalog.models / folder_name)
    (folder / "a-lora").mkdir()
    (folder / "a-lora" / "w").write_bytes(b"12345")
    files = (
        RemoteFile(path="layout", size=9, digest=""),
        RemoteFile(path="a-lora/w", size=5, digest="sha256:0f"),
    )
    names = frozenset(file.path for file in files) if checked else frozenset[str]()
    DownloadRecord(repo="a/b", revision="r", commit="c" * 40, files=files, checked=names).save(
        folder
    )
    return folder


def names(catalog: Catalog) -> list[str]:
    return [entry.name for entry in catalog.list()]


def chosen(catalog: Catalog) -> str | None:
    return catalog.default


def test_an_empty_home(catalog: Catalog, home: Path) -> None:
    assert catalog.list() == ()
    assert catalog.default is None
    assert not home.exists()
    with pytest.raises(ModelNotFoundError, match="no model yet") as caught:
        catalog.resolve(None)
    assert "phi-desk models download" in caught.value.hint


def test_an_added_folder_is_known_by_its_name(catalog: Catalog, home: Path, tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny", "native")

    entry = catalog.add(folder)

    assert (entry.name, entry.folder, entry.origin) == ("tiny", folder, "added")
    assert (entry.layout, entry.size, entry.state) == ("native", 6, "ok")
    again = Catalog(home, embedded=tmp_path / "nano", read=read)
    assert again.list() == (entry,)
    assert again.resolve("tiny") == again.resolve("TINY") == again.resolve(None) == folder
    saved = json.loads((home / "models.json").read_text())
    assert saved == {
        "schema": 1,
        "default": None,
        "models": [{"name": "tiny", "folder": str(folder)}],
    }


def test_a_damaged_folder_is_not_added(catalog: Catalog, home: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="It is damaged"):
        catalog.add(make(tmp_path / "bad", "bad"))
    with pytest.raises(ModelNotFoundError, match="no folder"):
        catalog.add(tmp_path / "nowhere")
    assert not (home / "models.json").exists()


def test_a_name_and_a_folder_are_known_once(catalog: Catalog, tmp_path: Path) -> None:
    folder = make(tmp_path / "one" / "phi")
    catalog.add(folder)

    with pytest.raises(InputError, match="“phi” is known already"):
        catalog.add(make(tmp_path / "two" / "phi"))
    with pytest.raises(InputError, match="“phi” is known already"):
        catalog.add(make(tmp_path / "two" / "other"), "PHI")
    with pytest.raises(InputError, match="known already, as “phi”"):
        catalog.add(folder.parent / "." / "phi", "other")
    with pytest.raises(UsageError):
        catalog.add(make(tmp_path / "two" / "third"), "no/name")


def test_a_folder_is_always_a_name(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "there")
    monkeypatch.chdir(tmp_path)

    assert catalog.resolve(str(folder)) == folder
    assert catalog.resolve("there") == folder
    known = make(tmp_path / "elsewhere" / "x")
    catalog.add(known, "there")
    assert catalog.resolve("there") == known  # the known name wins
    assert catalog.resolve("./there") == folder


@pytest.mark.parametrize("name", ["nope", "./nope", "/nope/nope", "x" * 5000, "nul\0byte"])
def test_an_unknown_name_tells_the_known_ones(catalog: Catalog, tmp_path: Path, name: str) -> None:
    catalog.add(make(tmp_path / "alpha"))
    catalog.add(make(tmp_path / "beta"))
    with pytest.raises(ModelNotFoundError, match="There is no") as caught:
        catalog.resolve(name)
    assert "Known models: alpha, beta." in caught.value.hint
    assert "phi-desk models download" in caught.value.hint


def test_which_model_is_used_when_none_is_named(catalog: Catalog, tmp_path: Path) -> None:
    embedded = make(tmp_path / "nano")
    assert catalog.resolve(None) == embedded
    one = catalog.add(make(tmp_path / "one")).folder
    assert catalog.resolve(None) == one  # the only one of the person's own
    two = catalog.add(make(tmp_path / "two")).folder
    assert catalog.resolve(None) == embedded
    catalog.default = "Two"
    assert chosen(catalog) == "two"
    assert catalog.resolve(None) == two
    assert [entry.name for entry in catalog.list() if entry.default] == ["two"]
    catalog.remove("two")
    assert chosen(catalog) is None
    catalog.default = "nano"
    assert catalog.resolve(None) == embedded


def test_several_models_and_none_chosen(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(make(tmp_path / "one"))
    catalog.add(make(tmp_path / "two"))

    with pytest.raises(ModelNotFoundError, match="several models") as caught:
        catalog.resolve(None)
    assert "phi-desk models use NAME" in caught.value.hint
    with pytest.raises(ModelNotFoundError):
        catalog.default = "three"


def test_a_default_that_has_gone(catalog: Catalog, tmp_path: Path) -> None:
    folder = make_downloaded(catalog, "phi")
    catalog.default = "phi"
    folder.rename(tmp_path / "away")

    with pytest.raises(ModelNotFoundError, match="is not there any more"):
        catalog.resolve(None)


def test_an_added_folder_that_has_gone(catalog: Catalog, tmp_path: Path) -> None:
    folder = catalog.add(make(tmp_path / "stick")).folder
    folder.rename(tmp_path / "unplugged")

    assert [(e.state, e.size) for e in catalog.list()] == [("missing", 0)]
    with pytest.raises(ModelNotFoundError, match="is not there") as caught:
        catalog.resolve("stick")
    assert "models remove stick" in caught.value.hint
    catalog.remove("stick")
    assert catalog.list() == ()


def test_removing_an_added_model_touches_no_file(catalog: Catalog, tmp_path: Path) -> None:
    folder = catalog.add(make(tmp_path / "mine")).folder
    removal = catalog.remove("mine")

    assert (removal.deleted, removal.kept) == (0, ())
    assert (folder / "layout").exists()
    with pytest.raises(ModelNotFoundError):
        catalog.remove("mine")


def test_removing_a_download_deletes_our_files_only(catalog: Catalog) -> None:
    folder = make_downloaded(catalog, "phi")
    note = folder / "my notes.txt"
    note.write_text("mine")

    removal = catalog.remove("phi")

    assert removal.deleted == 14
    assert removal.kept == (note,)
    assert sorted(folder.iterdir()) == [note]
    assert [entry.origin for entry in catalog.list()] == ["copied"]


def test_removing_a_download_removes_its_folder(catalog: Catalog) -> None:
    folder = make_downloaded(catalog, "phi")
    catalog.default = "phi"

    assert catalog.remove("phi").kept == ()
    assert not folder.exists()
    assert chosen(catalog) is None


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_removal_does_not_leave_the_folder(catalog: Catalog, tmp_path: Path) -> None:
    folder = make_downloaded(catalog, "phi")
    outside = tmp_path / "outside"
    (folder / "a-lora").rename(outside)
    (folder / "a-lora").symlink_to(outside)

    catalog.remove("phi")

    assert (outside / "w").exists()


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_not_the_current_folder(catalog: Catalog, name: str) -> None:
    make(catalog.models / "phi")
    with pytest.raises(ModelNotFoundError, match="name of the model is empty") as caught:
        catalog.resolve(name)
    assert "phi" in caught.value.hint


def test_what_is_not_ours_is_not_deleted(catalog: Catalog, tmp_path: Path) -> None:
    copied = make(catalog.models / "copied")
    make(tmp_path / "nano")
    (catalog.models / "damaged").mkdir()
    (catalog.models / "damaged" / RECORD).write_text('{"schema": 1, "files": [{"path": "../x"}]}')

    assert names(catalog) == ["copied", "damaged", "nano"]
    for name in ("copied", "damaged"):
        with pytest.raises(InputError, match="left alone"):
            catalog.remove(name)
    assert (copied / "layout").exists()


def test_the_embedded_model_says_what_it_is_and_stays(catalog: Catalog, tmp_path: Path) -> None:
    embedded = make(tmp_path / "nano")

    entry = catalog.find("nano")
    assert (entry.origin, entry.state) == ("embedded", "ok")
    assert entry.sentence == HONEST
    with pytest.raises(InputError, match="came with Phi Desk") as caught:
        catalog.remove("nano")
    assert "models use" in caught.value.hint
    assert catalog.resolve(None) == embedded


def test_an_unfinished_download_is_seen_and_can_be_removed(catalog: Catalog) -> None:
    staging = make_downloaded(catalog, "phi", checked=False).rename(catalog.models / ".phi.partial")
    (staging / "a-lora" / "w").rename(staging / "a-lora" / "w.0f.part")

    entry = catalog.find("phi")
    assert (entry.origin, entry.state) == ("unfinished", "missing")
    assert "of 14 bytes are there" in entry.sentence
    with pytest.raises(ModelNotFoundError, match="not finished") as caught:
        catalog.resolve("phi")
    assert "models download" in caught.value.hint
    with pytest.raises(ModelNotFoundError, match="no model yet"):
        catalog.resolve(None)
    assert catalog.remove("phi").deleted == 14
    assert not staging.exists()


def test_states_are_told(catalog: Catalog) -> None:
    make(catalog.models / "bad", "bad")
    (catalog.models / "empty").mkdir()

    assert {e.name: e.state for e in catalog.list()} == {"bad": "damaged", "empty": "missing"}
    assert catalog.find("bad").sentence == "It is damaged."


def test_a_download_may_not_take_another_models_name(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(make(tmp_path / "phi"))
    make_downloaded(catalog, "ours")

    catalog.check_free("new")
    catalog.check_free("ours")
    for taken in ("phi", "PHI", "Ours"):
        with pytest.raises(InputError, match="known already"):
            catalog.check_free(taken)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        "null",
        '{"schema": 1}',
        '{"schema": "1", "models": [], "default": null}',
        '{"schema": true, "models": [], "default": null}',
        '{"schema": 0, "models": [], "default": null}',
        '{"schema": 1, "models": [3], "default": null}',
        '{"schema": 1, "models": [{"name": 1, "folder": "x"}], "default": null}',
        '{"schema": 1, "models": [], "default": 7}',
        "[" * 100_000,
    ],
)
def test_a_broken_list_is_reported_and_set_aside(
    catalog: Catalog, home: Path, tmp_path: Path, broken: str
) -> None:
    file = home / "models.json"
    home.mkdir()
    file.write_text(broken)
    downloaded = make_downloaded(catalog, "phi")

    assert "models.json is not used: it is damaged" in catalog.notice
    assert catalog.resolve("phi") == downloaded
    with pytest.raises(ModelNotFoundError) as caught:
        catalog.resolve("added-before")
    assert "models.json is not used" in caught.value.hint
    assert file.read_text() == broken  # looking changes nothing

    catalog.add(make(tmp_path / "new"))

    assert (home / "models.json.broken-1").read_text() == broken
    assert catalog.notice == ""
    assert names(catalog) == ["new", "phi"]


def test_bytes_that_are_no_text(catalog: Catalog, home: Path) -> None:
    home.mkdir()
    (home / "models.json").write_bytes(b"\xff\xfe{}")
    assert "damaged" in catalog.notice


def test_a_list_of_a_newer_version_is_never_replaced(
    catalog: Catalog, home: Path, tmp_path: Path
) -> None:
    home.mkdir()
    newer = '{"schema": 2, "shelves": []}'
    (home / "models.json").write_text(newer)

    assert "newer version (schema 2)" in catalog.notice
    with pytest.raises(InputError, match="newer version"):
        catalog.add(make(tmp_path / "new"))
    assert (home / "models.json").read_text() == newer


def test_a_home_that_cannot_be_written(
    catalog: Catalog, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("phi_desk.services.registry.write_atomically", refuse)
    with pytest.raises(InputError, match="cannot be written"):
        catalog.add(make(tmp_path / "new"))


def test_a_home_that_is_a_file(catalog: Catalog, home: Path, tmp_path: Path) -> None:
    home.write_text("not a folder")
    assert catalog.list() == ()
    with pytest.raises(InputError, match="cannot be written"):
        catalog.add(make(tmp_path / "new"))
