"""The list of documents: on the desk and in the history, found, named, deleted, exported; no Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.services.history.pages.export import PageForm, pages_text
from phi_desk.services.history.pages.store import PageStore
from phi_desk.services.history.pages.values import KeptDocument, PageHit
from phi_desk.storage.package import write_file
from phi_desk.ui.ocr.papers import Paper, kept_values
from phi_desk.ui.ocr.presenter import ReadPresenter
from phi_desk.ui.ocr.reading_queue import Stores
from phi_desk.ui.ocr.values import DocumentLine, ListView
from phi_desk.ui.ocr.words import detail_of, pages_of, when
from phi_desk.ui.running import WorkRunner


@dataclass(frozen=True, slots=True)
class Listed:
    """What the history holds; with words, where it has them."""

    documents: tuple[KeptDocument, ...] = ()
    hits: tuple[PageHit, ...] = ()


class DocumentList:
    """Does to documents what the person asks for, and shows the list again."""

    def __init__(
        self,
        view: ListView,
        reading: ReadPresenter,
        stores: Stores,
        disk: WorkRunner,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._view, self._reading, self._stores, self._disk = view, reading, stores, disk
        self._clock = clock
        self._words = ""
        self._asked = 0
        self._listed = Listed()
        self._dated: list[tuple[float, DocumentLine]] = []  # the history, made once for each answer
        self._known: tuple[int, ...] = ()

    def refresh(self) -> None:
        """Read the history again; only the last answer to this is shown."""
        self._asked += 1
        asked, words = self._asked, self._words

        def work(cancel: CancelToken) -> Iterator[object]:
            store = self._stores()
            yield Listed(hits=store.search(words)) if words else Listed(documents=store.list())

        def came(event: object) -> None:
            if asked == self._asked and isinstance(event, Listed):
                self._listed = event
                now = self._clock()
                self._dated = [(d.created, _line_of_document(d, now)) for d in event.documents]
                self._show()

        self._disk.run(work, on_event=came, on_failed=self._view.tell)

    def papers_changed(self) -> None:
        """Something is different on the desk; the history is read again where that is, too."""
        kept = tuple(sorted(p.kept or -p.number for p in self._reading.papers.values()))
        if kept != self._known:
            self._known = kept
            self.refresh()
        self._show()

    def search(self, words: str) -> None:
        """Show only documents with these words; all of them for none."""
        if words.strip() != self._words:
            self._words = words.strip()
            self.refresh()

    def rename(self, line: DocumentLine, name: str) -> None:
        """Give a document another name."""
        for paper in self._papers((line,)):
            paper.name = name
            self._reading.looking.refresh_paper()
        if line.kept is not None:
            kept = line.kept
            self._change(lambda store: store.rename(kept, name))
        else:
            self._show()

    def stop(self, line: DocumentLine) -> None:
        """Read no more of a document; what was read stays."""
        if line.paper in self._reading.papers:
            self._reading.stop(line.paper)

    def delete(self, lines: Sequence[DocumentLine]) -> None:
        """Take documents away; they can be brought back."""
        kept = [line.kept for line in lines if line.kept is not None]
        papers = self._papers(lines)
        loose = [paper for paper in papers if paper.kept is None]

        def change(store: PageStore) -> None:
            for number in kept:
                store.delete(number)

        def undo() -> None:
            self._reading.bring_back(loose)
            self._change(lambda store: [store.restore(number) for number in kept])

        name = f"“{lines[0].name}” was" if len(lines) == 1 else f"{len(lines)} documents were"
        self._reading.forget(kept, [paper.number for paper in papers])
        self._change(change, lambda: self._view.offer_undo(f"{name} deleted.", undo))

    def export(self, lines: Sequence[DocumentLine], target: Path, form: PageForm) -> None:
        """Write documents to one file, which may be there already: the person was asked."""
        self._reading.editing.save()
        papers = {paper.number: paper for paper in self._papers(lines)}

        def work(cancel: CancelToken) -> Iterator[object]:
            read = []
            for line in lines:
                cancel.raise_if_cancelled()
                if line.kept is not None:
                    store = self._stores()
                    read.append((store.get(line.kept), list(store.pages(line.kept))))
                elif line.paper in papers:
                    read.append(kept_values(papers[line.paper]))
            write_file(target, pages_text(read, form), replace=True)
            yield target

        def came(event: object) -> None:
            self._view.say_exported(f"Written to {event}.")

        self._disk.run(work, on_event=came, on_failed=self._view.tell)

    def line_of(self, paper: Paper) -> DocumentLine:
        """A document on the desk as a line."""
        return DocumentLine(
            name=paper.name,
            detail=detail_of(paper, self._clock()),
            kept=paper.kept,
            paper=paper.number,
            busy=paper.busy,
        )

    def _papers(self, lines: Sequence[DocumentLine]) -> list[Paper]:
        kept = {line.kept for line in lines if line.kept is not None}
        numbers = {line.paper for line in lines}
        return [
            paper
            for paper in self._reading.papers.values()
            if paper.number in numbers or paper.kept in kept
        ]

    def _show(self) -> None:
        papers = self._reading.papers.values()
        now = self._clock()
        if self._words:
            lines = [_line_of_hit(hit, now) for hit in self._listed.hits]
            wanted = self._words.casefold()
            lines += [
                self.line_of(paper)
                for paper in papers
                if paper.kept is None and wanted in f"{paper.name}\n{paper.text('text')}".casefold()
            ]
        else:
            desk = {paper.kept for paper in papers if paper.kept is not None}
            dated = [(paper.created, self.line_of(paper)) for paper in papers]
            dated += [pair for pair in self._dated if pair[1].kept not in desk]
            lines = [line for _, line in sorted(dated, key=lambda pair: -pair[0])]
        self._view.show_lines(lines, self._words)

    def _change(
        self, change: Callable[[PageStore], object], then: Callable[[], None] | None = None
    ) -> None:
        def work(cancel: CancelToken) -> Iterator[object]:
            change(self._stores())
            yield True

        def came(_event: object) -> None:
            if then is not None:
                then()

        self._disk.run(work, on_event=came, on_failed=self._view.tell, on_finished=self.refresh)


def _line_of_document(document: KeptDocument, now: float) -> DocumentLine:
    pages = pages_of(document.kept, document.total)
    return DocumentLine(
        name=document.name, detail=f"{pages} · {when(document.created, now)}", kept=document.id
    )


def _line_of_hit(hit: PageHit, now: float) -> DocumentLine:
    where = f"page {hit.number} of {hit.document.total}" if hit.document.total > 1 else ""
    detail = where or when(hit.document.created, now)
    return DocumentLine(
        name=hit.document.name,
        detail=detail,
        kept=hit.document.id,
        found="" if hit.page is None else hit.snippet.text,
        page=hit.number,
    )
