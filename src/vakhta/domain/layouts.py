"""Keyboard layouts and the folded key: how typed words are compared.

A dispatcher types without looking, so «ktybyf 15» is «ленина 15» and «k'y» is «лэн» (ЙЦУКЕН and
QWERTY, the layouts that Windows and most systems call «Русская» and «США»).
"""

from __future__ import annotations

import re

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?@#$^&"
_RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"№;:?'
_TO_RUSSIAN = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN, _LATIN)

LOOKALIKES = str.maketrans("abcehkmoptxABCEHKMOPTX", "авсенкмортхАВСЕНКМОРТХ")
"""Latin letters that stand for Russian ones beside a number: «15A»."""
_BESIDE_NUMBER = re.compile(r"(?<!\w)(\d[\d/-]*\s?)([abcehkmoptx])(?![^\W\d])", re.IGNORECASE)
_LATIN_LETTER = re.compile(r"[A-Za-z]")
_RUSSIAN_LETTER = re.compile(r"[А-Яа-яЁё]")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_PUNCTUATION_THAT_IS_LETTERS = ",.;:'\"[]{}<>`~"


def to_russian(text: str) -> str:
    """What the same keys give in the Russian layout: "ktybyf" → "ленина"."""
    return text.translate(_TO_RUSSIAN)


def to_latin(text: str) -> str:
    """What the same keys give in the Latin layout: "шмфтщм" → "ivanov"."""
    return text.translate(_TO_LATIN)


def as_russian(text: str) -> str:
    """The text with the words that were typed in the wrong layout put right.

    A word is in the wrong layout when it has Latin letters and no Russian one. Words with figures
    are converted too ("ljv15" is «дом15»); a lone sign or a number is left as it is. A comma or a
    full stop at a word's end stays what it is unless the whole word is then no word: see `_word`.

    A letter beside a number, where nothing else is in the wrong layout, is the Russian one that it looks like: «15A».
    """
    alike = _BESIDE_NUMBER.sub(lambda found: found[1] + found[2].translate(LOOKALIKES), text)
    return alike if _by_keys(alike) == alike else _by_keys(text)


def _by_keys(text: str) -> str:
    return " ".join(_word(part) for part in text.split(" "))


def has_latin(text: str) -> bool:
    """Does the text have a word that `as_russian` would change?"""
    return as_russian(text) != text


def _word(part: str) -> str:
    if not _LATIN_LETTER.search(part) or _RUSSIAN_LETTER.search(part):
        return part
    # «ktybyf,» is far more often «ленина,» than «ленинаб»; «k.,» inside a word are its letters.
    body = part.rstrip(",.")
    # Figures and what joins them stay: in «ktybyf15/2» the stroke is of the house number.
    tail = re.search(r"[\d/\-]*$", body)
    cut = tail.start() if tail else len(body)
    return to_russian(body[:cut]) + body[cut:] + part[len(body) :]


def fold_key(text: str) -> str:
    """The key that names and streets are searched by: lower case, ё = е, signs as one space.

    "Ул. Артёма-Зуева,  д.5" → "ул артема зуева д 5".
    """
    folded = text.casefold().replace("ё", "е")
    return " ".join(_NOT_WORD.sub(" ", folded).split())
