"""`phi-desk`: reads the line, runs the command, and is the one place that reports failures."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.app.wiring import App, OpenEngine
from phi_desk.cli.common import engine_options
from phi_desk.cli.output import Output
from phi_desk.cli.parser import COMMANDS, module_of, parse
from phi_desk.cli.streams import cancel_on_interrupt, silence_stdout, use_utf8
from phi_desk.display import has_display
from phi_desk.errors import Cancelled, PhiDeskError, UsageError
from phi_desk.logs import configure_logging
from phi_desk.paths import home_folder

if TYPE_CHECKING:
    from phi_desk.bench.ui import Drive

logger = logging.getLogger(__name__)

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

# Read by huggingface_hub and transformers when they are imported. Only `models download` ever opens
# a connection; this makes sure that no library asks the network for anything on the way.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}

OpenWindow = Callable[[App, Sequence[Path]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What was handed down from above; see `main`."""

    open_engine: OpenEngine | None
    open_window: OpenWindow | None
    drive_window: Drive | None


def main(
    argv: Sequence[str] | None = None,
    *,
    open_engine: OpenEngine | None = None,
    open_window: OpenWindow | None = None,
    drive_window: Drive | None = None,
) -> int:
    """Run one command line; the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.

    `open_engine` takes the place of the engine on this machine. `open_window` is what a line
    without a command runs, with the files it names, and `drive_window` has the window measured;
    the command line itself knows no window.
    """
    given = _Given(open_engine=open_engine, open_window=open_window, drive_window=drive_window)
    use_utf8()
    logging.raiseExceptions = False  # a log that cannot be written shall not disturb the answer
    words = list(sys.argv[1:] if argv is None else argv)
    out = Output(json="--json" in words)
    try:
        code = _run(words, out, given)
        out.close()
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()
        return DONE  # whoever read the output has had enough of it
    except SystemExit as asked:  # argparse: help or version
        return asked.code if isinstance(asked.code, int) else FAILED
    return code


def _run(words: Sequence[str], out: Output, given: _Given) -> int:
    try:
        words, files = split_files(words)
        args = parse(words)
        if args.command is None:
            return _run_window(args, files, given.open_window)
        return _run_command(args, out, given)
    except (Cancelled, KeyboardInterrupt):
        return _interrupted(out)
    except UsageError as error:
        out.error(error)
        return WRONG_USAGE
    except PhiDeskError as error:
        logger.info("failed: %s %s", error, "\n".join(error.details), exc_info=True)
        out.error(error)
        return FAILED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  (the last place that can tell the person)
        return _failed_unexpectedly(error, out)
    finally:
        _close_log()


def _run_command(args: argparse.Namespace, out: Output, given: _Given) -> int:
    home = home_folder(args.home)
    configure_logging(home, args.verbose)
    downloads = args.command == "models" and args.action == "download"
    if args.offline or not downloads:
        os.environ.update(OFFLINE)
    app = App(
        home,
        engine_options(args),
        offline=args.offline,
        open_engine=given.open_engine,
        drive_window=given.drive_window,
    )
    with app, cancel_on_interrupt(app.cancel):
        return module_of(args.command).run(args, app, out)


def split_files(words: Sequence[str]) -> tuple[list[str], tuple[Path, ...]]:
    """The files at the end of a line without a command: they are for the window."""
    kept, files = list(words), list[Path]()
    if any(command.name in words for command in COMMANDS):
        return kept, ()
    while kept and not kept[-1].startswith("-") and Path(kept[-1]).expanduser().is_file():
        files.insert(0, Path(kept.pop()).expanduser())
    return kept, tuple(files)


def _run_window(
    args: argparse.Namespace, files: Sequence[Path], open_window: OpenWindow | None
) -> int:
    """Open the window, where there is one to open and a display to open it on.

    Raises:
        UsageError: there is neither.
    """
    if open_window is None:
        raise UsageError("No command was given.", "See `phi-desk --help`.")
    if not has_display():
        raise UsageError(
            "There is no display to open a window on.",
            "See `phi-desk --help` for what works in a terminal.",
        )
    home = home_folder(args.home)
    configure_logging(home, args.verbose)
    offline = args.offline or os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0")
    os.environ.update(OFFLINE)  # a download that the person starts does not ask these
    with App(home, engine_options(args), offline=offline) as app:
        return open_window(app, files)


def _interrupted(out: Output) -> int:
    out.interrupted()
    return INTERRUPTED


def _failed_unexpectedly(error: Exception, out: Output) -> int:
    """One sentence for a failure nobody foresaw; its traceback goes to the log."""
    log = logging.getLogger("phi_desk")
    if not log.handlers:  # it failed before the line was understood
        configure_logging(home_folder())
    logger.error("an unexpected failure", exc_info=error)
    files = (h for h in log.handlers if isinstance(h, logging.FileHandler))
    place = next((file.baseFilename for file in files), "the log")
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        known = PhiDeskError(f"The system says: {error.strerror}{where}.", f"More is in {place}.")
    else:
        known = PhiDeskError(
            f"Something went wrong inside Phi Desk ({type(error).__name__}).",
            f"Please report it with the end of {place}.",
        )
    out.error(known)
    return FAILED


def _close_log() -> None:
    """Give the log file back, so that nothing stays open behind a command."""
    log = logging.getLogger("phi_desk")
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
