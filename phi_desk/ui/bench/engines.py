"""The engines that a measured window runs: one by script, and one whose words are made plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from phi_desk.bench.ui import WindowRun
from phi_desk.cancel import CancelToken
from phi_desk.engine.base import Engine
from phi_desk.engine.events import Progress, StreamEvent, TextDelta
from phi_desk.engine.fake import FakeEngine
from phi_desk.engine.messages import ChatRequest
from phi_desk.services import engines
from phi_desk.services.engines import EngineOptions, Models

PARAGRAPH = (
    "A window is smooth when **nothing** in it waits: what takes long is done elsewhere, and what "
    "comes back is painted once a frame. `loop()` turns → always; 中文, かな and 한국어 too.\n\n"
    "- one thing at a time\n- and *then* the next\n\n"
)
CODE = "```python\nfor turn in loop:\n    paint(turn)  # once a frame\n```\n\n"
PLAIN = "a window is smooth when nothing in it ever waits for long "


class Watched:
    """An engine whose pieces of text are counted, and made plain where that is wanted.

    Random weights write in all scripts of the world, which nobody's answers are: the model computes
    as ever, and as much is shown, in letters of the alphabet.
    """

    def __init__(self, engine: Engine, *, plain: bool) -> None:
        self._engine = engine
        self._plain = plain
        self.plan = getattr(engine, "plan", "")
        self.pieces = 0

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        """See `Engine.stream`."""
        said = 0
        for event in self._engine.stream(request, cancel):
            if isinstance(event, TextDelta):
                self.pieces += 1
                if self._plain:
                    said += len(event.text)
                    yield replace(event, text=_plain(said - len(event.text), said))
                    continue
            yield event

    def close(self) -> None:
        """See `Engine.close`."""
        self._engine.close()


def opened(
    asked: WindowRun, models: Models, progress: Callable[[Progress], None], cancel: CancelToken
) -> Watched:
    """What the run asks for. Raises `PhiDeskError` where a model cannot be loaded."""
    if asked.model is None:
        reply = (3 * PARAGRAPH + CODE) * 40
        return Watched(FakeEngine(otherwise=reply, seconds_a_token=1 / asked.rate), plain=False)
    options = EngineOptions(model=asked.model, precision=asked.precision)
    engine = engines.open_engine(options, models, progress, cancel)
    return Watched(engine, plain=not asked.as_it_comes)


def _plain(start: int, end: int) -> str:
    return "".join(PLAIN[place % len(PLAIN)] for place in range(start, end))
