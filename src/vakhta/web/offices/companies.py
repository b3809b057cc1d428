"""Organisations as pages: whom the centre serves and until when, and one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from vakhta.domain.calendars import zone_of
from vakhta.domain.permissions import CONTRACTOR, may
from vakhta.kernel.refusal import Conflict, NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import NBSP, bound, counted_words, phone_words, typed
from vakhta.people import agreements
from vakhta.people.models import CENTRE, Agreement, Company, Staff
from vakhta.people.offices import company_seen
from vakhta.places.models import Building
from vakhta.tickets.models import Ticket
from vakhta.web.offices import screens as s
from vakhta.web.offices.forms import NOTHING, Form, Said, Tick, drawn, options, text
from vakhta.web.screens import Choice, LinkView, PageView, StatusView

ZONES = (
    ("Europe/Kaliningrad", marked("Калининград, МСК−1")),
    ("Europe/Moscow", marked("Москва")),
    ("Europe/Samara", marked("Самара, МСК+1")),
    ("Asia/Yekaterinburg", marked("Екатеринбург, МСК+2")),
    ("Asia/Omsk", marked("Омск, МСК+3")),
    ("Asia/Novosibirsk", marked("Новосибирск, МСК+4")),
    ("Asia/Krasnoyarsk", marked("Красноярск, МСК+4")),
    ("Asia/Irkutsk", marked("Иркутск, МСК+5")),
    ("Asia/Yakutsk", marked("Якутск, МСК+6")),
    ("Asia/Vladivostok", marked("Владивосток, МСК+7")),
    ("Asia/Magadan", marked("Магадан, МСК+8")),
    ("Asia/Kamchatka", marked("Камчатка, МСК+9")),
)
"""Zones that a company of Russia may be in; one that is set already and stands in none of them is offered too."""

ANYWAY = "anyway"
"""Field of an agreement that ends with open work."""


def tabs(current: str) -> tuple[LinkView, ...]:
    """The rooms of the office, those that the role may see."""
    role = current_scope().role
    return tuple(
        LinkView(title=title, url=reverse(f"offices:{name}"), current=name == current)
        for name, title, verb in (
            ("companies", _("Организации"), "offices.manage"),
            ("people", _("Люди"), "offices.manage"),
            ("crews", _("Бригады"), "crews.lead"),
        )
        if may(role, verb)
    )


def companies(page: PageView, said: Said = NOTHING, done: str = "") -> s.CompanyList:
    """Seven queries for any number."""
    rows = list(Company.objects.order_by("short_name", "id"))
    terms = _terms()
    current = {term.company_id: term for term in terms if agreements.is_in_force(term, page.today)}
    people = _counted(Staff.objects.filter(is_active=True).values("company_id"))
    houses = _counted(Building.objects.values("company_id"))
    tickets = _counted(Ticket.objects.filter(state__in=Ticket.OPEN).values("company_id"))
    rows.sort(key=lambda row: row.kind != CENTRE)
    seen = {row.pk for row in rows}
    is_centre = current_scope().sees_centre
    others = [term for term in terms if is_centre and not agreements.is_in_force(term, page.today)]
    return s.CompanyList(
        page=page,
        tabs=tabs("companies"),
        said=done,
        rows=tuple(
            s.CompanyLine(
                title=row.short_name,
                name=row.name if row.name != row.short_name else "",
                kind=_(row.get_kind_display()),
                url=reverse("offices:company", args=[row.pk]),
                serves=_serves(row, current, page.today),
                warning=warning(current.get(row.pk), page.today),
                people=people[row.pk],
                people_url=f"{reverse('offices:people')}?company={row.pk}",
                houses=houses[row.pk],
                houses_url=f"{reverse('stock:houses')}?company={row.pk}",
                tickets=tickets[row.pk],
                tickets_url=f"{reverse('lists:tickets')}?company={row.pk}&state=open",
            )
            for row in rows
        ),
        others=tuple(_term_line(term, page.today, said, is_named=True, seen=seen) for term in others),
        form=drawn(said.of("company"), _new_form(page.today)) if is_centre else None,
    )


def _terms() -> list[Agreement]:
    """Of the own centre all; of a company that is served, its own."""
    if current_scope().sees_centre:
        return agreements.all_of(current_scope().centre or 0)
    return list(Agreement.objects.select_related("company"))


def _counted(rows: object) -> Counter[int]:
    counted = rows.order_by().annotate(n=Count("id")).values_list("company_id", "n")  # type: ignore[attr-defined]
    return Counter(dict(counted))


def _serves(row: Company, current: Mapping[int, Agreement], today: date) -> str:
    if row.kind == CENTRE:
        count = sum(term.centre_id == row.pk for term in current.values())
        return _("ведёт журнал, договоров: %s") % count
    term = current.get(row.pk)
    return days_words(term) if term else _("договора нет")


def days_words(term: Agreement) -> str:
    """«с 1 января 2025», «с 1 января 2025 до 31 декабря 2026»: until which day it holds, that day not in it."""
    since, until = _day(term.since), _day(term.until) if term.until else ""
    if until:
        return _("с %(since)s до %(until)s") % {"since": since, "until": until}
    return (_("с %s") % since).replace(" ", NBSP)


def _day(day: date) -> str:
    return bound(dateformat.format(day, "j E Y"))


def warning(term: Agreement | None, today: date) -> str:
    if term is None or term.until is None or not agreements.ends_soon(term, today):
        return ""
    left = (term.until - today).days
    if left == 1:
        return _("последний день договора")
    words = counted_words(
        left, "%s день до конца договора", "%s дня до конца договора", "%s дней до конца договора"
    )
    return bound(words % left)


def _term_line(
    term: Agreement, today: date, said: Said, *, is_named: bool, seen: set[int], may_change: bool = True
) -> s.TermLine:
    if agreements.is_in_force(term, today):
        ends = agreements.ends_soon(term, today)
        state = StatusView(
            code="on", title=_("кончается") if ends else _("действует"), tone="wait" if ends else "good"
        )
    elif term.since > today:
        state = StatusView(code="next", title=_("ещё не начался"), tone="busy")
    else:
        state = StatusView(code="past", title=_("закончился"), tone="quiet")
    name, form = f"term/{term.pk}", _term_form(term)
    refused = said.of(name).error
    if isinstance(refused, Conflict) and refused.field == "until":
        form = replace(form, ticks=(Tick(name=ANYWAY, title=_("закончить договор и так")),))
    return s.TermLine(
        title=term.company.short_name if is_named else "",
        told=days_words(term),
        state=state,
        url=reverse("offices:company", args=[term.company_id]) if term.company_id in seen else "",
        form=drawn(said.of(name), form) if may_change else None,
    )


def _term_form(term: Agreement) -> Form:
    return Form(
        url=reverse("offices:change_term", args=[term.pk]),
        fields=(
            text("since", _("С"), typed(term.since), kind="date", required=True),
            text(
                "until", _("До, без этого дня"), typed(term.until), kind="date", hint=_("пусто — без срока")
            ),
        ),
        submit=_("Записать срок"),
        seen=agreements.agreement_seen(term),
    )


def _again_form(row: Company, today: date) -> Form:
    return Form(
        url=reverse("offices:serve_again", args=[row.pk]),
        fields=(
            text("since", _("С"), typed(today), kind="date", required=True),
            text("until", _("До, без этого дня"), kind="date", hint=_("пусто — без срока")),
        ),
        submit=_("Добавить договор"),
    )


def _new_form(today: date) -> Form:
    kinds = [(code, _(title)) for code, title in Company.KINDS if code != CENTRE]
    return Form(
        url=reverse("offices:companies"),
        fields=(
            text("kind", _("Вид"), options=options(kinds, kinds[0][0])),
            text("name", _("Название"), required=True, hint=_("как в договоре: УК «Северная»")),
            text("short_name", _("Короткое название"), hint=_("как её называют в списках; пусто — то же")),
            text("phone", _("Телефон"), kind="tel"),
            text("email", _("Почта"), kind="email"),
            text("zone", _("Часовой пояс"), options=_zones("Europe/Moscow")),
            text("since", _("Договор с"), typed(today), kind="date", required=True),
            text("until", _("До, без этого дня"), kind="date", hint=_("пусто — без срока")),
        ),
        submit=_("Добавить организацию"),
    )


def _zones(chosen: str) -> tuple[Choice, ...]:
    known = list(ZONES) if chosen in dict(ZONES) else [*ZONES, (chosen, zone_of(chosen).key)]
    return options([(code, _(title) if code in dict(ZONES) else title) for code, title in known], chosen)


# ── One of them ──────────────────────────────────────────────────────────────────────────────


def the_company(pk: int) -> Company:
    row: Company | None = Company.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Такой организации нет, или договор с ней не действует."))
    return row


def company(page: PageView, row: Company, said: Said = NOTHING, done: str = "") -> s.CompanyPage:
    """Seven queries."""
    is_centre = current_scope().sees_centre
    terms = [term for term in _terms() if term.company_id == row.pk]
    current = next((term for term in terms if agreements.is_in_force(term, page.today)), None)
    own = row.kind == CENTRE
    return s.CompanyPage(
        page=page,
        tabs=tabs("companies"),
        said=done,
        title=row.name,
        kind=_("%(kind)s, № %(pk)s") % {"kind": _(row.get_kind_display()), "pk": row.pk},
        list_url=reverse("offices:companies"),
        warning=warning(current, page.today),
        terms=tuple(
            _term_line(term, page.today, said, is_named=False, seen=set(), may_change=is_centre)
            for term in terms
        ),
        term_form=drawn(said.of("again"), _again_form(row, page.today)) if is_centre and not own else None,
        form=drawn(said.of("own"), _own_form(row)),
        links=tuple(_links(row)),
    )


def _own_form(row: Company) -> Form:
    return Form(
        url=reverse("offices:change_company", args=[row.pk]),
        fields=(
            text("name", _("Название"), row.name, required=True),
            text("short_name", _("Короткое название"), row.short_name, hint=_("как её называют в списках")),
            text("phone", _("Телефон"), phone_words(row.phone), kind="tel"),
            text("email", _("Почта"), row.email, kind="email"),
            text("zone", _("Часовой пояс"), options=_zones(row.zone)),
            text(
                "auto_close_days", _("Дней до закрытия без ответа"), str(row.auto_close_days), kind="number", required=True,
                hint=_("столько ждём слова заявителя после работ"),
            ),
        ),
        submit=_("Записать"),
        seen=company_seen(row),
    )  # fmt: skip


def _links(row: Company) -> Sequence[LinkView]:
    people = Staff.objects.filter(company=row, is_active=True).count()
    found = [LinkView(title=_("Людей: %s") % people, url=f"{reverse('offices:people')}?company={row.pk}")]
    crews = row.crews.filter(is_active=True).count()
    found.append(LinkView(title=_("Бригад: %s") % crews, url=f"{reverse('offices:crews')}#c-{row.pk}"))
    if row.kind in (CENTRE, CONTRACTOR):
        return found
    houses = Building.objects.filter(company=row).count()
    tickets = Ticket.objects.filter(company=row, state__in=Ticket.OPEN).count()
    norms = len(row.stricter_norms)
    return [
        *found,
        LinkView(title=_("Домов: %s") % houses, url=f"{reverse('stock:houses')}?company={row.pk}"),
        LinkView(
            title=_("Открытых заявок: %s") % tickets,
            url=f"{reverse('lists:tickets')}?company={row.pk}&state=open",
        ),
        LinkView(title=_("Сроков строже закона: %s") % norms, url=reverse("public:norms")),
    ]
