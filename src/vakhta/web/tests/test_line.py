"""The line over HTTP: what it understood, what Enter would do, and that it does exactly that."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest
from django.test import Client
from tests.cast import Cast

from vakhta.contacts import actions as contacts
from vakhta.contacts.models import Interaction
from vakhta.crews import actions as crews
from vakhta.crews.models import Crew, WorkOrder
from vakhta.domain.facts import StaffPaused
from vakhta.domain.layouts import fold_key, to_latin
from vakhta.kernel.journal import acting, history
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.words import number_words
from vakhta.people.models import Staff
from vakhta.places.models import Account, Building, Person, Phone
from vakhta.tickets.models import Ticket
from vakhta.web.tests.steps import moved

RISER = "flat.cold.riser"


@dataclass(frozen=True)
class Shown:
    """One row of the list, as a browser reads it."""

    does: str
    url: str
    method: str
    words: str


class Desk:
    """Ivanova's line."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.client = Client(headers={"HX-Request": "true", "HX-Target": "work"})
        self.client.force_login(cast.ivanova.user)

    def page(self, text: str) -> str:
        return self.client.get("/console/line/", {"q": text}).content.decode()

    def types(self, text: str) -> list[Shown]:
        options = re.findall(r'<li [^>]*role="option"[^>]*>.*?</li>', self.page(text), re.DOTALL)
        return [_shown(option) for option in options]

    def hint(self, text: str) -> str:
        assert self.types(text) == []
        return " ".join(_plain(re.sub(r"<[^>]+>", "", self.page(text))).split())

    def enters(self, text: str, at: int = 0) -> str:
        chosen = self.types(text)[at]
        assert chosen.method in ("post", "act")
        answer = self.client.post(chosen.url)
        assert answer.status_code == 200
        return answer.content.decode()

    def contact(self) -> Interaction:
        with reading(self.cast.scope(self.cast.ivanova)):
            found: Interaction = Interaction.objects.select_related("building", "premises", "person").latest(
                "id"
            )
        return found


def _shown(option: str) -> Shown:
    return Shown(
        does=_attribute(option, "does"),
        url=_attribute(option, "url"),
        method=_attribute(option, "method"),
        words=" ".join(_plain(re.sub(r"<[^>]+>", " ", option)).split()),
    )


def _attribute(option: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', option)
    assert found is not None
    return _plain(found[1])


def _plain(text: str) -> str:
    return html.unescape(text).replace("\xa0", " ")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """An open ticket of Petrova's flat, handed over to crew 4."""
    with acting(cast.scope(cast.ivanova)):
        row = contacts.type_call(phone="+79000001542")
        made = contacts.register(row.pk, classifier=RISER, description="течёт стояк")
        crews.assign_ticket(made.pk, crew=cast.crew4.pk)
    with reading(cast.scope(cast.ivanova)):
        kept: Ticket = Ticket.objects.get(pk=made.pk)
    return kept


# ── Address, fault and card ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed", ["лен15-42 теч стояк", "лён15-42 тёч стояк", to_latin("лен15-42 теч стояк")]
)
def test_address_and_fault_open_a_card_with_both(desk: Desk, typed: str) -> None:
    best = desk.types(typed)[0]
    assert best.does == "Принять звонок: ул. Ленина, 15, кв. 42 · ХВС: течь стояка"
    assert best.words.startswith("адрес ул. Ленина, 15, кв. 42 · ХВС: течь стояка")
    page = desk.enters(typed)
    row = desk.contact()
    assert (row.state, row.building, row.premises) == ("taken", desk.cast.lenina15, desk.cast.flat42)
    assert (row.classifier, row.description.replace("ё", "е")) == (RISER, "теч стояк")
    assert "ул. Ленина, 15" in page and re.search(rf'value="{RISER}"[^>]*checked', page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ленина д.15 под.2 кв.42", "под.2"),
        ("ленина 15 п2 кв42", "п2"),
        ("кв 42 ленина 15", ""),
        ("дом 15 ленина кв 42", ""),
    ],
)
def test_an_address_in_any_order_is_its_flat_and_no_fault(desk: Desk, typed: str, said: str) -> None:
    assert desk.types(typed)[0].does == "Принять звонок: ул. Ленина, 15, кв. 42"
    desk.enters(typed)
    row = desk.contact()
    assert (row.premises, row.classifier, row.description) == (desk.cast.flat42, "", said)


