"""The page of norms: the law as it stands, an administrator's corrections, companies' own terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_http_methods

from vakhta.domain import facts
from vakhta.domain.facts import NormCorrected
from vakhta.domain.norms import (
    DAMAGE,
    DETECTED,
    REPORTED,
    VERIFIED,
    Norm,
    NormError,
    effective,
    in_unit,
    with_limit,
)
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS, STATUS
from vakhta.domain.regulations.pp354 import BREAKS, BY_TECHNICAL_NORMS, HOT_WATER, HOT_WATER_RANGE, Break
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.kernel.tenancy import reading
from vakhta.kernel.words import inside
from vakhta.people.models import Company
from vakhta.tickets import norm_actions as actions
from vakhta.tickets.clocks import corrections
from vakhta.tickets.models import NormCorrection as Correction
from vakhta.web import show
from vakhta.web.console import office_screens as o
from vakhta.web.pages import page_for, page_view
from vakhta.web.said import local_day, whole
from vakhta.web.screens import Choice, NormMark


@require_GET
@page_for("norms.see")
def norms(request: HttpRequest) -> HttpResponse:
    return _norms(request, None)


def _norms(
    request: HttpRequest, form: o.NormCorrection | o.NormPromise | None, status: int = 200
) -> HttpResponse:
    page = page_view(request, _("Нормы"))
    today = clock.today(page.now)
    known = [r.fact for r in corrections() if isinstance(r.fact, NormCorrected)]
    said: dict[str, list[Correction]] = {}
    for correction in Correction.objects.order_by("since", "id"):
        said.setdefault(correction.norm, []).append(correction)
    can_correct = may(request.scope.role, "norms.correct")  # type: ignore[attr-defined]
    promised = _promised()
    groups: dict[str, list[o.NormRow]] = {}
    for code in NORMS:
        *past, newest = NORMS.editions(code)
        norm = effective(newest, known, today)
        row = _norm_row(
            norm, _corrected(norm, said.get(code, ()), today), can_correct, promised.get(code, ())
        )
        groups.setdefault(row.act, []).append(row)
        for old in past:
            groups.setdefault(old.act, []).append(replace(_norm_row(old, "", False), is_past=True))
    made = o.Norms(
        page=page,
        groups=tuple(
            o.NormGroup(title=act, rows=tuple(rows), status=_(STATUS[act]) if act in STATUS else "")
            for act, rows in groups.items()
        ),
        correct=form if isinstance(form, o.NormCorrection) else None,
        promise=form if isinstance(form, o.NormPromise) else None,
        breaks=tuple(_break_row(allowed) for allowed in BREAKS),
        hot_water=_hot_water(),
        classifier_url=reverse("public:classifier")
        if may(request.scope.role, "classifier.see")  # type: ignore[attr-defined]
        else "",
    )
    return render(request, "office/norms.html", {"page": page, "norms": made}, status=status)


def _break_row(allowed: Break) -> o.BreakRow:
    month, once = (_("%s ч") % hours if hours else "—" for hours in (allowed.month, allowed.once))
    if allowed.is_without_hours:
        once = _(BY_TECHNICAL_NORMS)
    return o.BreakRow(
        title=_(allowed.title),
        when=_(allowed.when) if allowed.when else _("всегда"),
        month=month,
        once=once,
        mark=NormMark(verified=allowed.verified),
    )


def _hot_water() -> str:
    low, high = HOT_WATER_RANGE
    said = [_("Горячая вода: %(low)s–%(high)s °C") % {"low": low, "high": high}]
    for allowed in HOT_WATER:
        begin, end = allowed.hours
        words = _("с %(begin)s до %(end)s часов отклонение не больше %(degrees)s °C")
        said.append(words % {"begin": begin, "end": end, "degrees": allowed.deviation})
    return "; ".join(said) + "."


Promised = tuple[str, timedelta]
"""Short name of a company, its own term."""


def _promised() -> dict[str, list[Promised]]:
    """Norm → the terms of the companies that the scope sees. One query."""
    found: dict[str, list[Promised]] = {}
    for name, own in Company.objects.exclude(stricter_norms={}).values_list("short_name", "stricter_norms"):
        for code, seconds in own.items():
            found.setdefault(code, []).append((name, timedelta(seconds=seconds)))
    return found


def _own_term(norm: Norm, name: str, term: timedelta) -> str:
    """«„Северная“: 20 минут»; a term that a correction of the law has overtaken says so."""
    words = _term_words(norm, term)
    return f"{name}: {words}" if words else name


def _corrected(norm: Norm, known: Sequence[Correction], today: date) -> str:
    """The correction that holds today, which the norm shows already, and those that are still to come with the
    term that they bring."""
    held = [row for row in known if row.since <= today]
    coming = [row for row in known if row.since > today]
    told = [(row, row.reason) for row in held[-1:]]
    told += [(row, ", ".join(filter(None, (_coming_term(norm, row), row.reason)))) for row in coming]
    return "; ".join(
        _("уточнено с %(since)s: %(reason)s") % {"since": row.since.strftime("%d.%m.%Y"), "reason": words}
        for row, words in told
    )


def _coming_term(norm: Norm, row: Correction) -> str:
    """«25 минут»; "" when the correction leaves the term."""
    return _term_words(norm, timedelta(seconds=row.limit)) if row.limit is not None else ""


def _term_words(norm: Norm, term: timedelta) -> str:
    """Another term of the norm, in its own units; "" when it can have no such one."""
    try:
        limit = with_limit(norm, term).limit
    except NormError:
        return ""
    return show.limit_words(limit) if limit else ""


def _norm_row(norm: Norm, corrected: str, can_correct: bool, promised: Sequence[Promised] = ()) -> o.NormRow:
    stops = ", ".join(inside(_(facts.FACTS[kind].TITLE)) for kind in norm.stops if kind in facts.FACTS)
    return o.NormRow(
        code=norm.code,
        title=_(norm.title),
        limit=show.norm_limit(norm),
        starts=inside(_(_start_of(norm))),
        stops=stops or "—",
        act=norm.act,
        item=norm.item_words,
        edition=norm.edition,
        mark=NormMark(verified=norm.verified),
        since=norm.in_force_from,
        until=norm.in_force_to,
        note=_(norm.note) if norm.note else "",
        corrected=corrected,
        promised=tuple(_own_term(norm, *own) for own in promised),
        promise_url=reverse("public:promise_norm", args=[norm.code]) if can_correct and norm.is_clock else "",
        correct_url=reverse("public:correct_norm", args=[norm.code]) if can_correct else "",
        unit=norm.unit,
    )


def _start_of(norm: Norm) -> str:
    """What the term is counted from, which is not always what brings the clock."""
    named = {
        DAMAGE: marked("повреждение"),
        DETECTED: marked("обнаружение или заявка"),
        REPORTED: marked("сообщение заявителя"),
    }
    if norm.counted_from in named:
        return named[norm.counted_from]
    fact = facts.FACTS.get(norm.counted_from or norm.trigger)
    if fact:
        return fact.TITLE
    return marked("всегда") if norm.limit is None else "—"


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("norms.correct")
def correct_norm(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the form, POST records the correction."""
    if code not in NORMS:
        raise NotFound(_("Такой нормы нет."))
    if request.method != "POST":
        return _norms(request, _correction(code, since=clock.today()))
    said = request.POST
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            actions.correct_norm(
                code,
                limit=_limit(NORMS[code], said.get("limit", "")),
                since=_day(said.get("since", "")),
                edition=said.get("edition", ""),
                item=said.get("item", ""),
                verified=said.get("verified", ""),
                reason=said.get("reason", ""),
            )
    except Invalid as error:
        form = _correction(
            code,
            verified=said.get("verified", ""),
            limit=said.get("limit", ""),
            since=said.get("since", ""),
            edition=said.get("edition", ""),
            item=said.get("item", ""),
            reason=said.get("reason", ""),
            errors={error.field if error.field != "limit" or NORMS[code].unit else "": error.message},
        )
        with reading(request.scope):  # type: ignore[attr-defined]
            return _norms(request, form, 422)
    return HttpResponseRedirect(reverse("public:norms"))


