"""All readers by name."""

from __future__ import annotations

from robustness.adapter_reader import ADAPTER
from robustness.catalogue_reader import CATALOGUE
from robustness.checkpoint_readers import CHECKPOINT, CONFIG, TENSORS
from robustness.command_line import COMMAND_LINE
from robustness.faulty_reader import FAULTY
from robustness.media_readers import DOCUMENT, PICTURE, SOUND, TEXT
from robustness.reader import Reader
from robustness.tokenizer_reader import TOKENIZER

READERS: tuple[Reader, ...] = (
    SOUND, PICTURE, DOCUMENT, TEXT, TENSORS, CHECKPOINT, CONFIG, TOKENIZER, ADAPTER, CATALOGUE,
)  # fmt: skip

BY_NAME: dict[str, Reader] = {reader.name: reader for reader in (*READERS, COMMAND_LINE, FAULTY)}
