"""The journal as a page: entries of chosen days, the newest first, and its print-outs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vakhta.contacts.models import Interaction
from vakhta.domain.facts import Recorded
from vakhta.kernel import clock
from vakhta.kernel.journal import recorded
from vakhta.kernel.models import Entry
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.reports import files
from vakhta.reports.journal import journal_print
from vakhta.tickets.models import Ticket
from vakhta.web import timeline
from vakhta.web.console import office_screens as o
from vakhta.web.pages import page_for, page_view
from vakhta.web.screens import LinkView

SHOWN = 200
KINDS = {
    "pdf": (files.to_pdf, "application/pdf"),
    "xlsx": (files.to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (files.to_csv, "text/csv; charset=utf-8"),
}
MOST_DAYS = 366


@require_GET
@page_for("journal.see")
def journal(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Журнал"))
    today = page.now.astimezone(ZoneInfo(page.zone)).date()
    since, until = _days(request, today)
    before = request.GET.get("before", "")
    start, end = _bounds(since, until, page.zone)
    found = Entry.objects.filter(happened_at__gte=start, happened_at__lt=end).order_by("-id")
    if before.isdigit() and len(before) < 19:
        found = found.filter(id__lt=int(before))
    entries = list(found[: SHOWN + 1])
    records = recorded(entries[:SHOWN])
    days = {"since": since.isoformat(), "until": until.isoformat()}
    older = f"?{urlencode({**days, 'before': entries[SHOWN - 1].id})}" if len(entries) > SHOWN else ""
    made = o.JournalPage(
        page=page,
        rows=_rows(records, page.now, page.zone),
        since=since,
        until=until,
        post_url=reverse("reports:journal"),
        downloads=tuple(
            LinkView(title=kind.upper(), url=f"{reverse('reports:download', args=[kind])}?{urlencode(days)}")
            for kind in KINDS
        ),
        older_url=older,
    )
    return render(request, "office/journal.html", {"page": page, "journal": made})


@require_GET
@page_for("journal.see")
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The print-out of the chosen days as a file."""
    if kind not in KINDS:
        raise NotFound(_("Журнал печатается как PDF, XLSX или CSV."))
    now = clock.now()
    since, until = _days(request, now.date())
    if (until - since).days > MOST_DAYS:
        raise Invalid(_("Больше года за раз не напечатать: выберите меньше дней."), "until")
    make, media_type = KINDS[kind]
    made = journal_print(since, until, at=now)
    answer = HttpResponse(make(made), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="journal-{since}-{until}.{kind}"'
    return answer


def _days(request: HttpRequest, today: date) -> tuple[date, date]:
    """The chosen days; a wrong one is refused with its field, nothing is guessed."""
    found = []
    for name in ("since", "until"):
        text = request.GET.get(name, "")
        try:
            found.append(date.fromisoformat(text) if text else today)
        except ValueError:
            raise Invalid(_("Дата не читается: нужна вроде 2026-11-24."), name) from None
    return found[0], max(found)


def _bounds(since: date, until: date, zone: str) -> tuple[datetime, datetime]:
    local = ZoneInfo(zone)
    return datetime.combine(since, time.min, local), datetime.combine(
        until + timedelta(days=1), time.min, local
    )


def _rows(records: list[Recorded], now: datetime, zone: str) -> tuple[o.JournalRow, ...]:
    """What each entry says, with its ticket or contact named. Five queries for the page."""
    tickets = {int(pk) for r in records if (pk := getattr(r.fact, "ticket", None)) is not None}
    numbers = {
        t.pk: t for t in Ticket.objects.filter(pk__in=tickets).only("pk", "number", "address", "company_id")
    }
    contacts = {int(pk) for r in records if (pk := getattr(r.fact, "interaction", None)) is not None}
    places = dict(Interaction.objects.filter(pk__in=contacts).values_list("pk", "address"))
    known = timeline.known(records, now, zone, tickets={pk: t.number for pk, t in numbers.items()})
    rows = []
    for record in records:
        ticket = numbers.get(int(getattr(record.fact, "ticket", None) or 0))
        about = (
            f"№ {ticket.number}, {ticket.address}"
            if ticket
            else places.get(getattr(record.fact, "interaction", 0), "")
        )
        words = timeline.words(record.fact, known)
        late = timeline.is_late(record)
        rows.append(
            o.JournalRow(
                number=record.entry,
                at=record.happened_at,
                title=timeline.title(record.fact),
                who=timeline.who(record.actor, known),
                what=" · ".join(part for part in (about, words) if part),
                url=reverse("console:ticket", args=[ticket.number]) if ticket else "",
                recorded_at=record.recorded_at if late else None,
                late_reason=record.late_reason,
            )
        )
    return tuple(rows)
