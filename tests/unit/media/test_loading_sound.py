"""Loading PortAudio is not cut off in the middle."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from phi_desk.errors import DeviceError
from phi_desk.media.devices import microphones


class _SlowToLoad:
    """Stands in the way of `import sounddevice` until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "sounddevice":
            self.begun.set()
            self.go.wait(30)
            raise OSError("no PortAudio here")


@contextmanager
def _slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[_SlowToLoad]:
    slow = _SlowToLoad()
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [slow, *sys.meta_path])
    yield slow
    slow.go.set()


def test_somebody_who_leaves_waits_until_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert microphones.is_loaded_or_not_begun(0.01)
    with _slow(monkeypatch) as slow:
        failed: list[Exception] = []

        def load() -> None:
            try:
                microphones.open_port_audio()
            except DeviceError as error:
                failed.append(error)

        loading = threading.Thread(target=load)
        loading.start()
        assert slow.begun.wait(30)
        assert not microphones.is_loaded_or_not_begun(0.01)
        slow.go.set()
        assert microphones.is_loaded_or_not_begun(30)
        loading.join()
    assert "PortAudio" in str(failed[0])
