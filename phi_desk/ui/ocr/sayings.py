"""What the page Read says, and how it names exported files; knows no widget."""

from __future__ import annotations

from pathlib import Path

from phi_desk.errors import InputError, PhiDeskError
from phi_desk.services.history.pages.export import FORMS, PageForm
from phi_desk.ui.ocr.values import Outcome

SAID: dict[Outcome, str] = {
    "copied": "Copied.",
    "read": "Read.",
    "blank": "There is no text to copy.",
    "failed": "It could not be read.",
    "stopped": "Stopped; what has been read stays.",
}
EXPORTS: dict[PageForm, str] = {
    "txt": "Text (*.txt)",
    "md": "Markdown (*.md)",
    "csv": "Tables as CSV (*.csv)",
    "json": "JSON (*.json)",
}


def export_target(path: Path, chosen: str) -> tuple[Path, PageForm]:
    """Where to write and how: the name's own ending counts, else the kind that was chosen."""
    ending = path.suffix.lower().removeprefix(".")
    kind: PageForm = next((form for form, words in EXPORTS.items() if words == chosen), "txt")
    named = next((form for form in FORMS if form == ending), None)
    if named is None:
        return path.with_name(f"{path.name}.{kind}"), kind
    # The name was proposed with .txt: who chose another kind means the kind.
    return (path, named) if named != "txt" else (path.with_suffix(f".{kind}"), kind)


def why_not(addresses: tuple[str, ...], text: str) -> PhiDeskError:
    """What was dropped or pasted is nothing to read."""
    if addresses:
        return InputError(
            "Phi Desk does not fetch anything from the web by itself.",
            "Copy the picture in the browser and paste it here, or save it and drop the file.",
            addresses,
        )
    if text:
        return InputError(
            "These are words already.", "Drop or paste a picture, a PDF or a folder to read it."
        )
    return InputError(
        "There is no picture here.", "Copy a picture first, or drop a file, and try again."
    )
