"""The vocabulary: byte pairs learned from the phrasebook, and the control tokens of Phi."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chat import text_examples
from corpus import LANGUAGES, sentences, written
from pictures import spoken_questions
from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split
from tokenizers.trainers import BpeTrainer
from tool_data import TOOLS

from phi_desk.engine import tasks
from phi_desk.engine.byte_alphabet import BYTE_OF
from phi_desk.engine.languages import find_language
from phi_desk.engine.messages import Text

PIECES: Final = 2000  # the bytes, the pairs and the control tokens
# In their published order; the first ends an answer beside "end" and pads.
CONTROLS: Final = (
    "endoftext", "endoftext10", "endoftext11", "endofprompt", "assistant", "end", "user", "system",
    "tool", "/tool", "tool_call", "/tool_call", "tool_response", "tag",
)  # fmt: skip
# A digit by itself; a word with the space before it and the apostrophe behind it (l'); other signs;
# white space, of which the last before a word belongs to the word.
_WORD = r"\p{N}| ?\p{L}+['’]?| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_SENTENCES = 60_000
_TABLE = "| Item | Price |\n| --- | --- |\n| --- | ---: |\n|  |  |"


def build(work: Path) -> Path:
    """Learn the vocabulary and write `tokenizer.json` into `work`."""
    tokenizer = make()
    work.mkdir(parents=True, exist_ok=True)
    path = work / "tokenizer.json"
    tokenizer.save(str(path))
    return path


def make(seed: int = 0, count: int = _SENTENCES) -> Tokenizer:
    """The tokenizer, a pure function of its arguments: byte level, every digit by itself."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Sequence([
        Split(Regex(_WORD), "isolated"), ByteLevel(add_prefix_space=False, use_regex=False),
    ])  # fmt: skip
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=PIECES - len(CONTROLS), initial_alphabet=sorted(BYTE_OF), show_progress=False,
        min_frequency=2,
    )  # fmt: skip
    tokenizer.train_from_iterator(_texts(seed, count), trainer)
    tokenizer.add_tokens(
        [
            AddedToken(f"<|{name}|>", special="tool" not in name, normalized=False)
            for name in CONTROLS
        ]
    )
    return tokenizer


def _texts(seed: int, count: int) -> Iterator[str]:
    """What the model reads and writes, in about the shares in which it does."""
    for sentence in itertools.islice(sentences(seed, "train"), count):
        yield from (sentence.text[code] for code in LANGUAGES)
    yield from itertools.islice(written(seed, "train"), count // 2)
    rng = random.Random(seed)
    for example in itertools.islice(text_examples(seed, "train"), count // 4):
        yield example.answer
        for message in example.messages:
            yield from (part.text for part in message.parts if isinstance(part, Text))
    pictured = spoken_questions()
    for step in range(count // 50):
        language = find_language(rng.choice(LANGUAGES))
        yield tasks.transcribe()
        yield tasks.translate(language)
        yield tasks.transcribe_and_translate(language)
        yield tasks.translate_text("", language)
        yield tasks.read_text()
        yield tasks.read_table()
        yield tasks.read_markdown()
        yield tasks.describe_image()
        yield " ".join(
            pictured[place % len(pictured)] for place in range(20 * step, 20 * step + 20)
        )
        yield _TABLE
        yield json.dumps([
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in TOOLS
        ])  # fmt: skip
