"""Every setting of the service in one table, read from the environment or from one TOML file.

`VAKHTA_CONFIG` names the file; its keys are the names below in lower case without VAKHTA_. The
environment wins. A wrong or unknown setting raises `WrongOption` and nothing starts.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vakhta.domain.calendars import zone_of
from vakhta.domain.keeping import read_days
from vakhta.domain.permissions import ROLES
from vakhta.kernel.reasons import reason


class WrongOption(ValueError):
    """The text is Russian: which setting, its value, the right form."""


def _address(value: str) -> str:
    """granian listens at addresses only; it looks no name up."""
    return str(ip_address(value))


def _flag(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    return known[value.strip().lower()]


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)
        if not least <= number <= most:
            raise ValueError
        return number

    return parse


_port = _whole(1, 65535)
_HOST = re.compile(r"\*|\.?[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
"""What Django compares a request's host with: a name, its port aside, or «*», or «.» before a domain."""


def _hosts(value: str) -> list[str]:
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if not hosts or not all(map(_HOST.fullmatch, hosts)):
        raise ValueError
    return hosts


def _zone(value: str) -> str:
    return zone_of(value).key


def _folder(value: str) -> Path:
    folder = Path(value).expanduser().absolute()
    if not value or (folder.exists() and not folder.is_dir()):
        raise ValueError
    return folder


def _database(value: str) -> dict[str, Any]:
    """postgresql://user:password@host:port/name, or postgresql://user@/name?host=/socket/folder."""
    if not value:
        return {}
    from urllib.parse import parse_qs, unquote

    url = urlsplit(value)
    if url.scheme not in ("postgresql", "postgres") or len(url.path) < 2:
        raise ValueError
    asked = parse_qs(url.query)
    return {
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or asked.get("user", [""])[0]),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or asked.get("host", [""])[0]),
        "PORT": str(url.port or asked.get("port", [""])[0]),
    }


def _smtp(value: str) -> str:
    url = urlsplit(value)
    if value and (url.scheme not in ("smtp", "smtps", "smtp+starttls") or not url.hostname or url.port == 0):
        raise ValueError
    return value


def _public(value: str) -> str:
    """http(s)://host[:port] without a path."""
    if (
        not re.fullmatch(r"https?://[^\s/?#@]+/?", value)
        or not urlsplit(value).hostname
        or urlsplit(value).port == 0
    ):
        raise ValueError
    return value


def _live(value: str) -> str:
    """A path of the same host, ":port/path" of the page's own host, or a whole address."""
    if not re.fullmatch(r"(https?://[^\s/]+|:\d{1,5}(?=/)|(?=/))\S*", value):
        raise ValueError
    return value


def _mailbox(value: str) -> str:
    name, at, host = value.rpartition("@")
    if not (name and at and host) or any(sign.isspace() for sign in value):
        raise ValueError
    return value


def _issuer(value: str) -> str:
    """http(s)://host[:port][/path] of an OIDC server; empty for none."""
    if value and (not re.fullmatch(r"https?://[^\s?#@]+", value) or not urlsplit(value).hostname):
        raise ValueError
    return value.rstrip("/")


def _roles(value: str) -> frozenset[str]:
    """Codes of roles by commas; empty for none."""
    said = frozenset(code.strip() for code in value.split(",") if code.strip())
    if said - {role.code for role in ROLES}:
        raise ValueError
    return said


def _key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError
    return value


@dataclass(frozen=True)
class Option:
    name: str
    parse: Callable[[str], Any]
    default: str
    form: str
    """The right form, in Russian, as the error says it."""
    about: str
    is_secret: bool = False

    @property
    def toml_key(self) -> str:
        return self.name.removeprefix("VAKHTA_").lower()

    def wrong(self, text: str, where: str = "") -> str:
        """What is said of a value that does not fit: a secret one is not shown. `where`: the file that it stands in."""
        return f"{self.name}={'…' if self.is_secret else f'«{text}»'}{where}: нужно {self.form}."


