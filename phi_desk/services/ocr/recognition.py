"""Reads the pages of documents, one at a time; knows no terminal and no window."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field

from phi_desk.cancel import CancelToken
from phi_desk.engine import tasks
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Finished, Progress, TextDelta
from phi_desk.engine.messages import ChatRequest, Image, Message, Options, Text
from phi_desk.errors import Cancelled, ContextError, MemoryExhaustedError
from phi_desk.media.documents import Page
from phi_desk.media.picture import Picture
from phi_desk.services.ocr.events import (
    Form,
    OcrEvent,
    PageBegun,
    PageFailed,
    PageRead,
    PageWords,
)
from phi_desk.services.ocr.fences import strip_fences
from phi_desk.services.ocr.tables import to_csv
from phi_desk.services.tally import Tally

MAX_TOKENS = (
    4096  # a densely printed page of 600 words takes about 1,000; tables several times that
)

INSTRUCTIONS: dict[Form, Callable[[], str]] = {
    "text": tasks.read_text,
    "markdown": tasks.read_markdown,
    "csv": tasks.read_table,
}
# What one page may fail for while the next one may succeed; any other failure ends the document.
FAILURES_OF_ONE_PAGE = (ContextError, MemoryExhaustedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrJob:
    """What is made of each page, and how the model answers."""

    form: Form = "text"
    options: Options = field(default_factory=lambda: Options(max_tokens=MAX_TOKENS))
    adapter: str = "auto"


def recognise(
    pages: Iterable[Page | PageFailed], job: OcrJob, engine: Engine, cancel: CancelToken
) -> Generator[OcrEvent, None, None]:
    """The text of `pages` as events, the last one a `Finished` over all pages.

    A stop by the person keeps what was read so far and ends with the reason "cancelled".

    Raises:
        PhiDeskError: the document or the engine fails; pages already given stay right.
    """
    tally = Tally()
    texts: list[str] = []
    doubtful: list[int] = []
    source = iter(pages)
    while True:
        try:
            cancel.raise_if_cancelled()
            page = next(source, None)
        except Cancelled:
            tally.stop()
            break
        if page is None:
            break
        if isinstance(page, PageFailed):
            yield page
            continue
        read = yield from _one_page(page, job, engine, cancel, tally)
        if read is None:
            continue
        texts += [read.text] if read.text else []
        doubtful += [read.number] if read.reason in ("repetition", "length", "context") else []
        if read.reason == "cancelled":
            break
    yield tally.finish(("\n" if job.form == "csv" else "\n\n").join(texts), _note(doubtful))


def shape(answer: str, form: Form) -> str:
    """The model's answer as a clean text, Markdown or CSV."""
    return to_csv(answer) if form == "csv" else strip_fences(answer)


def _one_page(
    page: Page, job: OcrJob, engine: Engine, cancel: CancelToken, tally: Tally
) -> Generator[OcrEvent, None, PageRead | None]:
    """Read one page; None when it failed, which has been said then."""
    yield PageBegun(number=page.number, total=page.total)
    answer = Answer()
    if not _is_blank(page.picture):
        try:
            yield from _ask(page, job, engine, cancel, answer)
        except FAILURES_OF_ONE_PAGE as error:
            yield PageFailed(number=page.number, total=page.total, error=error)
            return None
    if answer.finished is not None:
        tally.add(answer.finished)
    read = PageRead(
        number=page.number,
        total=page.total,
        text=shape("".join(answer.words), job.form),
        reason=answer.finished.reason if answer.finished is not None else None,
    )
    yield read
    return read


@dataclass(slots=True)
class Answer:
    """The model's answer while it comes."""

    words: list[str] = field(default_factory=list)
    finished: Finished | None = None


def _ask(
    page: Page, job: OcrJob, engine: Engine, cancel: CancelToken, answer: Answer
) -> Iterator[OcrEvent]:
    parts = (Image(page.picture), Text(INSTRUCTIONS[job.form]()))
    request = ChatRequest(
        messages=(Message("user", parts),), options=job.options, adapter=job.adapter
    )
    for event in engine.stream(request, cancel):
        match event:
            case TextDelta(words):
                answer.words.append(words)
                yield PageWords(number=page.number, words=words)
            case Progress():
                yield event
            case Finished():
                answer.finished = event
            case _:
                pass  # tools are not offered, and a page's start has been said


def _is_blank(picture: Picture) -> bool:
    from phi_desk.media.blank import is_blank

    return is_blank(picture)


def _note(doubtful: list[int]) -> str:
    if not doubtful:
        return ""
    named = ", ".join(map(str, doubtful))
    pages = "page" if len(doubtful) == 1 else "pages"
    return f"The text of {pages} {named} was ended early: something may be missing there."
