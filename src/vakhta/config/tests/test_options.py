from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from vakhta.config.options import OPTIONS, WrongOption, read_options

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "howto" / "settings.md"


def complaint(environ: dict[str, str]) -> str:
    with pytest.raises(WrongOption) as caught:
        read_options(environ)
    return str(caught.value)


def test_with_nothing_set_every_option_has_its_default() -> None:
    options = read_options({"PATH": "/bin", "HOME": "/home/anyone"})
    assert set(options) == {option.name for option in OPTIONS}
    assert options["VAKHTA_PORT"] == 8000


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("VAKHTA_PORT", "9000", 9000),
        ("VAKHTA_DEMO", "yes", True),
        ("VAKHTA_TLS", "0", False),
        ("VAKHTA_ALLOWED_HOSTS", "*,.example.org,[::1],10.0.0.1", ["*", ".example.org", "[::1]", "10.0.0.1"]),
        ("VAKHTA_HOST", "::1", "::1"),
        ("VAKHTA_PUBLIC_URL", "https://ads.example.org:8443/", "https://ads.example.org:8443/"),
        ("VAKHTA_LIVE_URL", ":8001/live/", ":8001/live/"),
        ("VAKHTA_LIVE_URL", "https://ads.example.org/live/", "https://ads.example.org/live/"),
        ("VAKHTA_ALLOWED_HOSTS", "a.example, b.example", ["a.example", "b.example"]),
        ("VAKHTA_TIME_ZONE", "Asia/Yekaterinburg", "Asia/Yekaterinburg"),
        ("VAKHTA_SMTP_URL", "smtp+starttls://u:p@mail.example:587", "smtp+starttls://u:p@mail.example:587"),
        (
            "DATABASE_URL",
            "postgresql://vakhta_app:p%40ss@db.example:6432/vakhta",
            {
                "NAME": "vakhta",
                "USER": "vakhta_app",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "6432",
            },
        ),
        (
            "DATABASE_URL",
            "postgresql://vakhta_app@/vakhta?host=%2Frun%2Fpg",
            {"NAME": "vakhta", "USER": "vakhta_app", "PASSWORD": "", "HOST": "/run/pg", "PORT": ""},
        ),
    ],
)
def test_a_right_value_is_understood(name: str, text: str, value: Any) -> None:
    assert read_options({name: text})[name] == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("VAKHTA_PORT", "99999"),
        ("VAKHTA_PORT", "порт"),
        ("VAKHTA_THREADS", "0"),
        ("VAKHTA_MAX_UPLOAD_MB", "-1"),
        ("VAKHTA_DEMO", "может быть"),
        ("VAKHTA_TIME_ZONE", "Europe/Atlantis"),
        ("VAKHTA_TIME_ZONE", "../../etc/passwd"),
        ("VAKHTA_PUBLIC_URL", "ads.example.org"),
        ("VAKHTA_PUBLIC_URL", ""),
        ("VAKHTA_PUBLIC_URL", "/console/"),
        ("VAKHTA_DATA_DIR", ""),
        ("VAKHTA_ALLOWED_HOSTS", " , "),
        ("VAKHTA_ALLOWED_HOSTS", "a b"),
        ("VAKHTA_ALLOWED_HOSTS", "ads.example.org:8000"),
        ("VAKHTA_ALLOWED_HOSTS", "https://ads.example.org"),
        ("VAKHTA_MAX_UPLOAD_MB", "99999999999999999999"),
        ("VAKHTA_THREADS", "100000"),
        ("VAKHTA_DATA_DIR", "/etc/passwd"),
        ("VAKHTA_HOST", "999.1.1.1"),
        ("VAKHTA_HOST", "localhost"),
        ("VAKHTA_PUBLIC_URL", "https://ads example.org"),
        ("VAKHTA_PUBLIC_URL", "https://ads.example.org:99999"),
        ("VAKHTA_PUBLIC_URL", "https://ads.example.org?x=1"),
        ("VAKHTA_LIVE_URL", ":порт/live/"),
        ("VAKHTA_LIVE_URL", "/live page/"),
        ("VAKHTA_MAIL_FROM", "диспетчерская"),
    ],
)
def test_a_wrong_value_is_named_with_the_right_form(name: str, text: str) -> None:
    form = next(option.form for option in OPTIONS if option.name == name)
    assert complaint({name: text}) == f"{name}=«{text}»: нужно {form}."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("VAKHTA_SECRET_KEY", "short-and-secret"),
        ("DATABASE_URL", "mysql://root:hunter2@db/vakhta"),
        ("DATABASE_URL", "postgresql://app:hunter2@db"),
        ("VAKHTA_SMTP_URL", "gopher://user:hunter2@mail"),
        ("VAKHTA_SMTP_URL", "smtp://user:hunter2@mail:port"),
    ],
)
def test_a_wrong_secret_is_named_and_not_shown(name: str, text: str) -> None:
    said = complaint({name: text})
    assert said.startswith(f"{name}=…: нужно ")
    assert text not in said and "hunter2" not in said


