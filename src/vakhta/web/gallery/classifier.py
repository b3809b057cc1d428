"""Samples of the classifier: all of it, what words mean, an entry with its versions and its form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from vakhta.domain.classifier import ENTRIES, suggest
from vakhta.domain.classifier.editions import Edition, edition_of
from vakhta.domain.classifier.editions import edited as as_edited
from vakhta.web.console import office_screens as o
from vakhta.web.gallery import people as p
from vakhta.web.public import classifier_views as views

GAS = ENTRIES["house.gas.smell"]


def everything(now: datetime) -> o.ClassifierPage:
    own = as_edited(GAS, edition_of(GAS, GAS), 12)
    off = replace(ENTRIES["house.pests"], is_off=True)
    known = ENTRIES | {own.code: own, off.code: off}
    page = p.page("Классификатор", now, current="norms")
    return o.ClassifierPage(page=page, groups=views.by_place(known.values()), count=len(known))


def found(now: datetime) -> o.ClassifierPage:
    asked = "в подъезде пахнет газом, стаяк течёт"
    page = p.page("Классификатор", now, current="norms")
    return o.ClassifierPage(page=page, groups=views.found(suggest(asked, 8)), query=asked, count=len(ENTRIES))


def _page(now: datetime, edition: Edition, **form: object) -> o.EntryPage:
    entry = as_edited(GAS, edition, 12)
    versions = (
        o.EditionRow(title="версия 12", at=now - timedelta(hours=3), who=p.IVANOVA.name, reason="После учений с газовой службой: спрашивать про подвал первым."),
        o.EditionRow(title="версия 4", at=now - timedelta(days=40), who=p.IVANOVA.name, reason="Свои слова жителей", url="#"),
        o.EditionRow(title="как в программе", url="#"),
    )  # fmt: skip
    return views.entry_page(
        p.page("Газ: запах газа", now, current="norms"),
        entry,
        versions,
        replace(views.form_of(GAS, edition, 12), **form),  # type: ignore[arg-type]
    )


def edited(now: datetime) -> o.EntryPage:
    return _page(now, replace(edition_of(GAS, GAS), words=("газком", "тухл")))


def wrong(now: datetime) -> o.EntryPage:
    errors = {
        "questions": "Каждый вопрос кончается знаком «?», по одному в строке.",
        "danger": "Предупреждение об опасности остаётся: от него может зависеть жизнь.",
        "is_off": "Этот вид не отключается: от него может зависеть жизнь.",
    }
    return _page(now, edition_of(GAS, GAS), danger="", is_off=True, questions="Где пахнет", errors=errors)
