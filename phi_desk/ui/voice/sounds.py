"""What it takes to show a recording that can be played, wherever one is shown."""

from __future__ import annotations

from dataclasses import dataclass

from phi_desk.ui.voice.outlines import Outlines
from phi_desk.ui.voice.player import Clip, Player
from phi_desk.ui.voice.wave import SoundView


@dataclass(frozen=True, slots=True)
class Sounds:
    """The window's one player, and the outlines it knows."""

    player: Player
    outlines: Outlines

    def view(self, clip: Clip, name: str) -> SoundView:
        """A recording with its button, its waveform and its time."""
        return SoundView(clip, name, self.player, self.outlines)
