"""`phi-desk live`: speech into words, and another language, while it is spoken."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cancel import CancelToken
from phi_desk.cli.common import adapter_name, answer_options
from phi_desk.cli.streams import interrupts_go_to
from phi_desk.cli.transcribe import FORMAT_NAMES, MAX_TOKENS
from phi_desk.errors import PhiDeskError, UsageError

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output
    from phi_desk.media.capture import Source
    from phi_desk.media.file_source import Pace

PACES: tuple[Pace, ...] = ("realtime", "fast")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the sound comes from, the language and the format."""
    parser.epilog = "Ctrl-C stops listening and finishes what was heard; a second one gives it up."
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--mic",
        nargs="?",
        const="",
        metavar="DEVICE",
        help="a microphone, by its name or a part of it; without a name the default one",
    )
    source.add_argument("--system-audio", action="store_true", help="what this computer plays")
    source.add_argument("--file", metavar="F", help="a sound or video file")
    parser.add_argument("--pace", choices=PACES, help="of a file (realtime)")
    parser.add_argument("--to", metavar="LANGUAGE", help="translate into it, such as German or de")
    parser.add_argument("--format", choices=FORMAT_NAMES, default="text", help="(text)")


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Listen until it ends or Ctrl-C; the exit code. Raises `PhiDeskError`."""
    if args.pace is not None and args.file is None:
        raise UsageError("Only a file has a pace.", "Use --pace together with --file.")
    from phi_desk.cli.live_words import Showing
    from phi_desk.engine.languages import find_language
    from phi_desk.media.vad import open_detector
    from phi_desk.services.live.loop import hear
    from phi_desk.services.live.session import LiveSession
    from phi_desk.services.speech.job import SpeechJob

    language = find_language(args.to) if args.to is not None else None
    options = answer_options(args, max_tokens=MAX_TOKENS)
    job = SpeechJob(language=language, options=options, adapter=adapter_name(args))
    stop = CancelToken()
    with contextlib.ExitStack() as stack:
        if args.file is None and not args.verbose:
            stack.enter_context(libraries_into_log())
        source = stack.enter_context(contextlib.closing(open_source(args, app.cancel)))
        engine = app.engine(out.on_progress)
        session = LiveSession(engine, job, open_detector(), rate=source.rate, cancel=app.cancel)
        showing = Showing(args.format, source.name, language, out)
        stack.enter_context(stop_on_interrupt(stop, app.cancel))
        events = stack.enter_context(contextlib.closing(hear(source, session, stop)))
        showing.begin(live=args.file is None)
        try:
            for event in events:
                showing.show(event)
        except PhiDeskError as error:
            showing.fail(error)
            raise
        showing.end(cancelled=app.cancel.cancelled, notice=getattr(source, "notice", ""))
    return 130 if app.cancel.cancelled else 0


def open_source(args: argparse.Namespace, cancel: CancelToken) -> Source:
    """What the line asks to listen to.

    Raises:
        PhiDeskError: it is not there.
    """
    if args.file is not None:
        from phi_desk.media.file_source import FileSource

        path = Path(args.file).expanduser()
        pace: Pace = args.pace or PACES[0]
        return FileSource(path, pace=pace, cancel=cancel)
    if args.system_audio:
        from phi_desk.media.system_audio import open_system_audio

        return open_system_audio()
    from phi_desk.media.microphone import open_microphone

    return open_microphone(args.mic or None)


@contextlib.contextmanager
def stop_on_interrupt(stop: CancelToken, cancel: CancelToken) -> Iterator[None]:
    """The first Ctrl-C sets `stop`, the second one `cancel`; the third one kills."""

    def on_interrupt(number: int, frame: object) -> None:
        if not stop.cancelled:
            stop.cancel()
        else:
            cancel.cancel()
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    with interrupts_go_to(on_interrupt):
        yield


@contextlib.contextmanager
def libraries_into_log() -> Iterator[None]:
    """What libraries write to the error output of the process goes into the log, not to the person.

    PortAudio and ALSA do so from a thread of their own, when a device goes.
    """
    if not _is_error_output(sys.stderr):
        yield
        return
    before, ours = sys.stderr, os.dup(2)
    log = _open_log()
    os.dup2(log, 2)
    os.close(log)
    with open(ours, "w", encoding="utf-8", errors=before.errors, buffering=1) as person:  # noqa: PTH123  (a descriptor has no path)
        sys.stderr = person
        try:
            yield
        finally:
            person.flush()
            sys.stderr = before
            os.dup2(ours, 2)


def _open_log() -> int:
    """The log file for appending, as a descriptor; nowhere when it cannot be written."""
    handlers = logging.getLogger("phi_desk").handlers
    for file in (one.baseFilename for one in handlers if isinstance(one, logging.FileHandler)):
        with contextlib.suppress(OSError):
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.open(os.devnull, os.O_WRONLY)


def _is_error_output(stream: object) -> bool:
    try:
        return stream.fileno() == 2  # type: ignore[attr-defined,no-any-return]
    except (AttributeError, OSError, ValueError):
        return False
