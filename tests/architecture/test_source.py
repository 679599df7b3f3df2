"""Rules of the house that a reader would otherwise have to check by eye."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400  # lines
MODULES = sorted((ROOT / "phi_desk").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
CODE = [ROOT / "bootstrap.py", *MODULES, *TESTS]
TEXTS = [
    *CODE,
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "resources").glob("*.t*")),
    *sorted(ROOT.glob("*.md")),
    ROOT / "pyproject.toml",
    ROOT / ".ci" / "run",
]
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "manager", "misc", "common_utils"}
# A folder of the machine this was written on has no business in the program. What every Linux
# has (/proc, /sys, /dev, /etc, the X server's sockets) is not meant.
MACHINE_PATH = re.compile(r"(?<![\w.~/}>-])/(?:home|root|work|Users|tmp|opt|mnt)/[\w.]+")
ALLOWED_PATHS = {"/tmp/.X11"}


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 20
    assert {"README.md", "architecture.md", "constraints.txt"} <= {path.name for path in TEXTS}


def test_no_file_is_longer_than_it_may_be() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {shown(path): count for path, count in lines.items() if count > LONGEST_FILE} == {}


def test_every_module_says_what_it_is() -> None:
    """A sentence at its top; an empty `__init__.py` has nothing to say."""
    silent = [
        shown(path)
        for path in CODE
        if path.read_text(encoding="utf-8").strip()
        and not opening(path).endswith((".", "!", "?", "`", ":"))
    ]
    assert silent == []


def test_nothing_is_printed() -> None:
    printed = [
        f"{shown(path)}:{node.lineno}"
        for path in (*MODULES, *TESTS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert printed == []


def test_no_module_is_a_dumping_ground() -> None:
    assert [shown(path) for path in MODULES if path.stem in DUMPING_GROUNDS] == []


def test_no_machine_s_folders_are_named() -> None:
    named = []
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        found = [match for match in MACHINE_PATH.findall(text) if match not in ALLOWED_PATHS]
        if found or str(ROOT) in text:
            named.append((shown(path), found))
    assert named == []


def shown(path: Path) -> str:
    """A path as a person would name it."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def opening(path: Path) -> str:
    """The first paragraph of a module's docstring; empty when it has none."""
    return (ast.get_docstring(tree(path)) or "").split("\n\n")[0].rstrip()
