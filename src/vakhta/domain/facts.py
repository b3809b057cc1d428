"""Every fact of the service. The journal holds these and nothing else changes the service.

A fact says *what* happened; the envelope (`Recorded`) says when it happened, when it was
recorded and by whom. A fact names its subjects by fields called as in `SUBJECT_FIELDS`; ids are
integers in the database and any string in `vakhta deadlines`. Fields made by `words()` hold
personal words (names, phones, free text): the journal keeps a salted digest of them in the
chained entry and the words beside it, so that 152-ФЗ deletion leaves the chain whole.

Only values that JSON can carry stand in facts: str, int, bool, None, tuples and dicts of these,
and moments (`datetime` with a zone), which are written in UTC.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

Id = int | str

SUBJECT_FIELDS = (
    "interaction",
    "ticket",
    "work_order",
    "delivery",
    "outage",
    "norm",
    "nature",
    "staff",
    "crew",
    "swap",
    "handover",
    "building",
    "duty",
)

CHANNELS = ("phone", "email", "web", "chat", "messenger", "lift", "partner", "walk_in")
"""How a contact comes (416 п.15)."""
OUTCOMES = ("ticket", "addition", "consultation", "redirected", "not_ours", "silence")
"""How a contact ends."""
SEVERITIES = ("emergency", "urgent", "ordinary", "information")
"""авария, срочно, обычная, справка"""

FACTS: dict[str, type[Fact]] = {}

ERASED = "сведения удалены"
"""What stands, in rows and in facts that are read, where words of a person were deleted by law."""


def words(default: str = "") -> Any:
    """A field of personal words: digest in the chain, words in the side table."""
    return field(default=default, metadata={"personal": True})


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of all facts. The class name is the fact's kind in the journal."""

    TITLE: ClassVar[str] = ""
    """How the journal calls it in Russian; translated where it is shown."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        FACTS[cls.__name__] = cls

    @property
    def kind(self) -> str:
        return type(self).__name__

    @property
    def subjects(self) -> tuple[str, ...]:
        """Journal subjects, e.g. ("interaction/5", "ticket/17")."""
        found = []
        for name in SUBJECT_FIELDS:
            value = getattr(self, name, None)
            if value is not None:
                found.append(f"{name}/{value}")
        return tuple(found)

    @classmethod
    def personal_fields(cls) -> tuple[str, ...]:
        return tuple(f.name for f in dataclasses.fields(cls) if f.metadata.get("personal"))


@dataclass(frozen=True)
class Recorded:
    """A fact with its envelope. `entry` is the journal's entry id, 0 before it is written."""

    fact: Fact
    happened_at: datetime
    recorded_at: datetime
    actor: str = ""
    """"staff/7", "resident/17", "token/3", "system/clock"."""
    late_reason: str = ""
    """Why it was entered after the fact («бумажная ночь»); empty when entered as it happened."""
    entry: int = 0


# ── Contact: обращение ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class InteractionReceived(Fact):
    """A contact arrived (channels of 416 п.15). Starts the answer clock of its channel."""

    TITLE = "Обращение поступило"
    interaction: Id
    channel: str
    """One of CHANNELS."""
    emergency: bool = False
    """True when the channel itself says so (lift intercom, gas sensor): it goes to the front."""
    building: Id | None = None
    zone: str = "Europe/Moscow"
    caller: str = words()
    phone: str = words()
    address: str = words()
    """As it was said."""
    place: str = words()
    """As the stock writes it, with what else was said of it; empty when no house was found."""
    text: str = words()


@dataclass(frozen=True, kw_only=True)
class InteractionTaken(Fact):
    TITLE = "Взято в работу"
    interaction: Id
    operator: Id
    before: int | None = None
    """The operator who had it: a senior took it over, or it was handed on at the end of a shift."""


@dataclass(frozen=True, kw_only=True)
class InteractionGivenBack(Fact):
    TITLE = "Возвращено в очередь"
    interaction: Id
    operator: Id
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class InteractionAnswered(Fact):
    """Step 1. Stops the answer clock (416 п.13)."""

    TITLE = "Ответ заявителю"
    interaction: Id


