"""The people of an office as pages: the list with its filters, and one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.crews.models import CrewMember
from vakhta.domain.permissions import ROLES
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import number_words, phone_words, typed
from vakhta.people import sign_in
from vakhta.people.models import Company, Staff
from vakhta.people.second_step import who_has_steps
from vakhta.people.staff import seat_seen, works_elsewhere
from vakhta.reports import tables
from vakhta.reports.tables import PAPER_TOO
from vakhta.shifts.leaving import in_hand
from vakhta.web import show
from vakhta.web.offices import screens as s
from vakhta.web.offices.companies import tabs
from vakhta.web.offices.forms import NOTHING, Form, Said, drawn, options, text
from vakhta.web.said import whole
from vakhta.web.screens import Choice, LinkView, PageView, StatusView

SHOWN = 50
FILTERS = ("q", "company", "role", "state")
Asked = Mapping[str, str]


def people(page: PageView, asked: Asked, said: Said = NOTHING, done: str = "") -> s.PeopleList:
    """Five queries for any number."""
    companies = list(Company.objects.order_by("short_name").values_list("pk", "short_name"))
    found = list(_behind(found_people(asked), asked)[: SHOWN + 1])
    shown = found[:SHOWN]
    lines = _lines(shown)
    kept = {name: value for name in FILTERS if (value := asked.get(name, "").strip()[:200])}
    more = urlencode({**kept, "after": shown[-1].pk}) if len(found) > SHOWN else ""
    return s.PeopleList(
        page=page,
        tabs=tabs("people"),
        said=done,
        url=reverse("offices:people"),
        q=kept.get("q", ""),
        selects=tuple(_selects(companies, kept)),
        rows=tuple(lines),
        more_url=f"?{more}" if more else "",
        is_filtered=bool(kept),
        downloads=tuple(
            LinkView(
                title=kind.upper(), url=f"{reverse('offices:people_file', args=[kind])}?{urlencode(kept)}"
            )
            for kind in PAPER_TOO
        ),
        form=drawn(said.of("person"), _new_form(companies, kept)),
    )


def found_people(asked: Asked) -> QuerySet[Staff]:
    """By what was asked for; the dismissed only when they were."""
    rows = Staff.objects.select_related("company", "user").order_by("name", "id")
    rows = rows.filter(is_active=asked.get("state", "") != "gone")
    if (company := whole(asked.get("company", ""))) is not None:
        rows = rows.filter(company_id=company)
    if role := asked.get("role", "").replace("\0", "")[:20]:
        rows = rows.filter(role=role)
    for word in asked.get("q", "").replace("\0", "")[:200].split():
        rows = rows.filter(Q(name__icontains=word) | Q(user__email__icontains=word))
    return rows


def _behind(rows: QuerySet[Staff], asked: Asked) -> QuerySet[Staff]:
    after = whole(asked.get("after", ""))
    last = Staff.objects.filter(pk=after).first() if after is not None else None
    return rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk)) if last else rows


def _selects(
    companies: Sequence[tuple[int, str]], kept: Asked
) -> Sequence[tuple[str, str, tuple[Choice, ...]]]:
    offered = [(str(pk), name) for pk, name in companies]
    roles = [(role.code, _(role.title)) for role in ROLES]
    states = [("gone", _("уволенные"))]
    return [
        ("company", _("Организация"), options(offered, kept.get("company", ""), _("все"))),
        ("role", _("Роль"), options(roles, kept.get("role", ""), _("все"))),
        ("state", _("Показать"), options(states, kept.get("state", ""), _("работают"))),
    ]


def _lines(rows: Sequence[Staff]) -> list[s.PersonLine]:
    """Two queries."""
    users = {row.user_id for row in rows}
    with_step, seen_at = who_has_steps(users), sign_in.last_seen(users)
    return [
        s.PersonLine(
            name=row.name,
            url=reverse("offices:person", args=[row.pk]),
            role=_(row.get_role_display()),
            company=row.company.short_name,
            trade=row.trade,
            phone=row.phone,
            step=step_words(row, row.user_id in with_step),
            seen_at=seen_at.get(row.user_id),
            state=state_of(row),
        )
        for row in rows
    ]


def step_words(row: Staff, has_step: bool) -> str:
    if has_step:
        return _("есть")
    return _("нужен, но не настроен") if row.role in settings.SECOND_STEP_FOR else _("нет")


def state_of(row: Staff) -> StatusView:
    if not row.is_active or not row.user.is_active:
        return StatusView(code="gone", title=_("уволен"), tone="quiet")
    if not row.user.has_usable_password():
        return StatusView(code="invited", title=_("приглашён"), tone="wait")
    return StatusView(code="works", title=_("работает"), tone="good")


def _new_form(companies: Sequence[tuple[int, str]], kept: Asked) -> Form:
    offered = [(str(pk), name) for pk, name in companies]
    own = str(current_scope().centre)
    first = own if own in dict(offered) else offered[0][0] if offered else ""
    return Form(
        url=reverse("offices:people"),
        fields=(
            text("name", _("Фамилия, имя, отчество"), required=True),
            text("email", _("Почта"), kind="email", required=True, hint=_("ею входят, на неё придёт приглашение")),
            text("company", _("Организация"), options=options(offered, kept.get("company", first))),
            text("role", _("Роль"), options=options([(role.code, _(role.title)) for role in ROLES], kept.get("role", "operator"))),
            text("trade", _("Специальность"), hint=_("слесарь-сантехник, электромонтёр")),
            text("phone", _("Телефон"), kind="tel"),
        ),
        submit=_("Добавить и пригласить"),
    )  # fmt: skip


# ── One of them ──────────────────────────────────────────────────────────────────────────────


def the_person(pk: int) -> Staff:
    row: Staff | None = Staff.objects.select_related("company", "user").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Такого сотрудника нет."))
    return row


def person(page: PageView, row: Staff, said: Said = NOTHING, done: str = "") -> s.PersonPage:
    """Eleven queries."""
    orders, contacts, ahead = in_hand(row.pk)
    crews = CrewMember.objects.filter(staff=row).select_related("crew").order_by("crew__number")
    seats = (
        Staff.objects.filter(user_id=row.user_id).exclude(pk=row.pk).select_related("company").order_by("id")
    )
    has_step = row.user_id in who_has_steps([row.user_id])
    last = sign_in.last_seen([row.user_id]).get(row.user_id)
    form = _seat_form(row)
    is_of_form = said.form == "own"
    return s.PersonPage(
        page=page,
        tabs=tabs("people"),
        said=done,
        name=row.name,
        email=row.user.email,
        list_url=reverse("offices:people"),
        company=row.company.short_name,
        state=state_of(row),
        step=step_words(row, has_step),
        seen_at=last,
        seats=tuple(
            LinkView(
                title=f"{_(seat.get_role_display())}, {seat.company.short_name}"
                + ("" if seat.is_active else " (" + _("уволен") + ")"),
                url=reverse("offices:person", args=[seat.pk]),
            )
            for seat in seats
        ),
        crews=tuple(
            LinkView(title=show.crew_name(member.crew), url=reverse("offices:crew", args=[member.crew_id]))
            for member in crews
        ),
        hand=s.InHand(
            orders=tuple(
                LinkView(
                    title=_("№ %s") % number_words(order.ticket.said_number),
                    url=show.ticket_url(order.ticket.number),
                )
                for order in orders
            ),
            contacts=contacts,
            shifts=ahead,
        ),
        form=drawn(said.of("own"), form),
        steps=tuple(_steps(row, has_step, bool(last), said)),
        errors=(said.error.message,) if said.error and not is_of_form and said.form != "reset" else (),
    )


def _seat_form(row: Staff) -> Form:
    return Form(
        url=reverse("offices:change_person", args=[row.pk]),
        fields=(
            text("name", _("Фамилия, имя, отчество"), row.name, required=True),
            text(
                "role", _("Роль"), options=options([(role.code, _(role.title)) for role in ROLES], row.role)
            ),
            text("trade", _("Специальность"), row.trade),
            text("phone", _("Телефон"), phone_words(row.phone), kind="tel"),
        ),
        submit=_("Записать"),
        seen=seat_seen(row),
    )


def _steps(row: Staff, has_step: bool, is_in: bool, said: Said) -> Sequence[s.Step]:
    """What can be done to the person's work and sign-in now; of the sign-in only where all of the work is seen."""

    def step(name: str, title: str, what: str, form: Form | None = None) -> s.Step:
        return s.Step(url=reverse(f"offices:{name}", args=[row.pk]), title=title, what=what, form=form)

    found = []
    if not row.is_active:
        return [step("return_person", _("Вернуть на работу"), _("Войдёт с прежним паролем, в той же роли."))]
    if not row.user.has_usable_password():
        what = _(
            "Письмо со ссылкой, по которой сотрудник сам задаст пароль; прежнее письмо перестанет действовать, когда пароль задан."
        )
        found.append(step("invite", _("Пригласить ещё раз"), what))
    if not works_elsewhere(row):
        if is_in:
            what = _("Сотрудник выйдет везде и войдёт снова своим паролем.")
            found.append(step("end_sessions", _("Закончить сеансы"), what))
        if has_step:
            reason = Form(
                url=reverse("offices:reset_step", args=[row.pk]),
                fields=(text("reason", _("Причина"), required=True, hint=_("останется в журнале")),),
                submit=_("Сбросить второй шаг"),
            )
            what = _(
                "Для того, кто потерял телефон, коды и ключ: войдёт по одному паролю и настроит второй шаг заново."
            )
            found.append(step("reset_step", _("Сбросить второй шаг"), what, drawn(said.of("reset"), reason)))
    what = _(
        "Сеансы закончатся сразу, обращения вернутся в очередь, из бригад уйдёт. Вернуть можно в любой день."
    )
    return [*found, step("dismiss", _("Уволить"), what)]


