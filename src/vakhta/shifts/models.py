"""График, смена, обмен, сдача смены: who works when, who takes over from whom."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from vakhta.domain.rotas import PATTERNS, TURNS
from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company, Staff


class Rota(ScopedModel):
    """How a person's month was planned: the next month goes on from it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="rotas")
    month = models.DateField()
    """Its first day."""
    pattern = models.CharField(max_length=20, choices=[(p.code, p.title) for p in PATTERNS.values()])
    first = models.DateField()
    """The day on which the pattern begins, of this month or an earlier one."""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "month"], name="one_rota_per_month")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.month:%Y-%m} {self.pattern}"


class Shift(ScopedModel):
    """Смена of a person on a day; the day is when it begins. Without a turn the day is off by a change of the rota."""

    CHANGES: ClassVar = (
        ("sick", "болеет"),
        ("leave", "отпуск"),
        ("off", "отгул"),
        ("extra", "выходит дополнительно"),
        ("other", "другая смена"),
        ("swap", "обмен"),
    )
    """Why a day is otherwise than its pattern."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="shifts")
    day = models.DateField()
    turn = models.CharField(
        max_length=10, blank=True, default="", choices=[(t.code, t.title) for t in TURNS.values()]
    )
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=8, blank=True, default="", choices=CHANGES)
    """Empty: as the pattern has it."""
    is_handed: bool
    """Of what `handover.shift_of` found: has somebody accepted a sheet of it?"""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "day"], name="one_shift_per_day"),
            models.CheckConstraint(
                condition=Q(turn="", since__isnull=True, until__isnull=True)
                | (~Q(turn="") & Q(since__isnull=False, until__gt=F("since"))),
                name="a_shift_has_its_hours",
            ),
            ExclusionConstraint(
                name="nobody_twice_at_once",
                expressions=[
                    (
                        Func(
                            F("staff_id"),
                            F("staff_id"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("since"), F("until"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(since__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "day"], name="shift_of_day"),
            models.Index(fields=["company", "until"], condition=~Q(turn=""), name="shift_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.day} {self.turn or '—'}"


class Swap(ScopedModel):
    """Обмен: `staff` offers their turn of `day` for the other's of `other_day`. Turns as they were when it was asked:
    a rota that has changed since is not swapped."""

    STATES: ClassVar = (
        ("asked", "ждёт сменщика"),
        ("agreed", "ждёт старшего"),
        ("done", "утверждён"),
        ("declined", "отклонён"),
    )
    OPEN: ClassVar = ("asked", "agreed")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    turn = models.CharField(max_length=10)
    other = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    other_day = models.DateField()
    other_turn = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=STATES, default="asked")
    asked_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "day"],
                condition=Q(state__in=["asked", "agreed"]),
                name="one_open_swap_of_day",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["company"], condition=Q(state__in=["asked", "agreed"]), name="swap_open")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.day} ⇄ {self.other_id} {self.other_day}"


class Handover(ScopedModel):
    """Сдача смены: the sheet of what was open, as it stood when it was signed."""

    STATES: ClassVar = (
        ("signed", "ждёт сменщика"),
        ("accepted", "принята"),
        ("replaced", "подписана заново"),
    )

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    """Who leaves."""
    shift = models.ForeignKey(Shift, null=True, on_delete=models.SET_NULL, related_name="handovers")
    state = models.CharField(max_length=8, choices=STATES, default="signed")
    signed_at = models.DateTimeField()
    sheet = models.JSONField()
    """`handover.Sheet` as it is kept: numbers, natures, terms, addresses of the stock; no words of a person."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the sheet, as `HandoverSigned` has it."""
    notes = models.TextField(blank=True, default="")
    taker = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    """Who came and accepted."""
    accepted_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True, default="")

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff"], condition=Q(state="signed"), name="one_open_handover_of_person"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["company", "-signed_at"], name="handover_newest")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.signed_at:%Y-%m-%d %H:%M} {self.state}"
