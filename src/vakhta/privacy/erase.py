"""Deleting a person by 152-ФЗ ст. 21: one action, every room, one act.

What the rules of dispatching need stays: numbers, addresses, natures, clocks, states, who of the
service did what and when, and the service's own words about its work, unless they speak of the
person. Everything else about the person goes: rows of residents and phones, names, phones, e-mails
and words of contacts and tickets, letters, files with their bytes, words of the journal. Where the
person is mentioned in somebody else's words, a row loses the mention and a journal entry its words
(the chain holds their digests, so they go whole).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from vakhta.contacts.models import ContactWord, Interaction
from vakhta.contacts.words import index_contacts
from vakhta.crews.models import WorkOrder
from vakhta.domain import facts
from vakhta.domain.facts import ERASED
from vakhta.imports import runs
from vakhta.kernel import journal
from vakhta.kernel.files import path_of
from vakhta.kernel.models import Entry, EntrySubject, EntryWords
from vakhta.kernel.refusal import Conflict, Invalid, NotFound, clean, require
from vakhta.kernel.tenancy import Scope, reading, scoped_models
from vakhta.notices.models import Delivery
from vakhta.places.models import Consent, Person, Phone
from vakhta.places.phones import normal_phone
from vakhta.tickets.models import Ticket, TicketFile, TicketWord
from vakhta.tickets.words import index_tickets

from .traces import Traces

OWN_WORDS = frozenset(
    fact.__name__
    for fact in (
        facts.PlanMade,
        facts.ServiceTold,
        facts.AccessAgreed,
        facts.StepSkipped,
        facts.WorkRefused,
        facts.CrewOnSite,
        facts.NoAccess,
        facts.WorkDone,
        facts.ClockPaused,
        facts.TicketVoided,
        facts.TicketMerged,
    )
)
"""Facts whose words are the service's own about its work; they stay unless they speak of the person."""
FINISHED = ("closed", "merged", "voided")
UNTOUCHED = (Person, Phone, TicketWord, ContactWord)
"""Of others: a namesake, a number that a family shares. Words of tickets and contacts are written anew from their rows."""


@dataclass(frozen=True)
class Whom:
    """The person as the request tells: a resident of the stock, a phone that called, or who left neither
    and is named with the contact or the ticket that they told. `name` is for whoever is not in the stock."""

    person: int | None = None
    phone: str = ""
    name: str = ""
    contact: int | None = None
    ticket: str = ""


@dataclass
class Erased:
    """What became of it. `name` and the rest of `traces` are for the act on paper and kept nowhere."""

    name: str
    traces: Traces
    rows: Counter[str] = field(default_factory=Counter)
    tickets: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    interactions: tuple[int, ...] = ()
    shared: tuple[str, ...] = ()
    """Phones and e-mails that stay with other people who have them too."""


def erase_person(whom: Whom, *, basis: str) -> Erased:
    """Deletes everything about one person that the running scope sees; administrators only. Refused
    while a contact or a ticket of the person is not finished: its work needs the data."""
    require("person.erase")
    basis = clean(basis, "basis", "Основание", limit=300, required=True)
    people = _people(whom)
    found = _found(whom, people)
    if found.traces.are_in(basis):
        raise Invalid(
            "Не называйте человека в основании: оно останется в журнале навсегда. "
            "Пишите так: заявление от 20.11.2026 № 5.",
            "basis",
        )
    contacts, tickets = _own(found.traces, people, whom)
    if whom.contact is not None or whom.ticket:
        _check_told(whom, contacts, tickets)
    if not found.name:
        _name_by_contacts(found, contacts)
    if not people and not contacts and not tickets:
        raise NotFound("О таком человеке здесь ничего нет.", "phone")
    _check_finished(contacts, tickets)
    found.tickets, found.interactions = tuple(row.pk for row in tickets), tuple(row.pk for row in contacts)
    found.numbers = tuple(row.number for row in tickets)
    _erase_words(found, basis)
    _erase_rows(found, contacts, tickets, people)
    mentioned = _erase_mentions(found)
    index_tickets({*found.tickets, *mentioned[Ticket]})
    index_contacts({*found.interactions, *mentioned[Interaction]})
    company = people[0].company_id if people else (contacts or tickets)[0].company_id
    journal.record(
        facts.PersonErased(
            basis=basis, rows=dict(found.rows), tickets=found.tickets, interactions=found.interactions
        ),
        company=company,
    )
    return found


