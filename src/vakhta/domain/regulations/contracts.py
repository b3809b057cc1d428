"""Terms of a contract where it is stricter than the law. The limit stands in the ticket's snapshot.

The law has no pauses; a contract may, for the reasons listed here.
"""

from __future__ import annotations

from functools import partial

from vakhta.domain.norms import Norm

_term = partial(
    Norm,
    act="Договор",
    item="условие о сроках",
    edition="по договору",
    limit=None,
    trigger="TicketRegistered",
    pausable=("agreed", "no_access", "weather", "supplier"),
    verified="text",
    source="договор",
)

NORMS: tuple[Norm, ...] = (
    _term(code="contract.arrival", title="Прибытие по договору", stops=("CrewOnSite",)),
    _term(
        code="contract.containment", title="Локализация по договору", stops=("DamageContained", "WorkDone")
    ),
    _term(code="contract.repair", title="Выполнение по договору", stops=("WorkDone",)),
)
