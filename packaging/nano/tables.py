"""Pictures of small tables, with their cells as Markdown or CSV."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

from drawn import Drawn, Look, developed, mapped, pick_look, spelled
from font_families import Split
from fonts import Face, metrics, pick_face
from palette import contrast, near
from picture_figures import moment, number, price
from picture_levels import CROP_SIZE, LEVELS, Level
from picture_strings import Strings
from PIL import Image, ImageDraw
from runs import Run, draw, length
from surfaces import Surface, lay

from phi_desk.engine.tasks import read_markdown, read_table

Cells = list[list[str]]  # rows of cells, the headings first
MARGIN = 4
_MARKDOWN = 0.75  # of the tables; the others are asked for as CSV
_RULES = ("grid", "grid", "rows", "heading", "none")
# Columns and rows at most, and the canvas in crops, by level (tables begin at level 2).
_BOUNDS = {2: (2, 3), 3: (3, 4), 4: (4, 5), 5: (5, 6)}


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells lie: edges of columns and rows in pixels, outer ones included."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]


def table_picture(dice: random.Random, strings: Strings, split: Split, level: int) -> Drawn:
    """A table to be read as Markdown, at times as CSV."""
    spec = LEVELS[level]
    across, down = (dice.randint(2, most) for most in _BOUNDS[max(2, level)])
    cells = cells_of(dice, strings, across, down)
    look = pick_look(dice, spec, level)
    look = Look(look.kind, _calm(look.surface), look.ink, 0.0)
    text = "".join(cell for row in cells for cell in row)
    face = pick_face(dice, split, level, text)
    room = _room(dice, cells, level)
    size = dice.randint(spec.sizes[0], max(spec.sizes[0], min(26, spec.sizes[1])))
    size = _fitting(cells, face, size, room)
    if size < min(13, spec.sizes[0]):
        return table_picture(dice, strings, split, level)
    grid = _grid(dice, cells, face, size, room)
    side_x = dice.randint(min(room[0], grid.columns[-1] + MARGIN), room[0])
    side_y = dice.randint(min(room[1], grid.rows[-1] + MARGIN), room[1])
    if dice.random() < 0.4:
        side_x = room[0]
    grid = _moved(dice, grid, side_x, side_y)
    image = lay(dice, split, look.surface, side_x, side_y)
    runs = _runs(dice, cells, grid, face, size, look)
    _rule(dice, image, grid, look)
    draw(image, runs, 0.0)
    return _asked(dice, cells, image, runs, look, spec)


def cells_of(dice: random.Random, strings: Strings, columns: int, rows: int) -> Cells:
    """Headings and `rows - 1` rows: names first, then columns of one kind of entry each."""

    def name(dice: random.Random) -> str:
        return strings.word(dice, 9)

    def heading(dice: random.Random, taken: list[str]) -> str:
        tried = (_titled(strings.word(dice, 10)) for _ in range(9))
        return next(word for word in tried if word not in taken)

    entries = (number, price, price, moment, name)
    kinds = [name, *(dice.choice(entries) for _ in range(columns - 1))]
    headings: list[str] = []
    for _ in range(columns):
        headings.append(heading(dice, headings))
    cells = [headings]
    cells += [[kind(dice) for kind in kinds] for _ in range(rows - 1)]
    return cells


def table_text(dice: random.Random, strings: Strings) -> tuple[str, str, str]:
    """A table in words: its rows as lines, the question, and the answer as to a picture of it."""
    across, down = dice.randint(2, 4), dice.randint(2, 4)
    cells = cells_of(dice, strings, across, down)
    lines = "\n".join("  ".join(row) for row in cells)
    return lines, *_question(dice, cells)


def _question(dice: random.Random, cells: Cells) -> tuple[str, str]:
    """What is asked about a table, and the answer."""
    if dice.random() < _MARKDOWN:
        return read_markdown(), as_markdown(cells)
    return read_table(), as_csv(cells)


def as_markdown(cells: Cells) -> str:
    """As a Markdown table, the first row its headings."""
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * len(cells[0]), *lines[1:]])


def as_csv(cells: Cells) -> str:
    """As CSV, cells with a comma in double quotes."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells)
    return text.getvalue().rstrip("\n")


def _titled(word: str) -> str:
    return word[:1].upper() + word[1:]


def _calm(surface: Surface) -> Surface:
    """Tables stand on paper or screens, not on cloth."""
    sort = surface.sort if surface.sort in ("plain", "shaded", "paper") else "plain"
    return Surface(sort, surface.colours)


def _room(dice: random.Random, cells: Cells, level: int) -> tuple[int, int]:
    """The most pixels of the picture: one crop for small tables, up to six for wide ones."""
    across = 1 if len(cells[0]) <= 2 and (level < 4 or dice.random() < 0.7) else 2
    if len(cells[0]) == 5 or (across == 2 and dice.random() < 0.1):
        across = min(3, across + 1)
    down = 2 if across > 1 and len(cells) >= 4 and dice.random() < 0.35 else 1
    return across * CROP_SIZE, down * CROP_SIZE