# ── Who it is, and what is theirs ────────────────────────────────────────────────────────────


def _people(whom: Whom) -> list[Person]:
    if whom.person is not None:
        found = list(Person.objects.filter(pk=whom.person))
        if not found:
            raise NotFound("Жильца № %(person)s нет.", "person", person=whom.person)
        return found
    if whom.contact is not None or whom.ticket:
        return []
    number = normal_phone(whom.phone)
    if not number:
        raise Invalid("Назовите жильца номером или телефон, с которого обращались.", "phone")
    found = list(Person.objects.filter(phones__number=number).distinct())
    if len({person.name for person in found}) > 1:
        known = "; ".join(f"{person.pk} {person.name}" for person in found)
        raise Conflict(
            "Этот телефон у нескольких жильцов, назовите одного: %(known)s.", "person", known=known
        )
    return found


def _found(whom: Whom, people: list[Person]) -> Erased:
    """The name and what the person is found by; what others have too is not looked for elsewhere."""
    name = people[0].name if people else clean(whom.name, "name", "Имя", limit=160)
    phones = set(Phone.objects.filter(person__in=people).values_list("number", flat=True))
    phones |= {normal_phone(whom.phone)} - {""}
    emails = {person.email for person in people} - {""}
    others = Person.objects.exclude(pk__in=[person.pk for person in people])
    shared = set(Phone.objects.filter(person__in=others, number__in=phones).values_list("number", flat=True))
    shared |= set(others.filter(email__in=emails).values_list("email", flat=True))
    namesake = others.filter(name=name).exists()
    traces = Traces(
        name="" if namesake else name,
        phones=tuple(sorted(phones - shared)),
        emails=tuple(sorted(emails - shared)),
    )
    return Erased(name=name, traces=traces, shared=tuple(sorted(shared)))


def _own(traces: Traces, people: list[Person], whom: Whom) -> tuple[list[Interaction], list[Ticket]]:
    """Contacts and tickets of the person, locked: known as theirs, or of nobody known and from their
    phone or e-mail, or from their flat under a part of their name, or the one that the request names."""
    homes = [person.premises_id for person in people if person.premises_id and traces.near()]

    def theirs(named: str) -> Q:
        at_home = Q(**{"premises__in": homes, f"{named}__regex": traces.near()})
        unknown = Q(phone__in=traces.phones) | Q(email__in=traces.emails) | at_home
        return Q(person__in=people) | Q(person=None) & unknown

    told = Q(pk=whom.contact) | Q(ticket__number=whom.ticket or None, outcome="ticket")
    contacts = list(
        Interaction.objects.select_for_update(of=("self",)).filter(theirs("caller") | told).order_by("pk")
    )
    made = [row.ticket_id for row in contacts if row.outcome == "ticket" and row.ticket_id]
    tickets = Ticket.objects.select_for_update(of=("self",)).filter(
        theirs("applicant") | Q(pk__in=made) | Q(number=whom.ticket or None)
    )
    return contacts, list(tickets.order_by("pk"))


def _check_told(whom: Whom, contacts: list[Interaction], tickets: list[Ticket]) -> None:
    """A slip in a number must not delete somebody else: the family name, the first word, stands there."""
    name = clean(whom.name, "name", "Имя", limit=160, required=True)
    if not contacts and not tickets:
        raise NotFound("Такого здесь нет.", "ticket" if whom.ticket else "contact")
    known = {row.person_id for row in contacts} | {row.person_id for row in tickets}
    if known - {None}:
        raise Conflict(
            "Это сказал жилец: удаляйте его по номеру, --person %(known)s.",
            "person",
            known=(known - {None}).pop(),
        )
    said = [row.caller for row in contacts] + [row.applicant for row in tickets]
    said += [text for row in contacts for text in (row.text, row.description)]
    if not Traces(name.split()[0]).are_in(" ".join(said)):
        raise Invalid("Там назван не этот человек: проверьте имя и номер.", "name")