@pytest.mark.parametrize(
    "typed", ["15 ленина", "ленина 15 подъезд 2", "ленина 15, 2 эт", "улица ленина дом пятнадцать"]
)
def test_words_of_an_address_choose_no_fault(desk: Desk, typed: str) -> None:
    assert desk.types(typed)[0].does == "Принять звонок: ул. Ленина, 15"
    desk.enters(typed)
    assert (desk.contact().building, desk.contact().classifier) == (desk.cast.lenina15, "")


@pytest.mark.parametrize(
    "typed", ["подъезд", "кв 42", "дом", "улица", "2 этаж", "улица лермонтова дом пятнадцать"]
)
def test_words_of_an_address_alone_are_no_fault(desk: Desk, typed: str) -> None:
    assert "неисправность" not in "".join(row.words for row in desk.types(typed))


def test_where_and_what_together_are_a_fault_of_that_place(desk: Desk) -> None:
    assert "свет" in desk.types("ленина 15 2 подъезд нет света")[0].does
    assert desk.types("нет света в подъезде")[0].does.startswith("Принять звонок: ")


def test_the_other_faults_of_the_words_are_one_arrow_away(desk: Desk) -> None:
    shown = desk.types("лен15-42 теч")
    assert len(shown) > 1 and len({row.does for row in shown}) == len(shown)
    assert all(row.does.startswith("Принять звонок: ул. Ленина, 15, кв. 42 · ") for row in shown)
    desk.enters("лен15-42 теч", at=1)
    assert f"classifier={desk.contact().classifier}" in shown[1].url


def test_words_that_name_no_fault_are_kept_as_the_description(desk: Desk) -> None:
    desk.enters("ленина 15 кв 42 просит перезвонить")
    assert (desk.contact().description, desk.contact().classifier) == ("просит перезвонить", "")


def test_a_fault_alone_opens_a_card_with_the_shown_entry(desk: Desk) -> None:
    shown = desk.types("теч стояк")
    assert shown[0].does == "Принять звонок: ХВС: течь стояка"
    desk.enters("теч стояк", at=1)
    row = desk.contact()
    assert (row.description, row.building) == ("теч стояк", None)
    assert f"classifier={row.classifier}" in shown[1].url and row.classifier != RISER


def test_a_misspelt_street_and_a_wrong_layout_are_shown(desk: Desk) -> None:
    assert "понято как линина → ленина" in desk.types("линина 15-42")[0].words
    assert "«ленина 15 42», раскладка" in desk.types("ktybyf 15 42")[0].words
    two = desk.types("ленеан 15-42")[0]
    assert "Ленина, 15, кв. 42" in two.does and "ленеан → ленина" in two.words
    both = desk.types("kbybyf 15 42")[0].words
    assert "раскладка" in both and "линина → ленина" in both


def test_a_house_that_is_not_there_is_said_and_others_of_the_street_offered(desk: Desk) -> None:
    with acting(Scope.system("test")):
        for house in ("9", "17", "23/2"):
            Building.objects.create(company=desk.cast.north, city="Заречье", street="ул. Ленина", house=house,
                                    street_key="ул ленина", house_key=fold_key(house))  # fmt: skip
    shown = desk.types("ленина 14 теч стояк")
    assert [re.sub(r".*ул\. Ленина, (\S+).*", r"\1", row.does) for row in shown[:4]] == [
        "15",
        "17",
        "9",
        "23/2",
    ]
    assert all(row.does.startswith("Дома 14 на этой улице у нас нет.") for row in shown[:4])
    assert "неисправность" in shown[5].words, "the words may have been no address at all"
    desk.enters("ленина 14 теч стояк")
    assert desk.contact().building == desk.cast.lenina15


