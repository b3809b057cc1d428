"""Samples of the stock's pages: nothing brought yet, a list with long names, a report, a reading under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from vakhta.imports.columns import OLD_TICKETS, STOCK
from vakhta.web.gallery import people as p
from vakhta.web.screens import Choice, PhoneView, StatusView
from vakhta.web.stock import screens as s

KINDS = (
    Choice(value="stock", title="жилищный фонд", chosen=True),
    Choice(value="tickets", title="прежний журнал"),
)
LONG_NAME = "Выгрузка лицевых счетов за ноябрь 2026 (исправленная, последняя, точно).xlsx"
DONE = StatusView(code="done", title="загружено", tone="good")
LOOKED = StatusView(code="looked", title="проверено", tone="wait")
GOING = StatusView(code="running", title="загружается", tone="busy")
BACK = StatusView(code="back", title="перенос отменён", tone="quiet")
FAILED = StatusView(code="failed", title="не читается", tone="bad")


def nothing(now: datetime) -> s.ImportList:
    return s.ImportList(
        page=p.page("Загрузка таблиц", now), post_url="#", sample_url="#sample", sample_tickets_url="#sample-tickets", kinds=KINDS, city="Заречье",
        companies=(Choice(value="1", title=p.LONG_COMPANY), Choice(value="2", title="ТСЖ «Садовая, 8»")),
        errors={"file": "Это старая книга Excel (.xls): сохраните её как .xlsx или .csv."},
    )  # fmt: skip


def imports(now: datetime) -> s.ImportList:
    def row(status: StatusView, told: str, name: str = LONG_NAME) -> s.RunLine:
        return s.RunLine(kind="жилищный фонд", name=name, url="#run", company=p.LONG_COMPANY, at=now - timedelta(hours=3),
                         who="Задорожный Василий Валентинович", status=status, told=told)  # fmt: skip

    return s.ImportList(
        page=p.page("Загрузка таблиц", now), post_url="#", sample_url="#sample", sample_tickets_url="#sample-tickets", kinds=KINDS,
        companies=(Choice(value="1", title=p.LONG_COMPANY, chosen=True),),
        rows=(row(GOING, "строк: 24\u00a0000"), row(LOOKED, "строк: 24\u00a0180, добавится: 24\u00a0002, негодных: 178"),
              row(DONE, "строк: 902, добавлено: 3\u00a0615"), row(FAILED, "Файл не читается: это не книга Excel.", "x.xlsx")),
    )  # fmt: skip


def _run(now: datetime, status: StatusView, **more: object) -> s.ImportPage:
    known: dict[str, object] = {
        "page": p.page(LONG_NAME, now), "name": LONG_NAME, "company": p.LONG_COMPANY, "status": status,
        "state": status.code, "url": "#run", "list_url": "#list", "kind": "жилищный фонд",
    }  # fmt: skip
    return s.ImportPage(**{**known, **more})  # type: ignore[arg-type]


def report(now: datetime) -> s.ImportPage:
    fields = tuple(Choice(value=code, title=field.title) for code, field in STOCK.fields.items())
    return _run(
        now, LOOKED, look_url="#look", load_url="#load", drop_url="#drop", wrong_url="#wrong",
        rows=24180, total=24180, bad_rows=2, city="Заречье",
        added=("дома: 15", "помещения: 900", "лицевые счета: 24\u00a0002"), changed=("жильцы: 3",),
        examples=("лицевой счёт 100: Гусев П. И. → Константинопольский Вениамин Константинович",),
        wrong=(s.BadLine(row=902, column="Дом", reason="Заполните поле «Дом»."),
               s.BadLine(row=903, column="Тел.", reason="Телефон «яблоко» не читается: нужен вроде +7 916 123-45-67.")),
        columns=tuple(
            s.Column(name=f"c{n}", heading=heading, samples=(sample, sample), fields=fields)
            for n, (heading, sample) in enumerate(
                (("Ул.", p.LONG_STREET), ("Дом", "118к2 стр. 3"), ("ФИО", "Константинопольский Вениамин"))
            )
        ),
        errors={"match": "«Дом» — два столбца: выберите один."},
    )  # fmt: skip


def going(now: datetime) -> s.ImportPage:
    return _run(
        now, GOING, is_waiting=True, is_dry=False, rows=9000, total=24180, bad_rows=2, stop_url="#stop",
        url="/demo/gallery/fragment/run/",
    )  # fmt: skip


def carried(now: datetime) -> s.ImportPage:
    """An old journal that was carried over, and the form that takes it back, refused."""
    fields = tuple(Choice(value=code, title=field.title) for code, field in OLD_TICKETS.fields.items())
    columns = (
        ("№ п/п", "1547"),
        ("Дата, время", "12.03.24 8:40"),
        ("Содержание заявки", "Течёт стояк в ванной"),
    )
    return _run(
        now, DONE, kind="прежний журнал", is_of_tickets=True, is_dry=False, look_url="#look", load_url="#load", wrong_url="#wrong",
        rows=15204, total=15204, bad_rows=2, added=("заявки: 15 190",), keeps_unknown=True,
        notes=("уже перенесены: 12", "без дома, адрес как написан: 212", "без времени поступления: 1904", "неисправность по словам не узнана: 3011"),
        carried=15190, carried_url="#carried", back_url="#back",
        wrong=(s.BadLine(row=0, column="", sheet="Титульный лист журнала", reason="Не найден столбец «Дата поступления»: без неё заявка не узнаётся."),
               s.BadLine(row=902, column="Дата, время", sheet="Март 2024", reason="Дата «31.02.2024» не читается: нужна вроде «12.03.2024» или «12.03.24 8:40»."),
               s.BadLine(row=17, column="Адрес", sheet="Апрель 2024", reason=f"Дома «{p.LONG_STREET}, 118» среди домов организации нет, или он не один такой.")),
        columns=tuple(
            s.Column(name=f"c{n}", heading=heading, samples=(sample, sample), fields=fields)
            for n, (heading, sample) in enumerate(columns)
        ),
        errors={"reason": "Заполните поле «Почему»."},
    )  # fmt: skip


def taken_back(now: datetime) -> s.ImportPage:
    return _run(
        now, BACK, kind="прежний журнал", is_of_tickets=True, is_dry=False, gone_back=15190, drop_url="#drop"
    )


# ── The duty directory ───────────────────────────────────────────────────────────────────────


def _duty_form(kind: str, **more: object) -> s.Form:
    first = s.Field(
        name="code",
        title="Какая служба",
        options=(
            Choice(value="", title="другая служба"),
            Choice(value="gas_service", title="Аварийная газовая служба"),
        ),
    )
    whose = s.Field(name="company", title="Чей дежурный", options=(Choice(value="1", title=p.LONG_COMPANY),))
    return s.Form(
        url="#",
        fields=(
            first if kind == "service" else whose,
            s.Field(name="name", title="Как её называют", value=str(more.get("name", "")), required=True),
            s.Field(name="phone", title="Телефон", value=str(more.get("phone", "")), hint="с кодом города или короткий: 104"),
            s.Field(name="note", title="Пояснение"),
        ),
        submit="Записать",
        seen="1",
        errors=more.get("errors", {}),  # type: ignore[arg-type]
    )  # fmt: skip


def _duty_line(
    pk: int, title: str, phone: str, note: str = "", kind: str = "service", **more: object
) -> s.DutyLine:
    return s.DutyLine(
        id=pk, title=title, phone=PhoneView(phone=phone), note=note, whose=str(more.get("whose", "")),
        form=_duty_form(kind, name=title, phone=phone, errors=more["errors"]) if "errors" in more else None, change_url="#change",
        up_url="#up" if pk % 20 else "", down_url="#down", drop_url="#drop",
    )  # fmt: skip


def duty_edit(now: datetime) -> s.DutyEdit:
    return s.DutyEdit(
        page=p.page("Дежурный справочник", now), see_url="#see", print_url="#print", houses_url="#houses",
        lacking=(s.DutyLack(title="Теплосеть", natures="12 видов неисправностей"), s.DutyLack(title="Лифтовая служба", natures="6 видов неисправностей")),
        services=(
            _duty_line(20, "Аварийная газовая служба", "104"),
            _duty_line(21, "ЕДДС", "12", errors={"phone": "Телефон «12-34-5» не читается: нужен с кодом города, вроде +7 495 000-00-01, или короткий, вроде 104. Добавочный напишите в пояснении."}),
            _duty_line(22, "Муниципальное унитарное предприятие «Водопроводно-канализационное хозяйство Северо-Восточного района»",
                       "+74950000001", "диспетчер, доб. 2; телефонограммы до 17:00, ночью только аварии на сетях больше 300 мм"),
        ),
        people=(_duty_line(40, "Задорожный Василий Валентинович", "+79000000777", "решения о перекрытии дома", kind="on_call", whose=p.LONG_COMPANY),),
        service_form=_duty_form("service"), person_form=_duty_form("on_call"),
        gone=(s.DutyGone(title="Горсвет", phone="1450", at=now - timedelta(minutes=1), restore_url="#restore", is_last=True),
              s.DutyGone(title="Управляющий Белов", phone="+7 900 000-07-70", at=now - timedelta(days=6), restore_url="#restore")),
    )  # fmt: skip


def duty_empty(now: datetime) -> s.DutyEdit:
    return s.DutyEdit(
        page=p.page("Дежурный справочник", now), see_url="#see", print_url="#print", houses_url="",
        lacking=tuple(s.DutyLack(title=title, natures="3 вида неисправностей") for title in ("Пожарные и спасатели", "ЕДДС", "Водоканал")),
        services=(), people=(), service_form=_duty_form("service"), person_form=_duty_form("on_call"),
    )  # fmt: skip


# ── A house ──────────────────────────────────────────────────────────────────────────────────


def _part(code: str, title: str, rows: tuple[tuple[str, str], ...], **more: object) -> s.PartTable:
    def form(wrong: bool = False) -> s.Form:
        return s.Form(
            url="#",
            fields=(
                s.Field(name="entrance", title="Подъезд", value="2", kind="number", required=True),
                s.Field(name="number", title="Регистрационный номер", value="12-345", required=True),
            ),
            submit="Записать",
            seen="1",
            errors={"number": "Лифт с этим номером уже есть: ул. Ленина, 15."} if wrong else {},
        )

    return s.PartTable(
        code=code, title=title, empty="Ещё не внесены.", submit="Добавить",
        rows=tuple(
            s.PartLine(id=n, title=name, told=told, form=form("стоит" in told), drop_url="#drop", is_bad="стоит" in told)
            for n, (name, told) in enumerate(rows)
        ),
        form=form(), hint=str(more.get("hint", "")), fill_url=str(more.get("fill_url", "")),
    )  # fmt: skip


def house(now: datetime) -> s.HousePage:
    field = s.Field(name="first", title="Номер или с номера", required=True)
    plain = s.Form(url="#", fields=(field,), submit="Записать", seen="1")
    return s.HousePage(
        page=p.page(p.LONG_STREET, now), title=f"{p.LONG_STREET}, 118к2 стр. 3", company=p.LONG_COMPANY, list_url="#", form=plain,
        entrances=tuple(
            s.EntranceFlats(number=n + 1, flats=tuple(s.FlatLink(number=str(n * 60 + k + 1), url="#flat", floor=k // 4 + 1) for k in range(60)))
            for n in range(3)
        ),
        is_cut=False, flats_form=plain,
        notes=(s.NoteLine(kind="Задвижка", title="Ввод ХВС", where="подвал, п. 2, слева от ввода, № 14", drop_url="#drop"),),
        note_form=plain,
        parts=(
            _part("entrance", "Подъезды", (("Подъезд 1", "кв. 1–60 · этажей: 16 · код 38К2417"), ("Подъезд 2", "кв. 61–120")), fill_url="#fill"),
            _part("riser", "Стояки", (
                ("ХВС", "подъезд 1 · кв. 1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57 · перекрыть: подвал, п. 1, под кв. 1, бирка Х, ключ от решётки у старшей по дому"),
                ("отопление", "весь дом · перекрыть: теплоузел")), hint="Диспетчер увидит вентиль рядом со словами «перекройте стояк», слесарь — в наряде."),
            _part("lift", "Лифты", (
                ("Лифт пассажирский, № 12-344", "подъезд 1 · «Лифт-Мастер», аварийная · +7 495 000-03-04"),
                ("Лифт грузовой, № 12-345", "подъезд 2 · «Лифт-Мастер», аварийная · +7 495 000-03-04 · стоит с 10:00, 24 ноября, вт: нет скорости"))),
        ),
    )  # fmt: skip


def flat(now: datetime) -> s.FlatPage:
    """With the longest that a billing program calls an account by, and a consent that cannot be given twice."""
    withdrawn = s.Form(
        url="#", fields=(s.Field(name="withdrawn_on", title="Отозвано", value="2026-11-24", kind="date", required=True),),
        submit="Записать отзыв",
    )  # fmt: skip
    given_plain = s.Form(
        url="#", submit="Записать согласие",
        fields=(
            s.Field(name="purpose", title="На что", options=(Choice(value="mass", title="массовые звонки и сообщения"),)),
            s.Field(name="document", title="Документ", hint="бланк и его редакция, где лежит", required=True),
            s.Field(name="given_on", title="Дано", value="2026-11-24", kind="date", required=True),
        ),
    )  # fmt: skip
    given = replace(
        given_plain,
        errors={"purpose": "Такое согласие уже действует: новое записывают, когда прежнее отозвано."},
    )
    plain = s.Form(
        url="#", fields=(s.Field(name="number", title="Номер", required=True),), submit="Записать", seen="1"
    )
    return s.FlatPage(
        page=p.page("Квартира 1204", now), title="кв. 1204", house=f"{p.LONG_STREET}, 118к2 стр. 3", house_url="#", form=plain,
        accounts=(
            s.AccountLine(number="4" * 40, holder="Константинопольский Вениамин Константинович", form=plain, drop_url="#"),
            s.AccountLine(number="100200", holder="", form=plain, drop_url="#"),
        ),
        account_form=plain, person_form=plain,
        people=(
            s.PersonLine(
                title="Константинопольская Аполлинария Леонидовна", told="собственник · +7 916 123-45-67", form=plain, drop_url="#",
                consents=(
                    s.ConsentLine(title="реклама", told="дано 01.09.2025, отозвано 14.02.2026 · бланк 2, ред. 01.09.2025, дело 15"),
                    s.ConsentLine(title="массовые звонки и сообщения", told="дано 15.02.2026 · бланк 3, ред. 01.01.2026, дело 15", form=withdrawn),
                ),
                consent_form=given,
            ),
            s.PersonLine(title="Ким Ю.", told="проживает", form=plain, drop_url="#", consent_form=given_plain),
        ),
    )  # fmt: skip


def house_empty(now: datetime) -> s.HousePage:
    plain = s.Form(
        url="#", fields=(s.Field(name="first", title="Номер или с номера", required=True),), submit="Записать"
    )
    return s.HousePage(
        page=p.page("ул. Садовая, 7", now), title="ул. Садовая, 7", company="«Северная»", list_url="#", form=plain, entrances=(), is_cut=False,
        flats_form=plain, notes=(), note_form=plain,
        parts=(_part("entrance", "Подъезды", ()), _part("riser", "Стояки", ()), _part("lift", "Лифты", ())),
    )  # fmt: skip
