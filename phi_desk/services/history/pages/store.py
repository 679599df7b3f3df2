"""The kept pages: added as they are read, edited, deleted, found; knows no engine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from phi_desk.errors import UsageError
from phi_desk.media.picture import Picture
from phi_desk.services.history.pages.values import KeptDocument, KeptPage, PageHit
from phi_desk.services.ocr.events import Form
from phi_desk.storage.encoding import to_png
from phi_desk.storage.failures import NotFoundError
from phi_desk.storage.place import Storage
from phi_desk.storage.search import Query
from phi_desk.storage.text import searchable, storable

MOST_HITS = 100
_DOCUMENTS = """
SELECT documents.*,
  (SELECT count(DISTINCT number) FROM pages WHERE document = documents.id) AS kept
FROM documents
"""
_PAGES = """
SELECT pages.*, media.suffix, media.bytes FROM pages
LEFT JOIN media ON media.sha256 = pages.picture
"""
_FOUND = """
SELECT pages.* FROM pages JOIN documents ON documents.id = pages.document
WHERE {condition} AND documents.deleted IS NULL ORDER BY pages.id DESC LIMIT ?
"""


class PageStore:
    """All kept pages of a storage; may be used from any thread."""

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.time) -> None:
        self.storage = storage
        self._clock = clock

    def begin(self, name: str, total: int = 1) -> KeptDocument:
        """A document whose pages are going to be read. Raises `StorageError`."""
        name = " ".join(storable(name).split())
        with self.storage.database.write(durable=False) as connection:
            (number,) = connection.execute(
                "INSERT INTO documents (name, folded, total, created) VALUES (?, ?, ?, ?)"
                " RETURNING id",
                (name, searchable(name), total, self._clock()),
            ).fetchone()
            return _document_of(_row(connection, number))

    def add(
        self,
        document: int,
        number: int,
        form: Form,
        text: str,
        *,
        reason: str | None = "stop",
        picture: Picture | Path | None = None,
    ) -> KeptPage:
        """Keep a page that has been read; read again in the same form it replaces the former.

        Raises:
            NotFoundError: the document was purged meanwhile.
            InputError: the file of its picture cannot be read.
            StorageError: it cannot be stored.
        """
        media, staged, key = self.storage.media, None, None
        if isinstance(picture, Path):
            staged = media.stage_file(picture)
        elif picture is not None:
            staged = media.stage_bytes(to_png(picture), ".png")
        try:
            with self.storage.database.write(durable=True) as connection:
                _row(connection, document, deleted=True)
                key = media.adopt(connection, staged) if staged else None
                page = _put(connection, (document, number, form), text, reason, key, self._clock())
                connection.execute(
                    "UPDATE documents SET total = max(total, ?) WHERE id = ?", (number, document)
                )
        finally:
            if staged is not None:
                media.discard(staged)
        return self.page(page)

    def edit(self, page: int, text: str | None) -> KeptPage:
        """Change the text of a page by hand; None takes the change back.

        Raises:
            NotFoundError: there is no such page.
        """
        changed = None if text is None else storable(text)
        with self.storage.database.write(durable=True) as connection:
            row = _page_row(connection, page)
            folded = searchable(row["text"] if changed is None else changed)
            connection.execute(
                "UPDATE pages SET edited = ?, folded = ? WHERE id = ?", (changed, folded, page)
            )
        return self.page(page)

    def page(self, page: int) -> KeptPage:
        """One page. Raises `NotFoundError`."""
        with self.storage.database.read() as connection:
            return self._value(_page_row(connection, page))

    def pages(self, document: int) -> tuple[KeptPage, ...]:
        """The pages of a document in order, in each form they were read in."""
        with self.storage.database.read() as connection:
            _row(connection, document)
            rows = connection.execute(
                f"{_PAGES} WHERE document = ? ORDER BY number, pages.id", (document,)
            )
            return tuple(map(self._value, rows))

    def get(self, document: int) -> KeptDocument:
        """The document of that number. Raises `NotFoundError`."""
        with self.storage.database.read() as connection:
            return _document_of(_row(connection, document))

    def list(self, *, limit: int = -1) -> tuple[KeptDocument, ...]:
        """The last one first. Raises `StorageError`."""
        with self.storage.database.read() as connection:
            rows = connection.execute(
                f"{_DOCUMENTS} WHERE deleted IS NULL ORDER BY created DESC, id DESC LIMIT ?",
                (limit,),
            )
            return tuple(map(_document_of, rows))

    def rename(self, document: int, name: str) -> KeptDocument:
        """Call a document by another name.

        Raises:
            NotFoundError: there is no such document.
            UsageError: nothing is left of the name.
        """
        name = " ".join(storable(name).split())
        if not name:
            raise UsageError("A document needs a name.", "Write at least one letter.")
        with self.storage.database.write(durable=True) as connection:
            _row(connection, document)
            connection.execute(
                "UPDATE documents SET name = ?, folded = ? WHERE id = ?",
                (name, searchable(name), document),
            )
            return _document_of(_row(connection, document))

    def delete(self, document: int) -> None:
        """Take it out of sight; `restore` brings it back until it is purged."""
        with self.storage.database.write(durable=True) as connection:
            _row(connection, document)
            connection.execute(
                "UPDATE documents SET deleted = ? WHERE id = ?", (self._clock(), document)
            )

    def restore(self, document: int) -> KeptDocument:
        """Undo a deletion. Raises `NotFoundError` when it is purged already."""
        with self.storage.database.write(durable=True) as connection:
            _row(connection, document, deleted=True)
            connection.execute("UPDATE documents SET deleted = NULL WHERE id = ?", (document,))
            return _document_of(_row(connection, document))

    def search(self, words: str, *, limit: int = MOST_HITS) -> tuple[PageHit, ...]:
        """Documents whose name has all the words, then pages that have, the newest first.

        Raises:
            StorageError: it cannot be read.
        """
        query = Query.of(words)
        if not query:
            return ()
        condition, values = query.condition("pages")
        named = tuple(
            PageHit(document=one, page=None, number=None, snippet=query.snippet(one.name))
            for one in self.list()
            if query.matches(one.name)
        )
        with self.storage.database.read() as connection:
            rows = connection.execute(
                _FOUND.format(condition=condition), (*values, limit)
            ).fetchall()
            documents = {
                n: _document_of(_row(connection, n)) for n in {r["document"] for r in rows}
            }
        pages = tuple(
            PageHit(
                document=documents[row["document"]],
                page=row["id"],
                number=row["number"],
                snippet=query.snippet(row["text"] if row["edited"] is None else row["edited"]),
            )
            for row in rows
        )
        return (*named, *pages)[:limit]

    def _value(self, row: sqlite3.Row) -> KeptPage:
        picture: Path | None = None
        if row["picture"] is not None:
            media = self.storage.media
            picture = media.medium(row["picture"], row["suffix"], row["bytes"]).path
        return KeptPage(
            id=row["id"],
            document=row["document"],
            number=row["number"],
            form=row["form"],
            read=row["text"],
            edited=row["edited"],
            reason=row["reason"],
            picture=picture,
            created=row["created"],
        )


def _put(
    connection: sqlite3.Connection,
    place: tuple[int, int, Form],
    text: str,
    reason: str | None,
    picture: str | None,
    now: float,
) -> int:
    text = storable(text)
    (page,) = connection.execute(
        "INSERT INTO pages (document, number, form, text, reason, picture, folded, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (document, number, form) DO UPDATE SET"
        " text = excluded.text, edited = NULL, reason = excluded.reason,"
        " picture = ifnull(excluded.picture, picture), folded = excluded.folded,"
        " created = excluded.created RETURNING id",
        (*place, text, reason, picture, searchable(text), now),
    ).fetchone()
    return int(page)


def _document_of(row: sqlite3.Row) -> KeptDocument:
    return KeptDocument(
        id=row["id"],
        name=row["name"],
        total=row["total"],
        kept=row["kept"],
        created=row["created"],
    )


def _row(connection: sqlite3.Connection, number: int, *, deleted: bool = False) -> sqlite3.Row:
    known = number if 0 < number < 2**63 else 0
    row: sqlite3.Row | None = connection.execute(
        f"{_DOCUMENTS} WHERE id = ? AND (deleted IS NULL OR ?)", (known, deleted)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no document {number}.", "It may have been deleted.")
    return row


def _page_row(connection: sqlite3.Connection, page: int) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute(
        f"{_PAGES} WHERE pages.id = ?", (page if 0 < page < 2**63 else 0,)
    ).fetchone()
    if row is None:
        raise NotFoundError("This page is not there any more.", "Read it again.")
    return row
