"""The API of partners: contacts in, states out. OpenAPI at /api/v1/openapi.json, a page at /api/v1/docs.

Every refusal is `Problem`: a Russian message, the field it is about, a 4xx, and nothing changed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Header, NinjaAPI, Path, Status
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from pydantic import WithJsonSchema

from vakhta.contacts import actions as contacts
from vakhta.contacts import arrival
from vakhta.contacts.models import Interaction
from vakhta.domain.regulations import NORMS
from vakhta.kernel import clock
from vakhta.kernel.journal import Unit, acting
from vakhta.kernel.refusal import Forbidden, Invalid, NotFound, Refused, check
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import scope_of_token, token_digest
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.api.docs import Page
from vakhta.web.api.refusals import Exact, say_refusals
from vakhta.web.api.schemas import (
    ClockOut,
    InteractionIn,
    InteractionOut,
    Problem,
    RegisteredOut,
    TicketIn,
    TicketOut,
)

BODY_LIMIT = 64 * 1024
"""Bytes of a request: the longest text of 10,000 letters with everything else, escaped, fits."""


class TooBig(Refused):
    status = 413


class WrongType(Refused):
    status = 415


class Token(HttpBearer):
    """`Authorization: Bearer …`; gives the scope of the token's centre. Bodies that could not be
    taken are refused here, before they are read."""

    def authenticate(self, request: HttpRequest, token: str) -> Scope | None:
        scope = _remembered(token, clock.now())
        if scope is not None and request.method == "POST":
            _check_body(request)
        return scope


REMEMBERED = timedelta(seconds=5)
"""How long a token's scope holds without being asked again: a partner that sends a hundred contacts a
second costs a look-up each five, and a revoked token ends within them."""
MOST_REMEMBERED = 1000
_scopes: dict[str, tuple[datetime, Scope]] = {}


def _remembered(token: str, now: datetime) -> Scope | None:
    """The scope of a token; unknown tokens are asked for each time and never remembered."""
    digest = token_digest(token)
    asked_at, scope = _scopes.get(digest, (None, None))
    if scope is not None and asked_at is not None and timedelta(0) <= now - asked_at < REMEMBERED:
        return scope
    scope = scope_of_token(token, clock.today(now))
    if scope is None:
        _scopes.pop(digest, None)
        return None
    if len(_scopes) >= MOST_REMEMBERED:
        _scopes.clear()
    _scopes[digest] = (now, scope)
    return scope


def _check_body(request: HttpRequest) -> None:
    """A body that is too big is not read: which field made it so, nobody knows."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > BODY_LIMIT:
        raise TooBig(
            "Тело запроса — %(size)s КБ, можно не больше %(limit)s КБ. Сократите самое длинное поле.",
            "body",
            size=-(-size // 1024),
            limit=BODY_LIMIT // 1024,
        )
    if request.content_type != "application/json":
        raise WrongType("Нужен заголовок Content-Type: application/json и тело в JSON.", "Content-Type")


class Readable(JSONRenderer):
    """Russian as letters, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 - as ninja declares it


api = NinjaAPI(
    title="Вахта",
    version="1",
    description="Приём обращений от сайтов, кабинетов, датчиков и партнёров; состояние обращений и заявок. "
    "Любой отказ, и на неизвестный адрес (404), и на чужой метод (405, с заголовком Allow), — объект Problem.",
    auth=Token(),
    docs=Page(),
    urls_namespace="api",
    parser=Exact(),
    renderer=Readable(),
)

ASKING = {code: Problem for code in (400, 401, 403, 404, 405, 422, 500, 503)}
"""Refusals of a question; `SENDING` adds those of what is sent with a body."""
Key = Annotated[str, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"\S"})]
"""The document says what `_said` asks for, in words of its own."""
SENDING = {**ASKING, **{code: Problem for code in (409, 413, 415)}}


@api.post(
    "/interactions",
    response={200: InteractionOut, 201: InteractionOut, **SENDING},
    summary="Передать обращение",
    tags=["Обращения"],
)
def receive(
    request: HttpRequest,
    said: InteractionIn,
    idempotency_key: Key = Header(  # type: ignore[type-arg]  # noqa: B008 - as ninja declares it
        ...,
        alias="Idempotency-Key",
        description="Свой для каждого обращения, латиницей и цифрами, до 100 знаков",
    ),
) -> Status[InteractionOut]:
    """Ставит обращение в очередь диспетчерской. 201 — принято и записано в журнал. С тем же
    `Idempotency-Key` и тем же содержанием возвращается то же обращение (200): повторять безопасно.
    Обращение, которое пришло раньше и передаётся сейчас, несёт `happened_at` и `late_reason`."""
    scope, message = _said(_scope(request, "interaction.send"), said, idempotency_key)
    with acting(scope, happened_at=said.happened_at, late_reason=said.late_reason) as unit:
        row, is_new = arrival.receive(message, centre=scope.centre or 0)
    if is_new:
        return Status(201, _interaction(scope, row, _clocks(unit, f"interaction/{row.pk}")))
    with reading(scope):
        return Status(200, _interaction(scope, row, _known_clocks(f"interaction/{row.pk}")))


@api.post(
    "/tickets",
    response={200: RegisteredOut, 201: RegisteredOut, **SENDING},
    summary="Зарегистрировать заявку",
    tags=["Заявки"],
)
def register(
    request: HttpRequest,
    said: TicketIn,
    idempotency_key: Key = Header(  # type: ignore[type-arg]  # noqa: B008 - as ninja declares it
        ...,
        alias="Idempotency-Key",
        description="Свой для каждой заявки, до 100 знаков",
    ),
) -> Status[RegisteredOut]:
    """Для организаций, чей оператор уже выяснил причину: обращение сразу становится заявкой, её номер
    и сроки — в ответе. Повтор с тем же `Idempotency-Key` возвращает ту же заявку (200).

    Дом должен найтись среди обслуживаемых: по `address` или, если адрес не передан, по `phone` жильца.
    Иначе отказ 422 с `field: "address"`, и ничего не записано; обращение с любым адресом примет
    `POST /api/v1/interactions`, адрес разберёт диспетчер."""
    scope, message = _said(_scope(request, "ticket.register"), said, idempotency_key)
    with acting(scope, happened_at=said.happened_at, late_reason=said.late_reason) as unit:
        row, ticket, is_new = contacts.hand_over(
            message, centre=scope.centre or 0, classifier=said.classifier
        )
    clocks = _clocks(unit, f"ticket/{ticket.pk}")
    if not is_new:
        with reading(scope):
            clocks = _known_clocks(f"ticket/{ticket.pk}")
    answer = RegisteredOut(
        number=ticket.number,
        interaction=row.pk,
        registered_at=ticket.registered_at,
        clocks=[_clock(row) for row in clocks],
    )
    return Status(201 if is_new else 200, answer)


def _said(scope: Scope, said: InteractionIn, key: str) -> tuple[Scope, arrival.Message]:
    """The scope that asks and its message; raises `Refused` when it cannot be taken."""
    if scope.centre is None:
        raise Forbidden(
            "У организации этого ключа нет договора с диспетчерской службой: обращение некому принять."
        )
    if not key.strip():
        raise Invalid(
            "Нужен заголовок Idempotency-Key: свой ключ для каждого обращения, латиницей и цифрами, чтобы повтор был безопасен.",
            "Idempotency-Key",
        )
    if len(key) > 100:
        raise Invalid("Idempotency-Key длиннее 100 знаков.", "Idempotency-Key")
    if said.happened_at is not None and not said.late_reason.strip():
        raise Invalid("late_reason: укажите, почему обращение передано позже, чем пришло.", "late_reason")
    if said.happened_at is None and said.late_reason.strip():
        raise Invalid(
            "happened_at: укажите, когда обращение пришло; без этого late_reason лишний.", "happened_at"
        )
    return scope, arrival.Message(
        channel=said.channel,
        caller=said.caller,
        phone=said.phone,
        email=said.email,
        address=said.address,
        text=said.text,
        is_emergency=said.emergency,
        key=_keys_of(scope) + key,
    )


def _keys_of(scope: Scope) -> str:
    """How the keys of this token's contacts begin: two partners may use the same key."""
    return f"{scope.actor}/"


@api.get(
    "/interactions/{id}",
    response={200: InteractionOut, **ASKING},
    summary="Состояние обращения",
    tags=["Обращения"],
)
def interaction(
    request: HttpRequest,
    id: int = Path(description="Номер обращения из ответа на его приём"),  # type: ignore[type-arg]
) -> InteractionOut:
    scope = _scope(request, "state.ask")
    with reading(scope):
        row = Interaction.objects.select_related("ticket").filter(pk=id).first() if id < 2**63 else None
        if row is None:
            raise NotFound("Такого обращения нет или оно другой организации.", "id")
        return _interaction(scope, row, _known_clocks(f"interaction/{row.pk}"))


@api.get(
    "/tickets/{number}", response={200: TicketOut, **ASKING}, summary="Состояние заявки", tags=["Заявки"]
)
def ticket(
    request: HttpRequest,
    number: str = Path(description="26-204337"),  # type: ignore[type-arg]
) -> TicketOut:
    """По номеру, как он назван заявителю: 26-204337."""
    scope = _scope(request, "state.ask")
    with reading(scope):
        rows = Ticket.objects.select_related("building").filter(centre_id=scope.centre)
        row = rows.filter(number=_typed(number)).first()
        if row is None:
            raise NotFound("Заявки с таким номером нет. Номер пишут так: 26-204337.", "number")
        clocks = _known_clocks(f"ticket/{row.pk}")
        return TicketOut(
            number=row.number,
            state=row.state,
            severity=row.severity,
            nature=show.nature(row.classifier),
            address=row.address,
            building_guid=row.building.guid if row.building else None,
            registered_at=row.registered_at,
            done_at=row.done_at,
            clocks=[_clock(clock) for clock in clocks],
        )


def _typed(number: str) -> str:
    """A number as it may be written: «26-204 337» is 26-204337."""
    return "".join(c for c in number[:30] if c.isdigit() or c == "-")


def _scope(request: HttpRequest, verb: str) -> Scope:
    """The scope of the request's token, when the token has the right to `verb`."""
    scope: Scope = request.auth  # type: ignore[attr-defined]
    check(scope, verb)
    return scope


def _clocks(unit: Unit, subject: str) -> list[Clock]:
    """The clocks that this change has started, the nearest first: no second look is needed."""
    found = [row for row in unit.projected if isinstance(row, Clock) and row.subject == subject]
    return sorted(found, key=lambda row: (row.due_at is None, row.due_at))


def _known_clocks(subject: str) -> list[Clock]:
    return list(Clock.objects.filter(subject=subject).order_by("due_at"))


def _interaction(scope: Scope, row: Interaction, clocks: list[Clock]) -> InteractionOut:
    """Its words go back only to the token that brought them: a state is no one's personal data, they are."""
    is_own = (row.key or "").startswith(_keys_of(scope))
    return InteractionOut(
        id=row.pk,
        state=row.state,
        received_at=row.received_at,
        outcome=row.outcome,
        ticket=row.ticket.number if row.ticket_id and row.ticket else "",
        answer_due_at=clocks[0].due_at if clocks else None,
        channel=row.channel,
        text=row.text if is_own else None,
    )


def _clock(row: Clock) -> ClockOut:
    norm = NORMS.get(row.norm)
    title = norm.title if norm else row.norm
    return ClockOut(
        norm=row.norm,
        title=title,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        is_paused=row.is_paused,
        is_ended=row.is_ended,
    )


say_refusals(api)
