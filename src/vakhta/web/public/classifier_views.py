"""The classifier as a page: every entry with its data, found by words; an office's own edition of one, with its versions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vakhta.domain.classifier import ENTRIES, SERVICES, SEVERITIES, SKILLS, Entry, Match
from vakhta.domain.classifier.editions import TIMED, Edition, edition_of, of_dict
from vakhta.domain.classifier.shared import TERMS
from vakhta.domain.classifier.words import stems
from vakhta.domain.norms import Norm
from vakhta.domain.permissions import may
from vakhta.domain.regulations import NORMS
from vakhta.domain.routes import ROUTES
from vakhta.kernel.refusal import clean
from vakhta.tickets.classifier import entries, suggest
from vakhta.tickets.classifier_actions import edit_entry
from vakhta.tickets.models import ClassifierEdition
from vakhta.web import show
from vakhta.web.console import office_screens as o
from vakhta.web.pages import answered, page_for, page_view
from vakhta.web.said import whole
from vakhta.web.screens import Choice, Errors, PageView, SeverityView

ASKED, SHOWN = 200, 12
"""Letters of a question that are read; entries that answer it."""


@require_GET
@page_for("classifier.see")
def classifier(request: HttpRequest) -> HttpResponse:
    page = page_view(request, _("Классификатор"))
    asked = clean(request.GET.get("q", "")[:ASKED], "q", "Слова", limit=ASKED)
    made = o.ClassifierPage(
        page=page,
        groups=found(suggest(asked, SHOWN)) if asked else by_place(entries().values()),
        query=asked,
        count=len(ENTRIES),
    )
    return render(request, "office/classifier.html", {"page": page, "classifier": made})


def found(matches: Iterable[Match]) -> tuple[o.EntryGroup, ...]:
    rows = tuple(_row(match.entry, match.reason) for match in matches)
    return (
        (o.EntryGroup(title=_("Что могут значить эти слова, вероятное первым"), rows=rows),) if rows else ()
    )


def by_place(known: Iterable[Entry]) -> tuple[o.EntryGroup, ...]:
    groups: dict[str, list[o.EntryRow]] = {}
    for entry in sorted(known, key=lambda entry: (entry.place, entry.system)):
        groups.setdefault(entry.place, []).append(_row(entry))
    return tuple(o.EntryGroup(title=_(place), rows=tuple(rows)) for place, rows in groups.items())


def _row(entry: Entry, why: str = "") -> o.EntryRow:
    return o.EntryRow(
        url=reverse("public:entry", args=[entry.code]),
        title=show.nature(entry.code),
        severity=SeverityView(code=entry.severity),
        norms=tuple(_norm(NORMS[code]) for code in entry.norms if code != TERMS),
        skill=_(SKILLS[entry.skill]),
        services=tuple(_(SERVICES[code]) for code in entry.services),
        why=why,
        mark=_("не предлагается") if entry.is_off else _version(entry.version) if entry.version else "",
    )


def _norm(norm: Norm) -> str:
    """«Локализация: 30 минут»; a rule without a term is its title."""
    return f"{_(norm.title)}: {show.norm_limit(norm)}" if norm.limit else _(norm.title)


def _version(number: int) -> str:
    return _("версия %s") % number if number else _("как в программе")


@require_GET
@page_for("classifier.see")
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """The entry; who may edit it has a form, which `from` fills in as that version says."""
    if code not in ENTRIES:
        raise Http404
    return _entry(request, code)


@require_POST
@page_for("classifier.edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of the entry."""
    said = request.POST
    return answered(
        request,
        lambda: edit_entry(
            code, _edition(said), reason=said.get("reason", ""), seen=whole(said.get("seen", "")) or 0
        ),
        lambda made: reverse("public:entry", args=[code]),
        lambda error: _entry(request, code, said, {error.field: error.message}),
    )


def _edition(said: QueryDict) -> Edition:
    return Edition(
        severity=said.get("severity", ""),
        skill=said.get("skill", ""),
        services=tuple(said.getlist("services")),
        norms=tuple(said.getlist("norms")),
        plan=clean(said.get("plan", ""), "plan", "План", limit=1000),
        questions=_lines(said.get("questions", ""), "questions", "Что спросить"),
        safety=_lines(said.get("safety", ""), "safety", "Что сказать сразу"),
        danger=clean(said.get("danger", ""), "danger", "Опасность", limit=1000),
        words=_words(said.get("words", "")),
        needs_access=bool(said.get("needs_access")),
        is_off=bool(said.get("is_off")),
    )


