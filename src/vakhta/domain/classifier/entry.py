"""What an entry of the classifier (классификатор) holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SEVERITIES = {
    "emergency": "авария",
    "urgent": "срочно",
    "ordinary": "обычная",
    "information": "справка",
}
"""Severity → how it is called; the gravest first."""

SKILLS = {
    "plumber": "слесарь-сантехник",
    "electrician": "электромонтёр",
    "lift": "лифтёр, электромеханик по лифтам",
    "gas_service": "газовая служба",
    "janitor": "дворник, уборщик",
    "roofer": "кровельщик",
    "carpenter": "плотник",
    "office": "контора",
}

SERVICES = {
    "fire": "Пожарные и спасатели",
    "gas_service": "Аварийная газовая служба",
    "edds": "ЕДДС",
    "ambulance": "Скорая помощь",
    "water_utility": "Водоканал",
    "heat_supply": "Теплосеть",
    "power_grid": "Электросеть",
    "lift_service": "Лифтовая служба",
    "waste_operator": "Вывоз отходов",
}
"""Codes of the duty directory that an entry or a route may name."""


def weights(text: str, against: str = "") -> Mapping[str, float]:
    """ "leak 1.5, riser 3" → {"leak": 1.5, "riser": 3.0}; what stands `against` counts below zero."""
    signs = {}
    for sign, part in ((1, text), (-1, against)):
        for pair in filter(None, part.split(", ")):
            concept, weight = pair.split()
            signs[concept] = sign * float(weight)
    return MappingProxyType(signs)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One kind of trouble: place × system × problem, and all that an operator needs for it."""

    code: str
    place: str
    system: str
    problem: str
    severity: str
    """Key of SEVERITIES."""
    norms: tuple[str, ...]
    """Codes of `regulations.NORMS` whose clocks start with the ticket."""
    skill: str
    """Key of SKILLS: the crew that is offered first."""
    route: str
    """Code of `routes.ROUTES`."""
    plan: str
    """Default text of the plan (step 4); the operator changes it."""
    questions: tuple[str, ...]
    """What to ask, two to four, the one that decides most first."""
    safety: tuple[str, ...]
    """What to say at once, in words for a frightened person."""
    signs: Mapping[str, float] = field(hash=False)
    """Concept of `words.CONCEPTS` → weight: positive speaks for the entry, negative against."""
    services: tuple[str, ...] = ()
    """Keys of SERVICES to be told (step 5)."""
    needs_access: bool = False
    """Is access to the applicant's premises needed as a rule (step 7)?"""
    danger: str = ""
    """One loud line for the operator; only where a life may depend on it."""
    words: tuple[str, ...] = ()
    """Beginnings of an office's own words that speak for the entry: «кафель»; see `editions`."""
    is_off: bool = False
    """Not offered for new tickets."""
    version: int = 0
    """Of the office's edition; 0 as the program has it."""
    frequency: int = 1
    """How often it comes, of some twelve hundred tickets: breaks ties, and weighs the simulator's day."""

    @property
    def title(self) -> str:
        """«ХВС, течь стояка»: short, for rows and letters."""
        return f"{self.system}: {self.problem[0].lower()}{self.problem[1:]}"
