"""Outages from rows: what stands and for how long yet, whom it concerns, what the act allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.contacts import queries as contacts
from vakhta.domain.interruptions import OUTAGE_SERVICES, judge
from vakhta.domain.permissions import may
from vakhta.domain.regulations.pp354 import BY_TECHNICAL_NORMS, Break
from vakhta.incidents import actions, queries
from vakhta.incidents.models import Outage
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import bound, counted_words, moment_words, typed, window_words
from vakhta.people.models import DutyContact
from vakhta.places import lifts
from vakhta.places.house_lists import HouseList, read_house_list
from vakhta.places.models import Building, Lift
from vakhta.reports.sayings import UTILITIES
from vakhta.web import show
from vakhta.web.outages import screens as s
from vakhta.web.said import local_moment, whole
from vakhta.web.screens import Choice, Errors, NormMark, PageView, StatusView

NAMED = 6
"""Houses of a row that are named."""
CLOSED_FOR, CLOSED = timedelta(days=30), 50
"""What was ended or withdrawn stays on the page for so long, so many at most."""
STATES = {
    "overdue": (marked("срок вышел, не снято"), "bad"),
    "current": (marked("идёт"), "busy"),
    "coming": (marked("будет"), "wait"),
    "ended": (marked("снято"), "quiet"),
    "withdrawn": (marked("отменено"), "quiet"),
}
Said = Mapping[str, str]


def services_words(codes: Sequence[str]) -> str:
    return ", ".join(_(UTILITIES.get(code, code)) for code in codes)


# ── The list ─────────────────────────────────────────────────────────────────────────────────


def outages(page: PageView, asked: Said, said: Said, form: str, errors: Errors) -> s.OutageList:
    """`form`: «prolong/17», which of the rows' forms was refused with `errors`, and what it `said`; without one the form
    that is `asked` for is drawn. Six queries."""
    now = page.now
    standing, closed = queries.standing(), queries.closed(now - CLOSED_FOR, CLOSED)
    houses = queries.houses_of([row for rows in standing for row in rows])
    counts = queries.counts_of([row for rows in closed for row in rows])
    calls = contacts.calls_since(
        {
            group[0].pk: (group[0].since, [h.pk for row in group for h in houses.get(row.pk, ())])
            for group in standing
        }
    )
    rows = [
        _standing(group, houses, calls, page, said, form or asked.get("do", ""), errors) for group in standing
    ]
    done = tuple(_closed(group, counts, page) for group in closed)
    last, made = whole(asked.get("closed", "")), whole(asked.get("made", ""))

    def of(code: str) -> tuple[s.OutageRow, ...]:
        return tuple(row for row in rows if row.status.code == code)

    return s.OutageList(
        page=page,
        url=reverse("outages:outages"),
        new_url=reverse("outages:new") if _may_announce() else "",
        overdue=of("overdue"),
        current=of("current"),
        coming=tuple(sorted(of("coming"), key=lambda row: row.clock.due_at if row.clock else now)),
        closed=done,
        last=next((row for row in done if row.id == last and row.back_url), None),
        made=next((row.all_houses for row in rows if row.id == made), 0),
        lifts_url=reverse("outages:lifts"),
        lifts=tuple(_stands(row, now) for row in lifts.standing()),
    )


def _stands(row: Lift, now: datetime) -> str:
    """«ул. Ленина, 15, подъезд 2: стоит с 10:00: нет скорости»"""
    since = row.stopped_since or now
    return f"{where_of(row)}: {show.lift_stands(since, row.stop_reason, row.expected_at, row.building.zone, now)}"


def _may_announce() -> bool:
    return may(current_scope().role, "outage.announce")


def _status(row: Outage, now: datetime) -> StatusView:
    code = row.state(now)
    title, tone = STATES[code]
    return StatusView(code=code, title=_(title), tone=tone)


def _companies(group: Sequence[Outage]) -> str:
    return ", ".join(sorted(row.company.short_name for row in group))


def _detail(row: Outage) -> str:
    return " · ".join(filter(None, (row.document, row.reason)))


def filled(is_open: bool, said: Said, errors: Errors, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an `Act`, as they were sent when it is the one that was refused or asked for."""
    if not is_open:
        return {**fields}
    return {
        **{name: said.get(name, value) for name, value in fields.items()},
        "is_open": True,
        "errors": errors,
    }


