"""A PulseAudio server of a test's own, with microphones and loudspeakers that are not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

COMMAND = (
    "pulseaudio", "-n", "--exit-idle-time=-1", "--daemonize=no", "--log-level=error",
    "-L", "module-native-protocol-unix",
)  # fmt: skip
NEEDED = ("pulseaudio", "pactl", "paplay")


class PulseServer:
    """Runs under a folder of its own, and only whoever has `environment` finds it."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "HOME": str(folder),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._modules: dict[str, list[str]] = {}

    def start(self) -> None:
        self._process = subprocess.Popen(
            COMMAND,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self._pactl("info", check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise TimeoutError("PulseAudio did not start")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(10)
        self._modules.clear()

    def add_speaker(self, name: str, description: str = "Speaker") -> None:
        words = ["module-null-sink", f"sink_name={name}"]
        words.append(f"sink_properties=device.description={description}")
        self._modules[name] = [self._load(*words)]

    def add_microphone(self, name: str, description: str = "Microphone") -> None:
        """What is played into the sink `NAME_in` is said into it."""
        sink = self._load("module-null-sink", f"sink_name={name}_in")
        words = ["module-remap-source", f"master={name}_in.monitor", f"source_name={name}"]
        words.append(f"source_properties=device.description={description}")
        self._modules[name] = [self._load(*words), sink]

    def unplug(self, name: str) -> None:
        for module in self._modules.pop(name):
            self._pactl("unload-module", module, check=False)

    def choose_microphone(self, name: str) -> None:
        self._pactl("set-default-source", name)

    def choose_speaker(self, name: str) -> None:
        self._pactl("set-default-sink", name)

    def play(self, sink: str, wav: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["paplay", f"--device={sink}", str(wav)], env={**os.environ, **self.environment}
        )

    def _load(self, *words: str) -> str:
        return self._pactl("load-module", *words).stdout.strip()

    def _pactl(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=check,
            timeout=10,
        )


def missing_programs() -> list[str]:
    """What of PulseAudio is not on this machine."""
    return [name for name in NEEDED if shutil.which(name) is None]


@contextmanager
def pulse_server() -> Iterator[PulseServer]:
    """A server that runs, and is gone afterwards; its folder's name is short, as sockets need."""
    folder = Path(mkdtemp(prefix="pd"))
    server = PulseServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
