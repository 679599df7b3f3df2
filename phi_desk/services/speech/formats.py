"""Speech events as text files: prose, JSON, SubRip, WebVTT; each written while it is heard.

Knows no file and no terminal: a writer takes an event and gives the text that became certain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from phi_desk.engine.events import Finished
from phi_desk.errors import PhiDeskError
from phi_desk.services.json_lines import json_line
from phi_desk.services.speech.cues import Cue, cut_into_cues
from phi_desk.services.speech.events import Partial, Segment, SpeechEvent, Strand
from phi_desk.services.speech.paragraphs import Flow
from phi_desk.services.speech.subtitles import VTT_HEADER, srt_block, vtt_block
from phi_desk.services.trimming import Trimmer

FormatName = Literal["text", "json", "srt", "vtt"]
FORMATS: tuple[FormatName, ...] = ("text", "json", "srt", "vtt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which strands are written, and what a document says about itself."""

    transcript: bool = True
    translation: bool = False
    about: dict[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """Turns the events of one recording into one document."""

    def write(self, event: SpeechEvent) -> str:
        """The text that follows from `event`; all of them joined, and `end`, are the document."""
        ...

    def end(self, failure: PhiDeskError | None = None) -> str:
        """The rest of the document, also when the recording could not be heard to its end."""
        ...


def writer_for(name: FormatName, wanted: Wanted) -> Writer:
    """A new writer of the format."""
    if name == "json":
        return JsonWriter(wanted)
    if name in ("srt", "vtt"):
        return SubtitleWriter(name, wanted)
    if wanted.transcript and wanted.translation:
        return PairWriter()
    return ProseWriter("text" if wanted.transcript else "translation")


class ProseWriter:
    """One strand as running text, word by word as the model says it."""

    def __init__(self, strand: Strand) -> None:
        self._strand = strand
        self._flow = Flow()
        self._trimmer = Trimmer()
        self._said = ""  # of the current segment
        self._any = False

    def write(self, event: SpeechEvent) -> str:
        """See `Writer.write`."""
        if isinstance(event, Partial) and event.strand == self._strand:
            return self._words(event)
        if isinstance(event, Segment) and self._said:
            self._flow.add(self._said, event.end_s)
            self._said, self._trimmer = "", Trimmer()
        return ""

    def end(self, failure: PhiDeskError | None = None) -> str:
        """See `Writer.end`."""
        return "\n" if self._any else ""

    def _words(self, partial: Partial) -> str:
        ready = self._trimmer.feed(partial.words)
        if not ready:
            return ""
        gap = "" if self._said else self._flow.gap(partial.start_s, ready)
        self._said += ready
        self._any = True
        return gap + ready


class PairWriter:
    """Each segment's transcript and its translation below, with an empty line between segments."""

    def __init__(self) -> None:
        self._heard: Strand | None = None  # the strand that comes now
        self._written: Strand | None = None  # the strand of the segment's last word
        self._trimmer = Trimmer()
        self._any = False

    def write(self, event: SpeechEvent) -> str:
        """See `Writer.write`."""
        if isinstance(event, Segment):
            self._heard = self._written = None
        if not isinstance(event, Partial):
            return ""
        if event.strand != self._heard:
            self._heard, self._trimmer = event.strand, Trimmer()
        ready = self._trimmer.feed(event.words)
        if not ready:
            return ""
        gap = "\n\n" if self._any and not self._written else ""
        gap = "\n" if self._written and self._written != event.strand else gap
        self._any, self._written = True, event.strand
        return gap + ready

    def end(self, failure: PhiDeskError | None = None) -> str:
        """See `Writer.end`."""
        return "\n" if self._any else ""


class SubtitleWriter:
    """SubRip or WebVTT, a block a cue."""

    def __init__(self, name: Literal["srt", "vtt"], wanted: Wanted) -> None:
        self._name = name
        self._wanted = wanted
        self._opened = False
        self._number = 0
        self._shown_until = 0.0

    def write(self, event: SpeechEvent) -> str:
        """See `Writer.write`."""
        if not isinstance(event, Segment):
            return ""
        cues = cut_into_cues(
            event, transcript=self._wanted.transcript, translation=self._wanted.translation
        )
        return self._opening() + "".join(map(self._block, cues))

    def end(self, failure: PhiDeskError | None = None) -> str:
        """See `Writer.end`."""
        return self._opening()

    def _opening(self) -> str:
        opened, self._opened = self._opened, True
        return VTT_HEADER if self._name == "vtt" and not opened else ""

    def _block(self, cue: Cue) -> str:
        """One cue, moved so that its times are strictly in order in whole milliseconds."""
        start = max(round(cue.start_s, 3), self._shown_until)
        end = max(round(cue.end_s, 3), start + 0.001)
        self._shown_until = end
        self._number += 1
        cue = Cue(start_s=start, end_s=end, lines=cue.lines)
        return srt_block(self._number, cue) if self._name == "srt" else vtt_block(cue)


class JsonWriter:
    """One JSON document on one line, complete at the end."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._segments: list[dict[str, Any]] = []
        self._reason = ""

    def write(self, event: SpeechEvent) -> str:
        """See `Writer.write`."""
        if isinstance(event, Segment):
            self._segments.append(segment_values(event, self._wanted))
        elif isinstance(event, Finished):
            self._reason = event.reason
        return ""

    def end(self, failure: PhiDeskError | None = None) -> str:
        """See `Writer.end`."""
        document = {**self._wanted.about, "segments": self._segments}
        if failure is not None:
            document["error"] = str(failure)
        else:
            document["reason"] = self._reason
        return json_line(document) + "\n"


def segment_values(segment: Segment, wanted: Wanted) -> dict[str, Any]:
    """A segment as a JSON object: times in seconds, the strands wanted, the reason it ended."""
    values: dict[str, Any] = {
        "start_s": round(segment.start_s, 3),
        "end_s": round(segment.end_s, 3),
    }
    if wanted.transcript:
        values["text"] = segment.text
    if wanted.translation:
        values["translation"] = segment.translation or ""
    return {**values, "reason": segment.reason}
