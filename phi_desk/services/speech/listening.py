"""Transcribes and translates recordings of any length, piece by piece, in constant memory.

Takes an engine and pieces, gives events; knows no file, no terminal and no window.
"""

from __future__ import annotations

from collections.abc import Generator

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.errors import Cancelled
from phi_desk.services.speech.events import Heard, Segment, SpeechEvent
from phi_desk.services.speech.job import PieceHearing, SpeechJob
from phi_desk.services.speech.paragraphs import Paragraphs
from phi_desk.services.speech.recording import Recording
from phi_desk.services.tally import Tally

NAMED_PLACES = 3  # how many doubtful places a note names


def listen(
    recording: Recording, job: SpeechJob, engine: Engine, cancel: CancelToken
) -> Generator[SpeechEvent, None, None]:
    """Everything said in `recording`, as events; the last one is a `Finished` over all pieces.

    Pieces in which nobody speaks are not shown to the model: it would invent words.
    A stop by the person keeps what was heard so far and ends with the reason "cancelled".

    Raises:
        PhiDeskError: the file or the engine fails; segments already given stay right.
    """
    tally = Tally()
    paragraphs = Paragraphs()
    doubtful: list[Segment] = []
    pieces = iter(recording.pieces)
    yield Heard(done_s=0.0, total_s=recording.seconds)
    while True:
        try:
            cancel.raise_if_cancelled()
            piece = next(pieces, None)
        except Cancelled:
            tally.stop()
            break
        if piece is None:
            break
        if piece.speech:
            hearing = PieceHearing(piece, job, tally)
            yield from hearing.events(engine, cancel)
            if segment := hearing.segment:
                yield segment
                paragraphs.add(segment)
                doubtful += [segment] if segment.reason in ("repetition", "length") else []
            if hearing.cancelled:
                break
        yield Heard(done_s=piece.end_s, total_s=recording.seconds)
    note = _note(recording.notice, doubtful)
    if not paragraphs.text and not tally.stopped:
        note = f"{note} No speech was found in it.".strip()
    yield tally.finish(paragraphs.text, note)


def _note(notice: str, doubtful: list[Segment]) -> str:
    sentences = [notice] if notice else []
    for reason, what in (
        ("repetition", "The model began to repeat itself"),
        ("length", "The words did not fit into --max-tokens"),
    ):
        places = [_clock(segment.start_s) for segment in doubtful if segment.reason == reason]
        if places:
            more = len(places) - NAMED_PLACES
            named = ", ".join(places[:NAMED_PLACES]) + (f" and {more} more" if more > 0 else "")
            sentences.append(f"{what} near {named}: words may be missing or wrong there.")
    return " ".join(sentences)


def _clock(seconds: float) -> str:
    minutes, whole = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{whole:02d}" if hours else f"{minutes}:{whole:02d}"