def where_of(lift: Lift) -> str:
    return _("%(house)s, подъезд %(entrance)s") % {"house": lift.building, "entrance": lift.entrance}


def _standing(
    group: Sequence[Outage],
    houses: Mapping[int, Sequence[Building]],
    calls: Mapping[int, int],
    page: PageView,
    said: Said,
    form: str,
    errors: Errors,
) -> s.OutageRow:
    row, now = group[0], page.now
    places = [str(house) for each in group for house in houses.get(each.pk, ())]
    status = _status(row, now)
    clock = (
        show.plain_clock(_("До начала"), min(now, row.since - timedelta(days=1)), row.since, now)
        if status.code == "coming"
        else show.plain_clock(_("До включения"), row.since, row.until, now)
    )

    def act(name: str, **fields: str) -> s.Act | None:
        if not _may_announce():
            return None
        return s.Act(
            url=reverse(f"outages:{name}", args=[row.pk]),
            seen=actions.outage_seen(row),
            open_url=f"?do={name}/{row.pk}#outage-{row.pk}",
            **filled(form == f"{name}/{row.pk}", said, errors, fields),
        )

    return s.OutageRow(
        id=row.pk,
        services=services_words(row.services),
        status=status,
        kind=_kind(row),
        supplier=row.supplier,
        detail=_detail(row),
        when=window_words(row.since, row.until, page.zone, now),
        clock=clock,
        houses=tuple(places[:NAMED]),
        more=len(places[NAMED:]),
        all_houses=len(places),
        companies=_companies(group),
        calls=calls.get(row.pk, 0),
        norms=tuple(
            line
            for line in norms(row.services, row.until - row.since, is_planned=row.is_planned)
            if line.tone
        ),
        prolong=act("prolong", until=_typed(row.until, page), reason=""),
        end=act("end", at="") if status.code != "coming" else None,
        withdraw=act("withdraw", reason="") if status.code != "overdue" else None,
    )


def _typed(moment: datetime, page: PageView) -> str:
    return typed(moment.astimezone(ZoneInfo(page.zone)))


def _kind(row: Outage) -> str:
    return _("плановое") if row.is_planned else _("аварийное")


def _closed(group: Sequence[Outage], counts: Mapping[int, int], page: PageView) -> s.OutageRow:
    row, now = group[0], page.now
    is_back = _may_announce() and now - (row.withdrawn_at or row.ended_at or now) <= actions.TAKEN_BACK_FOR
    moment = row.withdrawn_at or row.ended_at or now
    status = _status(row, now)
    return s.OutageRow(
        id=row.pk,
        services=services_words(row.services),
        status=status,
        kind=_kind(row),
        supplier=row.supplier,
        detail=_detail(row),
        when=window_words(row.since, row.until, page.zone, now),
        clock=None,
        houses=(),
        more=0,
        all_houses=sum(counts.get(each.pk, 0) for each in group),
        companies=_companies(group),
        back_url=reverse("outages:take_back", args=[row.pk]) if is_back else "",
        closed=f"{status.title} {moment_words(moment, page.zone, now)}",
    )


# ── What the act allows ──────────────────────────────────────────────────────────────────────


def norms(services: Sequence[str], length: timedelta | None, *, is_planned: bool) -> tuple[s.NormLine, ...]:
    """ПП 354, приложение 1, for each service beside the `length`; without one only what is allowed."""
    return tuple(
        line
        for code in services
        if code in OUTAGE_SERVICES
        for line in (_norm(code, length if length and length > timedelta(0) else None, is_planned),)
    )


def _norm(code: str, length: timedelta | None, is_planned: bool) -> s.NormLine:
    judged = judge(code, length or timedelta(0), is_planned=is_planned)
    verdicts = {
        "kept": ("", ""),
        "depends": ("warn", _("столько — только при этом условии")),
        "exceeded": ("bad", _("дольше, чем допускает норма")),
    }
    tone, verdict = verdicts[judged.state] if length else ("", "")
    marks = {row.verified for row in judged.rows}
    worst = next(mark for mark in ("unverified", "secondary", "text") if mark in marks)
    return s.NormLine(
        service=_(UTILITIES[code]),
        text="; ".join(_allowed(row) for row in judged.rows),
        tone=tone,
        verdict=verdict,
        mark=NormMark(verified=worst),
    )


