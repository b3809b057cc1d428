"""Samples of the remaining pages: the demo's people, norms, directory, journal, mail, failure."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date, datetime, timedelta

from vakhta.domain.regulations.gosstroy170 import STATUS
from vakhta.web.console import office_screens as o
from vakhta.web.gallery import people as p
from vakhta.web.journal.terms_build import rows as term_rows
from vakhta.web.public.rights_views import table
from vakhta.web.screens import Choice, LinkView, NormMark, PageView, PersonView, PhoneView


def _plain(now: datetime, title: str) -> PageView:
    return PageView(title=title, now=now, demo_url="/demo/")


def enter(now: datetime) -> o.Enter:
    seats = (("Диспетчер", "Иванова Ольга Петровна", "Пульт: очередь, карточка, девять шагов", ""),
             ("Старший диспетчер", "Громова Вера Ильинична", "Табло, журнал, всё что у диспетчера", ""),
             ("Мастер", "Орлов Пётр Сергеевич", "Табло и раздача нарядов", ""),
             ("Исполнитель", "Кузнецов Пётр Андреевич", "Наряды на телефоне", "лучше в узком окне"),
             ("Житель", "Петрова Анна Сергеевна", "Ссылка из письма: что с заявкой", ""),
             ("Администратор", "Ким Ирина Олеговна", "Организации, люди, бригады, дома, нормы", ""))  # fmt: skip
    return o.Enter(page=_plain(now, "Войти как…"), links=(LinkView(title="Письма показа", url="#"), LinkView(title="API", url="#")),
                   seats=tuple(o.Seat(title=a, person=PersonView(name=b), text=c, note=d, post_url="#") for a, b, c, d in seats))  # fmt: skip


def _norm(
    title: str, limit: str, item: str, verified: str, *, note: str = "", corrected: str = ""
) -> o.NormRow:
    return o.NormRow(code=title, title=title, limit=limit, act="ПП 416", item=f"п. {item}", edition="ред. 26.01.2026 № 40", since=date(2026, 9, 1),
                     mark=NormMark(verified=verified), starts="регистрация", stops="локализация", correct_url="#", note=note, corrected=corrected,
                     unit="minutes", promise_url="#", promised=("«Северная»: 20 минут",) if corrected else ())  # fmt: skip


def norms(now: datetime) -> o.Norms:
    rows = (
        _norm("Ответ на звонок", "5 мин", "13", "text"),
        _norm(
            "Локализация повреждения",
            "30 мин",
            "13",
            "secondary",
            corrected="20 мин с 1 декабря: договор с УК «Северная»",
        ),
        _norm(
            "Засор мусоропровода",
            "2 ч, с 08 до 23",
            "13",
            "unverified",
            note="окно считается по времени дома",
        ),
    )
    return o.Norms(page=p.page("Нормы", now, current="norms"), groups=(o.NormGroup(title="ПП 416: аварийно-диспетчерское обслуживание", rows=rows),
                   o.NormGroup(title="Госстрой 170: сроки ремонта", status=STATUS, rows=(rows[0], dataclasses.replace(rows[2], is_past=True, correct_url="", promise_url="")))),
                   breaks=(o.BreakRow(title="ХВС", when="всегда", month="8 ч", once="4 ч", mark=NormMark(verified="secondary")),
                           o.BreakRow(title="ХВС", when="авария на централизованной сети", month="—", once="по техническим нормам", mark=NormMark(verified="secondary")),
                           o.BreakRow(title="ГВС", when="авария на тупиковой магистрали", month="—", once="24 ч", mark=NormMark(verified="unverified"))),
                   hot_water="Горячая вода: 60–75 °C; с 0 до 5 часов отклонение не больше 5 °C.")  # fmt: skip


def norm_correction(now: datetime) -> o.Norms:
    ready = norms(now)
    form = o.NormCorrection(row=ready.groups[0].rows[1], post_url="#", limit="45", since=date(2026, 12, 1), reason="договор",
                            marks=(Choice(value="", title="как была", chosen=True), Choice(value="text", title="сверено с текстом акта")),
                            errors={"limit": "45 минут мягче нормы (30). Можно только строже: до 30."})  # fmt: skip
    return dataclasses.replace(ready, correct=form)


def duty(now: datetime) -> o.Duty:
    return o.Duty(page=p.page("Справочник", now, current="duty_page", role="operator"), print_url="#", blank_url="#", groups=(
        o.DutyGroup(title="Службы", rows=(
            o.DutyRow(title="Газовая служба", phone=PhoneView(phone="104")), o.DutyRow(title="ЕДДС", phone=PhoneView(phone="112")),
            o.DutyRow(title="Водоканал, диспетчер", phone=PhoneView(phone="+74950000001"), note="телефонограммы до 17:00"),
            o.DutyRow(title="Лифт-Сервис", phone=PhoneView(phone="+74950000009"), note="аварийная, круглосуточно"))),
        o.DutyGroup(title="Дежурные люди", rows=(
            o.DutyRow(title="Главный инженер Орлов П. С.", phone=p.PHONE, until=now + timedelta(hours=20)),)),
    ), url="#", more=812, houses=(
        o.DutyHouse(address="ул. Ленина, 15", groups=(
            o.DutyGroup(title="Задвижки", rows=(
                o.DutyRow(title="Ввод ХВС", where="подвал, п. 2", note="слева от ввода, №14"),)),
            o.DutyGroup(title="Ключи и коды", rows=(
                o.DutyRow(title="Домофон, подъезд 1", where="16К6492"),)))),
        o.DutyHouse(address=p.LONG_STREET + ", 118к2", groups=(
            o.DutyGroup(title="Задвижки", rows=(
                o.DutyRow(title="Отопление", where="ИТП", note="ключ у старшей по дому"),)),)),
    ))  # fmt: skip


def journal(now: datetime) -> o.JournalPage:
    titles = (
        "Заявка зарегистрирована",
        "Номер назван заявителю",
        "Сроки сообщены заявителю",
        "Передана на исполнение",
        "Срок под угрозой",
    )
    rows = tuple(
        o.JournalRow(number=48211 - n, at=now - timedelta(minutes=n), title=titles[n % 5], who="Иванова О. П.", url="#",
                     about="№ 26-204 337, ул. Ленина, 15, кв. 42", what="", recorded_at=now if n == 3 else None,
                     late_reason="бумажная ночь" if n == 3 else "") for n in range(12)
    )  # fmt: skip
    return o.JournalPage(page=p.page("Журнал", now, current="journal"), rows=rows, since=date(2026, 11, 24), until=date(2026, 11, 24), post_url="#",
                         downloads=tuple(LinkView(title=kind, url="#") for kind in ("PDF", "XLSX", "CSV")), older_url="#",
                         verified="Цепь цела: 48 211 записей, проверено в 09:00")  # fmt: skip


def looks(now: datetime) -> o.LooksPage:
    def row(minutes: int, who: str, role: str, about: str, how: str = "открыто", **more: str) -> o.LookRow:
        return o.LookRow(
            at=now - timedelta(minutes=minutes), who=who, role=role, how=how, about=about, **more
        )

    return o.LooksPage(
        page=p.page("Кто смотрел", now, current="journal"), url="#", all_url="#", more_url="#more", journal_url="#",
        is_filtered=True, person="7", person_name="Петрова Анна Сергеевна",
        staff=(Choice(value="", title="все", chosen=True),), hows=(Choice(value="", title="все", chosen=True),),
        rows=(
            row(3, "Иванова Ольга Петровна", "диспетчер", "карточка обращения, ул. Ленина, 15, кв. 42"),
            row(5, "Иванова Ольга Петровна", "диспетчер", "заявка № 26-204 337, ул. Ленина, 15, кв. 42", url="#"),
            row(40, "Громова Вера Ильинична", "старший диспетчер", "список заявок", how="сохранено файлом",
                note="XLSX, 240 строк · Состояние: открытые; Организация: «Северная»"),
            row(1500, "Ким Ирина Олеговна", "администратор", f"жители: {p.LONG_STREET}, 118к2 стр. 3, кв. 1204", url="#"),
        ),
    )  # fmt: skip


def terms(now: datetime) -> o.TermsPage:
    def act(days: int, title: str, company: str, what: str, url: str = "#") -> o.ErasedRow:
        return o.ErasedRow(at=now - timedelta(days=days), title=title, company=company, what=what, url=url)

    first, *others = term_rows()
    return o.TermsPage(
        page=p.page("Сроки хранения", now, current="journal"), journal_url="#", looks_url="#", more_url="#more",
        rows=(replace(first, length="5 лет", own="3 года"), *others),
        acts=(
            act(0, "Акт № 26-41, по сроку хранения", p.LONG_COMPANY,
                "заявки: 200, обращения: 200, файлы: 87, письма: 200, просмотры карточек: 5000, слова в записях журнала: 3812"),
            act(1, "Акт № 26-40, по сроку хранения", "«Северная»", "письма: 3, слова в записях журнала: 3"),
            act(9, "По просьбе человека: заявление от 20.11.2026 № 5", "«Северная»", "заявки: 2, обращения: 2, жильцы: 1", ""),
        ),
    )  # fmt: skip


def no_acts(now: datetime) -> o.TermsPage:
    return o.TermsPage(
        page=p.page("Сроки хранения", now, current="journal"), rows=term_rows(), journal_url="#"
    )


def mailbox(now: datetime) -> o.Mailbox:
    text = "Здравствуйте, Анна Сергеевна!\n\nВаша заявка № 26-204 337 «Течь стояка ХВС» принята.\nИсправим до 27 ноября, пт, 08:40."
    mail = o.Mail(
        id="1",
        subject="Заявка № 26-204 337 принята",
        to="petrova@example.ru",
        at=now,
        text=text,
        links=("#link",),
    )
    return o.Mailbox(page=_plain(now, "Письма показа"), mails=(mail, mail))


def failure(now: datetime) -> o.Failure:
    return o.Failure(page=_plain(now, "Заявку уже изменили"), code=409, title="Заявку уже изменили",
                     text="Пока вы писали, её исправила Сидорова М. А. Ваши слова сохранены: откройте заявку и сложите нужное.",
                     links=(LinkView(title="Открыть заявку", url="#"), LinkView(title="На пульт", url="#")))  # fmt: skip


def rights(now: datetime) -> o.RightsPage:
    return table(p.page("Права", now, current="norms"))
