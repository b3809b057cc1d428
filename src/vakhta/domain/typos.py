"""Typos of one or two letters: the bounded Damerau distance (optimal string alignment), and the same for
a word's beginning."""

from __future__ import annotations

from rapidfuzz.distance import OSA


def allowed_typos(length: int) -> int:
    """How many slips are forgiven in a word of so many letters: 4–6 one, from 7 two."""
    if length < 4:
        return 0
    return 1 if length < 7 else 2


def distance(left: str, right: str, limit: int) -> int:
    """Letters to insert, drop, change or swap with a neighbour; `limit + 1` when more than `limit`."""
    return OSA.distance(left, right, score_cutoff=limit)


def prefix_distance(stem: str, word: str, limit: int) -> int:
    """The distance from `stem` to the nearest beginning of `word`; `limit + 1` when more."""
    found = limit + 1
    for length in range(max(0, len(stem) - limit), min(len(word), len(stem) + limit) + 1):
        found = min(found, OSA.distance(stem, word[:length], score_cutoff=limit))
        if not found:
            break
    return found
