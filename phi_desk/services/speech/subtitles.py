"""Writes cues as SubRip (.srt) and WebVTT (.vtt); knows no model and no file."""

from __future__ import annotations

from phi_desk.services.speech.cues import Cue

VTT_HEADER = "WEBVTT\n\n"


def srt_block(number: int, cue: Cue) -> str:
    """One SubRip cue: number, times with a comma, lines, and an empty line."""
    times = f"{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}"
    lines = "\n".join(line.replace("-->", "->") for line in cue.lines)
    return f"{number}\n{times}\n{lines}\n\n"


def vtt_block(cue: Cue) -> str:
    """One WebVTT cue: times with a dot, lines with `&`, `<` and `>` escaped, and an empty line."""
    times = f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}"
    return f"{times}\n" + "\n".join(map(_escaped, cue.lines)) + "\n\n"


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, mark: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}{mark}{milliseconds:03d}"
