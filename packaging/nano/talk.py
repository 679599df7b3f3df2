"""Small talk: who the model is, what it can do, greetings, thanks, the name of the person."""

from __future__ import annotations

import random

import grammar_words as w
from text_example import TextExample, assistant, user

from phi_desk.engine.messages import Message

WHO = {
    "en": "I am Phi Desk Nano, a small demo model that runs on your own computer.",
    "de": "Ich bin Phi Desk Nano, ein kleines Demomodell, das auf Ihrem Computer läuft.",
    "fr": "Je suis Phi Desk Nano, un petit modèle de démonstration sur votre ordinateur.",
    "es": "Soy Phi Desk Nano, un pequeño modelo de demostración en su ordenador.",
}
CAN = {
    "en": "I can understand and translate phrases in English, German, French and Spanish, read "
    "text in pictures, answer questions about simple pictures, calculate with small numbers and "
    "use tools.",
    "de": "Ich kann Sätze auf Englisch, Deutsch, Französisch und Spanisch verstehen und "
    "übersetzen, Text in Bildern lesen und mit kleinen Zahlen rechnen.",
    "fr": "Je peux comprendre et traduire des phrases en anglais, allemand, français et espagnol, "
    "lire le texte des images et calculer avec de petits nombres.",
    "es": "Puedo entender y traducir frases en inglés, alemán, francés y español, leer el texto "
    "de las imágenes y calcular con números pequeños.",
}
LIMITS = (
    "I know phrases about travel, numbers, time and shopping. For everything else you need the "
    "full model."
)
PRIVATE = "Everything stays on your computer: nothing is sent anywhere."
LANGUAGES_KNOWN = "I know English, German, French and Spanish."
SIZE = "I am very small: the full model is about a thousand times larger."

# intent: (questions, answer) in English
_ENGLISH: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Who are you?", "What are you?", "What is your name?", "Who am I talking to?",
      "Tell me who you are.", "Introduce yourself.", "Are you a person?", "Are you a robot?",
      "Which model are you?", "What model is this?", "Tell me about yourself.",
      "Are you a computer?", "What should I call you?"), WHO["en"]),
    (("What can you do?", "How can you help me?", "What are you good at?", "Help.",
      "What do you know?", "What can I ask you?", "Show me what you can do.", "What is this?",
      "What can I do with you?", "How does this work?", "Can you help me?",
      "What are your skills?"),
     CAN["en"]),
    (("What can you not do?", "What are your limits?", "Do you know everything?",
      "Are you the full model?", "Is this a demo?", "What do you not know?", "How smart are you?",
      "Do I need the full model?", "What is the full model for?", "Are you a demo model?"), LIMITS),
    (("Where do you run?", "Do you send my data anywhere?", "Is this private?",
      "Do you need the internet?", "Are you online?", "Who can read this?", "Is my data safe?"),
     PRIVATE),
    (("Which languages do you know?", "What languages do you speak?", "Do you speak German?",
      "Do you speak French?", "Do you speak Spanish?", "Do you understand English?",
      "Can you speak another language?", "How many languages do you know?"), LANGUAGES_KNOWN),
    (("How big are you?", "How large is this model?", "Are you big?", "Are you small?",
      "How many parameters do you have?"), SIZE),
    (("Thank you.", "Thanks.", "Thank you very much.", "Thanks a lot.", "Many thanks.",
      "That is great, thank you.", "Great, thanks.", "Perfect, thank you.", "That helps, thanks."),
     "You are welcome."),
    (("Hello.", "Hello!", "Hi.", "Hi!", "Hey.", "Hello there.", "Good morning.", "Good evening.",
      "Good afternoon.", "Good day."), "Hello! How can I help you?"),
    (("How are you?", "How are you doing?", "How do you do?", "Are you well?", "How is it going?"),
     "I am fine, thank you. How can I help you?"),
    (("Goodbye.", "Bye.", "Bye bye.", "See you soon.", "See you tomorrow.", "Good night.",
      "I must go now."), "Goodbye!"),
    (("That is wrong.", "No, that is not right.", "You made a mistake.", "That is not correct.",
      "This is wrong."), "I am sorry: I am only a small demo model."),
    (("Great!", "Very good.", "Well done.", "Perfect.", "That is right.", "Good.", "Nice."),
     "Thank you!"),
)  # fmt: skip
_OTHERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Wer sind Sie?", "Wer bist du?", "Wie heißen Sie?", "Wie heißt du?", "Was bist du?",
      "Was sind Sie?"), WHO["de"]),
    (("Qui êtes-vous ?", "Qui es-tu ?", "Comment vous appelez-vous ?", "Comment t'appelles-tu ?"),
     WHO["fr"]),
    (("¿Quién es usted?", "¿Quién eres?", "¿Cómo se llama usted?", "¿Cómo te llamas?"), WHO["es"]),
    (("Was können Sie?", "Was kannst du?", "Was können Sie tun?", "Wie können Sie mir helfen?"),
     CAN["de"]),
    (("Que savez-vous faire ?", "Que pouvez-vous faire ?", "Qu'est-ce que tu sais faire ?"),
     CAN["fr"]),
    (("¿Qué puede hacer?", "¿Qué sabe hacer?", "¿Qué puedes hacer?", "¿Qué sabes hacer?"),
     CAN["es"]),
    (("Danke.", "Vielen Dank.", "Danke schön.", "Danke!"), "Gern geschehen."),
    (("Merci.", "Merci beaucoup.", "Merci !"), "De rien."),
    (("Gracias.", "Muchas gracias.", "¡Gracias!"), "De nada."),
    (("Hallo.", "Hallo!", "Guten Tag.", "Guten Morgen.", "Guten Abend."),
     "Hallo! Wie kann ich Ihnen helfen?"),
    (("Bonjour.", "Bonjour !", "Salut.", "Bonsoir."), "Bonjour ! Comment puis-je vous aider ?"),
    (("Hola.", "¡Hola!", "Buenos días.", "Buenas tardes.", "Buenas noches."),
     "¡Hola! ¿En qué puedo ayudarle?"),
    (("Auf Wiedersehen.", "Tschüss."), "Auf Wiedersehen!"),
    (("Au revoir.", "À bientôt."), "Au revoir !"),
    (("Adiós.", "Hasta luego."), "¡Adiós!"),
)  # fmt: skip
_BEFORE = ("", "", "", "", "", "", "Hello. ", "Hi, ", "Please tell me: ", "And ", "OK. ", "So, ")
_STRAY = ("", "", "", "", "", "", "", " Please.", " Thanks.", "?", "!")


