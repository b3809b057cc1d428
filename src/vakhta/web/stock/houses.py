"""Houses, flats and residents as pages: what stands there and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain.permissions import may
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import current_scope
from vakhta.kernel.words import phone_words
from vakhta.people.models import HOUSING, Company
from vakhta.places import edit
from vakhta.places.models import AccessNote, Account, Building, Person, Phone, Premises
from vakhta.places.search import find_addresses
from vakhta.web.said import whole
from vakhta.web.screens import Choice, Errors, PageView
from vakhta.web.stock import parts
from vakhta.web.stock import screens as s

SHOWN = 50
FLATS = 1000
"""Flats of a house that its page shows."""
Said = Mapping[str, str]


def houses(page: PageView, said: Said, errors: Errors, new: Said | None = None) -> s.HouseList:
    """Houses by address or company, fifty at a time; `new`: the form of a new one as it was sent."""
    offices = list(
        Company.objects.filter(kind__in=HOUSING).order_by("short_name").values_list("pk", "short_name")
    )
    query, company, after = said.get("q", "").strip()[:200], said.get("company", ""), said.get("after", "")
    found = _found(query, company, after)
    shown = found[:SHOWN]
    flats = _flats_of([row.pk for row in shown])
    more = f"?company={company}&after={shown[-1].pk}" if len(found) > SHOWN else ""
    form = new if new is not None else {}
    return s.HouseList(
        page=page,
        url=reverse("stock:houses"),
        q=query,
        companies=_options(offices, company, _("все")),
        rows=tuple(
            s.HouseLine(
                title=str(row),
                url=reverse("stock:house", args=[row.pk]),
                city=row.city,
                company=row.company.short_name,
                told=_told(row, flats.get(row.pk, 0)),
            )
            for row in shown
        ),
        more_url=more,
        form=_house_form(form, reverse("stock:houses"), errors, offices),
        import_url=reverse("stock:imports"),
    )


def _found(query: str, company: str, after: str) -> Sequence[Building]:
    if query:
        return [hit.building for hit in find_addresses(query, limit=20)]
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


def _options(offices: Sequence[tuple[int, str]], chosen: str, empty: str = "") -> tuple[Choice, ...]:
    first = (Choice(value="", title=empty, chosen=not chosen),) if empty else ()
    return (*first, *(Choice(value=str(pk), title=name, chosen=str(pk) == chosen) for pk, name in offices))


def _house_form(
    said: Said, url: str, errors: Errors, offices: Sequence[tuple[int, str]] = (), seen: str = ""
) -> s.Form:
    """Of a new house with its company and flats, or of one that is there."""

    def field(name: str, title: str, **more: object) -> s.Field:
        return s.Field(name=name, title=title, value=said.get(name, ""), **more)  # type: ignore[arg-type]

    fields = [
        field("street", _("Улица"), required=True, hint=_("как на табличке: «ул. Садовая», «пер. Полевой»")),
        field("house", _("Дом"), required=True),
        field("city", _("Город"), required=True),
        field("floors", _("Этажей"), kind="number", required=True),
        field("entrances", _("Подъездов"), kind="number", required=True),
    ]
    if offices:
        fields = [s.Field(name="company", title=_("Чей дом"), options=_options(offices, said.get("company", ""))), *fields,
                  field("flats", _("Квартир, с первой по порядку"), kind="number")]  # fmt: skip
    else:
        fields.append(field("guid", _("Код дома ФИАС")))
    ticks = (("has_lift", _("лифт")), ("has_gas", _("газ")), ("has_chute", _("мусоропровод")))
    return s.Form(
        url=url,
        fields=tuple(fields),
        ticks=tuple(
            s.Tick(name=name, title=title, is_on=said.get(name, "") == "yes") for name, title in ticks
        ),
        submit=_("Добавить дом") if offices else _("Записать"),
        seen=seen,
        errors=errors,
    )


def house(
    page: PageView, row: Building, said: Said | None = None, form: str = "", errors: Errors | None = None
) -> s.HousePage:
    """`form`: which of the page's forms was refused with `errors`, and what it `said`. Seven queries."""
    wrong, typed = errors or {}, said or {}

    def of(code: str) -> tuple[Said, Errors]:
        return (typed, wrong) if form == code else ({}, {})

    known = {
        name: str(getattr(row, name) or "")
        for name in ("street", "house", "city", "floors", "entrances", "guid")
    }
    known |= {name: "yes" if getattr(row, name) else "" for name in ("has_lift", "has_gas", "has_chute")}
    own, own_wrong = of("house")
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
        form=_house_form(own or known, reverse("stock:change_house", args=[row.pk]), own_wrong, seen=edit.building_seen(row)),
        entrances=tuple(s.EntranceFlats(number=n, flats=tuple(links)) for n, links in sorted(entrances.items())),
        is_cut=len(flats) == FLATS,
        flats_form=_flats_form(row, *of("flats")),
        notes=tuple(
            s.NoteLine(kind=_(note.get_kind_display()), title=note.title, where=note.where,
                       drop_url=reverse("stock:drop_note", args=[row.pk, note.pk]))
            for note in AccessNote.objects.filter(building=row)
        ),
        note_form=_note_form(row, *of("note")),
        parts=parts.tables(row, page.now, of),
    )  # fmt: skip


