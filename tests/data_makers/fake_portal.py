"""A desktop's portal on a private bus, as its interfaces are published; run as a program.

Its arguments: a JSON object. `screenshots`: what it answers to one call after the other: "grant",
"chosen", "refuse", "cancel", "silent", "forbid", "old" (an old portal's own request path).
`without`: interfaces that it does not have. Lines on stdin press and release shortcuts:
"Activated ask_screen". What it was asked is printed, a JSON line each.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

PORTAL = "org.freedesktop.portal"
ROOT = "/org/freedesktop/portal/desktop"
SIGNATURES = {
    "Screenshot": "sa{sv}",
    "CreateSession": "a{sv}",
    "BindShortcuts": "oa(sa{sv})sa{sv}",
    "Register": "sa{sv}",
}
CODES = {"grant": 0, "chosen": 0, "old": 0, "cancel": 1, "refuse": 2}


class FakePortal:
    def __init__(self, task: dict[str, Any]) -> None:
        self._task = task
        self._screenshots = iter(task.get("screenshots", ()))
        self._bus = open_dbus_connection("SESSION")
        (got,) = self._bus.send_and_get_reply(message_bus.RequestName(f"{PORTAL}.Desktop")).body
        assert got == 1
        self._session: tuple[str, str] = ("", "")  # who has it, and its path

    def serve(self) -> None:
        self._say({"ready": True})
        while True:
            try:
                message = self._bus.receive(timeout=0.02)
            except TimeoutError:
                if select.select([0], [], [], 0)[0]:
                    lines = os.read(0, 4096).decode().splitlines()
                    if not lines:
                        return
                    for line in lines:
                        self._shortcut(*line.split())
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Any) -> None:
        fields = message.header.fields
        interface, member = fields[HeaderFields.interface], fields[HeaderFields.member]
        signature = fields.get(HeaderFields.signature, "")
        self._say({"call": member, "body": message.body})
        short = interface.removeprefix(f"{PORTAL}.")
        if short in self._task.get("without", ()) or short not in (
            "Screenshot", "GlobalShortcuts", "Session", "Request",
        ):  # fmt: skip
            words = f"No such interface “{interface}”"
            self._send(
                new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (words,))
            )
        elif SIGNATURES.get(member, "") != signature:
            words = f"{member} takes {SIGNATURES.get(member, '')}, not {signature}"
            self._send(new_error(message, "org.freedesktop.DBus.Error.InvalidArgs", "s", (words,)))
        elif member == "Screenshot":
            self._screenshot(message, next(self._screenshots))
        elif member == "CreateSession":
            self._create(message)
        elif member == "BindShortcuts":
            self._bind(message)
        else:
            self._send(new_method_return(message))

    def _screenshot(self, message: Any, mode: str) -> None:
        if mode == "forbid":
            name = "org.freedesktop.portal.Error.NotAllowed"
            self._send(new_error(message, name, "s", ("Not for you",)))
            return
        results = {"uri": ("s", self._task["uri"])} if CODES.get(mode) == 0 else {}
        self._respond(message, CODES.get(mode), results, old=mode == "old")

    def _create(self, message: Any) -> None:
        options = message.body[0]
        sender = message.header.fields[HeaderFields.sender]
        token = options["session_handle_token"][1]
        path = f"{ROOT}/session/{self._word(sender)}/{token}"
        self._session = (sender, path)
        self._respond(message, 0, {"session_handle": ("s", path)})

    def _bind(self, message: Any) -> None:
        session, wishes, _parent, _options = message.body
        assert session == self._session[1]
        given = [
            (name, {"description": about["description"], "trigger_description": ("s", "some keys")})
            for name, about in wishes
            if name not in self._task.get("refused", ())
        ]
        self._respond(message, 0, {"shortcuts": ("a(sa{sv})", given)})

    def _shortcut(self, member: str, name: str) -> None:
        sender, path = self._session
        where = DBusAddress(ROOT, interface=f"{PORTAL}.GlobalShortcuts")
        self._signal(where, sender, member, "osta{sv}", (path, name, 12345, {}))

    def _respond(
        self, message: Any, code: int | None, results: dict[str, Any], *, old: bool = False
    ) -> None:
        """The path at once, the decision by a signal; a silent person decides nothing."""
        sender = message.header.fields[HeaderFields.sender]
        token = message.body[-1]["handle_token"][1]
        path = f"{ROOT}/request/{self._word(sender)}/{token}"
        if old:
            path = f"{ROOT}/request/17"
        self._send(new_method_return(message, "o", (path,)))
        if code is not None:
            if old:
                time.sleep(0.3)  # the client may listen to this path only now
            where = DBusAddress(path, interface=f"{PORTAL}.Request")
            self._signal(where, sender, "Response", "ua{sv}", (code, results))

    def _signal(
        self, where: DBusAddress, to: str, member: str, signature: str, body: tuple[Any, ...]
    ) -> None:
        signal = new_signal(where, member, signature, body)
        signal.header.fields[HeaderFields.destination] = to  # as the real one: to nobody else
        self._send(signal)

    def _send(self, message: Any) -> None:
        self._bus.send(message)

    @staticmethod
    def _word(sender: str) -> str:
        return sender.removeprefix(":").replace(".", "_")

    @staticmethod
    def _say(what: object) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    FakePortal(json.loads(sys.argv[1])).serve()
