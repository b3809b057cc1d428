"""A sheet of a paper night, half entered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from vakhta.domain.classifier import SERVICES
from vakhta.reports.paper import COLUMNS
from vakhta.web.console.paper_build import AREAS, MOMENTS, FieldView, GroupView, LineView, fields_of
from vakhta.web.gallery import people as p
from vakhta.web.screens import Choice

SAID = {
    "received_at": "02:10", "answered_at": "02:12", "caller": "Константинопольский Вениамин Константинович",
    "address": f"{p.LONG_STREET}, 118к2 стр. 3, кв. 1204", "description": "Течёт стояк в ванной, соседи снизу звонят",
}  # fmt: skip
CHOICES = {
    "outside": ("наш", "не в фонде"),
    "channel": ("телефон", "диспетчеру лично"),
    "outcome": ("заявка", "дополнение к заявке", "консультация"),
    "classifier": ("—", "Квартира › ХВС: течь стояка", "Дом › Водоотведение: засор канализационного выпуска"),
    "service_1": ("—", *SERVICES.values()),
    "service_2": ("—", *SERVICES.values()),
    "performer": ("—", "бр. 2 · Сантехники, юг", p.LONG_COMPANY),
}


def sheet(now: datetime, errors: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "page": p.page("Записать с бумаги", now, current="paper"), "sheet": "1", "focus": "reason",
        "reason": "не было света с 02:10 до 05:40", "day": date(2026, 11, 24), "errors": errors or {},
        "lines": tuple(_line(number) for number in (1, 2)), "entered": ("26-204337", "26-204338"), "count": "2",
    }  # fmt: skip


def wrong(now: datetime) -> dict[str, Any]:
    return sheet(
        now,
        {
            "": "Лист не записан, набранное сохранено: исправьте отмеченное и запишите ещё раз.",
            "answered_at-1": "Время не читается: нужно вроде 02:10 или 25.11 02:10.",
            "address-1": "Такого дома нет: проверьте улицу и номер или отметьте, что он не в фонде.",
        },
    )


def _line(number: int) -> LineView:
    groups = []
    for column in COLUMNS:
        fields = fields_of(column)
        groups.append(
            GroupView(
                title=column.title,
                code=next(iter(fields)).removesuffix("_at"),
                fields=tuple(_field(name, title, number) for name, title in fields.items()),
            )
        )
    return LineView(number=number, groups=tuple(groups))


def _field(name: str, title: str, number: int) -> FieldView:
    choices = tuple(Choice(value=title, title=title) for title in CHOICES.get(name, ()))
    return FieldView(
        name=f"{name}-{number}",
        label=title.capitalize(),
        value=SAID.get(name, "") if number == 1 else "",
        kind="select" if choices else "textarea" if name in AREAS else "text",
        options=choices,
        placeholder="02:10" if name in MOMENTS else "",
    )
