"""Lists of houses as people write and paste them: «ул. Ленина, 15, 17 и 19 корп. 2; вся ул. Мира».

Only the grammar: which lines there are, and which parts of a line are streets and which are further houses of the
street before them. Which houses exist is the stock's to say (`places.house_lists`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vakhta.domain.layouts import as_russian

_BETWEEN = re.compile(r"[\n;]+")
_BULLET = re.compile(r"^\s*(?:[-–—•*·]+\s+|\d{1,3}[.)]\s+(?=\D))")
_WHOLE = re.compile(
    r"(?:^|(?<=\s))\(?(?:вся|весь|всё|все|целиком|полностью)(?:\s+дома)?\)?(?=\s|,|$)",
    re.IGNORECASE,
)
_AND = re.compile(r"(?<=[\dа-яё])\s+и\s+(?=\d)", re.IGNORECASE)
_LETTER = re.compile(r"(?<=\d)-(?=[а-яё](?![а-яё]))", re.IGNORECASE)
_PART = r"(?:(?:корпус|корп|к|строение|стр|с)\.?\s*\d+|(?:корпус|корп|строение|стр|литера|лит)\b\.?\s*\w+)"
_CORPUS = re.compile(_PART, re.IGNORECASE)
_HOUSE = re.compile(
    rf"(?:(?:дома|дом|д)\b\.?\s*|№\s*)?\d+(?:\s*/\s*\d+)?(?:\s*[а-яё](?![а-яё]|\.?\s*\d))?(?:\s*{_PART})*",
    re.IGNORECASE,
)
"""A number with its letter, corpus and structure, and nothing more: «8 Марта» is a street."""
_RANGE = re.compile(r"(?:с\s*)?\d+\s*(?:-|–|—|по)\s*\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """`kind`: street (with a house or without), house (one more of the street before it), range («1–15», which may as
    well be a flat)."""

    text: str
    kind: str


def lines_of(text: str) -> list[str]:
    """The lines that say something, each once, without bullets and numbers of a list."""
    found = (_BULLET.sub("", line.replace("\t", ", ")).strip(" ,.") for line in _BETWEEN.split(text))
    return list(dict.fromkeys(filter(None, found)))


def is_whole_street(line: str) -> bool:
    """«вся ул. Ленина», «Мира целиком»."""
    return _WHOLE.search(line) is not None


def pieces_of(line: str) -> list[Piece]:
    """A line in its parts, in their order."""
    plain = _LETTER.sub("", _AND.sub(", ", _WHOLE.sub(" ", as_russian(line))))
    pieces: list[Piece] = []
    for part in filter(None, (part.strip(" .") for part in plain.split(","))):
        if _CORPUS.fullmatch(part) and pieces:
            pieces[-1] = Piece(f"{pieces[-1].text} {part}", pieces[-1].kind)
        elif _RANGE.fullmatch(part):
            pieces.append(Piece(part, "range"))
        else:
            pieces.append(Piece(part, "house" if _HOUSE.fullmatch(part) else "street"))
    return pieces
