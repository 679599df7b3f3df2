"""The published layout rewritten as the native one, tensor by tensor; knows no torch.

The bytes of every tensor stay as they are: only names, files and settings change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import CheckpointError
from phi_desk.model import keys
from phi_desk.model.files import TensorFile
from phi_desk.model.header import TensorEntry, read_header
from phi_desk.model.lora import WEIGHTS
from phi_desk.model.native_files import write_adapter_config, write_native_files
from phi_desk.model.new_folder import SMALL_FILES, new_folder, unused
from phi_desk.model.shards import Shards
from phi_desk.model.spec import ADAPTER_FOLDERS, AdapterSpec, CheckpointSpec
from phi_desk.model.verify import verify
from phi_desk.model.write import SHARD_BYTES, Planned, write_file, write_shards

_Source = tuple[Path, TensorEntry]
OnProgress = Callable[[int, int], None]


def convert(
    folder: Path,
    out: Path,
    *,
    progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> Path:
    """Write the native layout of the published checkpoint in `folder` into the new folder `out`.

    `progress(done, total)` counts bytes. `out` appears whole or not at all: everything is written
    beside it first. Needs a few megabytes of memory.

    Raises:
        ModelNotFoundError: when there is no model in `folder`.
        CheckpointError: when the checkpoint is damaged, or is not in the published layout.
        UsageError: when `out` is in use.
        DoesNotFitError: when the disk has too little room.
        Cancelled: when `cancel` was set; nothing is left behind.
    """
    spec = _readable(folder)
    out = unused(out)
    job = _Job(
        shards=Shards.open(folder),
        spec=spec,
        progress=progress,
        cancel=cancel or CancelToken(),
        total=_total(spec),
    )
    with new_folder(out, job.total + SMALL_FILES) as temporary:
        _write_model(job, temporary, shard_bytes)
        for adapter in spec.adapters.values():
            _write_adapter(job, adapter, temporary / ADAPTER_FOLDERS[adapter.name])
        write_native_files(spec, temporary)
        written = verify(temporary)
        if not written.ok:
            raise CheckpointError(f"The conversion failed: {written.sentence}", written.hint)
    return out


@dataclass(slots=True, kw_only=True)
class _Job:
    """What one conversion carries along; `done` and `total` are bytes."""

    shards: Shards
    spec: CheckpointSpec
    progress: OnProgress | None
    cancel: CancelToken
    total: int
    done: int = 0

    def on_bytes(self, count: int) -> None:
        self.cancel.raise_if_cancelled()
        self.done += count
        if self.progress is not None:
            self.progress(self.done, self.total)


def _readable(folder: Path) -> CheckpointSpec:
    report = verify(folder)
    if not report.ok or report.spec is None:
        raise CheckpointError(report.sentence, report.hint, report.details)
    if report.spec.layout != "published":
        what = "in the native layout" if report.spec.layout == "native" else "a text-only model"
        raise CheckpointError(
            f"There is nothing to convert: {folder.name} is already {what}.", "Use it as it is."
        )
    return report.spec


def _total(spec: CheckpointSpec) -> int:
    base = spec.sizes.loaded + spec.sizes.dead
    return base + sum(adapter.nbytes for adapter in spec.adapters.values())


def _write_model(job: _Job, out: Path, shard_bytes: int) -> None:
    """The model's tensors under their native names, in the order of the source."""
    sources: dict[str, _Source] = {}
    for file, entry in job.shards.entries():
        name = keys.to_native(entry.name)
        # A head that repeats the tied embedding is not written again.
        if keys.is_adapter_key(entry.name) or (name == keys.HEAD and job.spec.tied):
            continue
        sources[name] = (job.spec.folder / file, entry)
    with _Reader(sources) as reader:
        write_shards(out, reader.planned, reader.read, job.on_bytes, shard_bytes=shard_bytes)


def _write_adapter(job: _Job, adapter: AdapterSpec, out: Path) -> None:
    """An adapter in peft's format, out of the shards or out of its folder."""
    out.mkdir()
    write_adapter_config(adapter.config, out)
    sources: dict[str, _Source] = {}
    for path, entry in _adapter_entries(job, adapter):
        key = keys.lora_key(entry.name)
        if key is not None:
            sources[f"{keys.PEFT_PREFIX}{key.module}.lora_{key.matrix}.weight"] = (path, entry)
    with _Reader(sources) as reader:
        write_file(out / WEIGHTS, reader.planned, reader.read, job.on_bytes)


def _adapter_entries(job: _Job, adapter: AdapterSpec) -> Iterator[_Source]:
    if adapter.folder is not None:
        path = adapter.folder / WEIGHTS
        yield from ((path, entry) for entry in read_header(path).entries.values())
        return
    for file, entry in job.shards.entries():
        key = keys.lora_key(entry.name)
        if key is not None and key.adapter == adapter.name:
            yield job.spec.folder / file, entry


class _Reader:
    """The bytes of tensors by their new names; each source file is opened once."""

    def __init__(self, sources: Mapping[str, _Source]) -> None:
        self._sources = sources
        self._open: dict[Path, TensorFile] = {}

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    @property
    def planned(self) -> list[Planned]:
        return [
            Planned(name=name, dtype=entry.dtype, shape=entry.shape)
            for name, (_, entry) in self._sources.items()
        ]

    def read(self, name: str) -> Iterator[bytes]:
        path, entry = self._sources[name]
        if path not in self._open:
            self._open[path] = TensorFile(path)
        return self._open[path].read(entry.name)