def _lines(text: str, field: str, title: str) -> tuple[str, ...]:
    lines = clean(text, field, title, limit=2000).splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _words(text: str) -> tuple[str, ...]:
    """Divided by commas or spaces, as the classifier compares them."""
    said = clean(text, "words", "Свои слова", limit=1000).casefold().replace("ё", "е")
    return tuple(re.split(r"[\s,;]+", said)) if said else ()


def _entry(
    request: HttpRequest, code: str, said: QueryDict | None = None, errors: Errors | None = None
) -> HttpResponse:
    now, base = entries()[code], ENTRIES[code]
    page = page_view(request, show.nature(code))
    editions = list(
        ClassifierEdition.objects.filter(classifier=code).select_related("staff").order_by("-version")
    )
    form = None
    may_edit = may(request.scope.role, "classifier.edit")  # type: ignore[attr-defined]
    if may_edit:
        older = {row.version: of_dict(row.edition) for row in editions} | {0: edition_of(base, base)}
        asked = whole(request.GET.get("from", ""))
        shown = older.get(-1 if asked is None else asked, edition_of(now, base))
        form = form_of(base, shown, now.version)
        form = _as_sent(form, said, errors or {}) if said is not None else form
    made = entry_page(page, now, _versions(code, now.version, editions, may_edit), form)
    return render(request, "office/entry.html", {"page": page, "entry": made}, status=422 if errors else 200)


def entry_page(
    page: PageView, now: Entry, versions: tuple[o.EditionRow, ...], form: o.EntryForm | None
) -> o.EntryPage:
    return o.EntryPage(
        page=page,
        back_url=reverse("public:classifier"),
        row=_row(now),
        place=_(now.place),
        plan=now.plan,
        questions=now.questions,
        safety=now.safety,
        danger=now.danger,
        needs_access=now.needs_access,
        stages=tuple(_(stage.title) for stage in ROUTES[now.route].stages),
        words=now.words,
        signs=tuple(", ".join(stems(concept)) for concept, worth in now.signs.items() if worth >= 1),
        versions=versions,
        form=form,
    )


def _versions(
    code: str, held: int, editions: list[ClassifierEdition], may_edit: bool
) -> tuple[o.EditionRow, ...]:
    def url(version: int) -> str:
        may_return = may_edit and version != held
        return f"{reverse('public:entry', args=[code])}?from={version}#form" if may_return else ""

    rows = [
        o.EditionRow(
            title=_version(row.version),
            at=row.recorded_at,
            who=row.staff.name if row.staff else "",
            reason=row.reason,
            url=url(row.version),
        )
        for row in editions
    ]
    return (*rows, o.EditionRow(title=_version(0), url=url(0))) if rows else ()


def form_of(base: Entry, edition: Edition, seen: int) -> o.EntryForm:
    """The form as an edition says it; `seen`: the version that holds."""
    services = dict.fromkeys((*edition.services, *SERVICES))
    return o.EntryForm(
        post_url=reverse("public:edit_entry", args=[base.code]),
        seen=seen,
        severities=_choices(SEVERITIES, [edition.severity]),
        skills=_choices(SKILLS, [edition.skill]),
        services=_choices({code: SERVICES[code] for code in services}, edition.services),
        norms=tuple(
            Choice(
                value=code,
                title=_(NORMS[code].title),
                detail=show.norm_limit(NORMS[code]),
                chosen=code in (*base.norms, *edition.norms),
                disabled=code in base.norms,
            )
            for code in TIMED
        ),
        plan=edition.plan,
        questions="\n".join(edition.questions),
        safety="\n".join(edition.safety),
        danger=edition.danger,
        words=", ".join(edition.words),
        needs_access=edition.needs_access,
        is_off=edition.is_off,
    )


def _choices(titles: Mapping[str, str], chosen: Collection[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=code, title=_(title), chosen=code in chosen) for code, title in titles.items())


def _as_sent(form: o.EntryForm, said: QueryDict, errors: Errors) -> o.EntryForm:
    """Nothing that was typed is lost with what was refused."""

    def ticked(name: str, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        sent = said.getlist(name)
        return tuple(replace(choice, chosen=choice.disabled or choice.value in sent) for choice in choices)

    texts: dict[str, Any] = {
        name: said.get(name, "") for name in ("plan", "questions", "safety", "danger", "words", "reason")
    }
    return replace(
        form,
        **texts,
        severities=ticked("severity", form.severities),
        skills=ticked("skill", form.skills),
        services=ticked("services", form.services),
        norms=ticked("norms", form.norms),
        needs_access=bool(said.get("needs_access")),
        is_off=bool(said.get("is_off")),
        errors=errors,
    )