@dataclass(frozen=True, kw_only=True)
class CallAbandoned(Fact):
    """The caller gave up before an answer: starts the callback clock (416 п.13)."""

    TITLE = "Звонок потерян"
    interaction: Id


@dataclass(frozen=True, kw_only=True)
class CallbackMade(Fact):
    TITLE = "Перезвонили"
    interaction: Id


@dataclass(frozen=True, kw_only=True)
class ApplicantNoted(Fact):
    """Who called and from where, as the operator noted it; every part may be unknown."""

    TITLE = "Заявитель"
    interaction: Id
    person: Id | None = None
    premises: Id | None = None
    building: Id | None = None
    caller: str = words()
    phone: str = words()
    email: str = words()
    wants_letters: bool = True
    """Whether letters about the ticket go there."""
    address: str = words()
    """As the stock writes it, or as it was said when no house was found."""


@dataclass(frozen=True, kw_only=True)
class NatureFound(Fact):
    """Step 2: cause and nature (classifier entry)."""

    TITLE = "Причина и характер"
    interaction: Id
    ticket: Id | None = None
    classifier: str = ""
    description: str = words()


@dataclass(frozen=True, kw_only=True)
class InteractionEnded(Fact):
    """How a contact ended. `outcome`: one of OUTCOMES. `redirected_to` is the service whose number was told."""

    TITLE = "Обращение завершено"
    interaction: Id
    outcome: str
    ticket: Id | None = None
    redirected_to: str = ""
    note: str = words()


@dataclass(frozen=True, kw_only=True)
class InteractionReopened(Fact):
    """Undo of `InteractionEnded`: the contact is back with its operator."""

    TITLE = "Завершение отменено"
    interaction: Id
    undoes: int = 0


# ── Ticket: заявка ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TicketRegistered(Fact):
    """The ticket has its number. Starts the clocks of every norm named in `norms`.

    `norms`: the snapshot, each {"code", "edition", "limit"?}: `limit` in seconds is a company's
    or contract's stricter one. `damage_at`: moment of damage when known (elimination runs from
    it), else None and the registration counts.
    """

    TITLE = "Заявка зарегистрирована"
    ticket: Id
    interaction: Id | None = None
    number: str = ""
    channel: str = ""
    """Of the contact that it began with, one of CHANNELS."""
    classifier: str = ""
    severity: str = "ordinary"
    """One of SEVERITIES."""
    norms: tuple[dict[str, Any], ...] = ()
    damage_at: datetime | None = None
    detected_at: datetime | None = None
    """When the staff found the fault, if before the registration: repair terms of Госстрой 170."""
    reported_at: datetime | None = None
    """When its applicant told it, if before the registration: the check of quality (ПП 354 п. 108) and, where nobody had
    found the fault before, repair terms of Госстрой 170."""
    building: Id | None = None
    premises: Id | None = None
    zone: str = "Europe/Moscow"
    description: str = words()
    applicant: str = words()
    phone: str = words()
    address: str = words()
    """As the stock writes it, with what else was said of it; as it was said when no house was found."""


@dataclass(frozen=True, kw_only=True)
class TicketImported(Fact):
    """A ticket of a journal that was kept before was carried over, closed. It starts no clock and has none of our
    numbers; `old_number` is the word that its journal had for it. The nature is guessed from its words."""

    TITLE = "Заявка перенесена из прежнего журнала"
    ticket: Id
    journal: str
    """The file; its sheet, when it has several, and the row as its program numbers it."""
    sheet: str = ""
    row: int = 0
    old_number: str = ""
    registered_at: datetime | None = None
    """When the old journal says that it came in; at its day's beginning when `has_time` is False."""
    has_time: bool = True
    done_at: datetime | None = None
    classifier: str = ""
    """Empty when the words told none."""
    severity: str = "ordinary"
    building: Id | None = None
    premises: Id | None = None
    zone: str = "Europe/Moscow"
    description: str = words()
    applicant: str = words()
    phone: str = words()
    """As the journal has it."""
    address: str = words()
    performer: str = words()
    term: str = words()
    result: str = words()


