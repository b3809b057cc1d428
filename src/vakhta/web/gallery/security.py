"""Samples of the door and of one's own page of signing in."""

from __future__ import annotations

from datetime import datetime, timedelta

import segno

from vakhta.web.gallery import people as p
from vakhta.web.screens import PageView
from vakhta.web.security import screens as s


def _plain(now: datetime, title: str) -> PageView:
    return PageView(title=title, now=now, demo_url="/demo/")


def sign_in(now: datetime) -> s.SignIn:
    return s.SignIn(page=_plain(now, "Вход"), post_url="#", login="ivanova", passkey_url="#", options_url="#", oidc_url="#", lost_url="#",
                    oidc_name="сервер Управляющей компании «Жилищно-коммунальное хозяйство Северо-Восточного района»",
                    errors={"password": "Имя или пароль не те. Проверьте раскладку и Caps Lock."})  # fmt: skip


def must_wait(now: datetime) -> s.SignIn:
    return s.SignIn(page=_plain(now, "Вход"), post_url="#", login="ivanova", passkey_url="#", options_url="#",
                    errors={"": "Слишком много попыток. Подождите 12 минут и попробуйте снова."})  # fmt: skip


def lost(now: datetime) -> s.LostPassword:
    return s.LostPassword(page=_plain(now, "Забыли пароль"), post_url="#", back_url="#", errors={"login": "Введите почту, которой входите."})  # fmt: skip


def letter_sent(now: datetime) -> s.LostPassword:
    return s.LostPassword(page=_plain(now, "Забыли пароль"), post_url="#", back_url="#", is_sent=True)


def new_password(now: datetime) -> s.NewPassword:
    return s.NewPassword(page=_plain(now, "Новый пароль"), post_url="#", errors={"password": "Введённый пароль слишком короткий. Он должен содержать как минимум 10 символов."})  # fmt: skip


def second_step(now: datetime) -> s.SecondStep:
    return s.SecondStep(page=_plain(now, "Второй шаг входа"), post_url="#", cancel_url="#", options_url="#",
                        errors={"code": "Код не подошёл. Введите тот, что на экране сейчас, или один из неиспользованных резервных."})  # fmt: skip


def _sessions(now: datetime) -> tuple[s.SessionRow, ...]:
    return (s.SessionRow(title="Chrome, Windows", address="192.0.2.15", begun_at=now - timedelta(hours=3), seen_at=now),
            s.SessionRow(title="Яндекс Браузер, Android", address="2001:db8:85a3:1200:c0de:8a2e:370:7334", begun_at=now - timedelta(days=1), seen_at=now - timedelta(hours=11), end_url="#"),
            s.SessionRow(title="неизвестный браузер", address="", begun_at=now - timedelta(hours=9), seen_at=now - timedelta(hours=2), end_url="#"))  # fmt: skip


def own(now: datetime) -> s.Security:
    keys = (s.PasskeyRow(name="отпечаток на рабочем ноутбуке диспетчерской второго подъезда", added_at=now - timedelta(days=40), used_at=now - timedelta(hours=3), drop_url="#"),
            s.PasskeyRow(name="ключ USB", added_at=now - timedelta(days=2), drop_url="#"))  # fmt: skip
    return s.Security(page=p.page("Вход и безопасность", now), login="ivanova@example.org", has_totp=True, recovery_left=2, passkeys=keys,
                      sessions=_sessions(now), said="Ключ входа добавлен.", drop_totp_url="#", recovery_url="#", passkey_url="#", options_url="#",
                      password_url="#", end_others_url="#")  # fmt: skip


def own_empty(now: datetime) -> s.Security:
    return s.Security(page=p.page("Вход и безопасность", now), login="ivanova@example.org", has_totp=False, recovery_left=0, passkeys=(),
                      sessions=_sessions(now)[:1], must_add=True, totp_url="#", passkey_url="#", options_url="#", password_url="#",
                      errors={"old_password": "Пароль не тот. Проверьте раскладку и Caps Lock."})  # fmt: skip


def totp(now: datetime) -> s.TotpSetup:
    secret = "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"
    address = f"otpauth://totp/ivanova%40example.org?secret={secret.replace(' ', '')}&issuer=%D0%92%D0%B0%D1%85%D1%82%D0%B0"
    return s.TotpSetup(page=p.page("Коды из приложения", now), post_url="#", back_url="#", secret=secret,
                       picture=segno.make(address, error="l").svg_data_uri(scale=5, border=3, dark="#000", light="#fff"),
                       errors={"code": "Код не подошёл. Проверьте время на телефоне и введите код, который на экране сейчас."})  # fmt: skip


def recovery(now: datetime) -> s.RecoveryCodes:
    codes = tuple(f"{1000 + number * 731} {9999 - number * 613}" for number in range(10))
    return s.RecoveryCodes(
        page=p.page("Резервные коды", now),
        codes=codes,
        done_url="#",
        login="ivanova@example.org",
        made_at=now,
    )


def confirm(now: datetime) -> s.Confirm:
    return s.Confirm(page=p.page("Подтвердите, что это вы", now), post_url="#", next_url="/security/", login="ivanova@example.org",
                     errors={"password": "Пароль не тот. Проверьте раскладку и Caps Lock."})  # fmt: skip
