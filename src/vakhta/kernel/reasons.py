"""Why something outside failed, in Russian: the usual words of the operating system and of the database in
one place. What is not known here stays as it was said."""

from __future__ import annotations

import errno
import re
import socket
import ssl

_OF_SYSTEM = {
    errno.EACCES: "нет прав",
    errno.EADDRINUSE: "его занимает другая программа",
    errno.EADDRNOTAVAIL: "у этой машины нет такого адреса",
    errno.ECONNABORTED: "соединение оборвано",
    errno.ECONNREFUSED: "соединение отклонено",
    errno.ECONNRESET: "соединение оборвано",
    errno.EDQUOT: "исчерпана квота на диске",
    errno.EEXIST: "уже есть",
    errno.EHOSTUNREACH: "до этой машины нет пути",
    errno.EIO: "диск отвечает ошибкой",
    errno.EISDIR: "это папка",
    errno.EMFILE: "открыто слишком много файлов",
    errno.ENAMETOOLONG: "слишком длинное имя",
    errno.ENETUNREACH: "до этой сети нет пути",
    errno.ENOENT: "такого файла или папки нет",
    errno.ENOSPC: "на диске нет места",
    errno.ENOTDIR: "на пути стоит файл, а не папка",
    errno.EPERM: "запрещено системой",
    errno.EPIPE: "соединение оборвано",
    errno.EROFS: "диск открыт только для чтения",
    errno.ETIMEDOUT: "нет ответа",
}

_OF_DATABASE = (
    (r'connection to server at "(?P<host>[^"]*)"(?: \([^)]*\))?, port (?P<port>\d+) failed', r"сервер \g<host>, порт \g<port>"),
    (r'connection to server on socket "(?P<host>[^"]*)" failed', r"сервер \g<host>"),
    (r"connection timeout expired|timeout expired", "нет ответа"),
    (r'could not translate host name "([^"]*)" to address: .*', r"имя \1 не найдено в сети"),
    (r"\[Errno -\d+\] Name or service not known", "имя не найдено в сети"),
    (r"failed to resolve host '([^']*)': .*", r"имя \1 не найдено в сети"),
    (r'password authentication failed for user "([^"]*)"', r"пароль роли \1 не подходит"),
    (r"fe_sendauth: no password supplied", "сервер требует пароль, а он не задан"),
    (r'(?:Peer|Ident) authentication failed for user "([^"]*)"', r"под этим пользователем системы роль \1 не пускают"),
    (r'no pg_hba\.conf entry for host "([^"]*)", user "([^"]*)", database "([^"]*)".*', r"pg_hba.conf не пускает роль \2 с адреса \1 в базу \3"),
    (r'role "([^"]*)" does not exist', r"роли \1 нет"),
    (r'database "([^"]*)" does not exist', r"базы \1 нет"),
    (r'permission denied for database "?([^"]*)"?', r"в базу \1 не пускают"),
    (r"the database system is starting up", "сервер ещё запускается"),
    (r"the database system is shutting down", "сервер останавливается"),
    (r"the database system is in recovery mode", "сервер восстанавливается после сбоя"),
    (r"sorry, too many clients already|remaining connection slots are reserved.*", "все соединения сервера заняты"),
    (r"server closed the connection unexpectedly", "сервер оборвал соединение"),
    (r"terminating connection due to administrator command", "сервер закрыл соединение"),
    (r"the connection is (?:closed|lost)", "соединение оборвано"),
)  # fmt: skip
_OF_SYSTEM_IN_ENGLISH = {
    "Address already in use": errno.EADDRINUSE,
    "Connection refused": errno.ECONNREFUSED,
    "Connection reset by peer": errno.ECONNRESET,
    "Connection timed out": errno.ETIMEDOUT,
    "Network is unreachable": errno.ENETUNREACH,
    "No route to host": errno.EHOSTUNREACH,
    "No space left on device": errno.ENOSPC,
    "No such file or directory": errno.ENOENT,
    "Permission denied": errno.EACCES,
}
"""As libpq and the server quote them, who give no number."""


def usual_reason(error: OSError) -> str:
    """In Russian when it is one of the usual ones; "" when it is not. Its number is trusted only where it is
    the system's: TLS and the look-up of names number theirs otherwise."""
    if isinstance(error, socket.gaierror):
        return "имя не найдено в сети" if error.errno == socket.EAI_NONAME else ""
    if isinstance(error, ssl.SSLError):
        return ""
    if isinstance(error, TimeoutError):
        return _OF_SYSTEM[errno.ETIMEDOUT]
    return _OF_SYSTEM.get(error.errno or 0, "")


def reason(error: OSError) -> str:
    """Never empty: an unusual one in its own words, or by its type when it has none."""
    return usual_reason(error) or error.strerror or type(error).__name__


def database_reason(error: Exception) -> str:
    """The first line of what the database or its driver says, without the lines of hints after it; its usual
    parts in Russian."""
    said = str(error).strip().partition("\n")[0]
    said = re.sub(
        r"^(?:connection (?:failed|is bad): )?|\b(?:FATAL|PANIC|ERROR|ВАЖНО|ПАНИКА|ОШИБКА): +", "", said
    )
    for pattern, russian in _OF_DATABASE:
        said = re.sub(pattern, russian, said)
    for english, number in _OF_SYSTEM_IN_ENGLISH.items():
        said = said.replace(english, _OF_SYSTEM[number])
    return said or type(error).__name__
