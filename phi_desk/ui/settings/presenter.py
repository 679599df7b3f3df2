"""Settings: what a person changes is tried, kept, or refused with its reason; knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.settings.schema import Settings
from phi_desk.ui.running import WorkRunner
from phi_desk.ui.settings.options import Group, Key, Option, groups

KEYS = "hot_keys"
CheckFolder = Callable[[Path, Sequence[Path], CancelToken], object]


class Kept(Protocol):
    """The settings as they are kept; see `phi_desk.ui.preferences`."""

    value: Settings

    def change(self, part: str, **values: Any) -> None:
        """Set options of a part; raises `PhiDeskError` for a value out of its range."""
        ...


class SettingsView(Protocol):
    """The page, as its presenter sees it."""

    def show_value(self, key: Key, value: object, *, is_default: bool) -> None:
        """Show what an option is now."""
        ...

    def show_wrong(self, key: Key, sentence: str) -> None:
        """Say at an option what is wrong with what was entered; empty when nothing is."""
        ...

    def show_found(self, keys: frozenset[Key], words: str) -> None:
        """Show these options only; `words` are what was searched for."""
        ...


class SettingsPresenter:
    """Shows the settings, and changes them; `check_folder` looks at an adapter before it is kept.

    What was refused waits: the two ends of a range may be entered one after the other.
    """

    def __init__(
        self, view: SettingsView, kept: Kept, network: WorkRunner, check_folder: CheckFolder
    ) -> None:
        self._view = view
        self._kept = kept
        self._network = network
        self._check_folder = check_folder
        self.groups: tuple[Group, ...] = groups()
        self._options: Mapping[Key, Option] = {
            option.key: option for group in self.groups for option in group.options
        }
        self._refused: dict[Key, object] = {}
        self._failed_keys: Mapping[str, str] = {}

    def show(self) -> None:
        """Show every option as it is now."""
        for key, option in self._options.items():
            if key not in self._refused:
                value = self._value(key)
                self._view.show_value(key, value, is_default=value == option.default)
        self._show_keys()

    def set(self, key: Key, value: object) -> None:
        """Take what was entered, or say at the option why not."""
        part, name = key
        waiting = {n: v for (p, n), v in self._refused.items() if p == part and n != name}
        try:
            self._change(part, {**waiting, name: value})
        except PhiDeskError:
            waiting = {}
            try:
                self._change(part, {name: value})
            except PhiDeskError as error:
                self._refused[key] = value
                self._view.show_wrong(key, in_words(error))
                return
        for taken in (name, *waiting):
            self._refused.pop((part, taken), None)
            self._view.show_wrong((part, taken), "")
        self.show()

    def reset(self, key: Key) -> None:
        """Back to how it was delivered."""
        self._refused.pop(key, None)
        self._view.show_wrong(key, "")
        self.set(key, self._options[key].default)
        self.show()

    def add_folder(self, key: Key, folder: Path) -> None:
        """Add a folder to a list, once it was looked at and is right."""
        folders = tuple(str(one) for one in self._tuple(key))

        def work(cancel: CancelToken) -> Iterator[object]:
            yield self._check_folder(folder, [Path(one) for one in folders], cancel)

        def add(_found: object) -> None:
            self.set(key, (*self._tuple(key), str(folder)))

        def refuse(error: PhiDeskError) -> None:
            self._view.show_wrong(key, in_words(error))

        self._view.show_wrong(key, "")
        self._network.run(work, on_event=add, on_failed=refuse)

    def search(self, words: str) -> None:
        """Show only options that these words stand in; all of them for none."""
        found = frozenset(
            option.key
            for group in self.groups
            for option in group.options
            if option.matches(words, group.title)
        )
        self._view.show_found(found, words.strip())

    def show_failed_keys(self, failed: Mapping[str, str]) -> None:
        """Hot keys that the system did not give us: option to sentence."""
        self._failed_keys = dict(failed)
        self._show_keys()

    def title_of(self, key: Key) -> str:
        """What an option is called."""
        return self._options[key].title

    def _change(self, part: str, values: dict[str, object]) -> None:
        self._kept.change(part, **values)

    def _value(self, key: Key) -> object:
        return getattr(getattr(self._kept.value, key[0]), key[1])

    def _tuple(self, key: Key) -> tuple[object, ...]:
        value = self._value(key)
        return value if isinstance(value, tuple) else ()

    def _show_keys(self) -> None:
        """Conflicts at both of their options; what the system refused at the others."""
        said = {name: sentence for name, sentence in self._failed_keys.items() if sentence}
        for one, other in self._kept.value.hot_keys.conflicts():
            for name, second in ((one, other), (other, one)):
                title = self.title_of((KEYS, second))
                said[name] = f"“{title}” has the same keys: change one of the two."
        for key in self._options:
            if key[0] == KEYS and key not in self._refused:
                self._view.show_wrong(key, said.get(key[1], ""))


def in_words(error: PhiDeskError) -> str:
    """What is wrong and what to do; a hint at the command line is none here."""
    return error.sentence if "--" in error.hint else f"{error.sentence} {error.hint}".strip()
