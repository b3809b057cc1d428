"""Outages: announced, put off, ended, withdrawn. Every verb runs inside `kernel.journal.acting`; each change is a fact
of each company whose houses it concerns, so that each finds it in its own journal.

An outage is named by any of its rows; all rows of its announcement change together (docs/adr/0016).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vakhta.domain import facts
from vakhta.domain.interruptions import OUTAGE_SERVICES
from vakhta.kernel import journal
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.kernel.seen import seen_of
from vakhta.places.models import Building

from .models import Outage, OutageBuilding

LONGEST = timedelta(days=366)
"""A longer one is a slip of the finger in the year."""
TAKEN_BACK_FOR = timedelta(days=1)
"""So long an end or a withdrawal can be undone."""


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """`buildings`: ids. `services`: of the seven of ГИС ЖКХ."""

    services: tuple[str, ...]
    supplier: str
    since: datetime | None
    until: datetime | None
    buildings: tuple[int, ...]
    document: str = ""
    reason: str = ""
    is_planned: bool = True


def announce(said: Announcement) -> list[Outage]:
    """A row for each company whose houses are named; its fact is that company's."""
    require("outage.announce")
    services = tuple(dict.fromkeys(code for code in said.services if code in OUTAGE_SERVICES))
    if not services or len(services) != len(set(said.services)):
        raise Invalid("Отметьте, что отключают.", "services")
    supplier = clean(said.supplier, "supplier", "Кто отключает", limit=120, required=True)
    document = clean(said.document, "document", "Документ", limit=40)
    reason = clean(said.reason, "reason", "Причина", limit=200)
    since, until = said.since, said.until
    if since is None:
        raise Invalid("Укажите, с какого времени.", "since")
    if until is None:
        raise Invalid("Укажите, до какого времени обещают включить.", "until")
    _check_term(since, until)
    of_company = _by_company(said.buildings)
    if not of_company:
        raise Invalid("Назовите дома, которых это коснётся.", "houses")
    key, made = uuid.uuid4(), []
    for company, houses in of_company.items():
        row = Outage.objects.create(
            company_id=company, announcement=key, services=list(services), supplier=supplier, document=document,
            reason=reason, is_planned=said.is_planned, since=since, until=until,
        )  # fmt: skip
        OutageBuilding.objects.bulk_create(
            OutageBuilding(company_id=company, outage=row, building_id=house) for house in houses
        )
        fact = facts.OutageAnnounced(
            outage=row.pk, services=services, buildings=tuple(houses), since=since, until=until, supplier=supplier,
            document=document, reason=reason, is_planned=said.is_planned,
        )  # fmt: skip
        journal.record(fact, company=company)
        made.append(row)
    return made


def _check_term(since: datetime, until: datetime) -> None:
    if until <= since:
        raise Invalid("Конец должен быть позже начала.", "until")
    if until - since > LONGEST:
        raise Invalid("Отключение длиннее года: проверьте даты.", "until")
    if until <= journal.current_unit().at:
        raise Invalid("Этот срок уже прошёл: прошедшее отключение не объявляют.", "until")


def _by_company(buildings: tuple[int, ...]) -> dict[int, list[int]]:
    """Houses of the running scope, the others are not there."""
    rows = Building.objects.filter(pk__in=buildings).order_by("company_id", "id")
    found: dict[int, list[int]] = {}
    for pk, company in rows.values_list("pk", "company_id"):
        found.setdefault(company, []).append(pk)
    if sum(map(len, found.values())) != len(set(buildings)):
        raise NotFound("Дома из списка больше нет: откройте страницу заново.", "houses")
    return found


def outage_seen(row: Outage) -> str:
    return seen_of(row, "since", "until", "ended_at", "withdrawn_at")


def prolong(outage: int, seen: str, until: datetime | None, reason: str = "") -> list[Outage]:
    """Another end, later or nearer."""
    if until is None:
        raise Invalid("Укажите новый срок: до какого времени.", "until")
    words = clean(reason, "reason", "Почему", limit=200)

    def change(row: Outage) -> facts.Fact | None:
        _check_term(row.since, until)
        before, row.until = row.until, until
        return facts.OutageProlonged(outage=row.pk, until=until, before=before, reason=words)

    return _changed(outage, seen, change, "until")


def end(outage: int, seen: str, at: datetime | None = None) -> list[Outage]:
    """The supply is back, since `at` or now."""
    now = journal.current_unit().at
    moment = at or now

    def change(row: Outage) -> facts.Fact | None:
        if row.since > now:
            raise Invalid("Оно ещё не началось: отмените его.", "at")
        if not row.since <= moment <= now:
            raise Invalid("Включили не раньше начала отключения и не позже, чем сейчас.", "at")
        row.ended_at = moment
        return facts.OutageEnded(outage=row.pk, at=moment)

    return _changed(outage, seen, change, "ended_at")


def withdraw(outage: int, seen: str, reason: str) -> list[Outage]:
    """It will not be, or was announced by mistake."""
    words = clean(reason, "reason", "Почему", limit=200, required=True)

    def change(row: Outage) -> facts.Fact | None:
        row.withdrawn_at = journal.current_unit().at
        return facts.OutageWithdrawn(outage=row.pk, reason=words)

    return _changed(outage, seen, change, "withdrawn_at")


def take_back(outage: int) -> list[Outage]:
    """Undoes the end or the withdrawal, within a day of it."""
    rows = _rows(outage)
    now = journal.current_unit().at
    closed = max(filter(None, (rows[0].ended_at, rows[0].withdrawn_at)), default=None)
    if closed is None:
        raise Conflict("Это отключение и так действует.")
    entries = {
        record.fact.outage: record
        for record in journal.history(*(f"outage/{row.pk}" for row in rows))
        if isinstance(record.fact, (facts.OutageEnded, facts.OutageWithdrawn))
    }
    for row in rows:
        last = entries.get(row.pk)
        if last is None or now - last.recorded_at > TAKEN_BACK_FOR:
            raise Conflict("Вернуть можно в течение суток: объявите отключение заново.")
        row.ended_at = row.withdrawn_at = None
        row.save(update_fields=["ended_at", "withdrawn_at"])
        undone = facts.Undone(undoes=last.entry, undone_kind=last.fact.kind, outage=row.pk)
        journal.record(undone, company=row.company_id)
    return rows


def _changed(
    outage: int, seen: str, change: Callable[[Outage], facts.Fact | None], field: str
) -> list[Outage]:
    """Changes what stands, all rows of an announcement alike."""
    rows = _rows(outage)
    if seen != outage_seen(rows[0]):
        raise Conflict(
            "Пока вы смотрели, это отключение изменил кто-то другой: сверьте, что стоит сейчас, и повторите."
        )
    if rows[0].ended_at or rows[0].withdrawn_at:
        raise Conflict("Это отключение уже снято или отменено.")
    for row in rows:
        fact = change(row)
        row.save(update_fields=[field])
        if fact is not None:
            journal.record(fact, company=row.company_id)
    return rows


def _rows(outage: int) -> list[Outage]:
    """The rows of the announcement, locked until commit, in the order of their ids."""
    require("outage.announce")
    first: Outage | None = Outage.objects.filter(pk=outage).first()
    if first is None:
        raise NotFound("Такого отключения нет.")
    which = {"announcement": first.announcement} if first.announcement else {"pk": first.pk}
    return list(Outage.objects.select_for_update(of=("self",)).filter(**which).order_by("id"))
