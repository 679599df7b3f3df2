"""Odd and broken files for every reader: 60 a reader here, 2,000 a reader in the full set.

Run the full set with `bootstrap.py test --full`, or only it with `pytest -m full tests/robustness`;
`python -m robustness 2000` in the folder `tests` prints its figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from robustness.command_line import COMMAND_LINE
from robustness.faulty_reader import FAULTS, FAULTY
from robustness.table import READERS
from robustness.throwing import LONGEST_S, Tally, throw_at

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="measures memory and takes rights away as Linux does",
)
names = [reader.name for reader in READERS]


@pytest.mark.parametrize("reader", names)
def test_some_odd_files(reader: str, tmp_path: Path) -> None:
    tally = throw_at(reader, made=40, spoilt=20, folder=tmp_path)
    check(tally, 60)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reader", names)
def test_two_thousand_odd_files(reader: str, tmp_path: Path) -> None:
    tally = throw_at(reader, made=1000, spoilt=1000, folder=tmp_path)
    check(tally, 2000)
    assert tally.read > 20  # a reader that refuses everything proves nothing
    assert tally.refused > 20 or reader == "catalogue"  # which reports and goes on


def test_command_lines_over_odd_files(tmp_path: Path) -> None:
    check(throw_at(COMMAND_LINE.name, made=100, spoilt=0, folder=tmp_path), 100)


@pytest.mark.parametrize("fault", range(len(FAULTS)))
def test_every_fault_would_be_found(fault: int, tmp_path: Path) -> None:
    words = FAULTS[fault][2]
    longest_s = 1.0 if words == "Timeout" else LONGEST_S  # wasting gigabytes takes seconds too
    tally = throw_at(
        FAULTY.name, made=1, spoilt=0, folder=tmp_path, first=fault, longest_s=longest_s
    )
    assert tally.files == 1
    assert (len(tally.faults) == 1) == bool(words)
    assert all(words in found for found in tally.faults)


def check(tally: Tally, files: int) -> None:
    assert not tally.faults, "\n\n".join(tally.faults)
    assert tally.files == files