@dataclass(frozen=True, kw_only=True)
class OldJournalTakenBack(Fact):
    """All tickets that were carried over from a journal, `count` of them, and the words of their entries are gone."""

    TITLE = "Перенос прежнего журнала отменён"
    journal: str
    count: int
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class NumberTold(Fact):
    """Step 3: the number was announced."""

    TITLE = "Номер назван заявителю"
    ticket: Id
    interaction: Id | None = None


@dataclass(frozen=True, kw_only=True)
class PlanMade(Fact):
    """Step 4: the plan along the route."""

    TITLE = "План действий"
    ticket: Id
    interaction: Id | None = None
    route: str = ""
    note: str = words()


@dataclass(frozen=True, kw_only=True)
class ServiceTold(Fact):
    """Step 5, one for each service: which, who took the message, when (happened_at)."""

    TITLE = "Служба извещена"
    ticket: Id
    interaction: Id | None = None
    service: str
    who: str = words()


@dataclass(frozen=True, kw_only=True)
class ServicesDecided(Fact):
    """Step 5 closed: the decision on other services, recorded even when none is needed."""

    TITLE = "Решение о привлечении служб"
    ticket: Id
    interaction: Id | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TermsTold(Fact):
    """Step 6. Stops the «terms told» clock (416 п.13). `until`: the term that was told. `beyond`: the norm
    whose term it passes, told honestly all the same; why, in `reason`. The norm's clock stays as it is."""

    TITLE = "Сроки сообщены заявителю"
    ticket: Id
    interaction: Id | None = None
    until: datetime | None = None
    how: str = "phone"
    beyond: str = ""
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class AccessAgreed(Fact):
    """Step 7: `needed` False means that no access to premises is needed."""

    TITLE = "Допуск в помещение"
    ticket: Id
    interaction: Id | None = None
    needed: bool = True
    since: datetime | None = None
    until: datetime | None = None
    reason: str = words()
    worker: str = words()


@dataclass(frozen=True, kw_only=True)
class HandedOver(Fact):
    """Step 8: handed over for execution."""

    TITLE = "Передана на исполнение"
    ticket: Id
    interaction: Id | None = None
    work_order: Id | None = None
    crew: Id | None = None
    assignee: Id | None = None


@dataclass(frozen=True, kw_only=True)
class IntakeCompleted(Fact):
    """Step 9: everything about the intake stands in the journal."""

    TITLE = "Приём завершён"
    ticket: Id
    interaction: Id | None = None


@dataclass(frozen=True, kw_only=True)
class StepSkipped(Fact):
    TITLE = "Шаг пропущен"
    step: int
    interaction: Id | None = None
    ticket: Id | None = None
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Fact):
    """One more contact about a ticket («где бригада?», a neighbour who joins)."""

    TITLE = "Обращение присоединено к заявке"
    ticket: Id
    interaction: Id
    note: str = words()


@dataclass(frozen=True, kw_only=True)
class TicketCorrected(Fact):
    """Changed fields; `before` and `after` map field names to JSON values without personal words. Of
    address, applicant, phone and e-mail both words stand when they changed; an empty one was unknown."""

    TITLE = "Заявка исправлена"
    ticket: Id
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    norms: tuple[dict[str, Any], ...] = ()
    """The new snapshot when the nature changed; empty when it did not."""
    damage_at: datetime | None = None
    reason: str = words()
    description_before: str = words()
    description_after: str = words()
    address_before: str = words()
    address_after: str = words()
    applicant_before: str = words()
    applicant_after: str = words()
    phone_before: str = words()
    phone_after: str = words()
    email_before: str = words()
    email_after: str = words()


@dataclass(frozen=True, kw_only=True)
class TicketMerged(Fact):
    """This ticket went into another one; its number is kept, its clocks end."""

    TITLE = "Заявка объединена с другой"
    ticket: Id
    into: Id
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class TicketVoided(Fact):
    """Registered by mistake: its number is kept, its clocks end."""

    TITLE = "Заявка аннулирована"
    ticket: Id
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class CommentAdded(Fact):
    TITLE = "Комментарий"
    ticket: Id
    text: str = words()


