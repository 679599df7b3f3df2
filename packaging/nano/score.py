"""How far a text is from the one expected: WER, CER and chrF; knows no model and no language.

chrF is Popović's (2015) as sacreBLEU computes it by default: character n-grams of length 1 to 6
over the text without white space, no word n-grams, beta 2, counted over the whole corpus, precision
and recall averaged over the lengths before they are joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ORDER = 6
_BETA = 2.0


def normalised(text: str) -> str:
    """For error rates of speech: small letters, no punctuation, single spaces."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("-", " ")
    kept = re.sub(r"[^\w\s']", "", folded.replace("’", "'"))
    return " ".join(kept.split())


def edits(wanted: Sequence[object], given: Sequence[object]) -> int:
    """Fewest insertions, deletions and substitutions that make `given` of `wanted`."""
    row = list(range(len(given) + 1))
    for place, item in enumerate(wanted, 1):
        above, row[0] = row[0], place
        for column, other in enumerate(given, 1):
            best = min(above + (item != other), row[column] + 1, row[column - 1] + 1)
            above, row[column] = row[column], best
    return row[-1]


def word_error_rate(wanted: Sequence[str], given: Sequence[str]) -> float:
    """Word edits of all texts over the words of all that was wanted, after `normalised`."""
    pairs = [
        (normalised(w).split(), normalised(g).split()) for w, g in zip(wanted, given, strict=True)
    ]
    return _rate(pairs)


def character_error_rate(wanted: Sequence[str], given: Sequence[str]) -> float:
    """Character edits over the characters wanted; white space is made single, nothing else."""
    pairs = [(" ".join(w.split()), " ".join(g.split())) for w, g in zip(wanted, given, strict=True)]
    return _rate(pairs)


def _rate(pairs: Sequence[tuple[Sequence[object], Sequence[object]]]) -> float:
    total = sum(len(wanted) for wanted, _ in pairs)
    wrong = sum(edits(wanted, given) for wanted, given in pairs)
    return wrong / total if total else float(wrong > 0)


def chrf(wanted: Sequence[str], given: Sequence[str]) -> float:
    """Corpus chrF2 in 0..100 of `given` against one reference each."""
    matched, hypothesis, reference = [0] * _ORDER, [0] * _ORDER, [0] * _ORDER
    for want, got in zip(wanted, given, strict=True):
        left, right = "".join(want.split()), "".join(got.split())
        for order in range(1, _ORDER + 1):
            references, hypotheses = _grams(left, order), _grams(right, order)
            reference[order - 1] += references.total()
            # As there: a guess's are not counted where the reference is too short to have any.
            hypothesis[order - 1] += hypotheses.total() if references else 0
            matched[order - 1] += (references & hypotheses).total()
    counted = [
        (match / got_total, match / want_total)
        for match, got_total, want_total in zip(matched, hypothesis, reference, strict=True)
        if got_total and want_total  # an order longer than all texts says nothing
    ]
    if not counted:
        return 0.0
    precision = sum(p for p, _ in counted) / len(counted)
    recall = sum(r for _, r in counted) / len(counted)
    weighted = _BETA**2 * precision + recall
    return 100.0 * (1 + _BETA**2) * precision * recall / weighted if weighted else 0.0


def _grams(text: str, order: int) -> Counter[str]:
    return Counter(text[i : i + order] for i in range(len(text) - order + 1))
