"""The nine steps of the intake as the facts tell them: one table, read by the projection that
keeps `Interaction.steps` and by the screens."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.db.models.expressions import CombinedExpression

from vakhta.domain import facts
from vakhta.domain.codec import moment_text
from vakhta.domain.facts import Fact
from vakhta.kernel.journal import Pending, Unit

from .models import Interaction

STEPS: dict[int, tuple[str, str, type[Fact]]] = {
    1: ("ответ", "Ответ на звонок или сообщение", facts.InteractionAnswered),
    2: ("причина", "Причина и характер", facts.NatureFound),
    3: ("заявка", "Регистрация, номер назван", facts.NumberTold),
    4: ("план", "План действий", facts.PlanMade),
    5: ("службы", "Другие службы и органы власти", facts.ServicesDecided),
    6: ("сроки", "Сроки сообщены заявителю", facts.TermsTold),
    7: ("допуск", "Допуск в помещение", facts.AccessAgreed),
    8: ("исполнитель", "Передана на исполнение", facts.HandedOver),
    9: ("журнал", "Всё записано в журнал", facts.IntakeCompleted),
}
"""Number → short name, full name, the fact that marks it."""

_STEP_OF = {kind.__name__: number for number, (_, _, kind) in STEPS.items()}


def project_steps(unit: Unit) -> None:
    """Marks the steps that the facts of this unit did, on the rows of their contacts, and takes away
    the marks that they undid."""
    marks: dict[int, dict[str, Any]] = {}
    for pending in unit.pending:
        interaction = getattr(pending.fact, "interaction", None)
        step = _step(pending.fact)
        if interaction is None or step is None:
            continue
        marks.setdefault(int(interaction), {})[str(step)] = _mark(pending)
    for pk, done in marks.items():
        merged = CombinedExpression(F("steps"), "||", Value(done, JSONField()), output_field=JSONField())
        kept = Func(merged, function="jsonb_strip_nulls", output_field=JSONField())
        Interaction.objects.filter(pk=pk).update(steps=kept if None in done.values() else merged)


def _mark(pending: Pending) -> dict[str, Any] | None:
    """What a fact leaves at its step; None: nothing, it was undone."""
    if isinstance(pending.fact, (facts.Undone, facts.InteractionReopened)):
        return None
    mark: dict[str, Any] = {"at": moment_text(pending.happened_at)}
    if isinstance(pending.fact, facts.StepSkipped):
        mark["skipped"] = True
    return mark


def _step(fact: Fact) -> int | None:
    if isinstance(fact, facts.StepSkipped):
        return fact.step
    if isinstance(fact, facts.InteractionReopened):
        return 9
    if isinstance(fact, facts.Undone):
        return _STEP_OF.get(fact.undone_kind)
    return _STEP_OF.get(fact.kind)


def missing_steps(steps: dict[str, Any], upto: int = 8) -> list[int]:
    return [number for number in range(1, upto + 1) if str(number) not in steps]


def current_step(steps: dict[str, Any]) -> int:
    """The first step without a mark; 10 when all nine have one."""
    missing = missing_steps(steps, 9)
    return missing[0] if missing else 10