def _correction(code: str, verified: str = "", **said: Any) -> o.NormCorrection:
    marks = {"": _("как была"), **{mark: _(words) for mark, words in VERIFIED.items()}}
    return o.NormCorrection(
        row=_norm_row(NORMS[code], "", False),
        post_url=reverse("public:correct_norm", args=[code]),
        marks=tuple(
            Choice(value=mark, title=words, chosen=mark == verified) for mark, words in marks.items()
        ),
        **said,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("norms.correct")
def promise_norm(request: HttpRequest, code: str) -> HttpResponse:
    """A company's own term: GET shows the form, POST records it. A standing rule has no term to promise."""
    if code not in NORMS or not NORMS[code].is_clock:
        raise NotFound(_("Такой нормы нет."))
    if request.method != "POST":
        return _norms(request, _promise(code, request.GET.get("company", "")))
    said = request.POST
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            actions.promise_norm(
                code,
                company=whole(said.get("company", "")) or 0,
                limit=_limit(NORMS[code], said.get("limit", "")),
                document=said.get("document", ""),
            )
    except Invalid as error:
        with reading(request.scope):  # type: ignore[attr-defined]
            form = _promise(
                code,
                said.get("company", ""),
                limit=said.get("limit", ""),
                document=said.get("document", ""),
                errors={error.field: error.message},
            )
            return _norms(request, form, 422)
    return HttpResponseRedirect(reverse("public:norms"))


def _promise(code: str, chosen: str, **said: Any) -> o.NormPromise:
    companies = Company.objects.exclude(kind__in=("contractor", "utility_supplier"))
    return o.NormPromise(
        row=_norm_row(NORMS[code], "", False),
        post_url=reverse("public:promise_norm", args=[code]),
        companies=tuple(
            Choice(value=str(row.pk), title=row.short_name, chosen=str(row.pk) == chosen) for row in companies
        ),
        **said,
    )


def _limit(norm: Norm, text: str) -> timedelta | None:
    """What was typed, in the norm's own unit."""
    if not text.strip():
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000_000):
        words = {
            "minutes": _("Срок — целое число минут, например 20."),
            "working_days": _("Срок — целое число рабочих дней, например 5."),
            "days": _("Срок — целое число дней, например 5."),
        }
        raise Invalid(words.get(norm.unit, _("У этого правила срока нет: оставьте поле пустым.")), "limit")
    return in_unit(norm, int(text))


def _day(text: str) -> date:
    day = local_day(text, "since")
    if day is None:
        raise Invalid(_("Укажите, с какого дня действует уточнение."), "since")
    return day
