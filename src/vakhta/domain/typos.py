"""Typos of one or two letters: the bounded Damerau distance, and the same for a word's beginning."""

from __future__ import annotations

from collections.abc import Sequence


def allowed_typos(length: int) -> int:
    """How many slips are forgiven in a word of so many letters: 4–6 one, from 7 two."""
    if length < 4:
        return 0
    return 1 if length < 7 else 2


def distance(left: str, right: str, limit: int) -> int:
    """Letters to insert, drop, change or swap with a neighbour; `limit + 1` when more than `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    found = _last_row(left, right, limit)
    return min(found[-1], limit + 1) if found else limit + 1


def prefix_distance(stem: str, word: str, limit: int) -> int:
    """The distance from `stem` to the nearest beginning of `word`; `limit + 1` when more."""
    found = _last_row(stem, word[: len(stem) + limit], limit)
    return min(*found, limit + 1) if found else limit + 1


def _last_row(left: str, right: str, limit: int) -> Sequence[int]:
    """The last row of the table of distances; empty when every way is already beyond `limit`."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and (i < 2 or min(above) > limit):
            return ()
        before = above
    return row