def _name_by_contacts(found: Erased, contacts: list[Interaction]) -> None:
    """Who is not in the stock is called as they called themselves, at the fullest."""
    found.name = max((row.caller for row in contacts if row.caller != ERASED), key=len, default="")
    found.traces = replace(found.traces, name=found.name)


def _check_finished(contacts: list[Interaction], tickets: list[Ticket]) -> None:
    open_ones = [f"заявка № {row.number}" for row in tickets if row.state not in FINISHED]
    open_ones += [f"обращение № {row.pk}" for row in contacts if row.state != "ended"]
    if open_ones:
        raise Conflict(
            "Ещё не закончено: %(known)s. Пока идёт работа, сведения нужны для неё; удалите их, когда она закрыта.",
            known=", ".join(open_ones[:10]),
        )


# ── The journal ──────────────────────────────────────────────────────────────────────────────


def _erase_words(found: Erased, basis: str) -> None:
    """Words of the entries about the person's contacts and tickets, and of any that mention them."""
    done: set[int] = set()
    subjects = [("ticket", pk) for pk in found.tickets] + [("interaction", pk) for pk in found.interactions]
    for kind, pk in subjects:
        entries = _entries_of(f"{kind}/{pk}", found.traces) - done
        _delete_words(found, entries, basis, **{kind: pk})
        done |= entries
    letters = Delivery.objects.filter(_letters(found)).values_list("pk", flat=True)
    queued = EntrySubject.objects.filter(subject__in=[f"delivery/{pk}" for pk in letters])
    elsewhere = set(queued.values_list("entry_id", flat=True)) | _mentions(found.traces)
    _delete_words(found, elsewhere - done, basis)


def _entries_of(subject: str, traces: Traces) -> set[int]:
    """Entries of a subject whose words are the person's, or speak of the person."""
    ids = EntrySubject.objects.filter(subject=subject).values("entry_id")
    words = dict(EntryWords.objects.filter(entry_id__in=ids).values_list("entry_id", "words"))
    kinds = dict(Entry.objects.filter(id__in=words).values_list("id", "kind"))
    return {
        entry
        for entry, said in words.items()
        if kinds[entry] not in OWN_WORDS or any(traces.are_in(text) for text in said.values())
    }


def _mentions(traces: Traces) -> set[int]:
    if not traces.sure():
        return set()
    mention = RawSQL(
        "EXISTS (SELECT 1 FROM jsonb_each_text(words) AS said WHERE said.value ~ %s)",
        [traces.sure()],
        output_field=models.BooleanField(),
    )
    rows = EntryWords.objects.annotate(mention=mention).filter(mention=True)
    return set(rows.values_list("entry_id", flat=True))


def _delete_words(found: Erased, entries: set[int], basis: str, **subject: int) -> None:
    """One act of the journal for each company whose entries they are."""
    by_company: dict[int, list[int]] = defaultdict(list)
    rows = EntryWords.objects.filter(entry_id__in=entries).values_list("company_id", "entry_id")
    for company, entry in rows:
        by_company[company].append(entry)
    for company, ids in sorted(by_company.items()):
        found.rows["слова в записях журнала"] += journal.erase_words(
            ids, basis=basis, company=company, **subject
        )


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────


