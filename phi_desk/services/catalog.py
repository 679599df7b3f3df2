"""The models this computer knows by name; knows where they lie, not how they are run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from phi_desk.errors import InputError, ModelNotFoundError
from phi_desk.model.download.record import read_record
from phi_desk.model.download.staging import only_one, staging_folder, unfinished_names
from phi_desk.model.download.values import check_name
from phi_desk.services.catalog_entry import Entry, Known, is_folder, look, read_layout
from phi_desk.services.embedded import EMBEDDED, embedded_folder
from phi_desk.services.registry import Registry, RegistryFile
from phi_desk.services.removal import Removal, delete_downloaded

DOWNLOAD_HINT = "Get the published model with `phi-desk models download`"


class Catalog:
    """Names of models and where they lie, under one home folder.

    `embedded` is the folder of the model that came with the program; `read` tells a checkpoint's
    layout or raises why it cannot be used.
    """

    def __init__(
        self,
        home: Path,
        *,
        embedded: Path | None = None,
        read: Callable[[Path], str] = read_layout,
    ) -> None:
        self.models = home / "models"
        self._registry = RegistryFile(home / "models.json")
        self._embedded = embedded or embedded_folder()
        self._read = read

    @property
    def notice(self) -> str:
        """A sentence when the list of added models cannot be read, else empty."""
        return self._registry.read().notice

    def list(self) -> tuple[Entry, ...]:
        """Every known model, looked at: headers are read, weights are not."""
        default = self.default
        return tuple(
            look(name, known, self._read, default=name == default)
            for name, known in sorted(self._known().items(), key=lambda item: item[0].casefold())
        )

    def find(self, name: str) -> Entry:
        """The model of that name.

        Raises:
            ModelNotFoundError: with the names that are known.
        """
        exact = self._spelled(name)
        return look(exact, self._known()[exact], self._read, default=exact == self.default)

    def resolve(self, name_or_dir: str | None) -> Path:
        """The folder of a model named, or of the one to use when none is named.

        None: the person's default, else the only model there is, else the embedded one. A name
        wins over a folder of the same name in the current place; `./NAME` means the folder.

        Raises:
            ModelNotFoundError: with the names known and what to do.
        """
        if name_or_dir is None:
            return self._usable(self._unnamed())
        known = self._known()
        if not name_or_dir.strip():
            raise ModelNotFoundError("The name of the model is empty.", self._names_hint(known))
        if name_or_dir not in known:
            folder = Path(name_or_dir).expanduser()
            if is_folder(folder):
                return folder.resolve()
            if folder.name != name_or_dir:
                raise ModelNotFoundError(
                    f"There is no folder {name_or_dir}.", self._names_hint(known)
                )
        return self._usable(self._spelled(name_or_dir))

    def add(self, folder: Path, name: str | None = None) -> Entry:
        """Know `folder` by a name (its own, when none is given); nothing is copied.

        Raises:
            ModelNotFoundError: there is no such folder.
            CheckpointError: it holds no usable model.
            InputError: the name or the folder is known already.
            UsageError: the name is none.
        """
        folder = folder.expanduser().absolute()
        if not is_folder(folder):
            raise ModelNotFoundError(
                f"There is no folder {folder}.", "Name the folder that holds config.json."
            )
        name = name or folder.resolve().name
        check_name(name)
        for other, known in self._known().items():
            if other.casefold() == name.casefold():
                raise InputError(
                    f"A model named “{other}” is known already.", "Choose another with --name."
                )
            if _same(known.folder, folder):
                raise InputError(f"{folder} is known already, as “{other}”.")
        self._read(folder)
        registry = self._registry.read()
        added = MappingProxyType(dict(registry.added) | {name: folder})
        self._registry.save(replace(registry, added=added))
        return self.find(name)

    def remove(self, name: str) -> Removal:
        """Forget an added model, or delete the files of a downloaded one.

        Raises:
            ModelNotFoundError: nobody knows it.
            InputError: it is not ours to delete, or it is being downloaded right now.
        """
        name = self._spelled(name)
        known = self._known()[name]
        if known.origin == "embedded":
            raise InputError(
                f"“{name}” came with Phi Desk and stays: it works where no other model does.",
                "Choose another model with `phi-desk models use NAME`.",
            )
        if known.origin == "copied":
            raise InputError(
                f"“{name}” was not downloaded by us and is left alone.",
                f"Delete {known.folder} yourself.",
            )
        removal = Removal(name=name)
        if known.origin != "added":
            with only_one(self.models, name):
                removal = delete_downloaded(name, self._folders_of(name))
        self._forget(name, added=known.origin == "added")
        return removal

    def check_free(self, name: str) -> None:
        """Make sure that a download may take this name: nothing but a download has it.

        Raises:
            InputError: something else has it.
        """
        for other, known in self._known().items():
            if other.casefold() == name.casefold() and (
                other != name or known.origin not in ("downloaded", "unfinished")
            ):
                raise InputError(
                    f"A model named “{other}” is known already.", "Choose another with --name."
                )

    @property
    def default(self) -> str | None:
        """The name of the model used when none is named; None when none was chosen."""
        return self._registry.read().default

    @default.setter
    def default(self, name: str | None) -> None:
        if name is not None:
            name = self._spelled(name)
            self._usable(name)
        self._registry.save(replace(self._registry.read(), default=name))

    def _forget(self, name: str, *, added: bool) -> None:
        """Take it out of the registry; `added` says whether its folder was listed there."""
        old = self._registry.read()
        kept = {n: folder for n, folder in old.added.items() if not (added and n == name)}
        default = None if old.default == name else old.default
        if (kept, default) != (dict(old.added), old.default):
            self._registry.save(Registry(added=MappingProxyType(kept), default=default))

    def _known(self) -> dict[str, Known]:
        """Everything by name; what lies in our own folder wins over what was added."""
        known: dict[str, Known] = {}
        if is_folder(self._embedded):
            known[EMBEDDED] = Known(folder=self._embedded, origin="embedded")
        for name, folder in self._registry.read().added.items():
            known[name] = Known(folder=folder, origin="added")
        for name in unfinished_names(self.models):
            known[name] = Known(folder=staging_folder(self.models, name), origin="unfinished")
        for folder in _visible_folders(self.models):
            ours = read_record(folder) is not None and not folder.is_symlink()
            known[folder.name] = Known(folder=folder, origin="downloaded" if ours else "copied")
        return known

    def _folders_of(self, name: str) -> tuple[Path, ...]:
        return (self.models / name, staging_folder(self.models, name))

    def _spelled(self, name: str) -> str:
        """The name as it is known; upper and lower case do not matter where it is clear."""
        known = self._known()
        if name in known:
            return name
        alike = [other for other in known if other.casefold() == name.casefold()]
        if len(alike) != 1:
            raise ModelNotFoundError(f"There is no model named “{name}”.", self._names_hint(known))
        return alike[0]

    def _names_hint(self, known: dict[str, Known]) -> str:
        names = ", ".join(sorted(known, key=str.casefold))
        notice = self.notice
        return " ".join(
            part
            for part in (
                notice,
                f"Known models: {names}." if names else "",
                f"{DOWNLOAD_HINT}, or name a folder.",
            )
            if part
        )

    def _unnamed(self) -> str:
        known = self._known()
        default = self.default
        if default is not None:
            if default not in known:
                raise ModelNotFoundError(
                    f"“{default}”, the model chosen as default, is not there any more.",
                    f"Choose another with `phi-desk models use NAME`. {self._names_hint(known)}",
                )
            return default
        own = [n for n, k in known.items() if k.origin not in ("embedded", "unfinished")]
        if len(own) == 1:
            return own[0]
        if EMBEDDED in known:
            return EMBEDDED
        if not own:
            raise ModelNotFoundError("There is no model yet.", self._names_hint(known))
        raise ModelNotFoundError(
            "There are several models and none is chosen.",
            f"Choose one with `phi-desk models use NAME`. {self._names_hint(known)}",
        )

    def _usable(self, name: str) -> Path:
        known = self._known()[name]
        if known.origin == "unfinished":
            raise ModelNotFoundError(
                f"The download of “{name}” is not finished.",
                "Continue it with `phi-desk models download`.",
            )
        if not is_folder(known.folder):
            raise ModelNotFoundError(
                f"The folder of “{name}” is not there: {known.folder}.",
                f"Bring it back, or forget it with `phi-desk models remove {name}`.",
            )
        return known.folder


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other


def _visible_folders(models: Path) -> list[Path]:
    if not is_folder(models):
        return []
    try:
        return [path for path in models.iterdir() if path.name[0] != "." and is_folder(path)]
    except OSError as failure:
        raise InputError(
            f"{models} cannot be read.", "Check the permissions, or choose another --home."
        ) from failure
