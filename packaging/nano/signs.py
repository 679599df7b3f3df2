"""Pictures of a sign, a button or a label with a word on it, and the questions about it."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from drawn import Drawn, developed, mapped, spelled
from font_families import Split
from fonts import metrics, pick_face
from palette import Colour, any_colour, contrast, dark, ink_for, near, pale
from picture_figures import code, figure
from picture_levels import CROP_SIZE, LEVELS, Level
from picture_strings import Strings
from PIL import Image, ImageDraw
from runs import Run, draw, length
from surfaces import SORTS, Surface, lay

QUESTIONS = (
    "What does the sign say?",
    "What is written on the sign?",
    "What is on the sign?",
    "Read the sign.",
    "What does it say on the sign?",
    "What does this sign say?",
)
WORD_QUESTIONS = ("Which word is on the sign?", "What is the word on the sign?")
_FORMS = ("board", "round board", "circle", "octagon", "arrow", "diamond")


def sign_picture(dice: random.Random, strings: Strings, split: Split, level: int) -> Drawn:
    """A sign with one or two lines; the answer is what it says, on one line."""
    spec = LEVELS[level]
    lines = _lines(dice, strings, spec, level)
    size = _upright(dice), _upright(dice)
    form = dice.choice(_FORMS) if max(map(len, lines)) <= 6 else dice.choice(_FORMS[:2])
    ground, plate, ink = _colours(dice, spec, level)
    middle, half = _plate(dice, form, size)
    runs = _written(dice, split, level, lines, form, middle, half, ink)
    if runs is None:
        return sign_picture(dice, strings, split, level)
    sort = dice.choice(SORTS) if dice.random() < spec.textured + 0.1 else "plain"
    image = lay(dice, split, Surface(sort, (ground, near(dice, ground, 40))), *size)
    _board(dice, image, form, middle, half, plate, ink)
    angle = round(dice.uniform(-spec.angle, spec.angle), 2) if dice.random() < spec.turned else 0.0
    draw(image, runs, angle)
    return Drawn(
        coded=developed(dice, image, "photo" if spec.textured else "plain", spec),
        task="sign",
        question=dice.choice(QUESTIONS + WORD_QUESTIONS * (len(lines) == 1 and lines[0].isalpha())),
        answer=" ".join(lines),
        chars=mapped(runs, size, angle),
        text=spelled(runs, size, angle),
        note=f"{form} {runs[0].face.path.rsplit('/', 1)[1]} {runs[0].size}",
    )


def _upright(dice: random.Random) -> int:
    return CROP_SIZE if dice.random() < 0.6 else dice.randint(170, CROP_SIZE)


def _lines(dice: random.Random, strings: Strings, spec: Level, level: int) -> list[str]:
    most = min(12, spec.characters)
    count = 2 if level >= 2 and dice.random() < 0.3 else 1
    lines = []
    for _ in range(count):
        chance = dice.random()
        if chance < 0.15:
            text = figure(dice, most)
        elif chance < 0.15 + spec.codes:
            text = code(dice, most)
        else:
            text = strings.notice(dice, most) if level else strings.word(dice, most)
            text = text.upper() if dice.random() < 0.5 and "ß" not in text else text
        lines.append(text if len(text) <= most else strings.word(dice, most))
    return lines


def _colours(dice: random.Random, spec: Level, level: int) -> tuple[Colour, Colour, Colour]:
    """Of the ground, the plate and the ink: the plate is seen on the ground."""
    plate = pale(dice) if dice.random() < 0.5 else any_colour(dice)
    ink = dark(dice) if dice.random() < 0.5 else ink_for(dice, (plate,), spec.contrast)
    if contrast(plate, ink) < spec.contrast:
        ink = ink_for(dice, (plate,), spec.contrast)
    ground = ink_for(dice, (plate,), 1.5) if level else pale(dice)
    if contrast(ground, plate) < 1.3:
        ground = ink_for(dice, (plate,), 2)
    return ground, plate, ink


def _plate(
    dice: random.Random, form: str, size: tuple[int, int]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middle of the plate and half its width and height."""
    half_x = dice.uniform(0.36, 0.47) * size[0]
    half_y = dice.uniform(0.16, 0.4) * size[1] if form in _FORMS[:2] else half_x
    if form == "arrow":
        half_y = 0.45 * half_x
    half_y = min(half_y, 0.47 * size[1])
    if form in ("circle", "octagon", "diamond"):
        half_x = half_y = min(half_x, half_y)
    return (
        dice.uniform(half_x + 2, size[0] - half_x - 2),
        dice.uniform(half_y + 2, size[1] - half_y - 2),
    ), (half_x, half_y)


