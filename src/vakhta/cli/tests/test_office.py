"""From an empty database to people who sign in: the administrator's commands, as they are typed."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
import time_machine
from django.test import Client

from vakhta.cli import office
from vakhta.cli.main import main
from vakhta.crews.models import Crew, CrewMember
from vakhta.kernel import clock, journal
from vakhta.kernel.models import Entry
from vakhta.kernel.tenancy import Scope, reading
from vakhta.kernel.verify import verify
from vakhta.people.access import scope_of_token
from vakhta.people.models import Agreement, ApiToken, Company, DutyContact, Staff, User
from vakhta.places.models import Account, Building, Person, Phone, Premises
from vakhta.web.security.tests.test_door import code

Out = pytest.CaptureFixture[str]
PASSWORD = "Дежурство-2026"
SYSTEM = Scope.system("test")

TOWN = """
[[building]]
company = "УК «Северная»"
city = "Заречье"
street = "ул. Ленина"
house = "15"
floors = 9
entrances = 4
lift = true
flats = 144
premises = ["Н-1"]

[[person]]
company = "УК «Северная»"
street = "ул. Ленина"
house = "15"
flat = "42"
name = "Петрова Анна Сергеевна"
relation = "owner"
phone = "8 900 000-15-42"
account = "40-42"

[[crew]]
company = "АДС «Заречье»"
number = 4
name = "бригада 4"
skills = ["plumber"]
members = ["kim@example.org"]

[[duty]]
company = "АДС «Заречье»"
code = "gas_service"
name = "Аварийная газовая служба"
phone = "104"
"""


@pytest.fixture(autouse=True)
def _service(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database, which the commands find."""
    for name in ("company", "staff", "token", "load", "import"):
        monkeypatch.setattr(f"vakhta.cli.{name}.find_service", lambda: None)


