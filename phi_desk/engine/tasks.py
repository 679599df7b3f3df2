"""The instructions of the app's jobs, and the reading of the answer that holds two texts.

The sound prompts are the published ones, to the letter. For pages and pictures nothing is
published beyond free questions: those are short English of our own, because the model reads
pictures with English instructions only.
"""

from __future__ import annotations

from phi_desk.engine.languages import Language

SEPARATOR = "<sep>"  # plain text to the model, no token


def transcribe() -> str:
    """Sound to text in the language spoken (published)."""
    return "Transcribe the audio clip into text."


def translate(language: Language) -> str:
    """Sound to text in another language (published)."""
    return f"Translate the audio to {language.name}."


def transcribe_and_translate(language: Language) -> str:
    """Sound to its transcript, `<sep>` and its translation (published; better than `translate`).

    The paper's tables show it ahead of the direct translation in every row.
    """
    return (
        f"Transcribe the audio to text, and then translate the audio to {language.name}. "
        f"Use {SEPARATOR} as a separator between the original transcript and the translation."
    )


def summarise_audio() -> str:
    """A summary of a recording."""
    return "Summarize the audio in a few bullet points."


def translate_text(text: str, language: Language) -> str:
    """Text to another language."""
    return f"Translate the following text to {language.name}. Give only the translation.\n\n{text}"


def summarise_text(text: str) -> str:
    """A summary of a text."""
    return f"Summarize the following text in a few sentences.\n\n{text}"


def read_text() -> str:
    """A page or picture to plain text."""
    return "Read all the text in the image. Give only the text, line by line, in reading order."


def read_markdown() -> str:
    """A page to Markdown."""
    return (
        "Convert the document in the image to Markdown. Keep the headings, lists and tables. "
        "Give only the Markdown."
    )


def read_table() -> str:
    """A table to CSV."""
    return (
        "Convert the table in the image to CSV: one line for each row, commas between the cells, "
        "double quotes around cells that contain a comma. Give only the CSV."
    )


def describe_image() -> str:
    """What is in a picture (published)."""
    return "Describe the image in detail."


def compare_images() -> str:
    """What two or more pictures have in common and what not."""
    return "Compare the images. What is the same and what is different?"


def explain_chart() -> str:
    """What a chart or diagram shows."""
    return "Explain this chart: what it shows, the most important values and the trend."
