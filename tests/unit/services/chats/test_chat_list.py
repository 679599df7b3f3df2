"""The list of chats: order, names, deletion with undo, search."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from data_makers.asking import picture
from data_makers.talks import Talk

from phi_desk.engine.messages import Audio
from phi_desk.errors import UsageError
from phi_desk.services.chats.store import ChatStore
from phi_desk.services.chats.titles import shorten
from phi_desk.services.chats.values import Chat, Hit, Named
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage


def titles(chats: tuple[Chat, ...]) -> list[str]:
    return [chat.title for chat in chats]


def found(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.snippet.text for hit in hits]


def test_pinned_first_then_what_was_used_last(store: ChatStore) -> None:
    one, two, three = (store.create(name) for name in ("one", "two", "three"))
    assert titles(store.list()) == ["three", "two", "one"]
    Talk(store, one.id).ask("hello")
    assert titles(store.list()) == ["one", "three", "two"]
    store.pin(two.id, True)
    assert titles(store.list()) == ["two", "one", "three"]
    assert titles(store.list(limit=1)) == ["two"]
    store.pin(two.id, False)
    assert titles(store.list()) == ["one", "three", "two"]
    assert store.get(three.id).created == three.created


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is this? And why?", "What is this?"),
        ("# **Plan** for\ntomorrow", "Plan** for"),
        ("\n\n---\n  Explain  the\tchart \n", "Explain the chart"),
        ("这是什么？请解释。", "这是什么？"),
        ("word " * 40, "word word word word word word word word word…"),
        ("x" * 300, "x" * 47 + "…"),
        ("汉" * 100, "汉" * 23 + "…"),
        ("???", "???"),
    ],
)
def test_a_chat_is_named_after_its_first_question(
    store: ChatStore, question: str, title: str
) -> None:
    chat = store.create()
    assert chat.title == "New chat"
    talk = Talk(store, chat.id)
    talk.ask(question)
    assert store.get(chat.id).title == title
    talk.ask("something else")
    assert store.get(chat.id).title == title


def test_a_chat_without_words_is_named_after_its_file(store: ChatStore, tmp_path: Path) -> None:
    (tmp_path / "holiday in Rome.wav").write_bytes(b"x")
    for part, title in (
        (Audio(tmp_path / "holiday in Rome.wav"), "holiday in Rome"),
        (Named(part=picture(), name="Screenshot.png"), "Screenshot"),
        (picture(), "Picture"),
    ):
        chat = store.create()
        Talk(store, chat.id).ask(part)
        assert store.get(chat.id).title == title


def test_a_name_of_the_persons_own_stays(store: ChatStore) -> None:
    chat = store.create()
    store.rename(chat.id, "  Mine\n now ")
    Talk(store, chat.id).ask("What is this?")
    assert store.get(chat.id).title == "Mine now"
    with pytest.raises(UsageError):
        store.rename(chat.id, " \n ")


def test_an_edited_first_question_renames(store: ChatStore, talk: Talk) -> None:
    talk.ask("First try")
    talk.edit(talk.path[0].id, "Second try")
    assert store.get(talk.chat).title == "Second try"


def test_deleted_and_brought_back(store: ChatStore, talk: Talk) -> None:
    talk.ask("What is a zebra?", answer="An animal.")
    store.delete(talk.chat)
    assert store.list() == ()
    assert store.search("zebra") == ()
    with pytest.raises(NotFoundError):
        store.get(talk.chat)
    with pytest.raises(NotFoundError):
        store.delete(talk.chat)
    assert titles(store.deleted()) == ["What is a zebra?"]
    assert store.restore(talk.chat).id == talk.chat
    assert talk.words == ["What is a zebra?", "An animal."]
    assert len(store.search("zebra")) == 2


def test_purged_for_good_with_its_files(storage: Storage) -> None:
    store = ChatStore(storage, time.time)
    gone, kept = store.create("gone"), store.create("kept")
    for chat, seed in ((gone, 1), (kept, 2)):
        Talk(store, chat.id).ask("zebra", picture(seed))
        Talk(store, chat.id).ask("and", picture(3))
    store.delete(gone.id)
    assert storage.purge() == 0  # it can still be brought back
    assert storage.purge(older_than_s=0) == 1  # the third picture is still named
    with pytest.raises(NotFoundError):
        store.restore(gone.id)
    assert [hit.chat.title for hit in store.search("zebra")] == ["kept"]
    assert len(list(storage.media.folder.rglob("*.png"))) == 2
    assert store.create().id > kept.id  # numbers do not come again


@pytest.mark.parametrize("number", [0, -1, 7, 2**70, -(2**70)])
def test_a_number_that_nobody_has(store: ChatStore, number: int) -> None:
    for action in (store.get, store.delete, store.restore):
        with pytest.raises(NotFoundError):
            action(number)
    with pytest.raises(NotFoundError):
        store.rename(number, "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The quarterly budget report", "budget"),
        ("The quarterly budget report", "REPORT quart"),
        ("The quarterly budget report", '"budget report"'),
        ("Über die Brücke", "uber bruck"),
        ("北京的天气怎么样", "天气怎"),
        ("北京的天气怎么样", "天气"),
        ("東京タワーへ行きました", "タワー"),
        ("서울의 날씨", "날씨"),
        ("กรุงเทพมหานคร", "เทพ"),
        ("مرحبا بالعالم", "عالم"),
        ("Привет, мир", "МИР"),
        ("x = a[0] % b_c", "a[0] %"),
        ('100% of "it"', "0% it"),
        ("I am ok", "ok"),
        ("first\nsecond", '"first second"'),
    ],
)
def test_words_of_any_language_are_found(store: ChatStore, text: str, words: str) -> None:
    chat = store.create("T")
    Talk(store, chat.id).ask("nothing of it", answer="nor here")
    Talk(store, chat.id).ask(text)
    (hit,) = store.search(words)
    assert hit.snippet.text == " ".join(text.split())
    assert hit.snippet.marks
    assert hit.role == "user"
    assert hit.message == Talk(store, chat.id).path[2].id


@pytest.mark.parametrize("words", ["", '""', "bu gex", '"report budget"', "budgets", "%", "_", "*"])
def test_what_is_not_there_is_not_found(store: ChatStore, words: str) -> None:
    chat = store.create("T")
    Talk(store, chat.id).ask("The quarterly budget report", answer="Fine")
    assert store.search(words) == ()


def test_titles_then_messages_the_newest_first(store: ChatStore) -> None:
    old, new = store.create("zebra notes"), store.create("other")
    Talk(store, old.id).ask("one zebra", answer="zebra two")
    Talk(store, new.id).ask("three zebra")
    assert found(store.search("zebra")) == ["zebra notes", "three zebra", "zebra two", "one zebra"]
    assert found(store.search("zebra", limit=2)) == ["zebra notes", "three zebra"]


def test_names_of_files_and_what_tools_say_are_found(store: ChatStore, talk: Talk) -> None:
    talk.ask("Look", Named(part=picture(), name="Rechnung März.pdf"))
    (hit,) = store.search("marz")
    assert hit.snippet.text == "Rechnung März.pdf"


def test_an_answer_is_found_while_it_grows(store: ChatStore, talk: Talk) -> None:
    from phi_desk.cancel import CancelToken
    from phi_desk.engine.fake import FakeEngine
    from phi_desk.engine.messages import Text
    from phi_desk.services.chats.session import How

    engine = FakeEngine(otherwise="elephants are large")
    events = talk.session.ask(engine, (Text("Animals?"),), How(), CancelToken())
    for event in events:
        if "elephant" in str(event):
            break
    assert [hit.role for hit in store.search("elephant")] == ["assistant"]
    list(events)
    assert found(store.search("large")) == ["elephants are large"]


def test_a_title_never_breaks_a_line() -> None:
    assert shorten("a\u2028b\x07c\td") == "a b c d"
    assert shorten("e\u0301" * 60) == "e\u0301" * 47 + "…"


def test_odd_text_is_stored(store: ChatStore, talk: Talk) -> None:
    store.rename(talk.chat, "\ud800 title\0")
    talk.ask("\udcff lone \0 surrogate", answer="fine")
    assert store.get(talk.chat).title == "\ufffd title"
    assert talk.words[0] == "\ufffd lone  surrogate"
