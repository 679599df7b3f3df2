"""Asks a driver in a process of its own, so that one that hangs or crashes takes nothing along.

`python -m phi_desk.services.doctor.isolated module:function` calls the function and writes what it
returns (a sequence of dataclasses) as one line of JSON. Knows no device.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError, PhiDeskError

Rows = list[dict[str, Any]]
CANCEL_STEP_S = 0.1  # how often it is looked whether somebody asked to stop
KILL_LIMIT_S = 2.0  # a killed process that waits in the kernel is left behind


class Question:
    """A function that is being called in a process of its own, since this was made."""

    def __init__(self, target: str, limit_s: float) -> None:
        """Start calling `target` ("package.module:function"); it has `limit_s` seconds."""
        self._what = target.rpartition(":")[2].replace("_", " ")
        self._limit_s = limit_s
        self._ends = time.monotonic() + limit_s
        # -P: a file such as json.py in the person's folder must not take the library's place.
        command = [sys.executable, "-P", "-m", "phi_desk.services.doctor.isolated", target]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # sound libraries write there whatever they like
        )

    def answer(self, cancel: CancelToken | None = None) -> Rows:
        """The dataclasses that the function returned, as dictionaries.

        Raises:
            DeviceError: it took too long, crashed, or failed with a sentence of its own.
            Cancelled: by `cancel`, which is looked at while waiting.
        """
        try:
            output = self._wait(cancel)
        except subprocess.TimeoutExpired as error:
            self.close()
            raise DeviceError(
                f"No answer within {self._limit_s:.0f} s.",
                "A driver hangs: unplug the device or restart the machine.",
            ) from error
        try:
            said = json.loads(output)
        except ValueError as error:
            code = self._process.returncode
            raise DeviceError(f"Looking for {self._what} failed (exit code {code}).") from error
        if "sentence" in said:
            raise DeviceError(said["sentence"], said["hint"])
        rows: Rows = said["rows"]
        return rows

    def _wait(self, cancel: CancelToken | None) -> bytes:
        while True:
            left = max(0.0, self._ends - time.monotonic())
            step = left if cancel is None else min(left, CANCEL_STEP_S)
            try:
                return self._process.communicate(timeout=step)[0]
            except subprocess.TimeoutExpired:
                if cancel is None or left <= step:
                    raise
            cancel.raise_if_cancelled()

    def close(self) -> None:
        """End the process if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(KILL_LIMIT_S)
        if self._process.stdout is not None:
            self._process.stdout.close()


def main(target: str) -> None:
    """Call `target` and write its answer, or its failure, as one line of JSON."""
    module, _, function = target.partition(":")
    said: dict[str, Any]
    try:
        found = getattr(importlib.import_module(module), function)()
        said = {"rows": [dataclasses.asdict(one) for one in found]}
    except PhiDeskError as error:
        said = {"sentence": error.sentence, "hint": error.hint}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
