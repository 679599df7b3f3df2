"""A small project and wheels for it, made on the spot, so that pip needs no network.

The wheels carry the names that bootstrap.py asks for; what they do is to say that they ran.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

PYPROJECT = """
[build-system]
requires = ["tiny-backend"]
build-backend = "tiny_backend"

[project]
name = "phi-desk"
version = "0.1"
dependencies = ["some-part>=1", "torch>=2"]

[project.optional-dependencies]
dev = ["ruff", "mypy", "import-linter", "pytest"]
"""
CONSTRAINTS = "torch==2.13.0\nsome-part==1.0\n"
COMMAND = """
import os, sys
sys.stdout.write("the " + " ".join(sys.argv[1:]) + " was here\\n")
sys.exit(3 if os.environ.get("FAIL") in sys.argv[1:] else 0)
"""
SAYS_IT_RAN = """
import os, sys

def main():
    line = " ".join(["{name}", *sys.argv[1:]])
    sys.stdout.write("ran: " + line + "\\n")
    return 1 if line.startswith(os.environ.get("FAIL", "nothing")) else 0

if __name__ == "__main__":
    sys.exit(main())
"""
BACKEND = """
import os, zipfile

INFO = "phi_desk-0.1.dist-info/"
FILES = {
    "phi_desk.pth": os.getcwd(),
    INFO + "METADATA": "Metadata-Version: 2.1\\nName: phi-desk\\nVersion: 0.1",
    INFO + "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any",
    INFO + "entry_points.txt": "[console_scripts]\\nphi-desk = phi_desk:main",
    INFO + "RECORD": "",
}

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "phi_desk-0.1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text + "\\n" * bool(text))
    return name
"""


def make_wheel(
    folder: Path, name: str, version: str, files: dict[str, str], scripts: str = ""
) -> None:
    """Write a pure wheel of `files` (path inside -> text) into `folder`."""
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        wheel.writestr(f"{info}/METADATA", about)
        kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{info}/WHEEL", kind)
        if scripts:
            wheel.writestr(f"{info}/entry_points.txt", f"[console_scripts]\n{scripts}\n")
        wheel.writestr(f"{info}/RECORD", "")


def make_project(folder: Path, bootstrap: Path) -> Path:
    """A project in `folder` that `bootstrap` can set up from `folder/wheels`."""
    nano = folder / "resources" / "models" / "nano"
    nano.mkdir(parents=True)
    (nano / "config.json").write_text("{}", encoding="utf-8")
    (folder / "phi_desk").mkdir()
    (folder / "wheels").mkdir()
    shutil.copy(bootstrap, folder / "bootstrap.py")
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "resources/constraints.txt").write_text(CONSTRAINTS, encoding="utf-8")
    (folder / "resources/system-packages.toml").write_text("", encoding="utf-8")
    (folder / "phi_desk/__init__.py").write_text("", encoding="utf-8")
    (folder / "phi_desk/__main__.py").write_text(COMMAND, encoding="utf-8")
    wheels = folder / "wheels"
    for version in ("1.0", "2.0"):
        make_wheel(wheels, "some-part", version, {"some_part.py": ""})
    for version in ("2.13.0", "2.14.0"):
        make_wheel(wheels, "torch", version, {"torch.py": ""})
    make_wheel(wheels, "tiny-backend", "1.0", {"tiny_backend.py": BACKEND})
    for check in ("ruff", "mypy", "pytest"):
        code = SAYS_IT_RAN.format(name=check)
        make_wheel(wheels, check, "1.0", {f"{check}.py": code})
    code = SAYS_IT_RAN.format(name="lint-imports")
    script = "lint-imports = contracts_check:main"
    make_wheel(wheels, "import-linter", "1.0", {"contracts_check.py": code}, script)
    return folder