def test_an_address_that_is_not_ours_may_be_kept_as_it_was_said(desk: Desk) -> None:
    kept = desk.types("ленина 14")[-1]
    assert kept.does == "Принять звонок с адресом «ленина 14», как сказано"
    desk.client.post(kept.url)
    assert (desk.contact().building, desk.contact().address) == (None, "ленина 14")


def test_a_flat_that_is_not_there_is_said_and_kept_in_words(desk: Desk) -> None:
    best = desk.types("ленина 15 кв 999 теч стояк")[0]
    assert best.does.startswith("Квартиры 999 в доме нет. Принять звонок: ул. Ленина, 15 ·")
    desk.enters("ленина 15 кв 999 теч стояк")
    row = desk.contact()
    assert (row.building, row.premises) == (desk.cast.lenina15, None)
    assert row.description == "кв. 999, теч стояк"


# ── People ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["9000001542", "89000001542", "+7 900 000-15-42", "8 (900) 000 15 42"])
def test_a_phone_is_its_person(desk: Desk, typed: str) -> None:
    (only,) = desk.types(typed)
    assert only.does == "Принять звонок: Петрова Анна Сергеевна, ул. Ленина, 15, кв. 42"
    desk.enters(typed)
    row = desk.contact()
    assert (row.person, row.premises, row.phone) == (desk.cast.petrova, desk.cast.flat42, "+79000001542")


def test_a_phone_with_words_keeps_both(desk: Desk) -> None:
    shown = desk.types("9000001542 теч стояк")
    assert (
        shown[0].does == "Принять звонок: Петрова Анна Сергеевна, ул. Ленина, 15, кв. 42 · ХВС: течь стояка"
    )
    assert len({row.does for row in shown}) == len(shown) > 1, "the other faults are one arrow away"
    desk.enters("9000001542 теч стояк")
    row = desk.contact()
    assert (row.person, row.phone, row.classifier) == (desk.cast.petrova, "+79000001542", RISER)
    assert row.description == "теч стояк"


def test_an_unknown_phone_with_words_keeps_both(desk: Desk) -> None:
    shown = desk.types("9480105267 теч кран")
    assert shown[0].does.startswith("Принять звонок с номера +7 948 010-52-67 · ")
    desk.enters("9480105267 теч кран")
    row = desk.contact()
    assert (row.phone, row.description) == ("+79480105267", "теч кран")
    desk.enters("9480105267 просит мастера")
    assert (desk.contact().phone, desk.contact().description) == ("+79480105267", "просит мастера")


def test_of_two_who_share_a_phone_the_chosen_one_is_on_the_card(desk: Desk) -> None:
    with acting(Scope.system("test")):
        son = Person.objects.create(company=desk.cast.north, premises=desk.cast.flat42, name="Петров Илья")
        Phone.objects.create(company=desk.cast.north, person=son, number="+79000001542")
    shown = desk.types("9000001542")
    at = next(n for n, row in enumerate(shown) if "Петров Илья" in row.does)
    desk.enters("9000001542", at=at)
    row = desk.contact()
    assert (row.person, row.caller, row.phone) == (son, "Петров Илья", "+79000001542")


def test_all_who_share_a_phone_are_shown_and_those_without_room_counted(desk: Desk) -> None:
    def share(people: int) -> None:
        with acting(Scope.system("test")):
            for _place in range(people):
                person = Person.objects.create(
                    company=desk.cast.north, premises=desk.cast.flat42, name=f"Жилец Номер {_place}"
                )
                Phone.objects.create(company=desk.cast.north, person=person, number="+79000001542")

    share(4)
    assert len(desk.types("9000001542")) == 5 and "ещё" not in desk.page("9000001542")
    with_words = {row.does.partition(" · ")[0] for row in desk.types("9000001542 теч стояк")}
    assert len(with_words) == 5, "faults push nobody out"
    share(6)
    assert len(desk.types("9000001542")) == 8
    assert '<p class="line-more">ещё 3</p>' in desk.page("9000001542")


