"""Samples of the ticket page."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from vakhta.web.console import screens as c
from vakhta.web.console import ticket_screens as t
from vakhta.web.console.ticket_forms import NOBODY, TAKEN_FOR
from vakhta.web.gallery import console_cards
from vakhta.web.gallery import people as p
from vakhta.web.screens import Choice, Conflict, FileView, NoticeLine, StatusView, Toast

LINK = "https://disk.example.ru/d/" + "a1B2c3D4e5F6g7H8" * 11
"""One word without a place to break: it must not push the page aside."""


def timeline(now: datetime) -> tuple[t.TimelineRow, ...]:
    def ago(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    operator, crew = "Иванова О. П.", "Кузнецов П. А."
    return (
        t.TimelineRow(entry=48211, title="Повреждение локализовано", at=ago(2), who=crew, tone="good", undo_url="#"),
        t.TimelineRow(entry=48209, title="Комментарий", at=ago(4), who=crew, words="стояк перекрыт, течь на резьбе, меняю участок 60 см",
                      files=(FileView(title="резьба.jpg", url="#", kind="image"),)),
        t.TimelineRow(entry=48208, title="Комментарий", at=ago(6), who=operator, words=f"снимок жильца: {LINK}"),
        t.TimelineRow(entry=48207, title="Бригада на месте", at=ago(9), who=crew),
        t.TimelineRow(entry=48205, title="Срок под угрозой", at=ago(11), who="система", words="локализация, ПП 416 п. 13", tone="wait"),
        t.TimelineRow(entry=48201, title="Бригада выехала", at=ago(16), who=crew),
        t.TimelineRow(entry=48200, title="Наряд принят", at=ago(18), who=crew),
        t.TimelineRow(entry=48197, title="Передана на исполнение", at=ago(20), who=operator, words="бригаде 2", undone=True),
        t.TimelineRow(entry=48196, title="Допуск в помещение", at=ago(21), who=operator, words="сегодня 09:10–09:40, перекрыть стояк, Кузнецов П. А."),
        t.TimelineRow(entry=48195, title="Сроки сообщены заявителю", at=ago(21), who=operator, words="до 27 ноября, пт"),
        t.TimelineRow(entry=48193, title="Номер назван заявителю", at=ago(22), who=operator),
        t.TimelineRow(entry=48192, title="Заявка зарегистрирована", at=ago(22), who=operator, words="Течёт стояк в ванной, соседи снизу звонят",
                      recorded_at=ago(1), late_reason="бумажная ночь, не было света"),
    )  # fmt: skip


def forms() -> tuple[t.TicketForm, ...]:
    return (
        t.TicketForm(code="assign", title="Передать другим", key="Alt+N", post_url="#", reason_title="Почему забираете", submit="Передать другим",
                     lead="Сейчас: бр. 6 · Сантехники, север, в пути. Исполнитель увидит, что наряд забрали и почему.", reasons=TAKEN_FOR,
                     crews=(*console_cards.panel(p.NOW, 8).crews, c.CrewChoice(value=NOBODY, title="Никому: заявка будет ждать"))),  # type: ignore[attr-defined]
        t.TicketForm(code="correct", title="Исправить", key="Alt+I", post_url="#", text_name="description", text_title="Описание", choices_url="/demo/gallery/fragment/natures/",
                     text="Течёт стояк в ванной, соседи снизу звонят", choice_title="Неисправность", reason_title="Почему",
                     choices=(Choice(value="a", title="Квартира › ХВС › Течь стояка", chosen=True), Choice(value="b", title="Квартира › ГВС › Течь стояка")),
                     version="3", submit="Исправить", moment_title="Когда повредилось", moment="2026-11-24T00:30"),
        t.TicketForm(code="merge", title="Объединить", key="Alt+M", post_url="#", text_name="into", text_title="С какой заявкой",
                     lead="Эта заявка войдёт в другую: её номер сохранится, сроки прекратятся.", reason_title="Почему"),
        t.TicketForm(code="void", title="Аннулировать", key="Alt+L", post_url="#", grave=True, reason_title="Почему",
                     lead="Номер останется в журнале, сроки прекратятся.", reasons=("повтор", "зарегистрирована по ошибке")),
    )  # fmt: skip


def retyped() -> t.TicketForm:
    """The form of correction while other words are typed into it."""
    correct = next(form for form in forms() if form.code == "correct")
    blockage = Choice(value="c", title="Квартира › Водоотведение › Засор")
    return dataclasses.replace(correct, choices=(blockage, *correct.choices))


def ticket(now: datetime) -> t.TicketPage:
    return t.TicketPage(
        page=p.page("№ 26-204 337", now), number=p.number(204337, ""), title="ХВС, течь стояка", severity=p.EMERGENCY,
        status=p.ON_SITE, address=p.LENINA, channel=p.channel("phone"), registered_at=now - timedelta(minutes=22),
        description="Течёт стояк в ванной, соседи снизу звонят", live="ticket/17", url="#", applicant=p.PETROVA, phone=p.PHONE,
        company="УК «Северная»", clocks=(
            p.contain(now, 600, state="met", stopped_at=now - timedelta(minutes=2)),
            p.eliminate(now, 257_000),
            p.terms(now, 480, state="met", stopped_at=now - timedelta(minutes=21), recorded_late=True)),
        notices=(NoticeLine(text="Отключение ХВС 14:00–18:00, Водоканал, телефонограмма 118"),),
        facts=(c.Line(label="Маршрут", value="Авария на стояке"), c.Line(label="План", value="Бригада 4 перекрывает стояк ХВС п. 2; затем замена участка в кв. 42."),
               c.Line(label="Допуск", value="сегодня 09:10–09:40", detail="Кузнецов П. А."), c.Line(label="Службы", value="Водоканал, 00:41"),
               c.Line(label="Повреждение", value="24 ноября, вт, 00:30"), c.Line(label="Заливает ли соседей?", value="да, кв. 38", tone="bad")),
        works=(t.Work(title="Бригада 4, Кузнецов П. А.", status=p.ON_SITE, at=now - timedelta(minutes=20)),),
        contacts=(c.Line(label="звонок, 00:40", value="+7 916 123-45-67", detail="регистрация"), c.Line(label="звонок, 00:52", value="кв. 38", detail="«где бригада?»")),
        files=(FileView(title="резьба.jpg", url="#", kind="image", size="1,2 МБ", by="Кузнецов П. А.", at=now - timedelta(minutes=4)),),
        timeline=timeline(now), forms=forms(), comment_url="#", file_url="#", print_url="#", presence_url="/demo/gallery/fragment/presence/",
    )  # fmt: skip


def returned(now: datetime) -> t.TicketPage:
    row = t.TimelineRow(
        entry=48300,
        title="Заявитель вернул заявку",
        at=now,
        who="Петрова А. С.",
        words="оценка 2 из 5 · Опять капает, уже меньше",
        tone="bad",
    )
    return dataclasses.replace(
        ticket(now), status=p.RETURNED, address=p.LONG_ADDRESS, company=p.LONG_COMPANY, timeline=(row, *timeline(now)),
        clocks=(p.contain(now, -75, state="breached"), p.eliminate(now, -4000)),
        last=Toast(text="Заявка исправлена", undo_url="#", undo_until=now + timedelta(seconds=9)),
        comment_errors={"text": "Комментарий пуст: напишите хотя бы слово."}, files=(),
    )  # fmt: skip


def both(now: datetime) -> t.TicketPage:
    """Two corrected the same words: whoever came second has both before the eyes."""
    conflict = Conflict(
        who="Сидорова М. А.",
        at=now - timedelta(seconds=20),
        theirs="Течёт стояк в туалете",
        mine="Течёт стояк в ванной",
    )
    correct = dataclasses.replace(retyped(), conflict=conflict)
    return dataclasses.replace(ticket(now), forms=tuple(correct if form.code == "correct" else form for form in forms()))  # fmt: skip


def old(now: datetime) -> t.TicketPage:
    """Carried over from a journal that was kept before."""
    where = "журнал «Журнал заявок АДС за 2024 год (исправленный, последний).xlsx», лист «Март», строка 1548"
    row = t.TimelineRow(
        entry=51002, title="Заявка перенесена из прежнего журнала", at=now - timedelta(days=2), who="Ким И. О.",
        words=f"{where} · № 1547/24 · ХВС: течь стояка (по словам) · Течёт стояк в ванной · исполнитель: слесарь Зуев · срок: сутки · результат: поставлен хомут",
    )  # fmt: skip
    return dataclasses.replace(
        ticket(now), number=p.old_number(), title="ХВС: течь стояка (по словам)",
        status=StatusView(code="closed", title="закрыта", tone="good"), clocks=(), notices=(), works=(), contacts=(), files=(), forms=(),
        registered_at=now - timedelta(days=988), carried=where, has_time=False, zone="Europe/Moscow", timeline=(row,),
        facts=(c.Line(label="Исполнитель", value="слесарь Зуев"), c.Line(label="Срок по журналу", value="сутки"),
               c.Line(label="Выполнена", value="13 марта 2024, ср"), c.Line(label="Результат", value="поставлен хомут")),
    )  # fmt: skip
