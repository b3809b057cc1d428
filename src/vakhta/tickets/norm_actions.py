"""What an administrator says of norms: a dated correction of the law (an overlay row), a company's own
term. Each is a fact, never an edit of the code."""

from __future__ import annotations

from datetime import date, timedelta

from vakhta.domain import facts
from vakhta.domain.norms import VERIFIED, NormError, effective, limit_text, stricter, with_limit
from vakhta.domain.regulations import NORMS
from vakhta.kernel import clock, journal
from vakhta.kernel.refusal import Invalid, NotFound, clean, require
from vakhta.people.models import Company
from vakhta.people.rows import held_company

from .clocks import corrections
from .models import NormCorrection


def correct_norm(
    code: str,
    *,
    limit: timedelta | None,
    since: date,
    edition: str = "",
    item: str = "",
    verified: str = "",
    reason: str,
) -> NormCorrection:
    """Corrects a norm from `since`: stricter, or by a new edition of the act; the item that it stands in; how
    far its text was checked. What is empty or None stays. Tickets that are registered keep their own
    snapshot."""
    scope = require("norms.correct")
    if code not in NORMS:
        raise NotFound("Такой нормы нет.")
    reason = clean(reason, "reason", "Почему", limit=500, required=True)
    edition = clean(edition, "edition", "Редакция акта", limit=120)
    item = clean(item, "item", "Пункт", limit=40)
    if verified not in ("", *VERIFIED):
        raise Invalid("Выберите проверку из списка.", "verified")
    if limit is None and not (edition or item or verified):
        raise Invalid("Ничего не уточнено: укажите срок, редакцию, пункт или проверку.", "limit")
    begun = NORMS[code].in_force_from
    if begun is not None and since < begun:
        raise Invalid(
            "Эта редакция действует с %(begun)s: раньше уточнять её нечего.",
            "since",
            begun=f"{begun:%d.%m.%Y}",
        )
    fact = facts.NormCorrected(
        norm=code,
        since=since.isoformat(),
        limit=int(limit.total_seconds()) if limit is not None else None,
        edition=edition,
        item=item,
        verified=verified,
        reason=reason,
    )
    known = [r.fact for r in corrections() if isinstance(r.fact, facts.NormCorrected)]
    try:
        norm = effective(NORMS[code], known, since)
        if limit is not None:
            with_limit(norm, limit)
        effective(NORMS[code], [*known, fact], since)
    except NormError as error:
        said = str(error)
        raise Invalid(f"{said[:1].upper()}{said[1:]}.", "limit") from error
    unit = journal.current_unit()
    company = scope.centre or min(scope.companies or {0})
    journal.record(fact, company=company)
    return NormCorrection.objects.create(
        norm=code,
        since=since,
        limit=fact.limit,
        edition=edition,
        item=item,
        verified=verified,
        reason=reason,
        recorded_at=unit.at,
        actor=scope.actor,
    )


def promise_norm(code: str, *, company: int, limit: timedelta | None, document: str) -> Company:
    """A company's own term: stricter than the law, or the contract's where the law has none. None
    takes it back: the law's own term holds again. Locks the company's row."""
    require("norms.correct")
    if code not in NORMS:
        raise NotFound("Такой нормы нет.")
    row = held_company(company)
    if row is None:
        raise NotFound("Выберите организацию из списка.", "company")
    document = clean(document, "document", "Договор или решение", limit=200, required=True)
    day = clock.today(journal.current_unit().at)
    norm = effective(
        NORMS[code], [r.fact for r in corrections() if isinstance(r.fact, facts.NormCorrected)], day
    )
    if limit is not None:
        if not norm.is_clock:
            raise Invalid("Это правило без счётчика: своего срока у него не бывает.", "limit")
        try:
            own = stricter(norm, limit)
        except NormError as error:
            said = str(error)
            raise Invalid(f"{said[:1].upper()}{said[1:]}.", "limit") from error
        if norm.limit is not None and own.limit == norm.limit:
            raise Invalid(
                "Это и есть срок нормы: %(limit)s. Укажите меньше.", "limit", limit=limit_text(norm.limit)
            )
    seconds = int(limit.total_seconds()) if limit is not None else None
    if row.stricter_norms.get(code) == seconds:
        return row
    row.stricter_norms = {c: s for c, s in (row.stricter_norms | {code: seconds}).items() if s is not None}
    row.save(update_fields=["stricter_norms"])
    fact = facts.NormPromised(organisation=row.pk, norm=code, limit=seconds, document=document)
    journal.record(fact, company=row.pk)
    return row
