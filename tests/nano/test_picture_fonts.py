"""The fonts of the pictures: the splits share none, and what a face is said to write it writes."""

from __future__ import annotations

import random

import pytest
from font_families import KINS, SPLITS, Split
from fonts import ALPHABET, INDEX, Face, can_write, covered, faces, metrics, pick_face, sized

pytestmark = pytest.mark.usefixtures("all_fonts")


def _files(split: Split) -> set[str]:
    return {face.path.rsplit("/", 1)[1] for group in faces(split) for face in group}


def test_no_font_is_in_two_splits() -> None:
    files = [_files(split) for split in SPLITS]
    assert all(files)
    assert sum(map(len, files)) == len(set.union(*files))


def test_no_file_belongs_to_two_kins() -> None:
    owners: dict[str, set[str]] = {}
    for split in SPLITS:
        for group in faces(split):
            for face in group:
                owners.setdefault(face.path, set()).add(face.kin)
    assert [path for path, names in owners.items() if len(names) > 1] == []


def test_every_kin_states_its_licence_and_its_packages() -> None:
    assert all(kin.licence and kin.packages for kin in KINS)
    assert len({kin.name for kin in KINS}) == len(KINS)


def test_the_first_level_uses_few_upright_faces() -> None:
    first = [face for group in faces("train", 0) for face in group]
    assert len(faces("train", 0)) == 4
    assert not [face.path for face in first if "italic" in face.path.lower()]
    assert len(faces("train", 5)) > 50


def test_a_face_writes_what_is_asked_of_it() -> None:
    dice = random.Random(3)
    for text in ("Straße", "€4.50", "¿Dónde?", "être"):
        for split in SPLITS:
            assert can_write(pick_face(dice, split, 5, text).path, text)


def test_the_letters_of_a_face_differ() -> None:
    """A face that drew one box for every letter it lacks would teach the model nonsense."""
    dice = random.Random(4)
    for split in SPLITS:
        for group in faces(split):
            font = sized(dice.choice(group), 40)
            drawn = {bytes(font.getmask(letter)) for letter in "abdeghkmnpqrstuvwxyzABDEGHMNPQRSTU"}
            assert len(drawn) == 34


def test_a_capital_stands_on_the_line_and_a_descender_hangs_below() -> None:
    for split in SPLITS:
        for group in faces(split):
            measures = metrics(group[0], 30)
            assert measures.rise <= measures.top < -15
            assert 3 < measures.bottom < 15


def test_the_alphabet_has_each_character_once_and_the_space_first() -> None:
    assert len(INDEX) == len(ALPHABET) < 256
    assert INDEX[" "] == 0


def test_a_missing_character_is_not_covered() -> None:
    faces_lacking = [
        face
        for group in faces("train")
        for face in group
        if covered(face.path) < frozenset(ALPHABET)
    ]
    assert faces_lacking  # the road signs' fonts have no accents
    assert all(isinstance(face, Face) for face in faces_lacking)
