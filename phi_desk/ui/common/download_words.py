"""How far a download is, in words; knows no network."""

from __future__ import annotations

from phi_desk.model.download.values import DownloadProgress, bytes_in_words

PHASES = {
    "list": "Asking what there is…",
    "check": "Checking what arrived…",
    "wait": "Waiting…",
    "done": "Done.",
}


def in_words(progress: DownloadProgress) -> str:
    """How far a download is, how fast, and how long it will take."""
    parts = [PHASES.get(progress.phase, "")]
    if progress.total:
        parts.append(f"{bytes_in_words(progress.done)} of {bytes_in_words(progress.total)}")
    if progress.speed:
        parts.append(f"{bytes_in_words(progress.speed)} a second")
    if progress.seconds_left is not None:
        parts.append(f"about {_left(progress.seconds_left)} left")
    parts.append(progress.note)
    return " · ".join(part for part in parts if part)


def _left(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "a minute"
    return f"{minutes} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"
