"""Keys lie in a keyring of the system or nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from phi_desk.errors import UsageError
from phi_desk.settings import secrets
from phi_desk.settings.secrets import Secrets, SecretsError


class Remembering(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Remembering):
    """A keyring whose bus does not answer."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("org.freedesktop.DBus.Error.NoReply")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError("org.freedesktop.DBus.Error.NoReply")


class PlainTextFile(Remembering):
    """What keyrings.alt would be: it looks like a keyring and writes a file anybody can read."""


PlainTextFile.__module__ = "keyrings.alt.file"


class OfTheSystem(Remembering):
    """Looks like the keyring of a system."""


OfTheSystem.__module__ = "keyring.backends.SecretService"


def test_kept_read_replaced_and_forgotten() -> None:
    ring = Remembering()
    keys = Secrets(ring)
    assert keys.get("remote") is None
    keys.set("remote", "  abc-123\n")
    assert keys.get("remote") == "abc-123"
    keys.set("remote", "def")
    assert ring.kept == {("phi-desk", "remote"): "def"}
    keys.delete("remote")
    keys.delete("remote")
    assert ring.kept == {}


@pytest.mark.parametrize("kind", [fail.Keyring, null.Keyring, PlainTextFile])
def test_without_a_real_keyring_a_key_is_refused(
    kind: type[KeyringBackend], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ring = kind()
    monkeypatch.setattr(keyring, "get_keyring", lambda: ring)
    keys = Secrets()
    assert not keys.available
    assert keys.get("remote") is None
    with pytest.raises(SecretsError, match="no keyring") as caught:
        keys.set("remote", "abc")
    assert caught.value.hint
    assert "abc" not in str(caught.value)
    keys.delete("remote")
    assert not getattr(ring, "kept", None)
    assert list(tmp_path.rglob("*")) == []


def test_of_several_keyrings_the_systems_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, real = PlainTextFile(), OfTheSystem()
    several = chainer.ChainerBackend()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, real])
    monkeypatch.setattr(keyring, "get_keyring", lambda: several)
    keys = Secrets()
    assert keys.available
    keys.set("remote", "abc")
    assert real.kept
    assert not plain.kept


def test_a_locked_keyring_is_said_and_the_key_is_in_no_message() -> None:
    keys = Secrets(Locked())
    actions: list[Callable[[], object]] = [
        lambda: keys.get("remote"),
        lambda: keys.set("remote", "top-secret"),
    ]
    for action in actions:
        with pytest.raises(SecretsError, match="locked") as caught:
            action()
        assert "top-secret" not in str(caught.value)
        assert "top-secret" not in "".join(caught.value.details)


@pytest.mark.parametrize("key", ["", "  ", "a\nb", "a\0b", "x" * 3000])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(UsageError):
        Secrets(Remembering()).set("remote", key)


def test_the_keyrings_of_the_systems_are_there() -> None:
    """The names in the list are modules of the library, or the list does nothing."""
    folder = Path(keyring.__file__).parent / "backends"
    for name in secrets.SYSTEM_KEYRINGS:
        stem = name.rpartition(".")[2]
        assert (folder / f"{stem}.py").exists() or (folder / stem).is_dir()
