"""The API of partners: contacts in, states out. OpenAPI at /api/v1/openapi.json, a page at /api/v1/docs.

Every refusal is `Problem`: a Russian message, the field it is about, a 4xx, and nothing changed.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.domain.regulations import NORMS
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, NotFound, Refused
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import scope_of_token
from vakhta.tickets.models import Clock, Ticket
from vakhta.web import show
from vakhta.web.api.docs import Page
from vakhta.web.api.schemas import ClockOut, InteractionIn, InteractionOut, Problem, TicketOut


class Token(HttpBearer):
    """`Authorization: Bearer …`; gives the scope of the token's centre."""

    def authenticate(self, request: HttpRequest, token: str) -> Scope | None:
        return scope_of_token(token, clock.now().date())


class Readable(JSONRenderer):
    """Russian as letters, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 - as ninja declares it


api = NinjaAPI(
    title="Вахта",
    version="1",
    description="Приём обращений от сайтов, кабинетов, датчиков и партнёров; состояние обращений и заявок.",
    auth=Token(),
    docs=Page(),
    urls_namespace="api",
    renderer=Readable(),
)

REFUSALS = {400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem}


@api.post(
    "/interactions",
    response={200: InteractionOut, 201: InteractionOut, **REFUSALS},
    summary="Передать обращение",
    tags=["Обращения"],
)
def receive(
    request: HttpRequest,
    said: InteractionIn,
    idempotency_key: str = Header("", alias="Idempotency-Key", description="Свой для каждого обращения, до 100 знаков"),  # type: ignore[type-arg]
) -> tuple[int, InteractionOut]:
    """Ставит обращение в очередь диспетчерской. 201 — принято и записано в журнал. С тем же
    `Idempotency-Key` и тем же содержанием возвращается то же обращение (200): повторять безопасно."""
    scope = _scope(request)
    if not idempotency_key.strip():
        raise Invalid("Нужен заголовок Idempotency-Key: свой ключ для каждого обращения, чтобы повтор был безопасен.", "Idempotency-Key")
    if len(idempotency_key) > 100:
        raise Invalid("Idempotency-Key длиннее 100 знаков.", "Idempotency-Key")
    message = contacts.Message(
        channel=said.channel,
        caller=said.caller,
        phone=said.phone,
        email=said.email,
        address=said.address,
        text=said.text,
        is_emergency=said.emergency,
        key=f"{scope.actor}/{idempotency_key}",
    )
    with acting(scope):
        row, is_new = contacts.receive(message, centre=scope.centre or 0)
    with reading(scope):
        return (201 if is_new else 200), _interaction(row)


@api.get(
    "/interactions/{pk}", response={200: InteractionOut, **REFUSALS}, summary="Состояние обращения", tags=["Обращения"]
)
def interaction(request: HttpRequest, pk: int) -> InteractionOut:
    with reading(_scope(request)):
        row = Interaction.objects.select_related("ticket").filter(pk=pk).first() if pk < 2**63 else None
        if row is None:
            raise NotFound("Такого обращения нет или оно другой организации.", "id")
        return _interaction(row)


@api.get("/tickets/{number}", response={200: TicketOut, **REFUSALS}, summary="Состояние заявки", tags=["Заявки"])
def ticket(request: HttpRequest, number: str) -> TicketOut:
    """По номеру, как он назван заявителю: 26-204337."""
    scope = _scope(request)
    with reading(scope):
        row = Ticket.objects.filter(centre_id=scope.centre, number=number[:20].replace("\x00", "")).first()
        if row is None:
            raise NotFound("Заявки с таким номером нет. Номер пишут так: 26-204337.", "number")
        clocks = Clock.objects.filter(subject=f"ticket/{row.pk}").order_by("due_at")
        return TicketOut(
            number=row.number,
            state=row.state,
            severity=row.severity,
            nature=show.nature(row.classifier),
            address=row.address,
            registered_at=row.registered_at,
            done_at=row.done_at,
            clocks=[_clock(clock) for clock in clocks],
        )


def _scope(request: HttpRequest) -> Scope:
    scope: Scope = request.auth  # type: ignore[attr-defined]
    return scope


def _interaction(row: Interaction) -> InteractionOut:
    """One query more: the answer clock of the contact."""
    clock_row = Clock.objects.filter(subject=f"interaction/{row.pk}").only("due_at", "company_id").first()
    return InteractionOut(
        id=row.pk,
        state=row.state,
        received_at=row.received_at,
        outcome=row.outcome,
        ticket=row.ticket.number if row.ticket_id and row.ticket else "",
        answer_due_at=clock_row.due_at if clock_row else None,
    )


def _clock(row: Clock) -> ClockOut:
    norm = NORMS.get(row.norm)
    title = norm.title if norm else row.norm
    return ClockOut(norm=row.norm, title=title, due_at=row.due_at, stopped_at=row.stopped_at, is_paused=row.is_paused)


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────

WORDS = {
    "missing": "обязательное поле не передано",
    "extra_forbidden": "такого поля нет, проверьте имя",
    "string_too_long": "слишком длинное: не больше {max_length} знаков",
    "string_type": "нужна строка",
    "bool_parsing": "нужно true или false",
    "bool_type": "нужно true или false",
    "int_parsing": "нужно целое число",
    "literal_error": "нужно одно из: {expected}",
    "model_attributes_type": "тело запроса — объект JSON",
    "json_invalid": "тело запроса — не JSON",
}


def _refuse(request: HttpRequest, status: int, message: str, field: str = "") -> HttpResponse:
    return api.create_response(request, {"message": message, "field": field}, status=status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return _refuse(request, error.status, error.message, error.field)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first: dict[str, Any] = error.errors[0]
    place = [str(part) for part in first["loc"] if part not in ("body", "said", "path", "query", "header")]
    field = ".".join(place)
    words = WORDS.get(first["type"], "значение не подходит")
    words = words.format(**{**{"max_length": "", "expected": ""}, **first.get("ctx", {})}).replace(" or ", " или ")
    return _refuse(request, 422, f"{field or 'Тело запроса'}: {words}.", field)


@api.exception_handler(AuthenticationError)
def _who(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _refuse(request, 401, "Нужен ключ доступа: заголовок Authorization: Bearer …", "Authorization")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _refuse(request, error.status_code, "Тело запроса не читается: нужен объект JSON в UTF-8.")
