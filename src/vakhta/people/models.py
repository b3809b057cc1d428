"""Companies, who serves whom, the people who work, and the duty directory."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from vakhta.domain.permissions import ROLES
from vakhta.kernel.tenancy import ScopedManager, ScopedModel, current_scope

CENTRE = "dispatch_centre"
"""The kind of a company that keeps the journal of those that it serves."""


HOUSING = ("management_company", "homeowners_association", "housing_cooperative")
"""The kinds of a company that houses may be of: a contractor or a supplier serves them and has none."""


class Company(ScopedModel):
    """An organisation: dispatch centre (АДС), management company (УК), association (ТСЖ),
    cooperative (ЖСК), contractor, utility supplier (РСО)."""

    is_lent: ClassVar = True

    KINDS: ClassVar = (
        (CENTRE, "Аварийно-диспетчерская служба"),
        ("management_company", "Управляющая компания"),
        ("homeowners_association", "Товарищество собственников жилья"),
        ("housing_cooperative", "Жилищно-строительный кооператив"),
        ("contractor", "Подрядчик"),
        ("utility_supplier", "Ресурсоснабжающая организация"),
    )
    scope_field = "id"

    kind = models.CharField(max_length=24, choices=KINDS)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    zone = models.CharField(max_length=40, default="Europe/Moscow")
    auto_close_days = models.PositiveSmallIntegerField(default=3)
    stricter_norms = models.JSONField(default=dict, blank=True)
    """Norm code → seconds, each stricter than the norm (checked when written)."""
    classifier_version = models.PositiveIntegerField(default=0, db_default=0)
    """Of a centre: how many editions its classifier has had."""

    class Meta(ScopedModel.Meta):
        ordering: ClassVar = ["short_name"]

    def __str__(self) -> str:
        return self.short_name


class Agreement(ScopedModel):
    """A dispatch centre serves a company from `since` (inclusive) to `until` (exclusive)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="agreements")
    centre = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="clients")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")), name="agreement_ends_later"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["centre"])]

    def __str__(self) -> str:
        return f"{self.centre_id} → {self.company_id}"


class UserManager(BaseUserManager["User"]):
    """Shows only who works for a company of the running scope, by the database's policy; raises without one."""

    def get_queryset(self) -> models.QuerySet[User]:
        current_scope()
        return super().get_queryset()

    def get_by_natural_key(self, username: str | None) -> User:
        """Addresses are one in small and large letters."""
        return self.get(email__iexact=(username or "").strip())

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A sign-in. What it may do follows from its `Staff` rows, one for each company; by these it is seen."""

    last_login = None

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    preferences = models.JSONField(default=dict, blank=True)
    """theme, font size, single-letter keys, sound volume"""

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        base_manager_name = "objects"
        default_manager_name = "objects"

    def __str__(self) -> str:
        return self.name


class SignIn(models.Model):
    """A browser in which somebody is signed in. Its row gone, the session is over; seen in the system's scope only."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    browser = models.CharField(max_length=80)
    """«Firefox, Windows»: what the browser says of itself, in words."""
    address = models.GenericIPAddressField(null=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    """To a few minutes."""

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"


class Try(models.Model):
    """How often something was tried until `ends_at`. `key`: what is limited, as a keyed digest, which names nobody."""

    key = models.CharField(max_length=80)
    ends_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "ends_at"], name="one_count_of_tries"),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="tries_that_are_over")]

    def __str__(self) -> str:
        return f"{self.tries} until {self.ends_at}"


class Staff(ScopedModel):
    """A person's work for a company in one role."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="staff")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=20, choices=[(role.code, role.title) for role in ROLES])
    name = models.CharField(max_length=120)
    trade = models.CharField(max_length=60, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_ready = models.BooleanField(default=True)
    """Ready to take contacts; False while on a pause (`StaffPaused`, `StaffReady`)."""
    pause_reason = models.CharField(max_length=120, blank=True, default="")
    """Why there is a pause: «обед»; empty when ready or not said."""

    class Meta(ScopedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user", "role"], name="one_staff_row_per_role")
        ]

    def __str__(self) -> str:
        return self.name


class ListedManager(ScopedManager):
    """What the duty directory lists: a line that was removed is there for its return only."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(removed_at=None)


class DutyContact(ScopedModel):
    """A line of the duty directory: a service or a person on call of a centre or company."""

    KINDS: ClassVar = (("service", "Служба"), ("on_call", "Дежурный"))

    objects: ClassVar = ListedManager()
    everything: ClassVar = ScopedManager()
    """The removed ones too."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="duty_contacts")
    kind = models.CharField(max_length=10, choices=KINDS)
    code = models.CharField(max_length=30, blank=True, default="")
    """Code of a service as routes name it: gas_service, fire, water_utility …; «own-17» of one that no route names."""
    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=40)
    """E.164, or a short number of two to six figures: 112, 104."""
    note = models.CharField(max_length=300, blank=True, default="")
    place = models.PositiveSmallIntegerField(default=0)
    """Order in the directory: what saves lives stands first."""
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        base_manager_name = "everything"
        ordering: ClassVar = ["place", "name"]

    def __str__(self) -> str:
        return self.name


class ApiToken(ScopedModel):
    """A partner's key to the API. Only the SHA-256 of the token is kept."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    rights = ArrayField(models.CharField(max_length=20), default=list)
    """Codes of `domain.permissions.RIGHTS`."""
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
