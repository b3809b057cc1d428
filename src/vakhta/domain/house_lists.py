"""Lists of houses as people write and paste them: «ул. Ленина, 15, 17 и 19 корп. 2; вся ул. Мира».

Only the grammar: which lines there are, and which parts of a line are streets and which are further houses of the
street before them. Which houses exist is the stock's to say (`places.house_lists`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BETWEEN = re.compile(r"[\n;]+")
_BULLET = re.compile(r"^\s*(?:[-–—•*·]+\s+|\d{1,3}[.)]\s+(?=\D))")
_WHOLE = re.compile(
    r"(?:^|(?<=\s))\(?(?:вся|весь|всё|все|целиком|полностью)(?:\s+дома)?\)?(?=\s|,|$)",
    re.IGNORECASE,
)
_AND = re.compile(r"(?<=[\dа-яё])\s+и\s+(?=\d)", re.IGNORECASE)
_LETTER = re.compile(r"(?<=\d)-(?=[а-яё](?![а-яё]))", re.IGNORECASE)
_CORPUS = re.compile(r"(?:к|корп|корпус|стр|строение|лит|литера)\b\.?\s*\w+", re.IGNORECASE)
_HOUSE = re.compile(
    r"(?:(?:дома|дом|д)\b\.?\s*|№\s*)?\d+(?!\d)(?:\s*/\s*\d+)?(?:\s*[а-яё](?![а-яё]))?", re.IGNORECASE
)
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
    plain = _LETTER.sub("", _AND.sub(", ", _WHOLE.sub(" ", line)))
    pieces: list[Piece] = []
    for part in filter(None, (part.strip(" .") for part in plain.split(","))):
        if _CORPUS.fullmatch(part) and pieces:
            pieces[-1] = Piece(f"{pieces[-1].text} {part}", pieces[-1].kind)
        elif _RANGE.fullmatch(part):
            pieces.append(Piece(part, "range"))
        else:
            pieces.append(Piece(part, "house" if _is_house(part) else "street"))
    return pieces


def _is_house(part: str) -> bool:
    """A number with its letter and corpus, and nothing more: «8 Марта» is a street."""
    begun = _HOUSE.match(part)
    return begun is not None and all(_CORPUS.fullmatch(word) for word in _corpora(part[begun.end() :]))


def _corpora(rest: str) -> list[str]:
    return [rest.strip()] if rest.strip() else []
