"""`phi-desk`: joins the command line with the window, which know nothing of each other.

Nothing of the window is imported before it is opened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.main import main as run_line

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.bench.ui import WindowRun
    from phi_desk.bench.ui_figures import WindowFigures


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; without a command, or with files only, open the window.

    Without `argv` this is the whole process, and after a window it ends here.
    """
    code = run_line(argv, open_window=_open_window, drive_window=_drive_window)
    if argv is None and "PySide6" in sys.modules:
        from phi_desk.ui.opening import leave

        leave(code)
    return code


def _open_window(app: App, files: Sequence[Path]) -> int:
    from phi_desk.ui.opening import open_window

    return open_window(app, files)


def _drive_window(asked: WindowRun, told: Callable[[WindowFigures], None]) -> None:
    from phi_desk.ui.bench.drive import drive

    drive(asked, told)


if __name__ == "__main__":
    sys.exit(main())