@pytest.mark.parametrize("typed", ["375291234567", "+375 29 123-45-67", "375 29 123 45 67"])
def test_a_foreign_phone_is_its_person_without_its_sign_too(desk: Desk, typed: str) -> None:
    with acting(Scope.system("test")):
        Phone.objects.create(company=desk.cast.north, person=desk.cast.petrova, number="+375291234567")
    (only,) = desk.types(typed)
    assert only.does == "Принять звонок: Петрова Анна Сергеевна, ул. Ленина, 15, кв. 42"
    desk.enters(typed)
    assert (desk.contact().person, desk.contact().phone) == (desk.cast.petrova, "+375291234567")


def test_a_number_that_nobody_has_opens_a_call_from_it(desk: Desk) -> None:
    (only,) = desk.types("9161234567")
    assert only.does == "Принять звонок с номера +7 916 123-45-67"
    desk.enters("9161234567")
    assert (desk.contact().phone, desk.contact().person) == ("+79161234567", None)


@pytest.mark.parametrize(
    ("typed", "forgiven"),
    [("петрова", ""), ("Петрва", "петрва → Петрова"), (to_latin("петрва"), "петрва → Петрова"), ("птерова а с", "птерова → Петрова")],
)  # fmt: skip
def test_a_family_name_is_its_person(desk: Desk, typed: str, forgiven: str) -> None:
    best = desk.types(typed)[0]
    assert best.does == "Принять звонок: Петрова Анна Сергеевна, ул. Ленина, 15, кв. 42"
    assert forgiven in best.words
    desk.enters(typed)
    row = desk.contact()
    assert (row.person, row.caller) == (desk.cast.petrova, "Петрова Анна Сергеевна")


@pytest.mark.parametrize("typed", ["сафонов", "Сафонов Владимир"])
def test_a_whole_family_name_stands_before_the_fault_that_it_resembles(desk: Desk, typed: str) -> None:
    with acting(Scope.system("test")):
        person = Person.objects.create(
            company=desk.cast.north, premises=desk.cast.flat42, name="Сафонов Владимир Павлович"
        )
    found = desk.types(typed)
    assert person.name in found[0].words
    assert any("кран" in shown.words for shown in found[1:]), "the fault is one arrow away"


def test_a_misspelt_name_is_guessed_among_names_beside_the_fault_that_it_resembles(desk: Desk) -> None:
    with acting(Scope.system("test")):
        person = Person.objects.create(
            company=desk.cast.north, premises=desk.cast.flat42, name="Сафонов Владимир Павлович"
        )
    fault, *others = desk.types("сафонв")
    assert "сафонв → сифон" in fault.words
    at = next(n for n, row in enumerate(others, 1) if person.name in row.words)
    assert "сафонв → Сафонов" in others[at - 1].words, "a guess is shown as one"
    desk.enters("сафонв", at=at)
    assert desk.contact().person == person
    assert person.name not in desk.page("сифон"), "a word that means something is no slip of a name"


@pytest.mark.parametrize(
    "typed", ["О'Коннор", "коннор", "коннор джон", "О Коннор", "джон", "конно", "Джон О’Коннор"]
)
def test_any_word_of_a_name_is_its_person_before_the_fault_that_it_resembles(desk: Desk, typed: str) -> None:
    with acting(Scope.system("test")):
        person = Person.objects.create(
            company=desk.cast.north, premises=desk.cast.flat42, name="О'Коннор Джон Патрикович"
        )
    best = desk.types(typed)[0]
    assert best.does == "Принять звонок: О'Коннор Джон Патрикович, ул. Ленина, 15, кв. 42"
    desk.enters(typed)
    assert desk.contact().person == person


