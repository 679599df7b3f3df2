"""Command lines as an unkind person types them: one sentence each, and the right exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from data_makers import odd_places, tiny_checkpoint
from PIL import Image

from phi_desk.cli.main import OFFLINE
from robustness.command_line import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and sockets as files")
LONG = "x" * 300
FAILED, WRONG_USAGE = 1, 2
LINES: tuple[tuple[int, tuple[str, ...]], ...] = (
    *((FAILED, ("ask", option, name, "hi"))
      for option in ("--image", "--audio")
      for name in ("", " ", ".", "/", "/dev/null", "/dev/zero", "a.pipe", "a.socket", LONG,
                   "a/" * 3000, "not there.png", "a.png/b", "\udcff.png", "-", "~nobody/x")),
    *((FAILED, (command, *words, name))
      for command, *words in (("ocr",), ("transcribe",), ("translate", "--to", "de"))
      for name in ("", "/dev/zero", "a.pipe", "p.txt", LONG, "\udcff.wav")),
    *((WRONG_USAGE, ("ocr", "a.png", f"--pages={pages}"))
      for pages in ("-1", "0", "2", "", "1-99999999999999", "1,,1", "x", "1-0", "١")),
    *((WRONG_USAGE, ("ocr", "a.pdf", f"--dpi={dpi}")) for dpi in ("nan", "-5", "1e9", "inf", "x")),
    *((WRONG_USAGE, ("ask", "hi", option))
      for option in ("--max-tokens=0", "--max-tokens=-5", "--max-tokens=1.5", "--temperature=nan",
                     "--temperature=-1", "--temperature=inf", "--top-p=nan", "--top-p=0",
                     "--seed=" + "9" * 30, "--seed=-" + "9" * 30, "--seed=1.5", "--max-crops=0",
                     "--max-crops=37", "--device=tpu", "--precision=fp64", "--nonsense")),
    (FAILED, ("ask", "hi", "--adapter", "/not/there")),
    (WRONG_USAGE, ("ask", "")),
    (WRONG_USAGE, ("ask", " \n ")),
    (WRONG_USAGE, ("translate", "a.txt", "--to", "klingon")),
    (WRONG_USAGE, ("translate", "a.txt", "--to", "")),
    (WRONG_USAGE, ("translate", "--to", "de")),
    (WRONG_USAGE, ("translate", "a.txt", "--to", "de", "--format", "srt")),
    (WRONG_USAGE, ("transcribe", "a.wav", "b.wav", "--format", "vtt")),
    (WRONG_USAGE, ("transcribe", "a.wav", "--format", "csv")),
    *((FAILED, ("models", action, name))
      for action in ("verify", "add", "remove", "use")
      for name in ("", LONG, "../x", "\udcff", "a.pipe", "/dev/null")),
    (WRONG_USAGE, ("models", "add", "model", "--name", "../x")),
    (FAILED, ("models", "convert", "model", "new")),  # native already
    (WRONG_USAGE, ("models",)),
    (WRONG_USAGE, ("models", "nonsense")),
    (WRONG_USAGE, ("nonsense",)),
    (WRONG_USAGE, ()),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _things(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder to work in, with a file, a pipe and a socket of each name used above."""
    for name in OFFLINE:
        monkeypatch.setenv(name, "1")  # so that what a command sets is taken back
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    Image.new("RGB", (40, 30), "red").save("a.png")
    Image.new("RGB", (40, 30), "red").save("a.pdf")
    Path("a.txt").write_text("Hello.")
    odd_places.place("pipe", Path("a.pipe"))
    odd_places.place("pipe", Path("p.txt"))
    odd_places.place("socket", Path("a.socket"))


def test_each_ends_in_one_sentence(tmp_path: Path) -> None:
    tiny_checkpoint.make(tmp_path / "work" / "model")
    wrong = []
    for expected, words in LINES:
        code, out, err = run(list(words), home=tmp_path / "home")
        lines = err.splitlines()
        fine = code == expected and len(lines) == 1 and lines[0].startswith("phi-desk: ")
        if not fine or "inside Phi Desk" in err or "Traceback" in out + err:
            wrong.append(f"{words}: {code} {out} {err}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
@pytest.mark.parametrize(("where", "expected"), [("stdout", 1), ("stderr", 0)])
def test_a_full_disk_behind_a_stream(where: str, expected: int, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from phi_desk.cli.main import main\n"
        "from phi_desk.engine.fake import FakeEngine, Rule\n"
        "engine = FakeEngine(Rule(lambda _: True, 'one two three'))\n"
        "sys.exit(main(['ask', 'hi', '--max-tokens', '1'], open_engine=lambda *_: engine))\n"
    )
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            stdout=full if where == "stdout" else subprocess.PIPE,
            stderr=full if where == "stderr" else subprocess.PIPE,
            env=os.environ | {"PHI_DESK_HOME": str(tmp_path / "home")},
            timeout=60,
            check=False,
        )
    assert ran.returncode == expected
    assert b"Traceback" not in (ran.stderr or b"")