def _flats_form(row: Building, said: Said, errors: Errors) -> s.Form:
    return s.Form(
        url=reverse("stock:add_flats", args=[row.pk]),
        fields=(
            s.Field(name="first", title=_("Номер или с номера"), value=said.get("first", ""), required=True),
            s.Field(name="last", title=_("по номер"), value=said.get("last", ""), kind="number"),
            s.Field(
                name="entrance",
                title=_("Подъезд"),
                value=said.get("entrance", "1"),
                kind="number",
                required=True,
            ),
            s.Field(
                name="floor", title=_("Этаж"), value=said.get("floor", "1"), kind="number", required=True
            ),
        ),
        submit=_("Добавить помещения"),
        errors=errors,
    )


def _note_form(row: Building, said: Said, errors: Errors) -> s.Form:
    kinds = tuple(
        Choice(value=code, title=_(title), chosen=code == said.get("kind"))
        for code, title in AccessNote.KINDS
    )
    return s.Form(
        url=reverse("stock:add_note", args=[row.pk]),
        fields=(
            s.Field(name="kind", title=_("Вид"), options=kinds),
            s.Field(name="title", title=_("Что это"), value=said.get("title", ""), required=True),
            s.Field(name="where", title=_("Где или какой"), value=said.get("where", ""), required=True),
        ),
        submit=_("Добавить доступ"),
        errors=errors,
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


def flat(
    page: PageView, row: Premises, said: Said | None = None, form: str = "", errors: Errors | None = None
) -> s.FlatPage:
    """`form`: «flat», «account», «person» or «person/17». Four queries."""
    wrong, typed = errors or {}, said or {}

    def of(code: str) -> tuple[Said, Errors]:
        return (typed, wrong) if form == code else ({}, {})

    own, own_wrong = of("flat")
    sees_looks = may(current_scope().role, "looks.see")
    numbers: dict[int, list[str]] = {}
    for phone in Phone.objects.filter(person__premises=row).order_by("id"):
        numbers.setdefault(phone.person_id, []).append(phone_words(phone.number))
    return s.FlatPage(
        page=page,
        title=_("%(house)s, кв. %(flat)s") % {"house": row.building, "flat": row.number},
        house_url=reverse("stock:house", args=[row.building_id]),
        house=str(row.building),
        form=s.Form(
            url=reverse("stock:change_flat", args=[row.pk]),
            fields=tuple(
                s.Field(
                    name=name,
                    title=title,
                    value=own.get(name, str(getattr(row, name))),
                    kind=kind,
                    required=True,
                )
                for name, title, kind in (
                    ("number", _("Номер"), "text"),
                    ("entrance", _("Подъезд"), "number"),
                    ("floor", _("Этаж"), "number"),
                )
            ),
            submit=_("Записать"),
            seen=edit.flat_seen(row),
            errors=own_wrong,
        ),
        accounts=tuple(
            s.AccountLine(
                number=account.number,
                holder=account.holder,
                drop_url=reverse("stock:drop_account", args=[account.pk]),
            )
            for account in Account.objects.filter(premises=row).order_by("number")
        ),
        account_form=_account_form(row, *of("account")),
        people=tuple(
            s.PersonLine(
                title=person.name,
                told=", ".join(
                    filter(
                        None, (_(person.get_relation_display()), *numbers.get(person.pk, []), person.email)
                    )
                ),
                form=_person_form(row, person, numbers.get(person.pk, []), *of(f"person/{person.pk}")),
                drop_url=reverse("stock:drop_person", args=[row.pk, person.pk]),
                looks_url=f"{reverse('reports:looks')}?person={person.pk}" if sees_looks else "",
            )
            for person in Person.objects.filter(premises=row).order_by("family_key", "id")
        ),
        person_form=_person_form(row, None, [], *of("person")),
    )


def _account_form(row: Premises, said: Said, errors: Errors) -> s.Form:
    return s.Form(
        url=reverse("stock:add_account", args=[row.pk]),
        fields=(
            s.Field(name="number", title=_("Лицевой счёт"), value=said.get("number", ""), required=True),
            s.Field(name="holder", title=_("На кого"), value=said.get("holder", "")),
        ),
        submit=_("Добавить счёт"),
        errors=errors,
    )


def _person_form(
    row: Premises, person: Person | None, phones: Sequence[str], said: Said, errors: Errors
) -> s.Form:
    known = (
        {"name": person.name, "relation": person.relation, "email": person.email, "phones": ", ".join(phones)}
        if person
        else {"relation": "owner"}
    )
    shown = said or known
    url = (
        reverse("stock:change_person", args=[row.pk, person.pk])
        if person
        else reverse("stock:add_person", args=[row.pk])
    )
    return s.Form(
        url=url,
        fields=(
            s.Field(name="name", title=_("Фамилия, имя, отчество"), value=shown.get("name", ""), required=True),
            s.Field(name="relation", title=_("Кто он"), options=tuple(
                Choice(value=code, title=_(title), chosen=code == shown.get("relation")) for code, title in Person.RELATIONS
            )),
            s.Field(name="phones", title=_("Телефоны"), value=shown.get("phones", ""), hint=_("несколько — через запятую")),
            s.Field(name="email", title=_("Почта"), value=shown.get("email", "")),
        ),
        submit=_("Записать") if person else _("Добавить жителя"),
        seen=edit.person_seen(person) if person else "",
        errors=errors,
    )  # fmt: skip
