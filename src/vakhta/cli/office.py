"""What the commands of an administrator share: finding the service, naming the argument that was
refused, asking for a password, and what the company is called."""

from __future__ import annotations

import contextlib
import getpass
import sys
from collections.abc import Iterator
from typing import Any

from vakhta.cli.main import Mistake


def find_service() -> None:
    """Settings and database; without DATABASE_URL the demo of VAKHTA_DATA_DIR is meant."""
    from vakhta.cli import journal

    journal._find_service()


@contextlib.contextmanager
def changing(part: str) -> Iterator[None]:
    """One change by whoever may run commands on the server. A refusal names the argument."""
    from vakhta.kernel.journal import acting
    from vakhta.kernel.refusal import Refused
    from vakhta.kernel.tenancy import Scope

    try:
        with acting(Scope.system(part)):
            yield
    except Refused as error:
        raise Mistake(named(error)) from None


def named(error: Any) -> str:
    """A `Refused` as one line that begins with the argument it is about."""
    return f"--{error.field.replace('_', '-')}: {error.message}" if error.field else str(error.message)


def ask_password(whose: str) -> str:
    """Typed twice without being shown; from a pipe its first line. Never an argument: arguments stay
    in the shell's history and are seen by every user of the machine."""
    if not sys.stdin.isatty():
        typed = sys.stdin.readline().rstrip("\r\n")
        if not typed:
            raise Mistake("пароль не введён: наберите его или передайте первой строкой на вход команды.")
        return typed
    typed = getpass.getpass(f"Пароль для {whose} (не короче 10 знаков): ")
    if typed != getpass.getpass("Ещё раз: "):
        raise Mistake("пароли не совпали, ничего не записано.")
    return typed


def the_centre(said: int | None) -> Any:
    """The centre of this number, or the only one there is; inside a scope."""
    from vakhta.people.models import CENTRE, Company

    centres = list(Company.objects.filter(kind=CENTRE).order_by("id"))
    if said is None and len(centres) == 1:
        return centres[0]
    found = next((centre for centre in centres if centre.pk == said), None)
    if found is None:
        known = ", ".join(f"{centre.pk} {centre}" for centre in centres)
        how = f"есть: {known}" if known else "сначала: vakhta company add --kind dispatch_centre --name …"
        raise Mistake(f"--centre: укажите номер диспетчерской, {how}.")
    return found
