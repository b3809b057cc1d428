"""Samples of the office's pages: a fresh office, many organisations with long names, somebody with work in hand, a crew
that somebody else has changed meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from vakhta.web.gallery import people as p
from vakhta.web.offices import screens as s
from vakhta.web.screens import Choice, LinkView, PageView, StatusView
from vakhta.web.stock.screens import Field, Form, Tick

WORKS = StatusView(code="works", title="работает", tone="good")
GONE = StatusView(code="gone", title="уволен", tone="quiet")
INVITED = StatusView(code="invited", title="приглашён", tone="wait")
KINDS = ("Управляющая компания", "Товарищество собственников жилья", "Подрядчик")
NAMES = ("Константинопольский Вениамин Константинович", "Иванова Ольга Петровна", "Ким Ирина Олеговна",
         "Задорожный Василий Валентинович")  # fmt: skip


def _tabs(current: int) -> tuple[LinkView, ...]:
    titles = ("Организации", "Люди", "Бригады")
    return tuple(LinkView(title=title, url="#", current=n == current) for n, title in enumerate(titles))


def _page(title: str, now: datetime) -> PageView:
    return p.page(title, now)


def _options(*titles: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=str(n), title=title, chosen=not n) for n, title in enumerate(titles))


def _company_form(**errors: str) -> Form:
    return Form(
        url="#new", submit="Добавить организацию", errors=errors,
        fields=(
            Field(name="kind", title="Вид", options=_options(*KINDS)),
            Field(name="name", title="Название", required=True, hint="как в договоре: УК «Северная»"),
            Field(name="short_name", title="Короткое название", hint="как её называют в списках; пусто — то же"),
            Field(name="phone", title="Телефон", kind="tel"),
            Field(name="email", title="Почта", kind="email"),
            Field(name="zone", title="Часовой пояс", options=_options("Москва", "Самара, МСК+1")),
            Field(name="since", title="Договор с", value="24.11.2026", kind="date", required=True),
            Field(name="until", title="До, без этого дня", kind="date", hint="пусто — без срока"),
        ),
    )  # fmt: skip


def _term_form() -> Form:
    return Form(url="#term", submit="Записать срок", seen="0", fields=(
        Field(name="since", title="С", value="01.01.2025", kind="date", required=True),
        Field(name="until", title="До, без этого дня", value="15.12.2026", kind="date", hint="пусто — без срока"),
    ))  # fmt: skip


def _line(n: int) -> s.CompanyLine:
    own, which = n == 0, (n - 1) % 3
    is_long, serves_houses = not own and which == 0, not own and which < 2
    title = ("ЖКХ Северо-Восточного района", f"ТСЖ «Садовая, {n}»", f"ООО «Лифтремонт-{n}»")[which]
    return s.CompanyLine(
        title="АДС «Заречье»" if own else title, name=p.LONG_COMPANY if is_long else "",
        kind="Аварийно-диспетчерская служба" if own else KINDS[which], url="#c",
        serves="ведёт журнал, договоров: 29" if own else "с 1 января 2025 до 15 декабря 2026" if n == 2 else "с 1 января 2025",
        warning="21 день до конца договора" if n == 2 else "", people=12 if own else n % 4, people_url="#p",
        houses=n * 7 if serves_houses else 0, houses_url="#h", tickets=n * 3 % 11 if serves_houses else 0, tickets_url="#t",
    )  # fmt: skip


def companies(now: datetime) -> s.CompanyList:
    other = s.TermLine(title="ЖСК «Луч»", told="с 1 января 2024 до 1 января 2026", form=_term_form(),
                       state=StatusView(code="past", title="закончился", tone="quiet"))  # fmt: skip
    return s.CompanyList(
        page=_page("Организации", now), tabs=_tabs(0), said="Срок договора записан.", form=_company_form(), others=(other,),
        rows=tuple(_line(n) for n in range(30)),
    )  # fmt: skip


def companies_empty(now: datetime) -> s.CompanyList:
    form = _company_form(name="Организация такого вида с этим названием уже есть: найдите её в списке или впишите другое название.", phone="Телефон «12345» не читается: нужен с кодом города, вроде +7 495 000-00-01, или короткий, вроде 104; без добавочного.")  # fmt: skip
    return s.CompanyList(
        page=_page("Организации", now), tabs=_tabs(0), rows=(_line(0),), others=(), form=form
    )


def company(now: datetime) -> s.CompanyPage:
    term = s.TermLine(title="", told="с 1 января 2025 до 15 декабря 2026", form=_term_form(),
                      state=StatusView(code="on", title="кончается", tone="wait"))  # fmt: skip
    known = (("name", "Название", p.LONG_COMPANY), ("short_name", "Короткое название", "ЖКХ Северо-Восточного района"),
             ("phone", "Телефон", "+7 495 000-77-88"), ("email", "Почта", "uk@example.org"),
             ("auto_close_days", "Дней до закрытия без ответа", "3"))  # fmt: skip
    form = Form(
        url="#own",
        submit="Записать",
        seen="0",
        fields=tuple(Field(name=a, title=b, value=c) for a, b, c in known),
    )
    return s.CompanyPage(
        page=_page(p.LONG_COMPANY, now), tabs=_tabs(0), title=p.LONG_COMPANY, kind="Управляющая компания, № 12", list_url="#",
        warning="21 день до конца договора", terms=(term,), term_form=_term_form(), form=form,
        links=tuple(LinkView(title=title, url="#") for title in ("Людей: 4", "Бригад: 1", "Домов: 214", "Открытых заявок: 31", "Сроков строже закона: 2")),
    )  # fmt: skip


def _person_form() -> Form:
    return Form(url="#p", submit="Добавить и пригласить", fields=(
        Field(name="name", title="Фамилия, имя, отчество", required=True),
        Field(name="email", title="Почта", kind="email", required=True, hint="ею входят, на неё придёт приглашение"),
        Field(name="company", title="Организация", options=_options(p.LONG_COMPANY, "ТСЖ «Садовая, 8»")),
        Field(name="role", title="Роль", options=_options("Диспетчер", "Старший диспетчер")),
        Field(name="trade", title="Специальность", hint="слесарь-сантехник, электромонтёр"),
        Field(name="phone", title="Телефон", kind="tel"),
    ))  # fmt: skip


def people(now: datetime) -> s.PeopleList:
    rows = tuple(
        s.PersonLine(
            name=NAMES[n % 4], url="#p", role=("Диспетчер", "Представитель управляющей организации", "Исполнитель")[n % 3],
            company=p.LONG_COMPANY if n % 5 == 1 else "АДС «Заречье»", trade="слесарь-сантехник" if n % 3 == 2 else "",
            phone="+79161112233" if n % 2 else "", step="есть" if n % 4 else "нужен, но не настроен",
            seen_at=now - timedelta(minutes=7 * n) if n % 3 else None, state=INVITED if n % 9 == 8 else WORKS,
        )
        for n in range(50)
    )  # fmt: skip
    return s.PeopleList(
        page=_page("Люди", now), tabs=_tabs(1), url="#", q="", rows=rows, more_url="?after=1", is_filtered=False, form=_person_form(),
        selects=(("company", "Организация", _options("все", p.LONG_COMPANY)), ("role", "Роль", _options("все", "Диспетчер")),
                 ("state", "Показать", _options("работают", "уволенные"))),
        downloads=(LinkView(title="XLSX", url="#"), LinkView(title="CSV", url="#")),
    )  # fmt: skip


def people_empty(now: datetime) -> s.PeopleList:
    return s.PeopleList(
        page=_page("Люди", now), tabs=_tabs(1), url="#", q="Нетакой", rows=(), more_url="", is_filtered=True,
        selects=(), downloads=(), form=_person_form(),
    )  # fmt: skip


def person(now: datetime) -> s.PersonPage:
    reason = Form(url="#r", submit="Сбросить второй шаг", fields=(Field(name="reason", title="Причина", required=True, hint="останется в журнале"),))  # fmt: skip
    form = Form(url="#own", submit="Записать", seen="0", fields=(
        Field(name="name", title="Фамилия, имя, отчество", value=NAMES[0], required=True),
        Field(name="role", title="Роль", options=_options("Исполнитель", "Мастер"), hint="Сейчас записано: Мастер"),
        Field(name="trade", title="Специальность", value="слесарь-сантехник"),
        Field(name="phone", title="Телефон", value="+7 916 111-22-33", kind="tel"),
    ), errors={"": "Пока вы правили, это изменил кто-то другой. Ваши слова остались в форме, рядом — что записано сейчас: сверьте и отправьте ещё раз."})  # fmt: skip
    return s.PersonPage(
        page=_page(NAMES[0], now), tabs=_tabs(1), name=NAMES[0], email="konstantinopolsky@example.org", list_url="#",
        company=p.LONG_COMPANY, state=WORKS, step="есть", seen_at=now - timedelta(minutes=4),
        seats=(LinkView(title="Мастер, АДС «Заречье»", url="#"),), crews=(LinkView(title="бр. 4 · Сантехники, юг", url="#"),),
        hand=s.InHand(orders=(LinkView(title="№ 26-204 337", url="#"), LinkView(title="№ 26-204 340", url="#")), contacts=0, shifts=9),
        form=form, errors=("У сотрудника открытые наряды: № 26-204 337, № 26-204 340. Пусть диспетчер передаст их другому.",),
        steps=(
            s.Step(url="#", title="Закончить сеансы", what="Сотрудник выйдет везде и войдёт снова своим паролем."),
            s.Step(url="#", title="Сбросить второй шаг", what="Для того, кто потерял телефон, коды и ключ: войдёт по одному паролю и настроит второй шаг заново.", form=reason),
            s.Step(url="#", title="Уволить", what="Сеансы закончатся сразу, обращения вернутся в очередь, из бригад уйдёт. Вернуть можно в любой день."),
        ),
    )  # fmt: skip


def _crew_form(submit: str) -> Form:
    return Form(
        url="#", submit=submit,
        fields=(Field(name="number", title="Номер", value="4", kind="number"), Field(name="name", title="Название", value="Сантехники, юг", required=True)),
        ticks=tuple(Tick(name=f"skill-{n}", title=title, is_on=not n) for n, title in enumerate(("слесарь-сантехник", "электромонтёр", "лифтёр, электромеханик по лифтам", "кровельщик"))),
    )  # fmt: skip


def crews(now: datetime) -> s.CrewList:
    rows = tuple(
        s.CrewLine(
            number=n + 1, title=("Сантехники, юг", "Лифтовая бригада", "Электрики")[n % 3], url="#",
            company=p.LONG_COMPANY if n % 4 == 3 else "АДС «Заречье»", skills="слесарь-сантехник, электромонтёр",
            members=() if n == 5 else ("Задорожный В. В.", "Константинопольский В. К."), orders=n % 6,
            state=WORKS if n < 14 else StatusView(code="gone", title="убрана", tone="quiet"),
            warning="никого нет: наряды никто не прочтёт" if n == 5 else "",
        )
        for n in range(16)
    )  # fmt: skip
    return s.CrewList(
        page=_page("Бригады", now), tabs=_tabs(2), rows=rows, form=_crew_form("Добавить бригаду")
    )


def crews_empty(now: datetime) -> s.CrewList:
    return s.CrewList(page=_page("Бригады", now), tabs=_tabs(2), rows=(), form=_crew_form("Добавить бригаду"))


def crew(now: datetime) -> s.CrewPage:
    members = tuple(
        s.Member(title=name, role="исполнитель, слесарь-сантехник", url="#", drop_url="#")
        for name in (NAMES[0], NAMES[3])
    )
    return s.CrewPage(
        page=_page("бр. 4 · Сантехники, юг", now), tabs=_tabs(2), title="бр. 4 · Сантехники, юг", company="АДС «Заречье»", list_url="#",
        state=WORKS, skills="слесарь-сантехник", orders=3, members=members, form=_crew_form("Записать"), return_url="",
        may_hire=True, member_form=Form(url="#", submit="Добавить в бригаду", fields=(Field(name="staff", title="Кого", options=_options(f"{NAMES[1]}, исполнитель")),)),
        drop_form=Form(url="#", submit="Убрать бригаду", errors={"to": "У бригады открытых нарядов: 3. Выберите, какой бригаде их передать."},
                       fields=(Field(name="to", title="Кому её наряды", options=_options("выберите", "бр. 5 · Сантехники, север, АДС «Заречье»")),)),
    )  # fmt: skip
