"""A question about words, pictures and recordings; knows no terminal and no window.

Recordings of up to half an hour go into the model whole, as it was trained. Longer ones are
transcribed first, and the question is asked about the transcript; the answer's note says so.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Progress, StreamEvent
from phi_desk.engine.messages import Audio, ChatRequest, Image, Message, Options, Part, Text
from phi_desk.errors import UsageError
from phi_desk.media.decode import SoundTooLongError, read_sound
from phi_desk.media.images import read_picture
from phi_desk.media.sound import Sound
from phi_desk.services.speech.events import Heard, SpeechEvent
from phi_desk.services.speech.job import SpeechJob
from phi_desk.services.speech.listening import listen
from phi_desk.services.speech.recording import open_recording

LONGEST_WHOLE_S = 30 * 60.0  # what the summaries of its training had at most (paper, section 2)

AskEvent = StreamEvent | Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person asks.

    Attributes:
        text: may be empty beside a picture or a sound, for a question that is spoken.
        system: how the model shall behave; empty for none.
    """

    text: str = ""
    images: tuple[Path, ...] = ()
    sounds: tuple[Path, ...] = ()
    system: str = ""
    options: Options = field(default_factory=Options)
    adapter: str = "auto"

    def __post_init__(self) -> None:
        if not (self.text.strip() or self.images or self.sounds):
            raise UsageError(
                "There is nothing to ask.", "Give a question, a picture (--image) or a sound."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A question whose files have been read; recordings too long to go in whole are still files."""

    question: Question
    pictures: tuple[Image, ...]
    sounds: tuple[Sound | Path, ...]


def gather(question: Question, cancel: CancelToken) -> Material:
    """Read the files of `question`, so that a broken one is found before a model is loaded.

    Raises:
        InputError: a file cannot be read.
        UsageError: a recording is too long to be asked by voice only.
        Cancelled: the person stopped it.
    """
    pictures = tuple(Image(read_picture(path, cancel=cancel)) for path in question.images)
    sounds: list[Sound | Path] = []
    room = LONGEST_WHOLE_S
    for path in question.sounds:
        sound = _read_within(path, room, cancel)
        room -= sound.seconds if isinstance(sound, Sound) else 0
        sounds.append(sound)
    if any(isinstance(sound, Path) for sound in sounds) and not question.text.strip():
        raise UsageError(
            "Recordings of more than 30 minutes need a question in words.",
            'For example: phi-desk ask --audio FILE "Summarise the meeting."',
        )
    return Material(question=question, pictures=pictures, sounds=tuple(sounds))


def ask(material: Material, engine: Engine, cancel: CancelToken) -> Iterator[AskEvent]:
    """Answer as events, the last one a `Finished`.

    Raises:
        PhiDeskError: from the engine, or from a recording that is read while it is transcribed.
    """
    begun = time.monotonic()
    transcripts: list[str] = []
    sounds: list[Audio] = []
    for sound in material.sounds:
        if isinstance(sound, Sound):
            sounds.append(Audio(sound))
            continue
        heard = yield from _transcribe(sound, engine, cancel)
        if heard.reason == "cancelled":
            yield replace(heard, text="", seconds=time.monotonic() - begun)
            return
        transcripts.append(f"Transcript of the recording {sound.name}:\n{heard.text}\n\n")
    waited = time.monotonic() - begun
    for event in engine.stream(_request(material, sounds, "".join(transcripts)), cancel):
        if isinstance(event, Finished) and transcripts:
            yield _with_note(event, waited)
        else:
            yield event


def _read_within(path: Path, seconds: float, cancel: CancelToken) -> Sound | Path:
    """The sound, or its path when it lasts longer than `seconds`."""
    try:
        return read_sound(path, cancel=cancel, max_seconds=max(0.0, seconds))
    except SoundTooLongError:
        return path


def _transcribe(
    path: Path, engine: Engine, cancel: CancelToken
) -> Generator[AskEvent, None, Finished]:
    """Hear a recording to its end: progress comes out, its words are in what is returned."""
    last: SpeechEvent | None = None
    with open_recording(path, cancel) as recording:
        for last in listen(recording, SpeechJob(), engine, cancel):
            if isinstance(last, Heard | Progress):
                yield last
    if not isinstance(last, Finished):
        raise TypeError("a stream of speech events ended without Finished")
    return last


def _request(material: Material, sounds: list[Audio], transcripts: str) -> ChatRequest:
    """The published order: pictures, sounds, then words."""
    question = material.question
    words = transcripts + question.text
    parts: tuple[Part, ...] = (*material.pictures, *sounds)
    parts += (Text(words),) if words.strip() else ()
    system = (Message("system", (Text(question.system),)),) if question.system else ()
    return ChatRequest(
        messages=(*system, Message("user", parts)),
        options=question.options,
        adapter=question.adapter,
    )


def _with_note(answer: Finished, waited: float) -> Finished:
    note = (
        "This is more than 30 minutes of sound, so the answer was made from a transcript, "
        "not from the sound itself."
    )
    first = answer.first_token_s
    return replace(
        answer,
        note=f"{note} {answer.note}".strip(),
        first_token_s=None if first is None else waited + first,
        seconds=waited + answer.seconds,
    )