# ── As a file ────────────────────────────────────────────────────────────────────────────────


def columns() -> list[str]:
    return [_("Фамилия, имя, отчество"), _("Роль"), _("Организация"), _("Специальность"), _("Телефон"), _("Почта"),
            _("Второй шаг входа"), _("Был(а) в службе"), _("Состояние")]  # fmt: skip


WIDTHS = (5, 4, 4, 4, 5, 6, 3, 4, 3)
"""Of `columns` on paper, in parts of its width."""


def as_form(page: PageView, keeper: str, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """For `forms/list.typ`. A long mailbox may break after its signs."""
    printed = _("Напечатано %s.") % typed(page.local_now)
    return {
        "title": page.title,
        "lines": [keeper, _("Людей: %s") % len(rows)],
        "columns": columns(),
        "widths": WIDTHS,
        "rows": [[cell.replace("@", "\u200b@").replace(".", ".\u200b") for cell in row] for row in rows],
        "foot": printed,
    }


def as_rows(page: PageView, rows: Sequence[Staff]) -> list[list[str]]:
    return [
        [
            row.name, line.role, line.company, row.trade, phone_words(row.phone), row.user.email, line.step,
            tables.moment(line.seen_at.astimezone(page.local_now.tzinfo)) if line.seen_at else "", line.state.title,
        ]
        for row, line in zip(rows, _lines(rows), strict=True)
    ]  # fmt: skip