def types(monkeypatch: pytest.MonkeyPatch, *words: str, said: str = PASSWORD) -> int:
    """What a person types; {centre} is the number of the centre."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{said}\n"))
    with reading(SYSTEM):
        centre = Company.objects.filter(kind="dispatch_centre").values_list("pk", flat=True).first()
    return main([word.replace("{centre}", str(centre)) for word in words])


def counted() -> tuple[int, ...]:
    with reading(SYSTEM):
        models = (Company, Agreement, Staff, ApiToken, Building, Premises, Person, Crew, DutyContact, Entry)
        return (User.objects.count(), *(model.objects.count() for model in models))


def begin(monkeypatch: pytest.MonkeyPatch) -> None:
    centre = ("--kind", "dispatch_centre", "--name", "АДС «Заречье»", "--phone", "8 495 000-01-00")
    assert types(monkeypatch, "company", "add", *centre) == 0
    company = ("--kind", "management_company", "--name", "УК «Северная»", "--since", "2026-01-01")
    assert types(monkeypatch, "company", "add", *company) == 0
    person = ("--company", "{centre}", "--email", "kim@example.org", "--name", "Ким Ирина Олеговна")
    assert types(monkeypatch, "staff", "add", "--role", "administrator", *person) == 0


def test_an_empty_database_gets_its_centre_company_and_administrator(
    monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    begin(monkeypatch)
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err
    client = Client()
    answer = client.post("/sign-in/", {"login": "kim@example.org", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200 and "Ким" in answer.content.decode()
    with reading(SYSTEM):
        assert Company.objects.get(kind="dispatch_centre").phone == "+74950000100"
        assert Agreement.objects.get().centre.kind == "dispatch_centre"
        facts = [r.fact.kind for r in journal.recorded(Entry.objects.order_by("id"))]
        assert verify().is_whole
    assert facts == [*["StockChanged"] * 4, "SignedIn"]


def test_said_again_nothing_changes(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    begin(monkeypatch)
    before = counted()
    begin(monkeypatch)
    assert counted() == before
    assert capsys.readouterr().out.count("же есть") == 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("company", "add", "--kind", "банк", "--name", "Б"), "--kind: Такого вида организаций нет"),
        (("company", "add", "--kind", "dispatch_centre", "--name", " "), "--name: Заполните поле"),
        (("company", "add", "--kind", "dispatch_centre", "--name", "А", "--zone", "Луна"), "--zone: Такой"),
        (("company", "add", "--kind", "dispatch_centre", "--name", "А", "--zone", "localtime"), "--zone: Такой"),
        (("company", "add", "--kind", "dispatch_centre", "--name", "А", "--email", "а"), "--email: Почта"),
        (("company", "add", "--kind", "dispatch_centre", "--name", "А", "--phone", "12345"), "--phone: Телефон «12345»"),
        (("company", "add", "--kind", "contractor", "--name", "А", "--centre", "999999"), "--centre: укажите"),
        (("company", "add", "--kind", "contractor", "--name", "А", "--since", "вчера"), "--since=«вчера»"),
        (("staff", "add", "--company", "999999", "--role", "senior", "--email", "a@b.ru", "--name", "А"), "--company"),
        (("staff", "add", "--company", "{centre}", "--role", "царь", "--email", "a@b.ru", "--name", "А"), "--role: Такой"),
        (("staff", "add", "--company", "{centre}", "--role", "senior", "--email", "а", "--name", "А"), "--email: Почта"),
        (("staff", "add", "--company", "{centre}", "--role", "senior", "--email", "a@b.ru"), "--name: назовите"),
        (("staff", "password", "--email", "nobody@b.ru"), "--email: сотрудника"),
        (("token", "add", "--company", "{centre}", "--name", "Сайт"), "--right: Ключу нужно хотя бы одно право"),
        (("token", "add", "--company", "999999", "--name", "Сайт", "--right", "read"), "--company: Организации № 999999"),
        (("token", "revoke", "999999"), "--token: Ключа № 999999 нет"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_argument_and_changes_nothing(
    words: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    begin(monkeypatch)
    before = counted()
    capsys.readouterr()
    assert types(monkeypatch, *words) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
    assert counted() == before


@pytest.mark.parametrize(("typed", "says"), [("коротко", "--password:"), ("", "пароль не введён")])
def test_a_weak_or_missing_password_is_refused(
    typed: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    begin(monkeypatch)
    before = counted()
    words = ("staff", "add", "--company", "{centre}", "--role", "operator", "--email", "i@example.org")
    assert types(monkeypatch, *words, "--name", "Иванова Ольга", said=typed) == 2
    assert says in capsys.readouterr().err
    assert counted() == before


def test_a_password_that_is_typed_on_a_terminal_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Дежурство-2026", "Дежурство-2027"])
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(Exception, match="не совпали"):
        office.ask_password("kim@example.org")


def test_another_password_ends_the_old_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    begin(monkeypatch)
    client = Client()
    client.post("/sign-in/", {"login": "kim@example.org", "password": PASSWORD})
    assert client.get("/norms/").status_code == 200
    assert types(monkeypatch, "staff", "password", "--email", "kim@example.org", said="Другое-слово-77") == 0
    assert client.get("/norms/").status_code == 302
    answer = client.post("/sign-in/", {"login": "kim@example.org", "password": "Другое-слово-77"})
    assert answer.status_code == 302


def test_a_lost_second_step_is_reset_with_its_reason(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    begin(monkeypatch)
    client = Client()
    client.post("/sign-in/", {"login": "kim@example.org", "password": PASSWORD})
    reset = ("staff", "reset", "--email", "kim@example.org", "--reason", "потеряла телефон")
    assert types(monkeypatch, *reset) == 2
    assert "второго шага нет" in capsys.readouterr().err
    secret = client.get("/security/codes/").context["made"].secret.replace(" ", "")
    client.post("/security/codes/", {"code": code(secret)})
    asked = client.post("/sign-in/", {"login": "kim@example.org", "password": PASSWORD})
    assert asked["Location"] == "/sign-in/second/"
    assert types(monkeypatch, *reset[:-1], " ") == 2
    assert "--reason" in capsys.readouterr().err
    assert types(monkeypatch, "staff", "reset", "--email", "x@example.org", "--reason", "r") == 2
    assert types(monkeypatch, *reset) == 0
    assert client.get("/norms/").status_code == 302, "the sessions have ended"
    answer = client.post("/sign-in/", {"login": "kim@example.org", "password": PASSWORD})
    assert answer["Location"] == "/"
    with reading(SYSTEM):
        last = journal.recorded(Entry.objects.filter(kind="SecondStepReset"))[0]
    assert (last.actor, last.fact.reason) == ("system/staff", "потеряла телефон")


# ── Tokens ───────────────────────────────────────────────────────────────────────────────────


def test_a_token_lives_from_its_giving_to_its_revoking(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    begin(monkeypatch)
    capsys.readouterr()
    given = ("--name", "Сайт", "--right", "interactions", "--right", "read")
    assert types(monkeypatch, "token", "add", "--company", "{centre}", *given) == 0
    token = capsys.readouterr().out.splitlines()[-1]
    with reading(SYSTEM):
        day, row = Agreement.objects.get().since, ApiToken.objects.get()
    assert token not in row.digest
    scope = scope_of_token(token, day)
    assert scope is not None and scope.rights == {"interactions", "read"}
    assert types(monkeypatch, "token", "add", "--company", "{centre}", *given) == 2, "the name is taken"
    assert types(monkeypatch, "token", "rights", str(row.pk), "--right", "tickets") == 0
    changed = scope_of_token(token, day)
    assert changed is not None and changed.rights == {"tickets"}
    assert types(monkeypatch, "token", "revoke", str(row.pk)) == 0
    assert scope_of_token(token, day) is None
    before = counted()
    assert types(monkeypatch, "token", "revoke", str(row.pk)) == 0 and counted() == before
    assert types(monkeypatch, "token", "rights", str(row.pk), "--right", "read") == 2
    assert types(monkeypatch, "token", "list") == 0
    assert "отозван" in capsys.readouterr().out


# ── Loading ──────────────────────────────────────────────────────────────────────────────────


def loads(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> int:
    (folder / "town.toml").write_text(text, encoding="utf-8")
    return types(monkeypatch, "load", str(folder / "town.toml"))


def test_a_small_company_is_loaded_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out) -> None:
    begin(monkeypatch)
    assert loads(monkeypatch, tmp_path, TOWN) == 0
    with reading(SYSTEM):
        flat = Premises.objects.get(number="42")
        last = Premises.objects.get(number="144")
        assert (flat.entrance, flat.floor, last.entrance, last.floor) == (2, 2, 4, 9)
        assert Premises.objects.count() == 145
        assert Phone.objects.get().number == "+79000001542"
        assert (Account.objects.get().premises_id, Person.objects.get().premises_id) == (flat.pk, flat.pk)
        assert CrewMember.objects.get().crew.skills == ["plumber"]
    before = counted()
    capsys.readouterr()
    assert loads(monkeypatch, tmp_path, TOWN) == 0
    assert counted() == before
    assert "building: в файле 1, добавлено строк 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("floors = nine", "floors = 9", "это не TOML"),
        ('floors = "9"', "floors = 9", "[[building]] № 1, floors: нужно целое число"),
        ("floors = 0", "floors = 9", "[[building]] № 1, floors: Нужно число от 1"),
        ("flors = 9", "floors = 9", "«flors» здесь не бывает. Может быть, floors?"),
        ("[[bilding]]", "[[building]]", "Может быть, building?"),
        ("[building]", "[[building]]", "каждая строка начинается с [[building]]"),
        ('premises = [1]', 'premises = ["Н-1"]', "premises: нужно список строк"),
        ('flat = "900"', 'flat = "42"', "[[person]] № 1, flat: Помещения «900»"),
        ('phone = "яблоко"', 'phone = "8 900 000-15-42"', "[[person]] № 1, phone: Телефон"),
        ('relation = "кот"', 'relation = "owner"', "[[person]] № 1, relation: Нужно одно из"),
        ('skills = ["маг"]', 'skills = ["plumber"]', "[[crew]] № 1, skills: Нет навыка «маг»"),
        ('members = ["x@y.ru"]', 'members = ["kim@example.org"]', "[[crew]] № 1, members: Сотрудника"),
        ('code = "магия"', 'code = "gas_service"', "[[duty]] № 1, code: Нет службы"),
        ('company = "Чужая"\ncode', 'company = "АДС «Заречье»"\ncode', "[[duty]] № 1, company: Организации"),
        ("", 'phone = "104"', "[[duty]] № 1: не хватает phone"),
    ],
)  # fmt: skip
def test_a_wrong_file_loads_nothing(
    wrong: str, right: str, says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out
) -> None:
    begin(monkeypatch)
    before = counted()
    assert TOWN.count(right) >= 1
    assert loads(monkeypatch, tmp_path, TOWN.replace(right, wrong)) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1
    assert counted() == before


def test_when_an_unanswered_ticket_closes_is_set_by_company(
    monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    begin(monkeypatch)
    with reading(SYSTEM):
        served = str(Agreement.objects.values_list("company_id", flat=True).get())
    capsys.readouterr()
    assert types(monkeypatch, "company", "set", served, "--close-after", "5") == 0
    assert "закрывается через 5 дн." in capsys.readouterr().out
    before = counted()
    assert types(monkeypatch, "company", "set", served, "--close-after", "5") == 0, "said again is no change"
    for days in ("0", "61"):
        assert types(monkeypatch, "company", "set", served, "--close-after", days) == 2
        assert "--close-after: Нужно число дней от 1 до 60." in capsys.readouterr().err
    assert types(monkeypatch, "company", "set", "999", "--close-after", "5") == 2
    assert counted() == before
    assert types(monkeypatch, "company", "list") == 0
    assert "без ответа закрывается через 5 дн." in capsys.readouterr().out


def test_an_agreement_ends_on_its_day_and_another_centre_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    begin(monkeypatch)
    with reading(SYSTEM):
        held = Agreement.objects.get()
    served, old, last = str(held.company_id), held.centre_id, clock.today() + timedelta(days=30)
    add = ("company", "add", "--kind", "dispatch_centre", "--name", "АДС «Восток»")
    assert types(monkeypatch, *add) == 0
    with reading(SYSTEM):
        new = str(Company.objects.get(name="АДС «Восток»").pk)
        name, kind = Company.objects.values_list("name", "kind").get(pk=served)
    again = ("company", "add", "--kind", kind, "--name", name, "--centre", new, "--since")
    capsys.readouterr()
    for until, says in (
        (f"{held.since}", "закончиться он может позже"),
        ("вчера", "--until=«вчера»: нужна дата"),
    ):
        assert types(monkeypatch, "company", "set", served, "--until", until) == 2
        assert says in capsys.readouterr().err
    assert types(monkeypatch, *again, f"{last}") == 2, "the old one runs"
    assert types(monkeypatch, "company", "set", served, "--until", f"{last}") == 0
    for moved in (last + timedelta(days=400), last):
        assert types(monkeypatch, "company", "set", served, "--until", f"{moved}") == 0, "prolonged, and back"
    capsys.readouterr()
    assert types(monkeypatch, "company", "list") == 0
    assert f"с {held.since:%d.%m.%Y} до {last:%d.%m.%Y}" in capsys.readouterr().out
    assert types(monkeypatch, *again, f"{last - timedelta(days=1)}") == 2, "not before the old one has ended"
    assert types(monkeypatch, *again, f"{last}") == 0
    with reading(SYSTEM):
        terms = {row.centre_id: (row.since, row.until) for row in Agreement.objects.all()}
    assert terms == {old: (held.since, last), int(new): (last, None)}
    assert types(monkeypatch, "company", "set", served) == 2, "nothing was said"
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        capsys.readouterr()
        assert types(monkeypatch, "company", "list") == 0
    line = next(row for row in capsys.readouterr().out.splitlines() if row.startswith(f"№ {served} "))
    assert f"обслуживает № {new} с {last:%d.%m.%Y};" in line
    assert f"договор закончился: № {old} с {held.since:%d.%m.%Y} до {last:%d.%m.%Y}" in line


# ── A table of the stock ─────────────────────────────────────────────────────────────────────

TABLE = """Улица;Дом;Кв.;Лиц. счёт;ФИО;Телефон;Долг
ул. Ленина;15;1;40-1;Петрова Анна Сергеевна;8 900 000-15-42;0
ул. Ленина;15;2;40-2;Козлов Дмитрий Иванович;позже;0
"""


def imports(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str, *more: str) -> int:
    (folder / "t.csv").write_text(text, encoding="cp1251")
    return types(monkeypatch, "import", str(folder / "t.csv"), *more)


def test_a_table_is_looked_at_and_then_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out
) -> None:
    begin(monkeypatch)
    before = counted()
    capsys.readouterr()
    assert imports(monkeypatch, tmp_path, TABLE, "--city", "Заречье", "--dry-run") == 1
    said = capsys.readouterr().out
    assert "Лиц. счёт → Лицевой счёт" in said and "не нужны: Долг" in said
    assert "Строк прочитано: 2, негодных: 1." in said
    assert "Добавится: дома 1, помещения 1, лицевые счета 1, жильцы 1, телефоны 1." in said
    assert "строка 3, «Телефон»: Телефон «позже» не читается" in said
    assert counted() == before
    wrong = tmp_path / "wrong.csv"
    assert imports(monkeypatch, tmp_path, TABLE, "--city", "Заречье", "--errors", str(wrong)) == 1
    assert "Добавлено: дома 1" in capsys.readouterr().out
    assert wrong.read_text(encoding="utf-8-sig").splitlines()[1].startswith("3;Телефон;Телефон «позже»")
    assert imports(monkeypatch, tmp_path, TABLE) == 1, "the city is that of the company's houses"
    assert "Добавлено: ничего.\nИзменено: ничего." in capsys.readouterr().out


def test_rows_with_broken_letters_are_told_and_stop_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out
) -> None:
    begin(monkeypatch)
    capsys.readouterr()
    path = tmp_path / "t.csv"
    path.write_bytes(
        TABLE.replace("позже", "").encode() + "ул. Ленина;15;3;40-3;Ершов;;0\r\n".encode("cp1251")
    )
    assert types(monkeypatch, "import", str(path), "--city", "Заречье") == 1
    said = capsys.readouterr().out
    assert "Строк прочитано: 3, негодных: 1." in said and "жильцы 2" in said
    assert "строка 4, «Улица»: Буквы не читаются" in said


def test_a_look_that_was_stopped_does_not_say_that_it_wrote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out
) -> None:
    begin(monkeypatch)
    before = counted()
    stop = Event()
    stop.set()
    monkeypatch.setattr("vakhta.cli.import.stop_by_signal", lambda: stop)
    assert imports(monkeypatch, tmp_path, TABLE, "--city", "Заречье", "--dry-run") == 1
    said = capsys.readouterr().out
    assert "Остановлено." in said and "записано" not in said
    assert counted() == before
    assert imports(monkeypatch, tmp_path, TABLE, "--city", "Заречье") == 1
    assert "Остановлено. Прочитанное записано" in capsys.readouterr().out
    assert counted() != before


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("", (), "Файл пуст"),
        ("ФИО;Долг\n", (), "нужен «Адрес» или «Улица» и «Дом»"),
        (TABLE, ("--match", "Долг"), "нужно СТОЛБЕЦ=ПОЛЕ"),
        (TABLE, ("--match", "Долг=debt"), "Поля «debt» нет. Есть: Город, Улица, Дом"),
        (TABLE, ("--company", "999"), "организации № 999 нет"),
    ],
)
def test_a_table_that_cannot_be_read_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out, text: str, more: tuple[str, ...], words: str
) -> None:
    begin(monkeypatch)
    before = counted()
    assert imports(monkeypatch, tmp_path, text, *more) == 2
    assert words in capsys.readouterr().err
    assert counted() == before


def test_a_field_is_said_by_its_title(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out) -> None:
    begin(monkeypatch)
    capsys.readouterr()
    assert (
        imports(monkeypatch, tmp_path, TABLE, "--city", "Заречье", "--match", "Долг=кто он", "--dry-run") == 1
    )
    assert "Долг → Кто он" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out
) -> None:
    begin(monkeypatch)
    for path, words in ((tmp_path / "none.xlsx", "такого файла или папки нет"), (tmp_path, "это папка")):
        capsys.readouterr()
        assert types(monkeypatch, "import", str(path)) == 2
        assert f"Файл не читается: {words}." in capsys.readouterr().err


def test_only_a_company_that_is_served_now_and_has_houses_gets_a_stock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Out
) -> None:
    begin(monkeypatch)
    more = ("--kind", "contractor", "--name", "Лифтсервис", "--since", "2026-01-01")
    assert types(monkeypatch, "company", "add", *more) == 0
    with reading(SYSTEM):
        ids = {row.kind: row.pk for row in Company.objects.all()}
    before = counted()
    for kind in ("dispatch_centre", "contractor"):
        capsys.readouterr()
        assert imports(monkeypatch, tmp_path, TABLE, "--company", str(ids[kind]), "--city", "Заречье") == 2
        assert "своих домов не имеет" in capsys.readouterr().err
    with reading(SYSTEM):
        Agreement.objects.filter(company_id=ids["management_company"]).update(until=clock.today())
    served = ("--company", str(ids["management_company"]))
    for chosen, words in ((served, "сегодня не обслуживается"), ((), "скажите, чей это фонд")):
        capsys.readouterr()
        assert imports(monkeypatch, tmp_path, TABLE, *chosen, "--city", "Заречье") == 2
        assert words in capsys.readouterr().err
    assert counted() == before
