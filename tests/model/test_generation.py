"""The answer is the one a full recomputation gives, whatever is reused, cut or crossed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from data_makers.asking import ask, begun, events, picture, sound, user
from data_makers.tiny_checkpoint import BORDER, CONTEXT

from phi_desk.cancel import CancelToken
from phi_desk.engine.events import Finished, Progress, TextDelta
from phi_desk.engine.local import LocalEngine
from phi_desk.engine.messages import ChatRequest, Message, Text
from phi_desk.errors import ContextError, MemoryExhaustedError
from phi_desk.model.inputs import Prompt


def recomputed(
    engine: LocalEngine, messages: Sequence[Message], ids: Sequence[int]
) -> tuple[int, ...]:
    """The greedy token after every prefix of an answer, each from one pass over everything."""
    prompt = engine.prompt(ChatRequest(messages=tuple(messages)), CancelToken())
    decoder, generation = engine.runtime.generation.decoder, engine.runtime.generation
    adapter = "vision" if prompt.pictures else "speech" if prompt.clips else None
    decoder.choose_adapter(adapter)
    found = []
    for length in range(len(ids)):
        whole = Prompt(pieces=(*prompt.pieces, tuple(ids[:length])))
        run = generation.begin(whole, adapter, "vision" if prompt.pictures else "speech")
        list(run._encode(0, CancelToken()))
        cache, regime = decoder.new_cache(), decoder.rope.regime(whole.tokens)
        hidden = decoder.forward(run._embedded(0, whole.tokens), cache, regime, CancelToken())
        found.append(int(decoder.logits(hidden[-1:])[0].argmax()))
        generation.forget()
    return tuple(found)


@pytest.mark.parametrize(
    "parts",
    [("hello",), (picture(), "what?"), (sound(seconds=1.0), "and?"), (picture(), sound())],
    ids=["text", "picture", "sound", "both"],
)
def test_long_answer_crosses_the_border_rightly(engine: LocalEngine, parts: Sequence[str]) -> None:
    question = user(*parts)
    answer = ask(engine, question, max_tokens=BORDER)
    assert answer.prompt_tokens < BORDER < answer.prompt_tokens + answer.output_tokens
    assert answer.output_ids == recomputed(engine, [question], answer.output_ids)


def test_long_prompt_lies_beyond_the_border(engine: LocalEngine) -> None:
    question = user("x" * (BORDER + 40))
    answer = ask(engine, question)
    assert answer.prompt_tokens > BORDER
    assert answer.output_ids == recomputed(engine, [question], answer.output_ids)


def test_turns_cross_the_border_rightly(engine: LocalEngine) -> None:
    messages = [user("hello")]
    crossed = False
    for turn in range(4):
        found = events(engine, *messages)
        answer = found[-1]
        assert isinstance(answer, Finished)
        assert answer.output_ids == recomputed(engine, messages, answer.output_ids)
        crossed |= answer.prompt_tokens > BORDER
        messages += [Message("assistant", (Text(answer.text),)), user(f"and then {turn}?")]
    assert crossed


def test_prefill_in_any_chunks_gives_the_same(tiny: Path) -> None:
    answers = set()
    for chunk in (1, 7, 16, 500):
        engine = LocalEngine.open(tiny, precision="fp32", chunk=chunk)
        answers.add(ask(engine, user(picture(), sound(), "hello there")).output_ids)
    assert len(answers) == 1


def test_second_question_about_a_picture_does_not_pay_for_it_again(engine: LocalEngine) -> None:
    first = user(picture(), "what?")
    answer = ask(engine, first)
    more = [first, Message("assistant", (Text(answer.text),)), user("why?")]
    encoded = engine.runtime.generation.vision
    assert encoded is not None
    found = events(engine, *more)
    assert begun(found).cached_tokens >= answer.prompt_tokens
    assert not [e for e in found if isinstance(e, Progress) and e.phase == "encode"]
    last = found[-1]
    assert isinstance(last, Finished)
    assert last.output_ids == recomputed(engine, more, last.output_ids)


def test_same_question_twice_reads_one_position(engine: LocalEngine) -> None:
    question = user(picture(), "what?")
    first = ask(engine, question)
    second = ask(engine, question)
    assert second.cached_tokens == first.prompt_tokens - 1
    assert second.output_ids == first.output_ids


def test_another_picture_or_adapter_shares_nothing_wrong(engine: LocalEngine) -> None:
    question = user(picture(0), "what?")
    first = ask(engine, question)
    other = ask(engine, user(picture(1), "what?"))
    assert other.cached_tokens < 5  # the opening token only
    assert other.output_ids != first.output_ids
    bare = ask(engine, question, adapter="none")
    assert bare.cached_tokens == 0
    assert bare.output_ids != first.output_ids
    assert ask(engine, question).output_ids == first.output_ids


def test_captions_do_not_push_a_chat_out(engine: LocalEngine) -> None:
    chat = user(picture(), "what?")
    first = ask(engine, chat)
    for seed in range(3):
        ask(engine, user(sound(seed), "Transcribe the audio clip into text."))
        again = ask(engine, chat)
        assert again.cached_tokens == first.prompt_tokens - 1
        assert again.output_ids == first.output_ids


def test_context_ends_the_answer_with_a_sentence(engine: LocalEngine) -> None:
    answer = ask(engine, user("x" * (CONTEXT - 30)), max_tokens=500, stop_loops=False)
    assert answer.reason == "context"
    assert answer.prompt_tokens + answer.output_tokens == CONTEXT
    assert "context" in answer.note


def test_too_long_a_prompt_is_refused_before_anything_is_computed(engine: LocalEngine) -> None:
    with pytest.raises(ContextError, match="context is 640"):
        events(engine, user("x" * CONTEXT))
    assert ask(engine, user("hello")).output_tokens == 12


class CancelledAt(CancelToken):
    """Is cancelled by the n-th look at it."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    def raise_if_cancelled(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.cancel()
        super().raise_if_cancelled()


