"""The log: one rotating file under the home folder, and warnings on stderr when asked for."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

LOG_BYTES = 1_000_000
LOG_FILES = 3


def configure_logging(home: Path, verbose: int = 0) -> None:
    """Send `phi_desk`'s log to `home/logs/phi-desk.log`; `verbose` also shows it on stderr."""
    logger = logging.getLogger("phi_desk")
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    logger.handlers.clear()
    logger.propagate = True
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        folder = home / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        to_file = logging.handlers.RotatingFileHandler(
            folder / "phi-desk.log", maxBytes=LOG_BYTES, backupCount=LOG_FILES, delay=True
        )
        to_file.setFormatter(form)
        logger.addHandler(to_file)
    except OSError:
        logger.addHandler(logging.NullHandler())
    if verbose:
        to_stderr = logging.StreamHandler()
        to_stderr.setFormatter(form)
        logger.addHandler(to_stderr)
