"""A rectangle on one of several screens, in the screens' own pixels; knows no Qt and no picture.

A rectangle stays on the screen where it began: two screens of different scale have no pixels in
common, and a picture across both would hold pixels that nobody saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CLICK = 4  # pixels: who moves less while pressing did not drag


@dataclass(frozen=True, slots=True)
class Area:
    """Pixels of a screen: `x`, `y` is the first one inside."""

    x: int
    y: int
    width: int
    height: int


class RegionChoice:
    """What is chosen while the mouse is dragged or the arrow keys are pressed.

    Attributes:
        screen: the index of the screen that was touched last.
        area: what is chosen on it; None before anything is.
    """

    def __init__(self, sizes: Sequence[tuple[int, int]], screen: int = 0) -> None:
        self._sizes = tuple(sizes)
        self.screen = screen
        self.area: Area | None = None
        self._from: tuple[int, int] | None = None
        self._moved = False

    @property
    def dragging(self) -> bool:
        """Whether the mouse is held."""
        return self._from is not None

    def press(self, screen: int, x: int, y: int) -> None:
        """The mouse goes down on a pixel of a screen."""
        self.screen, self.area, self._moved = screen, None, False
        self._from = self._inside(x, y)

    def drag(self, x: int, y: int) -> None:
        """It moves; beyond the screen's edge counts as the edge. Both end pixels are inside."""
        if self._from is None:
            return
        (x0, y0), (x1, y1) = self._from, self._inside(x, y)
        self._moved = self._moved or max(abs(x1 - x0), abs(y1 - y0)) >= CLICK
        if self._moved:
            left, top = min(x0, x1), min(y0, y1)
            self.area = Area(left, top, abs(x1 - x0) + 1, abs(y1 - y0) + 1)

    def release(self) -> None:
        """It goes up; without a drag the whole screen is chosen."""
        if self._from is not None and not self._moved:
            self.whole()
        self._from = None

    def whole(self) -> None:
        """Choose all of the screen."""
        self.area = Area(0, 0, *self._sizes[self.screen])

    def move(self, across: int, along: int) -> None:
        """Shift the rectangle, not beyond the edges; where there is none begin in the middle."""
        area = self.area
        if area is None:
            self._begin()
            return
        width, height = self._sizes[self.screen]
        self.area = Area(
            _between(area.x + across, 0, width - area.width),
            _between(area.y + along, 0, height - area.height),
            area.width,
            area.height,
        )

    def stretch(self, across: int, along: int) -> None:
        """Move its right and lower edge; at least one pixel is left."""
        area = self.area
        if area is None:
            self._begin()
            return
        width, height = self._sizes[self.screen]
        self.area = Area(
            area.x,
            area.y,
            _between(area.width + across, 1, width - area.x),
            _between(area.height + along, 1, height - area.y),
        )

    def go_on(self, screen: int) -> None:
        """Choose on another screen."""
        if screen != self.screen:
            self.screen, self.area = screen, None

    def _begin(self) -> None:
        width, height = self._sizes[self.screen]
        self.area = Area(width // 4, height // 4, max(1, width // 2), max(1, height // 2))

    def _inside(self, x: int, y: int) -> tuple[int, int]:
        width, height = self._sizes[self.screen]
        return _between(x, 0, width - 1), _between(y, 0, height - 1)


def _between(value: int, lowest: int, highest: int) -> int:
    return max(lowest, min(value, highest))