def _erase_rows(
    found: Erased, contacts: list[Interaction], tickets: list[Ticket], people: list[Person]
) -> None:
    for row in tickets:
        _blank(row, ("applicant", "description"), ("phone", "email"), person=None)
    for contact in contacts:
        _blank(
            contact,
            ("caller", "text", "description"),
            ("phone", "email", "key_digest"),
            person=None,
            typed=None,
        )
    found.rows["заявки"], found.rows["обращения"] = len(tickets), len(contacts)
    letters = list(Delivery.objects.select_for_update().filter(_letters(found)))
    for letter in letters:
        waits = letter.state in ("queued", "sending")
        _blank(letter, ("to", "body"), ("error",), state="dropped" if waits else letter.state)
    found.rows["письма"] = len(letters)
    for order in WorkOrder.objects.filter(ticket__in=tickets).exclude(question=""):
        _blank(order, ("question",), ())
    found.rows["файлы"] = erase_files(TicketFile.objects.filter(ticket__in=tickets))
    found.rows["телефоны"] = Phone.objects.filter(person__in=people).delete()[0]
    found.rows["согласия"] = Consent.objects.filter(person__in=people).delete()[0]
    for person in people:
        person.delete()
    found.rows["жильцы"] = len(people)
    companies = {person.company_id for person in people} | {row.company_id for row in tickets}
    found.rows["таблицы"] = runs.forget(companies)
    found.rows = +found.rows


def _letters(found: Erased) -> Q:
    return Q(ticket_id__in=found.tickets) | Q(to__in=found.traces.emails)


def _blank(row: models.Model, marked: Iterable[str], emptied: Iterable[str], **more: Any) -> None:
    """Marks what had words, empties what must stay a phone or an address of mail, sets the rest."""
    changes: dict[str, Any] = {name: ERASED for name in marked if getattr(row, name)}
    changes |= {name: "" for name in emptied} | more
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


def erase_files(rows: QuerySet[TicketFile]) -> int:
    """Rows now, bytes when the change is written, unless another ticket has the same content. Bytes
    that a crash leaves belong to no row and are swept."""
    digests = set(rows.values_list("digest", flat=True))
    count = rows.delete()[0]
    with reading(Scope.system("erase")):
        kept = set(TicketFile.objects.filter(digest__in=digests).values_list("digest", flat=True))
    gone = sorted(digests - kept)
    transaction.on_commit(lambda: _remove(gone))
    return int(count)


def _remove(digests: list[str]) -> None:
    for digest in digests:
        path_of(digest).unlink(missing_ok=True)


def _erase_mentions(found: Erased) -> dict[type[Any], set[int]]:
    """Takes the person out of every other text that the scope sees, but for those of the people who
    work: they are kept by another law. Returns the rows of each table that lost words."""
    pattern, rows = found.traces.sure(), defaultdict[type[Any], set[int]](set)
    if not pattern:
        return rows
    for model in scoped_models():
        if model in UNTOUCHED or model._meta.app_label in ("people", "kernel"):
            continue
        for column in _texts(model):
            for row in model.objects.filter(**{f"{column.name}__regex": pattern}):
                _take_out(row, column, found.traces)
                found.rows["упоминания в других строках"] += 1
                rows[model].add(row.pk)
    found.rows["упоминания в других строках"] += _erase_typed(found.traces)
    return rows


def _erase_typed(traces: Traces) -> int:
    """Out of what is being typed of other applicants just now; how many rows lost it."""
    count = 0
    for row in Interaction.objects.select_for_update(of=("self",)).filter(typed__isnull=False):
        kept = {field: traces.taken_out(text, ERASED) for field, text in row.typed.items()}
        if kept != row.typed:
            row.typed = kept
            row.save(update_fields=["typed"])
            count += 1
    return count


def _texts(model: type[models.Model]) -> list[Any]:
    fields = model._meta.concrete_fields
    return [f for f in fields if isinstance(f, (models.CharField, models.TextField)) and not f.choices]


def _take_out(row: models.Model, column: Any, traces: Traces) -> None:
    """A text keeps the rest of its words; a sender's key, which must stay one of its kind, goes whole."""
    text = traces.taken_out(getattr(row, column.name), ERASED)[: column.max_length]
    setattr(row, column.name, None if column.null else text)
    row.save(update_fields=[column.name])
