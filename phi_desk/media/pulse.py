"""Asks PulseAudio, or PipeWire in its place, what can be recorded; records nothing itself.

Through `pactl`, which comes with either of them in the package pulseaudio-utils.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

ASK_LIMIT_S = 2.0
CLIENTS = b" on client "  # as in "Event 'new' on client #12"
SETTLE_S = 1.0  # within which `pactl subscribe` has begun to listen, or has failed

Ask = Callable[..., str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseSource:
    """Something the server can record.

    Attributes:
        index: the server's number for it, never used again while the server runs.
        name: the server's name for it.
        description: for people.
        monitor_of: the name of the output whose sound it is; empty for a microphone.
    """

    index: int
    name: str
    description: str
    monitor_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseState:
    """What the server has at a moment.

    Attributes:
        sources: everything that can be recorded.
        default_source, default_sink: names; empty where there is none.
        recorded: the numbers of the sources that this process records right now.
    """

    sources: tuple[PulseSource, ...] = ()
    default_source: str = ""
    default_sink: str = ""
    recorded: frozenset[int] = frozenset()

    def named(self, name: str) -> PulseSource | None:
        """The source of that name, if it is there."""
        return next((one for one in self.sources if one.name == name), None)

    @property
    def microphones(self) -> tuple[PulseSource, ...]:
        """Sources that are no output's own sound."""
        return tuple(one for one in self.sources if not one.monitor_of)


def ask_pactl(*words: str) -> str | None:
    """What `pactl` answers; None when it is absent, or no server answers in time."""
    try:
        done = subprocess.run(
            ["pactl", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            text=True,
            errors="replace",
            timeout=ASK_LIMIT_S,
            env=environment(),
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout


def environment() -> dict[str, str]:
    """Ours, so that `pactl` writes numbers with a point; with a comma its JSON is none."""
    ours = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "PULSE_SOURCE")}
    return ours | {"LC_NUMERIC": "C", "LC_MESSAGES": "C", "LANGUAGE": "C"}


def pulse_state(ask: Ask = ask_pactl, process: int | None = None) -> PulseState | None:
    """What the sound server has now; None where there is no server that answers."""
    # first what is recorded: where a source has gone, the server moves recordings before it goes
    outputs = _json(ask("-f", "json", "list", "source-outputs")) or []
    listed, about = _json(ask("-f", "json", "list", "sources")), ask("info")
    if listed is None or about is None:
        return None
    lines = dict(line.split(": ", 1) for line in about.splitlines() if ": " in line)
    own = str(os.getpid() if process is None else process)
    return PulseState(
        sources=tuple(_source(one) for one in listed),
        default_source=lines.get("Default Source", ""),
        default_sink=lines.get("Default Sink", ""),
        recorded=frozenset(
            int(one["source"])
            for one in outputs
            if one.get("properties", {}).get("application.process.id") == own
        ),
    )


def _source(values: dict[str, Any]) -> PulseSource:
    name = str(values["name"])
    return PulseSource(
        index=int(values["index"]),
        name=name,
        description=str(values.get("description") or name),
        monitor_of=str(values.get("monitor_source") or ""),
    )


def _json(answer: str | None) -> list[dict[str, Any]] | None:
    try:
        value = json.loads(answer) if answer is not None else None
    except ValueError:
        return None
    return value if isinstance(value, list) else None


@contextlib.contextmanager
def recording_from(source: str) -> Iterator[None]:
    """What is opened inside the block records the source of that name; empty is the default.

    ALSA has one device for the whole server; only the environment says which source it means.
    """
    with _environment("PULSE_SOURCE", source):
        yield


@contextlib.contextmanager
def playing_to(sink: str | None) -> Iterator[None]:
    """What is opened inside the block plays to the sink of that name; None is the default."""
    with _environment("PULSE_SINK", sink or ""):
        yield


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    if value:
        os.environ[name] = value
    try:
        yield
    finally:
        if before is not None:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)


def _is_news(said: bytes) -> bool:
    """Whether `pactl subscribe` said more than that programs come and go.

    Our own questions are such programs: to ask because of them would never end.
    """
    return any(line.strip() and CLIENTS not in line for line in said.splitlines())


class PulseNews:
    """Tells that something has changed at the server, without asking it again and again.

    One `pactl subscribe` runs as long as this is open; nothing waits for it.
    """

    def __init__(
        self,
        command: tuple[str, ...] = ("pactl", "subscribe"),
        clock: Callable[[], float] = time.monotonic,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        self._command = command
        self._stdin = stdin
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._again_at = -math.inf
        self._sure_at = math.inf

    def changed(self) -> bool:
        """Whether there was news since the last call, or the server was lost."""
        process, now = self._process, self._clock()
        if process is None or process.poll() is not None:
            if now < self._again_at:
                return False
            self.close()
            self._process = self._start()
            self._again_at = self._sure_at = now + SETTLE_S
            return True
        if now >= self._sure_at:  # what changed while `pactl` was starting brought no news
            self._sure_at = math.inf
            return True
        return process.stdout is not None and _is_news(process.stdout.read() or b"")

    def close(self) -> None:
        """End listening."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def _start(self) -> subprocess.Popen[bytes] | None:
        try:
            process = subprocess.Popen(
                list(self._command),
                stdin=self._stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                bufsize=0,
            )
        except OSError:
            return None
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        return process
