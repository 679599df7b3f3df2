"""Finds what to record, and notices when it goes, comes back or is replaced; records nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from phi_desk.errors import DeviceError
from phi_desk.media.devices.microphones import Microphone, microphones
from phi_desk.media.pulse import PulseNews, PulseSource, PulseState, pulse_state
from phi_desk.media.recorder import SoundSystem

NO_SERVER = "The sound server does not answer."
CONNECT_ONE = "Connect one, or use the sound that this computer plays: that is system audio."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to record now.

    Attributes:
        name: for people.
        device: PortAudio's number.
        source: the sound server's name for it; empty where there is no server.
        floating: whether it is to be opened as the server's default, which the server itself
            keeps up to date without losing a sample.
    """

    name: str
    device: int
    source: str = ""
    floating: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something happened to the place: `why` says what; `reopen` that recording must begin anew."""

    why: str
    reopen: bool


class Follower(Protocol):
    """Knows what the person wants to hear, and where that is at the moment."""

    def find(self) -> Place:
        """Where it is now.

        Raises:
            DeviceError: nowhere.
        """
        ...

    def check(self, place: Place) -> Change | None:
        """What happened since the last call to a place that is being recorded; never waits long."""
        ...

    def close(self) -> None:
        """Stop following."""
        ...


class PulseFollower:
    """Follows a source of PulseAudio or PipeWire; `pick` says which one is meant."""

    def __init__(
        self,
        pick: Callable[[PulseState], PulseSource],
        device: int,
        *,
        ask: Callable[[], PulseState | None] = pulse_state,
        news: PulseNews | None = None,
    ) -> None:
        self._pick = pick
        self._device = device
        self._ask = ask
        self._news = news or PulseNews()

    def find(self) -> Place:
        """See `Follower.find`."""
        state = self._ask()
        if state is None:
            raise DeviceError(NO_SERVER, "Start PulseAudio or PipeWire.")
        source = self._pick(state)
        return Place(
            name=source.description,
            device=self._device,
            source=source.name,
            floating=source.name == state.default_source,
        )

    def check(self, place: Place) -> Change | None:
        """See `Follower.check`.

        A server hands a recording over to any other source when its own goes, the sound of the
        loudspeakers included: so it is asked which source we really hear.
        """
        if not self._news.changed():
            return None
        state = self._ask()
        if state is None:
            return None  # the server is restarting, or the recording will end by itself
        try:
            wanted = self._pick(state)
        except DeviceError as error:
            return Change(why=f"“{place.name}” is gone. {error.sentence}", reopen=True)
        if state.recorded and wanted.index not in state.recorded:
            return Change(why=_reason(place, wanted, state), reopen=True)
        if wanted.name != place.source:
            return Change(
                why=f"Now listening to “{wanted.description}”.", reopen=not state.recorded
            )
        return None

    def close(self) -> None:
        """See `Follower.close`."""
        self._news.close()


def _reason(place: Place, wanted: PulseSource, state: PulseState) -> str:
    """Why we hear something else than we should."""
    if state.named(place.source) is None:
        return f"“{place.name}” is gone."
    if wanted.name == place.source:
        return "The sound server had moved the recording to another device."
    return f"“{wanted.description}” became the default."


class PortAudioFollower:
    """Follows a device by name, or the default one, where no sound server can be asked.

    PortAudio says nothing of devices that come and go while a recording runs: that a device has
    gone is known when its recording ends or falls silent.
    """

    def __init__(
        self, sound: SoundSystem, pick: Callable[[Sequence[Microphone]], Microphone]
    ) -> None:
        self._sound = sound
        self._pick = pick

    def find(self) -> Place:
        """See `Follower.find`."""
        self._sound.refresh()
        found = self._pick(microphones(self._sound.port_audio))
        return Place(name=found.name, device=found.index)

    def check(self, place: Place) -> Change | None:
        """See `Follower.check`."""
        return None

    def close(self) -> None:
        """See `Follower.close`."""


def default_source(state: PulseState) -> PulseSource:
    """The microphone that the system records from.

    A server without any microphone makes the sound of the loudspeakers its default; nobody who
    asked for a microphone means that.
    """
    microphones = state.microphones
    default = state.named(state.default_source)
    if default is not None and default in microphones:
        return default
    if not microphones:
        raise DeviceError("No microphone is connected.", CONNECT_ONE)
    return microphones[0]


class NamedSource:
    """The source that a person's words mean; found once, it is known by the server's name."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._name = ""

    def __call__(self, state: PulseState) -> PulseSource:
        """Raises `DeviceError` when there is none of that name, or several."""
        if self._name:
            if (found := state.named(self._name)) is not None:
                return found
            raise DeviceError(f"There is no “{self._words}” at the moment.", "Connect it again.")
        names = [(one.name, one.description) for one in state.sources]
        source = state.sources[matching(self._words, names)]
        self._name = source.name
        return source


def matching(words: str, names: Sequence[tuple[str, ...]]) -> int:
    """Which of the things, each with its names, a person means: the whole name, or a part of it.

    Raises:
        DeviceError: none, or several.
    """
    wanted = words.strip().casefold()
    folded = [tuple(name.casefold() for name in one) for one in names]
    exact = [place for place, one in enumerate(folded) if wanted in one]
    inside = [place for place, one in enumerate(folded) if any(wanted in name for name in one)]
    found = exact or (inside if wanted else [])
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"“{one[-1]}”" for one in (names if not found else [names[f] for f in found]))
    if found:
        raise DeviceError(f"“{words}” may mean several devices.", f"Name one of {there}.")
    hint = f"There are {there}." if there else "No device for recording is connected."
    raise DeviceError(f"There is no device “{words}”.", hint)
