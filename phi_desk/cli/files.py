"""Runs a command over several files: a failing one is reported and does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from phi_desk.cli.output import Output
from phi_desk.errors import Cancelled, PhiDeskError, UsageError

Outcome = Literal["done", "failed", "cancelled"]


def for_each_file(
    files: Sequence[Path], out: Output, work: Callable[[Path], Outcome], *, headers: bool
) -> int:
    """Do `work` with every file; the exit code: 130 when one was stopped, 1 when one failed.

    With `headers`, each file's name stands above its words where there are several.

    Raises:
        UsageError: a file does not fit what was asked for.
        Cancelled: the person stopped it.
    """
    failed = False
    for number, file in enumerate(files):
        if headers and len(files) > 1:
            out.line(f"== {file} ==" if number == 0 else f"\n== {file} ==")
        try:
            outcome = work(file)
        except (Cancelled, UsageError):
            raise
        except PhiDeskError as error:
            out.close()
            out.error(error, file=str(file))
            outcome = "failed"
        if outcome == "cancelled":
            return 130
        failed = failed or outcome == "failed"
    return 1 if failed else 0
