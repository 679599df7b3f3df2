"""A hub that serves a small model, and a download that reports into a list."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from phi_desk.cancel import CancelToken
from phi_desk.model.download.fetch import download
from phi_desk.model.download.values import DownloadProgress, DownloadRequest, Retries

from .hub_server import COMMIT, Hub

SHARD = "model-00001-of-00002.safetensors"
# Half a second is promised and 0.01 to 0.1 s were measured; a machine that is busy gets some more.
PROMPT_S = 1.0
FAST = Retries(tries=4, first_wait_s=0.01, longest_wait_s=5, connect_s=2, silence_s=1)


@dataclass(slots=True)
class Downloader:
    """Downloads from `hub` into `models`; `reports` holds what was reported."""

    hub: Hub
    models: Path
    reports: list[DownloadProgress] = field(default_factory=list)
    cancel: CancelToken = field(default_factory=CancelToken)
    on_report: Callable[[DownloadProgress], None] = lambda report: None

    def run(self, **changes: Any) -> Path:
        options: dict[str, Any] = {
            "models": self.models,
            "name": "phi",
            "revision": COMMIT,
            "adapters": False,
            "endpoint": self.hub.endpoint,
            "offline": False,
            "retries": FAST,
        }
        return download(DownloadRequest(**options | changes), self._note, self.cancel)

    def _note(self, report: DownloadProgress) -> None:
        self.reports.append(report)
        self.on_report(report)

    def files(self, folder: Path | None = None) -> dict[str, bytes]:
        """What lies in the model's folder, without the program's own record."""
        folder = folder or self.models / "phi"
        found = (path for path in folder.rglob("*") if path.is_file())
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
        return {name: data for name, data in files.items() if not name.startswith(".phi-desk")}

    @property
    def staging(self) -> Path:
        return self.models / ".phi.partial"


@pytest.fixture
def model_files() -> dict[str, bytes]:
    """A repository as published: what is wanted, and what is not."""
    noise = random.Random(7)
    return {
        ".gitattributes": b"*.safetensors filter=lfs",
        "LICENSE": b"MIT",
        "README.md": b"# a model",
        "config.json": b'{"model_type": "phi4mm"}',
        "empty.json": b"",
        "modeling_phi4mm.py": b"raise SystemExit",
        "tokenizer.json": noise.randbytes(30_000),
        SHARD: noise.randbytes(600_000),
        "model-00002-of-00002.safetensors": noise.randbytes(150_000),
        "model.safetensors.index.json": b'{"weight_map": {}}',
        "merges.txt": b"a b",
        "figures/one.png": b"png",
        "speech-lora/adapter_config.json": b"{}",
        "speech-lora/adapter_model.safetensors": noise.randbytes(5_000),
        "speech-lora/tokenizer.json": noise.randbytes(3_000),
    }


@pytest.fixture
def wanted(model_files: dict[str, bytes]) -> dict[str, bytes]:
    """The files that a download of it must leave."""
    unwanted = (".gitattributes", "README.md", "modeling_phi4mm.py")
    return {k: v for k, v in model_files.items() if "/" not in k and k not in unwanted}


@pytest.fixture
def hub(model_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The server, reached without any proxy of this machine and without anybody's token."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr("phi_desk.model.download.hub._saved_token", _no_token)
    with Hub(model_files) as hub:
        yield hub


async def _no_token() -> str:
    return ""


@pytest.fixture
def downloader(hub: Hub, tmp_path: Path) -> Downloader:
    """A downloader with an empty folder of models."""
    return Downloader(hub=hub, models=tmp_path / "models")
