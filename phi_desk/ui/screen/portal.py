"""Talks to the desktop's portal over D-Bus, on one thread; knows no Qt and no single interface.

A request of the portal is answered twice: the call with a path, and later, when the person has
decided, a signal `Response` on that path. The path is made of our name on the bus and of a word
that we choose, so that we can listen to it before we ask.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError

SERVICE = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
REQUEST = "org.freedesktop.portal.Request"
REGISTRY = "org.freedesktop.host.portal.Registry"
APP = "phi-desk"  # the name of our desktop file
CALL_S = 3.0  # for the first answer: the portal only writes down that we asked
LOOK_S = 0.2  # how often somebody who waits looks whether to stop

DONE, CANCELLED, REFUSED = 0, 1, 2  # what the portal answers

NO_BUS = DeviceError(
    "The desktop's message bus does not answer.",
    "Start Phi Desk inside a graphical session.",
)
NO_PORTAL = DeviceError(
    "Wayland, and no portal answers.",
    "Install xdg-desktop-portal and the portal of your desktop, then log in again.",
)


class MissingInterfaceError(DeviceError):
    """The portal is there, and does not know what it was asked for."""


class RefusedError(DeviceError):
    """The portal does not even ask the person."""


@dataclass(frozen=True, slots=True)
class Response:
    """What the person or the desktop decided: `code` is `DONE`, `CANCELLED` or `REFUSED`."""

    code: int
    results: Mapping[str, Any]  # the values, without their types


class Portal:
    """One connection to the session's bus."""

    def __init__(self) -> None:
        """Connect. Raises `DeviceError` where there is no bus."""
        from jeepney.io.blocking import open_dbus_connection

        try:
            self._bus = open_dbus_connection("SESSION")
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise _with(NO_BUS, str(error)) from error

    def close(self) -> None:
        """Hang up."""
        self._bus.close()

    def register(self) -> None:
        """Tell newer portals who we are; older ones do not know the question."""
        try:
            self.call(REGISTRY, "Register", "sa{sv}", (APP, {}))
        except DeviceError:
            return

    def call(
        self, interface: str, method: str, signature: str, body: tuple[Any, ...], path: str = PATH
    ) -> tuple[Any, ...]:
        """Call a method and return its first answer.

        Raises:
            MissingInterfaceError: the portal has no such interface.
            DeviceError: it is not there, is silent or refuses.
        """
        from jeepney import DBusAddress, MessageType, new_method_call

        message = new_method_call(
            DBusAddress(path, bus_name=SERVICE, interface=interface), method, signature, body
        )
        try:
            answer = self._bus.send_and_get_reply(message, timeout=CALL_S)
        except TimeoutError as error:
            raise DeviceError(
                "The desktop's portal does not answer.",
                "Log out and in again, or restart xdg-desktop-portal.",
            ) from error
        except OSError as error:
            raise _with(NO_BUS, str(error)) from error
        if answer.header.message_type is MessageType.error:
            raise _refusal(answer, interface)
        return tuple(answer.body)

    def request(
        self,
        interface: str,
        method: str,
        signature: str,
        body: tuple[Any, ...],
        options: Mapping[str, tuple[str, Any]],
        *,
        cancel: CancelToken,
        limit_s: float,
    ) -> Response:
        """Ask for something that the person may have to allow, and wait for the decision.

        Raises:
            Cancelled: by `cancel`; the request is taken back.
            DeviceError: as `call`, or nobody decided within `limit_s`.
        """
        token = f"phi_desk_{secrets.token_hex(8)}"
        name = self._bus.unique_name.removeprefix(":").replace(".", "_")
        path = f"{PATH}/request/{name}/{token}"
        with ExitStack() as stack:
            heard = stack.enter_context(self.listening(REQUEST, "Response", path))
            full = {**options, "handle_token": ("s", token)}
            (handle,) = self.call(interface, method, f"{signature}a{{sv}}", (*body, full))
            if handle != path:  # portals before 0.9 choose the path themselves
                stack.enter_context(self.listening(REQUEST, "Response", handle, heard))
            until = time.monotonic() + limit_s
            for _member, (code, results) in self.signals(heard, cancel, until):
                return Response(code, _plain(results))
            self._withdraw(handle)
            cancel.raise_if_cancelled()
        raise DeviceError(
            "The desktop did not decide whether Phi Desk may do that.",
            "Its question may lie behind another window; try again.",
        )

    @contextmanager
    def listening(
        self, interface: str, member: str, path: str, queue: deque[Any] | None = None
    ) -> Iterator[deque[Any]]:
        """Collect the portal's signals of one kind, from now on."""
        from jeepney import DBusErrorResponse, MatchRule, message_bus
        from jeepney.io.blocking import Proxy

        rule = MatchRule(
            type="signal", sender=SERVICE, interface=interface, member=member, path=path
        )
        bus = Proxy(message_bus, self._bus, timeout=CALL_S)
        try:
            bus.AddMatch(rule)
        except (OSError, DBusErrorResponse) as error:
            raise _with(NO_BUS, str(error)) from error
        # The bus checks the sender by its name; what arrives carries the unique one.
        arrives = MatchRule(type="signal", interface=interface, member=member, path=path)
        with self._bus.filter(arrives, queue=deque() if queue is None else queue) as heard:
            yield heard

    def signals(
        self, heard: deque[Any], cancel: CancelToken, until: float | None = None
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Names and values of signals as they come, until `cancel` is set or the time is over."""
        from jeepney import HeaderFields

        while not cancel.cancelled and (until is None or time.monotonic() < until):
            try:
                message = self._bus.recv_until_filtered(heard, timeout=LOOK_S)
            except TimeoutError:
                continue
            except OSError as error:
                raise _with(NO_BUS, str(error)) from error
            yield message.header.fields[HeaderFields.member], message.body

    def _withdraw(self, handle: str) -> None:
        try:
            self.call(REQUEST, "Close", "", (), handle)
        except DeviceError:
            return  # it had just ended


@contextmanager
def open_portal(connect: Callable[[], Portal] = Portal) -> Iterator[Portal]:
    """A connection that is closed at the end."""
    portal = connect()
    try:
        yield portal
    finally:
        portal.close()


def _plain(results: Mapping[str, tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, (_type, value) in results.items()}


def _refusal(answer: Any, interface: str) -> DeviceError:
    from jeepney import HeaderFields

    name = str(answer.header.fields.get(HeaderFields.error_name, ""))
    details = (name, *(str(part) for part in answer.body or ()))
    if name.endswith((".ServiceUnknown", ".NameHasNoOwner", ".Spawn.ServiceNotFound")):
        return _with(NO_PORTAL, *details)
    if name.endswith((".UnknownMethod", ".UnknownInterface", ".UnknownObject")):
        return MissingInterfaceError(
            f"The desktop's portal has no {interface.rpartition('.')[2]}.",
            "Install the portal of your desktop: xdg-desktop-portal-gnome, -kde or -wlr.",
            details,
        )
    return RefusedError("The desktop's portal refused.", "Look into its settings.", details)


def _with(error: DeviceError, *details: str) -> DeviceError:
    return DeviceError(error.sentence, error.hint, details)
