"""Lifts from rows: those that stand, those of the house that was asked for, and what is marked of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.permissions import may
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words, typed
from vakhta.places import lifts
from vakhta.places.models import Building, Lift
from vakhta.places.search import find_addresses
from vakhta.web import show
from vakhta.web.outages import screens as s
from vakhta.web.outages.build import filled, where_of
from vakhta.web.said import whole
from vakhta.web.screens import Errors, PageView

Said = Mapping[str, str]
SHOWN = 5
"""Houses that words may mean."""


def page_of(
    page: PageView, asked: QueryDict, said: Said, form: str = "", errors: Errors | None = None
) -> s.LiftList:
    """`asked`: `q` words of an address or `house` its number. `form`: «stop/17», which was refused with `errors`, and
    what it `said`. At most six queries."""
    query = asked.get("q", "").strip()[:200]
    houses = _asked(asked, query)
    rows = lifts.of_houses([house.pk for house in houses]) if houses else []

    def drawn(row: Lift) -> s.LiftRow:
        return _row(row, page.now, said, form, errors or {})

    found = tuple(map(drawn, rows))
    shown = {row.id for row in found}
    stand = tuple(drawn(row) for row in lifts.standing() if row.pk not in shown)
    empty = ""
    if query and not houses:
        empty = _("Такого адреса нет: проверьте улицу и дом.")
    elif houses and not found:
        empty = _("У дома «%s» лифты не внесены: их вносит администратор в разделе «Дома».") % houses[0]
    return s.LiftList(
        page=page,
        url=reverse("outages:lifts"),
        list_url=reverse("outages:outages"),
        query=query or (str(houses[0]) if houses else ""),
        found=found,
        standing=stand,
        empty=empty,
    )  # fmt: skip


def _asked(asked: QueryDict, query: str) -> list[Building]:
    if (pk := whole(asked.get("house", ""))) is not None:
        return list(Building.objects.filter(pk=pk))
    return list(dict.fromkeys(hit.building for hit in find_addresses(query, limit=SHOWN))) if query else []


def _row(row: Lift, now: datetime, said: Said, form: str, errors: Errors) -> s.LiftRow:
    zone = row.building.zone

    def local(moment: datetime | None) -> str:
        return typed(moment.astimezone(ZoneInfo(zone))) if moment else ""

    def act(name: str, **fields: str) -> s.Act | None:
        if not may(current_scope().role, "lift.mark"):
            return None
        return s.Act(
            url=f"{reverse(f'outages:{name}_lift', args=[row.pk])}?house={row.building_id}",
            seen=lifts.lift_seen(row),
            **filled(form == f"{name}/{row.pk}", said, errors, fields),
        )

    stands = ""
    if row.stopped_since:
        stands = show.lift_stands(row.stopped_since, row.stop_reason, row.expected_at, zone, now)
    return s.LiftRow(
        id=row.pk,
        title=_("Лифт %(kind)s, № %(number)s") % {"kind": _(row.get_kind_display()), "number": row.number},
        where=where_of(row),
        service=" ".join(filter(None, (row.serviced_by, phone_words(row.phone)))),
        stands=stands,
        is_late=row.expected_at is not None and row.expected_at <= now,
        stop=act("stop", reason=row.stop_reason, at=local(row.stopped_since), until=local(row.expected_at)),
        start=act("start", at="") if row.stopped_since else None,
    )
