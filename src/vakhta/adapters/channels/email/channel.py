"""E-mail through an SMTP server (the standard library's client)."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from vakhta.kernel.reasons import usual_reason
from vakhta.notices.ports import ChannelError, Letter

TIMEOUT = 15.0
"""Seconds for connecting and for each answer."""


class EmailChannel:
    """`url`: smtp://[user:password@]host[:port], smtps://… (TLS from the start) or
    smtp+starttls://…; `sender`: the From address."""

    name = "email"

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(url), sender

    def send(self, letter: Letter) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, letter.subject
        message["Message-ID"], message["Date"] = letter.message_id, formatdate()
        message["Auto-Submitted"] = "auto-generated"
        if letter.reply_to:
            message["Reply-To"] = letter.reply_to
        message.set_content(letter.body)
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            permanent = all(code >= 500 for code in codes)
            raise ChannelError(f"адрес не принят: {codes}", permanent=permanent) from error
        except smtplib.SMTPAuthenticationError as error:  # ours to mend, no fault of the letter
            raise ChannelError(f"пароль не принят: {error.smtp_code}") from error
        except smtplib.SMTPResponseException as error:
            raise ChannelError(
                f"сервер ответил {error.smtp_code}", permanent=500 <= error.smtp_code < 600
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(
                f"почтовый сервер недоступен: {usual_reason(error) or type(error).__name__}"
            ) from error

    def _connect(self) -> smtplib.SMTP:
        host, secure = self._url.hostname or "localhost", self._url.scheme == "smtps"
        server: smtplib.SMTP
        if secure:
            context = ssl.create_default_context()
            server = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, self._url.port or 25, timeout=TIMEOUT)
        try:
            if self._url.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server
