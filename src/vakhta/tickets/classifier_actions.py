"""What an office says of the classifier: its own edition of an entry. A fact, never an edit of the code."""

from __future__ import annotations

from vakhta.domain import facts
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.classifier.editions import Edition, EditionError, check, edited, edition_of
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.people.rows import held_company

from .classifier import the_entry
from .models import ClassifierEdition


def edit_entry(code: str, edition: Edition, *, reason: str, seen: int) -> ClassifierEdition:
    """The centre's own edition from now on; `seen` is the entry's version that the form was drawn from, and another
    one meanwhile is a Conflict. Tickets that are registered keep what they got. Locks the centre's row."""
    scope = require("classifier.edit")
    if code not in ENTRIES:
        raise NotFound("Такого вида неисправности нет.")
    reason = clean(reason, "reason", "Почему", limit=500, required=True)
    centre = held_company(scope.centre)
    if centre is None:
        raise NotFound("Классификатор ведёт диспетчерская: у вашей организации её нет.")
    latest = ClassifierEdition.objects.filter(company=centre, classifier=code).last()
    if (latest.version if latest else 0) != seen:
        raise Conflict(
            "Пока вы правили, этот вид изменили. Сверьте своё с новой версией и сохраните ещё раз."
        )
    base, now = ENTRIES[code], the_entry(code)
    try:
        check(base, edition)
    except EditionError as error:
        raise Invalid(error.reason, error.field, **error.said) from error
    version = centre.classifier_version + 1
    # The norms of the entry itself are not said again.
    edition = edition_of(edited(base, edition, version), base)
    if edition == edition_of(now, base):
        raise Invalid("Ничего не изменено: исправьте то, что неверно, или закройте форму.", "")
    centre.classifier_version = version
    centre.save(update_fields=["classifier_version"])
    unit = journal.current_unit()
    fact = facts.ClassifierEdited(nature=code, version=version, edition=edition.as_dict(), reason=reason)
    journal.record(fact, company=centre.pk, centre=centre.pk)
    row: ClassifierEdition = ClassifierEdition.objects.create(
        company=centre,
        classifier=code,
        version=version,
        edition=edition.as_dict(),
        reason=reason,
        recorded_at=unit.at,
        staff_id=scope.staff,
    )
    return row
