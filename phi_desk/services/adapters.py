"""A person's own adapters: looked at and checked before a model is loaded with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import InputError, PhiDeskError


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAdapter:
    """A folder with an adapter, and how things stand with it.

    Attributes:
        replaces: the built-in adapter it takes the place of; empty where it does not say.
        sentence: what is wrong with it; empty where it can be used.
    """

    folder: Path
    name: str
    rank: int = 0
    replaces: str = ""
    sentence: str = ""


def look(folder: Path) -> OwnAdapter:
    """What its settings say: milliseconds, no values are read."""
    from phi_desk.model.files import TensorFile
    from phi_desk.model.lora import WEIGHTS, guess_kind, read_lora_config

    try:
        config = read_lora_config(folder)
        with TensorFile(folder / WEIGHTS) as file:
            kind = guess_kind(folder, file.entries)
    except PhiDeskError as error:
        return OwnAdapter(folder=folder, name=folder.name, sentence=error.sentence)
    return OwnAdapter(folder=folder, name=folder.name, rank=config.rank, replaces=kind or "")


def check(
    folder: Path, model: Path | None, known: Sequence[Path], cancel: CancelToken
) -> OwnAdapter:
    """Make sure that an adapter can be used, with every value read where a model is given.

    Raises:
        InputError: it is known already, or another of its name is.
        CheckpointError: it is damaged, of an unsupported kind, or does not fit the model.
        Cancelled: by `cancel`.
    """
    folder = folder.expanduser().absolute()
    for other in known:
        if other == folder:
            raise InputError(f"“{folder}” is in the list already.")
        if other.name == folder.name:
            raise InputError(
                f"Another adapter is called “{folder.name}”, too: {other}.",
                "Rename the folder of one of them.",
            )
    from phi_desk.model.lora import read_lora_config

    read_lora_config(folder)  # before torch is loaded: most wrong folders end here
    cancel.raise_if_cancelled()
    if model is not None:
        from phi_desk.model.adapter_weights import read_peft_folder
        from phi_desk.model.spec import read_spec

        read_peft_folder(folder, read_spec(model))
    found = look(folder)
    if found.sentence:
        raise InputError(found.sentence)
    return found