OPTIONS = (
    Option("VAKHTA_DATA_DIR", _folder, "var", "путь к папке, где служба может писать", "Папка данных: файлы, письма показа, встроенная база"),
    Option("DATABASE_URL", _database, "", "postgresql://роль@хост:порт/база", "База под ролью приложения", True),
    Option(
        "VAKHTA_OWNER_DATABASE_URL", _database, "", "postgresql://роль@хост:порт/база",
        "Та же база под владельцем (BYPASSRLS): миграции и резервные копии", True,
    ),
    Option("VAKHTA_SECRET_KEY", _key, "", "не короче 32 знаков", "Ключ подписей: сеансы, ссылки жителям", True),
    Option("VAKHTA_ANCHOR_KEY", _key, "", "не короче 32 знаков", "Ключ отметок журнала, хранится вне базы", True),
    Option("VAKHTA_ALLOWED_HOSTS", _hosts, "127.0.0.1,localhost", "имена через запятую без портов, например ads.example.org,127.0.0.1", "Имена, по которым открывают страницы"),
    Option("VAKHTA_PUBLIC_URL", _public, "http://127.0.0.1:8000", "адрес вида https://ads.example.org без пути", "Внешний адрес: ссылки в письмах"),
    Option("VAKHTA_LIVE_URL", _live, "/live/", "путь /live/, порт и путь :8001/live/ или адрес https://…", "Где страницы находят поток событий"),
    Option("VAKHTA_HOST", _address, "127.0.0.1", "адрес цифрами, например 127.0.0.1", "На каком адресе слушать"),
    Option("VAKHTA_PORT", _port, "8000", "число от 1 до 65535", "Порт страниц"),
    Option("VAKHTA_LIVE_PORT", _port, "8001", "число от 1 до 65535", "Порт потока событий"),
    Option("VAKHTA_THREADS", _whole(1, 256), "4", "число от 1 до 256", "Сколько страниц готовит одновременно каждый процесс"),
    Option("VAKHTA_SMTP_URL", _smtp, "", "smtp://, smtps:// или smtp+starttls://имя:пароль@хост:порт", "Почтовый сервер", True),
    Option("VAKHTA_MAIL_FROM", _mailbox, "ads@localhost", "адрес почты вида ads@example.org", "От кого письма"),
    Option("VAKHTA_MAIL_PORT", _port, "8025", "число от 1 до 65535", "Порт почтового приёмника показа"),
    Option("VAKHTA_DEMO", _flag, "0", "1 или 0", "Показ: вход одним нажатием, письма на странице"),
    Option("VAKHTA_PGBOUNCER", _flag, "0", "1 или 0", "Перед базой PgBouncer до версии 1.21: без подготовленных запросов"),
    Option("VAKHTA_MAX_UPLOAD_MB", _whole(1, 1024), "20", "число от 1 до 1024", "Наибольший файл, МБ"),
    Option("VAKHTA_METRICS_TOKEN", _key, "", "не короче 32 знаков", "Ключ, с которым система наблюдения читает /metrics", True),
    Option("VAKHTA_SESSION_HOURS", _whole(1, 168), "13", "число часов от 1 до 168", "Через сколько часов без работы заканчивается сеанс"),
    Option("VAKHTA_SECOND_STEP_FOR", _roles, "", "роли через запятую, например administrator,senior", "Роли, которым нужен второй шаг входа"),
    Option("VAKHTA_OIDC_URL", _issuer, "", "адрес вида https://id.example.org/realms/uk", "Вход через свой сервер OpenID Connect: его адрес"),
    Option("VAKHTA_OIDC_CLIENT", str, "", "имя клиента, заведённое на том сервере", "Как тот сервер знает нашу службу"),
    Option("VAKHTA_OIDC_SECRET", str, "", "секрет этого клиента", "Секрет, которым служба называет себя тому серверу", True),
    Option("VAKHTA_OIDC_NAME", str, "OpenID Connect", "слова для кнопки входа", "Как называется тот сервер на странице входа"),
    Option(
        "VAKHTA_KEEP_DAYS", read_days, "", "виды и дни через запятую, например tickets=1827,letters=180, не меньше срока по закону (docs/howto/settings.md)",
        "Сколько дней хранить персональные данные: tickets, contacts, files, letters, looks",
    ),
    Option("VAKHTA_TIME_ZONE", _zone, "Europe/Moscow", "имя зоны, например Europe/Moscow", "Зона по умолчанию"),
    Option("VAKHTA_TLS", _flag, "0", "1 или 0", "Страницы открывают по https: HSTS, только защищённые cookie"),
)  # fmt: skip

_OURS = ("VAKHTA_CONFIG", "VAKHTA_TEST_")
"""Names that are not settings of the service but begin like them."""


def read_options(environ: Mapping[str, str]) -> dict[str, Any]:
    """Name → parsed value of every option. Raises `WrongOption` with every mistake, one a line."""
    said, mistakes = said_options(environ)
    values = {}
    for option in OPTIONS:
        text = said.get(option.name, option.default)
        try:
            values[option.name] = option.parse(text)
        except (ValueError, KeyError, OSError):
            where = (
                ""
                if option.name in environ or option.name not in said
                else _of_file(environ["VAKHTA_CONFIG"])
            )
            mistakes.append(option.wrong(text, where))
    if mistakes:
        raise WrongOption("\n".join(mistakes))
    return values


def said_options(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """(name → text of what somebody has set, the environment before the file; unknown names)."""
    path = environ.get("VAKHTA_CONFIG", "")
    in_file = {option.toml_key: option for option in OPTIONS}
    names = {option.name for option in OPTIONS}
    said, mistakes = {}, []
    for key, value in _file(path).items():
        option, text = in_file.get(key), _as_text(value)
        if option is None:
            mistakes.append(_unknown(key, text, set(in_file), _of_file(path)))
        elif type(value) in (str, int) or _KINDS.get(type(value)) is option.parse:
            said[option.name] = text
        else:
            mistakes.append(option.wrong(text, _of_file(path)))
    for name, text in environ.items():
        if name in names:
            said[name] = text
        elif name.startswith("VAKHTA_") and not name.startswith(_OURS):
            mistakes.append(_unknown(name, text, names))
    return said, mistakes


_KINDS: dict[type, Callable[[str], Any]] = {bool: _flag, list: _hosts}
"""What TOML writes otherwise than as a text or a number, and the one form that it is meant for: `port = true`
is no port 1."""

_HIDDEN = ("KEY", "URL", "PASSWORD", "SECRET", "TOKEN")
"""Words in an unknown name, or in the one that was meant, whose value may be a secret."""


def _unknown(name: str, text: str, names: set[str], where: str = "") -> str:
    near = difflib.get_close_matches(name, names, n=1)
    shown = "…" if any(word in f"{name} {near}".upper() for word in _HIDDEN) else f"«{text}»"
    hint = f"Может быть, {near[0]}?" if near else "Все настройки: docs/howto/settings.md."
    return f"{name}={shown}{where}: такой настройки нет. {hint}"


def _of_file(path: str) -> str:
    return f" (файл {path})"


def _file(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongOption(f"VAKHTA_CONFIG=«{path}»: файл не читается ({reason(error)}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongOption(f"VAKHTA_CONFIG=«{path}»: это не TOML ({error}).") from error


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value)
