"""The wordings of the questions about scenes; knows no scene.

Words are few and plain on purpose: the same questions are also spoken.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from palette import NAMED
from shapes import SHAPES

from phi_desk.engine.tasks import describe_image

_PLACES = {
    "top left": "in the top left corner", "top": "at the top",
    "top right": "in the top right corner", "left": "on the left", "middle": "in the middle",
    "right": "on the right",
    "bottom left": "in the bottom left corner", "bottom": "at the bottom",
    "bottom right": "in the bottom right corner",
}  # fmt: skip

_TEXTS: dict[str, tuple[str, ...]] = {
    "colour": (
        "What color is the {shape}?",
        "What colour is the {shape}?",
        "Which color is the {shape}?",
        "What is the color of the {shape}?",
        "Which colour does the {shape} have?",
        "The {shape} is what color?",
    ),
    "colour of it": (
        "What color is it?",
        "What colour is this?",
        "Which color is it?",
        "What color do you see?",
        "What color is the object?",
    ),
    "shape": (
        "Which shape is {colour}?",
        "What shape is {colour}?",
        "What is {colour}?",
        "What is the {colour} object?",
        "What is the {colour} thing?",
        "What shape does the {colour} object have?",
    ),
    "shape of it": (
        "What shape is it?",
        "What shape is this?",
        "Which shape do you see?",
        "Which shape is in the picture?",
    ),
    "contents": (
        "What is in the picture?",
        "What is in the image?",
        "What do you see?",
        "What can you see in the picture?",
        "What is shown in the image?",
        "What does the picture show?",
    ),
    "description": (
        describe_image(),
        "Describe the picture.",
        "Describe the image.",
        "Describe what you see.",
    ),
    "count shape": (
        "How many {plural} are there?",
        "How many {plural} do you see?",
        "How many {plural} are in the picture?",
        "Count the {plural}.",
    ),
    "count colour": (
        "How many {colour} objects are there?",
        "How many {colour} things do you see?",
        "How many objects are {colour}?",
        "Count the {colour} objects.",
    ),
    "count both": (
        "How many {colour} {plural} are there?",
        "How many {colour} {plural} do you see?",
        "How many {colour} {plural} are in the picture?",
        "Count the {colour} {plural}.",
    ),
    "count all": (
        "How many objects are there?",
        "How many objects do you see?",
        "How many things are in the picture?",
        "Count the objects.",
    ),
    "exists": (
        "Is there {a_thing}?",
        "Is there {a_thing} in the picture?",
        "Do you see {a_thing}?",
        "Can you see {a_thing}?",
    ),
    "place": (
        "Where is the {shape}?",
        "Where do you see the {shape}?",
        "Where in the picture is the {shape}?",
    ),
    "left or right": (
        "Is the {shape} on the left or on the right?",
        "Is the {shape} on the right or on the left?",
        "On which side is the {shape}, left or right?",
    ),
    "top or bottom": (
        "Is the {shape} at the top or at the bottom?",
        "Is the {shape} at the bottom or at the top?",
    ),
    "what is left": ("What is left of the {shape}?", "What is to the left of the {shape}?"),
    "what is right": ("What is right of the {shape}?", "What is to the right of the {shape}?"),
    "what is above": ("What is above the {shape}?", "What is over the {shape}?"),
    "what is below": ("What is below the {shape}?", "What is under the {shape}?"),
    "is left": (
        "Is the {shape} left of the {other}?",
        "Is the {shape} to the left of the {other}?",
    ),
    "is right": (
        "Is the {shape} right of the {other}?",
        "Is the {shape} to the right of the {other}?",
    ),
    "is above": ("Is the {shape} above the {other}?", "Is the {shape} over the {other}?"),
    "is below": ("Is the {shape} below the {other}?", "Is the {shape} under the {other}?"),
    "larger": (
        "Which is larger, the {shape} or the {other}?",
        "Which is bigger, the {shape} or the {other}?",
        "What is bigger, the {shape} or the {other}?",
    ),
    "smaller": (
        "Which is smaller, the {shape} or the {other}?",
        "What is smaller, the {shape} or the {other}?",
    ),
    "direction": (
        "Where does the arrow point?",
        "Which way does the arrow point?",
        "In which direction does the arrow point?",
    ),
    "background": (
        "What color is the background?",
        "What colour is the background?",
        "Which color is the background?",
        "What is the color of the background?",
    ),
    **{
        f"at {place}": (
            f"What is {phrase}?",
            f"What do you see {phrase}?",
            f"Which object is {phrase}?",
        )
        for place, phrase in _PLACES.items()
    },
}


def ask(
    dice: random.Random, kind: str, *, shape: str = "", colour: str = "", other: str = ""
) -> str:
    """One of the wordings of a kind of question."""
    return _filled(dice.choice(_TEXTS[kind]), shape, colour, other)


def every_question() -> list[str]:
    """All questions that can be asked about a scene, each once: to be spoken ahead."""
    found: dict[str, None] = {}
    for text in (text for texts in _TEXTS.values() for text in texts):
        shapes = SHAPES if "{shape}" in text or "{plural}" in text or "{a_" in text else ("",)
        colours = tuple(NAMED) if "{colour}" in text or "{a_" in text else ("",)
        others = SHAPES if "{other}" in text else ("",)
        for shape in shapes:
            for colour in colours:
                for other in others:
                    if not other or other != shape:
                        found[_filled(text, shape, colour, other)] = None
    return list(found)


def with_article(name: str) -> str:
    """With "a" or "an"."""
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def listed(names: Sequence[str]) -> str:
    """With articles, commas and "and"."""
    things = [with_article(name) for name in names]
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def plural(shape: str) -> str:
    """Of the name of a shape."""
    return f"{shape}es" if shape.endswith("s") else f"{shape}s"


def _filled(text: str, shape: str, colour: str, other: str) -> str:
    thing = with_article(f"{colour} {shape}")
    return text.format(shape=shape, colour=colour, other=other, plural=plural(shape), a_thing=thing)
