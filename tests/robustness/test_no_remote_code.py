"""Nothing that a model's folder brings is ever executed: no module, no pickle, no template."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from data_makers import tiny_checkpoint
from tiny_checkpoint import write_phi3, write_tiny

from phi_desk.cancel import CancelToken
from phi_desk.cli.main import main
from phi_desk.engine.events import Finished
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import ChatRequest, Message, Options, Text
from phi_desk.errors import CheckpointError
from phi_desk.model.verify import verify

MARKER = "was-executed.txt"
MODULES = ("modeling_phi4mm", "configuration_phi4mm", "processing_phi4mm", "tokenization_phi4mm")
PICKLES = (
    "pytorch_model.bin", "model.pt", "consolidated.00.pth", "training_args.bin", "optimizer.pt",
    "pytorch_model-00001-of-00002.bin", "adapter_model.bin", "model.ckpt", "rng_state.pth",
)  # fmt: skip
AUTO = {
    "AutoConfig": "configuration_phi4mm.Evil",
    "AutoModel": "modeling_phi4mm.Evil",
    "AutoModelForCausalLM": "modeling_phi4mm.Evil",
    "AutoProcessor": "processing_phi4mm.Evil",
    "AutoFeatureExtractor": "processing_phi4mm.Evil",
    "AutoImageProcessor": "processing_phi4mm.Evil",
    "AutoTokenizer": ["tokenization_phi4mm.Evil", "tokenization_phi4mm.Evil"],
}
MAKERS: dict[str, Callable[[Path], Path]] = {
    "native": tiny_checkpoint.make,
    "published": write_tiny,
    "published, folders": lambda folder: write_tiny(folder, lora_folders=True),
    "phi3": write_phi3,
}


class Bomb:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.system, (f"touch '{self.marker}'",)


def poison(folder: Path) -> Path:
    """Put everything into `folder` that a careless loader would execute; the marker's path."""
    marker = folder.parent / MARKER
    code = f"open({str(marker)!r}, 'w').close()\nclass Evil: pass\n"
    for place in (folder, *(p for p in list(folder.rglob("*")) if p.is_dir())):
        for name in (*MODULES, "__init__", "sitecustomize", "generate", "conftest"):
            (place / f"{name}.py").write_text(code)
        for name in PICKLES:
            (place / name).write_bytes(pickle.dumps(Bomb(marker)))
    (folder / "custom_generate").mkdir()
    (folder / "custom_generate" / "generate.py").write_text(code)
    template = "{{ ''.__class__.__mro__[1].__subclasses__() }}{% include '../" + MARKER + "' %}"
    (folder / "chat_template.jinja").write_text(template)
    names = ("config.json", "generation_config.json", "tokenizer_config.json",
             "processor_config.json", "preprocessor_config.json")  # fmt: skip
    for name in names:
        _add(folder / name, auto_map=AUTO, trust_remote_code=True, chat_template=template)
    _add(folder / "config.json", architectures=["Evil"])
    for settings in folder.rglob("adapter_config.json"):
        _add(settings, auto_mapping={"base_model_class": "Evil", "parent_library": MODULES[0]})
    return marker


def _add(path: Path, **values: Any) -> None:
    value = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(value | values))


def test_the_bomb_goes_off_where_it_is_unpickled(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    marker = poison(tmp_path / "folder")
    pickle.loads((tmp_path / "folder" / PICKLES[0]).read_bytes())
    assert marker.exists()


def test_an_answer_executes_nothing(tmp_path: Path) -> None:
    folder = MAKERS["native"](tmp_path / "model")
    own = tiny_checkpoint.make_adapter(
        tmp_path / "mine", tiny_checkpoint.native_config(), rank=3, seed=1
    )
    marker = poison(folder)
    assert marker == poison(own)
    engine = LocalEngine.open(folder, device="cpu", precision="fp32", adapters=[own])
    for adapter in ("none", "mine", "speech"):
        request = ChatRequest(
            messages=(Message("user", (Text("Hello"),)),),
            options=Options(max_tokens=3),
            adapter=adapter,
        )
        *_, last = engine.stream(request, CancelToken())
        assert isinstance(last, Finished)
    engine.close()
    assert not marker.exists()


@pytest.mark.parametrize("layout", MAKERS)
def test_loading_executes_nothing(layout: str, tmp_path: Path) -> None:
    """The tokenizers of the other tiny layouts are no real ones, so the model alone is loaded."""
    from phi_desk.model.runtime import open_runtime

    folder = MAKERS[layout](tmp_path / "model")
    marker = poison(folder)
    assert open_runtime(folder, device="cpu", precision="fp32").context > 0
    assert not marker.exists()


@pytest.mark.parametrize("layout", MAKERS)
def test_verifying_executes_nothing(layout: str, tmp_path: Path) -> None:
    folder = MAKERS[layout](tmp_path / "model")
    marker = poison(folder)
    assert verify(folder, quick=False).ok
    assert main(["models", "add", str(folder), "--name", "it"]) == 0
    assert not marker.exists()


@pytest.mark.parametrize("layout", ["published", "published, folders"])
def test_converting_executes_nothing_and_passes_nothing_on(layout: str, tmp_path: Path) -> None:
    folder = MAKERS[layout](tmp_path / "model")
    marker = poison(folder)
    out = tmp_path / "converted"
    assert main(["models", "convert", str(folder), str(out)]) == 0
    assert not marker.exists()
    written = [path for path in out.rglob("*") if path.is_file()]
    assert written
    assert {path.suffix for path in written} <= {".json", ".safetensors"}
    for path in written:
        assert b"phi4mm.Evil" not in path.read_bytes()
        assert path.suffix != ".json" or b"auto_map" not in path.read_bytes()


def test_a_folder_of_pickles_is_refused_unopened(tmp_path: Path) -> None:
    folder = MAKERS["native"](tmp_path / "model")
    marker = poison(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError):
        LocalEngine.open(folder, device="cpu", precision="fp32")
    report = verify(folder)
    assert not report.ok
    assert not marker.exists()
