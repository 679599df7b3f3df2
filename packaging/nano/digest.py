"""What tells one training's weights from another's: figures belong to them, and to no others."""

from __future__ import annotations

import hashlib
from pathlib import Path

WEIGHTS = ("*.safetensors", "config.json", "preprocessor_config.json", "tokenizer.json")
CARD = "card.md"  # the table of a whole evaluation, beside its results


def weights_digest(folder: Path) -> str:
    """Of what the figures depend on; not of the card, which holds them."""
    found = hashlib.sha256()
    for path in sorted(path for pattern in WEIGHTS for path in folder.rglob(pattern)):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def figures_folder(work: Path, folder: Path) -> Path:
    """Where the figures of the checkpoint in `folder` are kept."""
    return work / "figures" / weights_digest(folder)
