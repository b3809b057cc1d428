"""What every channel of notices keeps to (`notices/ports.py`), asked of each that `wiring.channels()` connects and of
the fake, at the real thing where there is one. Whoever connects another channel gives it a receiver here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.test import override_settings
from tests.stories.running import free_port

from vakhta.adapters.channels.email.channel import EmailChannel
from vakhta.adapters.channels.fake.channel import FakeChannel
from vakhta.kernel import clock
from vakhta.kernel.claims import Owner
from vakhta.kernel.tenancy import Scope, reading
from vakhta.notices.actions import deliver
from vakhta.notices.models import Delivery
from vakhta.notices.ports import Channel, ChannelError, Letter
from vakhta.people.models import Company
from vakhta.wiring import channels

CONNECTED = {"SMTP_URL": "smtp://127.0.0.1:25", "MAIL_FROM": "ads@example.org"}
"""Settings with which every channel is connected."""
with override_settings(**CONNECTED):
    REGISTERED = sorted(channels())

LETTER = Letter(
    to="petrova@example.org",
    subject="Заявка № 26-104 выполнена",
    body="Здравствуйте!\n\nРаботы завершены: «заменён кран». " + "Очень длинная строка. " * 60 + "\n",
    message_id="<26-104.done@vakhta.local>",
    reply_to="dispatch@example.org",
)


class Receiver(Protocol):
    """The other end of a channel."""

    channel: Channel

    def refuse(self, *, permanent: bool | None) -> None:
        """From now on; None: takes everything again."""

    def taken(self) -> list[Letter]: ...


class Fake:
    channel: Channel

    def __init__(self) -> None:
        self.channel = self._fake = FakeChannel()

    def refuse(self, *, permanent: bool | None) -> None:
        self._fake.fails_with = None if permanent is None else ChannelError("нет", permanent=permanent)

    def taken(self) -> list[Letter]:
        return self._fake.sent


class Mailbox:
    """An SMTP server on loopback, which the settings name."""

    channel: Channel

    def __init__(self) -> None:
        self._answer, self._kept = "250 ok", list[bytes]()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self._answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self._kept.append(envelope.content)
        return "250 kept"

    def refuse(self, *, permanent: bool | None) -> None:
        self._answer = {None: "250 ok", True: "550 no such mailbox", False: "451 later"}[permanent]

    def taken(self) -> list[Letter]:
        return [_letter(content) for content in self._kept]


def _letter(content: bytes) -> Letter:
    made = message_from_bytes(content, policy=policy.default)
    assert isinstance(made, EmailMessage)
    said = {name: str(made[name]) for name in ("To", "Subject", "Message-ID", "Reply-To")}
    body = made.get_content().replace("\r\n", "\n")
    return Letter(said["To"], said["Subject"], body, said["Message-ID"], said["Reply-To"])


@contextmanager
def fake() -> Iterator[Receiver]:
    yield Fake()


@contextmanager
def email() -> Iterator[Receiver]:
    mailbox, port = Mailbox(), free_port()
    with served(mailbox, port), override_settings(**CONNECTED | {"SMTP_URL": f"smtp://127.0.0.1:{port}"}):
        mailbox.channel = channels()["email"]
        yield mailbox


@contextmanager
def served(mailbox: Mailbox, port: int, **more: Any) -> Iterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


RECEIVERS: dict[str, Callable[[], AbstractContextManager[Receiver]]] = {"email": email, "fake": fake}


@pytest.fixture(params=[*REGISTERED, "fake"])
def receiver(request: pytest.FixtureRequest) -> Iterator[Receiver]:
    with RECEIVERS[request.param]() as made:
        assert made.channel.name == request.param
        yield made


def test_without_settings_nothing_is_connected() -> None:
    with override_settings(SMTP_URL=""):
        assert channels() == {}


def test_a_letter_arrives_whole(receiver: Receiver) -> None:
    receiver.channel.send(LETTER)
    assert receiver.taken() == [LETTER]


def test_a_repeated_letter_is_recognised_as_the_same(receiver: Receiver) -> None:
    receiver.channel.send(LETTER)
    receiver.channel.send(LETTER)
    assert {letter.message_id for letter in receiver.taken()} == {LETTER.message_id}


@pytest.mark.parametrize("permanent", [True, False])
def test_a_refusal_says_whether_trying_again_is_useless(receiver: Receiver, permanent: bool) -> None:
    receiver.refuse(permanent=permanent)
    with pytest.raises(ChannelError) as refused:
        receiver.channel.send(LETTER)
    assert refused.value.permanent is permanent and receiver.taken() == []
    assert LETTER.to not in str(refused.value), "the row keeps it for everybody who may see the ticket"
    receiver.refuse(permanent=None)
    receiver.channel.send(LETTER)
    assert receiver.taken() == [LETTER], "the channel itself is whole"


@pytest.mark.parametrize("permanent", [True, False])
def test_the_worker_tries_again_what_is_temporary(
    receiver: Receiver, committed: str, permanent: bool
) -> None:
    moment, owner = clock.now() - timedelta(seconds=1), Owner()
    with reading(Scope.system("test")):
        company = Company.objects.create(kind="dispatch_centre", name="АДС", short_name="АДС")
        row = Delivery.objects.create(
            company=company, template="done", to=LETTER.to, subject=LETTER.subject, body=LETTER.body,
            queued_at=moment, due_at=moment, message_id=LETTER.message_id, key="done/1",
        )  # fmt: skip

    def tried() -> str:
        with reading(Scope.system("test")):
            Delivery.objects.update(due_at=moment)
        deliver({row.channel: receiver.channel}, owner)
        with reading(Scope.system("test")):
            return Delivery.objects.get().state

    receiver.refuse(permanent=permanent)
    assert tried() == ("failed" if permanent else "queued")
    receiver.refuse(permanent=None)
    assert tried() == ("failed" if permanent else "sent")
    assert [letter.message_id for letter in receiver.taken()] == ([] if permanent else [LETTER.message_id])
    owner.leave()


# ── E-mail alone ─────────────────────────────────────────────────────────────────────────────


def test_a_mail_server_that_is_not_there_is_temporary() -> None:
    channel = EmailChannel(f"smtp://127.0.0.1:{free_port()}", "ads@example.org")
    with pytest.raises(ChannelError) as refused:
        channel.send(LETTER)
    assert not refused.value.permanent


def test_a_wrong_password_of_ours_is_no_fault_of_the_letter() -> None:
    """An administrator mends it; letters of the meantime are not lost."""
    mailbox, port = Mailbox(), free_port()
    knows_nobody = {
        "authenticator": lambda *_: AuthResult(success=False, handled=False),
        "auth_require_tls": False,
    }
    with served(mailbox, port, **knows_nobody), pytest.raises(ChannelError, match="535") as refused:
        EmailChannel(f"smtp://ads:wrong@127.0.0.1:{port}", "ads@example.org").send(LETTER)
    assert not refused.value.permanent and "wrong" not in str(refused.value)
