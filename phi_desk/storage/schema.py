"""The tables, as numbered steps that are only ever added to; knows no value.

Times are seconds since 1970 (UTC). A deleted row is one with a time in `deleted`, until it is
purged. `folded` is what is searched (see `text.fold`); the trigram index of SQLite over it finds
any run of three letters in any script. The counts of references to media are kept by triggers.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

APPLICATION_ID = 0x50686944  # "PhiD": how a file says whose it is


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from the version before `number` to `number`."""

    number: int
    sql: str


def _counted(table: str, column: str) -> str:
    """Triggers that keep `media.refs` right for a column that names a medium."""
    add = "UPDATE media SET refs = refs + 1 WHERE sha256 = new.{0};"
    drop = "UPDATE media SET refs = refs - 1 WHERE sha256 = old.{0};"
    return f"""
    CREATE TRIGGER {table}_{column}_added AFTER INSERT ON {table}
      WHEN new.{column} IS NOT NULL BEGIN {add.format(column)} END;
    CREATE TRIGGER {table}_{column}_dropped AFTER DELETE ON {table}
      WHEN old.{column} IS NOT NULL BEGIN {drop.format(column)} END;
    CREATE TRIGGER {table}_{column}_changed AFTER UPDATE OF {column} ON {table}
      WHEN old.{column} IS NOT new.{column} BEGIN
      {drop.format(column)} {add.format(column)} END;
    """


def _indexed(table: str) -> str:
    """A full-text index over `folded`, and the triggers that keep it."""
    drop = (
        f"INSERT INTO {table}_index({table}_index, rowid, folded)"
        " VALUES ('delete', old.id, old.folded);"
    )
    add = f"INSERT INTO {table}_index(rowid, folded) VALUES (new.id, new.folded);"
    return f"""
    CREATE VIRTUAL TABLE {table}_index USING fts5(
      folded, content='{table}', content_rowid='id', tokenize='trigram case_sensitive 1');
    CREATE TRIGGER {table}_folded_added AFTER INSERT ON {table} BEGIN {add} END;
    CREATE TRIGGER {table}_folded_dropped AFTER DELETE ON {table} BEGIN {drop} END;
    CREATE TRIGGER {table}_folded_changed AFTER UPDATE OF folded ON {table}
      WHEN old.folded IS NOT new.folded BEGIN {drop} {add} END;
    """


_MEDIA = """
CREATE TABLE media (
  sha256 TEXT PRIMARY KEY,
  suffix TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  refs INTEGER NOT NULL DEFAULT 0 CHECK (refs >= 0)
) STRICT;
CREATE INDEX media_unused ON media(sha256) WHERE refs = 0;
"""

# A message points at the one it answers to; siblings are branches, and one of them is `chosen`.
# `parent` does not cascade: SQLite nests such deletes at most 1,000 deep. Whole chats go by `chat`.
_CHATS = (
    """
CREATE TABLE chats (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  folded TEXT NOT NULL,
  named INTEGER NOT NULL DEFAULT 0,
  pinned INTEGER NOT NULL DEFAULT 0,
  system TEXT NOT NULL DEFAULT '',
  created REAL NOT NULL,
  updated REAL NOT NULL,
  deleted REAL
) STRICT;
CREATE INDEX chats_in_order ON chats(pinned DESC, updated DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX chats_deleted ON chats(deleted) WHERE deleted IS NOT NULL;
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat INTEGER NOT NULL REFERENCES chats(id) ON DELETE CASCADE,
  parent INTEGER REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'tool')),
  state TEXT NOT NULL CHECK (state IN ('whole', 'growing', 'stopped', 'failed', 'interrupted')),
  chosen INTEGER NOT NULL,
  writer TEXT NOT NULL DEFAULT '',
  about TEXT NOT NULL DEFAULT '{}',
  created REAL NOT NULL,
  deleted REAL
) STRICT;
CREATE INDEX messages_of_chat ON messages(chat, parent);
CREATE INDEX messages_of_parent ON messages(parent);
CREATE UNIQUE INDEX messages_chosen ON messages(chat, ifnull(parent, 0)) WHERE chosen;
CREATE INDEX messages_growing ON messages(id) WHERE state = 'growing';
CREATE INDEX messages_deleted ON messages(deleted) WHERE deleted IS NOT NULL;
CREATE TABLE parts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message INTEGER NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('text', 'image', 'audio', 'tool_call', 'tool_result')),
  name TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  media TEXT REFERENCES media(sha256),
  folded TEXT NOT NULL DEFAULT '',
  UNIQUE (message, position)
) STRICT;
CREATE INDEX parts_of_media ON parts(media) WHERE media IS NOT NULL;
"""
    + _counted("parts", "media")
    + _indexed("parts")
)

