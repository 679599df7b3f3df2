"""One recording through the model, shown in the format asked for while it is heard."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.files import Outcome
from phi_desk.cli.output import Output
from phi_desk.engine.events import Finished, Progress
from phi_desk.errors import PhiDeskError
from phi_desk.services.speech.events import Heard, Partial, Segment, SpeechEvent
from phi_desk.services.speech.formats import (
    FormatName,
    Wanted,
    Writer,
    segment_values,
    writer_for,
)
from phi_desk.services.speech.job import SpeechJob
from phi_desk.services.speech.listening import listen
from phi_desk.services.speech.recording import open_recording

if TYPE_CHECKING:
    from phi_desk.app.wiring import App


def hear_file(
    path: Path, job: SpeechJob, name: FormatName, wanted: Wanted, app: App, out: Output
) -> Outcome:
    """One recording through the model, written in the format as it is heard.

    Raises:
        PhiDeskError: the file or the engine fails; what was heard before is written.
    """
    with open_recording(path, app.cancel) as recording:
        engine = app.engine(out.on_progress)
        out.event("started", file=str(path), seconds=recording.seconds)
        showing = Showing(str(path), writer_for(name, wanted), wanted, out)
        try:
            with closing(listen(recording, job, engine, app.cancel)) as events:
                for event in events:
                    showing.show(event)
        except PhiDeskError as error:
            showing.fail(error)
            raise
    return showing.outcome


class Showing:
    """Shows the events of one recording: words in the format, or JSON events."""

    def __init__(self, file: str, writer: Writer, wanted: Wanted, out: Output) -> None:
        self.outcome: Outcome = "done"
        self._file = file
        self._writer = writer
        self._wanted = wanted
        self._out = out
        self._document: list[str] = []

    def show(self, event: SpeechEvent) -> None:
        """Show one event."""
        out = self._out
        self._write(self._writer.write(event))
        match event:
            case Heard():
                out.progress("listen", event.done_s, event.total_s, file=self._file)
            case Progress():
                out.engine_progress(event)
            case Partial():
                out.event(
                    "partial",
                    file=self._file,
                    start_s=round(event.start_s, 3),
                    strand=event.strand,
                    delta=event.words,
                )
            case Segment():
                out.event("segment", file=self._file, **segment_values(event, self._wanted))
            case Finished():
                self._write(self._writer.end())
                self.outcome = "cancelled" if event.reason == "cancelled" else "done"
                whole = replace(event, text="".join(self._document))
                out.finished(whole, file=self._file)

    def fail(self, error: PhiDeskError) -> None:
        """Write the rest of the document: what was heard so far is kept."""
        self._write(self._writer.end(error))

    def _write(self, text: str) -> None:
        if self._out.json:
            self._document.append(text)
        self._out.words(text)
