"""A contact's row as the verbs change it: locked, held by whom acts, told to the journal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.kept import Param, kept
from vakhta.kernel.refusal import Conflict, NotFound, require
from vakhta.kernel.tenancy import current_scope

from .models import Interaction

HELD = "held"
"""Field of the refusal when somebody else holds the contact."""


@kept
def _locked() -> QuerySet[Interaction]:
    rows = Interaction.objects.select_for_update(of=("self",))
    return rows.select_related("taken_by", "person", "building", "premises").filter(pk=Param("contact"))


def the_interaction(interaction: int) -> Interaction:
    """The contact, locked until commit, with whom and what it is about."""
    for row in _locked(contact=interaction):
        return row
    raise NotFound("Такого обращения нет.")


def mine(interaction: int) -> Interaction:
    """The contact, locked until commit, if the acting person holds it."""
    scope = current_scope()
    require("interaction.end")
    row = the_interaction(interaction)
    if row.state != "taken" or row.taken_by_id != scope.staff:
        if row.state == "queued":
            raise Conflict("Обращение в очереди: сначала возьмите его (F2).")
        raise Conflict(whose(row), HELD if row.state == "taken" else "")
    return row


def update(row: Interaction, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    names = [name.removesuffix("_id") for name in changes]
    row.save(update_fields=[*names, "version"])


def record(row: Interaction, fact: facts.Fact) -> None:
    journal.record(fact, company=row.company_id, centre=row.centre_id)


def whose(row: Interaction) -> str:
    if row.state == "ended":
        return _("Это обращение уже завершено: %s.") % _(row.get_outcome_display())
    return _("Это обращение уже ведёт %s. Возьмите следующее: F2.") % row.taken_by
