"""The options that every command has, and what they mean; imports nothing heavy."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phi_desk.errors import InputError
from phi_desk.services.engines import EngineOptions, choose_adapter

if TYPE_CHECKING:
    from phi_desk.engine.messages import Options

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "fp32", "bf16", "fp16", "int8", "int4")

DEFAULTS: dict[str, Any] = {
    "home": None,
    "model": None,
    "device": "auto",
    "precision": "auto",
    "adapter": "auto",
    "max_tokens": None,
    "temperature": 0.0,
    "top_p": 1.0,
    "seed": None,
    "max_crops": 36,
    "json": False,
    "offline": False,
    "verbose": 0,
}


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """Add them without defaults, so that they may stand before the command and after it.

    An option that the command has itself stays the command's.
    """
    group = parser.add_argument_group("common options")

    def add(*names: str, **settings: Any) -> None:
        with suppress(argparse.ArgumentError):
            group.add_argument(*names, default=argparse.SUPPRESS, **settings)

    add("--home", type=Path, metavar="DIR", help="the folder of models, settings and logs")
    add("--model", metavar="NAME|DIR", help="which model, by name or folder")
    add("--device", choices=DEVICES, help="where it runs (auto)")
    add("--precision", choices=PRECISIONS, help="how exactly it runs (auto: what fits)")
    add("--adapter", metavar="auto|none|NAME|DIR", help="which adapter (auto: by the input)")
    add("--max-tokens", type=int, metavar="N", help="most tokens of an answer")
    add("--temperature", type=float, metavar="T", help="0 always takes the likeliest word (0)")
    add("--top-p", type=float, metavar="P", help="sample from this share of likely words (1)")
    add("--seed", type=int, metavar="N", help="makes a sampled answer repeatable")
    add("--max-crops", type=int, metavar="N", help="most 448-pixel parts of a picture (36)")
    add("--json", action="store_true", help="one JSON event a line on stdout")
    add("--offline", action="store_true", help="refuse every connection")
    add("-v", "--verbose", action="count", help="show the log on stderr; twice for more of it")


def fill_defaults(args: argparse.Namespace) -> None:
    """Give every common option that was not typed its default."""
    for name, value in DEFAULTS.items():
        if not hasattr(args, name):
            setattr(args, name, value)


def engine_options(args: argparse.Namespace) -> EngineOptions:
    """Which model, where and how, as typed.

    Raises:
        InputError: the adapter's folder is not there.
    """
    _, folders = choose_adapter(args.adapter)
    return EngineOptions(
        model=args.model, device=args.device, precision=args.precision, adapters=folders
    )


def adapter_name(args: argparse.Namespace) -> str:
    """The adapter that requests name."""
    return choose_adapter(args.adapter)[0]


def answer_options(args: argparse.Namespace, *, max_tokens: int) -> Options:
    """How to answer, as typed; `max_tokens` is the command's own limit.

    Raises:
        UsageError: a value out of its range.
    """
    from phi_desk.engine.messages import Options

    return Options(
        max_tokens=max_tokens if args.max_tokens is None else args.max_tokens,
        temperature=args.temperature,
        top_p=args.top_p,
        seed=args.seed,
        max_crops=args.max_crops,
    )


def input_files(names: list[str]) -> tuple[Path, ...]:
    """The named files, looked at before a model is loaded for them.

    Raises:
        InputError: one is not there, or is a folder.
    """
    paths = tuple(Path(name).expanduser() for name in names)
    for path in paths:
        check_file(path)
    return paths


def check_file(path: Path) -> None:
    """Raise `InputError` unless `path` is a file that may be read."""
    if path.is_dir():
        raise InputError(f"“{path}” is a folder.", "Name the files in it.")
    if not path.exists():
        raise InputError(f"There is no file “{path}”.", "Check the name and the folder.")
    if not os.access(path, os.R_OK):
        raise InputError(f"“{path}” cannot be opened.", "Check that you may read it.")
