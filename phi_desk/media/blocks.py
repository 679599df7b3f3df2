"""Where a long recording that goes whole into the model is divided into encoder blocks.

The speech encoder works on blocks of at most 40 s (500 of its frames, as published). Laid at
pauses, no block begins or ends within a word.
"""

from __future__ import annotations

from phi_desk.cancel import CancelToken
from phi_desk.media.pauses import best_pause, find_speech, pauses_between
from phi_desk.media.sound import Sound
from phi_desk.media.vad import SpeechDetector

LONGEST_BLOCK_S = 40.0  # the published chunk of the speech encoder
TOKEN_S = 0.08  # one audio token: 8 frames of 10 ms; a block is a whole number of them


def cut_at_pauses(
    sound: Sound,
    detector: SpeechDetector,
    *,
    longest_s: float = LONGEST_BLOCK_S,
    cancel: CancelToken | None = None,
) -> tuple[int, ...]:
    """The samples at which a new block begins; empty for a sound of one block.

    Each is a multiple of 80 ms and lies in a pause between speech and speech, in the second half
    of the longest possible block; where there is no such pause (nobody speaks, or somebody without
    a break) it lies exactly `longest_s` after the one before, as published.

    Raises:
        Cancelled: the person stopped it.
    """
    token = round(TOKEN_S * sound.rate)
    longest = int(longest_s / TOKEN_S + 1e-6) * token
    if len(sound.samples) <= longest:
        return ()
    pauses = pauses_between(find_speech(sound, detector, cancel=cancel))
    cuts: list[int] = []
    start = 0
    while len(sound.samples) - start > longest:
        earliest, latest = start + longest // 2, start + longest
        usable = [p for p in pauses if _token_in(p.start, p.end, earliest, latest, token)]
        pause = best_pause(usable, start, earliest, latest, sound.rate)
        start = latest
        if pause is not None:
            low, high = max(pause.start, earliest), min(pause.end, latest)
            start = min(max(_nearest(pause.middle, token), _up(low, token)), high // token * token)
        cuts.append(start)
    return tuple(cuts)


def _token_in(start: int, end: int, earliest: int, latest: int, token: int) -> bool:
    """Whether a token's border lies in the pause and in the window."""
    low, high = max(start, earliest), min(end, latest)
    return low <= high and _up(low, token) <= high


def _up(position: int, token: int) -> int:
    return -(-position // token) * token


def _nearest(position: int, token: int) -> int:
    return round(position / token) * token
