"""Questions beyond the demo model, which it answers with one honest sentence."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

import grammar_words as w
from grammar_forms import LANGUAGES, spaced
from text_example import TextExample, user
from tool_data import unoffered_wish

if TYPE_CHECKING:
    from corpus import Sentence

HONEST = (
    "I am only a demo model: I know phrases about travel, numbers, time and shopping. "
    "For this you need the full model."
)
_TOPICS = """
quantum physics; the French Revolution; photosynthesis; machine learning; the Roman Empire; gravity
black holes; the stock market; inflation; the human heart; vaccines; democracy; global warming
the Second World War; the moon landing; chess; football; tennis; the Olympic Games; jazz music
classical music; the Beatles; Shakespeare; Goethe; Cervantes; Victor Hugo; the theory of evolution
dinosaurs; whales; elephants; bees; dogs and cats; volcanoes; earthquakes; the solar system; Mars
the internet; artificial intelligence; neural networks; blockchain; Python programming; databases
operating systems; a sorting algorithm; regular expressions; Linux; web design; cloud computing
marketing; project management; a job application; leadership; taxes; insurance; mortgages; law
human rights; the constitution; the European Union; the United Nations; immigration; philosophy
ethics; Buddhism; Christianity; Islam; mythology; ancient Egypt; the Middle Ages; the Renaissance
painting; sculpture; architecture; photography; cinema history; opera; ballet; poetry; novels
grammar; linguistics; psychology; dreams; memory; sleep; nutrition; vitamins; cancer; diabetes
headaches; first aid; yoga; running a marathon; losing weight; cooking pasta; baking a pie; sushi
wine making; gardening; roses; oak trees; rivers of Africa; the Amazon; the Himalayas; deserts
oceans; coral reefs; climate zones; the weather in history; clouds; lightning; electricity; magnets
nuclear power; solar panels; batteries; engines; aeroplanes; submarines; bridges of steel; robots
algebra; geometry; prime numbers; calculus; statistics; probability; logic; set theory; infinity
the meaning of life; love; friendship; happiness; loneliness; time travel; ghosts; aliens; magic
""".replace("\n", ";")
_SUBJECTS = tuple(topic.strip() for topic in _TOPICS.split(";") if topic.strip())
_ABOUT = (
    "What is {}?", "Explain {}.", "Tell me about {}.", "Write an essay about {}.",
    "Write a poem about {}.", "Who invented {}?", "Give me three facts about {}.",
    "Why is {} important?", "How does {} work?", "What do you know about {}?",
    "Tell me a joke about {}.", "Write a story about {}.", "What is the history of {}?",
    "Can you explain {} to a child?", "What are the advantages of {}?", "Describe {} in detail.",
    "Give me a book about {}.", "Who is an expert in {}?", "What do you think about {}?",
    "Compare {} and {}.", "What is the difference between {} and {}?", "Is {} dangerous?",
    "Write a song about {}.", "Help me with {}.", "I want to learn about {}.",
    "Where can I read more about {}?", "What is new in {}?", "When did {} begin?",
    "How can I get better at {}?", "Define {}.", "Please explain {} in simple words.",
)  # fmt: skip
_COUNTRIES = spaced(
    "Australia Brazil Canada China Denmark Egypt Finland Greece Hungary India Iran Ireland Israel "
    "Japan Kenya Mexico Morocco Nigeria Peru Portugal Romania Russia Scotland Turkey Ukraine "
    "Vietnam Chile Cuba Iceland Korea"
) + tuple(country.forms["en"][""] for country in w.COUNTRIES)
_OF_COUNTRIES = (
    "What is the capital of {}?", "How many people live in {}?", "Who is the president of {}?",
    "What language do they speak in {}?", "What is the highest mountain in {}?",
    "What is the currency of {}?", "Tell me about the history of {}.", "Where is {}?",
    "What should I see in {}?", "What do people eat in {}?", "How big is {}?",
    "What is the national anthem of {}?",
)  # fmt: skip
_PEOPLE = (
    "Albert Einstein", "Marie Curie", "Napoleon", "Leonardo da Vinci", "Mozart", "Cleopatra",
    "Isaac Newton", "Charles Darwin", "Frida Kahlo", "Picasso", "Galileo", "Aristotle", "Plato",
    "Beethoven", "Julius Caesar", "Queen Victoria", "Gandhi", "Ada Lovelace", "Alan Turing",
    "Vincent van Gogh", "Columbus", "Jane Austen", "Charles Dickens", "Bach", "Confucius",
)  # fmt: skip
_OF_PEOPLE = (
    "Who was {}?", "When was {} born?", "What did {} do?", "Why is {} famous?",
    "Where did {} live?", "When did {} die?", "Tell me about {}.", "What did {} write?",
)  # fmt: skip
_SINGLE = (
    "Write a function that sorts a list.", "What does this code do?", "Fix my code.",
    "Write an e-mail to my boss.", "Tell me a joke.", "Tell me a story.", "Sing a song.",
    "What is the meaning of life?", "Who won the World Cup?", "What is the news today?",
    "What should I cook tonight?", "Plan a trip for me.", "What is the best phone?",
    "How do I tie a tie?", "Why is the sky blue?", "How far away is the moon?",
    "How old is the universe?", "What is the fastest animal?", "Do you love me?",
    "Recommend a film.", "Recommend a book.", "What is the stock price of Apple?",
    "How do I lose weight?", "Am I ill?", "Give me medical advice.", "Write my homework.",
    "Play some music.", "Open the browser.", "Order a taxi for me.", "Book a flight.",
    "What happened in 1989?", "Prove that there are infinitely many primes.",
    "Solve x squared plus 3 x equals 10.", "Was ist Quantenphysik?", "Erzähl mir einen Witz.",
    "Schreib ein Gedicht.", "Wer war Goethe?", "Was ist die Hauptstadt von Australien?",
    "Raconte-moi une histoire.", "Quelle est la capitale du Japon ?", "Qui était Napoléon ?",
    "Cuéntame un chiste.", "¿Cuál es la capital de México?", "¿Quién fue Cervantes?",
    "Warum ist der Himmel blau?", "Pourquoi le ciel est-il bleu ?", "¿Por qué el cielo es azul?",
)  # fmt: skip
_SYLLABLES = spaced(
    "ba be bo da di do fa fe ga go ka ki la lo ma mi na no pa pe ra ri sa so ta ti va wo zu "
    "tion ment ster burg lich ous ing ant"
)


def outside_example(rng: random.Random, source: Iterator[Sentence]) -> TextExample:
    """One such question; `source` gives phrases that are no question to the model."""
    makers = (_about, _about, _about, _country, _person, _single, _word, _tool, _phrase)
    text = rng.choice(makers)(rng, source)
    if rng.random() < 0.15:
        text = text.lower()
    if rng.random() < 0.15:
        text = text.rstrip(".?!")
    return TextExample((user(text),), (), HONEST, "outside")


def outside_question(rng: random.Random) -> str:
    """Such a question in plain English, as it may be spoken."""
    return (
        rng.choice(_ABOUT[:12]).format(rng.choice(_SUBJECTS))
        if rng.random() < 0.7
        else (rng.choice(_OF_COUNTRIES).format(rng.choice(_COUNTRIES)))
    )


def _about(rng: random.Random, source: Iterator[Sentence]) -> str:
    form = rng.choice(_ABOUT)
    topics = rng.sample(_SUBJECTS, form.count("{}"))
    if rng.random() < 0.15:
        topics = [_made_up(rng) for _ in topics]
    return form.format(*topics)


def _country(rng: random.Random, source: Iterator[Sentence]) -> str:
    return rng.choice(_OF_COUNTRIES).format(rng.choice(_COUNTRIES))


def _person(rng: random.Random, source: Iterator[Sentence]) -> str:
    return rng.choice(_OF_PEOPLE).format(rng.choice(_PEOPLE))


def _single(rng: random.Random, source: Iterator[Sentence]) -> str:
    return rng.choice(_SINGLE)


def _word(rng: random.Random, source: Iterator[Sentence]) -> str:
    """Words that mean nothing."""
    return " ".join(_made_up(rng) for _ in range(rng.randint(1, 5)))


def _made_up(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))


def _tool(rng: random.Random, source: Iterator[Sentence]) -> str:
    """What a tool would do, where none is offered."""
    return unoffered_wish(rng)


def _phrase(rng: random.Random, source: Iterator[Sentence]) -> str:
    """A sentence of the phrasebook that nobody asked to be translated."""
    while True:
        sentence = next(source)
        if sentence.kind != "phrase":
            return sentence.text[rng.choice(LANGUAGES)]
