"""What the API takes and gives. Unknown fields are refused: a misspelt one would be lost in silence."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Channel = Literal["phone", "email", "web", "chat", "messenger", "lift", "partner", "walk_in"]


class InteractionIn(Schema):
    """Обращение, как оно пришло. Обязателен только канал."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel = Field(description="Канал обращения")
    caller: str = Field("", max_length=160, description="Кто обратился")
    phone: str = Field("", max_length=40, description="Телефон в любом написании")
    email: str = Field("", max_length=254, description="Почта для ответа")
    address: str = Field("", max_length=250, description="Адрес словами: «Ленина 15-42»")
    text: str = Field("", max_length=10_000, description="Что сказал или написал заявитель")
    emergency: bool = Field(False, description="Авария: вперёд очереди (датчик, лифт)")


class InteractionOut(Schema):
    id: int
    state: str = Field(description="queued, taken, ended")
    received_at: datetime
    outcome: str = Field("", description="ticket, addition, consultation, redirected, not_ours, silence")
    ticket: str = Field("", description="Номер заявки, когда она есть")
    answer_due_at: datetime | None = Field(None, description="Когда истекает срок ответа")


class ClockOut(Schema):
    norm: str
    title: str
    due_at: datetime | None
    stopped_at: datetime | None
    is_paused: bool


class TicketOut(Schema):
    number: str
    state: str
    severity: str
    nature: str
    address: str
    registered_at: datetime
    done_at: datetime | None
    clocks: list[ClockOut]


class Problem(Schema):
    """Отказ: что случилось, в каком поле, что делать. Ничего не изменено."""

    message: str
    field: str = ""
