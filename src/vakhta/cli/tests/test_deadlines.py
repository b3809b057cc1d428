"""`vakhta deadlines`: as its page shows it, and with whatever a file may hold."""

from __future__ import annotations

import io
import json
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vakhta.cli.main import main

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "deadlines.md").read_text()
FILES = dict(re.findall(r"```jsonl (\S+)\n(.*?)```", PAGE, re.S))
EXAMPLES = re.findall(r"```console\n\$ vakhta (.*?)\n(.*?)```", PAGE, re.S)

TICKET = {
    "fact": "TicketRegistered",
    "ticket": "26-1",
    "happened_at": "2026-11-24T10:00:00+03:00",
    "norms": [{"code": "pp416.13.containment"}],
}
DONE = {"fact": "WorkDone", "ticket": "26-1", "happened_at": "2026-11-24T10:20:00+03:00"}
CALL = {
    "fact": "InteractionReceived",
    "interaction": 5,
    "channel": "phone",
    "happened_at": "2026-11-24T10:00:00+03:00",
}
NOON = "2026-11-24T12:00:00+03:00"


class Told:
    """Runs the command over lines and keeps what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.capsys, self.file = capsys, folder / "facts.jsonl"

    def __call__(self, *lines: dict[str, Any] | str | bytes, at: str = NOON) -> tuple[int, str, str]:
        raw = [line if isinstance(line, bytes) else _text(line).encode() for line in lines]
        self.file.write_bytes(b"".join(line + b"\n" for line in raw))
        code = main(["deadlines", str(self.file), "--at", at])
        out, err = self.capsys.readouterr()
        return code, out, err


def _text(line: dict[str, Any] | str) -> str:
    return line if isinstance(line, str) else json.dumps(line)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Told:
    return Told(capsys, tmp_path)


# ── As documented ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command.split()[1] for command, _ in EXAMPLES])
def test_the_page_shows_what_the_command_says(
    command: str,
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    code = main(command.split())
    out, err = capsys.readouterr()
    assert out + err + ("" if code == 0 else f"[exit {code}]\n") == shown
    assert not (code and out)


def test_the_page_names_every_field_and_state(told: Told) -> None:
    _, out, _ = told(TICKET)
    for name in json.loads(out):
        assert f"`{name}`" in PAGE
    for state in ("running", "at_risk", "paused", "met", "breached", "ended"):
        assert f"| `{state}` |" in PAGE
    for field in ("fact", "happened_at", "recorded_at", "entry", "actor", "late_reason"):
        assert f"`{field}`" in PAGE


# ── What a file may hold ─────────────────────────────────────────────────────────────────────


def test_empty_files_and_lines_hold_no_clock(told: Told) -> None:
    assert told() == (0, "", "")
    assert told("", "  ", "\r") == (0, "", "")


def test_order_repetition_and_spelling_change_nothing(told: Told) -> None:
    spelled = {**DONE, "happened_at": "2026-11-24T07:20:00Z"}
    plain = told(TICKET, DONE)
    assert plain[0] == 0
    assert told(spelled, DONE, TICKET, "", TICKET, spelled) == plain


def test_a_byte_order_mark_and_windows_lines_are_read(told: Told) -> None:
    text = (json.dumps(TICKET) + "\r").encode()
    assert told(b"\xef\xbb\xbf" + text)[1] == told(TICKET)[1]


def test_numbers_and_strings_name_one_ticket(told: Told) -> None:
    code, out, _ = told({**TICKET, "ticket": 17}, {**DONE, "ticket": "17"})
    assert code == 0 and json.loads(out)["state"] == "met"


def test_a_line_repeated_with_its_number_as_a_string_is_harmless(told: Told) -> None:
    plain = told({**TICKET, "ticket": 17}, {**DONE, "ticket": 17, "entry": 5})
    lines = [{**TICKET, "ticket": said} for said in (17, "17")] + [
        {**DONE, "ticket": said, "entry": 5} for said in ("17", 17)
    ]
    assert told(*lines) == plain
    assert told({**TICKET, "ticket": "017"}, {**TICKET, "ticket": 17})[1].count('"norm"') == 2, "two tickets"


def test_an_undo_names_an_entry(told: Told) -> None:
    undo = {"fact": "Undone", "undoes": 2, "ticket": "26-1", "happened_at": NOON, "entry": 3}
    code, out, _ = told(TICKET, {**DONE, "entry": 2}, undo)
    assert code == 0 and json.loads(out)["state"] == "breached"


def test_a_registration_is_not_undone_and_its_breach_stays_in_sight(told: Told) -> None:
    breach = {"fact": "ClockBreached", "ticket": "26-1", "norm": "pp416.13.containment", "due_at": "2026-11-24T10:30:00+03:00",
              "happened_at": "2026-11-24T10:31:00+03:00", "entry": 2}  # fmt: skip
    undo = {"fact": "Undone", "undoes": 1, "ticket": "26-1", "happened_at": NOON, "entry": 3}
    code, out, err = told({**TICKET, "entry": 1}, breach, undo)
    assert (code, out) == (2, "") and err.startswith(
        "строка 3, поле undoes: запись 1 — «Заявка зарегистрирована»"
    )


def test_a_term_that_ends_with_its_day_is_late_from_midnight_on(told: Told) -> None:
    """The day's last microsecond is how such a term is written; nobody was late by it."""
    ticket = {**TICKET, "norms": [{"code": "pp416.36.answer"}]}
    code, out, _ = told(
        ticket,
        {"fact": "AnswerGiven", "ticket": "26-1", "happened_at": "2026-12-09T00:00:05+03:00"},
        at="2026-12-10T00:00:00+03:00",
    )
    clock = json.loads(out)
    assert (code, clock["due"], clock["late_by"]) == (0, "2026-12-08T23:59:59.999999+03:00", 5)
    still = json.loads(told(ticket, at="2026-12-09T00:00:00+03:00")[1])
    assert (still["state"], still["late_by"]) == ("breached", 0.000001), "late, if only just"


