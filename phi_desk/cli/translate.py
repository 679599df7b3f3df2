"""`phi-desk translate`: recordings and texts into another language."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.ask import question_text
from phi_desk.cli.common import adapter_name, answer_options
from phi_desk.cli.files import Outcome, for_each_file
from phi_desk.cli.transcribe import FORMAT_NAMES, MAX_TOKENS, refuse_joined_subtitles
from phi_desk.errors import UsageError
from phi_desk.services.json_lines import json_line

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output
    from phi_desk.engine.events import Finished, StreamEvent
    from phi_desk.engine.languages import Language


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files or a text, the language and the format."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="a sound or video file, or a text file (.txt, .md)"
    )
    parser.add_argument("--to", required=True, metavar="LANGUAGE", help="such as German or de")
    parser.add_argument("--text", metavar="TEXT", help="a text instead of files; - reads a pipe")
    parser.add_argument("--format", choices=FORMAT_NAMES, default="text", help="(text)")
    parser.add_argument("--with-transcript", action="store_true", help="show what was said too")
    parser.add_argument(
        "--direct",
        action="store_true",
        help="translate without a transcript: a little faster, a little worse",
    )


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Translate; the exit code. Raises `PhiDeskError`."""
    from phi_desk.engine.languages import find_language

    language = find_language(args.to)
    _check(args, out)
    if args.text is not None:
        return _translate_typed(args, language, app, out)
    return for_each_file(
        [Path(name).expanduser() for name in args.files],
        out,
        lambda file: _translate_file(file, args, language, app, out),
        headers=args.format == "text",
    )


def _check(args: argparse.Namespace, out: Output) -> None:
    if bool(args.files) == (args.text is not None):
        raise UsageError("Give files or a text to translate, one of them.", "Use FILE or --text.")
    if args.direct and args.with_transcript:
        raise UsageError(
            "A direct translation makes no transcript.", "Leave out --direct or --with-transcript."
        )
    refuse_joined_subtitles(args.format, len(args.files), out)


def _translate_file(
    file: Path, args: argparse.Namespace, language: Language, app: App, out: Output
) -> Outcome:
    from phi_desk.cli.hearing import hear_file
    from phi_desk.services.speech.formats import Wanted
    from phi_desk.services.speech.job import SpeechJob
    from phi_desk.services.texts import TEXT_SUFFIXES, read_text_file

    if file.suffix.lower() in TEXT_SUFFIXES:
        _refuse_times(args)
        return _translate_words(read_text_file(file), args, language, app, out, str(file))
    job = SpeechJob(
        language=language,
        direct=args.direct,
        options=answer_options(args, max_tokens=MAX_TOKENS),
        adapter=adapter_name(args),
    )
    wanted = Wanted(
        transcript=args.with_transcript,
        translation=True,
        about={"file": str(file), "language": language.code},
    )
    return hear_file(file, job, args.format, wanted, app, out)


def _translate_typed(args: argparse.Namespace, language: Language, app: App, out: Output) -> int:
    _refuse_times(args)
    words = question_text(args.text, with_media=False)
    if not words.strip():
        raise UsageError("There is nothing to translate.", "Give the words behind --text.")
    return 130 if _translate_words(words, args, language, app, out) == "cancelled" else 0


def _translate_words(
    words: str,
    args: argparse.Namespace,
    language: Language,
    app: App,
    out: Output,
    file: str | None = None,
) -> Outcome:
    from phi_desk.cli.answers import show_answer
    from phi_desk.services.texts import translate_text

    options = answer_options(args, max_tokens=MAX_TOKENS)
    engine = app.engine(out.on_progress)
    events = translate_text(
        words, language, engine, app.cancel, options=options, adapter=adapter_name(args)
    )
    about = {} if file is None else {"file": file}
    if args.format == "text" or out.json:
        finished = show_answer(events, out, **about)
    else:
        finished = _last(events)
        about |= {"language": language.code, "text": words, "translation": finished.text}
        out.line(json_line({**about, "reason": finished.reason}))
        out.finished(finished)
    return "cancelled" if finished.reason == "cancelled" else "done"


def _last(events: Iterable[StreamEvent]) -> Finished:
    from phi_desk.engine.events import Finished

    return next(event for event in events if isinstance(event, Finished))


def _refuse_times(args: argparse.Namespace) -> None:
    if args.format in ("srt", "vtt"):
        raise UsageError("A text has no times for subtitles.", "Use --format text or json.")
