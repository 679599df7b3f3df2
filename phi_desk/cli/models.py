"""`phi-desk models`: which models this computer has, and how to get, check and remove them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from phi_desk.cli.download_bar import DownloadBar
from phi_desk.errors import CheckpointError, UsageError
from phi_desk.model.download.checksum import is_intact
from phi_desk.model.download.record import read_record
from phi_desk.model.download.values import (
    PUBLISHED_REPO,
    PUBLISHED_REVISION,
    DownloadProgress,
    DownloadRequest,
    bytes_in_words,
)
from phi_desk.services.catalog import DOWNLOAD_HINT
from phi_desk.services.catalog_entry import Entry
from phi_desk.services.embedded import changed_files, demo_sentence

if TYPE_CHECKING:
    from phi_desk.app.wiring import App
    from phi_desk.cli.output import Output

SHOWN_DETAILS = 20  # findings shown without --json; all of them are in its event


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One action a line, each with its own few options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")

    def action(name: str, summary: str) -> argparse.ArgumentParser:
        description = f"{summary[:1].upper()}{summary[1:]}."
        return actions.add_parser(name, help=summary, description=description)

    action("list", "show the models of this computer and their state")
    add = action("add", "know a folder by a name; nothing is copied")
    add.add_argument("folder", metavar="DIR", type=Path, help="the folder with config.json")
    add.add_argument("--name", help="the name (the folder's own)")
    download = action("download", "fetch a model's published files, or continue, check and repair")
    download.add_argument("--repo", default=PUBLISHED_REPO, help=f"({PUBLISHED_REPO})")
    download.add_argument("--revision", help="branch, tag or commit (the one Phi Desk knows)")
    download.add_argument("--name", default="", help="the name (the repository's own)")
    download.add_argument(
        "--adapters",
        action=argparse.BooleanOptionalAction,
        help="also the folders of the adapters (where the weights do not hold them)",
    )
    convert = action("convert", "write a model in the native layout into a new folder")
    convert.add_argument("source", metavar="NAME|DIR", help="the model")
    convert.add_argument("target", metavar="OUT", type=Path, help="the folder to make")
    verify = action("verify", "check a model's files and say what is wrong")
    verify.add_argument("source", metavar="NAME|DIR", nargs="?", help="the model (the default)")
    verify.add_argument("--full", action="store_true", help="read every weight and checksum too")
    remove = action("remove", "delete a downloaded model, or forget an added one")
    remove.add_argument("name", metavar="NAME", help="its name")
    use = action("use", "choose the model that is used when none is named")
    use.add_argument("name", metavar="NAME", nargs="?", help="its name (without: say which it is)")


def run(args: argparse.Namespace, app: App, out: Output) -> int:
    """Do one action; 0 when it is done.

    Raises:
        PhiDeskError: it failed, or found what it was asked to look for.
    """
    if args.action is None:
        raise UsageError("No action was given.", "See `phi-desk models --help`.")
    out.note(app.catalog.notice)
    _ACTIONS[args.action](args, app, out)
    return 0


def _list(args: argparse.Namespace, app: App, out: Output) -> None:
    entries = app.catalog.list()
    for entry in entries:
        out.event("model", **_as_json(entry))
        mark = "*" if entry.default else " "
        facts = ", ".join(
            fact for fact in (entry.origin, entry.layout, bytes_in_words(entry.size)) if fact
        )
        out.line(f"{mark} {entry.name} ({facts})")
        out.line(f"    {entry.folder}")
        out.line(f"    {entry.sentence}")
    if not entries:
        out.line(f"There is no model yet. {DOWNLOAD_HINT}.")
    out.event("finished", models=len(entries), notice=app.catalog.notice)


def _add(args: argparse.Namespace, app: App, out: Output) -> None:
    entry = app.catalog.add(args.folder, args.name)
    out.line(f"{entry.folder} is known as “{entry.name}” now.")
    out.event("finished", **_as_json(entry))


def _download(args: argparse.Namespace, app: App, out: Output) -> None:
    from phi_desk.model.download.fetch import download

    published = args.repo == PUBLISHED_REPO
    request = DownloadRequest(
        models=app.catalog.models,
        name=args.name,
        repo=args.repo,
        revision=args.revision or (PUBLISHED_REVISION if published else "main"),
        adapters=args.adapters,
        offline=True if app.offline else None,
    )
    app.catalog.check_free(request.folder_name)
    with DownloadBar(hidden=out.json) as bar:
        download(request, _reporter(bar, out), app.cancel)
    entry = app.catalog.find(request.folder_name)
    if entry.state != "ok":
        raise CheckpointError(
            f"The files of “{entry.name}” are here, but Phi Desk cannot use them: {entry.sentence}",
            f"`phi-desk models remove {entry.name}` deletes them.",
        )
    out.line(f"“{entry.name}” is ready: {bytes_in_words(entry.size)} in {entry.folder}.")
    out.event("finished", **_as_json(entry))


def _reporter(bar: DownloadBar, out: Output) -> Callable[[DownloadProgress], None]:
    """Show progress; a note is said once, however often it is reported."""
    said = {""}

    def report(progress: DownloadProgress) -> None:
        bar.show(progress)
        if progress.note not in said:
            said.add(progress.note)
            bar.end()
            out.note(progress.note)
        if out.json:
            values = asdict(progress)
            phase, done, total = (values.pop(key) for key in ("phase", "done", "total"))
            out.progress(phase, done, total, **values)

    return report


def _convert(args: argparse.Namespace, app: App, out: Output) -> None:
    from phi_desk.model.convert import convert

    source = app.catalog.resolve(args.source)

    def report(done: int, total: int) -> None:
        out.progress("convert", done, total)

    convert(source, args.target.expanduser(), progress=report, cancel=app.cancel)
    out.close()
    out.line(f"{args.target} holds the model in the native layout.")
    out.event("finished", folder=str(args.target.expanduser()))


def _verify(args: argparse.Namespace, app: App, out: Output) -> None:
    from phi_desk.model.verify import verify

    folder = app.catalog.resolve(args.source)
    if args.full:
        _check_embedded(folder)
        _check_published(folder, app, out)
    report = verify(
        folder,
        quick=not args.full,
        on_bytes=lambda done, total: out.progress("check", done, total),
        cancel=app.cancel,
    )
    out.close()
    out.event("finished", ok=report.ok, sentence=report.sentence, details=list(report.details))
    if not report.ok:
        for detail in report.details[:SHOWN_DETAILS]:
            out.line(detail)
        if (more := len(report.details) - SHOWN_DETAILS) > 0:
            out.line(f"... and {more} more")
        raise CheckpointError(report.sentence, report.hint, report.details)
    out.line(f"{report.sentence} {report.hint}".strip())


def _check_embedded(folder: Path) -> None:
    """That the demo model's files still are those that came with the program.

    Raises:
        CheckpointError: some are not.
    """
    if demo_sentence(folder) and (changed := changed_files(folder)):
        raise CheckpointError(
            f"Files of the demo model are not as they came: {', '.join(changed)}.",
            "Get a fresh copy of Phi Desk.",
        )


def _check_published(folder: Path, app: App, out: Output) -> None:
    """Where we downloaded the files: that they still are the published ones, bit for bit.

    Raises:
        CheckpointError: one is not.
    """
    record = read_record(folder)
    files = record.files if record else ()
    total, before = sum(file.size for file in files), 0

    def report(done: int) -> None:
        out.progress("checksum", before + done, total)

    for file in files:
        if not is_intact(file, folder / file.path, report, app.cancel):
            raise CheckpointError(
                f"{file.path} is not as it was published.",
                "Repair it with `phi-desk models download`: only damaged files are fetched again.",
            )
        before += file.size


def _remove(args: argparse.Namespace, app: App, out: Output) -> None:
    removal = app.catalog.remove(args.name)
    if removal.deleted:
        out.line(f"“{removal.name}” is deleted: {bytes_in_words(removal.deleted)} are free again.")
    else:
        out.line(f"“{removal.name}” is forgotten; no file was touched.")
    for path in removal.kept:
        out.line(f"Left alone, because Phi Desk did not put it there: {path}")
    kept = [str(path) for path in removal.kept]
    out.event("finished", model=removal.name, deleted=removal.deleted, kept=kept)


def _use(args: argparse.Namespace, app: App, out: Output) -> None:
    if args.name is not None:
        app.catalog.default = args.name
    folder = app.catalog.resolve(None)
    name = app.catalog.default
    out.line(f"Used when none is named: “{name}” in {folder}." if name else f"{folder} is used.")
    out.event("finished", model=name, folder=str(folder))


def _as_json(entry: Entry) -> dict[str, object]:
    values = asdict(entry)
    return {"model": values.pop("name"), **values, "folder": str(entry.folder)}


_Action = Callable[[argparse.Namespace, "App", "Output"], None]
_ACTIONS: dict[str, _Action] = {
    "list": _list,
    "add": _add,
    "download": _download,
    "convert": _convert,
    "verify": _verify,
    "remove": _remove,
    "use": _use,
}