def test_an_unknown_setting_is_named_with_the_nearest_known_one() -> None:
    assert (
        complaint({"VAKHTA_PROT": "9000"})
        == "VAKHTA_PROT=«9000»: такой настройки нет. Может быть, VAKHTA_PORT?"
    )
    assert "…" in complaint({"VAKHTA_SECRETKEY": "do-not-print-me"})
    for name in ("VAKHTA_SEKRET_KAY", "VAKHTA_ANKOR_KEI", "VAKHTA_SEKRET"):
        assert "do-not-print-me" not in complaint({name: "do-not-print-me"}), "a secret misspelt is a secret"


def test_every_mistake_is_told_at_once() -> None:
    assert len(complaint({"VAKHTA_PORT": "x", "VAKHTA_DEMO": "x", "VAKHTA_WHAT": "x"}).splitlines()) == 3


def test_one_file_holds_everything_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "vakhta.toml"
    file.write_text(
        'port = 9100\nallowed_hosts = ["a.example", "b.example"]\ntls = true\ntime_zone = "Asia/Omsk"\n'
        'database_url = "postgresql://app@db/one"\n'
    )
    options = read_options({"VAKHTA_CONFIG": str(file), "VAKHTA_PORT": "9200"})
    assert options["VAKHTA_PORT"] == 9200
    assert options["VAKHTA_ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert options["VAKHTA_TLS"] is True
    assert options["VAKHTA_TIME_ZONE"] == "Asia/Omsk"
    assert options["DATABASE_URL"]["NAME"] == "one"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = ", "это не TOML"),
        ("prot = 1", "prot=«1»"),
        ("port = 0", "VAKHTA_PORT=«0» (файл FILE): нужно число от 1 до 65535."),
        ('port = "x"', "VAKHTA_PORT=«x» (файл FILE): нужно число от 1 до 65535."),
        ("port = [1, 2]", "VAKHTA_PORT=«1,2»"),
        ("port = true", "VAKHTA_PORT=«true» (файл FILE): нужно число от 1 до 65535."),
        ("data_dir = true", "VAKHTA_DATA_DIR=«true» (файл FILE): нужно путь"),
        ("mail_from = [1, 2]", "VAKHTA_MAIL_FROM=«1,2»"),
        ("threads = 2.5", "VAKHTA_THREADS=«2.5»"),
        ("secret_key = ['one', 'two']", "VAKHTA_SECRET_KEY=… (файл FILE): нужно"),
        ("[port]\na = 1", "VAKHTA_PORT"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "vakhta.toml"
    file.write_text(text)
    assert says.replace("FILE", str(file)) in complaint({"VAKHTA_CONFIG": str(file)})


def test_a_wrong_value_of_the_environment_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    file = tmp_path / "vakhta.toml"
    file.write_text("port = 9100")
    assert (
        complaint({"VAKHTA_CONFIG": str(file), "VAKHTA_PORT": "x"})
        == "VAKHTA_PORT=«x»: нужно число от 1 до 65535."
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert f"VAKHTA_CONFIG=«{tmp_path / 'no.toml'}»: файл не читается" in complaint(
        {"VAKHTA_CONFIG": str(tmp_path / "no.toml")}
    )


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", DOCUMENT.read_text(encoding="utf-8"), re.M))
    assert set(rows) == {option.name for option in OPTIONS}
    for option in OPTIONS:
        assert option.about in rows[option.name] and f"| {option.form} |" in rows[option.name], option.name
        assert f"`{option.default}`" in rows[option.name] or not option.default, option.name