def test_a_word_of_a_fault_that_begins_a_given_name_is_the_fault(desk: Desk) -> None:
    with acting(Scope.system("test")):
        Person.objects.create(
            company=desk.cast.north, premises=desk.cast.flat42, name="Юрьева Светлана Игоревна"
        )
    assert "Светлана" not in "".join(row.words for row in desk.types("свет"))
    assert "Светлана" in desk.types("светлана")[-1].words


@pytest.mark.parametrize("typed", ["900001", "лс 900001", "л/с №900001", "Лицевой счёт 900001", "90 00 01"])
def test_a_personal_account_is_its_flat(desk: Desk, typed: str) -> None:
    with acting(Scope.system("test")):
        Account.objects.filter(premises=desk.cast.flat42).update(number="900001")
    best = desk.types(typed)[0]
    assert best.does == "Принять звонок: ул. Ленина, 15, кв. 42"
    assert "лицевой счёт 900001" in best.words
    desk.enters(typed)
    row = desk.contact()
    assert (row.premises, row.phone, row.classifier) == (desk.cast.flat42, "", "")


def test_a_part_of_an_account_and_another_company_s_account_are_nobody_s(desk: Desk) -> None:
    with acting(Scope.system("test")):
        Account.objects.filter(premises=desk.cast.flat42).update(number="900001")
        Account.objects.filter(company=desk.cast.foreign).update(number="900002")
    for typed in ("90000", "900002", "9000011"):
        assert "лицевой" not in desk.page(typed)


def test_nobody_of_a_company_that_is_not_served_is_found(desk: Desk) -> None:
    for typed in ("чужой", "чужая 1", "+79000000001"):
        assert "Чужо" not in desk.page(typed) and "Чужая" not in desk.page(typed)


# ── Tickets ──────────────────────────────────────────────────────────────────────────────────


def test_a_number_is_its_ticket_with_and_without_the_year(desk: Desk, ticket: Ticket) -> None:
    year, number = ticket.number.split("-")
    with acting(Scope.system("test")):
        Ticket.objects.filter(pk=ticket.pk).update(number=f"{year}-1204330")
    for typed in ("1204330", f"{year}-1204330", f"№ {year}-1 204 330", "№1204330", "#1204330"):
        best = desk.types(typed)[0]
        assert best.does.replace("\xa0", " ") == f"Открыть заявку № {year}-1 204 330"
        assert (best.url, best.method) == (f"/console/ticket/{year}-1204330/", "go")
    assert number


def test_a_number_is_its_ticket_without_its_hyphen(desk: Desk, ticket: Ticket) -> None:
    assert f"/console/ticket/{ticket.number}/" in [
        shown.url for shown in desk.types(ticket.number.replace("-", "0"))
    ]


def test_a_ticket_of_last_year_is_found_in_january(desk: Desk, ticket: Ticket) -> None:
    year = int(ticket.number.split("-")[0])
    with acting(Scope.system("test")):
        Ticket.objects.filter(pk=ticket.pk).update(number=f"{year - 1}-204337")
    assert desk.types("204337")[0].url == f"/console/ticket/{year - 1}-204337/"


def test_a_short_number_is_the_ticket_of_this_year(desk: Desk, ticket: Ticket) -> None:
    year = ticket.number.split("-")[0]
    with acting(Scope.system("test")):
        Ticket.objects.filter(pk=ticket.pk).update(number=f"{year}-46")
    assert f"/console/ticket/{year}-46/" in [row.url for row in desk.types("46")]


@pytest.mark.parametrize("typed", ["помощь", "проблема"])
def test_a_word_that_fits_by_a_stretch_is_not_offered(desk: Desk, typed: str) -> None:
    assert len(desk.hint(typed)) > 20


def test_a_fault_that_was_guessed_from_a_misspelt_word_says_so(desk: Desk) -> None:
    assert "понято как стаяк → стояк" in desk.types("стаяк течет")[0].words
    assert "стаяк → стояк" in desk.types("лен15-42 стаяк течет")[0].words


def test_a_street_said_word_for_word_stands_before_what_its_letters_resemble(desk: Desk) -> None:
    shown = desk.types("ленина")
    assert shown[0].does == "Принять звонок: ул. Ленина, 15"
    assert "ул." in shown[0].words


