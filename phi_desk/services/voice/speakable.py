"""Turns an answer in Markdown into words that a voice can say; knows no voice.

Code and tables are announced, not spelt out; marks, addresses and rules are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 300  # characters of a piece: a voice is stopped, or begins, between two of them

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_RULE = re.compile(r"^\s*([-*_=])(\s*\1){2,}\s*$")
_TABLE_LINE = re.compile(r"^\s*\|?[\s:|-]*-{2,}[\s:|-]*$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|(\d+)[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_QUOTE = re.compile(r"^\s*>\s?")
_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_ADDRESS = re.compile(r"<?\bhttps?://([^/\s>)]+)[^\s>)]*>?")
_MARKS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?!(?<=_)\w)")
_CODE_WORD = re.compile(r"`+([^`]+)`+")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_DISPLAY_MATHS = re.compile(r"\$\$.+?\$\$|\\\[.+?\\\]", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+|(?<=[。！？；])|\n+")
# What is announced, by language: code of n lines, a table of n rows with its columns, and so on.
_SAID = {
    "en": ("Here follows code, lines: {n}.", "Here follows a table, rows: {n}. {head}",
           "A formula.", "A picture"),
    "de": ("Hier folgt Code, Zeilen: {n}.", "Hier folgt eine Tabelle, Zeilen: {n}. {head}",
           "Eine Formel.", "Ein Bild"),
    "fr": ("Voici du code, lignes : {n}.", "Voici un tableau, lignes : {n}. {head}",
           "Une formule.", "Une image"),
    "es": ("Sigue código, líneas: {n}.", "Sigue una tabla, filas: {n}. {head}", "Una fórmula.",
           "Una imagen"),
    "it": ("Segue del codice, righe: {n}.", "Segue una tabella, righe: {n}. {head}",
           "Una formula.", "Un'immagine"),
    "pt": ("Segue código, linhas: {n}.", "Segue uma tabela, linhas: {n}. {head}", "Uma fórmula.",
           "Uma imagem"),
    "zh": ("以下是代码，行数：{n}。", "以下是表格，行数：{n}。{head}", "公式。", "图片"),
    "ja": ("コードが続きます。行数：{n}。", "表が続きます。行数：{n}。{head}", "数式。", "画像"),
}  # fmt: skip
_ENDS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "，", "、")


def speakable(markdown: str, language: str = "") -> str:
    """Plain sentences, a line each for every paragraph, heading and item.

    What is announced is announced in `language` (ISO 639-1) where it is known, else in English.
    """
    code, table, formula, picture = _SAID.get(language, _SAID["en"])
    without = _DISPLAY_MATHS.sub(f" {formula} ", markdown)
    lines = _lines(without.splitlines(), code, table)
    said = (_sentence(_plain(line, picture)) for line in lines)
    return "\n".join(line for line in said if line)


def pieces(words: str) -> tuple[str, ...]:
    """The same in pieces of at most `LONGEST` characters that end with a sentence if possible."""
    made: list[str] = []
    for sentence in _SENTENCE_END.split(words):
        for part in _short(sentence.strip()):
            if made and len(made[-1]) + len(part) < LONGEST:
                made[-1] += f" {part}"
            else:
                made.append(part)
    return tuple(made)


def _lines(lines: list[str], code: str, table: str) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place]
        fence = _FENCE.match(line)
        if fence:
            end = _end_of_code(lines, place + 1, fence[1])
            yield code.format(n=end - place - 1)
            place = end + 1
        elif "|" in line and place + 1 < len(lines) and _TABLE_LINE.match(lines[place + 1]):
            end = _end_of_table(lines, place + 2)
            yield table.format(n=end - place - 2, head=_columns(line))
            place = end
        else:
            yield "" if _RULE.match(line) else _words_of(line)
            place += 1


def _words_of(line: str) -> str:
    line = _QUOTE.sub("", line)
    if heading := _HEADING.match(line):
        return heading[1]
    if item := _ITEM.match(line):
        number = f"{item[1]}. " if item[1] else ""
        return f"{number}{item[2]}"
    return line


def _plain(line: str, picture: str) -> str:
    line = _PICTURE.sub(lambda found: f"{picture}: {found[1]}" if found[1] else picture, line)
    line = _LINK.sub(r"\1", line)
    line = _ADDRESS.sub(lambda found: found[1].removeprefix("www."), line)
    line = _CODE_WORD.sub(r"\1", line)
    for _ in range(3):  # bold inside italic inside struck out
        line = _MARKS.sub(r"\2", line)
    line = _TAG.sub(" ", line).replace("\\", "").replace("$", "")
    return " ".join(line.replace("|", ", ").split())


def _sentence(line: str) -> str:
    """With a pause at its end: headings and items have no full stop of their own."""
    return line if not line or line.endswith(_ENDS) else f"{line}."


def _end_of_code(lines: list[str], start: int, fence: str) -> int:
    for place in range(start, len(lines)):
        if lines[place].strip().startswith(fence):
            return place
    return len(lines)


def _end_of_table(lines: list[str], start: int) -> int:
    place = start
    while place < len(lines) and "|" in lines[place]:
        place += 1
    return place


def _columns(head: str) -> str:
    """The heads of a table's columns, as a sentence."""
    return ", ".join(cell.strip() for cell in head.strip().strip("|").split("|") if cell.strip())


def _short(sentence: str) -> Iterator[str]:
    while len(sentence) > LONGEST:
        cut = sentence.rfind(" ", LONGEST // 2, LONGEST)
        cut = LONGEST if cut < 0 else cut
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence
