"""Crews as pages: who is in them and what they can; for an administrator of all companies, for who leads them of the
own one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.crews.models import Crew, CrewMember, WorkOrder
from vakhta.crews.teams import MEMBERS, crew_seen, led
from vakhta.domain.classifier.entry import SKILLS
from vakhta.domain.permissions import may
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import short_name
from vakhta.people.models import Company, Staff
from vakhta.web import show
from vakhta.web.offices import screens as s
from vakhta.web.offices.companies import tabs
from vakhta.web.offices.forms import NOTHING, Form, Said, Tick, drawn, options, text
from vakhta.web.screens import PageView, StatusView


def crews(page: PageView, said: Said = NOTHING, done: str = "") -> s.CrewList:
    """Four queries for any number."""
    rows = list(led().order_by("-is_active", "company__short_name", "number"))
    members: dict[int, list[Staff]] = {}
    for member in (
        CrewMember.objects.filter(crew__in=[row.pk for row in rows]).select_related("staff").order_by("id")
    ):
        members.setdefault(member.crew_id, []).append(member.staff)
    open_orders = WorkOrder.objects.filter(crew__in=[row.pk for row in rows], ended_at__isnull=True)
    orders: dict[int, int] = {}
    for pk in open_orders.values_list("crew_id", flat=True):
        orders[pk] = orders.get(pk, 0) + 1
    return s.CrewList(
        page=page,
        tabs=tabs("crews"),
        said=done,
        rows=tuple(
            s.CrewLine(
                number=row.number,
                title=row.name,
                url=reverse("offices:crew", args=[row.pk]),
                company=row.company.short_name,
                skills=skills_words(row),
                members=tuple(short_name(who.name) for who in members.get(row.pk, ()) if who.is_active),
                orders=orders.get(row.pk, 0),
                state=_state(row),
                warning=_warning(row, any(who.is_active for who in members.get(row.pk, ()))),
            )
            for row in rows
        ),
        form=drawn(said.of("crew"), _new_form()) if may(current_scope().role, "offices.manage") else None,
    )


def _state(row: Crew) -> StatusView:
    if row.is_active:
        return StatusView(code="works", title=_("работает"), tone="good")
    return StatusView(code="gone", title=_("убрана"), tone="quiet")


def _warning(row: Crew, has_somebody: bool) -> str:
    return _("никого нет: наряды никто не прочтёт") if row.is_active and not has_somebody else ""


def skills_words(row: Crew) -> str:
    return ", ".join(_(SKILLS[skill]) for skill in row.skills if skill in SKILLS)


def _ticks(has: Sequence[str]) -> tuple[Tick, ...]:
    return tuple(
        Tick(name=f"skill-{code}", title=_(title), is_on=code in has) for code, title in SKILLS.items()
    )


def _new_form() -> Form:
    offered = [
        (str(pk), name) for pk, name in Company.objects.order_by("short_name").values_list("pk", "short_name")
    ]
    own = str(current_scope().centre or "")
    return Form(
        url=reverse("offices:new_crew"),
        fields=(
            text("company", _("Чья бригада"), options=options(offered, own)),
            text("number", _("Номер"), kind="number", hint=_("пусто — следующий по порядку")),
            text("name", _("Название"), required=True, hint=_("сантехники, ночная")),
        ),
        ticks=_ticks(()),
        submit=_("Добавить бригаду"),
    )


# ── One of them ──────────────────────────────────────────────────────────────────────────────


def the_crew(pk: int) -> Crew:
    row: Crew | None = led().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Такой бригады нет."))
    return row


def crew(page: PageView, row: Crew, said: Said = NOTHING, done: str = "") -> s.CrewPage:
    """Five queries."""
    manages = may(current_scope().role, "offices.manage")
    members = list(CrewMember.objects.filter(crew=row).select_related("staff").order_by("id"))
    orders = WorkOrder.objects.filter(crew=row, ended_at__isnull=True).count()
    is_known = said.form in ("own", "member", "drop")
    return s.CrewPage(
        page=page,
        tabs=tabs("crews"),
        said=done,
        title=show.crew_name(row),
        company=row.company.short_name,
        list_url=reverse("offices:crews"),
        state=_state(row),
        skills=skills_words(row),
        orders=orders,
        members=tuple(
            s.Member(
                title=member.staff.name,
                role=", ".join(
                    filter(None, (_(member.staff.get_role_display()).lower(), member.staff.trade))
                ),
                url=reverse("offices:person", args=[member.staff_id]) if manages else "",
                drop_url=reverse("offices:drop_member", args=[row.pk, member.staff_id]),
            )
            for member in members
        ),
        member_form=_member_form(row, {member.staff_id for member in members}, said.of("member")),
        may_hire=manages,
        form=drawn(said.of("own"), _own_form(row)) if manages else None,
        drop_form=drawn(said.of("drop"), _drop_form(row, orders)) if manages and row.is_active else None,
        return_url=reverse("offices:return_crew", args=[row.pk]) if manages and not row.is_active else "",
        errors=(said.error.message,) if said.error and not is_known else (),
    )


def _own_form(row: Crew) -> Form:
    return Form(
        url=reverse("offices:change_crew", args=[row.pk]),
        fields=(
            text("number", _("Номер"), str(row.number), kind="number", required=True),
            text("name", _("Название"), row.name, required=True),
        ),
        ticks=_ticks(row.skills),
        submit=_("Записать"),
        seen=crew_seen(row),
    )


def _member_form(row: Crew, known: set[int], said: Said) -> Form | None:
    rows = Staff.objects.filter(company_id=row.company_id, is_active=True, role__in=MEMBERS).exclude(
        pk__in=known
    )
    offered = [
        (str(who.pk), f"{who.name}, {who.trade or _(who.get_role_display()).lower()}")
        for who in rows.order_by("name")
    ]
    if not row.is_active or not offered:
        return None
    form = Form(
        url=reverse("offices:put_member", args=[row.pk]),
        fields=(text("staff", _("Кого"), options=options(offered, offered[0][0])),),
        submit=_("Добавить в бригаду"),
    )
    return drawn(said, form)


def _drop_form(row: Crew, orders: int) -> Form:
    """Asks where its open orders go, when it has some."""
    offered: list[tuple[str, str]] = []
    if orders:
        others = (
            Crew.objects.filter(is_active=True)
            .exclude(pk=row.pk)
            .order_by("number")
            .select_related("company")
        )
        offered = [
            (str(other.pk), f"{show.crew_name(other)}, {other.company.short_name}") for other in others
        ]
    fields = (
        (text("to", _("Кому её наряды"), options=options(offered, "", _("выберите"))),) if offered else ()
    )
    return Form(url=reverse("offices:drop_crew", args=[row.pk]), fields=fields, submit=_("Убрать бригаду"))


def skills_of(said: Mapping[str, str]) -> list[str]:
    return [code for code in SKILLS if said.get(f"skill-{code}") == "yes"]
