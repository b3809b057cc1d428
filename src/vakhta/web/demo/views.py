"""Pages that exist only in the demo: whom to be, and the letters that its mail server received."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_GET, require_POST

from vakhta.crews.models import CrewMember
from vakhta.domain.permissions import ROLES
from vakhta.kernel import clock
from vakhta.kernel.refusal import NotFound
from vakhta.kernel.tenancy import Scope, reading
from vakhta.people.access import scope_of_user
from vakhta.people.models import Staff
from vakhta.people.second_step import steps_of
from vakhta.tickets.models import Ticket
from vakhta.web import show
from vakhta.web.cabinet.links import ticket_link
from vakhta.web.console import office_screens as o
from vakhta.web.pages import page_view
from vakhta.web.public.views import home_of
from vakhta.web.screens import LinkView, PersonView
from vakhta.web.security.door import begin

SHOWN = 50
TEXTS = {
    "operator": (marked("Пульт: очередь, карточка, девять шагов"), ""),
    "senior": (marked("Табло и журнал, всё что у диспетчера"), ""),
    "foreman": (marked("Табло и раздача нарядов"), ""),
    "technician": (marked("Наряды на телефоне"), marked("лучше в узком окне")),
    "client": (marked("Только свои дома и заявки"), ""),
    "contractor": (marked("Наряды, которые дали бригадам подрядчика"), ""),
    "inspector": (marked("Журнал, только чтение"), ""),
    "administrator": (marked("Организации, люди, бригады, дома, нормы"), ""),
}
_LINK = re.compile(r"https?://\S+")


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """One click for each role; the resident is the one of the latest ticket with a letter."""
    titles = {role.code: _(role.title) for role in ROLES}
    with reading(Scope.system("demo")):
        seats = []
        for role in titles:
            found = Staff.objects.filter(role=role, is_active=True).order_by("id")
            crews = _crews() if role == "technician" and "all" not in request.GET else {}
            for staff in found.filter(pk__in=crews) if crews else found[: _shown(role, request)]:
                text, note = TEXTS[role]
                seats.append(
                    o.Seat(
                        title=titles[role],
                        text=crews.get(staff.pk, _(text)),
                        note=_(note),
                        person=PersonView(name=staff.name),
                        post_url=reverse("demo:sign_in_as", args=[staff.pk]),
                    )
                )
        ticket = Ticket.objects.exclude(email="").order_by("-registered_at").first()
        if ticket is not None:
            seats.append(
                o.Seat(
                    title=_("Житель"),
                    text=_("Ссылка из письма: что с заявкой"),
                    person=PersonView(name=ticket.applicant or _("заявитель")),
                    post_url=reverse("demo:resident"),
                )
            )
    page = page_view(request, _("Войти как…"), live_url="", person=None)
    links = (
        LinkView(title=_("Письма показа"), url=reverse("demo:mail")),
        LinkView(title=_("API"), url="/api/v1/docs"),
        LinkView(title=_("Образцы экранов"), url=reverse("gallery:index")),
    )
    made = o.Enter(page=page, seats=tuple(seats), links=links)
    return render(request, "office/enter.html", {"page": page, "enter": made})


def _shown(role: str, request: HttpRequest) -> int | None:
    """Two operators, so that they see each other at work; `?all=1` (the simulator) lets everybody in."""
    if "all" in request.GET:
        return None
    return 2 if role == "operator" else 1


def _crews() -> dict[int, str]:
    """The lead of each crew → the crew, as it is chosen: whoever gets a job can be taken the part of."""
    leads: dict[int, tuple[int, str]] = {}
    for member in CrewMember.objects.select_related("crew").filter(crew__is_active=True).order_by("id"):
        leads.setdefault(member.crew_id, (member.staff_id, show.crew_name(member.crew)))
    return dict(leads.values())


@require_POST
def sign_in_as(request: HttpRequest, pk: int) -> HttpResponse:
    with reading(Scope.system("demo")):
        staff = Staff.objects.select_related("user").filter(pk=pk, is_active=True).first()
        if staff is None:
            raise NotFound(_("Такого человека в показе нет."))
        user, role = staff.user, staff.role
    found = scope_of_user(user.pk, clock.today())
    if found is None:
        raise NotFound(_("Такого человека в показе нет."))
    has_step = steps_of(user.pk).is_set
    return begin(request, user, found, "demo", home_of(role), has_step=has_step)


@require_POST
def resident(request: HttpRequest) -> HttpResponse:
    """The page of the latest ticket that has a letter."""
    with reading(Scope.system("demo")):
        ticket = Ticket.objects.exclude(email="").order_by("-registered_at").first()
    if ticket is None:
        raise NotFound(_("Заявок с почтой ещё нет: подождите, обращения приходят сами."))
    return HttpResponseRedirect(ticket_link(ticket.pk))


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """The letters that the demo's SMTP server has received, the newest first."""
    folder = Path(settings.MAIL_DIR)
    found = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN]
    page = page_view(request, _("Письма показа"), live_url="", person=None)
    made = o.Mailbox(page=page, mails=tuple(_mail(path) for path in found), url=reverse("demo:mail"))
    return render(request, "office/mail.html", {"page": page, "mailbox": made})


def _mail(path: Path) -> o.Mail:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return o.Mail(
        id=path.stem,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=text,
        links=tuple(_LINK.findall(text)),
    )