def test_cancel_at_any_look_leaves_the_engine_as_it_was(engine: LocalEngine) -> None:
    question = user(picture(), sound(), "what?")
    whole = ask(engine, question)
    looks = CancelledAt(10**9)
    engine.runtime.generation.forget()
    ask(engine, question, cancel=looks)
    total = 10**9 - looks.left
    assert total > 60  # every crop, block, layer and token is a place to stop
    for look in range(0, total, 5):
        engine.runtime.generation.forget()
        stopped = ask(engine, question, cancel=CancelledAt(look))
        assert stopped.reason == "cancelled"
        assert stopped.output_ids == whole.output_ids[: stopped.output_tokens]
        assert ask(engine, question).output_ids == whole.output_ids


def test_text_arrives_as_it_is_decoded(engine: LocalEngine) -> None:
    found = events(engine, user("hello"), max_tokens=40)
    deltas = [e.text for e in found if isinstance(e, TextDelta)]
    last = found[-1]
    assert isinstance(last, Finished)
    assert len(deltas) > 10
    assert "".join(deltas) == last.text


def test_memory_error_is_a_sentence_and_the_engine_lives(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = user(picture(), "what?")
    whole = ask(engine, question)
    engine.runtime.generation.forget()
    decoder = engine.runtime.generation.decoder
    forward = decoder.forward
    calls = iter(range(100))

    def fails_in_the_middle(*args: object) -> torch.Tensor:
        if next(calls) == 3:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 99 bytes")
        return forward(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(decoder, "forward", fails_in_the_middle)
    with pytest.raises(MemoryExhaustedError, match="Memory ran out") as caught:
        ask(engine, question)
    assert "tokens fit" in caught.value.hint
    assert ask(engine, question).output_ids == whole.output_ids


def test_other_errors_are_not_hidden_as_memory(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> torch.Tensor:
        raise RuntimeError("a bug")

    monkeypatch.setattr(engine.runtime.generation.decoder, "forward", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        ask(engine, user("hello"))


def test_sampling_follows_its_seed(engine: LocalEngine) -> None:
    question = user("hello")
    greedy = ask(engine, question).output_ids
    assert ask(engine, question, temperature=1.0, top_p=1e-6, seed=1).output_ids == greedy
    drawn = [ask(engine, question, temperature=3.0, seed=s).output_ids for s in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_loop_is_ended_with_its_own_reason(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder = engine.runtime.generation.decoder
    logits = decoder.logits
    count = iter(range(10_000))

    def loops(hidden: torch.Tensor) -> torch.Tensor:
        scores = logits(hidden).clone()
        scores[:, 60 + next(count) % 3] = 1e4
        return scores

    monkeypatch.setattr(decoder, "logits", loops)
    ended = ask(engine, user("hello"), max_tokens=400)
    assert ended.reason == "repetition"
    assert 100 < ended.output_tokens < 200
    free = ask(engine, user("hello"), max_tokens=400, stop_loops=False)
    assert free.reason == "length"
