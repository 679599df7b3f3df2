"""`phi-desk transcribe`: recordings into text or subtitles."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.common import adapter_name, answer_options
from phi_desk.cli.files import for_each_file
from phi_desk.errors import UsageError

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output

FORMAT_NAMES = ("text", "json", "srt", "vtt")
MAX_TOKENS = 1024  # 30 s of fast speech take about 150 in English; both strands twice to four times


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files and the format."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a sound or video file")
    parser.add_argument("--format", choices=FORMAT_NAMES, default="text", help="(text)")


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Transcribe; the exit code. Raises `PhiDeskError`."""
    refuse_joined_subtitles(args.format, len(args.files), out)
    options = answer_options(args, max_tokens=MAX_TOKENS)
    from phi_desk.cli.hearing import hear_file
    from phi_desk.services.speech.formats import Wanted
    from phi_desk.services.speech.job import SpeechJob

    job = SpeechJob(options=options, adapter=adapter_name(args))
    return for_each_file(
        [Path(name).expanduser() for name in args.files],
        out,
        lambda file: hear_file(file, job, args.format, Wanted(about={"file": str(file)}), app, out),
        headers=args.format == "text",
    )


def refuse_joined_subtitles(name: str, files: int, out: Output) -> None:
    """Raise `UsageError` when the subtitles of several files would run into each other."""
    if name in ("srt", "vtt") and files > 1 and not out.json:
        raise UsageError(
            f"Subtitles of {files} files do not fit into one output.",
            "Run the command once a file, or add --json.",
        )
