"""Finding an entry by typing: concepts of the words, weighed by each entry's signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vakhta.domain.classifier.entry import SEVERITIES, Entry
from vakhta.domain.classifier.table import ENTRIES
from vakhta.domain.classifier.words import PLACES, Sign, Word, read_signs, read_words

_LEAST = 1.0
"""Below this sum an entry is not shown: a half-typed word alone must not guess."""

READ = 4000
"""Letters of a text that are read: the longest description that is kept. More would only cost time."""
OWN, _OWN_WORTH = "own", 3.0
"""What an office's own word stands for, and how much it says."""
_GRAVITY = {code: place for place, code in enumerate(SEVERITIES)}


@dataclass(frozen=True)
class Match:
    entry: Entry
    why: tuple[str, ...]
    """The typed words that spoke for it, in their order: ("течет", "стояк")."""
    score: float
    tells_what: bool
    """Something of what is wrong was said, not only where: «крыса в подвале» is no water in the basement."""
    slips: tuple[tuple[str, str], ...] = ()
    """(word, stem) of those words of `why` that are misspelt: ("стаяк", "стояк")."""

    @property
    def is_forgiven(self) -> bool:
        """Nothing speaks for it but misspelt words."""
        return len(self.slips) == len(self.why)

    @property
    def is_stretched(self) -> bool:
        """Of the misspelt words so much is left over that they may be others: «проблема» is hardly «пробка»."""
        return self.is_forgiven and all(len(word) > len(stem) + 2 for word, stem in self.slips)

    @property
    def forgiven(self) -> str:
        """«стаяк → стояк»; a stem that goes on is «горяч…»."""
        return ", ".join(
            f"{word} → {stem}{'…' if len(word) > len(stem) else ''}" for word, stem in self.slips
        )

    @property
    def reason(self) -> str:
        """«течет» + «стояк»"""
        return " + ".join(f"«{word}»" for word in self.why)


def suggest(text: str, limit: int = 6, entries: Mapping[str, Entry] = ENTRIES) -> list[Match]:
    """The entries that a text may mean, the likeliest first; empty when it says nothing known.

    Of equal ones the graver stands first, then the more frequent. One that is off is not offered.
    """
    words = read_words(text[:READ])
    signs = read_signs(words)
    if not words:
        return []
    offered = (entry for entry in entries.values() if not entry.is_off)
    matches = [match for entry in offered if (match := _weigh(entry, signs, words)).score >= _LEAST]
    matches.sort(key=lambda m: (-round(m.score, 3), _GRAVITY[m.entry.severity], -m.entry.frequency))
    return matches[:limit]


def _weigh(entry: Entry, signs: tuple[Sign, ...], words: tuple[Word, ...]) -> Match:
    """Each concept counts once, however often it was said; a word that stands for several concepts
    counts with the one that says most."""
    by_place: dict[int, tuple[float, Sign]] = {}
    for sign in signs:
        worth = entry.signs.get(sign.concept, 0.0) * sign.sureness
        known = by_place.get(sign.place)
        if worth and (known is None or abs(worth) > abs(known[0])):
            by_place[sign.place] = (worth, sign)
    for place, (shown, word) in enumerate(words if entry.words else ()):
        if word.startswith(entry.words):
            by_place[place] = (_OWN_WORTH, Sign(OWN, shown, place, 1.0))
    by_concept: dict[str, tuple[float, Sign]] = {}
    for worth, sign in by_place.values():
        known = by_concept.get(sign.concept)
        if known is None or abs(worth) > abs(known[0]):
            by_concept[sign.concept] = (worth, sign)
    why = sorted((sign.place, sign.word, sign.meant) for worth, sign in by_concept.values() if worth > 0)
    told = {concept for concept, (worth, _) in by_concept.items() if worth > 0}
    score = sum(worth for worth, _ in by_concept.values())
    spoken = tuple(word for _, word, _ in why)
    slips = tuple((word, meant) for _, word, meant in why if meant)
    return Match(entry, spoken, score, bool(told - PLACES), slips)
