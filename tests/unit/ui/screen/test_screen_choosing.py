"""A rectangle in the pixels of one of several screens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from phi_desk.ui.screen.choosing import Area, RegionChoice

SIZES = [(800, 600), (1600, 1200)]
places = st.integers(-3000, 3000)


def dragged(screen: int, *places: tuple[int, int]) -> RegionChoice:
    choice = RegionChoice(SIZES)
    choice.press(screen, *places[0])
    for place in places[1:]:
        choice.drag(*place)
    return choice


def test_both_ends_of_a_drag_are_inside() -> None:
    assert dragged(0, (10, 20), (19, 39)).area == Area(10, 20, 10, 20)
    assert dragged(0, (19, 39), (10, 20)).area == Area(10, 20, 10, 20)
    assert dragged(1, (0, 0), (1599, 1199)).area == Area(0, 0, 1600, 1200)


def test_a_drag_beyond_the_edge_ends_at_the_edge() -> None:
    assert dragged(0, (700, 500), (5000, 5000)).area == Area(700, 500, 100, 100)
    assert dragged(1, (9, 9), (-50, -50)).area == Area(0, 0, 10, 10)


def test_a_click_chooses_the_whole_screen() -> None:
    choice = dragged(1, (100, 100), (102, 101))
    assert choice.dragging
    choice.release()
    assert choice.area == Area(0, 0, 1600, 1200)


def test_who_drags_back_to_the_start_chooses_one_pixel_and_not_everything() -> None:
    choice = dragged(0, (100, 100), (200, 200), (100, 100))
    choice.release()
    assert choice.area == Area(100, 100, 1, 1)


def test_arrow_keys_begin_move_and_stretch() -> None:
    choice = RegionChoice(SIZES)
    choice.move(1, 0)
    assert choice.area == Area(200, 150, 400, 300)
    choice.move(-10, 5)
    choice.stretch(3, -300)
    assert choice.area == Area(190, 155, 403, 1)
    choice.move(-1000, 9999)
    assert choice.area == Area(0, 599, 403, 1)


def test_another_screen_begins_anew() -> None:
    choice = dragged(0, (10, 10), (50, 50))
    choice.release()
    choice.go_on(1)
    assert choice.area is None
    choice.stretch(1, 1)
    assert choice.area == Area(400, 300, 800, 600)


@given(st.integers(0, 1), places, places, st.lists(st.tuples(places, places), max_size=6))
def test_whatever_is_done_the_area_lies_on_its_screen(
    screen: int, x: int, y: int, moves: list[tuple[int, int]]
) -> None:
    choice = dragged(screen, (x, y), *moves)
    choice.release()
    for across, along in moves:
        choice.move(across, along)
        choice.stretch(along, across)
    area = choice.area
    assert area is not None
    width, height = SIZES[choice.screen]
    assert 0 <= area.x < area.x + area.width <= width
    assert 0 <= area.y < area.y + area.height <= height