def _allowed(row: Break) -> str:
    """«не дольше 4 ч за раз, 8 ч за месяц»; with its condition."""
    parts = []
    if row.once:
        days, hours = divmod(row.once, 24)
        span = _("%s сут") % days if row.once > 72 and not hours else _("%s ч") % row.once
        parts.append(_("%s за раз") % span)
    if row.month:
        parts.append(_("%s ч за месяц") % row.month)
    words = ", ".join(parts) or _(BY_TECHNICAL_NORMS)
    return f"{_(row.when)} — {words}" if row.when else words


def length_words(length: timedelta) -> str:
    """«6 ч», «3 сут 4 ч», «45 мин»."""
    minutes = int(length.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, _("%s сут")), (hours, _("%s ч")), (minutes, _("%s мин")))
    return " ".join(words % count for count, words in parts if count)


# ── A new one ────────────────────────────────────────────────────────────────────────────────


def form(page: PageView, said: QueryDict, errors: Errors) -> s.OutageForm:
    """As it was sent, or empty. Two queries, and those of the preview."""
    chosen = said.getlist("services")
    is_planned = said.get("kind", "planned") != "emergency"
    known = DutyContact.objects.filter(kind="service").order_by("place").values_list("name", flat=True)
    return s.OutageForm(
        page=page,
        url=reverse("outages:new"),
        list_url=reverse("outages:outages"),
        preview_url=reverse("outages:preview"),
        houses_url=reverse("outages:houses"),
        services=tuple(
            Choice(value=code, title=_(UTILITIES[code]), chosen=code in chosen) for code in OUTAGE_SERVICES
        ),
        kinds=(
            Choice(value="planned", title=_("плановое"), chosen=is_planned),
            Choice(value="emergency", title=_("аварийное"), chosen=not is_planned),
        ),
        supplier=said.get("supplier", ""),
        suppliers=tuple(dict.fromkeys((*queries.suppliers(), *known))),
        document=said.get("document", ""),
        reason=said.get("reason", ""),
        since=said.get("since", typed(page.local_now)),
        until=said.get("until", ""),
        houses=said.get("houses", ""),
        preview=preview(page, said) if said else s.Preview(),
        errors=errors,
    )


def preview(page: PageView, said: QueryDict) -> s.Preview:
    """Nothing in it is refused: what cannot be read is shown as such. Four queries."""
    try:
        found = read_house_list(said.get("houses", ""))
        wrong = tuple(s.WrongLine(line=line.line, why=line.why) for line in found.wrong)
    except Invalid as error:
        found, wrong = HouseList(), (s.WrongLine(line="", why=error.message),)
    length = _length(page, said)
    of_company = Counter(house.building.company.short_name for house in found.houses)
    return s.Preview(
        asked=bool(said.get("houses", "").strip()),
        told=touched_words(queries.touched(found.pks)) if found.houses else "",
        companies=tuple(f"{name}: {houses_words(count)}" for name, count in of_company.most_common())
        if len(of_company) > 1
        else tuple(of_company),
        houses=tuple(str(house.building) for house in found.houses[: NAMED * 4]),
        more=len(found.houses[NAMED * 4 :]),
        forgiven=tuple(dict.fromkeys(house.forgiven for house in found.houses if house.forgiven)),
        wrong=wrong,
        norms=norms(said.getlist("services"), length, is_planned=said.get("kind") != "emergency"),
        length=length_words(length) if length and length > timedelta(0) else "",
    )


def _length(page: PageView, said: QueryDict) -> timedelta | None:
    try:
        since = local_moment(said.get("since", ""), page.zone, "since")
        until = local_moment(said.get("until", ""), page.zone, "until", until=True)
    except Invalid:
        return None
    return until - since if since and until else None


def houses_words(count: int) -> str:
    return bound(counted_words(count, "%s дом", "%s дома", "%s домов") % count)


def touched_words(found: queries.Touched) -> str:
    flats = counted_words(found.flats, "помещение", "помещения", "помещений")
    people = counted_words(found.people, "житель", "жителя", "жителей")
    return f"{houses_words(found.houses)}, {found.flats}\u00a0{flats}, {found.people}\u00a0{people}"
