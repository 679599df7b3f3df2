"""Everything that can go wrong, as one tree; knows no other part of the program.

PhiDeskError                    a sentence for the person, and a hint
|-- UsageError                  the command line or an option is wrong (exit code 2)
|-- InputError                  a file, a picture, a sound or a text cannot be used
|-- CheckpointError             model files are missing, damaged or of another kind
|-- ModelNotFoundError          no model of that name or folder
|-- DoesNotFitError             not enough memory or disk, known before anything is loaded
|-- MemoryExhaustedError        memory ran out while the model ran
|-- ContextError                the prompt is longer than the model's context
|-- DeviceError                 a microphone, camera, screen or accelerator fails
|-- NetworkError                a download fails
|   `-- OfflineError            the network is switched off by the person
|-- StorageError                chats, sessions or pages cannot be kept (storage/failures.py)
|-- SecretsError                the system's keyring refuses (settings/secrets.py)
`-- Cancelled                   the person stopped it; nobody shows it as an error
"""

from __future__ import annotations


class PhiDeskError(Exception):
    """A failure the person can understand: `sentence` says what, `hint` says what to do.

    `details` holds lines for a log or a "show details", never needed to understand the sentence.
    """

    def __init__(self, sentence: str, hint: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.details = details

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class UsageError(PhiDeskError):
    """The command line or an option is wrong."""


class InputError(PhiDeskError):
    """A file, a picture, a sound or a text cannot be used."""


class CheckpointError(PhiDeskError):
    """Model files are missing, damaged or of another kind; `details` lists every finding."""


class ModelNotFoundError(PhiDeskError):
    """No model of that name or folder."""


class DoesNotFitError(PhiDeskError):
    """Not enough memory or disk, known before anything is loaded."""


class MemoryExhaustedError(PhiDeskError):
    """Memory ran out while the model ran; the engine stays usable."""


class ContextError(PhiDeskError):
    """The prompt is longer than the model's context."""


class DeviceError(PhiDeskError):
    """A microphone, camera, screen or accelerator fails."""


class NetworkError(PhiDeskError):
    """A download fails."""


class OfflineError(NetworkError):
    """The network is switched off by the person."""


class Cancelled(PhiDeskError):  # noqa: N818 (it is no error, and its name is what happened)
    """The person stopped it; nobody shows it as an error."""

    def __init__(self) -> None:
        super().__init__("Stopped.")
