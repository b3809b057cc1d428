"""A refusal that a person reads: what happened, about which field, what to do. Nothing changed."""

from __future__ import annotations

from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from vakhta.domain.permissions import TOKEN, may, right_for
from vakhta.kernel.tenancy import Scope, current_scope
from vakhta.kernel.words import counted_words


class Refused(Exception):
    """`field`: the name of the field that it is about, "" when it is about the whole. `said`: what stands in the
    message's places, «Дом «%(street)s» уже есть.»: the sentence is translated before they are put in."""

    status = 409

    def __init__(self, message: str, field: str = "", **said: object) -> None:
        words = gettext(message)  # in the language of whoever asked
        self.message, self.field = words % said if said else words, field
        super().__init__(self.message)


class Invalid(Refused):
    """The input is wrong; the message says what is right."""

    status = 422


class NotFound(Refused):
    """There is no such thing, or it is not this scope's to see."""

    status = 404


class Forbidden(Refused):
    """The role may not do this."""

    status = 403


class Conflict(Refused):
    """Somebody was faster, or the thing has changed since it was shown."""

    status = 409


def errors_of(error: Refused | None) -> dict[str, str]:
    """Field → what is wrong with it, as a form shows it; none when nothing was refused."""
    return {error.field: error.message} if error else {}


def require(verb: str) -> Scope:
    """The running scope, when it may do `verb`; raises `Forbidden`."""
    scope = current_scope()
    check(scope, verb)
    return scope


def check(scope: Scope, verb: str) -> None:
    """Raises `Forbidden` when neither the role nor the token's rights allow `verb`; a token is told
    which right it lacks. System parts may do everything."""
    if scope.is_system or may(scope.role, verb, scope.rights):
        return
    right = right_for(verb)
    if scope.role == TOKEN and right is not None:
        raise Forbidden(
            "У этого ключа доступа нет права %(code)s (%(title)s). Права ключам даёт администратор.",
            "Authorization",
            code=right.code,
            title=gettext(right.title),
        )
    raise Forbidden("Для этого действия у вашей роли нет права. Обратитесь к администратору.")


def clean(text: str | None, field: str, title: str, *, limit: int, required: bool = False) -> str:
    """Text from outside made safe to keep: trimmed, every space a plain one, without NUL and control characters
    except line ends; raises `Invalid` when it is too long or missing."""
    text = text or ""
    if not text.isprintable():  # asked of the whole first: an import cleans a hundred thousand cells
        text = "".join(map(_kept, text))
    kept = text.strip()
    if required and not kept:
        raise Invalid("Заполните поле «%(title)s».", field, title=gettext(title))
    if len(kept) > limit:
        raise Invalid(
            "Поле «%(title)s»: %(length)s %(signs)s, можно не больше %(limit)s. Сократите текст.",
            field,
            title=gettext(title),
            length=len(kept),
            signs=counted_words(len(kept), "знак", "знака", "знаков"),
            limit=limit,
        )
    return kept


def _kept(char: str) -> str:
    """The letter as it is kept; a space of whatever width, as pages and office programs paste it, is a space."""
    if char in "\n\t\u200d" or char.isprintable():
        return char
    return " " if category(char) == "Zs" else ""


def is_email(text: str) -> bool:
    """Can mail be sent to it? Who asks says in words what a right address looks like."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
