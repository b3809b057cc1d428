"""The stock's pages from rows."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.imports.columns import guessed
from vakhta.imports.models import ImportRun
from vakhta.imports.runs import TABLES
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.words import grouped
from vakhta.people.models import HOUSING, Company
from vakhta.places.models import Building
from vakhta.places.queries import only_city
from vakhta.tickets.models import Ticket
from vakhta.web.screens import Choice, Errors, PageView, StatusView
from vakhta.web.stock import screens as s

SHOWN = 50
TONES = {
    "match": "wait",
    "queued": "wait",
    "running": "busy",
    "looked": "wait",
    "done": "good",
    "stopped": "quiet",
    "failed": "bad",
    "back": "quiet",
}
WHATS = (
    marked("дома"),
    marked("помещения"),
    marked("лицевые счета"),
    marked("жильцы"),
    marked("телефоны"),
    marked("подъезды"),
    marked("стояки"),
    marked("лифты"),
    marked("заявки"),
    marked("уже перенесены"),
    marked("без дома, адрес как написан"),
    marked("неисправность по словам не узнана"),
    marked("без времени поступления"),
    marked("дома найдены по коду ФИАС, улица записана иначе"),
)
"""What a report counts, as `homes.Stock` and `old.OldSheet` call it."""
KINDS = dict(ImportRun.KINDS)


def imports(page: PageView, said: Mapping[str, str], errors: Errors) -> s.ImportList:
    """The newest runs and the form for another one. Three queries."""
    offices = list(Company.objects.filter(kind__in=HOUSING).order_by("short_name"))
    chosen = said.get("company", str(offices[0].pk) if len(offices) == 1 else "")
    found = ImportRun.objects.select_related("company", "staff").order_by("-id")[:SHOWN]
    return s.ImportList(
        page=page,
        post_url=reverse("stock:imports"),
        sample_url=reverse("stock:sample"),
        sample_tickets_url=reverse("stock:sample_tickets"),
        kinds=tuple(
            Choice(value=code, title=_(title), chosen=code == said.get("kind", "stock"))
            for code, title in KINDS.items()
        ),
        companies=tuple(
            Choice(value=str(office.pk), title=office.short_name, chosen=str(office.pk) == chosen)
            for office in offices
        ),
        city=said.get("city", only_city(Building.objects.all())),
        rows=tuple(
            s.RunLine(
                name=row.name,
                url=reverse("stock:run", args=[row.pk]),
                kind=_(KINDS[row.kind]),
                company=row.company.short_name,
                at=row.made_at,
                who=row.staff.name if row.staff else "",
                status=_status(row),
                told=_told(row),
            )
            for row in found
        ),
        most_mb=int(settings.MAX_UPLOAD_MB),
        errors=errors,
    )


def the_run(pk: int) -> ImportRun:
    row: ImportRun | None = ImportRun.objects.select_related("company").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Такой загрузки нет."))
    return row


def run(
    page: PageView, row: ImportRun, said: Mapping[str, str] | None = None, errors: Errors | None = None
) -> s.ImportPage:
    """`said`: the form of the columns as it was sent."""
    is_waiting, is_kept = row.state in ImportRun.WAITING, bool(row.digest)
    is_back = is_waiting and bool(row.back_reason)
    carried = Ticket.objects.filter(old_journal=row.old_journal_id).count() if row.old_journal_id else 0

    def url(name: str, may: bool) -> str:
        return reverse(f"stock:{name}", args=[row.pk]) if may else ""

    return s.ImportPage(
        page=page,
        name=row.name,
        company=row.company.short_name,
        status=_status(row),
        state=row.state,
        url=reverse("stock:run", args=[row.pk]),
        list_url=reverse("stock:imports"),
        is_waiting=is_waiting,
        is_dry=row.is_dry,
        columns=_columns(row, said) if is_kept and not is_waiting else (),
        kind=_(KINDS[row.kind]),
        is_of_tickets=row.kind == "tickets",
        city=said.get("city", "") if said is not None else row.city,
        keeps_unknown=said.get("keeps_unknown") == "yes" if said is not None else row.keeps_unknown,
        look_url=url("look", is_kept and not is_waiting),
        load_url=url("load", is_kept and row.state in ("looked", "stopped", "done") and bool(row.total)),
        stop_url=url("stop", is_waiting and not row.wants_stop and not is_back),
        drop_url=url("drop", is_kept and not is_waiting and not carried),
        back_url=url("take_back", bool(carried) and not is_waiting),
        carried=carried,
        carried_url=f"{reverse('lists:tickets')}?origin=old&company={row.company_id}" if carried else "",
        is_going_back=is_back,
        gone_back=row.changed.get("заявки", 0) if row.state == "back" else 0,
        reason=said.get("reason", "") if said is not None else "",
        wrong_url=url("wrong", bool(row.wrong) and not is_waiting),
        rows=row.rows,
        total=row.total,
        bad_rows=row.bad_rows,
        added=_counts(row.added),
        changed=_counts(row.changed),
        notes=_counts(row.notes),
        examples=tuple(row.examples),
        wrong=tuple(
            s.BadLine(row=n, column=column, reason=reason, sheet="".join(sheet))
            for n, column, reason, *sheet in row.wrong[:SHOWN]
        ),
        message=row.message,
        errors=errors or {},
    )


def _status(row: ImportRun) -> StatusView:
    title = _(row.get_state_display())
    if row.state in ImportRun.WAITING and row.back_reason:
        title = _("перенос отменяется")
    elif row.state == "running":
        title = _("проверяется") if row.is_dry else _("загружается")
    return StatusView(code=row.state, title=title, tone=TONES[row.state])


def _told(row: ImportRun) -> str:
    """What the last reading found."""
    if row.state == "back":
        return str(_("отменено заявок: %s") % grouped(row.changed.get("заявки", 0)))
    if not row.rows:
        return row.message
    parts = [_("строк: %s") % grouped(row.rows)]
    for title, counts in ((_("добавится"), row.added), (_("изменится"), row.changed)) if row.is_dry else (
        (_("добавлено"), row.added), (_("изменено"), row.changed)
    ):  # fmt: skip
        if counts:
            parts.append(f"{title}: {grouped(sum(counts.values()))}")
    if row.bad_rows:
        parts.append(_("негодных: %s") % grouped(row.bad_rows))
    return ", ".join(parts)


def _counts(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(f"{_(what)}: {grouped(count)}" for what, count in counts.items())


def _columns(row: ImportRun, said: Mapping[str, str] | None) -> tuple[s.Column, ...]:
    """As somebody has just said, had said, or as the headings tell."""
    table = TABLES[row.kind]
    places = {place: code for code, place in guessed(row.headings, row.said, table)[0].items()}
    shown = []
    for number, heading in enumerate(row.headings):
        name = f"c{number}"
        chosen = said.get(name, "") if said is not None else places.get(number, "")
        shown.append(
            s.Column(
                name=name,
                heading=heading or _("без заголовка"),
                samples=tuple(line[number] for line in row.samples if number < len(line) and line[number]),
                fields=(
                    Choice(value="", title=_("не нужен"), chosen=not chosen),
                    *(
                        Choice(value=code, title=_(field.title), chosen=code == chosen)
                        for code, field in table.fields.items()
                    ),
                ),
            )
        )
    return tuple(shown)
