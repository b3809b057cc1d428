"""Entrances, risers and lifts on a house's page: each table with the form of every row and of a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.kernel.words import phone_words
from vakhta.places import parts
from vakhta.places.models import Building, Entrance, Lift, Riser
from vakhta.web import show
from vakhta.web.offices.forms import Said, drawn
from vakhta.web.screens import Choice
from vakhta.web.stock import screens as s


def tables(house: Building, now: datetime, said: Said) -> tuple[s.PartTable, ...]:
    """`said`: the form «lift» or «lift/17» as it was refused. Three queries."""
    known = {kind: list(part.model.objects.filter(building=house)) for kind, part in parts.PARTS.items()}
    numbers = {row.number for row in known["entrance"]}
    is_lacking = any(number not in numbers for number in range(1, house.entrances + 1))

    def table(kind: str, title: str, empty: str, hint: str, submit: str) -> s.PartTable:
        return s.PartTable(
            code=kind,
            title=title,
            empty=empty,
            submit=submit,
            rows=tuple(
                s.PartLine(
                    id=row.pk,
                    title=_title(row),
                    told=_told(row, house, now),
                    is_bad=bool(getattr(row, "stopped_since", None)),
                    form=drawn(said.of(f"{kind}/{row.pk}"), _form(kind, house, row)),
                    drop_url=reverse("stock:drop_part", args=[house.pk, kind, row.pk]),
                )
                for row in known[kind]
            ),
            form=drawn(said.of(kind), _form(kind, house, None)),
            fill_url=reverse("stock:fill_entrances", args=[house.pk])
            if kind == "entrance" and is_lacking
            else "",
            hint=hint,
        )

    return (
        table("entrance", _("Подъезды"), _("Код двери и квартиры подъезда ещё не внесены."), "", _("Добавить подъезд")),
        table("riser", _("Стояки"), _("Где что перекрывают, ещё не внесено."),
              _("Диспетчер увидит вентиль рядом со словами «перекройте стояк», слесарь — в наряде."), _("Добавить стояк")),
        table("lift", _("Лифты"), _("Лифты ещё не внесены.") if house.has_lift else _("В доме лифта нет."),
              _("Номер и телефон лифтовой службы встанут перед диспетчером, когда звонят о лифте. Стоит ли лифт, отмечают в «Отключениях»."), _("Добавить лифт")),
    )  # fmt: skip


def _title(row: Any) -> str:
    if isinstance(row, Entrance):
        return _("Подъезд %s") % row.number
    if isinstance(row, Riser):
        return _(row.get_service_display())
    return _("Лифт %(kind)s, № %(number)s") % {"kind": _(row.get_kind_display()), "number": row.number}


def _told(row: Any, house: Building, now: datetime) -> str:
    if isinstance(row, Entrance):
        return " · ".join(
            filter(
                None,
                (
                    _("кв. %(first)s–%(last)s") % {"first": row.first_flat, "last": row.last_flat} if row.first_flat else "",
                    _("этажей: %s") % row.floors if row.floors else "",
                    _("код %s") % row.code if row.code else "",
                ),
            )
        )  # fmt: skip
    where = _("подъезд %s") % row.entrance if row.entrance else _("весь дом")
    if isinstance(row, Riser):
        return " · ".join(filter(None, (where, row.feeds, _("перекрыть: %s") % row.valve)))
    stands = ""
    if row.stopped_since:
        stands = show.lift_stands(row.stopped_since, row.stop_reason, row.expected_at, house.zone, now)
    return " · ".join(filter(None, (where, row.serviced_by, phone_words(row.phone), stands)))


def _form(kind: str, house: Building, row: Any) -> s.Form:
    model = parts.part_of(kind).model
    shown = row or model()

    def text(name: str) -> str:
        value = getattr(shown, name)
        if name == "phone" and value:
            value = phone_words(value)
        return "" if value is None else str(value)

    def field(name: str, title: str, **more: Any) -> s.Field:
        return s.Field(name=name, title=title, value=text(name), **more)

    def choice(name: str, title: str, options: Any) -> s.Field:
        chosen = text(name)
        return s.Field(name=name, title=title, options=tuple(
            Choice(value=code, title=_(words), chosen=code == chosen) for code, words in options))  # fmt: skip

    fields: dict[str, Callable[[], tuple[s.Field, ...]]] = {
        "entrance": lambda: (
            field("number", _("Подъезд"), kind="number", required=True),
            field("first_flat", _("Квартиры с"), kind="number"),
            field("last_flat", _("по"), kind="number"),
            field("floors", _("Этажей"), kind="number"),
            field("code", _("Код двери")),
        ),
        "riser": lambda: (
            choice("service", _("Стояк"), Riser.SERVICES),
            field("entrance", _("Подъезд"), kind="number", hint=_("пусто — весь дом")),
            field("feeds", _("Что питает"), hint=_("квартиры, кухни или ванные")),
            field("valve", _("Где перекрыть"), required=True),
        ),
        "lift": lambda: (
            field("entrance", _("Подъезд"), kind="number", required=True),
            field("number", _("Регистрационный номер"), required=True),
            choice("kind", _("Какой"), Lift.KINDS),
            field("serviced_by", _("Кто обслуживает")),
            field("phone", _("Телефон их диспетчера")),
        ),
    }
    args = [house.pk, kind] if row is None else [house.pk, kind, row.pk]
    return s.Form(
        url=reverse("stock:change_part" if row is not None else "stock:add_part", args=args),
        fields=fields[kind](),
        submit=_("Записать") if row is not None else _("Добавить"),
        seen=parts.part_seen(kind, row) if row is not None else "",
    )
