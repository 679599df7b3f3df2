"""The settings as the windows see them: one value, told to everybody when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from phi_desk.cancel import CancelToken
from phi_desk.errors import PhiDeskError
from phi_desk.settings.schema import Settings
from phi_desk.settings.store import FILE, SettingsFile
from phi_desk.ui.running import WorkRunner

WAIT_MS = 400  # a slider that moves shall not write a file for each pixel


class Preferences(QObject):
    """Holds the settings, keeps them on disk, and says when they change.

    Read once, before the first window is drawn: the file is small, and its colours are needed.

    Attributes:
        value: the settings as they are now.
        notices: sentences about what the file said wrong.
    """

    changed = Signal(object)  # Settings
    failed = Signal(object)  # PhiDeskError: they could not be kept

    def __init__(self, home: Path, disk: WorkRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = SettingsFile(home / FILE)
        self._disk = disk
        loaded = self._file.load()
        self.value = self._kept = loaded.settings
        self.notices = loaded.notices
        self._later = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._later.timeout.connect(self._save)

    def change(self, part: str, **values: Any) -> None:
        """Set options of a part, as in `change("live", target="de")`.

        Raises:
            UsageError: a value is out of its range; nothing has changed then.
        """
        old = getattr(self.value, part)
        new = replace(old, **values)
        if new == old:
            return
        self.value = replace(self.value, **{part: new})
        self._later.start()
        self.changed.emit(self.value)

    def flush(self) -> None:
        """Write what is not written yet, at once: for the end of the program."""
        self._later.stop()
        if self.value != self._kept:
            try:
                self._file.save(self.value)
                self._kept = self.value
            except PhiDeskError as error:
                self.failed.emit(error)

    @Slot()
    def _save(self) -> None:
        wanted = self.value

        def work(cancel: CancelToken) -> Iterator[object]:
            cancel.raise_if_cancelled()
            self._file.save(wanted)
            yield wanted

        self._disk.run(work, on_event=self._on_saved, on_failed=self.failed.emit)

    def _on_saved(self, saved: object) -> None:
        if isinstance(saved, Settings):
            self._kept = saved
