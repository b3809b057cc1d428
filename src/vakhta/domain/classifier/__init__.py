"""The classifier (классификатор): place × system × problem, found by typing.

`ENTRIES` holds the entries by code, `suggest` finds them: «теч стояк» gives Квартира · ХВС · Течь
стояка first, and says that «теч» + «стояк» spoke for it.
"""

from vakhta.domain.classifier.entry import SERVICES, SEVERITIES, SKILLS, Entry
from vakhta.domain.classifier.search import Match, suggest
from vakhta.domain.classifier.table import ENTRIES

__all__ = ["ENTRIES", "SERVICES", "SEVERITIES", "SKILLS", "Entry", "Match", "suggest"]
