"""The page of staffing from its question."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vakhta.domain import staffing as erlang
from vakhta.kernel.refusal import Invalid
from vakhta.kernel.words import counted_words, grouped
from vakhta.reports.staffing import Basis, Staffing, staffing_of
from vakhta.web.indicators import screens as s
from vakhta.web.said import whole
from vakhta.web.screens import PageView

NAMES = ("accounts", "minutes", "level")
MOST_ACCOUNTS = 10_000_000
WIDTH, HEIGHT = 960, 140


def frame(page: PageView, said: QueryDict) -> dict[str, Any]:
    return {
        "page": page,
        "url": reverse("indicators:staffing"),
        "indicators_url": reverse("indicators:indicators"),
        "values": {name: said.get(name, "").strip()[:20] for name in NAMES},
    }


def staffing(page: PageView, said: QueryDict) -> s.StaffingPage:
    """Reads the question: empty is what the service knows of itself. Four queries at most."""
    accounts = _number(said, "accounts", 1, MOST_ACCOUNTS)
    minutes, level = _number(said, "minutes", 1, 120), _number(said, "level", 50, 99)
    try:
        made = staffing_of(
            page.now,
            page.zone,
            accounts=accounts,
            handling=minutes * 60.0 if minutes else None,
            level=level / 100 if level else erlang.LEVEL,
        )
    except ValueError as error:
        raise Invalid(
            _("Столько операторов в одном зале не бывает: больше 200. Проверьте числа."), "accounts"
        ) from error
    return s.StaffingPage(**frame(page, said), **shown(made))


def shown(made: Staffing) -> dict[str, Any]:
    """What the page says of it."""
    return {
        "said": _said(made),
        "basis": _basis(made.basis, made.level),
        "hours": tuple(_line(hour) for hour in made.hours),
        "desks": _desks(made),
        "width": WIDTH,
        "height": HEIGHT,
    }


def _number(said: QueryDict, name: str, least: int, most: int) -> int | None:
    text = said.get(name, "").replace(" ", "").replace("\u00a0", "").strip()
    if not text:
        return None
    number = whole(text)
    if number is None or not least <= number <= most:
        raise Invalid("Нужно число от %(least)s до %(most)s.", name, least=least, most=most)
    return number


def _said(made: Staffing) -> str:
    most = made.most
    words = {
        "hours": _hours(most.hour),
        "most": most.operators,
        "operators": counted_words(most.operators, "оператор", "оператора", "операторов"),
        "least": made.least,
        "people": _decimal(made.people),
    }
    return (
        _(
            "В самый занятый час, %(hours)s, нужно: %(most)s %(operators)s; в самый тихий — %(least)s. "
            "Круглые сутки это %(people)s ставки по 40 часов в неделю, с отпусками и болезнями."
        )
        % words
    )


def _basis(basis: Basis, level: float) -> str:
    known = {
        "calls": grouped(basis.counted),
        "days": basis.days,
        "accounts": grouped(basis.accounts),
        "minutes": _decimal(basis.handling / 60),
        "level": round(level * 100),
        "rate": _decimal(erlang.PER_ACCOUNT),
    }
    source = (
        _("Посчитано по своим звонкам: %(calls)s за %(days)s последних дней.")
        if basis.days
        else _(
            "Посчитано от лицевых счетов: %(accounts)s, по %(rate)s обращения на счёт в месяц; своих звонков пока мало."
        )
    )
    how = _("Разговор с записью — %(minutes)s мин; за 5 минут отвечают %(level)s из 100 (ПП 416, п. 13).")
    return f"{source} {how}" % known


def _line(hour: erlang.Hour) -> s.HourLine:
    return s.HourLine(
        title=_hours(hour.hour),
        calls=_decimal(hour.calls),
        load=_decimal(hour.load, 2),
        operators=hour.operators,
        kept=f"{hour.kept:.1%}".replace("%", "\u00a0%").replace(".", ","),
    )


def _hours(hour: int) -> str:
    return f"{hour:02d}–{(hour + 1) % 24 or 24:02d}"


def _decimal(number: float, digits: int = 1) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


def _desks(made: Staffing) -> tuple[s.Desk, ...]:
    step = WIDTH / 24
    most = made.most.operators
    desks = []
    for hour in made.hours:
        high = (HEIGHT - 16) * hour.operators / most  # room for the number above
        desks.append(
            s.Desk(
                x=f"{hour.hour * step + step * 0.1:.1f}",
                middle=f"{hour.hour * step + step / 2:.1f}",
                top=f"{HEIGHT - high:.1f}",
                width=f"{step * 0.8:.1f}",
                height=f"{high:.1f}",
                operators=hour.operators,
                title=_("%(hours)s: операторов %(operators)s, звонков в час %(calls)s")
                % {"hours": _hours(hour.hour), "operators": hour.operators, "calls": _decimal(hour.calls)},
                label=f"{hour.hour:02d}" if hour.hour % 2 == 0 else "",
            )
        )
    return tuple(desks)
