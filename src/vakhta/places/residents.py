"""Residents by their names: the family name with a letter or two forgiven («Петрва» → Петрова), any other word as it
is («коннор джон» → О'Коннор Джон)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Q, Value, When

from vakhta.domain.addresses import word_cost
from vakhta.domain.layouts import as_russian, fold_key
from vakhta.kernel.tenancy import current_scope

from .keys import APOSTROPHES
from .models import Person

SHORTEST = 3
"""Letters from which on a word is looked up as one of a name."""
MOST = 5
"""Words that a name has, at most."""
_MEANT = 3
"""Family names that a misspelt one may mean, at most."""


@dataclass(frozen=True)
class Found:
    person: Person
    forgiven: str = ""
    """«петрва → Петрова» when letters were forgiven."""
    is_by_family: bool = True
    """The text begins with the family name."""


def find_people(text: str, limit: int = 4) -> list[Found]:
    """Residents with a flat whose family name the text begins with, best first: the name itself, names that begin so;
    else those who have the words anywhere in their names; else the likeliest misspelt families. Further words begin the
    given names («петрова а с»). At most six queries."""
    typed, given = _said(text)
    is_family = len(typed) >= SHORTEST and typed.replace("-", "").isalpha()
    named = _named([typed], Q(family_key__begins=typed), given, limit) if is_family else []
    if named:
        return [Found(person) for person in named]
    if named := _with_words(fold_key(as_russian(text)).split(), limit):
        return [Found(person, is_by_family=False) for person in named]
    meant = _meant(typed) if is_family else []
    named = _named(meant, Q(family_key__in=meant), given, limit) if meant else []
    return [Found(person, f"{typed} → {person.name.split()[0]}") for person in named]


def _said(text: str) -> tuple[str, list[str]]:
    family, *given = as_russian(text).casefold().replace("ё", "е").split() or [""]
    return family.strip(".,;"), fold_key(" ".join(given)).split()


def _named(best: list[str], families: Q, given: list[str], limit: int) -> list[Person]:
    """People of those families whose given names begin as said; the families `best` first, in order."""
    rows = Person.objects.filter(families, premises__isnull=False)
    if given:
        # «а с» is «Петрова Анна Сергеевна»; looked at after the index has left few rows.
        begins = r"\S* ".join(re.escape(word).replace("е", "[её]") for word in given)
        rows = rows.filter(name__iregex=rf"^\S+ {begins}")
    ranks = [When(family_key=key, then=Value(rank)) for rank, key in enumerate(best)]
    order = (Case(*ranks, default=Value(len(best))), "name", "id")
    few = rows.order_by(*order).values("pk")[:limit]  # namesakes are sorted before their homes are joined
    homes = Person.objects.filter(pk__in=few).select_related("premises__building")
    return list(homes.order_by(*order))


def _with_words(words: list[str], limit: int) -> list[Person]:
    """People each of these words begins a word of whose names, wherever it stands. One query, two when there are some: a
    common word («анна») is read in the order of its index, as far as the limit goes."""
    if len(words) > MOST or not all(word.isalpha() for word in words):
        return []
    longest = max(words, key=len, default="")
    if len(longest) < SHORTEST:
        return []
    rows = Person.objects.filter(premises__isnull=False)
    for word in words:
        if word is not longest:
            rows = rows.filter(name__iregex=rf"(^|\W){word.replace('е', '[её]')}")
    joined = [f"{longest[0]}{sign}{longest[1:]}" for sign in APOSTROPHES]
    families = Q(family_key__begins=longest)
    for family in joined:  # «оконнор»
        families |= Q(family_key__begins=family)
    found = rows.filter(families).order_by("name", "id").values_list("pk", flat=True)[:limit]
    others = []
    for key in ("second_key", "third_key", "fourth_key"):
        begun = rows.filter(**{f"{key}__gte": longest, f"{key}__lt": f"{longest}\U0010ffff"})
        others.append(begun.order_by(key).values_list("pk", flat=True)[:limit])
    pks = list(found.union(*others))
    if not pks:
        return []
    homes = Person.objects.filter(pk__in=pks).select_related("premises__building")
    return list(homes.order_by("name", "id")[:limit])


def _meant(typed: str) -> list[str]:
    """The family names of the scope that a misspelt one may mean, the nearest first: with the usual
    slips, else with one more. The first letter is hardly ever wrong, at most swapped with the second."""
    known: dict[str, list[str]] = {}
    for spare in (0, 1):
        for letter in dict.fromkeys(typed[:2]):
            if letter not in known:
                known[letter] = _families(letter)
            costs = sorted((cost, key) for key in known[letter] if (cost := word_cost(typed, key, spare)) < 9)
            if costs:
                return [key for cost, key in costs[:_MEANT] if cost < costs[0][0] + 1]
    return []


_FAMILIES = """
WITH RECURSIVE family(key) AS (
    (SELECT family_key FROM places_person WHERE family_key ~>=~ %(first)s AND family_key ~<~ %(last)s
     ORDER BY family_key USING ~<~ LIMIT 1)
    UNION ALL
    SELECT (SELECT family_key FROM places_person WHERE family_key ~>~ family.key AND family_key ~<~ %(last)s
            ORDER BY family_key USING ~<~ LIMIT 1)
    FROM family WHERE family.key IS NOT NULL
)
SELECT key FROM family WHERE key IS NOT NULL
"""
"""Steps from one family name to the next in the index: hundreds of steps where DISTINCT would read
every namesake. Row-level security keeps it to the scope."""


def _families(letter: str) -> list[str]:
    """The distinct family names of the running scope that begin with the letter."""
    current_scope()  # raises outside one, as a manager would
    with connection.cursor() as cursor:
        cursor.execute(_FAMILIES, {"first": letter, "last": f"{letter}\U0010ffff"})
        return [key for (key,) in cursor.fetchall()]
