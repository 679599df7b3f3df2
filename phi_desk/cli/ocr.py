"""`phi-desk ocr`: the text of pictures and PDF pages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.common import adapter_name, answer_options
from phi_desk.cli.files import for_each_file

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output

FORMAT_NAMES = ("text", "markdown", "csv", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, the pages and the format."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a picture or a PDF")
    parser.add_argument("--pages", metavar="1-3,7", help="which pages (all)")
    parser.add_argument("--format", choices=FORMAT_NAMES, default="text", help="(text)")
    parser.add_argument("--dpi", type=float, default=200, metavar="N", help="of PDF pages (200)")
    parser.add_argument("--password", metavar="WORD", help="of an encrypted PDF")


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Read; the exit code. Raises `PhiDeskError`."""
    from phi_desk.cli.reading import read_file
    from phi_desk.services.ocr.pages import Document
    from phi_desk.services.ocr.recognition import MAX_TOKENS, OcrJob

    job = OcrJob(
        form="text" if args.format == "json" else args.format,
        options=answer_options(args, max_tokens=MAX_TOKENS),
        adapter=adapter_name(args),
    )
    return for_each_file(
        [Path(name).expanduser() for name in args.files],
        out,
        lambda file: read_file(
            Document(path=file, pages=args.pages, dpi=args.dpi, password=args.password),
            job,
            args.format,
            app,
            out,
        ),
        headers=args.format in ("text", "markdown"),
    )