@dataclass(frozen=True, kw_only=True)
class FileAttached(Fact):
    TITLE = "Файл приложен"
    ticket: Id
    file: Id
    digest: str = ""
    name: str = words()


# ── The work: наряд ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class WorkAssigned(Fact):
    TITLE = "Наряд выдан"
    ticket: Id
    work_order: Id
    crew: Id | None = None
    assignee: Id | None = None


@dataclass(frozen=True, kw_only=True)
class WorkWithdrawn(Fact):
    """The order was taken back: its ticket is void, merged or given to somebody else. `reason`: of an order that its
    crew had begun."""

    TITLE = "Наряд отозван"
    ticket: Id
    work_order: Id
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class WorkAccepted(Fact):
    TITLE = "Наряд принят"
    ticket: Id
    work_order: Id


@dataclass(frozen=True, kw_only=True)
class WorkRefused(Fact):
    TITLE = "Отказ от наряда"
    ticket: Id
    work_order: Id
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Fact):
    """The technician asks the operator for clarification."""

    TITLE = "Исполнитель спрашивает"
    ticket: Id
    work_order: Id
    text: str = words()


@dataclass(frozen=True, kw_only=True)
class CrewOnTheWay(Fact):
    TITLE = "Бригада выехала"
    ticket: Id
    work_order: Id


@dataclass(frozen=True, kw_only=True)
class CrewOnSite(Fact):
    TITLE = "Бригада на месте"
    ticket: Id
    work_order: Id
    place: str = words()
    """"lat,lon±metres" as the phone gave it, or empty."""


@dataclass(frozen=True, kw_only=True)
class NoAccess(Fact):
    """Nobody let the crew in: recorded, and the access is to be agreed anew."""

    TITLE = "Нет доступа"
    ticket: Id
    work_order: Id
    note: str = words()


@dataclass(frozen=True, kw_only=True)
class DamageContained(Fact):
    """Локализация. Stops the containment clock (416 п.13)."""

    TITLE = "Повреждение локализовано"
    ticket: Id
    work_order: Id | None = None


@dataclass(frozen=True, kw_only=True)
class PassengersEvacuated(Fact):
    """Stops the lift evacuation clock."""

    TITLE = "Пассажиры освобождены"
    ticket: Id
    work_order: Id | None = None


@dataclass(frozen=True, kw_only=True)
class QualityChecked(Fact):
    """Check of quality of a supply (354 п.108): stops its clock."""

    TITLE = "Качество услуги проверено"
    ticket: Id
    work_order: Id | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerGiven(Fact):
    """A request of 416 section VIII was answered: stops its clock."""

    TITLE = "Ответ на запрос дан"
    ticket: Id
    how: str = ""
    """The channel of the answer, the same as of the request."""


@dataclass(frozen=True, kw_only=True)
class WorkDone(Fact):
    """The crew says that it is done: stops blockage, chute, elimination and repair clocks.
    Done is not confirmed: the applicant's word follows. `service`: another service did the work where
    no own crew may, and `who` of it said so."""

    TITLE = "Работы выполнены"
    ticket: Id
    work_order: Id | None = None
    note: str = words()
    place: str = words()
    service: str = ""
    who: str = words()


# ── The applicant's word ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class TicketConfirmed(Fact):
    TITLE = "Заявитель подтвердил"
    ticket: Id
    rating: int | None = None
    """1–5"""
    review: str = words()


@dataclass(frozen=True, kw_only=True)
class TicketRated(Fact):
    """1–5 and a review, given after the ticket has closed: «yes, it is done» is asked first."""

    TITLE = "Оценка заявителя"
    ticket: Id
    rating: int
    review: str = words()


@dataclass(frozen=True, kw_only=True)
class TicketReturned(Fact):
    """The applicant says that it is not done: the ticket is open again and the clocks that
    `WorkDone` had stopped go on from their start."""

    TITLE = "Заявитель вернул заявку"
    ticket: Id
    rating: int | None = None
    review: str = words()


