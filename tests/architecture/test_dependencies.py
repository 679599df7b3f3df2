"""Every dependency is wanted, pinned and explained."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / "resources" / "constraints.txt"
EXPLAINED = ROOT / "docs" / "dependencies.md"
LINE = re.compile(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*( ; [\w.]+ == \"\w+\")?")


def declared(*, dev: bool) -> list[Requirement]:
    """What pyproject.toml asks for."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*about["project"]["dependencies"], *about["build-system"]["requires"]]
    if dev:
        wanted += about["project"]["optional-dependencies"]["dev"]
    return [Requirement(one) for one in wanted]


def pinned() -> dict[str, str]:
    """Name -> version of every line of the constraints that holds on this system."""
    rows: dict[str, str] = {}
    for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate():
                rows[canonicalize_name(one.name)] = next(iter(one.specifier)).version
    return rows


def needed() -> dict[str, str]:
    """Name -> installed version of everything that the declared requirements bring along."""
    found: dict[str, str] = {}
    todo = [one for one in declared(dev=True) if one.marker is None or one.marker.evaluate()]
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        if name in found:
            continue
        installed = distribution(one.name)
        found[name] = installed.version.partition("+")[0]  # "+cpu" names a build, not a version
        for line in installed.requires or []:
            below = Requirement(line)
            extras = ("", *one.extras)
            if below.marker is None or any(below.marker.evaluate({"extra": e}) for e in extras):
                todo.append(below)
    return found


def test_a_constraint_is_a_name_and_one_version() -> None:
    """No address of an index, no folder of a machine, no range, no build for one device."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    odd = [line for line in lines if not line.startswith("#") and not LINE.fullmatch(line)]
    assert odd == []
    assert "torch==" in "\n".join(lines)


def test_everything_that_is_needed_is_pinned_to_what_was_tested() -> None:
    pins = pinned()
    wrong = {f"{n}=={v}": pins.get(n) for n, v in needed().items() if pins.get(n) != v}
    assert wrong == {}


def test_nothing_is_pinned_that_nobody_needs() -> None:
    assert set(pinned()) - set(needed()) == set()


def test_every_dependency_is_explained() -> None:
    text = EXPLAINED.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    explained = {canonicalize_name(row.split("`")[1]): row.split("|")[1:-1] for row in rows}
    for one in declared(dev=True):
        cells = explained.get(canonicalize_name(one.name))
        assert cells, f"{one.name} is not explained in docs/dependencies.md"
        assert all(cell.strip() for cell in cells), f"{one.name}: a cell is empty"


def test_nothing_is_explained_that_is_gone() -> None:
    text = EXPLAINED.read_text(encoding="utf-8")
    rows = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    names = {canonicalize_name(one.name) for one in declared(dev=True)}
    assert {canonicalize_name(row) for row in rows} - names == set()
