"""The catalogue of models as a reader of its two json files, with odd ones for it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from data_makers import checkpoints_odd, odd_places
from data_makers.mutations import (
    Place,
    changed,
    odd_texts,
    spelt,
    spoiled,
    spoiled_json,
)
from hypothesis import strategies as st

from robustness.reader import Case, Reader

_REGISTRY: dict[str, Any] = {
    "schema": 1,
    "default": "one",
    "models": [{"name": "one", "folder": "/nowhere/one"}, {"name": "two", "folder": "models"}],
}
_RECORD: dict[str, Any] = {
    "schema": 1,
    "repo": "a/b",
    "revision": "main",
    "commit": "0" * 40,
    "files": [{"path": "config.json", "size": 3, "digest": "sha256:00"}],
    "checked": ["config.json"],
}


def _home(folder: Path, registry: bytes, record: bytes) -> Path:
    model = folder / "home" / "models" / "fetched"
    model.mkdir(parents=True)
    (model / ".phi-desk-download.json").write_bytes(record)
    path = folder / "home" / "models.json"
    path.write_bytes(registry)
    return path


def _make_registry(seed: int, folder: Path) -> Case:
    random_ = random.Random(seed)
    kinds = sorted(odd_places.KINDS)
    path = _home(folder, json.dumps(_REGISTRY).encode(), json.dumps(_RECORD).encode())
    record = folder / "home/models/fetched/.phi-desk-download.json"
    target = path if seed % 2 else record
    if seed < 2 * len(kinds):
        kind = kinds[seed // 2]
        odd_places.place(kind, target)
        return Case(path=path, what=f"{target.name}: {kind}", must="read")
    aside = folder / "spoilt"
    aside.mkdir()
    target.rename(aside / "x.json")
    checkpoints_odd.odd_json(random_, aside)
    (aside / "x.json").rename(target)
    aside.rmdir()
    return Case(path=path, what=f"odd {target.name}", must="read")


def _spoilt_registries(valid: object) -> st.SearchStrategy[tuple[bytes, bytes]]:
    def of(value: dict[str, Any], *texts: Place) -> st.SearchStrategy[bytes]:
        changes = st.lists(st.tuples(st.sampled_from(texts), odd_texts), min_size=1, max_size=3)
        return st.one_of(
            spoiled_json(value),
            spoiled(json.dumps(value).encode()),
            changes.map(lambda told: spelt(changed(value, told))),
        )

    return st.tuples(
        of(
            _REGISTRY, ("default",), *(("models", n, k) for n in (0, 1) for k in ("name", "folder"))
        ),
        of(_RECORD, ("files", 0, "path"), ("files", 0, "digest"), ("checked", 0), ("repo",)),
    )


def _read_registry(path: Path) -> str:
    """A broken list is no failure: it is reported and the rest works; nothing of it is lost."""
    from phi_desk.errors import PhiDeskError
    from phi_desk.services.catalog import Catalog

    catalog = Catalog(path.parent, embedded=path.parent / "none", read=lambda folder: "native")
    entries = catalog.list()
    for entry in entries:
        assert catalog.find(entry.name).folder == entry.folder
    new = path.parent / "new"
    new.mkdir(exist_ok=True)
    for step in (
        lambda: catalog.resolve(None),
        lambda: catalog.resolve("one"),
        lambda: catalog.add(new, "another"),
        lambda: catalog.remove("another"),
        lambda: catalog.remove("fetched"),
    ):
        try:
            step()
        except PhiDeskError as error:
            assert error.sentence  # noqa: PT017 (a refusal is as right as a result)
    return f"{len(entries)} models; {catalog.notice}"


CATALOGUE = Reader(
    name="catalogue",
    make=_make_registry,
    valid=lambda folder: None,
    examples=_spoilt_registries,
    write=lambda valid, example, folder: _home(folder, *example),
    read=_read_registry,
    modules=("phi_desk.services.catalog",),
)
