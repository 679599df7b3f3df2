"""Opening, migrating, transactions, and what is said when it cannot be."""

from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from phi_desk.errors import PhiDeskError
from phi_desk.storage import opening
from phi_desk.storage.database import Database, IndexMendedError
from phi_desk.storage.failures import StorageError
from phi_desk.storage.schema import MIGRATIONS, Migration, migrate, version_of

WORDS = "SELECT rowid FROM parts_index WHERE parts_index MATCH 'words'"
STEPS = (
    Migration(1, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);"),
    Migration(2, "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1;"),
    Migration(3, "CREATE TABLE b AS SELECT x + y AS z FROM a;"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "phi-desk.sqlite3"


def test_a_new_database_has_every_step_and_is_for_nobody_else(path: Path) -> None:
    with Database(path) as database, database.read() as connection:
        assert version_of(connection) == MIGRATIONS[-1].number
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert database.notice == ""
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_numbers_of_the_steps_count_up() -> None:
    assert [step.number for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("known", range(1, len(MIGRATIONS)))
def test_every_earlier_version_is_brought_forward_with_its_rows(path: Path, known: int) -> None:
    with Database(path, MIGRATIONS[:known]) as old, old.write(durable=True) as connection:
        connection.execute("INSERT INTO media VALUES ('ab', '.png', 5, 0)")
        if known >= 2:
            connection.execute(
                "INSERT INTO chats (title, folded, created, updated) VALUES ('T', 't', 1, 2)"
            )
    with Database(path) as new, new.read() as connection:
        assert version_of(connection) == MIGRATIONS[-1].number
        assert connection.execute("SELECT bytes FROM media").fetchone()[0] == 5
        assert connection.execute("SELECT count(*) FROM chats").fetchone()[0] == (known >= 2)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.parametrize("known", [1, 2])
def test_steps_are_taken_one_after_the_other(path: Path, known: int) -> None:
    Database(path, STEPS[:known]).close()
    with Database(path, STEPS) as database, database.read() as connection:
        assert connection.execute("SELECT z FROM b").fetchall()[0][0] == 3


def test_a_step_that_fails_leaves_the_version_before_it(path: Path) -> None:
    Database(path, STEPS[:1]).close()
    broken = (*STEPS[:1], Migration(2, "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1);"))
    with pytest.raises(StorageError):
        Database(path, broken)
    with Database(path, STEPS) as database, database.read() as connection:
        assert connection.execute("SELECT z FROM b").fetchone()[0] == 3
        assert "c" not in {
            row["name"] for row in connection.execute("SELECT name FROM sqlite_schema")
        }


def test_a_newer_database_is_refused_and_left_alone(path: Path) -> None:
    Database(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer version of Phi Desk") as caught:
        Database(path)
    assert "version 99" in str(caught.value)
    assert caught.value.hint
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir() if "damaged" in p.name] == []


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        Database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough" * 99, b"SQLite format 3\0"]
)
def test_a_file_that_is_no_database_is_set_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with Database(path) as database:
        aside = path.with_name("phi-desk.sqlite3.damaged-1")
        assert str(aside) in database.notice
        assert aside.read_bytes() == content
        with database.read() as connection:
            assert version_of(connection) == MIGRATIONS[-1].number
    with Database(path) as again:
        assert again.notice == ""


def test_broken_pages_are_set_aside_with_what_belongs_to_them(path: Path) -> None:
    with Database(path) as database, database.write(durable=True) as connection:
        for number in range(3000):
            connection.execute(
                "INSERT INTO chats (title, folded, created, updated) VALUES (?, 't', 1, 2)",
                (f"chat {number}",),
            )
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(data)
    with Database(path) as database:
        assert "set aside" in database.notice
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM chats").fetchone()[0] == 0
    assert path.with_name("phi-desk.sqlite3.damaged-1").read_bytes() == bytes(data)
    path.write_bytes(b"x" * 5000)
    Database(path).close()
    assert path.with_name("phi-desk.sqlite3.damaged-2").exists()


@pytest.fixture(
    params=[
        "UPDATE parts_index_data SET block = x'ffffffffffffffffffff' WHERE id > 10",
        "UPDATE parts_index_data SET block = x'00000000ffffffffff' WHERE id = 10",
        "DELETE FROM parts_index_data",
    ]
)
def broken_index(path: Path, request: pytest.FixtureRequest) -> Path:
    """A database in whose search index nothing makes sense any more."""
    with Database(path) as database, database.write(durable=True) as connection:
        connection.execute(
            "INSERT INTO chats (title, folded, created, updated) VALUES ('', '', 1, 2)"
        )
        connection.execute(
            "INSERT INTO messages (chat, role, state, chosen, created)"
            " VALUES (1, 'user', 'whole', 1, 1)"
        )
        connection.execute(
            "INSERT INTO parts (message, position, kind, folded)"
            " VALUES (1, 0, 'text', 'some words')"
        )
    raw = sqlite3.connect(path)
    raw.execute(request.param)
    raw.commit()
    raw.close()
    return path


def test_a_broken_search_index_is_built_anew(
    broken_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Database(broken_index) as database:
        assert database.notice == ""
        with pytest.raises(IndexMendedError), database.read() as connection:
            connection.execute(WORDS).fetchall()
        assert "built anew" in caplog.text
        with database.read() as connection:
            assert [row[0] for row in connection.execute(WORDS)] == [1]
        with database.write(durable=True) as connection:
            connection.execute("INSERT INTO parts_index(parts_index) VALUES ('integrity-check')")


def test_a_write_into_a_broken_search_index_succeeds_at_the_second_try_at_the_latest(
    broken_index: Path,
) -> None:
    def write(database: Database) -> None:
        with database.write(durable=True) as connection:
            connection.execute("UPDATE parts SET folded = 'other words'")

    with Database(broken_index) as database:
        with suppress(IndexMendedError):
            write(database)
        write(database)
        with suppress(IndexMendedError), database.read() as connection:
            connection.execute(WORDS).fetchall()
        with database.read() as connection:
            assert [row[0] for row in connection.execute(WORDS)] == [1]


def test_nothing_of_a_failed_transaction_stays(path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO media VALUES ('ab', '', 1, 0)")
        raise KeyError

    with Database(path) as database:
        with pytest.raises(KeyError), database.write(durable=True) as connection:
            fail(connection)
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM media").fetchone()[0] == 0
        with database.write(durable=False) as connection:
            connection.execute("INSERT INTO media VALUES ('ab', '', 1, 0)")


def test_durable_transactions_wait_for_the_disk_and_others_do_not(path: Path) -> None:
    with Database(path) as database:
        for durable, level in ((True, 2), (False, 1), (True, 2)):
            with database.write(durable=durable) as connection:
                assert connection.execute("PRAGMA synchronous").fetchone()[0] == level


def test_a_reader_sees_one_moment_and_cannot_write(path: Path) -> None:
    with Database(path) as database:
        with database.read() as reading:
            assert reading.execute("SELECT count(*) FROM media").fetchone()[0] == 0
            with database.write(durable=False) as writing:
                writing.execute("INSERT INTO media VALUES ('ab', '', 1, 0)")
            assert reading.execute("SELECT count(*) FROM media").fetchone()[0] == 0
        with database.read() as reading:
            assert reading.execute("SELECT count(*) FROM media").fetchone()[0] == 1
        with pytest.raises(StorageError), database.read() as reading:
            reading.execute("DELETE FROM media")


def test_a_transaction_within_another_is_a_fault(path: Path) -> None:
    with (
        Database(path) as database,
        database.write(durable=False),
        pytest.raises(RuntimeError),
        database.write(durable=False),
    ):
        pass


def test_many_threads_write_one_after_the_other(path: Path) -> None:
    with Database(path) as database:

        def work(name: str) -> None:
            for number in range(20):
                with database.write(durable=False) as connection:
                    connection.execute(f"INSERT INTO media VALUES ('{name}{number}', '', 1, 0)")
                with database.read() as connection:
                    connection.execute("SELECT count(*) FROM media").fetchone()

        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM media").fetchone()[0] == 80


def test_another_writer_that_never_ends_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WAIT_S", 0.05)
    with Database(path) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="Another program"), database.write(durable=False):
            pass
        other.rollback()
        other.close()
        with database.write(durable=False):
            pass


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError) as caught:
        Database(tmp_path / "file" / "home" / "x.sqlite3")
    assert caught.value.hint


def test_a_full_disk_is_said_and_nothing_is_lost(path: Path) -> None:
    with Database(path) as database:
        with database.write(durable=True) as connection:
            connection.execute("INSERT INTO media VALUES ('ab', '', 1, 0)")
        database._writer.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StorageError, match="full"), database.write(durable=True) as connection:
            connection.execute("INSERT INTO media VALUES (?, '', 1, 0)", ("x" * 100_000,))
        database._writer.execute("PRAGMA max_page_count = 1000000")
        with database.read() as connection:
            assert connection.execute("SELECT count(*) FROM media").fetchone()[0] == 1


def test_closed_is_closed(path: Path) -> None:
    database = Database(path)
    database.close()
    database.close()
    with pytest.raises(PhiDeskError), database.write(durable=False):
        pass
    with pytest.raises(PhiDeskError), database.read():
        pass
    assert not path.with_name(path.name + "-wal").exists()


def test_an_old_sqlite_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(StorageError, match="too old"):
        Database(path)


def test_migrations_run_on_a_plain_connection(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x", isolation_level=None)
    migrate(connection, STEPS)
    migrate(connection, STEPS)
    assert version_of(connection) == 3
    connection.close()
