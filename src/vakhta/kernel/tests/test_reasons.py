"""What the system and the database say in English reaches nobody in English, if it is usual."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import pytest
from django.db import OperationalError

from vakhta.kernel.reasons import database_reason, reason, usual_reason


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOENT, os.strerror(errno.ENOENT)), "такого файла или папки нет"),
        (OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)), "его занимает другая программа"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "соединение отклонено"),
        (TimeoutError("timed out"), "нет ответа"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "имя не найдено в сети"),
    ],
)
def test_a_usual_reason_of_the_system_is_russian(error: OSError, says: str) -> None:
    assert reason(error) == usual_reason(error) == says


def test_an_unusual_reason_stays_as_it_is() -> None:
    """TLS numbers its errors by itself: its 1 is not the system's «not permitted»."""
    strange = (
        (OSError(errno.ELOOP, "Too many levels"), "Too many levels"),
        (ssl.SSLError(1, "bad certificate"), "bad certificate"),
        (ConnectionError(), "ConnectionError"),
    )
    for error, says in strange:
        assert (usual_reason(error), reason(error)) == ("", says)


SERVER = 'connection failed: connection to server at "10.0.0.5", port 5432 failed: '


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("Connection refused\n\tIs the server running?", "соединение отклонено"),
        (
            'FATAL:  password authentication failed for user "vakhta_app"',
            "пароль роли vakhta_app не подходит",
        ),
        ('FATAL:  role "gone" does not exist', "роли gone нет"),
        ('FATAL:  database "gone" does not exist', "базы gone нет"),
        ("FATAL:  the database system is starting up", "сервер ещё запускается"),
        ("FATAL:  something of tomorrow", "something of tomorrow"),
        ('ВАЖНО:  роль "gone" не существует', 'роль "gone" не существует'),
    ],
)
def test_what_the_database_says_is_one_russian_line(said: str, says: str) -> None:
    assert database_reason(OperationalError(SERVER + said)) == f"сервер 10.0.0.5, порт 5432: {says}"


def test_a_socket_that_is_not_there_is_named() -> None:
    said = (
        'connection is bad: connection to server on socket "/run/x" failed: No such file or directory\n\tIs'
    )
    assert database_reason(OperationalError(said)) == "сервер /run/x: такого файла или папки нет"
    assert database_reason(OperationalError("")) == "OperationalError"
