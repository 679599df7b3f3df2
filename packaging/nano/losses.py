"""What the stages are judged by while they learn; knows no data source."""
# ruff: noqa: TID253 (torch code; nothing of the app imports it)

from __future__ import annotations

from collections.abc import Sequence

import torch
from data import Batch
from network import Nano
from torch import Tensor, nn


def answer_states(
    model: Nano, batch: Batch, media: Tensor | None, inputs: list[Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """States `[targets, hidden]` of the positions before an answer's token, and those tokens.

    `media` is `[positions of media in the batch, hidden]`, in reading order. The input of each
    layer is put into `inputs` where it is given.
    """
    embedded = model.embed(batch.ids.to(model.device))
    if media is not None:
        place = batch.media.to(model.device)[..., None].expand_as(embedded)
        embedded = embedded.masked_scatter(place, media.to(embedded.dtype))
    states = model.states(embedded, inputs, batch.order)
    targets = batch.targets.to(model.device)
    said = targets >= 0
    return states[said], targets[said]


def answer_loss(
    model: Nano,
    batch: Batch,
    media: Tensor | None = None,
    weights: Sequence[float] = (),
    inputs: list[Tensor] | None = None,
) -> tuple[Tensor, float]:
    """Mean cross-entropy of the answers' tokens, and the share of tokens guessed right.

    `weights`: of the tokens of each sequence; all alike where there are none. `inputs`: see
    `answer_states`.
    """
    even = batch.even()
    states, targets = answer_states(model, even, media, inputs)
    logits = model.logits(states).float()
    right = (logits.detach().argmax(-1) == targets).float().mean().item()
    if not weights:
        return nn.functional.cross_entropy(logits, targets), right
    rows = (even.targets >= 0).nonzero()[:, 0]
    share = torch.tensor(weights)[rows].to(logits.device)
    costs = nn.functional.cross_entropy(logits, targets, reduction="none")
    return (costs * share).sum() / share.sum(), right


def answers_right(model: Nano, batch: Batch, media: Tensor | None = None) -> list[bool]:
    """For each sequence whether greedy decoding gives its answer, to the last token.

    Greedy decoding walks along the answer as long as every best guess is right, so one pass over
    the whole sequence tells.
    """
    states, targets = answer_states(model, batch, media)
    right = model.logits(states).argmax(-1) == targets
    rows = (batch.targets >= 0).nonzero()[:, 0]
    wrong = torch.zeros(len(batch.ids), dtype=torch.bool)
    wrong[rows[~right.cpu()]] = True
    return [not bad for bad in wrong.tolist()]


def ctc_loss(logits: Tensor, texts: Sequence[Sequence[int]], blank: int) -> Tensor:
    """CTC of `[n, frames, symbols]` against token ids, for every fourth part of a frame.

    A mean over frames, not over tokens: else a long noise without words would outweigh all speech.
    Speech has about a token in four frames, so that the value is of the size of one a token.
    Texts too long for their sound count nothing.
    """
    lengths = torch.tensor([len(text) for text in texts])
    flat = torch.tensor([id_ for text in texts for id_ in text], dtype=torch.long)
    frames = torch.full((len(texts),), logits.shape[1])
    scores = logits.float().log_softmax(-1).transpose(0, 1)
    flat, frames, lengths = (t.to(logits.device) for t in (flat, frames, lengths))
    costs = nn.functional.ctc_loss(
        scores, flat, frames, lengths, blank=blank, reduction="none", zero_infinity=True
    )
    return 4 * costs.mean() / logits.shape[1]


def ctc_guess(logits: Tensor, blank: int) -> list[list[int]]:
    """The best path of each `[frames, symbols]`, repeats joined and blanks dropped."""
    guesses = []
    for path in logits.argmax(-1).tolist():
        joined = [s for place, s in enumerate(path) if place == 0 or s != path[place - 1]]
        guesses.append([symbol for symbol in joined if symbol != blank])
    return guesses
