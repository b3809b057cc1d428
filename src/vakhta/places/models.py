"""Housing stock: buildings down to accounts, and the people who live there.

A reference within a company is checked once, by its `SameCompany`; a key of its own would ask the same again, and an
index of its own would stand beside one that begins with it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from vakhta.kernel.tenancy import ScopedModel
from vakhta.people.models import Company

from .keys import FamilyKey


class Building(ScopedModel):
    """Многоквартирный дом (МКД). `street_key` and `house_key` are folded for search (ё = е)."""

    is_lent: ClassVar = True

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="buildings")
    city = models.CharField(max_length=80)
    street = models.CharField(max_length=120)
    house = models.CharField(max_length=20)
    street_key = models.CharField(max_length=120)
    house_key = models.CharField(max_length=20)
    zone = models.CharField(max_length=40, default="Europe/Moscow")
    guid = models.UUIDField(null=True, blank=True)
    """ФИАС/ГАР: the key to the outside; one house's of a company."""
    floors = models.PositiveSmallIntegerField(default=1)
    entrances = models.PositiveSmallIntegerField(default=1)
    has_lift = models.BooleanField(default=False)
    has_gas = models.BooleanField(default=False)
    has_chute = models.BooleanField(default=False)

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["street_key", "house_key"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "city", "street_key", "house_key"], name="one_building_per_address"
            ),
            models.UniqueConstraint(
                fields=["company", "guid"], condition=Q(guid__isnull=False), name="one_building_per_guid"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["street_key", "house_key"])]

    def __str__(self) -> str:
        return f"{self.street}, {self.house}"


class Premises(ScopedModel):
    """Помещение: a flat or shop of a building."""

    is_lent: ClassVar = True

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    building = models.ForeignKey(
        Building, on_delete=models.CASCADE, related_name="premises", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=12)
    number_key = models.CharField(max_length=12)
    entrance = models.PositiveSmallIntegerField(default=1)
    floor = models.SmallIntegerField(default=1)

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["building_id", "entrance", "floor", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "number_key"], name="one_flat_per_number")
        ]

    def __str__(self) -> str:
        return f"кв. {self.number}"


class Person(ScopedModel):
    """A resident: owner (собственник), tenant (наниматель) or someone who lives there."""

    is_lent: ClassVar = True

    RELATIONS: ClassVar = (("owner", "собственник"), ("tenant", "наниматель"), ("lives", "проживает"))

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    premises = models.ForeignKey(
        Premises,
        null=True,
        on_delete=models.SET_NULL,
        related_name="people",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=160)
    """Family name first: «Петрова Анна Сергеевна»."""
    family_key = models.GeneratedField(
        expression=FamilyKey(F("name")), output_field=models.CharField(max_length=160), db_persist=True
    )
    second_key = models.CharField(max_length=160, db_collation="C", editable=False, db_default="")
    third_key = models.CharField(max_length=160, db_collation="C", editable=False, db_default="")
    fourth_key = models.CharField(max_length=160, db_collation="C", editable=False, db_default="")
    """The words of the name behind its first one, folded: «О'Коннор Джон» is found by «коннор» and «джон» too. The
    database writes them (`keys.NAME_KEYS`), whoever writes the name."""
    relation = models.CharField(max_length=8, choices=RELATIONS, default="lives")
    email = models.EmailField(blank=True, default="")

    class Meta(ScopedModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["premises"]),
            models.Index(fields=["second_key", "company"], name="person_by_second"),
            models.Index(fields=["third_key", "company"], name="person_by_third"),
            models.Index(fields=["fourth_key", "company"], name="person_by_fourth"),
            models.Index(
                fields=["family_key", "company"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                name="person_by_family",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Phone(ScopedModel):
    """A number of a person in E.164, without spaces: +79161234567."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="phones", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=16)

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "number"], name="one_row_per_phone"),
        ]
        indexes: ClassVar = [models.Index(fields=["number"])]

    def __str__(self) -> str:
        return self.number


class Consent(ScopedModel):
    """Согласие of a resident: a document of its own with its edition (152-ФЗ ст. 9), given on a day and taken back on
    another. A row is never written over: what held when, stays told."""

    PURPOSES: ClassVar = (
        ("mass", "массовые звонки и сообщения"),
        ("advertising", "реклама"),
        ("others", "передача сведений другим лицам"),
    )
    """For what the law wants one: `fz41.mass_calls`, `fz38.18.consent`, `fz152.consent`. A ticket wants none."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="consents", db_constraint=False, db_index=False
    )
    purpose = models.CharField(max_length=12, choices=PURPOSES)
    document = models.CharField(max_length=200)
    """Its form, edition and where the paper lies: «бланк 2, ред. 01.09.2025, дело 15»."""
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    """The day from which it holds no more; None: it stands."""

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["person_id", "given_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_standing_consent",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="consent_of_person")]

    def __str__(self) -> str:
        return f"согласие № {self.pk}"


