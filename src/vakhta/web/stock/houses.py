"""Houses, flats and residents as pages: what stands there and the forms that change it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.permissions import may
from vakhta.kernel import clock
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words
from vakhta.people.models import HOUSING, Company
from vakhta.places import edit
from vakhta.places.accounts import find_accounts
from vakhta.places.models import AccessNote, Account, Building, Consent, Person, Phone, Premises
from vakhta.places.queries import address_text
from vakhta.places.search import find_addresses
from vakhta.web.offices.forms import NOTHING, Said, drawn, options, text
from vakhta.web.said import whole
from vakhta.web.screens import PageView
from vakhta.web.stock import parts
from vakhta.web.stock import screens as s

SHOWN = 50
MOST_FOUND = 500
"""Houses that a search looks through: who finds more says the street."""
FLATS = 1000
"""Flats of a house that its page shows."""


def houses(page: PageView, asked: Mapping[str, str], said: Said = NOTHING) -> s.HouseList:
    """Houses by address, account, code of ФИАС or company, fifty at a time, those of a search with their number; `said`: the form of a new one as it was refused."""
    known = Company.objects.filter(kind__in=HOUSING).order_by("short_name").values_list("pk", "short_name")
    offices = [(str(pk), name) for pk, name in known]
    query, company, after = asked.get("q", "").strip()[:200], asked.get("company", ""), asked.get("after", "")
    found, begins = _found(query, company, after), _begins(query, after)
    shown = found[begins : begins + SHOWN]
    flats = _flats_of([row.pk for row in shown])
    more = ""
    if len(found) > begins + SHOWN:
        behind = {"q": query, "after": begins + SHOWN} if query else {"after": shown[-1].pk}
        more = f"?{urlencode({'company': company, **behind})}"
    return s.HouseList(
        page=page,
        url=reverse("stock:houses"),
        q=query,
        companies=options(offices, company, _("все")),
        rows=(
            *(_of_account(account) for account in (find_accounts(query) if query and not begins else ())),
            *(
                s.HouseLine(
                    title=str(row),
                    url=reverse("stock:house", args=[row.pk]),
                    city=row.city,
                    company=row.company.short_name,
                    told=_told(row, flats.get(row.pk, 0)),
                )
                for row in shown
            ),
        ),
        more_url=more,
        found=_found_words(len(found)) if query and len(found) > SHOWN else "",
        form=drawn(said.of("new"), _new_house_form(offices)),
        import_url=reverse("stock:imports"),
    )


def _begins(query: str, after: str) -> int:
    """Of a search, whose houses stand by likeness: how many of them were shown."""
    return min(whole(after) or 0, MOST_FOUND) if query else 0


def _found_words(count: int) -> str:
    if count >= MOST_FOUND:
        return _("Нашлось больше %s домов: назовите улицу и номер.") % (MOST_FOUND - 1)
    return _("Нашлось домов: %s.") % count


def _of_account(account: Account) -> s.HouseLine:
    """The flat whose account it is."""
    home = account.premises
    return s.HouseLine(
        title=address_text(home.building, home),
        url=reverse("stock:flat", args=[home.pk]),
        city=home.building.city,
        company=home.building.company.short_name,
        told=", ".join(filter(None, (_("лицевой счёт %s") % account.number, account.holder))),
    )


def _found(query: str, company: str, after: str) -> Sequence[Building]:
    if guid := _guid(query):
        return list(Building.objects.select_related("company").filter(guid=guid))
    if query:
        office = whole(company)
        hits = [hit.building for hit in find_addresses(query, limit=MOST_FOUND)]
        return [row for row in hits if office is None or row.company_id == office]
    rows = Building.objects.select_related("company").order_by("street_key", "house_key", "id")
    if (office := whole(company)) is not None:
        rows = rows.filter(company_id=office)
    last = Building.objects.filter(pk=whole(after) or 0).first()
    if last is not None:
        later = Q(street_key__gt=last.street_key) | Q(street_key=last.street_key) & (
            Q(house_key__gt=last.house_key) | Q(house_key=last.house_key, pk__gt=last.pk)
        )
        rows = rows.filter(later)
    return list(rows[: SHOWN + 1])


def _guid(query: str) -> uuid.UUID | None:
    """The code of a house in ФИАС."""
    try:
        return uuid.UUID(query)
    except ValueError:
        return None


def _flats_of(buildings: Sequence[int]) -> dict[int, int]:
    counted = Premises.objects.filter(building_id__in=buildings).order_by().values("building_id")
    return dict(counted.annotate(n=Count("id")).values_list("building_id", "n"))


def _told(row: Building, flats: int) -> str:
    parts = [_("квартир: %s") % flats, _("этажей: %s") % row.floors, _("подъездов: %s") % row.entrances]
    parts += [
        title
        for title, has in (
            (_("лифт"), row.has_lift),
            (_("газ"), row.has_gas),
            (_("мусоропровод"), row.has_chute),
        )
        if has
    ]
    return ", ".join(parts)


def _house_fields(row: Building | None) -> tuple[s.Field, ...]:
    def field(name: str, title: str, **more: Any) -> s.Field:
        return text(name, title, str(getattr(row, name, None) or ""), **more)

    return (
        field("street", _("Улица"), required=True, hint=_("как на табличке: «ул. Садовая», «пер. Полевой»")),
        field("house", _("Дом"), required=True),
        field("city", _("Город"), required=True),
        field("floors", _("Этажей"), kind="number", required=True),
        field("entrances", _("Подъездов"), kind="number", required=True),
    )


def _house_ticks(row: Building | None) -> tuple[s.Tick, ...]:
    ticks = (("has_lift", _("лифт")), ("has_gas", _("газ")), ("has_chute", _("мусоропровод")))
    return tuple(s.Tick(name=name, title=title, is_on=getattr(row, name, False)) for name, title in ticks)


def _new_house_form(offices: Sequence[tuple[str, str]]) -> s.Form:
    return s.Form(
        url=reverse("stock:houses"),
        fields=(
            text("company", _("Чей дом"), options=options(offices)),
            *_house_fields(None),
            text("flats", _("Квартир, с первой по порядку"), kind="number"),
        ),
        ticks=_house_ticks(None),
        submit=_("Добавить дом"),
    )


def _house_form(row: Building) -> s.Form:
    return s.Form(
        url=reverse("stock:change_house", args=[row.pk]),
        fields=(*_house_fields(row), text("guid", _("Код дома ФИАС"), str(row.guid or ""))),
        ticks=_house_ticks(row),
        submit=_("Записать"),
        seen=edit.building_seen(row),
    )


def house(page: PageView, row: Building, said: Said = NOTHING) -> s.HousePage:
    """`said`: the form of the page that was refused. Seven queries."""
    flats = list(Premises.objects.filter(building=row).order_by("entrance", "floor", "id")[:FLATS])
    entrances: dict[int, list[s.FlatLink]] = {}
    for flat in flats:
        entrances.setdefault(flat.entrance, []).append(
            s.FlatLink(number=flat.number, url=reverse("stock:flat", args=[flat.pk]), floor=flat.floor)
        )
    return s.HousePage(
        page=page,
        title=str(row),
        company=row.company.short_name,
        list_url=reverse("stock:houses"),
        form=drawn(said.of("house"), _house_form(row)),
        entrances=tuple(s.EntranceFlats(number=n, flats=tuple(links)) for n, links in sorted(entrances.items())),
        is_cut=len(flats) == FLATS,
        flats_form=drawn(said.of("flats"), _flats_form(row)),
        notes=tuple(
            s.NoteLine(kind=_(note.get_kind_display()), title=note.title, where=note.where,
                       drop_url=reverse("stock:drop_note", args=[row.pk, note.pk]))
            for note in AccessNote.objects.filter(building=row)
        ),
        note_form=drawn(said.of("note"), _note_form(row)),
        parts=parts.tables(row, page.now, said),
    )  # fmt: skip


def _flats_form(row: Building) -> s.Form:
    return s.Form(
        url=reverse("stock:add_flats", args=[row.pk]),
        fields=(
            text("first", _("Номер или с номера"), required=True),
            text("last", _("по номер"), kind="number"),
            text("entrance", _("Подъезд"), "1", kind="number", required=True),
            text("floor", _("Этаж"), "1", kind="number", required=True),
        ),
        submit=_("Добавить помещения"),
    )


def _note_form(row: Building) -> s.Form:
    kinds = [(code, _(title)) for code, title in AccessNote.KINDS]
    return s.Form(
        url=reverse("stock:add_note", args=[row.pk]),
        fields=(
            text("kind", _("Вид"), options=options(kinds)),
            text("title", _("Что это"), required=True),
            text("where", _("Где или какой"), required=True),
        ),
        submit=_("Добавить доступ"),
    )


def the_house(pk: int) -> Building:
    row: Building | None = Building.objects.select_related("company").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Такого дома нет."))
    return row


def the_flat(pk: int) -> Premises:
    row: Premises | None = Premises.objects.select_related("building__company").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("Такого помещения нет."))
    return row


def flat(page: PageView, row: Premises, said: Said = NOTHING) -> s.FlatPage:
    """`said`: the form «flat», «account», «account/5», «person», «person/17», «consent/17» or «withdrawn/3» as it was
    refused. Five queries."""
    sees_looks = may(current_scope().role, "looks.see")
    numbers: dict[int, list[str]] = {}
    for phone in Phone.objects.filter(person__premises=row).order_by("id"):
        numbers.setdefault(phone.person_id, []).append(phone_words(phone.number))
    given: dict[int, list[s.ConsentLine]] = {}
    for consent in Consent.objects.filter(person__premises=row):
        given.setdefault(consent.person_id, []).append(_consent(row, consent, said))
    return s.FlatPage(
        page=page,
        title=_("%(house)s, кв. %(flat)s") % {"house": row.building, "flat": row.number},
        house_url=reverse("stock:house", args=[row.building_id]),
        house=str(row.building),
        form=drawn(said.of("flat"), _flat_form(row)),
        accounts=tuple(
            s.AccountLine(
                number=account.number,
                holder=account.holder,
                form=drawn(said.of(f"account/{account.pk}"), _account_form(row, account)),
                drop_url=reverse("stock:drop_account", args=[account.pk]),
            )
            for account in Account.objects.filter(premises=row).order_by("number")
        ),
        account_form=drawn(said.of("account"), _account_form(row, None)),
        people=tuple(
            s.PersonLine(
                title=person.name,
                told=", ".join(
                    filter(
                        None, (_(person.get_relation_display()), *numbers.get(person.pk, []), person.email)
                    )
                ),
                form=drawn(
                    said.of(f"person/{person.pk}"), _person_form(row, person, numbers.get(person.pk, []))
                ),
                drop_url=reverse("stock:drop_person", args=[row.pk, person.pk]),
                consents=tuple(given.get(person.pk, ())),
                consent_form=drawn(said.of(f"consent/{person.pk}"), _consent_form(row, person)),
                looks_url=f"{reverse('reports:looks')}?person={person.pk}" if sees_looks else "",
            )
            for person in Person.objects.filter(premises=row).order_by("family_key", "id")
        ),
        person_form=drawn(said.of("person"), _person_form(row, None, [])),
    )


def _flat_form(row: Premises) -> s.Form:
    return s.Form(
        url=reverse("stock:change_flat", args=[row.pk]),
        fields=(
            text("number", _("Номер"), row.number, required=True),
            text("entrance", _("Подъезд"), str(row.entrance), kind="number", required=True),
            text("floor", _("Этаж"), str(row.floor), kind="number", required=True),
        ),
        submit=_("Записать"),
        seen=edit.flat_seen(row),
    )


def _account_form(row: Premises, account: Account | None) -> s.Form:
    shown = account or Account()
    url = (
        reverse("stock:change_account", args=[row.pk, account.pk])
        if account
        else reverse("stock:add_account", args=[row.pk])
    )
    return s.Form(
        url=url,
        fields=(
            text("number", _("Лицевой счёт"), shown.number, required=True),
            text("holder", _("На кого"), shown.holder),
        ),
        submit=_("Записать") if account else _("Добавить счёт"),
        seen=edit.account_seen(account) if account else "",
    )


def _person_form(row: Premises, person: Person | None, phones: Sequence[str]) -> s.Form:
    shown = person or Person(relation="owner")
    relations = [(code, _(title)) for code, title in Person.RELATIONS]
    url = (
        reverse("stock:change_person", args=[row.pk, person.pk])
        if person
        else reverse("stock:add_person", args=[row.pk])
    )
    return s.Form(
        url=url,
        fields=(
            text("name", _("Фамилия, имя, отчество"), shown.name, required=True),
            text("relation", _("Кто он"), options=options(relations, shown.relation)),
            text("phones", _("Телефоны"), ", ".join(phones), hint=_("несколько — через запятую")),
            text("email", _("Почта"), shown.email),
        ),
        submit=_("Записать") if person else _("Добавить жителя"),
        seen=edit.person_seen(person) if person else "",
    )


def _consent(row: Premises, consent: Consent, said: Said) -> s.ConsentLine:
    form = s.Form(
        url=reverse("stock:withdraw_consent", args=[row.pk, consent.pk]),
        fields=(text("withdrawn_on", _("Отозвано"), clock.today().isoformat(), kind="date", required=True),),
        submit=_("Записать отзыв"),
    )
    since, until = (f"{day:%d.%m.%Y}" if day else "" for day in (consent.given_on, consent.withdrawn_on))
    days = (_("дано %(since)s, отозвано %(until)s") if until else _("дано %(since)s")) % {
        "since": since,
        "until": until,
    }
    return s.ConsentLine(
        title=_(consent.get_purpose_display()),
        told=f"{days} · {consent.document}",
        form=None if until else drawn(said.of(f"withdrawn/{consent.pk}"), form),
    )


def _consent_form(row: Premises, person: Person) -> s.Form:
    purposes = [(code, _(title)) for code, title in Consent.PURPOSES]
    return s.Form(
        url=reverse("stock:give_consent", args=[row.pk, person.pk]),
        fields=(
            text("purpose", _("На что"), options=options(purposes)),
            text("document", _("Документ"), hint=_("бланк и его редакция, где лежит"), required=True),
            text("given_on", _("Дано"), clock.today().isoformat(), kind="date", required=True),
        ),
        submit=_("Записать согласие"),
    )
