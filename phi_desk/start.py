"""`phi-desk`: joins the command line with the window, which know nothing of each other.

Nothing of the window is imported before it is opened.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.main import main as run_line

if TYPE_CHECKING:
    from phi_desk.app.wiring import App


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; without a command, or with files only, open the window."""
    return run_line(argv, open_window=_open_window)


def _open_window(app: App, files: Sequence[Path]) -> int:
    from phi_desk.ui.app import open_window

    return open_window(app, files)


if __name__ == "__main__":
    sys.exit(main())