class Account(ScopedModel):
    """Лицевой счёт of premises."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    premises = models.ForeignKey(
        Premises, on_delete=models.CASCADE, related_name="accounts", db_constraint=False, db_index=False
    )
    number = models.CharField(max_length=20)
    holder = models.CharField(max_length=160, blank=True, default="")

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="one_account_per_number")
        ]
        indexes: ClassVar = [models.Index(fields=["premises"])]

    def __str__(self) -> str:
        return self.number


class AccessNote(ScopedModel):
    """What a crew must know to get in or to shut off: a valve, a key, a code of a building."""

    is_lent: ClassVar = True

    KINDS: ClassVar = (("valve", "Задвижка"), ("key", "Ключ"), ("code", "Код двери"))

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="access_notes")
    kind = models.CharField(max_length=8, choices=KINDS)
    title = models.CharField(max_length=120)
    where = models.CharField(max_length=200)

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["building_id", "kind", "title"]
        indexes: ClassVar = [models.Index(fields=["building"])]

    def __str__(self) -> str:
        return self.title


class Entrance(ScopedModel):
    """Подъезд: what is known of one beyond its number."""

    is_lent: ClassVar = True

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    floors = models.PositiveSmallIntegerField(null=True, blank=True)
    first_flat = models.PositiveIntegerField(null=True, blank=True)
    last_flat = models.PositiveIntegerField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True, default="")
    """Of the door: «38К2417»."""

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["building_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "number"], name="one_entrance_per_number")
        ]

    def __str__(self) -> str:
        return f"подъезд {self.number}"


class Riser(ScopedModel):
    """Стояк: which flats it feeds and where it is shut."""

    is_lent: ClassVar = True

    SERVICES: ClassVar = (
        ("cold_water", "ХВС"),
        ("hot_water", "ГВС"),
        ("sewerage", "водоотведение"),
        ("heating", "отопление"),
        ("electricity", "электричество"),
        ("gas", "газ"),
    )

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="+")
    service = models.CharField(max_length=20, choices=SERVICES)
    entrance = models.PositiveSmallIntegerField(null=True, blank=True)
    """None: of the whole house."""
    feeds = models.CharField(max_length=120, blank=True, default="")
    """«кв. 3, 7, 11 … 35, кухни»"""
    valve = models.CharField(max_length=200)
    """Where it is shut: «подвал, под кв. 3, вентиль красный»."""

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["building_id", "entrance", "service", "id"]
        indexes: ClassVar = [models.Index(fields=["building"], name="riser_of_building")]

    def __str__(self) -> str:
        return f"стояк {self.get_service_display()}"


class Lift(ScopedModel):
    """Лифт, and whether it goes."""

    is_lent: ClassVar = True

    KINDS: ClassVar = (("passenger", "пассажирский"), ("freight", "грузовой"))

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="+")
    entrance = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=30)
    """Registration number, as the lift's passport has it."""
    kind = models.CharField(max_length=10, choices=KINDS, default="passenger")
    serviced_by = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=16, blank=True, default="")
    """Of the service's dispatcher: E.164 or a short number."""
    stopped_since = models.DateTimeField(null=True, blank=True)
    """None: it goes."""
    stop_reason = models.CharField(max_length=200, blank=True, default="")
    expected_at = models.DateTimeField(null=True, blank=True)
    """When it is promised to go again; it is told as promised and starts nothing."""

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["building_id", "entrance", "kind", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "number"], name="one_lift_per_number")
        ]
        indexes: ClassVar = [models.Index(fields=["building"], name="lift_of_building")]

    def __str__(self) -> str:
        return f"лифт {self.number}"