@dataclass(frozen=True, kw_only=True)
class TicketClosedUnanswered(Fact):
    """Completed and unanswered for the configured term."""

    TITLE = "Закрыта без ответа заявителя"
    ticket: Id


# ── People at work ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class StaffPaused(Fact):
    """Somebody who takes contacts takes none for a while, and why («обед»)."""

    TITLE = "Пауза в работе"
    staff: Id
    reason: str = words()


@dataclass(frozen=True, kw_only=True)
class StaffReady(Fact):
    """The pause is over."""

    TITLE = "Готовность к приёму"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class RotaMade(Fact):
    """A person's work of a month was planned by a pattern of `domain.rotas.PATTERNS`."""

    TITLE = "График составлен"
    staff: Id
    month: str
    """«2026-12»"""
    pattern: str
    first: str
    """ISO date of the day on which the pattern begins."""
    shifts: int = 0
    """How many shifts of the month were planned."""


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(Fact):
    """One day of one person; turns by their codes in `domain.rotas.TURNS`, "" is off."""

    TITLE = "Смена изменена"
    staff: Id
    day: str
    """ISO date"""
    turn_before: str = ""
    turn_after: str = ""
    why: str = ""
    """sick, leave, off, extra, other, swap"""


@dataclass(frozen=True, kw_only=True)
class SwapAsked(Fact):
    """`staff` would work the other's turn of `other_day`, and the other theirs of `day`."""

    TITLE = "Обмен сменами предложен"
    swap: Id
    staff: Id
    day: str
    other: Id
    other_day: str


@dataclass(frozen=True, kw_only=True)
class SwapAgreed(Fact):
    """The other one agrees; the senior's word is still to come."""

    TITLE = "Обмен сменами принят сменщиком"
    swap: Id
    staff: Id


@dataclass(frozen=True, kw_only=True)
class SwapApproved(Fact):
    """The senior agrees: the rota is changed (`ShiftChanged` of each day)."""

    TITLE = "Обмен сменами утверждён"
    swap: Id


@dataclass(frozen=True, kw_only=True)
class SwapDeclined(Fact):
    """By the other one, by the senior, or taken back by whoever asked."""

    TITLE = "Обмен сменами отклонён"
    swap: Id


@dataclass(frozen=True, kw_only=True)
class HandoverSigned(Fact):
    """Сдача смены: who leaves signs the sheet of what is open. `digest`: SHA-256 of the sheet as it is kept."""

    TITLE = "Смена сдана"
    handover: Id
    staff: Id
    since: datetime | None = None
    until: datetime | None = None
    """The shift by the rota, when there is one."""
    tickets: tuple[int, ...] = ()
    interactions: tuple[int, ...] = ()
    digest: str = ""
    notes: str = words()


@dataclass(frozen=True, kw_only=True)
class HandoverAccepted(Fact):
    """Who comes has read the sheet and takes it over, with a remark when something is not as it says."""

    TITLE = "Смена принята"
    handover: Id
    staff: Id
    remark: str = words()


# ── At the door ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    """`how`: the steps in their order, "password", "password+totp", "webauthn", "oidc+recovery_codes" …"""

    TITLE = "Вход в службу"
    staff: Id
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class SignedOut(Fact):
    TITLE = "Выход из службы"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class SecondStepFailed(Fact):
    """Somebody knew the password of `staff` and not the second step."""

    TITLE = "Второй шаг входа не пройден"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Fact):
    """Sessions of `staff` were ended before their time, so many."""

    TITLE = "Сеансы закончены"
    staff: Id
    sessions: int = 1


@dataclass(frozen=True, kw_only=True)
class PasswordLetterAsked(Fact):
    """Somebody at the door said that they are `staff` and have forgotten the password: a letter follows."""

    TITLE = "Попросили письмо о новом пароле"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    TITLE = "Пароль сменён"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class SecondStepAdded(Fact):
    """`step`: "totp" or "webauthn"."""

    TITLE = "Способ входа добавлен"
    staff: Id
    step: str


