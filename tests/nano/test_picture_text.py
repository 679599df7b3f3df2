"""The text pictures: where characters lie, that they are visible and whole, and the answers."""

from __future__ import annotations

import csv
import itertools
import random
import string

import numpy as np
import pytest
from fonts import ALPHABET, INDEX, Face, faces, metrics, sized
from hypothesis import given, settings
from hypothesis import strategies as st
from palette import contrast
from picture_figures import code, figure
from picture_levels import LEVELS
from picture_strings import Strings
from pictures import examples, of_task, spoken_question, spoken_questions
from PIL import Image
from runs import Run, character_map, draw, unturned
from tables import as_csv, as_markdown

from phi_desk.engine.crops import crop_picture, plan_crops
from phi_desk.engine.tasks import read_markdown, read_table, read_text

pytestmark = pytest.mark.usefixtures("all_fonts")


def _face(name: str = "DejaVuSans.ttf") -> Face:
    found = {face.path.rsplit("/", 1)[1]: face for group in faces("train") for face in group}
    return found[name]


def _letters(chars: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> list[str]:
    """Each row of cells as the letters in it, repeats of one letter as one."""
    rows = ("".join(ALPHABET[place] for place in row).split() for row in chars)
    return ["".join(letter for letter, _ in itertools.groupby("".join(row))) for row in rows]


def test_the_patches_of_a_known_word_name_its_letters_in_order() -> None:
    run = Run("WORLD", _face(), 48, 12.0, 120.0, (0, 0, 0))
    chars = character_map([run], (224, 224), 0.0, plan_crops(224, 224, crop_size=224))
    assert chars.shape == (32, 48)
    assert set(_letters(chars)) == {"", "WORLD"}
    # Only cells whose centre (3.5 below their top) lies between the capital's top and the
    # descender's bottom are named.
    named = np.flatnonzero(chars.any(axis=1)) * 7 + 3.5
    assert run.top <= named.min() < run.top + 7
    assert run.bottom - 7 <= named.max() < run.bottom


def test_each_cell_names_the_letter_that_is_inked_around_its_centre() -> None:
    """Letters are drawn one at a time; each one's ink lies under the cells that name it."""
    face, text = _face("LiberationSerif-Regular.ttf"), "Hamburg"
    run = Run(text, face, 44, 10.0, 100.0, (0, 0, 0))
    chars = character_map([run], (224, 224), 0.0, plan_crops(224, 224, crop_size=224))
    for place, letter in enumerate(text):
        image = Image.new("RGB", (224, 224), "white")
        start = 10 + float(sized(face, 44).getlength(text[:place]))
        draw(image, [Run(letter, face, 44, start, 100.0, (0, 0, 0))], 0.0)
        columns = np.flatnonzero((np.asarray(image) < 128).all(axis=2).any(axis=0))
        for column in np.flatnonzero((chars == INDEX[letter]).any(axis=0)):
            middle = (column + 0.5) * 14 / 3
            assert columns.min() - 3 <= middle <= columns.max() + 3


@settings(deadline=None, max_examples=60)
@given(
    text=st.text(string.ascii_letters + string.digits + " .-€é", min_size=1, max_size=24),
    size=st.integers(12, 44),
    data=st.data(),
)
def test_characters_begin_where_pillow_puts_them(text: str, size: int, data: st.DataObject) -> None:
    face = data.draw(st.sampled_from([group[0] for group in faces("train", 2)]))
    run = Run(text, face, size, 0.0, 0.0, (0, 0, 0))
    font = sized(face, size)
    true = np.array([font.getlength(text[:count]) for count in range(len(text) + 1)])
    assert np.abs(run.edges - true).max() <= 0.07 * size + 1
    assert (np.diff(run.edges) >= 0).all()


@pytest.mark.parametrize("angle", [-3.0, 2.0, 30.0])
def test_the_map_turns_with_the_picture(angle: float) -> None:
    size = (224, 200)
    image = Image.new("RGB", size, "white")
    run = Run("MMMM", _face("DejaVuSans-Bold.ttf"), 40, 40.0, 110.0, (0, 0, 0))
    draw(image, [run], angle)
    rows, columns = (np.asarray(image)[:, :, 0] < 100).nonzero()
    x, y = unturned(columns.astype(np.float64) + 0.5, rows.astype(np.float64) + 0.5, size, angle)
    assert run.edges[0] - 1 <= x.min()
    assert x.max() <= run.edges[-1] + 1
    assert run.top - 1.5 <= y.min()
    assert y.max() <= run.y + 1.5


def test_the_map_follows_the_scaling_to_the_canvas() -> None:
    """A picture of half the size is scaled up: the map is that of the picture at full size."""
    plan_small, plan_full = (plan_crops(side, side, crop_size=224) for side in (112, 224))
    small = Run("Total", _face(), 20, 10.0, 50.0, (0, 0, 0))
    full = Run("Total", _face(), 40, 20.0, 100.0, (0, 0, 0))
    one = character_map([small], (112, 112), 0.0, plan_small)
    other = character_map([full], (224, 224), 0.0, plan_full)
    assert (one == other).mean() > 0.98


@pytest.mark.parametrize("level", range(6))
def test_examples_fit_the_apps_crops(level: int) -> None:
    for example in itertools.islice(examples(11, "valid", level), 40):
        crops = crop_picture(example.picture, crop_size=224)
        assert example.chars is not None
        assert example.chars.shape == (crops.rows * 32, crops.columns * 48)
        assert crops.rows * crops.columns <= 6
        places = np.unique(example.chars)
        named = {ALPHABET[place] for place in places if place < len(ALPHABET)} - {" "}
        assert example.task == "question" or places.max() < len(ALPHABET)
        assert named <= set(example.answer.replace('""', '"') + '"')
        if example.task in ("question", "blank"):
            assert not named
        elif level == 0:
            assert len(named) >= len(set(example.answer)) / 2
        assert spoken_question(example) in set(spoken_questions())


@pytest.mark.parametrize("level", [0, 3, 5])
def test_text_differs_from_the_ground_around_it(level: int) -> None:
    """Patches with a character vary more in brightness than the picture's empty corner regions."""
    seen = 0
    for example in itertools.islice(of_task(5, "valid", level, "read"), 30):
        assert example.chars is not None
        pixels = example.picture.pixels.astype(np.float64)
        if example.picture.width != 224 or not example.chars.any():
            continue
        rows = np.flatnonzero(example.chars.any(axis=1))
        columns = np.flatnonzero(example.chars.any(axis=0))
        low, high = int(columns[0] * 14 / 3), int((columns[-1] + 1) * 14 / 3) + 1
        part = pixels[rows[0] * 7 : rows[-1] * 7 + 7, low:high]
        assert part.std(axis=(0, 1)).max() > 5
        seen += 1
    assert seen > 4


def test_inks_keep_their_contrast() -> None:
    from drawn import pick_look

    for level, spec in enumerate(LEVELS):
        dice = random.Random(level)
        looks = [pick_look(dice, spec, level) for _ in range(200)]
        for look in looks:
            assert all(
                contrast(look.ink, ground) >= spec.contrast for ground in look.surface.colours
            )


def test_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text drawn on a larger picture has no ink outside the smaller one."""
    import text_pictures

    outside = []

    def watched(image: Image.Image, runs: list[Run], angle: float) -> None:
        wide, high = image.width + 80, image.height + 80
        large = Image.new("RGB", (wide, high), "white")
        moved = [
            Run(run.text, run.face, run.size, run.x + 40, run.y + 40, (0, 0, 0)) for run in runs
        ]
        draw(large, moved, angle)
        ink = np.asarray(large)[:, :, 0] < 128
        outside.append(int(ink.sum() - ink[40 : high - 40, 40 : wide - 40].sum()))
        draw(image, runs, angle)

    monkeypatch.setattr(text_pictures, "draw", watched)
    for level in (0, 2, 5):
        list(itertools.islice(of_task(2, "train", level, "read"), 60))
    assert len(outside) >= 180
    assert sum(pixels > 0 for pixels in outside) <= 2
    assert max(outside) < 30


def test_examples_are_a_pure_function_of_the_seed() -> None:
    one, same, other = (
        [
            (example.question, example.answer, example.picture.pixels.tobytes())
            for example in itertools.islice(examples(seed, "train", 3), 12)
        ]
        for seed in (7, 7, 8)
    )
    assert one == same
    assert one != other


def test_reading_asks_the_apps_own_questions() -> None:
    asked = {
        task: {e.question for e in itertools.islice(of_task(1, "train", 4, task), 30)}
        for task in ("read", "table", "blank")
    }
    assert asked == {
        "read": {read_text()},
        "blank": {read_text()},
        "table": {read_markdown(), read_table()},
    }


def test_so_many_lines_as_asked_for() -> None:
    for lines in range(1, 7):
        for example in itertools.islice(of_task(1, "test", 5, "read", lines=lines), 8):
            assert 1 <= len(example.answer.split("\n")) <= lines
            assert all(line == line.strip() and line for line in example.answer.split("\n"))
    for example in itertools.islice(of_task(1, "test", 5, "read", lines=1, codes=True), 20):
        assert set(example.answer) <= set(string.ascii_uppercase + string.digits + "- ")


def test_tables_read_back_as_their_cells() -> None:
    cells = [["Name", "Price"], ["Tee, grün", "4,50 €"], ["Brot", '3"']]
    assert as_markdown(cells).split("\n")[:3] == [
        "| Name | Price |",
        "| --- | --- |",
        "| Tee, grün | 4,50 € |",
    ]
    assert list(csv.reader(as_csv(cells).split("\n"))) == cells
    for example in itertools.islice(of_task(3, "train", 5, "table"), 20):
        if example.question == read_markdown():
            rows = [line[2:-2].split(" | ") for line in example.answer.split("\n")]
        else:
            rows = list(csv.reader(example.answer.split("\n")))
        assert 2 <= len(rows[0]) <= 5
        assert len({len(row) for row in rows}) == 1


def test_figures_and_codes_keep_to_the_length() -> None:
    dice = random.Random(1)
    for most in range(3, 12):
        assert all(0 < len(figure(dice, most)) <= most for _ in range(50))
        assert all(0 < len(code(dice, most)) <= most for _ in range(50))


def test_strings_fit_and_can_be_drawn() -> None:
    strings, dice = Strings(1, "train"), random.Random(1)
    for most in (4, 9, 20):
        for text in (
            strings.word(dice, most),
            strings.line(dice, most),
            strings.notice(dice, most),
        ):
            assert 0 < len(text) <= most
            assert set(text) <= INDEX.keys()
    assert metrics(_face(), 20).bottom > 0
