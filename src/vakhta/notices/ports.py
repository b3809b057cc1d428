"""What a channel of notices must be able to do. Adapters implement it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class ChannelError(Exception):
    """Delivery failed. `permanent`: trying again is useless (no such mailbox)."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    body: str
    """Plain text."""
    message_id: str
    """"<…@…>": the same for every try, so that a repeated letter is recognised as one."""
    reply_to: str = ""


class Channel(Protocol):
    """Sends one letter; raises `ChannelError`. Called outside any transaction."""

    name: str

    def send(self, letter: Letter) -> None: ...