@dataclass(frozen=True, kw_only=True)
class SecondStepRemoved(Fact):
    TITLE = "Способ входа убран"
    staff: Id
    step: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(Fact):
    """New recovery codes; those before them are void."""

    TITLE = "Резервные коды выпущены"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class SecondStepReset(Fact):
    """An administrator took the second step from somebody who has lost it."""

    TITLE = "Второй шаг входа сброшен"
    staff: Id
    reason: str = words()


# ── People of an office ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class StaffInvited(Fact):
    """Somebody who is new was given work: a letter follows, with a link that sets the first password."""

    TITLE = "Приглашение сотруднику"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class StaffRoleChanged(Fact):
    """`role`, `was`: codes of roles."""

    TITLE = "Роль сменена"
    staff: Id
    role: str
    was: str


@dataclass(frozen=True, kw_only=True)
class StaffDismissed(Fact):
    """`staff` works here no longer: sessions are over; contacts that they had taken are in the queue again."""

    TITLE = "Сотрудник уволен"
    staff: Id


@dataclass(frozen=True, kw_only=True)
class StaffReturned(Fact):
    """The dismissal was taken back, or the person has come again."""

    TITLE = "Сотрудник снова работает"
    staff: Id


# ── Clocks ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ClockPaused(Fact):
    """Pause of one norm's clock, only where the norm allows it, with a reason of its list."""

    TITLE = "Срок приостановлен"
    ticket: Id
    norm: str
    why: str
    until: datetime | None = None
    """When it goes on by itself: «agreed» names the agreed moment, other reasons may."""
    note: str = words()


@dataclass(frozen=True, kw_only=True)
class ClockResumed(Fact):
    TITLE = "Срок возобновлён"
    ticket: Id
    norm: str


@dataclass(frozen=True, kw_only=True)
class ClockAtRisk(Fact):
    TITLE = "Срок под угрозой"
    norm: str
    due_at: datetime
    interaction: Id | None = None
    ticket: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ClockBreached(Fact):
    """Written once by `vakhta clock`; stays even if a stop is recorded later."""

    TITLE = "Срок нарушен"
    norm: str
    due_at: datetime
    interaction: Id | None = None
    ticket: Id | None = None


@dataclass(frozen=True, kw_only=True)
class NormCorrected(Fact):
    """An administrator's dated correction of a norm (overlay): stricter or by a new edition."""

    TITLE = "Норма уточнена"
    norm: str
    since: str
    """ISO date"""
    limit: int | None = None
    """seconds"""
    edition: str = ""
    item: str = ""
    verified: str = ""
    """One of `norms.VERIFIED`; empty when the mark stays."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClassifierEdited(Fact):
    """A centre's own edition of an entry of the classifier, whole. Tickets that are registered keep what they got."""

    TITLE = "Вид неисправности изменён"
    nature: str
    """Code of the entry."""
    version: int
    """Of the centre's classifier: each edition counts one on."""
    edition: dict[str, Any]
    """`domain.classifier.editions.Edition.as_dict`."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NormPromised(Fact):
    """A company's own term: stricter than the law, or by a contract where the law has none; `limit`
    None takes it back. Tickets that are registered keep their snapshot."""

    TITLE = "Свой срок организации"
    organisation: int
    norm: str
    limit: int | None = None
    """seconds"""
    document: str = ""


# ── Notices, undo, deletion ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class NoticeQueued(Fact):
    TITLE = "Оповещение поставлено в очередь"
    delivery: Id
    ticket: Id | None = None
    channel: str = "email"
    template: str = ""
    to: str = words()


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Fact):
    TITLE = "Оповещение отправлено"
    delivery: Id
    ticket: Id | None = None
    message_id: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeFailed(Fact):
    TITLE = "Оповещение не доставлено"
    delivery: Id
    ticket: Id | None = None
    why: str = ""
    permanent: bool = False


@dataclass(frozen=True, kw_only=True)
class OutageAnnounced(Fact):
    """Отключение: a supplier's telephonogram tied to buildings."""

    TITLE = "Отключение объявлено"
    outage: Id
    services: tuple[str, ...] = ()
    buildings: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    supplier: str = ""
    document: str = ""
    reason: str = ""
    is_planned: bool | None = None
    """None: in facts of before this was asked."""