def test_a_number_that_is_no_ticket_is_said(desk: Desk) -> None:
    assert "Заявки с номером 20 433 нет." in desk.hint("20433")
    (phone,) = desk.types("1204330")
    assert phone.does == "Принять звонок с номера 1204330"
    assert "Заявки с номером 1 204 330 нет." in phone.words


# ── Crews and actions ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["бр4 принято", to_latin("бр4 принято"), "бригада 4 приняли"])
def test_what_a_crew_said_is_recorded_for_it(desk: Desk, ticket: Ticket, typed: str) -> None:
    (only,) = desk.types(typed)
    assert only.does.startswith("Записать «принято»: бригада 4, №") and only.method == "act"
    assert "Записано" in desk.enters(typed)
    with reading(desk.cast.scope(desk.cast.ivanova)):
        assert WorkOrder.objects.get(ticket=ticket).state == "accepted"


def test_the_words_of_the_wrong_crew_take_one_key_back(desk: Desk, ticket: Ticket) -> None:
    """The foot offers it; the card in work stays as it is. On the ticket's own page it stands beside the entry."""
    page = desk.enters("бр4 принято")
    undo = html.unescape(re.findall(r'hx-post="([^"]+/unmove/\d+/)"', page)[0])
    answer = desk.client.post(undo)
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#foot")
    assert "Отменено" in answer.content.decode()
    with reading(desk.cast.scope(desk.cast.ivanova)):
        assert WorkOrder.objects.get(ticket=ticket).state == "offered"
    assert desk.client.post(undo).status_code == 409, "once"

    desk.enters("бр4 принято")
    plain = Client()
    plain.force_login(desk.cast.ivanova.user)
    own = f"/console/ticket/{ticket.number}/"
    undo = re.findall(r'action="([^"]+/unmove/\d+/)"', plain.get(own).content.decode())[0]
    assert plain.post(undo)["Location"] == f"{own}?done=undo_move"
    assert "наряд такой, как был" in plain.get(f"{own}?done=undo_move").content.decode()
    with reading(desk.cast.scope(desk.cast.ivanova)):
        assert WorkOrder.objects.get(ticket=ticket).state == "offered"


@pytest.mark.parametrize(
    ("typed", "forgiven"),
    [
        ("сантехники юг приняли", ""),
        ("Сантехники, юг: принято", ""),
        ("юг принято", ""),
        (to_latin("юг принято"), "раскладка"),
        ("сонтехники юг принято", "сонтехники → Сантехники"),
    ],
)
def test_a_crew_is_understood_by_its_name(desk: Desk, ticket: Ticket, typed: str, forgiven: str) -> None:
    with reading(Scope.system("test")):
        Crew.objects.filter(pk=desk.cast.crew4.pk).update(name="Сантехники, юг")
        Crew.objects.create(company=desk.cast.centre, number=5, name="Сантехники, север")
    best = desk.types(typed)[0]
    number = number_words(ticket.number)
    assert best.does.replace("\xa0", " ") == f"Записать «принято»: бр. 4 · Сантехники, юг, № {number}"
    assert forgiven in best.words
    desk.enters(typed)
    with reading(desk.cast.scope(desk.cast.ivanova)):
        assert WorkOrder.objects.get(ticket=ticket).state == "accepted"


def test_of_two_crews_that_a_name_fits_both_are_shown(desk: Desk, ticket: Ticket) -> None:
    with reading(Scope.system("test")):
        Crew.objects.filter(pk=desk.cast.crew4.pk).update(name="Сантехники, юг")
        north = Crew.objects.create(company=desk.cast.centre, number=5, name="Сантехники, север")
    with acting(desk.cast.scope(desk.cast.ivanova)):
        row = contacts.type_call(phone="+79000000312")
        other = contacts.register(row.pk, classifier=RISER, description="течёт стояк")
        crews.assign_ticket(other.pk, crew=north.pk)
    shown = [row.does for row in desk.types("сантехники принято") if row.method == "act"]
    assert len(shown) == 2 and "юг" in shown[0] and "север" in shown[1]


