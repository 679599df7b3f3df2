"""Events into rows: which are certain, which may change, in the order of time; knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from phi_desk.services.history.sessions.values import Entry, Missed
from phi_desk.services.live.events import Committed, Gap, LiveEvent, Partial, Translated
from phi_desk.services.speech.paragraphs import Flow
from phi_desk.ui.live.values import Captions, Note, Row, Said

CAPTION_LETTERS = 400  # of committed words kept for the overlay: more than its lines can show


class Script:
    """Feed it every event; `take` gives the rows that are certain from now on.

    A note of what was missed stays below words that were said before it and are not certain yet.
    """

    def __init__(self, *, translated: bool) -> None:
        self._translated = translated
        self._unsure: dict[int, Said] = {}
        self._notes: list[Note] = []  # not yet among the certain rows
        self._committed: tuple[int, Said] | None = None  # waits for its translation
        self._text, self._translation = Tail(), Tail()
        self._note = ""

    @property
    def tail(self) -> tuple[Row, ...]:
        """What may still change, or still move down."""
        waiting = [self._committed[1]] if self._committed is not None else []
        rows: list[Row] = [*waiting, *self._notes, *self._unsure.values()]
        return tuple(sorted(rows, key=lambda row: row.start_s))

    @property
    def captions(self) -> Captions:
        """The newest words."""
        unsure = sorted(self._unsure.values(), key=lambda said: said.start_s)
        return Captions(
            text=self._text.words,
            unsure_text=" ".join(said.text for said in unsure if said.text),
            translation=self._translation.words,
            unsure_translation=" ".join(said.translation for said in unsure if said.translation),
            note=self._note,
        )

    def take(self, event: LiveEvent) -> tuple[Row, ...]:
        """The rows that `event` makes certain."""
        match event:
            case Partial():
                self._hear(event)
            case Gap():
                self._miss(event)
            case Committed():
                self._unsure.pop(event.segment, None)
                said = Said(start_s=event.start_s, text=event.text)
                if not self._translated:
                    return self._settle(said)
                self._committed = (event.segment, said)
            case Translated():
                committed, self._committed = self._committed, None
                if committed is not None and committed[0] == event.segment:
                    return self._settle(replace(committed[1], translation=event.text))
            case _:
                pass
        return ()

    def end(self) -> tuple[Row, ...]:
        """Nothing more comes: what is left is certain."""
        rest = tuple(self._notes)
        self._notes.clear()
        self._unsure.clear()
        self._note = ""
        return rest

    def _hear(self, event: Partial) -> None:
        if not (event.transcript or event.translation):
            self._unsure.pop(event.segment, None)
            return
        self._note = ""
        self._unsure[event.segment] = Said(
            start_s=event.start_s,
            text=event.transcript,
            translation=event.translation,
            sure=False,
        )

    def _miss(self, gap: Gap) -> None:
        """A loss that goes on is one note that grows."""
        self._note = gap.why
        last = self._notes[-1] if self._notes else None
        if last is not None and last.why == gap.why and last.end_s >= gap.start_s > last.start_s:
            self._notes[-1] = replace(last, end_s=gap.end_s)
        else:
            self._notes.append(Note(start_s=gap.start_s, end_s=gap.end_s, why=gap.why))

    def _settle(self, said: Said) -> tuple[Row, ...]:
        if not (said.text or said.translation):
            return ()
        self._note = ""
        self._text.add(said.text, said.start_s)
        self._translation.add(said.translation or "", said.start_s)
        before = [note for note in self._notes if note.start_s <= said.start_s]
        self._notes = self._notes[len(before) :]
        return (*before, said)


class Tail:
    """The last words of one strand, joined as its script joins words."""

    def __init__(self) -> None:
        self.words = ""
        self._flow = Flow()

    def add(self, words: str, start_s: float) -> None:
        """More words."""
        if words:
            gap = " " if self._flow.gap(start_s, words) else ""
            self.words = (self.words + gap + words)[-CAPTION_LETTERS:]
            self._flow.add(words, start_s)


def rows_of(entries: Iterable[Entry]) -> tuple[Row, ...]:
    """What is kept of a session, as rows."""
    return tuple(
        Note(start_s=entry.start_s, end_s=entry.end_s, why=entry.why)
        if isinstance(entry, Missed)
        else Said(start_s=entry.start_s, text=entry.text, translation=entry.translation)
        for entry in entries
    )


def as_text(rows: Iterable[Row]) -> str:
    """All of it for the clipboard: times, words, and what was missed."""
    lines: list[str] = []
    for row in rows:
        mark = f"[{clock(row.start_s)}]"
        if isinstance(row, Note):
            lines.append(f"{mark} ({note_words(row)})")
            continue
        for words in filter(None, (row.text, row.translation)):
            lines.append(f"{mark} {words}")
            mark = " " * len(mark)
    return "".join(f"{line}\n" for line in lines)


def note_words(note: Note) -> str:
    """A note as a sentence with its length."""
    if note.end_s <= note.start_s:
        return note.why
    return f"Not heard from {clock(note.start_s)} to {clock(note.end_s)}: {note.why}"


def clock(seconds: float) -> str:
    """A moment as people write it."""
    minutes, whole = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{whole:02d}" if hours else f"{minutes}:{whole:02d}"
