"""Keys of other services in the system's own keyring, and nowhere else; knows no service.

Only keyrings of the systems are used. `keyring` knows others, some of which write plain text into
a file: where there is no real one, a key is refused rather than written down.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from phi_desk.errors import PhiDeskError, UsageError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "phi-desk"
SYSTEM_KEYRINGS = (
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
)
LONGEST_KEY = 2000  # signs; Windows holds 2,560 bytes


class SecretsError(PhiDeskError):
    """The system's keyring cannot be used."""


class Keyring(Protocol):
    """The part of a keyring that is used."""

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept under that name."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it under that name."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget what is kept under that name."""
        ...


class Secrets:
    """Keeps keys by name. A keyring may ask the person to unlock it: not for the GUI's thread."""

    def __init__(self, keyring: Keyring | None = None) -> None:
        """Use the system's keyring, or another one."""
        self._given = keyring

    @property
    def available(self) -> bool:
        """Whether keys can be kept on this machine."""
        return self._given is not None or _system_keyring() is not None

    def get(self, name: str) -> str | None:
        """The key of that name; None where none is kept, or none can be.

        Raises:
            SecretsError: the keyring is locked or fails.
        """
        keyring = self._given or _system_keyring()
        if keyring is None:
            return None
        with _told("read"):
            return keyring.get_password(SERVICE, name)

    def set(self, name: str, key: str) -> None:
        """Keep a key.

        Raises:
            SecretsError: this machine has no keyring, or it fails; nothing is written elsewhere.
            UsageError: it is no key.
        """
        key = key.strip()
        if not key or len(key) > LONGEST_KEY or not key.isprintable():
            raise UsageError("This is no key.", "Copy it again: one line, without spaces around.")
        keyring = self._needed()
        with _told("kept"):
            keyring.set_password(SERVICE, name, key)

    def delete(self, name: str) -> None:
        """Forget a key; nothing happens where none is kept.

        Raises:
            SecretsError: the keyring fails.
        """
        keyring = self._given or _system_keyring()
        if keyring is None:
            return
        with _told("deleted"):
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)

    def _needed(self) -> Keyring:
        keyring = self._given or _system_keyring()
        if keyring is None:
            raise SecretsError(
                "This system has no keyring that could hold the key, and Phi Desk writes no key "
                "into a file.",
                "On Linux install and unlock GNOME Keyring or KWallet, then try again.",
            )
        return keyring


@contextlib.contextmanager
def _told(done: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise SecretsError(
            f"The key cannot be {done}: the system's keyring is locked or does not answer.",
            "Unlock it, then try again.",
            (f"{type(error).__name__}: {error}",),
        ) from error


def _system_keyring() -> Keyring | None:
    """The first real one of the keyrings that would be used."""
    import keyring
    from keyring.backends import chainer

    chosen = keyring.get_keyring()
    several: Iterable[KeyringBackend] = (chosen,)
    if isinstance(chosen, chainer.ChainerBackend):
        several = chosen.backends
    return next((one for one in several if type(one).__module__ in SYSTEM_KEYRINGS), None)