def test_words_that_are_no_crew_stay_what_they_are(desk: Desk, ticket: Ticket) -> None:
    assert desk.types("ленина 15 нет доступа")[0].does.startswith("Принять звонок: ул. Ленина, 15")


def test_a_move_that_is_not_possible_is_not_offered(desk: Desk, ticket: Ticket) -> None:
    assert desk.hint("бр4 выполнено") == "У бригады 4 нет наряда, о котором можно сказать «выполнено»."
    assert desk.hint("бр9 принято") == desk.hint("бр9") == "Бригады с номером 9 нет."
    with reading(Scope.system("test")):
        Crew.objects.create(company=desk.cast.centre, number=6, name="Лифтёры")
    assert (
        desk.hint("лифтёры приняли") == "У бригады «лифтёры» нет наряда, о котором можно сказать «приняли»."
    )
    assert "ифт" in desk.types("лифт не открывается")[0].does, "a fault, nobody's word"
    assert desk.hint("бр4 как дела").startswith("Что сказала бригада")


@pytest.mark.parametrize("typed", ["бр4", "бр4 где", "бр 4 забрать", to_latin("бр4 забрать")])
def test_what_a_crew_has_is_a_way_to_its_tickets(desk: Desk, ticket: Ticket, typed: str) -> None:
    """Somebody must be turned round to a graver emergency: what is in hand first, the ticket's page has the key."""
    with reading(Scope.system("test")):
        order = WorkOrder.objects.get(ticket=ticket)
    moved(desk.cast, order, "accept", "go")
    with acting(desk.cast.scope(desk.cast.ivanova)):
        row = contacts.type_call(phone="+79000000312")
        other = contacts.register(row.pk, classifier=RISER, description="течёт стояк")
        crews.assign_ticket(other.pk, crew=desk.cast.crew4.pk)
    first, second = desk.types(typed)
    assert "бригада 4: в пути" in first.words and "бригада 4: ещё не принято" in second.words
    number = number_words(ticket.number).replace("\xa0", " ")
    assert (first.method, first.does.replace("\xa0", " ")) == ("go", f"Открыть заявку № {number}")


def test_a_crew_without_orders_is_told_to_be_free(desk: Desk) -> None:
    assert desk.hint("бр4").startswith("У бригады 4 нарядов нет. Что она говорит: принято")


@pytest.mark.parametrize("typed", [">пауза обед", to_latin(">пауза обед"), "Юпауза обед"])
def test_a_pause_has_its_reason(desk: Desk, typed: str) -> None:
    (only,) = desk.types(typed)
    assert (only.does, only.method) == ("Отметить паузу: обед", "act")
    page = desk.enters(typed)
    assert "обед" in page and 'id="top"' in page
    with reading(desk.cast.scope(desk.cast.ivanova)):
        assert Staff.objects.get(pk=desk.cast.ivanova.pk).pause_reason == "обед"
        (told,) = history(f"staff/{desk.cast.ivanova.pk}")
    assert told.fact == StaffPaused(staff=desk.cast.ivanova.pk, reason="обед")
    assert desk.types(">готов")[0].does == "Отметить: готов принимать"
    desk.enters(">готов")
    with reading(desk.cast.scope(desk.cast.ivanova)):
        assert Staff.objects.get(pk=desk.cast.ivanova.pk).is_ready


def test_an_action_that_is_not_known_names_those_that_are(desk: Desk) -> None:
    assert desk.hint(">спать") == "Действия: «>пауза обед» и «>готов»."


@pytest.mark.parametrize("typed", ["", "   ", "жжжжж", "'; drop table", "\0", "бр", "№", "15", "<script>"])
def test_what_nobody_can_know_is_a_hint_and_no_row(desk: Desk, typed: str) -> None:
    assert len(desk.hint(typed)) > 20
