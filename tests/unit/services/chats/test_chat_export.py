"""Chats go out as Markdown and JSON with their media, and JSON comes back."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from data_makers.asking import picture, sound
from data_makers.talks import Talk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phi_desk.cancel import CancelToken
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import ToolCall, ToolResult
from phi_desk.errors import InputError, MemoryExhaustedError, UsageError
from phi_desk.services.chats.export import Exported, export_chats
from phi_desk.services.chats.importing import import_chats
from phi_desk.services.chats.session import How
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.values import Attachment, Named, StoredMessage, StoredPart
from phi_desk.storage.package import Names, safe_name
from phi_desk.storage.place import Storage


@pytest.fixture
def rich(store: ChatStore) -> Talk:
    """A chat with everything in it."""
    talk = Talk(store, store.create(system="Be kind.").id)
    media = (Named(part=picture(1), name="Ünter den/Linden.png"), sound(2))
    talk.ask(*media, "What is **this**?", answer="A *tree*.\n\n```\ncode\n```")
    talk.regenerate(talk.path[1].id, "A bush.")
    talk.ask("again", Named(part=picture(1), name="other name.png"), picture(3))
    call = ToolCall("weather", {"city": "Köln"})
    talk.ask("Rain?", engine=FakeEngine(otherwise=("Let me see.", call)))
    result = ToolResult("weather", "dry")
    list(talk.session.go_on(FakeEngine(otherwise="No."), [result], How(), CancelToken()))
    with pytest.raises(MemoryExhaustedError):
        talk.ask("more", engine=FakeEngine(otherwise=MemoryExhaustedError("No memory.", "Close.")))
    store.rename(talk.chat, "Trees: and <more>?")
    store.pin(talk.chat, True)
    return talk


def export(talk: Talk, target: Path, form: Any = "json", **how: Any) -> Exported:
    return export_chats(talk.store, [talk.store.get(talk.chat)], target, form, **how)


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_markdown_reads_like_a_conversation(rich: Talk, tmp_path: Path) -> None:
    done = export(rich, tmp_path / "out", "markdown")
    assert done.media == 3
    assert names(tmp_path / "out") == [
        "Trees and more.md",
        "media/audio.flac",
        "media/image.png",
        "media/Ünter den Linden.png",
    ]
    text = (tmp_path / "out" / "Trees and more.md").read_text(encoding="utf-8")
    assert text.startswith("# Trees: and <more>?\n\n> System: Be kind.\n\n## You · 20")
    assert "![Ünter den/Linden.png](<media/Ünter den Linden.png>)" in text
    assert "[audio](<media/audio.flac>)" in text
    assert "![other name.png](<media/Ünter den Linden.png>)" in text
    assert "\nA bush.\n" in text
    assert "A *tree*" not in text
    assert '"call": "weather"' in text
    assert text.endswith("*(failed: No memory.)*\n")


def test_one_file_with_its_media_beside_it(rich: Talk, tmp_path: Path) -> None:
    export(rich, tmp_path / "talk.md", "markdown")
    assert "](<talk-media/Ünter den Linden.png>)" in (tmp_path / "talk.md").read_text("utf-8")
    assert (tmp_path / "talk-media" / "Ünter den Linden.png").is_file()
    assert [name for name in names(tmp_path) if ".part" in name] == []


@pytest.mark.parametrize("name", ["out", "out.zip", "out.json"])
def test_what_goes_out_as_json_comes_back_with_every_branch(
    rich: Talk, tmp_path: Path, name: str
) -> None:
    export(rich, tmp_path / name)
    with Storage(tmp_path / "other home") as other:
        store = ChatStore(other)
        (chat,) = import_chats(store, tmp_path / name)
        before = rich.store.get(rich.chat)
        for field in ("title", "pinned", "system", "created", "updated"):
            assert getattr(chat, field) == getattr(before, field)
        assert shape(store.messages.all(chat.id)) == shape(rich.store.messages.all(rich.chat))
        assert shape(store.messages.path(chat.id)) == shape(rich.path)
        assert store.search("köln")
        assert other.media.sweep() == 0
        engine = FakeEngine(otherwise="on")
        Talk(store, chat.id).ask("and on", engine=engine)
        assert len(engine.requests[0].messages) == len(rich.path) + 1  # one failed, one is new


def shape(messages: tuple[StoredMessage, ...]) -> list[Any]:
    """All that matters of messages, without their numbers."""
    place = {message.id: number for number, message in enumerate(messages)}
    return [
        (
            place.get(m.parent or 0),
            m.role,
            m.state,
            m.created,
            m.about,
            m.version,
            [plain(part) for part in m.parts],
        )
        for m in messages
    ]


def plain(part: StoredPart) -> Any:
    if isinstance(part, Attachment):
        return (part.kind, part.name, part.sha256, part.path.read_bytes())
    return part


def test_several_chats_in_one_archive(store: ChatStore, tmp_path: Path) -> None:
    for seed in (1, 2):
        Talk(store, store.create("Same title").id).ask("look", picture(seed))
    done = export_chats(store, store.list(), tmp_path / "all.zip", "markdown")
    assert (done.chats, done.media) == (2, 2)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert sorted(archive.namelist()) == [
            "Same title-2.md",
            "Same title.md",
            "media/image-2.png",
            "media/image.png",
        ]
        assert archive.testzip() is None


def test_nothing_is_overwritten_unless_it_is_wanted(rich: Talk, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "a.zip").write_text("mine")
    (tmp_path / "a.json").write_text("mine")
    for name in ("full", "a.zip", "a.json"):
        with pytest.raises(UsageError):
            export(rich, tmp_path / name)
    assert (tmp_path / "full" / "mine.txt").read_text() == "mine"
    assert (tmp_path / "a.zip").read_text() == (tmp_path / "a.json").read_text() == "mine"
    export(rich, tmp_path / "a.zip", replace=True)
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert [name for name in names(tmp_path) if ".part" in name] == []


def test_a_place_that_cannot_be_written_is_said(rich: Talk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("x", "x.zip", "x.md"):
        with pytest.raises(InputError) as caught:
            export(rich, tmp_path / "file" / name, "markdown")
        assert caught.value.hint


def test_media_that_are_gone_are_named(rich: Talk, tmp_path: Path) -> None:
    stored = next(p for p in rich.path[0].parts if isinstance(p, Attachment))
    stored.path.unlink()
    done = export(rich, tmp_path / "out")
    assert done.missing[0] == "Ünter den/Linden.png"
    with Storage(tmp_path / "other home") as other:
        (chat,) = import_chats(ChatStore(other), tmp_path / "out")
        assert "[Ünter den/Linden.png]" in ChatStore(other).messages.path(chat.id)[0].text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b\\c:d.png", "a b c d.png"),
        ("../../etc/passwd", "etc passwd"),
        ("CON.txt", "fallback"),
        ("nul", "fallback"),
        (" . ", "fallback"),
        ("x" * 300 + ".png", "x" * 76 + ".png"),
        ("日本.jpg", "日本.jpg"),
        ("a\nb", "a b"),
        ("\udcff.txt", "txt"),
        ("trailing. ", "trailing"),
    ],
)
def test_names_that_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name, "fallback") == safe


@given(st.text())
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    safe = safe_name(name, "x")
    assert safe
    assert Path(safe).name == safe
    assert len(safe) <= 80


def test_names_differ_without_capital_letters() -> None:
    free = Names().free
    assert [free("A.png"), free("a.png"), free("a-2.png"), free(".x"), free(".X")] == [
        "A.png",
        "a-2.png",
        "a-2-2.png",
        ".x",
        ".X-2",
    ]


def exported(talk: Talk, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    export(talk, tmp_path / "out")
    path = tmp_path / "out" / "chats.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return path, document


Change = Callable[[dict[str, Any]], Any]


def first_media(document: dict[str, Any]) -> dict[str, Any]:
    part: dict[str, Any] = document["chats"][0]["messages"][0]["parts"][0]
    return part


def message(document: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = document["chats"][0]["messages"][number]
    return found


WRONG: list[Change] = [
    lambda d: d.pop("format"),
    lambda d: d.update(format="other"),
    lambda d: d.update(version="1"),
    lambda d: d.update(chats={}),
    lambda d: d["chats"].append(3),
    lambda d: d["chats"][0].pop("title"),
    lambda d: d["chats"][0].update(pinned="yes"),
    lambda d: d["chats"][0].update(created="yesterday"),
    lambda d: d["chats"][0].update(created="9999-12-31T23:59:59-23:59"),
    lambda d: message(d, 0).update(role="system"),
    lambda d: message(d, 0).update(state="odd"),
    lambda d: message(d, 1).update(parent=99),
    lambda d: message(d, 1).update(parent=[1]),
    lambda d: message(d, 1).update(parent=message(d, 1)["id"]),
    lambda d: message(d, 1).update(id=message(d, 0)["id"]),
    lambda d: message(d, 0).update(id=True),
    lambda d: message(d, 0).update(parts=[{"kind": "virus"}]),
    lambda d: message(d, 0).update(parts=["text"]),
    lambda d: first_media(d).update(file="../chats.json"),
    lambda d: first_media(d).update(file="/etc/passwd"),
    lambda d: first_media(d).update(file="media/absent.png"),
    lambda d: first_media(d).update(file="C:\\x.png"),
    lambda d: first_media(d).update(file="media"),
    lambda d: first_media(d).update(file=""),
    lambda d: first_media(d).update(sha256="0" * 64),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_a_document_that_no_export_wrote_is_refused_whole(
    rich: Talk, tmp_path: Path, number: int
) -> None:
    path, document = exported(rich, tmp_path)
    WRONG[number](document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with Storage(tmp_path / "other home") as other:
        with pytest.raises(InputError) as caught:
            import_chats(ChatStore(other), path)
        assert caught.value.hint
        assert ChatStore(other).list() == ()
        assert [p for p in other.media.folder.rglob("*") if p.is_file()] == []


def test_a_link_that_leads_out_of_the_folder_is_refused(rich: Talk, tmp_path: Path) -> None:
    path, document = exported(rich, tmp_path)
    outside = tmp_path / "private.png"
    place = tmp_path / "out" / first_media(document)["file"]
    place.rename(outside)
    place.symlink_to(outside)
    with Storage(tmp_path / "other home") as other, pytest.raises(InputError):
        import_chats(ChatStore(other), path)


def test_a_newer_export_is_refused_with_a_reason(rich: Talk, tmp_path: Path) -> None:
    path, document = exported(rich, tmp_path)
    path.write_text(json.dumps({**document, "version": 2}))
    with pytest.raises(InputError, match="newer version"):
        import_chats(rich.store, path)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"PK\x03\x04 broken", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["a.json", "a.zip", "a"])
def test_files_that_are_no_export(
    store: ChatStore, tmp_path: Path, content: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        import_chats(store, tmp_path / name)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["absent.json", "absent.zip", "absent", "empty"])
def test_files_that_are_not_there(store: ChatStore, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        import_chats(store, tmp_path / name)


def test_a_cut_archive_changes_nothing(rich: Talk, tmp_path: Path) -> None:
    export(rich, tmp_path / "out.zip")
    data = (tmp_path / "out.zip").read_bytes()
    with Storage(tmp_path / "other home") as other:
        store = ChatStore(other)
        for share in (0.2, 0.5, 0.9, 0.999):
            (tmp_path / "cut.zip").write_bytes(data[: int(len(data) * share)])
            with pytest.raises(InputError):
                import_chats(store, tmp_path / "cut.zip")
        broken = bytearray(data)
        broken[len(data) // 3] ^= 0xFF
        (tmp_path / "broken.zip").write_bytes(broken)
        with pytest.raises(InputError):
            import_chats(store, tmp_path / "broken.zip")
        assert store.list() == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_value_anywhere_is_read_or_refused(talk: Talk, tmp_path: Path, data: Any) -> None:
    path = tmp_path / "x" / "chats.json"
    if not path.exists():
        talk.ask("one", answer="1")
        export(talk, path.parent)
    document: Any = json.loads(path.read_text(encoding="utf-8"))
    place = document
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    other = tmp_path / "changed.json"
    other.write_text(json.dumps(document), encoding="utf-8")
    try:
        (*_, chat) = import_chats(talk.store, other) or (talk.store.get(talk.chat),)
    except InputError:
        return
    assert talk.store.get(chat.id) == chat
    talk.store.messages.path(chat.id)
