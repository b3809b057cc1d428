"""What the API takes and gives. Unknown fields are refused: a misspelt one would be lost in silence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, field_validator

from vakhta.domain.classifier import ENTRIES
from vakhta.domain.fact_lines import FARTHEST
from vakhta.kernel import clock
from vakhta.kernel.refusal import is_email

Channel = Literal["phone", "email", "web", "chat", "messenger", "lift", "partner", "walk_in"]

OLDEST = timedelta(days=31)
"""A contact that is handed over later than this belongs on paper."""


# What the fields' own rules say in words, as the document says it to programs.
TEXT: dict[str, Any] = {"pattern": "^[^\\u0000]*$"}
MAIL: dict[str, Any] = {"anyOf": [{"type": "string", "maxLength": 0}, {"type": "string", "format": "email"}]}
LATE: dict[str, Any] = {
    "if": {"required": ["happened_at"], "properties": {"happened_at": {"type": "string"}}},
    "then": {"required": ["late_reason"], "properties": {"late_reason": {"pattern": "\\S"}}},
    "else": {"properties": {"late_reason": {"pattern": "^\\s*$"}}},
}
"""The moment and its reason come together or not at all."""


class InteractionIn(Schema):
    """Обращение, как оно пришло. Обязателен только канал."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=LATE)

    channel: Channel = Field(description="Канал обращения")
    caller: str = Field("", max_length=160, description="Кто обратился", json_schema_extra=TEXT)
    phone: str = Field(
        "",
        max_length=40,
        description="Телефон в любом написании, внутренний номер АТС — как есть. За номер обращение не отклоняется: "
        "что номером быть не может («anonymous»), встанет строкой в текст обращения",
        json_schema_extra=TEXT,
    )
    email: str = Field("", max_length=254, description="Почта для ответа", json_schema_extra=MAIL)
    address: str = Field(
        "", max_length=250, description="Адрес словами: «Ленина 15-42»", json_schema_extra=TEXT
    )
    text: str = Field(
        "", max_length=10_000, description="Что сказал или написал заявитель", json_schema_extra=TEXT
    )
    emergency: bool = Field(False, strict=True, description="Авария: вперёд очереди (датчик, лифт)")
    happened_at: AwareDatetime | None = Field(
        None, description="Когда обращение пришло, если передаётся позже: 2026-11-24T10:00:00+03:00"
    )
    late_reason: str = Field(
        "",
        max_length=300,
        description="Почему передано позже; обязательно с happened_at",
        json_schema_extra=TEXT,
    )

    @field_validator("caller", "phone", "email", "address", "text", "late_reason")
    @classmethod
    def _without_nul(cls, value: str) -> str:
        if "\x00" in value:
            raise ValueError("в тексте знак NUL, уберите его")
        return value

    @field_validator("email")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value.strip() and not is_email(value.strip()):
            raise ValueError("нужен адрес почты вида name@example.org")
        return value

    @field_validator("happened_at", mode="before")
    @classmethod
    def _written_out(cls, value: object) -> object:
        """A bare number would be taken for seconds, or thousandths of them, since 1970: whichever was not meant."""
        if value is not None and not (isinstance(value, str) and re.match(r"\d{4}-", value.strip())):
            raise ValueError("нужно время по ISO 8601 с часовым поясом, например 2026-11-24T10:00:00+03:00")
        return value

    @field_validator("happened_at")
    @classmethod
    def _in_the_past(cls, value: datetime | None) -> datetime | None:
        if value is None:
            return None
        if abs(value.utcoffset() or timedelta(0)) > FARTHEST:
            raise ValueError("такого часового пояса нет")
        now = clock.now()
        if value > now:
            raise ValueError("время события не может быть в будущем")
        if value < now - OLDEST:
            raise ValueError(f"больше {OLDEST.days} дней назад: такое обращение через API не передают")
        return value.astimezone(UTC)


class InteractionOut(Schema):
    id: int
    state: str = Field(description="queued, taken, ended")
    received_at: datetime
    outcome: str = Field("", description="ticket, addition, consultation, redirected, not_ours, silence")
    ticket: str = Field("", description="Номер заявки, когда она есть")
    answer_due_at: datetime | None = Field(None, description="Когда истекает срок ответа")
    channel: str = Field(description="Канал обращения")
    text: str | None = Field(
        None, description="Текст, каким он хранится; null, если обращение передано не этим ключом API"
    )


class ClockOut(Schema):
    norm: str
    title: str
    due_at: datetime | None
    stopped_at: datetime | None = Field(description="Когда выполнено то, о чём срок")
    is_paused: bool
    is_ended: bool = Field(description="Срок снят: заявка окончена или стала другой, и он больше не идёт")


class TicketIn(InteractionIn):
    """Обращение, причина которого уже выяснена."""

    channel: Channel = Field("partner", description="Канал, по которому обратился заявитель")
    address: str = Field(
        "",
        max_length=250,
        description="Адрес обслуживаемого дома: «Ленина 15-42»; не найден или не один — отказ 422",
        json_schema_extra=TEXT,
    )
    classifier: str = Field(
        max_length=60,
        description="Вид неисправности: код классификатора, flat.cold.riser",
        json_schema_extra={"enum": list[Any](sorted(ENTRIES))},
    )


class RegisteredOut(Schema):
    number: str = Field(description="Номер заявки: назовите его заявителю")
    interaction: int = Field(description="Номер обращения")
    registered_at: datetime
    clocks: list[ClockOut]


class TicketOut(Schema):
    number: str
    state: str
    severity: str
    nature: str
    address: str
    building_guid: UUID | None = Field(
        description="Код дома ФИАС (ГАР); null, если дом не найден или кода нет"
    )
    registered_at: datetime
    done_at: datetime | None
    clocks: list[ClockOut]


class Problem(Schema):
    """Отказ: что случилось, в каком поле, что делать. Ничего не изменено."""

    status: int
    message: str
    field: str = ""
