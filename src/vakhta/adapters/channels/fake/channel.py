"""A channel that keeps what it was given: for tests and as the pattern for a new messenger."""

from __future__ import annotations

from vakhta.notices.ports import ChannelError, Letter


class FakeChannel:
    name = "fake"

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.fails_with: ChannelError | None = None

    def send(self, letter: Letter) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.sent.append(letter)
