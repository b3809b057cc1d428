"""An administrator's dated correction of a norm: an overlay row and a fact, never an edit of the code."""

from __future__ import annotations

from datetime import date, timedelta

from vakhta.domain import facts
from vakhta.domain.norms import NormError, effective, with_limit
from vakhta.domain.regulations import NORMS
from vakhta.kernel import journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require

from .clocks import corrections
from .models import NormCorrection


def correct_norm(code: str, *, minutes: int | None, since: date, edition: str, reason: str) -> NormCorrection:
    """Corrects a norm from `since`: stricter, or by a new edition of the act. Tickets that are
    registered keep their own snapshot."""
    scope = require("norms.correct")
    if code not in NORMS:
        raise NotFound("Такой нормы нет.")
    reason = clean(reason, "reason", "Почему", limit=500, required=True)
    edition = clean(edition, "edition", "Редакция акта", limit=120)
    if minutes is None and not edition:
        raise Invalid("Укажите новый срок в минутах или редакцию акта.", "minutes")
    fact = facts.NormCorrected(
        norm=code,
        since=since.isoformat(),
        limit=minutes * 60 if minutes is not None else None,
        edition=edition,
        reason=reason,
    )
    known = [r.fact for r in corrections() if isinstance(r.fact, facts.NormCorrected)]
    try:
        norm = effective(NORMS[code], known, since)
        if minutes is not None:
            with_limit(norm, timedelta(minutes=minutes))
        effective(NORMS[code], [*known, fact], since)
    except NormError as error:
        said = str(error)
        raise Invalid(f"{said[:1].upper()}{said[1:]}.", "minutes") from error
    unit = journal.current_unit()
    company = scope.centre or min(scope.companies or {0})
    journal.record(fact, company=company)
    return NormCorrection.objects.create(
        norm=code,
        since=since,
        limit=fact.limit,
        edition=edition,
        reason=reason,
        recorded_at=unit.at,
        actor=scope.actor,
    )
