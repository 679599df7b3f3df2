"""A kept session as text, subtitles or JSON, with or without its recording; knows no window."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from phi_desk.errors import InputError, UsageError
from phi_desk.services.history.sessions.store import SessionStore
from phi_desk.services.history.sessions.values import Entry, Missed, Session, Spoken
from phi_desk.services.json_lines import json_line
from phi_desk.services.speech.events import Partial, Segment, SpeechEvent
from phi_desk.services.speech.formats import FormatName, Wanted, segment_values, writer_for
from phi_desk.storage.package import Content, safe_name, write_package

SessionForm = Literal["txt", "srt", "vtt", "json"]
FORMS: tuple[SessionForm, ...] = get_args(SessionForm)
_WRITERS: dict[SessionForm, FormatName] = {"txt": "text", "srt": "srt", "vtt": "vtt"}


def session_text(
    session: Session,
    entries: Iterable[Entry],
    form: SessionForm,
    *,
    transcript: bool = True,
    translation: bool = True,
    times: bool = False,
) -> str:
    """A session as one document with the strands that are wanted.

    With `times` every line of a text begins with its moment, and what was missed is in it.
    """
    entries = tuple(entries)
    translation = translation and any(e.translation for e in entries if isinstance(e, Spoken))
    transcript = transcript or not translation
    wanted = Wanted(transcript=transcript, translation=translation)
    if form == "json":
        return _json(session, entries, wanted)
    if form == "txt" and times:
        return "".join(f"{line}\n" for line in _timed_lines(entries, wanted))
    writer = writer_for(_WRITERS[form], wanted)
    return "".join(map(writer.write, _events(entries))) + writer.end()


def export_session(
    store: SessionStore,
    number: int,
    target: Path,
    form: SessionForm,
    *,
    transcript: bool = True,
    translation: bool = True,
    times: bool = False,
    recording: bool = False,
    replace: bool = False,
) -> None:
    """Write a session to a file; with its `recording` beside it, or both into a zip.

    Raises:
        NotFoundError: there is no such session.
        InputError: it cannot be written, or its recording is gone.
        UsageError: the target exists already.
    """
    if form not in FORMS:
        raise UsageError(f"A session cannot be exported as {form!r}.", f"Use {', '.join(FORMS)}.")
    session = store.get(number)
    text = session_text(
        session,
        store.entries(number),
        form,
        transcript=transcript,
        translation=translation,
        times=times,
    )
    stem = safe_name(target.stem, "session")
    zipped = target.suffix.lower() == ".zip"
    contents = {f"{stem}.{form}" if zipped else target.name: Content(text)}
    if recording:
        sound = _recording(session)
        contents[f"{stem}{sound.suffix}"] = Content(sound)
    write_package(target, contents, form="auto" if zipped else "file", replace=replace)


def _recording(session: Session) -> Path:
    if session.recording is None:
        raise InputError("This session has no recording.", "Export it without the recording.")
    if not session.recording.is_file():
        raise InputError(
            f"The recording “{session.recording}” is gone.", "Export it without the recording."
        )
    return session.recording


def _events(entries: Iterable[Entry]) -> Iterator[SpeechEvent]:
    """What the writers of recordings would have got."""
    for entry in entries:
        if isinstance(entry, Missed):
            continue
        if entry.text:
            yield Partial(start_s=entry.start_s, strand="text", words=entry.text)
        if entry.translation:
            yield Partial(start_s=entry.start_s, strand="translation", words=entry.translation)
        yield _segment(entry)


def _segment(entry: Spoken) -> Segment:
    return Segment(
        start_s=entry.start_s,
        end_s=entry.end_s,
        text=entry.text,
        translation=entry.translation,
        speech=entry.speech,
        reason=entry.reason,
    )


def _timed_lines(entries: Iterable[Entry], wanted: Wanted) -> Iterator[str]:
    for entry in entries:
        mark = f"[{_clock(entry.start_s)}]"
        if isinstance(entry, Missed):
            yield f"{mark} (missed until {_clock(entry.end_s)}: {entry.why})"
            continue
        strands = [entry.text] if wanted.transcript else []
        strands += [entry.translation or ""] if wanted.translation else []
        for words in filter(None, (" ".join(strand.split()) for strand in strands)):
            yield f"{mark} {words}"
            mark = " " * len(mark)


def _json(session: Session, entries: Iterable[Entry], wanted: Wanted) -> str:
    document = {
        "title": session.title,
        "source": session.source,
        "language": session.language,
        "target": session.target,
        "state": session.state,
        "started": datetime.fromtimestamp(session.started, UTC).isoformat(),
        "seconds": round(session.seconds, 3),
        "segments": [segment_values(_segment(e), wanted) for e in entries if isinstance(e, Spoken)],
        "gaps": [
            {"start_s": round(e.start_s, 3), "end_s": round(e.end_s, 3), "why": e.why}
            for e in entries
            if isinstance(e, Missed)
        ],
    }
    return json_line(document) + "\n"


def _clock(seconds: float) -> str:
    minutes, whole = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}"