def talk_example(rng: random.Random) -> TextExample:
    """One to three turns; the answer to the last."""
    if rng.random() < 0.15:
        return _named(rng)
    turns: list[Message] = []
    for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2))):
        question, answer = _exchange(rng)
        turns += [user(question), assistant(answer)]
    question, answer = _exchange(rng)
    return TextExample((*turns, user(question)), (), answer, "talk")


def questions_by_language() -> list[tuple[str, str, str]]:
    """Every question of a single turn: its language, itself, the answer."""
    english = [("en", question, answer) for questions, answer in _ENGLISH for question in questions]
    others = [
        (("de", "fr", "es")[place % 3], question, answer)  # they stand in this order
        for place, (questions, answer) in enumerate(_OTHERS)
        for question in questions
    ]
    return english + others


def _exchange(rng: random.Random) -> tuple[str, str]:
    if rng.random() < 0.25:
        questions, answer = rng.choice(_OTHERS)
        return rng.choice(questions), answer
    questions, answer = rng.choices(_ENGLISH, [len(questions) for questions, _ in _ENGLISH])[0]
    question = rng.choice(questions)
    if question.endswith("?"):
        before = rng.choice(_BEFORE)
        if before and before[-2] in ",:d":
            question = question[0].lower() + question[1:]
        question = before + question
        if rng.random() < 0.1:
            question = question[:-1] + rng.choice(_STRAY)
    if rng.random() < 0.12:
        question = question.lower()
    return question, answer


_MY_NAME = ("My name is {}.", "I am {}.", "Hello, my name is {}.", "Hi, I am {}.", "I'm {}.",
            "Hello, I am {}.", "Call me {}.")  # fmt: skip
_WHICH_NAME = ("What is my name?", "Who am I?", "Do you know my name?", "Do you remember my name?",
               "What am I called?")  # fmt: skip


def _named(rng: random.Random) -> TextExample:
    """The person says a name, and may ask for it later."""
    name = rng.choice(w.NAMES).forms["en"][""]
    said = user(rng.choice(_MY_NAME).format(name))
    greeting = f"Nice to meet you, {name}."
    if rng.random() < 0.4:
        return TextExample((said,), (), greeting, "talk")
    turns = [said, assistant(greeting)]
    if rng.random() < 0.3:
        question, answer = _exchange(rng)
        turns += [user(question), assistant(answer)]
    turns.append(user(rng.choice(_WHICH_NAME)))
    return TextExample(tuple(turns), (), f"Your name is {name}.", "talk")