def _written(
    dice: random.Random,
    split: Split,
    level: int,
    lines: list[str],
    form: str,
    middle: tuple[float, float],
    half: tuple[float, float],
    ink: Colour,
) -> list[Run] | None:
    """The lines centred on the plate as large as they fit, or None where they would be tiny."""
    share = {"board": 0.86, "round board": 0.84, "arrow": 0.66, "diamond": 0.5}.get(form, 0.66)
    width = 2 * half[0] * share
    height = 2 * half[1] * (share if form != "arrow" else 0.8)
    face = pick_face(dice, split, level, "".join(lines))
    least, most = LEVELS[level].sizes
    size = dice.randint((least + most) // 2, most + 6)
    while True:
        measures = metrics(face, size)
        advance = round(1.2 * (measures.bottom - measures.top))
        widest = max(length(line, face, size) for line in lines)
        share = min(width / widest, height / (advance * len(lines)))
        if share >= 1:
            break
        size = min(size - 1, int(size * share))
        if size < min(16, least):
            return None
    tall = measures.bottom - measures.top + advance * (len(lines) - 1)
    first = Run("", face, size, 0, middle[1] - tall / 2 - measures.top, ink)
    return [
        replace(
            first,
            text=line,
            x=round(middle[0] - length(line, face, size) / 2),
            y=round(first.y + advance * number),
        )
        for number, line in enumerate(lines)
    ]


def _board(
    dice: random.Random,
    image: Image.Image,
    form: str,
    middle: tuple[float, float],
    half: tuple[float, float],
    plate: Colour,
    ink: Colour,
) -> None:
    """Draw the plate, mostly with a rim and at times on a post."""
    pen = ImageDraw.Draw(image)
    (x, y), (wide, high) = middle, half
    box = (x - wide, y - high, x + wide, y + high)
    if dice.random() < 0.3 and y + high < image.height - 12:
        post = near(dice, (110, 105, 100), 30)
        pen.rectangle((x - 4, y, x + 4, image.height), fill=post)
    rim, thick = (ink, dice.choice((2, 3, 4))) if dice.random() < 0.6 else (None, 1)
    if form == "board":
        pen.rectangle(box, fill=plate, outline=rim, width=thick)
    elif form == "round board":
        pen.rounded_rectangle(box, radius=min(16, high / 2), fill=plate, outline=rim, width=thick)
    elif form == "circle":
        pen.ellipse(box, fill=plate, outline=rim, width=thick)
    else:
        pen.polygon(_corners(form, x, y, wide, high), fill=plate, outline=rim, width=thick)


def _corners(form: str, x: float, y: float, wide: float, high: float) -> list[tuple[float, float]]:
    if form == "octagon":
        angles = [math.pi / 8 + math.pi / 4 * corner for corner in range(8)]
        return [(x + wide * math.cos(a), y + high * math.sin(a)) for a in angles]
    if form == "diamond":
        return [(x, y - high), (x + wide, y), (x, y + high), (x - wide, y)]
    tip = x + wide
    neck = x + 0.6 * wide
    return [
        (x - wide, y - high),
        (neck, y - high),
        (tip, y),
        (neck, y + high),
        (x - wide, y + high),
    ]
