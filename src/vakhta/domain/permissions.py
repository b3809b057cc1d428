"""Who may do what: the one table of roles and verbs. A verb is an action's name for the law of
access; a role has the verbs of its row and no others, and so has each right of a partner's token."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    code: str
    title: str
    home: str
    """Where sign-in leads: console, board, field, journal, norms."""


ROLES = (
    Role("operator", "Диспетчер", "console"),
    Role("senior", "Старший диспетчер", "board"),
    Role("foreman", "Мастер", "board"),
    Role("technician", "Исполнитель", "field"),
    Role("client", "Представитель управляющей организации", "board"),
    Role("contractor", "Подрядчик", "field"),
    Role("inspector", "Инспектор", "journal"),
    Role("administrator", "Администратор", "norms"),
)


CONTRACTOR = "contractor"
"""The kind of a company that works for a centre and sees nothing but the orders given to its own people."""
RESIDENT = "resident"
"""What stands as the role of whoever holds the signed link of a ticket: nobody has it as their work."""


def may_work(role: str, kind: str) -> bool:
    """May somebody have this role in a company of this kind? A contractor's people are its office and its technicians,
    and nobody else is a contractor's."""
    return role in ("contractor", "technician") if kind == CONTRACTOR else role != "contractor"


@dataclass(frozen=True)
class Right:
    """What a partner's token may do. A token has the rights that it was given and no role's verbs."""

    code: str
    title: str

    @property
    def holder(self) -> str:
        """How the table of verbs calls whoever has the right."""
        return f"token:{self.code}"


TOKEN = "partner"  # nosec B105  # the name of a role
"""What stands as the role of whoever asks with a token: it has no verbs of its own."""

RIGHTS = (
    Right("interactions", "передавать обращения"),
    Right("tickets", "регистрировать заявки"),
    Right("read", "спрашивать состояние обращений и заявок"),
)
ALL_RIGHTS = frozenset(right.code for right in RIGHTS)

VERBS: dict[str, frozenset[str]] = {
    "console.see": frozenset({"operator", "senior"}),
    "interaction.see": frozenset({"operator", "senior", "client", "inspector", "administrator"}),
    "interaction.take": frozenset({"operator", "senior"}),
    "interaction.take_over": frozenset({"senior"}),
    "interaction.type": frozenset({"operator", "senior"}),
    "interaction.end": frozenset({"operator", "senior"}),
    "interaction.send": frozenset({"token:interactions"}),
    "ticket.register": frozenset({"operator", "senior", "token:tickets"}),
    "state.ask": frozenset({"token:read"}),
    "ticket.see": frozenset({"operator", "senior", "foreman", "client", "inspector", "administrator"}),
    "ticket.correct": frozenset({"operator", "senior"}),
    "ticket.void": frozenset({"senior"}),
    "ticket.comment": frozenset({"operator", "senior", "foreman", "client"}),
    "ticket.carry_over": frozenset({"administrator"}),
    "work.assign": frozenset({"operator", "senior", "foreman"}),
    "work.report": frozenset({"operator", "senior", "foreman"}),
    "work.do": frozenset({"technician", "contractor"}),
    "crews.lead": frozenset({"foreman", "contractor", "administrator"}),
    "board.see": frozenset({"operator", "senior", "foreman", "client"}),
    "journal.see": frozenset({"senior", "client", "inspector", "administrator"}),
    "views.share": frozenset({"senior", "administrator"}),
    "looks.see": frozenset({"inspector", "administrator"}),
    "indicators.see": frozenset({"senior", "foreman", "client", "inspector", "administrator"}),
    "journal.enter_late": frozenset({"operator", "senior"}),
    "shifts.see": frozenset({"operator", "senior", "foreman", "administrator"}),
    "shifts.plan": frozenset({"senior", "administrator"}),
    "shifts.swap": frozenset({"operator", "senior"}),
    "handover.sign": frozenset({"operator", "senior"}),
    "outage.see": frozenset({"operator", "senior", "foreman", "client", "inspector", "administrator"}),
    "outage.announce": frozenset({"operator", "senior"}),
    "lift.mark": frozenset({"operator", "senior", "administrator"}),
    "duty.see": frozenset({"operator", "senior", "foreman", "administrator"}),
    "duty.edit": frozenset({"senior", "administrator"}),
    "norms.see": frozenset({"operator", "senior", "foreman", "client", "inspector", "administrator"}),
    "norms.correct": frozenset({"administrator"}),
    "classifier.see": frozenset({"operator", "senior", "foreman", "inspector", "administrator"}),
    "classifier.edit": frozenset({"senior", "administrator"}),
    "offices.manage": frozenset({"administrator"}),
    "stock.load": frozenset({"administrator"}),
    "stock.edit": frozenset({"administrator"}),
    "tokens.manage": frozenset({"administrator"}),
    "person.erase": frozenset({"administrator"}),
    "terms.see": frozenset({"inspector", "administrator"}),
    "rights.see": frozenset({"senior", "inspector", "administrator"}),
    "security.own": frozenset(role.code for role in ROLES),
    "files.attach": frozenset({"operator", "senior", "foreman", "technician", "client", "contractor"}),
    "files.see": frozenset(
        {"operator", "senior", "foreman", "technician", "client", "contractor", "inspector"}
    ),
    "link.see": frozenset({RESIDENT}),
    "link.answer": frozenset({RESIDENT}),
}

