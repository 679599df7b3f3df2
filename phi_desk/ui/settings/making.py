"""Which control shows which option: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from phi_desk.ui.settings import controls, special
from phi_desk.ui.settings.controls import Control as Widget
from phi_desk.ui.settings.options import Control, Option

MAKERS: Mapping[Control, Callable[[Option], Widget]] = {
    "switch": controls.SwitchControl,
    "choice": controls.ChoiceControl,
    "whole": controls.WholeControl,
    "number": controls.NumberControl,
    "perhaps_whole": controls.WordsControl,
    "words": controls.WordsControl,
    "long_words": controls.LongWordsControl,
    "keys": special.KeysControl,
    "colour": special.ColourControl,
    "font": special.font_control,
    "language": special.language_control,
    "spoken_language": special.language_control,
    "folders": special.FoldersControl,
    "offered": special.OfferedControl,
}
BELOW: frozenset[Control] = frozenset({"long_words", "folders"})  # too wide to stand beside words


def control_of(option: Option) -> Widget:
    """A new control for an option."""
    return MAKERS[option.control](option)
