"""`python -m robustness FILES [READER...]`: throw FILES odd files at each reader; print a table.

Run in the folder `tests`. The exit code is 1 when a file ended otherwise than it must.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from robustness.table import BY_NAME, READERS
from robustness.throwing import Tally, throw_at


def main(words: list[str]) -> int:
    """Throw, and write a row a reader as it is done."""
    files = int(words[0])
    write = sys.stdout.write
    write(
        "| reader | files | results | refusals | faults | longest, s | most memory, MB | all, s |\n"
    )
    write("|---|---|---|---|---|---|---|---|\n")
    faults: list[str] = []
    for name in words[1:] or [reader.name for reader in READERS]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            spoilt = files // 2 if BY_NAME[name].examples else 0
            tally = throw_at(name, files - spoilt, spoilt, Path(folder) / name)
        write(row(tally) + "\n")
        sys.stdout.flush()
        faults += [f"{name}: {fault}" for fault in tally.faults]
    for fault in faults:
        write(f"\n{fault}\n")
    return 1 if faults else 0


def row(tally: Tally) -> str:
    """One line of the table."""
    numbers = (tally.files, tally.read, tally.refused, len(tally.faults), f"{tally.longest_s:.2f}",
               round(tally.most_bytes / 1e6), round(tally.seconds))  # fmt: skip
    return f"| {tally.reader} | " + " | ".join(map(str, numbers)) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