def _widths(cells: Cells, face: Face, size: int) -> list[float]:
    columns = zip(*cells, strict=True)
    return [max(length(cell, face, size) for cell in column) for column in columns]


def _needed(cells: Cells, face: Face, size: int) -> tuple[float, float]:
    """Width and height of the tightest setting."""
    measures = metrics(face, size)
    width = sum(_widths(cells, face, size)) + 0.8 * size * len(cells[0])
    height = 1.35 * (measures.bottom - measures.top) * len(cells)
    return width + 2 * MARGIN + 2, height + 2 * MARGIN + 2


def _fitting(cells: Cells, face: Face, size: int, room: tuple[int, int]) -> int:
    """The largest size up to `size` at which the table fits into `room`."""
    while True:
        needed = _needed(cells, face, size)
        share = min(have / need for have, need in zip(room, needed, strict=True))
        if share >= 1:
            return size
        size = min(size - 1, int(size * share))


def _moved(dice: random.Random, grid: Grid, width: int, height: int) -> Grid:
    """Anywhere within the picture, mostly in the middle of its width."""
    spare_x, spare_y = width - MARGIN - grid.columns[-1], height - MARGIN - grid.rows[-1]
    x = round(max(0, spare_x) * (0.5 if dice.random() < 0.5 else dice.random()))
    y = round(max(0, spare_y) * dice.random() ** 2)
    return Grid(tuple(edge + x for edge in grid.columns), tuple(edge + y for edge in grid.rows))


def _grid(dice: random.Random, cells: Cells, face: Face, size: int, room: tuple[int, int]) -> Grid:
    needed_x, needed_y = _needed(cells, face, size)
    looser_x = dice.uniform(0, min(1.2 * size, (room[0] - needed_x) / len(cells[0])))
    looser_y = dice.uniform(0, min(0.9 * size, (room[1] - needed_y) / len(cells)))
    columns, rows = [float(MARGIN)], [float(MARGIN)]
    for width in _widths(cells, face, size):
        columns.append(columns[-1] + width + 0.8 * size + looser_x)
    measures = metrics(face, size)
    for _ in cells:
        rows.append(rows[-1] + 1.35 * (measures.bottom - measures.top) + looser_y)
    return Grid(tuple(map(round, columns)), tuple(map(round, rows)))


def _runs(
    dice: random.Random, cells: Cells, grid: Grid, face: Face, size: int, look: Look
) -> list[Run]:
    measures = metrics(face, size)
    tall = measures.bottom - measures.top
    right = [dice.random() < (0.5 if cell[-1].isdigit() else 0.2) for cell in cells[-1]]
    runs = []
    for row, line in enumerate(cells):
        middle = (grid.rows[row] + grid.rows[row + 1]) / 2
        y = round(middle - tall / 2 - measures.top)
        for column, cell in enumerate(line):
            x = grid.columns[column] + 0.4 * size
            if right[column]:
                x = grid.columns[column + 1] - 0.4 * size - length(cell, face, size)
            runs.append(Run(cell, face, size, round(x), y, look.ink))
    return runs


def _rule(dice: random.Random, image: Image.Image, grid: Grid, look: Look) -> None:
    """Shade and rule the table in one of the usual ways."""
    pen, ground = ImageDraw.Draw(image), look.surface.colours[0]
    left, right = grid.columns[0], grid.columns[-1]
    shade = near(dice, ground, 22)
    if contrast(shade, look.ink) > 0.8 * contrast(ground, look.ink):
        if dice.random() < 0.4:
            pen.rectangle((left, grid.rows[0], right, grid.rows[1]), fill=shade)
        if dice.random() < 0.2:
            for top, bottom in list(zip(grid.rows, grid.rows[1:], strict=False))[2::2]:
                pen.rectangle((left, top, right, bottom), fill=shade)
    colour = look.ink if dice.random() < 0.5 else near(dice, look.ink, 80)
    thick, rules = dice.choice((1, 1, 1, 2)), dice.choice(_RULES)
    levels = {"grid": grid.rows, "rows": grid.rows, "heading": grid.rows[1:2], "none": ()}[rules]
    for y in levels:
        pen.line((left, y, right, y), fill=colour, width=thick)
    for x in grid.columns if rules == "grid" else ():
        pen.line((x, grid.rows[0], x, grid.rows[-1]), fill=colour, width=thick)


def _asked(
    dice: random.Random,
    cells: Cells,
    image: Image.Image,
    runs: Sequence[Run],
    look: Look,
    spec: Level,
) -> Drawn:
    question, answer = _question(dice, cells)
    return Drawn(
        coded=developed(dice, image, look.kind, spec),
        task="table",
        question=question,
        answer=answer,
        chars=mapped(runs, image.size, 0.0),
        text=spelled(runs, image.size, 0.0),
        note=f"{look.kind} {runs[0].face.path.rsplit('/', 1)[1]} {runs[0].size}",
    )
