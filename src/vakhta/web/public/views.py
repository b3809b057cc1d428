"""The way in, and the page of norms."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vakhta.domain import facts
from vakhta.domain.facts import NormCorrected
from vakhta.domain.norms import DAMAGE, DETECTED, Norm, effective
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.kernel import clock
from vakhta.kernel.journal import acting
from vakhta.kernel.refusal import Invalid, NotFound
from vakhta.kernel.tenancy import reading
from vakhta.people.access import HOMES
from vakhta.tickets.clocks import corrections
from vakhta.tickets.models import NormCorrection as Correction
from vakhta.tickets.norm_actions import correct_norm as correct
from vakhta.web.console import office_screens as o
from vakhta.web.pages import page_for, page_view
from vakhta.web.screens import NormMark

HOME_PAGES = {
    "console": "console:console",
    "board": "board:board",
    "field": "field:orders",
    "journal": "reports:journal",
    "norms": "public:norms",
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own first page; in the demo a newcomer chooses whom to be."""
    scope = request.scope  # type: ignore[attr-defined]
    if scope is None:
        return HttpResponseRedirect(reverse("demo:people" if settings.DEMO else "public:sign_in"))
    return HttpResponseRedirect(home_of(scope.role))


def home_of(role: str) -> str:
    return reverse(HOME_PAGES[HOMES.get(role, "norms")])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """By e-mail and password. The answer to a wrong pair says neither which part was wrong nor
    whether the person exists."""
    said = {"login": "", "next_url": request.GET.get("next", "")}
    errors = {}
    if request.method == "POST":
        said = {
            "login": request.POST.get("login", "")[:254].replace("\0", ""),
            "next_url": request.POST.get("next", ""),
        }
        user = authenticate(request, username=said["login"], password=request.POST.get("password", "")[:200])
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(_safe_next(request, said["next_url"]))
        errors = {"password": _("Имя или пароль не те. Проверьте раскладку и Caps Lock.")}
    page = page_view(request, _("Вход"), live_url="")
    made = o.SignIn(page=page, post_url=reverse("public:sign_in"), errors=errors, **said)
    return render(
        request, "office/sign_in.html", {"page": page, "sign_in": made}, status=422 if errors else 200
    )


def _safe_next(request: HttpRequest, asked: str) -> str:
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("public:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("public:home"))


# ── Norms ────────────────────────────────────────────────────────────────────────────────────


@require_GET
@page_for("norms.see")
def norms(request: HttpRequest) -> HttpResponse:
    return _norms(request, None)


def _norms(request: HttpRequest, form: o.NormCorrection | None, status: int = 200) -> HttpResponse:
    page = page_view(request, _("Нормы"))
    today = page.now.date()
    known = [r.fact for r in corrections() if isinstance(r.fact, NormCorrected)]
    said = {row.norm: row for row in Correction.objects.all()}
    can_correct = may(request.scope.role, "norms.correct")  # type: ignore[attr-defined]
    groups: dict[str, list[o.NormRow]] = {}
    for code in NORMS:
        row = _norm_row(effective(NORMS[code], known, today), said.get(code), can_correct)
        groups.setdefault(row.act, []).append(row)
    made = o.Norms(
        page=page,
        groups=tuple(o.NormGroup(title=act, rows=tuple(rows)) for act, rows in groups.items()),
        correct=form,
    )
    return render(request, "office/norms.html", {"page": page, "norms": made}, status=status)


def _norm_row(norm: Norm, correction: Correction | None, can_correct: bool) -> o.NormRow:
    stops = ", ".join(_(facts.FACTS[kind].TITLE).lower() for kind in norm.stops if kind in facts.FACTS)
    corrected = ""
    if correction is not None:
        corrected = _("уточнено с %(since)s: %(reason)s") % {
            "since": correction.since.strftime("%d.%m.%Y"),
            "reason": correction.reason,
        }
    return o.NormRow(
        code=norm.code,
        title=_(norm.title),
        limit=_(norm.limit_text),
        starts=_(_start_of(norm)).lower(),
        stops=stops or "—",
        act=norm.act,
        item=f"п. {norm.item}",
        edition=norm.edition,
        mark=NormMark(verified=norm.verified),
        since=norm.in_force_from,
        until=norm.in_force_to,
        note=norm.note,
        corrected=corrected,
        correct_url=reverse("public:correct_norm", args=[norm.code]) if can_correct else "",
    )


def _start_of(norm: Norm) -> str:
    """What the term is counted from, which is not always what brings the clock."""
    named = {DAMAGE: marked("повреждение"), DETECTED: marked("обнаружение или заявка")}
    if norm.counted_from in named:
        return named[norm.counted_from]
    fact = facts.FACTS.get(norm.counted_from or norm.trigger)
    return fact.TITLE if fact else marked("всегда")


@require_http_methods(["GET", "HEAD", "POST"])
@page_for("norms.correct")
def correct_norm(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows the form, POST records the correction."""
    if code not in NORMS:
        raise NotFound(_("Такой нормы нет."))
    row = _norm_row(NORMS[code], None, False)
    link = reverse("public:correct_norm", args=[code])
    if request.method != "POST":
        return _norms(request, o.NormCorrection(row=row, post_url=link, since=clock.now().date()))
    said = request.POST
    try:
        with acting(request.scope):  # type: ignore[attr-defined]
            correct(
                code,
                minutes=_minutes(said.get("minutes", "")),
                since=_day(said.get("since", "")),
                edition=said.get("edition", ""),
                reason=said.get("reason", ""),
            )
    except Invalid as error:
        form = o.NormCorrection(
            row=row,
            post_url=link,
            minutes=said.get("minutes", ""),
            edition=said.get("edition", ""),
            reason=said.get("reason", ""),
            errors={error.field: error.message},
        )
        with reading(request.scope):  # type: ignore[attr-defined]
            return _norms(request, form, 422)
    return HttpResponseRedirect(reverse("public:norms"))


def _minutes(text: str) -> int | None:
    if not text.strip():
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000_000):
        raise Invalid(_("Срок — целое число минут, например 20."), "minutes")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Дата не читается: нужна вроде 2026-12-01."), "since") from None