@dataclass(frozen=True, kw_only=True)
class OutageProlonged(Fact):
    """Its end was put off, or brought nearer."""

    TITLE = "Срок отключения изменён"
    outage: Id
    until: datetime
    before: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OutageEnded(Fact):
    """The supply is back since `at`."""

    TITLE = "Отключение снято"
    outage: Id
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OutageWithdrawn(Fact):
    """It will not be, or was announced by mistake."""

    TITLE = "Отключение отменено"
    outage: Id
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class LiftStopped(Fact):
    """A lift stands; said again when another reason or another term became known."""

    TITLE = "Лифт остановлен"
    lift: Id
    building: Id
    number: str
    entrance: int
    since: datetime
    until: datetime | None = None
    """When it is promised to go again."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class LiftStarted(Fact):
    """It goes again since `at`."""

    TITLE = "Лифт пущен"
    lift: Id
    building: Id
    number: str
    entrance: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Undone(Fact):
    """A compensating fact: what entry `undoes` said no longer holds."""

    TITLE = "Отменено"
    undoes: int
    undone_kind: str = ""
    interaction: Id | None = None
    ticket: Id | None = None
    work_order: Id | None = None
    outage: Id | None = None


@dataclass(frozen=True, kw_only=True)
class WordsErased(Fact):
    """Personal words of these entries were deleted by 152-ФЗ; `basis` names the act. `ticket` or
    `interaction`: what all of them speak of."""

    TITLE = "Персональные слова удалены"
    entries: tuple[int, ...]
    basis: str
    ticket: Id | None = None
    interaction: Id | None = None


@dataclass(frozen=True, kw_only=True)
class PersonErased(Fact):
    """What was kept about one person was deleted by 152-ФЗ ст. 21, everywhere and at once. It names
    nobody: neither does `basis`, which is refused when it does."""

    TITLE = "Сведения о человеке удалены"
    basis: str
    rows: dict[str, int] = field(default_factory=dict)
    """What was deleted, in Russian → how many."""
    tickets: tuple[int, ...] = ()
    interactions: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OverdueErased(Fact):
    """What was over its term of keeping was deleted or made nobody's (152-ФЗ ст. 5 ч. 7, ст. 21 ч. 4). It names nobody."""

    TITLE = "Сведения удалены по сроку хранения"
    act: str = ""
    """Number of the act, gapless in its centre and year: "26-3"."""
    before: dict[str, str] = field(default_factory=dict)
    """Code of `keeping.TERMS` → what is older than this day (ISO) was over."""
    rows: dict[str, int] = field(default_factory=dict)
    """What was deleted, in Russian → how many."""


@dataclass(frozen=True, kw_only=True)
class EntryParked(Fact):
    """A follower failed three times on this entry; it was set aside and the cursor went on."""

    TITLE = "Событие отложено обработчиком"
    follower: str
    parked: int
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class SharedViewChanged(Fact):
    """A saved view that everybody of a company sees above a list was shared or changed."""

    TITLE = "Общий отбор изменён"
    staff: Id
    """Whose it is."""
    list: str
    """tickets, contacts"""
    what: str
    """shared, unshared, renamed, replaced, removed, restored"""
    name: str = words()


@dataclass(frozen=True, kw_only=True)
class StockChanged(Fact):
    """Housing stock, company or staff was added or changed by an administrator or an import."""

    TITLE = "Справочник изменён"
    what: str
    rows: int = 1
    building: Id | None = None
    """Of one house, when it is one's."""


@dataclass(frozen=True, kw_only=True)
class DutyChanged(Fact):
    """A line of the duty directory, a service or a person on call, was added, changed, moved, removed or returned."""

    TITLE = "Справочник дежурного изменён"
    duty: Id
    what: str
    """added, changed, moved, removed, restored"""
    code: str = ""
    """Of a service, as routes name it."""
    name: str = words()
    phone: str = words()
