"""Who may import whom, and what may be loaded when; asked of fresh processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLOW_TO_LOAD = {
    "torch", "transformers", "tokenizers", "safetensors", "numpy", "av", "cv2", "PIL", "soundfile",
    "sounddevice", "soxr", "onnxruntime", "pypdfium2", "huggingface_hub", "rich", "psutil",
    "PySide6", "asyncio", "multiprocessing",
}  # fmt: skip
ONLY_WHERE_IT_IS_USED = {
    "torch", "transformers", "av", "cv2", "soundfile", "sounddevice", "onnxruntime", "pypdfium2",
    "huggingface_hub", "PySide6",
}  # fmt: skip

HELP = """
import contextlib, io, json, sys, time
started = time.perf_counter()
from phi_desk.cli.main import main
with contextlib.redirect_stdout(io.StringIO()) as shown:
    code = main(["--help"])
seconds = time.perf_counter() - started
loaded = sorted({name.partition(".")[0] for name in sys.modules})
json.dump({"code": code, "shown": shown.getvalue(), "s": seconds, "loaded": loaded}, sys.stdout)
"""
EVERYTHING_BUT_THE_MODEL = """
import importlib, json, pkgutil, sys
import phi_desk
def walk(package):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if not module.name.startswith(("phi_desk.model", "phi_desk.ui", "phi_desk.__main__")):
            yield module.name
            if module.ispkg:
                yield from walk(importlib.import_module(module.name))
chosen = list(walk(phi_desk))
for name in chosen:
    importlib.import_module(name)
loaded = sorted({name.partition(".")[0] for name in sys.modules})
json.dump({"imported": chosen, "loaded": loaded}, sys.stdout)
"""

COLLECT_THE_UNIT_TESTS = """
import contextlib, io, json, sys
import pytest
with contextlib.redirect_stdout(io.StringIO()) as shown:
    code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt",
        "tests/unit"])
loaded = sorted({name.partition(".")[0] for name in sys.modules})
json.dump({"code": int(code), "shown": shown.getvalue(), "loaded": loaded}, sys.stdout)
"""


def fresh(code: str) -> dict[str, object]:
    """What `code` writes as JSON in a Python of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, cwd=ROOT, text=True
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def loaded_in(answer: dict[str, object], unwanted: set[str]) -> set[str]:
    """Those of the unwanted packages that were loaded."""
    packages = answer["loaded"]
    assert isinstance(packages, list)
    return unwanted & set(packages)


def test_the_import_contracts_are_kept() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([script], capture_output=True, check=False, cwd=ROOT, text=True)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_a_forbidden_import_would_be_seen(tmp_path: Path) -> None:
    """The contracts of pyproject.toml, held against a copy of the package with one wrong import."""
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(config, encoding="utf-8")
    for source in (ROOT / "phi_desk").rglob("*.py"):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "phi_desk" / "media" / "sound.py").open("a", encoding="utf-8") as file:
        file.write("\nimport phi_desk.services\n")
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [script, "--no-cache"], capture_output=True, check=False, cwd=tmp_path, text=True
    )
    assert done.returncode != 0
    assert "phi_desk.media.sound -> phi_desk.services" in done.stdout


def test_help_loads_nothing_heavy(record_property: Callable[[str, object], None]) -> None:
    started = time.perf_counter()
    answer = fresh(HELP)
    record_property("process_s", round(time.perf_counter() - started, 3))
    record_property("help_s", answer["s"])
    sys.stdout.write(f"phi-desk --help: {answer['s']:.3f} s after Python itself\n")
    assert answer["code"] == 0
    assert "transcribe" in str(answer["shown"])
    assert loaded_in(answer, SLOW_TO_LOAD) == set()


def test_torch_is_loaded_by_the_model_only() -> None:
    answer = fresh(EVERYTHING_BUT_THE_MODEL)
    imported = answer["imported"]
    assert isinstance(imported, list)
    assert {"phi_desk.cli.main", "phi_desk.engine.base", "phi_desk.media.sound"} <= set(imported)
    assert loaded_in(answer, ONLY_WHERE_IT_IS_USED) == set()


def test_the_unit_tests_need_no_torch() -> None:
    answer = fresh(COLLECT_THE_UNIT_TESTS)
    assert answer["code"] == 0, answer["shown"]
    assert loaded_in(answer, {"torch", "transformers", "PySide6"}) == set()