_SESSIONS = (
    """
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  source TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT '',
  target TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('running', 'ended', 'interrupted')),
  writer TEXT NOT NULL DEFAULT '',
  seconds REAL NOT NULL DEFAULT 0,
  recording TEXT REFERENCES media(sha256),
  started REAL NOT NULL,
  deleted REAL
) STRICT;
CREATE INDEX sessions_in_order ON sessions(started DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX sessions_of_media ON sessions(recording) WHERE recording IS NOT NULL;
CREATE TABLE segments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('speech', 'gap')),
  number INTEGER,
  start_s REAL NOT NULL,
  end_s REAL NOT NULL,
  text TEXT NOT NULL,
  translation TEXT,
  speech TEXT NOT NULL DEFAULT '[]',
  reason TEXT NOT NULL DEFAULT 'stop',
  folded TEXT NOT NULL
) STRICT;
CREATE INDEX segments_of_session ON segments(session, start_s, id);
"""
    + _counted("sessions", "recording")
    + _indexed("segments")
)

_PAGES = (
    """
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  total INTEGER NOT NULL DEFAULT 0,
  created REAL NOT NULL,
  deleted REAL
) STRICT;
CREATE INDEX documents_in_order ON documents(created DESC, id DESC) WHERE deleted IS NULL;
CREATE TABLE pages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('text', 'markdown', 'csv')),
  text TEXT NOT NULL,
  edited TEXT,
  reason TEXT,
  picture TEXT REFERENCES media(sha256),
  folded TEXT NOT NULL,
  created REAL NOT NULL,
  UNIQUE (document, number, form)
) STRICT;
CREATE INDEX pages_of_media ON pages(picture) WHERE picture IS NOT NULL;
"""
    + _counted("pages", "picture")
    + _indexed("pages")
)

MIGRATIONS = (
    Migration(1, _MEDIA),
    Migration(2, _CHATS),
    Migration(3, _SESSIONS),
    Migration(4, _PAGES),
)
INDEXES = ("parts_index", "segments_index", "pages_index")


def version_of(connection: sqlite3.Connection) -> int:
    """Up to which step a database is; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...]) -> None:
    """Take the steps that are missing, each in one transaction with its number."""
    for step in migrations:
        if step.number <= version_of(connection):
            continue
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {step.sql}; PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {step.number}; COMMIT;"
            )
        except sqlite3.Error:
            connection.rollback()
            raise


def rebuild_indexes(connection: sqlite3.Connection) -> None:
    """Build every search index anew from its table, however broken it is."""
    for index in INDEXES:
        try:
            connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
        except sqlite3.DatabaseError:
            _make_empty(connection, index)
            connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def _make_empty(connection: sqlite3.Connection, index: str) -> None:
    """Give an index that cannot even be opened the inside of a new one."""
    fresh = sqlite3.connect(":memory:")
    try:
        fresh.execute("CREATE VIRTUAL TABLE fresh USING fts5(folded, tokenize='trigram')")
        inside = fresh.execute("SELECT id, block FROM fresh_data").fetchall()
    finally:
        fresh.close()
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"DELETE FROM {index}_data")
        connection.execute(f"DELETE FROM {index}_idx")
        connection.executemany(f"INSERT INTO {index}_data (id, block) VALUES (?, ?)", inside)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
