"""The duty directory as a page on which it is edited: services and the people on call, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.classifier import SERVICES
from vakhta.domain.permissions import may
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import counted_words, phone_words
from vakhta.people.models import Company, DutyContact
from vakhta.places import duty
from vakhta.tickets.classifier import entries
from vakhta.web.offices.forms import NOTHING, Said, drawn
from vakhta.web.said import whole
from vakhta.web.screens import Choice, PageView, PhoneView
from vakhta.web.stock import screens as s

GONE_FOR = timedelta(days=30)
"""So long a removed line is offered for its return."""


def directory(page: PageView, asked: Mapping[str, str], said: Said = NOTHING) -> s.DutyEdit:
    """`said`: the form «service», «on_call» or «17» as it was refused; `asked`: the line that is to be changed, or was
    moved or removed last. Of two hundred lines only that one has its form drawn. Three queries."""
    scope = current_scope()
    offices = list(Company.objects.order_by("short_name").values_list("pk", "short_name"))
    offices.sort(key=lambda office: office[0] != scope.centre)
    known = list(DutyContact.objects.select_related("company").order_by("place", "name", "id"))
    gone = list(DutyContact.everything.filter(removed_at__gt=page.now - GONE_FOR).order_by("-removed_at"))
    at, way = whole(asked.get("at", "")), asked.get("way", "")
    changing = said.form or asked.get("change", "")

    def form(code: str, row: DutyContact) -> s.Form:
        return drawn(said.of(code), _form(row, offices))

    def lines(kind: str) -> tuple[s.DutyLine, ...]:
        shown = [row for row in known if row.kind == kind]
        return tuple(
            s.DutyLine(
                id=row.pk,
                title=row.name,
                phone=PhoneView(phone=row.phone),
                note=row.note,
                whose=row.company.short_name if row.company_id != scope.centre else "",
                form=form(str(row.pk), row) if changing == str(row.pk) else None,
                change_url=f"?change={row.pk}#line-{row.pk}",
                up_url=reverse("stock:move_duty", args=[row.pk, "up"]) if place else "",
                down_url=reverse("stock:move_duty", args=[row.pk, "down"]) if place + 1 < len(shown) else "",
                drop_url=reverse("stock:drop_duty", args=[row.pk]),
                focus=_focus(way, place, len(shown)) if row.pk == at else "",
            )
            for place, row in enumerate(shown)
        )

    removed = whole(asked.get("removed", ""))
    return s.DutyEdit(
        page=page,
        see_url=reverse("console:duty_page"),
        print_url=reverse("reports:duty"),
        houses_url=reverse("stock:houses") if may(scope.role, "stock.edit") else "",
        lacking=_lacking(known),
        services=lines("service"),
        people=lines("on_call"),
        service_form=form("service", DutyContact(kind="service")),
        person_form=form("on_call", DutyContact(kind="on_call", company_id=scope.centre or 0)),
        gone=tuple(
            s.DutyGone(
                title=row.name,
                phone=phone_words(row.phone),
                at=row.removed_at,
                restore_url=reverse("stock:restore_duty", args=[row.pk]),
                is_last=row.pk == removed,
            )
            for row in gone
            if row.removed_at is not None
        ),
    )


def _focus(way: str, place: int, count: int) -> str:
    """The button that was pressed has the focus again; the other one where the line is at an end."""
    if way == "up":
        return "up" if place else "down"
    return "down" if place + 1 < count else "up"


def _natures(count: int) -> str:
    words = counted_words(count, "вид неисправностей", "вида неисправностей", "видов неисправностей")
    return f"{count}\u00a0{words}"


def _lacking(known: Sequence[DutyContact]) -> tuple[s.DutyLack, ...]:
    """Services that natures of the classifier name and that have no number in the centre's directory."""
    has = {row.code for row in known if row.kind == "service" and row.company_id == current_scope().centre}
    named = Counter(code for entry in entries().values() if not entry.is_off for code in entry.services)
    return tuple(
        s.DutyLack(
            title=_(SERVICES[code]),
            natures=_natures(count),
        )
        for code, count in named.most_common()
        if code not in has and code in SERVICES
    )


def _form(row: DutyContact, offices: Sequence[tuple[int, str]]) -> s.Form:
    """Of a line, or of a new one of its kind."""
    is_service = row.kind == "service"
    if is_service:
        code = row.code if row.code in SERVICES else ""
        first = s.Field(
            name="code", title=_("Какая служба"),
            options=(Choice(value="", title=_("другая служба"), chosen=not code),
                     *(Choice(value=each, title=_(title), chosen=each == code) for each, title in SERVICES.items())),
        )  # fmt: skip
    else:
        first = s.Field(
            name="company", title=_("Чей дежурный"),
            options=tuple(Choice(value=str(pk), title=name, chosen=pk == row.company_id) for pk, name in offices),
        )  # fmt: skip
    url = (
        reverse("stock:change_duty", args=[row.pk]) if row.pk else reverse("stock:add_duty", args=[row.kind])
    )
    return s.Form(
        url=url,
        fields=(
            first,
            s.Field(
                name="name",
                title=_("Как её называют") if is_service else _("Фамилия, имя или должность"),
                value=row.name,
                required=True,
            ),
            s.Field(name="phone", title=_("Телефон"), value=phone_words(row.phone), required=True,
                    hint=_("с кодом города или короткий: 104")),
            s.Field(name="note", title=_("Пояснение"), value=row.note,
                    hint=_("добавочный, часы, что принимают") if is_service else _("что решает, когда звонить")),
        ),
        submit=_("Записать") if row.pk else _("Добавить службу") if is_service else _("Добавить дежурного"),
        seen=duty.line_seen(row) if row.pk else "",
    )  # fmt: skip