def test_fractions_of_a_second_are_kept(told: Told) -> None:
    late = {**DONE, "happened_at": "2026-11-24T10:30:00.250+03:00"}
    assert json.loads(told(TICKET, late)[1])["late_by"] == 0.25


def test_facts_may_come_by_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(TICKET).encode())))
    assert main(["deadlines", "-", "--at", NOON]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "breached"


def test_without_at_it_is_now(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    told({**TICKET, "happened_at": "2024-11-24T10:00:00+03:00"}, at="2024-11-24T10:01:00+03:00")
    assert main(["deadlines", str(told.file)]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "breached"


def test_five_thousand_facts_take_no_time(told: Told) -> None:
    lines = [{**fact, "ticket": number} for number in range(1, 2501) for fact in (TICKET, DONE)]
    random.Random(1).shuffle(lines)
    begun = time.perf_counter()
    code, out, _ = told(*lines)
    assert code == 0 and out.count('"met"') == 2500
    assert time.perf_counter() - begun < 6, "a hundred thousand must take seconds"


# ── What is wrong ────────────────────────────────────────────────────────────────────────────

WRONG: dict[str, tuple[dict[str, Any] | str | bytes, str, str]] = {
    # the second line of a file, the field it is told by, words of the reason
    "unknown fact": ({**DONE, "fact": "TicketClosed"}, "fact", "неизвестный факт"),
    "fact of another type": ({**DONE, "fact": ["WorkDone"]}, "fact", "неизвестный факт"),
    "no fact": ({"ticket": 1, "happened_at": NOON}, "fact", "отсутствует"),
    "unknown field": ({**DONE, "colour": "red"}, "colour", "нет такого поля"),
    "class words are no field": ({**DONE, "TITLE": "x"}, "TITLE", "нет такого поля"),
    "missing field": ({"fact": "WorkDone", "happened_at": NOON}, "ticket", "отсутствует"),
    "missing time": ({"fact": "WorkDone", "ticket": 1}, "happened_at", "отсутствует"),
    "naive time": ({**DONE, "happened_at": "2026-11-24T10:20:00"}, "happened_at", "без часового пояса"),
    "a date": ({**DONE, "happened_at": "2026-11-24"}, "happened_at", "без часового пояса"),
    "impossible day": ({**DONE, "happened_at": "2026-02-30T10:00:00Z"}, "happened_at", "не момент"),
    "impossible hour": ({**DONE, "happened_at": "2026-02-20T25:00:00Z"}, "happened_at", "не момент"),
    "impossible zone": ({**DONE, "happened_at": "2026-02-20T10:00:00+25:00"}, "happened_at", "не момент"),
    "impossible year": ({**DONE, "happened_at": "9999-12-31T23:59:59Z"}, "happened_at", "год 9999"),
    "time as a number": ({**DONE, "happened_at": 1764000000}, "happened_at", "строкой"),
    "time as null": ({**DONE, "happened_at": None}, "happened_at", "строкой"),
    "recorded before": ({**DONE, "recorded_at": "2026-11-24T10:19:00+03:00"}, "recorded_at", "раньше"),
    "naive recorded": ({**DONE, "recorded_at": "2026-11-24T10:29:00"}, "recorded_at", "без часового пояса"),
    "a ticket that is true": ({**DONE, "ticket": True}, "ticket", "целое число или строка"),
    "a ticket that is null": ({**DONE, "ticket": None}, "ticket", "целое число или строка"),
    "a ticket that is a fraction": ({**DONE, "ticket": 1.0}, "ticket", "целое число или строка"),
    "a note that is a number": ({**DONE, "note": 5}, "note", "строка"),
    "norms that are no list": ({**TICKET, "ticket": 2, "norms": {}}, "norms", "список"),
    "norms of strings": ({**TICKET, "ticket": 2, "norms": ["pp416.13.terms"]}, "norms", "объект"),
    "naive damage": (
        {**TICKET, "ticket": 2, "damage_at": "2026-11-24T09:00"},
        "damage_at",
        "без часового пояса",
    ),
    "a huge number": ({**DONE, "entry": 10**30}, "entry", "слишком большое"),
    "an entry that is text": ({**DONE, "entry": "7"}, "entry", "целое число"),
    "an undo of nothing": (
        {"fact": "Undone", "undoes": 9, "ticket": "26-1", "happened_at": NOON},
        "undoes",
        "записи 9 в файле нет",
    ),
    "half a character": (json.dumps({**DONE, "note": "\ud800"}), "note", "половина символа"),
    "a null character": ({**DONE, "note": "a\0b"}, "note", "нулевой"),
    "a null character deep inside": (
        {"fact": "TicketCorrected", "ticket": "26-1", "happened_at": NOON, "after": {"x": ["\0"]}},
        "after",
        "нулевой",
    ),
    "a field twice": ('{"fact": "WorkDone", "ticket": 1, "ticket": 2}', "ticket", "повторяется"),
    "a fact of an unknown ticket": ({**DONE, "ticket": 99}, "ticket", "не зарегистрирована"),
    "a stop before the start": (
        {**DONE, "happened_at": "2026-11-24T09:59:59+03:00"},
        "happened_at",
        "раньше, чем",
    ),
    "an unknown zone": (
        {**TICKET, "ticket": 2, "zone": "../../etc/passwd"},
        "zone",
        "неизвестный часовой пояс",
    ),
    "a zone that is a folder": (
        {**TICKET, "ticket": 2, "zone": "Europe"},
        "zone",
        "неизвестный часовой пояс",
    ),
    "an unknown channel": ({**CALL, "channel": "pigeon"}, "channel", "phone, email, web"),
    "an empty channel": ({**CALL, "channel": ""}, "channel", "бывает"),
    "an unknown outcome": (
        {"fact": "InteractionEnded", "interaction": 5, "outcome": "done", "happened_at": NOON},
        "outcome",
        "consultation",
    ),
    "an unknown severity": ({**TICKET, "ticket": 2, "severity": "AAA"}, "severity", "emergency"),
    "a ticket without a name": ({**DONE, "ticket": ""}, "ticket", "пусто"),
    "a ticket of spaces": ({**TICKET, "ticket": " \u00a0"}, "ticket", "пусто"),
    "a ticket of two lines": ({**DONE, "ticket": "26-1\n26-2"}, "ticket", "непечатный"),
    "a ticket that is a book": ({**DONE, "ticket": "x" * 101}, "ticket", "длиннее"),
    "ticket number zero": ({**DONE, "ticket": 0}, "ticket", "больше нуля"),
    "ticket number minus one": ({**DONE, "ticket": -1}, "ticket", "больше нуля"),
    "a house without a name": ({**TICKET, "ticket": 2, "building": ""}, "building", "пусто"),
    "an entry below zero": ({**DONE, "entry": -1}, "entry", "не меньше нуля"),
    "a norm twice": (
        {**TICKET, "ticket": 2, "norms": [{"code": "pp416.13.terms"}, {"code": "pp416.13.terms"}]},
        "norms",
        "названа дважды",
    ),
    "an unknown norm": (
        {**TICKET, "ticket": 2, "norms": [{"code": "pp416.99"}]},
        "norms",
        "неизвестная норма",
    ),
    "a norm of a contact": (
        {**TICKET, "ticket": 2, "norms": [{"code": "pp416.13.answer"}]},
        "norms",
        "для обращений",
    ),
    "a standing rule": (
        {**TICKET, "ticket": 2, "norms": [{"code": "pp416.13.terms", "colour": 1}]},
        "norms",
        "только code, edition, limit",
    ),
    **{
        f"a limit of {limit!r}": (
            {**TICKET, "ticket": 2, "norms": [{"code": "pp416.13.terms", "limit": limit}]},
            "norms",
            "limit — целое число секунд",
        )
        for limit in (0, -60, 60.0, "60", True, 10**12, [60])
    },
    "a limit beyond the law": (
        {**TICKET, "ticket": 2, "norms": [{"code": "pp416.13.terms", "limit": 3600}]},
        "norms",
        "мягче нормы",
    ),
    "a rating of six": (
        {"fact": "TicketConfirmed", "ticket": "26-1", "rating": 6, "happened_at": NOON},
        "rating",
        "от 1 до 5",
    ),
    "a rating of nothing": (
        {"fact": "TicketRated", "ticket": "26-1", "rating": 0, "happened_at": NOON},
        "rating",
        "от 1 до 5",
    ),
    "a told term before the telling": (
        {"fact": "TermsTold", "ticket": "26-1", "until": "2026-11-24T11:00:00+03:00", "happened_at": NOON},
        "until",
        "не позже, чем он сообщён",
    ),
    "taken over from nobody": (
        {"fact": "InteractionTaken", "interaction": 1, "operator": 7, "before": 0, "happened_at": NOON},
        "before",
        "номер больше нуля",
    ),
    "a building below zero": (
        {"fact": "OutageAnnounced", "outage": 1, "buildings": [4, -1], "happened_at": NOON},
        "buildings",
        "номер больше нуля",
    ),
    "a tenth step": (
        {"fact": "StepSkipped", "ticket": "26-1", "step": 10, "happened_at": NOON},
        "step",
        "от 1 до 9",
    ),
    "access that ends before it begins": (
        {
            "fact": "AccessAgreed",
            "ticket": "26-1",
            "since": NOON,
            "until": "2026-11-24T11:59:00+03:00",
            "happened_at": NOON,
        },
        "until",
        "раньше, чем since",
    ),
    "an outage that ends before it begins": (
        {
            "fact": "OutageAnnounced",
            "outage": 1,
            "since": NOON,
            "until": "2026-11-24T11:59:00+03:00",
            "happened_at": NOON,
        },
        "until",
        "раньше, чем since",
    ),
    "a breach of an unknown norm": (
        {"fact": "ClockBreached", "ticket": "26-1", "norm": "pp416", "due_at": NOON, "happened_at": NOON},
        "norm",
        "неизвестная норма",
    ),
    "a breach before its term": (
        {
            "fact": "ClockBreached",
            "ticket": "26-1",
            "norm": "pp416.13.terms",
            "due_at": "2026-11-24T12:00:01+03:00",
            "happened_at": NOON,
        },
        "due_at",
        "позже, чем само нарушение",
    ),
    "an undo of a kind that is none": (
        {"fact": "Undone", "undoes": 1, "undone_kind": "Everything", "ticket": "26-1", "happened_at": NOON},
        "undone_kind",
        "неизвестный факт",
    ),
    "a promise of no time": (
        {
            "fact": "NormPromised",
            "organisation": 1,
            "norm": "pp416.13.terms",
            "limit": 0,
            "happened_at": NOON,
        },
        "limit",
        "целое число секунд",
    ),
    "a correction of no time": (
        {
            "fact": "NormCorrected",
            "norm": "pp416.13.terms",
            "since": "2026-09-01",
            "limit": -1,
            "reason": "письмо инспекции",
            "happened_at": NOON,
        },
        "limit",
        "целое число секунд",
    ),
    "a correction without a reason": (
        {
            "fact": "NormCorrected",
            "norm": "pp416.13.terms",
            "since": "2026-09-01",
            "limit": 60,
            "reason": " ",
            "happened_at": NOON,
        },
        "reason",
        "нужна причина",
    ),
    "a correction verified by nobody knows whom": (
        {
            "fact": "NormCorrected",
            "norm": "pp416.13.terms",
            "since": "2026-09-01",
            "verified": "junk",
            "reason": "письмо инспекции",
            "happened_at": NOON,
        },
        "verified",
        "бывает: text, secondary, unverified",
    ),
    "a breach of nobody's": (
        {"fact": "ClockBreached", "norm": "pp416.13.terms", "due_at": NOON, "happened_at": NOON},
        "ticket",
        "нужна заявка или обращение",
    ),
    "no JSON": ("WorkDone 26-1", "", "не JSON"),
    "half of a line": ('{"fact": "WorkDone", "ticket"', "", "не JSON"),
    "two objects": ("{} {}", "", "не JSON"),
    "a list": ("[]", "", "нужен объект"),
    "NaN": ('{"fact": NaN}', "", "не JSON: NaN"),
    "a number of thousands of digits": ('{"ticket": ' + "9" * 5000 + "}", "", "слишком длинное число"),
    "too deep": ('{"a":' * 100_000, "", "слишком глубоко"),
    "bad UTF-8": (b'{"fact": "\xff"}', "", "не UTF-8"),
    "UTF-16": ('{"fact": "WorkDone"}'.encode("utf-16"), "", "нулевой символ"),
    "NUL": (b"\0", "", "нулевой символ"),
    "a huge line": (b'{"fact": "' + b"x" * (1 << 21) + b'"}', "", "длиннее"),
}


@pytest.mark.parametrize(("line", "field", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_line_is_named_and_nothing_is_printed(
    line: dict[str, Any] | str | bytes, field: str, words: str, told: Told
) -> None:
    code, out, err = told(TICKET, line, {**TICKET, "ticket": 3})
    assert (code, out) == (2, "")
    assert err.startswith(f"строка 2, поле {field}: " if field else "строка 2: "), err
    assert words in err
    assert err.count("\n") == 1 and len(err) < 400


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
def test_a_file_as_a_windows_console_writes_it_is_told_how_to_save_it(told: Told, code: str) -> None:
    lines = [line.encode(code) for line in ("\ufeff" + json.dumps(TICKET), json.dumps(CALL))]
    assert told(*lines) == (2, "", "строка 1: файл в кодировке UTF-16: сохраните его в UTF-8\n")


LOST = {"fact": "CallAbandoned", "interaction": 5, "happened_at": "2026-11-24T10:03:00+03:00"}
BACK = {"fact": "CallbackMade", "interaction": 5, "happened_at": "2026-11-24T10:02:00+03:00"}


def test_nobody_calls_back_before_the_call_was_lost(told: Told) -> None:
    code, out, err = told(CALL, BACK, LOST)
    assert (code, out) == (2, "")
    assert err.startswith("строка 2, поле happened_at: «Перезвонили» раньше, чем «Звонок потерян»")
    assert told(CALL, LOST, {**BACK, "happened_at": "2026-11-24T10:03:00+03:00"})[0] == 0


def test_an_answer_before_the_call_was_lost_is_no_callback(told: Told) -> None:
    """Answered, cut off, called back: the callback is what counts for the callback's term."""
    answered = {"fact": "InteractionAnswered", "interaction": 5, "happened_at": "2026-11-24T10:01:00+03:00"}
    code, out, _ = told(CALL, answered, LOST, {**BACK, "happened_at": "2026-11-24T10:04:00+03:00"})
    assert code == 0
    found = {clock["norm"]: clock for clock in map(json.loads, out.splitlines())}
    assert found["pp416.13.callback"]["stopped_by"] == "CallbackMade"


def test_one_number_belongs_to_one_entry(told: Told) -> None:
    code, out, err = told({**TICKET, "entry": 5}, {**DONE, "entry": 5})
    assert (code, out) == (2, "") and err.startswith("строка 2, поле entry: ")
    assert told({**DONE, "entry": 5}, TICKET, {**DONE, "entry": 5})[0] == 0


def test_what_is_wrong_is_wrong_at_every_moment(told: Told) -> None:
    """A norm that is not known is refused even when the ticket is not registered yet «at» that time."""
    wrong = {**TICKET, "norms": [{"code": "pp416.13.nonsense"}]}
    for at in ("2026-11-01T12:00:00+03:00", NOON):
        code, out, err = told(wrong, at=at)
        assert (code, out) == (2, "") and err.startswith("строка 1, поле norms: ")


@pytest.mark.parametrize(
    ("happened", "edition"),
    [("2026-11-24", "24.06.2017 № 743"), ("2023-11-24", "20.10.2023 № 1744")],
    ids=["repealed", "not yet in force"],
)
def test_an_edition_that_was_not_in_force_is_refused(told: Told, happened: str, edition: str) -> None:
    norm = {"code": "lifts.repair", "edition": edition}
    ticket = {**TICKET, "happened_at": f"{happened}T10:00:00+03:00", "norms": [norm]}
    code, out, err = told(ticket)
    assert (code, out) == (2, "")
    assert err.startswith("строка 1, поле norms: ") and "не действует" in err


def test_a_ticket_without_norms_is_asked_for_them(told: Told) -> None:
    """It would print nothing, as if nothing were to be kept; who means it says so."""
    code, out, err = told({name: value for name, value in TICKET.items() if name != "norms"})
    assert (code, out) == (2, "") and err.startswith("строка 1, поле norms: ")
    assert told({**TICKET, "norms": []}) == (0, "", "")


def test_no_place_is_twenty_hours_ahead(told: Told) -> None:
    code, out, err = told({**TICKET, "happened_at": "2026-11-24T10:00:00+20:00"})
    assert (code, out) == (2, "") and err.startswith("строка 1, поле happened_at: ")


def test_all_wrong_lines_are_told_at_once_but_no_flood(told: Told) -> None:
    code, out, err = told(*(["x"] * 100))
    assert (code, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == [f"строка {n}" for n in range(1, 21)]


def test_what_is_wrong_of_each_subject_is_told_in_one_run(told: Told) -> None:
    """Readable lines, whose norms or order are wrong: one line for each subject, in the order of the file."""
    early = {**DONE, "ticket": 3, "happened_at": "2026-11-24T07:00:00+03:00"}
    code, out, err = told(
        {**TICKET, "ticket": 1, "norms": [{"code": "pp416.13.nonsense"}]},
        early,
        {**TICKET, "ticket": 2, "norms": [{"code": "pp416.13.answer"}]},
        {**TICKET, "ticket": 3},
        TICKET,
        {**DONE, "ticket": 4},
        early,
    )
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        "строка 1, поле norms",
        "строка 2, поле happened_at",
        "строка 3, поле norms",
        "строка 6, поле ticket",
        "строка 7, поле happened_at",
    ]


def test_wrong_entries_are_told_in_one_run(told: Told) -> None:
    lost = {"fact": "Undone", "undoes": 50, "entry": 9, "happened_at": "2026-11-24T11:00:00+03:00"}
    code, out, err = told(
        {**TICKET, "entry": 5}, {**DONE, "entry": 5}, {**DONE, "ticket": 2, "entry": 5}, lost
    )
    assert (code, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        "строка 2, поле entry",
        "строка 3, поле entry",
        "строка 4, поле undoes",
    ]
    first, second = ({"fact": "Undone", "undoes": 5, "entry": entry, "happened_at": "2026-11-24T11:00:00+03:00"} for entry in (3, 4))  # fmt: skip
    _, _, err = told({**TICKET, "entry": 5}, first, second)
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        "строка 2, поле undoes",
        "строка 3, поле undoes",
    ]


def test_after_a_huge_line_the_next_one_has_its_own_number(told: Told) -> None:
    _, _, err = told(b"x" * (1 << 21), "y")
    assert [line.split(":")[0] for line in err.splitlines()] == ["строка 1", "строка 2"]


def test_a_message_cannot_move_the_cursor(told: Told) -> None:
    _, _, err = told({**DONE, "\x1b[2J": 1}, {**DONE, "fact": "\x1b[31m"})
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("at", "words"),
    [("2026-11-24T10:00:00", "без часового пояса"), ("завтра", "не момент"), ("", "не момент")],
)
def test_a_wrong_at_is_refused(at: str, words: str, told: Told) -> None:
    code, out, err = told(TICKET, at=at)
    assert (code, out) == (2, "") and err.startswith("--at: ") and words in err


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadlines", str(tmp_path / "none")]) == 2
    assert main(["deadlines", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "такого файла или папки нет" in err and "это папка" in err


@settings(deadline=None, database=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_no_line_whatever_brings_it_down(line: bytes) -> None:
    from vakhta.domain.fact_lines import LineRefused, read_line

    with pytest.raises(LineRefused):
        read_line(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, database=None)
@given(st.sampled_from(sorted(TICKET)) | st.sampled_from(("zone", "damage_at", "entry", "severity")), JSON)
def test_any_value_in_any_field_is_read_or_refused_by_name(field: str, value: Any) -> None:
    from vakhta.domain.deadlines import FactsRefused, clocks
    from vakhta.domain.fact_lines import LineRefused, read_line

    try:
        clocks([read_line(json.dumps({**TICKET, field: value}).encode())])
    except (LineRefused, FactsRefused) as refused:
        assert refused.field in (field, "norms", "recorded_at", "") and refused.reason
