"""Takes in what was dropped or pasted: finds documents, asks for passwords; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError, PhiDeskError
from phi_desk.media.pdf import PasswordError
from phi_desk.media.picture import Picture
from phi_desk.services.ocr.gathering import Found, NotFound, Wanted, gather
from phi_desk.services.ocr.sources import Source
from phi_desk.ui.ocr.values import ReadView
from phi_desk.ui.running import WorkRunner

OnFound = Callable[[Found, bool], None]  # the document, and whether its text shall be copied


class Intake:
    """Tells `on_found` about every document, as soon as it has been looked at."""

    def __init__(self, view: ReadView, drawing: WorkRunner, on_found: OnFound) -> None:
        self._view, self._drawing, self._on_found = view, drawing, on_found

    def add_files(self, files: Sequence[Path], wanted: Wanted, *, copies: bool = False) -> None:
        """Look at files and folders."""
        failed: list[NotFound] = []
        found = 0

        def work(cancel: CancelToken) -> Iterator[object]:
            yield from gather(files, wanted, cancel)

        def came(event: object) -> None:
            nonlocal found
            if isinstance(event, Found):
                found += 1
                self._on_found(event, copies)
            elif isinstance(event, NotFound) and isinstance(event.error, PasswordError):
                self._ask_password(event.path, wanted, copies)
            elif isinstance(event, NotFound):
                failed.append(event)

        def finished() -> None:
            if failed:
                self._view.tell(_in_one(failed, found + len(failed)))

        self._drawing.run(work, on_event=came, on_failed=self._view.tell, on_finished=finished)

    def add_picture(self, make: Callable[[], Picture], name: str, *, copies: bool = False) -> None:
        """Take pixels; `make` gives them, on a lane. They are held packed until they are read."""

        def work(cancel: CancelToken) -> Iterator[object]:
            from phi_desk.storage.encoding import to_png

            cancel.raise_if_cancelled()
            source = Source(content=to_png(make()), name=name)
            yield Found(source=source, total=1, pages=(1,))

        def came(event: object) -> None:
            if isinstance(event, Found):
                self._on_found(event, copies)

        self._drawing.run(work, on_event=came, on_failed=self._view.tell)

    def _ask_password(self, path: Path, wanted: Wanted, copies: bool) -> None:
        def answered(password: str) -> None:
            if password:
                self.add_files([path], replace(wanted, password=password), copies=copies)

        self._view.ask_password(path.name, wanted.password is not None, answered)


def _in_one(failed: Sequence[NotFound], total: int) -> PhiDeskError:
    """One sentence about all that could not be read."""
    if len(failed) == 1:
        return failed[0].error
    return InputError(
        f"{len(failed)} of {total} files could not be read.",
        failed[0].error.sentence,
        tuple(f"{one.path}: {one.error}" for one in failed),
    )
