"""Which adapter answers a request: the published rule; knows no weights."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from phi_desk.engine.messages import Audio, Image, Message
from phi_desk.errors import InputError, UsageError
from phi_desk.model.inputs import AdapterKind, Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The adapter by name (None is the bare decoder) and the projector for sound."""

    adapter: str | None
    projection: Projection


def kind_of(messages: Iterable[Message]) -> AdapterKind | None:
    """What the whole request, history included, calls for.

    Any picture calls for vision, sound alone for speech, words alone for nothing.
    """
    parts = [part for message in messages for part in message.parts]
    if any(isinstance(part, Image) for part in parts):
        return "vision"
    return "speech" if any(isinstance(part, Audio) for part in parts) else None


def route(messages: Iterable[Message], choice: str, available: Collection[str]) -> Route:
    """Choose the adapter: `choice` is "auto", "none" or one of the `available` names.

    A name takes the place of whichever built-in adapter the request calls for. The projector
    follows what is in the request, never the name: sound beside a picture uses vision's.

    Raises:
        UsageError: no adapter has that name.
        InputError: the model lacks the adapter that the request calls for.
    """
    kind = kind_of(messages)
    projection: Projection = "vision" if kind == "vision" else "speech"
    if choice == "none":
        return Route(adapter=None, projection=projection)
    if choice != "auto":
        return Route(adapter=_named(choice, available), projection=projection)
    if kind is not None and kind not in available:
        raise _lacking(kind)
    return Route(adapter=kind, projection=projection)


def _named(choice: str, available: Collection[str]) -> str:
    if choice in available:
        return choice
    names = ", ".join(["auto", "none", *sorted(available)])
    raise UsageError(f"There is no adapter named {choice!r}.", f"Choose one of: {names}.")


def _lacking(kind: AdapterKind) -> InputError:
    medium = "pictures" if kind == "vision" else "sound"
    return InputError(
        f"This model has no adapter for {medium}.",
        f"Use Phi-4-multimodal with its {kind} adapter, or leave the adapter out with "
        "--adapter none.",
    )
