"""Routes (маршруты): what may happen to a ticket and to a work order, and the stages of each kind.

Two tables of moves say which state follows which; `ROUTES` says, for a kind of ticket, the stages
(этапы) that the plan of step 4 begins from: who is responsible and what there is to do.
"""

from __future__ import annotations

from dataclasses import dataclass

# ── Moves ────────────────────────────────────────────────────────────────────────────────────


class MoveRefused(ValueError):
    """The move is not possible in this state. `move`, `state`: as a person reads them, in Russian."""

    def __init__(self, move: str, state: str) -> None:
        super().__init__(f"«{move}» невозможно: сейчас «{state}»")
        self.move, self.state = move, state


@dataclass(frozen=True)
class Move:
    code: str
    title: str
    """The button in Russian."""
    starts: frozenset[str]
    ends: str
    fact: str
    """Kind of the fact that records it."""


@dataclass(frozen=True)
class Machine:
    """States and the moves between them. A state without moves is an end."""

    states: dict[str, str]
    """Code → how a person reads it."""
    moves: dict[str, Move]

    def may(self, state: str, move: str) -> bool:
        return move in self.moves and state in self.moves[move].starts

    def next_state(self, state: str, move: str) -> str:
        """The state after the move; MoveRefused when it is not possible."""
        if not self.may(state, move):
            title = self.moves[move].title if move in self.moves else move
            raise MoveRefused(title, self.states.get(state, state))
        return self.moves[move].ends

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves.values() if state in move.starts)


def _moves(*rows: tuple[str, str, str, str, str]) -> dict[str, Move]:
    return {
        code: Move(code, title, frozenset(starts.split()), ends, fact)
        for code, title, starts, ends, fact in rows
    }


_OPEN = "registered returned assigned accepted on_the_way on_site contained"

TICKET = Machine(
    states={
        "registered": "зарегистрирована",
        "returned": "возвращена",
        "assigned": "передана",
        "accepted": "принята исполнителем",
        "on_the_way": "бригада в пути",
        "on_site": "бригада на месте",
        "contained": "локализована",
        "done": "выполнена",
        "closed": "закрыта",
        "merged": "объединена",
        "voided": "аннулирована",
    },
    moves=_moves(
        ("assign", "Передать", _OPEN, "assigned", "WorkAssigned"),
        ("accept", "Принять", "assigned", "accepted", "WorkAccepted"),
        ("take_back", "Отменить передачу", "assigned", "registered", "Undone"),
        ("refuse", "Отказаться", "assigned accepted contained", "registered", "WorkRefused"),
        ("go", "Выехал", "accepted", "on_the_way", "CrewOnTheWay"),
        ("arrive", "На месте", "accepted on_the_way", "on_site", "CrewOnSite"),
        ("no_access", "Нет доступа", "on_the_way on_site contained", "accepted", "NoAccess"),
        ("contain", "Локализовано", "on_site", "contained", "DamageContained"),
        ("done", "Выполнено", "on_site contained", "done", "WorkDone"),
        ("confirm", "Подтвердить", "done", "closed", "TicketConfirmed"),
        ("return", "Вернуть", "done", "returned", "TicketReturned"),
        ("close_unanswered", "Закрыть без ответа", "done", "closed", "TicketClosedUnanswered"),
        ("void", "Аннулировать", _OPEN, "voided", "TicketVoided"),
        ("merge", "Объединить", _OPEN, "merged", "TicketMerged"),
    ),
)

# Who has contained the damage may leave the rest to others: the flat is locked, a welder is needed, the shift is over.
WORK_ORDER = Machine(
    # Of a crew or a technician, whoever that is: «Электрики, принято», «бригада 4, принято», «Фадеева, принято».
    states={
        "offered": "ещё не принято",
        "accepted": "принято",
        "on_the_way": "в пути",
        "on_site": "на месте",
        "contained": "локализовано",
        "no_access": "нет доступа",
        "done": "выполнено",
        "refused": "отказ",
        "withdrawn": "отозвано",
    },
    moves=_moves(
        ("accept", "Принять", "offered", "accepted", "WorkAccepted"),
        ("refuse", "Отказаться", "offered accepted no_access contained", "refused", "WorkRefused"),
        ("go", "Выехал", "accepted no_access", "on_the_way", "CrewOnTheWay"),
        ("arrive", "На месте", "accepted on_the_way no_access", "on_site", "CrewOnSite"),
        ("no_access", "Нет доступа", "on_the_way on_site contained", "no_access", "NoAccess"),
        ("contain", "Локализовано", "on_site", "contained", "DamageContained"),
        ("done", "Выполнено", "on_site contained", "done", "WorkDone"),
        # The desk answers for all of its crews: it may turn one round to a graver emergency, and says why.
        (
            "withdraw",
            "Отозвать",
            "offered accepted on_the_way on_site contained no_access",
            "withdrawn",
            "WorkWithdrawn",
        ),
    ),
)

# ── Stages ───────────────────────────────────────────────────────────────────────────────────

RESPONSIBLE = {
    "operator": "диспетчер",
    "crew": "бригада",
    "foreman": "мастер",
    "contractor": "подрядчик",
    "service": "служба",
}


@dataclass(frozen=True)
class Stage:
    """Этап: what is to be done, by whom, and the state of the ticket that shows it as reached."""

    title: str
    responsible: str
    reached: str


