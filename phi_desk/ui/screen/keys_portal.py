"""Keys of every window on Wayland, by the desktop's portal GlobalShortcuts; knows no Qt."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from phi_desk.cancel import CancelToken
from phi_desk.errors import DeviceError
from phi_desk.ui.screen.chords import Chord
from phi_desk.ui.screen.keys import NAMES, Chords, KeyDown, KeyEvent, KeyUp, NotTaken
from phi_desk.ui.screen.portal import DONE, PATH, Portal, open_portal

SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
SESSION = "org.freedesktop.portal.Session"
SESSION_S = 10.0
PERSON_S = 600.0  # the desktop asks the person which keys we may have
MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "meta": "LOGO"}


def watch(chords: Chords, cancel: CancelToken) -> Iterator[KeyEvent]:
    """Bind the keys and tell of them until `cancel` is set.

    Which keys are bound in the end is decided by the desktop and the person: ours are a wish.

    Raises:
        DeviceError: there is no such portal, or it refuses.
    """
    with open_portal() as portal:
        portal.register()
        session = _session(portal, cancel)
        try:
            with (
                portal.listening(SHORTCUTS, "Activated", PATH) as heard,
                portal.listening(SHORTCUTS, "Deactivated", PATH, heard),
            ):
                yield from _bind(portal, session, chords, cancel)
                for member, (of_session, option, *_rest) in portal.signals(heard, cancel):
                    if of_session == session and option in chords:
                        yield KeyDown(option) if member == "Activated" else KeyUp(option)
        finally:
            portal.call(SESSION, "Close", "", (), session)


def trigger(chord: Chord) -> str:
    """A wish as the portal writes it: `CTRL+ALT+space`."""
    names = [
        MODIFIERS[name] for name in ("ctrl", "alt", "shift", "meta") if name in chord.modifiers
    ]
    return "+".join([*names, chord.system.keysym])


def _session(portal: Portal, cancel: CancelToken) -> str:
    token = ("s", f"phi_desk_{secrets.token_hex(8)}")
    made = portal.request(
        SHORTCUTS,
        "CreateSession",
        "",
        (),
        {"session_handle_token": token},
        cancel=cancel,
        limit_s=SESSION_S,
    )
    if made.code != DONE:
        raise DeviceError("The desktop gives Phi Desk no hot keys.", "Look into its settings.")
    return str(made.results["session_handle"])


def _bind(portal: Portal, session: str, chords: Chords, cancel: CancelToken) -> Iterator[KeyEvent]:
    wishes = [
        (option, {"description": ("s", NAMES[option]), "preferred_trigger": ("s", trigger(chord))})
        for option, chord in chords.items()
    ]
    bound = portal.request(
        SHORTCUTS,
        "BindShortcuts",
        "oa(sa{sv})s",
        (session, wishes, ""),
        {},
        cancel=cancel,
        limit_s=PERSON_S,
    )
    given = {str(row[0]) for row in bound.results.get("shortcuts", ())}
    for option in chords:
        if bound.code != DONE or option not in given:
            yield NotTaken(
                option,
                DeviceError(
                    "The desktop did not give Phi Desk these keys.",
                    "Allow them in the system's settings, under Keyboard.",
                ),
            )
