"""Samples of the card, its tabs and endings, and of each step's panel."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from vakhta.domain.classifier import ENTRIES
from vakhta.web.console import screens as c
from vakhta.web.console.endings import KINDS, drawn
from vakhta.web.gallery import people as p
from vakhta.web.saying import Saying
from vakhta.web.screens import Choice, Conflict, NoticeLine, PhoneView

WORK = "/demo/gallery/fragment/work/"


RISER = ENTRIES["flat.cold.riser"]


def said_of(code: str) -> c.Suggestions:
    """A fault that was recognised, with all that the classifier has to ask and to say of it."""
    kind = ENTRIES[code]
    return c.Suggestions(
        query="слова",
        entries=(
            c.Suggestion(code=code, place=kind.place, system=kind.system, problem=kind.problem, severity=p.EMERGENCY, chosen=True),
        ),
        ask=tuple(c.Ask(question=question, name=f"ask-{n}") for n, question in enumerate(kind.questions)),
        say=kind.safety,
        danger=kind.danger,
    )  # fmt: skip


def suggestions(now: datetime) -> c.Suggestions:
    return c.Suggestions(
        query="течёт стояк в ванной",
        entries=(
            c.Suggestion(code="flat.cold.riser", place="Квартира", system="ХВС", problem="Течь стояка",
                         severity=p.EMERGENCY, norm="локализация 30 мин · устранение 3 сут", why="«течёт» + «стояк» + «ванной»", chosen=True),
            c.Suggestion(code="flat.hot.riser", place="Квартира", system="ГВС", problem="Течь стояка",
                         severity=p.EMERGENCY, norm="локализация 30 мин · устранение 3 сут", why="«течёт» + «стояк»"),
            c.Suggestion(code="flat.sewer.riser", place="Квартира", system="Водоотведение", problem="Течь стояка",
                         severity=p.EMERGENCY, norm="локализация 30 мин · устранение 3 сут", services=("edds", "gas")),
            c.Suggestion(code="flat.taps", place="Квартира", system="ХВС", problem="Течёт смеситель",
                         severity=p.ORDINARY, norm="1 сутки", why="«течёт»"),
        ),
        house=(c.Line(label="Стояк: ХВС, подъезд 2", value="перекрыть: подвал, п. 2, под кв. 42, бирка Х", detail="кв. 38, 42, 46, 50"),),
        ask=(c.Ask(question="Перекрыт ли вентиль на вводе?", name="ask-valve"),
             c.Ask(question="Вода холодная или горячая?", name="ask-hot"),
             c.Ask(question="Заливает ли соседей снизу?", name="ask-below", answer="да, кв. 38")),
        say=RISER.safety,
        duplicates=(
            c.Duplicate(number=p.number(204331), where="кв. 38", title="ХВС, течь стояка", status=p.ACCEPTED,
                        since=now - timedelta(minutes=12), join_url="#join", clock=p.contain(now, 1080)),
            c.Duplicate(number=p.number(204298), where="п. 2", title="сыро в подвале", status=p.NEW,
                        since=now - timedelta(hours=3), join_url="#join2"),
        ),
    )  # fmt: skip


def ticket_lines(now: datetime) -> tuple[c.TicketLine, ...]:
    return (
        c.TicketLine(number=p.number(204331), title="ХВС, течь стояка", severity=p.EMERGENCY, status=p.ACCEPTED,
                     at=now - timedelta(minutes=12), clock=p.contain(now, 1080), flat="кв. 38"),
        c.TicketLine(number=p.number(203902), title="Не горит свет на площадке", severity=p.ORDINARY, status=p.DONE,
                     at=now - timedelta(days=2), clock=p.clock(now, "Ремонт", 7 * 1440, 400_000, "7 суток", "Госстрой 170, прил. 2"),
                     flat="п. 2, эт. 4"),
        c.TicketLine(number=p.number(198110), title="Замена смесителя", severity=p.ORDINARY, status=p.CONFIRMED,
                     at=now - timedelta(days=41), flat="кв. 42", open=False),
        c.TicketLine(number=p.number(187004), title="Засор канализации", severity=p.EMERGENCY, status=p.CONFIRMED,
                     at=now - timedelta(days=400), flat="кв. 42", open=False),
    )  # fmt: skip


def tabs(now: datetime) -> tuple[c.Tab, ...]:
    return (
        c.Tab(code="tickets", title="Заявки", key=1, count=4, tickets=ticket_lines(now), url="/demo/gallery/fragment/near/"),
        c.Tab(code="account", title="Лицевой счёт", key=2, tone="warn", lines=(
            c.Line(label="Лицевой счёт", value="40-0042-17", detail="Петрова А. С., собственник"),
            c.Line(label="Долг", value="12 480,15 ₽", detail="с 1 октября", tone="warn"),
            c.Line(label="Начислено за октябрь", value="6 210,40 ₽"),
            c.Line(label="Зарегистрировано", value="3 человека"),
        )),
        c.Tab(code="meters", title="Счётчики", key=3, lines=(
            c.Line(label="ХВС № 11820", value="00412,7 м³", detail="20 ноября"),
            c.Line(label="ГВС № 11821", value="00288,1 м³", detail="поверка до 3 декабря", tone="warn"),
            c.Line(label="Электро № 70012", value="14 020 кВт·ч", detail="20 ноября"),
        )),
        c.Tab(code="house", title="Дом", key=4, lines=(
            c.Line(label="Построен", value="1978, панельный, 9 этажей, 4 подъезда"),
            c.Line(label="Лифты", value="4, обслуживает «Лифт-Сервис»"),
            c.Line(label="Мусоропровод", value="есть, в подъездах"),
            c.Line(label="Газ", value="есть, «Горгаз»"),
            c.Line(label="Управляет", value=p.LONG_COMPANY),
        )),
        c.Tab(code="access", title="Доступ", key=5, lines=(
            c.Line(label="Код подъезда 2", value="42В1978"),
            c.Line(label="Подвал", value="ключ у старшей по дому, кв. 3, +7 916 000-11-22"),
            c.Line(label="Задвижка ХВС", value="подвал, п. 2, слева от ввода, №14"),
        )),
        c.Tab(code="schemes", title="Схемы", key=6, empty="Схем дома пока нет. Их кладёт администратор: вводы, стояки, щитовые."),
    )  # fmt: skip


def endings(*, long: bool = False) -> tuple[c.Ending, ...]:
    """With the words of the service itself."""
    choices = {
        "addition": (Choice(value="204331", title="№ 26-204 331 · ХВС, течь стояка", detail="бригада 4, принято, локализация до 09:20", chosen=True),
                     Choice(value="203902", title="№ 26-203 902 · не горит свет", detail="выполнена, ждёт ответа")),
        "redirected": (Choice(value="gas", title="Горгаз", detail="104"),
                       Choice(value="power", title="Горэлектросеть", detail="+7 495 000-00-03"),
                       Choice(value="edds", title="ЕДДС", detail="112")),
    }  # fmt: skip
    if long:
        foreman = Choice(
            value="duty/1",
            title="Мастер: Константинопольский Вениамин",
            detail="+7 948 009-00-07, АДС «Северная», Решения о перекрытии дома, подрядчики",
        )
        company = Choice(
            value="duty/2",
            title=f"{p.LONG_COMPANY}: Акимов Артём",
            detail=f"+7 948 009-00-08, {p.LONG_COMPANY}",
        )
        choices["addition"] = choices["addition"] * 3
        choices["redirected"] = (*choices["redirected"] * 3, foreman, company)
    return tuple(drawn(kind, WORK, choices.get(kind.outcome, ())) for kind in KINDS)


def applicant(*, known: bool = True, long: bool = False) -> c.Applicant:
    if not known:
        return c.Applicant(post_url=WORK, address_url="/demo/gallery/fragment/addresses/", typed_url=WORK, known=False,
                           phone=p.PHONE, phone_text="+7 916 123-45-67")  # fmt: skip
    return c.Applicant(
        post_url=WORK, address_url="/demo/gallery/fragment/addresses/", typed_url=WORK, known=True, person=p.PETROVA, phone=p.PHONE,
        address=p.LONG_ADDRESS if long else p.LENINA, name="Петрова Анна Сергеевна", phone_text="+7 916 123-45-67",
        email="petrova@example.ru", address_text="ул. Ленина, 15, кв. 42", premises="42", wants_letters=True,
    )  # fmt: skip


def card(now: datetime, *, known: bool = True, long: bool = False, registered: bool = False, text: str = "",
         channel: str = "phone", conflict: Conflict | None = None) -> c.Card:  # fmt: skip
    notices = (
        NoticeLine(text="Отключение ХВС 14:00–18:00, Водоканал, телефонограмма 118", said=True),
        NoticeLine(text="Третье обращение по этому стояку за час", url="#cluster"),
    )
    return c.Card(
        interaction=5, channel=p.channel(channel), applicant=applicant(known=known, long=long),
        company=(p.LONG_COMPANY if long else "УК «Северная»") if known else "",
        facts=(c.Line(label="Лицевой счёт", value="40-0042-17"), c.Line(label="Долг", value="12 480 ₽", tone="warn"),
               c.Line(label="Открытых заявок по дому", value="2")) if known else (),
        notices=notices if known else (), tabs=tabs(now) if known else (), endings=() if registered else endings(long=long), conflict=conflict,
        presence_url="/demo/gallery/fragment/presence/", print_url="#print" if registered else "", text=text,
        ticket=p.number(204337) if registered else None, severity=p.EMERGENCY if registered else None,
    )  # fmt: skip


def marks(now: datetime, current: int, *, skipped: tuple[int, ...] = ()) -> tuple[c.StepMark, ...]:
    notes = {
        2: "ХВС, течь стояка",
        3: "№ 26-204 337",
        5: "не нужны",
        6: "до 27 ноября, пт",
        8: "бригада 4",
    }
    found = []
    for step in range(1, 10):
        state = "todo" if step > current else "current" if step == current else "done"
        if step in skipped and step < current:
            state = "skipped"
        found.append(c.StepMark(
            step=step, state=state, at=now - timedelta(seconds=11 * (10 - step)) if step < current else None,
            note=("трубку положили" if state == "skipped" else notes.get(step, "")) if step < current else "",
            url="#step" if step < current else "",
        ))  # fmt: skip
    return tuple(found)


SERVICES = (
    c.ServiceLine(
        code="water",
        title="Водоканал",
        phone=PhoneView(phone="+74950000001"),
        advised=True,
        tell_url=WORK,
    ),
    c.ServiceLine(code="gas", title="Горгаз", phone=PhoneView(phone="104")),
    c.ServiceLine(code="edds", title="ЕДДС", phone=PhoneView(phone="112")),
)


def panel(now: datetime, step: int) -> c.Panel:
    """The panel of `step` in its ordinary state."""
    terms = Saying(
        pattern="Заявка 26-204 337: локализация — до 09:32; устранение — до {until_time}[, {later until_day}].",
        values={"until_day": "27.11.2026", "until_time": "08:40"},
        today=date(2026, 11, 24),
    )
    access = Saying(
        pattern="{day day}[ с {since}][ до {until}] придёт {worker|мастер}, с удостоверением и в бахилах.",
        values={"day": "24.11.2026", "since": "09:10", "until": "09:40", "worker": "Кузнецов Пётр Андреевич"},
        today=date(2026, 11, 24),
    )
    panels: dict[int, c.Panel] = {
        2: c.NaturePanel(post_url=WORK, skip_url=WORK, draft="interaction/5/2", suggest_url="/demo/gallery/fragment/suggestions/",
                         description="течёт стояк в ванной, соседи снизу звонят", suggestions=suggestions(now)),
        3: c.NumberPanel(post_url=WORK, skip_url=WORK, number=p.number(204337), say="Заявка двадцать шесть, двести четыре, триста тридцать семь."),
        4: c.PlanPanel(post_url=WORK, skip_url=WORK, draft="interaction/5/4",
                       stages=("перекрыть стояк", "найти течь", "устранить", "пустить воду", "проверить у соседей"),
                       note="Бригада 4 перекрывает стояк ХВС п. 2; затем замена участка в кв. 42. Известить кв. 38 и 46."),
        5: c.ServicesPanel(post_url=WORK, skip_url=WORK, services=SERVICES, draft="interaction/5/5"),
        6: c.TermsPanel(post_url=WORK, skip_url=WORK, say=terms, until_day=date(2026, 11, 27), until_time="08:40",
                        clocks=(p.contain(now, 1700), p.eliminate(now, 258_000)),
                        how=(Choice(value="phone", title="по телефону", chosen=True), Choice(value="email", title="письмом"))),
        7: c.AccessPanel(post_url=WORK, skip_url=WORK, day=date(2026, 11, 24), since="09:10", until="09:40",
                         reason="перекрыть стояк и заменить участок трубы", worker="Кузнецов Пётр Андреевич",
                         workers=("Кузнецов Пётр Андреевич", "Сидоров Илья Олегович"),
                         say=access),
        8: c.HandoverPanel(post_url=WORK, skip_url=WORK, crews=(
            c.CrewChoice(value="4", title="Бригада 4, Кузнецов П. А.", skill="сантехника", load="без нарядов", why="умение есть, без нарядов", chosen=True),
            c.CrewChoice(value="2", title="Бригада 2, Сидоров И. О.", skill="сантехника, отопление", load="2 наряда, до 10:30", free=False),
            c.CrewChoice(value="7", title="Бригада 7, Абдуллаев Р. М.", skill="электрика", load="без нарядов", why="нет умения «сантехника»"))),
        9: c.JournalPanel(post_url=WORK, lines=marks(now, 9, skipped=(5,))[:8], missing=("другие службы",)),
    }  # fmt: skip
    return panels[step]
