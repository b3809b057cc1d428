"""The cast of the samples, the same names on every screen, and moments relative to one «now»."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from vakhta.domain.permissions import may
from vakhta.web.pages import NAV
from vakhta.web.screens import (
    AddressView,
    ChannelView,
    ClockView,
    LinkView,
    PageView,
    PersonView,
    PhoneView,
    SeverityView,
    StatusView,
    TicketNumber,
)

NOW = datetime(2026, 11, 24, 6, 2, 40, tzinfo=UTC)

LONG_COMPANY = "Управляющая компания «Жилищно-коммунальное хозяйство Северо-Восточного района»"
LONG_STREET = "проезд Героев-первопроходцев Северо-Восточного месторождения"

PETROVA = PersonView(
    name="Петрова Анна Сергеевна",
    role="собственник",
    note="слабый слух, говорить громче",
)
IVANOVA = PersonView(name="Иванова О. П.", role="диспетчер")
PHONE = PhoneView(phone="+79161234567")
LENINA = AddressView(
    text="ул. Ленина, 15",
    flat="кв. 42",
    inside="п. 2, эт. 4, код 42В",
    zone="Europe/Moscow",
)
LONG_ADDRESS = AddressView(
    text=f"{LONG_STREET}, 118к2 стр. 3",
    flat="кв. 1204",
    inside="п. 12, эт. 24",
    zone="Asia/Yekaterinburg",
)

EMERGENCY, URGENT = SeverityView(code="emergency"), SeverityView(code="urgent")
ORDINARY, INFORMATION = SeverityView(code="ordinary"), SeverityView(code="information")

NEW = StatusView(code="new", title="не назначена", tone="wait")
ACCEPTED = StatusView(code="accepted", title="бригада 4 приняла", tone="busy")
ON_WAY = StatusView(code="on_the_way", title="бригада выехала", tone="busy")
ON_SITE = StatusView(code="on_site", title="бригада на месте", tone="busy")
DONE = StatusView(code="done", title="выполнена, ждёт ответа", tone="wait")
CONFIRMED = StatusView(code="confirmed", title="подтверждена", tone="good")
RETURNED = StatusView(code="returned", title="возвращена", tone="bad")


def channel(code: str) -> ChannelView:
    return ChannelView(code=code)


def number(serial: int, url: str = "#ticket") -> TicketNumber:
    return TicketNumber(number=f"26-{serial:06d}", url=url)


def old_number(url: str = "#ticket") -> TicketNumber:
    return TicketNumber(number="П-1901", url=url, said="1547/24", is_old=True)


def clock(
    now: datetime,
    title: str,
    minutes: float,
    left: float,
    norm: str = "",
    act: str = "",
    **more: object,
) -> ClockView:
    """A clock of `minutes` with `left` seconds to go."""
    due = now + timedelta(seconds=left)
    return ClockView(
        title=title, now=now, started_at=due - timedelta(minutes=minutes), due_at=due,
        norm_text=norm, act_item=act, zone="Europe/Moscow", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def answer(now: datetime, left: float) -> ClockView:
    return clock(now, "Ответ", 5, left, "ответить на звонок за 5 минут", "ПП 416, п. 13")


def message(now: datetime, left: float) -> ClockView:
    return clock(
        now,
        "Рассмотреть",
        10,
        left,
        "рассмотреть сообщение за 10 минут",
        "ПП 416, п. 13",
    )


def callback(now: datetime, left: float) -> ClockView:
    return clock(now, "Перезвонить", 10, left, "перезвонить за 10 минут", "ПП 416, п. 13")


def contain(now: datetime, left: float, **more: object) -> ClockView:
    return clock(
        now,
        "Локализация",
        30,
        left,
        "локализовать за 30 минут",
        "ПП 416, п. 13",
        **more,
    )


def terms(now: datetime, left: float, **more: object) -> ClockView:
    return clock(
        now,
        "Сроки сообщить",
        30,
        left,
        "сообщить сроки за 30 минут",
        "ПП 416, п. 13",
        **more,
    )


def eliminate(now: datetime, left: float) -> ClockView:
    return clock(
        now,
        "Устранение",
        3 * 24 * 60,
        left,
        "устранить за 3 суток от повреждения",
        "ПП 416, п. 13",
    )


def page(
    title: str, now: datetime, *, current: str = "", person: PersonView = IVANOVA, role: str = "senior"
) -> PageView:
    """`current`: of a room of `NAV` the end of its name. A senior has most rooms."""
    return PageView(
        title=title, now=now, person=person, sign_out_url="#out", security_url="#security", demo_url="/demo/enter/", draft_owner="staff/7",
        nav=tuple(LinkView(title=_(word), url=f"#{name}", current=name.endswith(f":{current}")) for verb, name, word in NAV if may(role, verb)),
    )  # fmt: skip
