"""Whom the centre of an administrator serves, and until when: agreements as they stand on pages. An agreement that has
not begun or has ended is outside every scope (`access`), so these verbs open the system's scope by name and look at the
administrator's own centre only. All inside `acting`; each change is a fact of the centre.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from vakhta.domain import facts
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, require
from vakhta.kernel.seen import check_seen, seen_of
from vakhta.kernel.tenancy import Scope, reading

from .models import CENTRE, Agreement, Company
from .offices import Office, add_company, already_there
from .rows import held_company

SOON = timedelta(days=30)
"""An agreement that ends within so long is warned of."""
_EVERYWHERE = Scope.system("offices")


def own_centre() -> int:
    """The centre that the one who acts works for; raises `Forbidden` for whoever works for a served company: whom a
    centre serves is decided there."""
    scope = require("offices.manage")
    if scope.centre is None or scope.companies is None or scope.centre not in scope.companies:
        raise Forbidden("Кого обслуживает диспетчерская, решает её администратор.")
    return scope.centre


def all_of(centre: int) -> list[Agreement]:
    """Every agreement of the centre, the future and the past ones too, by company and then by day. One query."""
    with reading(_EVERYWHERE):
        rows = Agreement.objects.filter(centre=centre).select_related("company")
        return list(rows.order_by("company__short_name", "company_id", "since", "id"))


def is_in_force(row: Agreement, on: date) -> bool:
    return row.since <= on and (row.until is None or row.until > on)


def ends_soon(row: Agreement, on: date) -> bool:
    return is_in_force(row, on) and row.until is not None and row.until - on <= SOON


def open_company(said: Office, since: date, until: date | None = None) -> Company:
    """A new company with its agreement. One that is known to the service already is refused: whose it is, is not
    said."""
    centre = own_centre()
    if said.kind == CENTRE:
        raise Invalid("Диспетчерскую заводят командой vakhta company add: у неё свой журнал.", "kind")
    _check_term(since, until)
    with reading(_EVERYWHERE):
        row, is_new = add_company(said, company=centre)
        if not is_new:
            raise already_there()
        _make(row, centre, since, until)
    return row


def agreement_seen(row: Agreement) -> str:
    return seen_of(row, "since", "until")


def change_term(agreement: int, seen: str, since: date, until: date | None) -> Agreement:
    """Another first or last day: prolonged, ended, or a slip of the pen mended. `until`: the first day without it."""
    centre = own_centre()
    _check_term(since, until)
    with reading(_EVERYWHERE):
        row = Agreement.objects.select_for_update(of=("self",)).select_related("company").filter(
            pk=agreement, centre=centre
        ).first()  # fmt: skip
        if row is None:
            raise NotFound("Такого договора нет.")
        check_seen(seen, agreement_seen(row))
        if (row.since, row.until) == (since, until):
            return row  # type: ignore[no-any-return]
        _check_free(row.company, since, until, but=row.pk)
        was = _days(row.since, row.until)
        row.since, row.until = since, until
        row.save(update_fields=["since", "until"])
    _record(centre, f"договор с организацией № {row.company_id}: {_days(since, until)}, было {was}")
    return row  # type: ignore[no-any-return]


def serve_again(company: int, since: date, until: date | None) -> Agreement:
    """Another agreement with a company that the centre has or had one with; nobody else's can be taken by its number."""
    centre = own_centre()
    _check_term(since, until)
    with reading(_EVERYWHERE):
        served = Company.objects.filter(pk=company, agreements__centre=centre).distinct().first()
        if served is None:
            raise NotFound("Организации № %(pk)s нет.", pk=company)
        return _make(served, centre, since, until)


def _make(served: Company, centre: int, since: date, until: date | None) -> Agreement:
    _check_free(served, since, until)
    row: Agreement = Agreement.objects.create(company=served, centre_id=centre, since=since, until=until)
    _record(centre, f"договор с организацией № {served.pk}: {_days(since, until)}")
    return row


def _check_term(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Invalid(
            "Договор начинается %(since)s: закончиться он может позже.", "until", since=f"{since:%d.%m.%Y}"
        )


def _check_free(served: Company, since: date, until: date | None, but: int = 0) -> None:
    """A company has one centre at a time: its journal is kept in one place."""
    held_company(served.pk)  # of two that are made at once one waits
    others = Agreement.objects.filter(company=served).exclude(pk=but)
    others = others.filter(Q(until__isnull=True) | Q(until__gt=since))
    other = (others.filter(since__lt=until) if until else others).order_by("since").first()
    if other is not None:
        raise Conflict(
            "В эти дни у организации уже есть договор: %(days)s.",
            "since",
            days=_days(other.since, other.until),
        )


def _days(since: date, until: date | None) -> str:
    return f"с {since:%d.%m.%Y}" + (f" до {until:%d.%m.%Y}" if until else "")


def _record(centre: int, what: str) -> None:
    journal.record(facts.StockChanged(what=what), company=centre, centre=centre)
