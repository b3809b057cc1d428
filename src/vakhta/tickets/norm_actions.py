"""What an administrator says of norms: a dated correction of the law (an overlay row), a company's own
term. Each is a fact, never an edit of the code."""

from __future__ import annotations

from datetime import date, timedelta

from vakhta.domain import facts
from vakhta.domain.norms import NormError, effective, limit_text, stricter, with_limit
from vakhta.domain.regulations import NORMS
from vakhta.kernel import clock, journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require
from vakhta.people.models import Company

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


def promise_norm(code: str, *, company: int, minutes: int | None, document: str) -> Company:
    """A company's own term: stricter than the law, or the contract's where the law has none. None
    takes it back: the law's own term holds again. Locks the company's row."""
    require("norms.correct")
    if code not in NORMS:
        raise NotFound("Такой нормы нет.")
    row: Company | None = Company.objects.select_for_update().filter(pk=company).first()
    if row is None:
        raise NotFound("Выберите организацию из списка.", "company")
    document = clean(document, "document", "Договор или решение", limit=200, required=True)
    day = clock.today(journal.current_unit().at)
    norm = effective(
        NORMS[code], [r.fact for r in corrections() if isinstance(r.fact, facts.NormCorrected)], day
    )
    if minutes is not None:
        if not norm.is_clock:
            raise Invalid("Это правило без счётчика: своего срока у него не бывает.", "minutes")
        try:
            own = stricter(norm, timedelta(minutes=minutes))
        except NormError as error:
            said = str(error)
            raise Invalid(f"{said[:1].upper()}{said[1:]}.", "minutes") from error
        if norm.limit is not None and own.limit == norm.limit:
            raise Invalid(f"Это и есть срок нормы: {limit_text(norm.limit)}. Укажите меньше.", "minutes")
    limit = minutes * 60 if minutes is not None else None
    if row.stricter_norms.get(code) == limit:
        return row
    row.stricter_norms = {c: s for c, s in (row.stricter_norms | {code: limit}).items() if s is not None}
    row.save(update_fields=["stricter_norms"])
    fact = facts.NormPromised(organisation=row.pk, norm=code, limit=limit, document=document)
    journal.record(fact, company=row.pk)
    return row