@dataclass(frozen=True)
class Route:
    """Маршрут. `services`: codes of the duty directory to tell; `own_crew` False: the ticket is for another
    service, the first that the classifier's entry names, and the company's own people do not touch the equipment."""

    code: str
    title: str
    plan: str
    """Default text of the plan; the operator changes it."""
    stages: tuple[Stage, ...]
    services: tuple[str, ...] = ()
    own_crew: bool = True


def _stages(*rows: tuple[str, str, str]) -> tuple[Stage, ...]:
    return tuple(Stage(*row) for row in rows)


_ROUTES = (
    Route(
        "emergency_water",
        "Авария на водопроводе, отоплении, водоотведении",
        "Бригада перекрывает стояк, находит и устраняет течь. Предупредить соседей по стояку об отключении.",
        _stages(
            ("Перекрыть стояк", "crew", "contained"),
            ("Найти и устранить течь", "crew", "done"),
            ("Пустить воду, проверить у соседей", "crew", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
        services=("water_utility",),
    ),
    Route(
        "blockage",
        "Засор",
        "Бригада прочищает стояк или мусоропровод. Попросить жильцов по стояку не сливать воду.",
        _stages(
            ("Остановить слив", "operator", "assigned"),
            ("Прочистить", "crew", "done"),
            ("Проверить пролив", "crew", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
    ),
    Route(
        "lift_people",
        "Люди в лифте",
        "Связаться с пассажирами, вызвать лифтовую службу. Держать связь, пока они внутри; двери не открывать.",
        _stages(
            ("Успокоить пассажиров, узнать о самочувствии", "operator", "registered"),
            ("Освободить пассажиров", "contractor", "on_site"),
            ("Найти причину, пустить лифт", "contractor", "done"),
        ),
        services=("lift_service",),
    ),
    Route(
        "lift_repair",
        "Лифт не работает",
        "Передать лифтовой службе, повесить объявление в подъезде. Узнать о маломобильных жильцах.",
        _stages(
            ("Передать лифтовой службе", "operator", "assigned"),
            ("Отремонтировать и пустить лифт", "contractor", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
        services=("lift_service",),
    ),
    Route(
        "supply",
        "Нет подачи, качество услуги",
        "Узнать об отключении у поставщика; слесарь проверяет ввод и квартиру, записывает замер.",
        _stages(
            ("Узнать причину и срок у поставщика", "operator", "registered"),
            ("Проверить ввод и квартиру, записать замер", "crew", "on_site"),
            ("Восстановить подачу", "crew", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
    ),
    Route(
        "electricity",
        "Электроснабжение",
        "Электрик проверяет ВРУ и этажный щит. Если нет напряжения на вводе — сообщить электросетям.",
        _stages(
            ("Узнать, во всём ли доме нет света", "operator", "registered"),
            ("Обесточить опасное место", "crew", "contained"),
            ("Восстановить питание", "crew", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
        services=("power_grid",),
    ),
    Route(
        "gas",
        "Запах газа",
        "Вывести людей, вызвать газовую службу (104). Своя бригада газовое оборудование не ремонтирует.",
        _stages(
            ("Сказать правила: не зажигать огонь, проветрить, выйти", "operator", "registered"),
            ("Передать газовой службе", "operator", "assigned"),
            ("Обеспечить доступ в дом и подвал", "foreman", "assigned"),
            ("Принять слова службы об окончании", "operator", "done"),
        ),
        services=("gas_service",),
        own_crew=False,
    ),
    Route(
        "supplier",
        "Сети и оборудование другой организации",
        "Сообщить владельцу, записать, кто принял. Своя бригада чужое не ремонтирует.",
        _stages(
            ("Передать владельцу", "operator", "assigned"),
            ("Оградить опасное, открыть доступ", "foreman", "assigned"),
            ("Принять слова владельца об окончании", "operator", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
        own_crew=False,
    ),
    Route(
        "rescue",
        "Пожар, угарный газ",
        "Сразу вызвать 101 или 112, сказать жильцам выходить; открыть въезд и подвал, отключить по слову службы.",
        _stages(
            ("Вызвать спасателей, сказать, что делать", "operator", "registered"),
            ("Открыть въезд, подвал и чердак", "foreman", "on_site"),
            ("Отключить свет и газ по слову спасателей", "crew", "contained"),
            ("Осмотреть и восстановить", "crew", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
        services=("fire", "edds"),
    ),
    Route(
        "ordinary_repair",
        "Обычный ремонт",
        "Согласовать с жителем время, прислать исполнителя с материалом.",
        _stages(
            ("Согласовать время", "operator", "assigned"),
            ("Выполнить работу", "crew", "done"),
            ("Спросить заявителя", "operator", "closed"),
        ),
    ),
    Route(
        "common_property",
        "Общее имущество",
        "Мастер осматривает место, ограждает опасное, ставит работу бригаде или подрядчику.",
        _stages(
            ("Осмотреть, оградить опасное", "foreman", "on_site"),
            ("Устранить", "crew", "done"),
            ("Принять работу", "foreman", "closed"),
        ),
    ),
    Route(
        "information",
        "Справка, запрос",
        "Передать запрос ответственному, ответить тем же способом, каким он поступил.",
        _stages(
            ("Передать ответственному", "operator", "assigned"),
            ("Подготовить ответ", "foreman", "done"),
            ("Ответить заявителю", "operator", "closed"),
        ),
    ),
)

ROUTES: dict[str, Route] = {route.code: route for route in _ROUTES}