TITLES: dict[str, dict[str, str]] = {
    "Обращения": {
        "console.see": "видеть пульт и очередь",
        "interaction.see": "видеть список обращений",
        "interaction.take": "брать обращения и возвращать",
        "interaction.take_over": "забирать обращение, которое ведёт другой",
        "interaction.type": "принимать звонок вручную",
        "interaction.end": "завершать обращения",
        "interaction.send": "передавать обращения из другой системы",
    },
    "Заявки": {
        "ticket.see": "видеть заявки и их список",
        "ticket.register": "регистрировать, называть номер и сроки, согласовывать допуск",
        "ticket.correct": "исправлять, объединять, приостанавливать срок, отменять это",
        "ticket.void": "аннулировать и отменять аннулирование",
        "ticket.comment": "писать комментарии",
        "ticket.carry_over": "переносить заявки из прежнего журнала и отменять это",
        "state.ask": "спрашивать состояние из другой системы",
        "views.share": "давать отборы списков всем и менять общие",
        "files.see": "видеть файлы",
        "files.attach": "прикладывать файлы",
        "link.see": "видеть ход своей заявки по ссылке из письма",
        "link.answer": "подтверждать, возвращать и оценивать свою заявку",
    },
    "Работы": {
        "work.assign": "назначать и отзывать бригады",
        "work.report": "отмечать ход работ за бригаду",
        "work.do": "выполнять наряды: принять, выехать, закончить",
        "crews.lead": "менять состав бригад своей организации",
        "board.see": "видеть табло",
    },
    "Смены": {
        "shifts.see": "видеть график и сдачу смен",
        "shifts.plan": "составлять график, менять смены, утверждать обмен",
        "shifts.swap": "меняться сменами",
        "handover.sign": "сдавать и принимать смену",
    },
    "Отключения": {
        "outage.see": "видеть отключения",
        "outage.announce": "объявлять отключения, менять срок, снимать и отменять",
        "lift.mark": "отмечать, что лифт стоит и что пущен",
    },
    "Журнал": {
        "journal.see": "читать и печатать журнал",
        "looks.see": "видеть, кто смотрел карточки и сохранял списки",
        "indicators.see": "видеть и печатать показатели",
        "journal.enter_late": "вносить записи с бумаги",
    },
    "Справочники": {
        "duty.see": "видеть службы, задвижки, ключи и коды",
        "duty.edit": "менять службы и дежурных людей справочника",
        "norms.see": "видеть нормы и сроки",
        "norms.correct": "уточнять нормы и сроки организаций",
        "classifier.see": "видеть классификатор",
        "classifier.edit": "менять виды неисправностей",
        "rights.see": "видеть эту страницу",
        "security.own": "менять свой пароль, второй шаг входа и сеансы",
    },
    "Служба": {
        "offices.manage": "заводить организации, людей и бригады",
        "stock.load": "загружать таблицы: жилой фонд, прежний журнал",
        "stock.edit": "править дома, помещения, лицевые счета и жителей",
        "tokens.manage": "выдавать и отзывать ключи доступа",
        "person.erase": "удалять сведения о человеке по 152-ФЗ",
        "terms.see": "видеть сроки хранения сведений и акты об удалении",
    },
}
"""Group → verb → what it lets a person do, as the page of rights says it."""


def may(role: str, verb: str, rights: Collection[str] = ()) -> bool:
    """True when the row of `verb` has `role`, or one of a token's `rights`. An unknown verb is a
    mistake of the program."""
    return not VERBS[verb].isdisjoint({role, *(f"token:{right}" for right in rights)})


def right_for(verb: str) -> Right | None:
    """The right by which a token does `verb`; None when no token may."""
    return next((right for right in RIGHTS if right.holder in VERBS[verb]), None)
