"""Sentences about pages and documents; knows no Qt."""

from __future__ import annotations

import time

from phi_desk.ui.ocr.papers import Paper, Sheet

_ENDED = {
    "length": "The page is longer than one answer may be: its end is missing.",
    "context": "The page is longer than the model can hold: its end is missing.",
    "repetition": "The model began to repeat itself and was stopped: look closely at the end.",
    "cancelled": "Reading was stopped here: the rest of the page is missing.",
}


def note_of(sheet: Sheet) -> tuple[str, str]:
    """What the person should know about a page: a sentence and a hint, both may be empty."""
    if sheet.state == "failed" and sheet.error is not None:
        return sheet.error.sentence, sheet.error.hint
    if sheet.state == "blank":
        return "There is nothing on this page.", ""
    if sheet.state == "stopped" and not sheet.texts:
        return "This page was not read.", ""
    text = sheet.texts.get(sheet.form)
    if sheet.state in ("read", "stopped") and text is not None:
        if not text.text.strip():
            return "The model found no text on this page.", ""
        return _ENDED.get(text.reason or "", ""), ""
    return "", ""


def counted(number: int, what: str) -> str:
    """`1 page`, `12 pages`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def detail_of(paper: Paper, now: float) -> str:
    """The line below a document's name."""
    pages = len(paper.sheets)
    if paper.busy:
        reading = any(sheet.state == "reading" for sheet in paper.sheets)
        if not reading and not paper.done:
            return f"{counted(pages, 'page')} · waiting"
        return "reading" if pages == 1 else f"{paper.done} of {pages} pages read"
    failed = sum(1 for sheet in paper.sheets if sheet.state == "failed")
    words = [pages_of(pages, paper.total)]
    if failed:
        words.append("could not be read" if failed == pages else f"{failed} failed")
    elif all(sheet.state == "stopped" for sheet in paper.sheets):
        words.append("stopped")
    if paper.kept is None:
        words.append("not kept")
    else:
        words.append(when(paper.created or now, now))
    return " · ".join(words)


def pages_of(kept: int, total: int) -> str:
    """How many pages there are, and of how many."""
    return counted(total, "page") if kept >= total else f"{kept} of {counted(total, 'page')}"


def when(seconds: float, now: float) -> str:
    """A moment as people say it."""
    then, today = time.localtime(seconds), time.localtime(now)
    clock = time.strftime("%H:%M", then)
    if then[:3] == today[:3]:
        return f"today {clock}"
    if then[:3] == time.localtime(now - 86_400)[:3]:
        return f"yesterday {clock}"
    year = "" if then.tm_year == today.tm_year else f" {then.tm_year}"
    return f"{then.tm_mday} {time.strftime('%B', then)}{year}"
