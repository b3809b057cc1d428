"""Operators and technicians at their pages: each move is the form that the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from random import Random

import httpx

from vakhta.cli.simulation.ledger import Ledger
from vakhta.cli.simulation.pages import Form, any_number, form_to, forms_of, told_number
from vakhta.demo.calls import ScriptedContact
from vakhta.demo.phrases import words_of_done
from vakhta.domain.classifier import ENTRIES, Entry

LAST_STEP = 9

_TOKEN = re.compile(r'(?:name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")([^"]+)"')
"""In a form, or among the headers that htmx sends with everything."""


class NotPossible(Exception):
    """The page refused or shows no such form: somebody else was quicker, or the person made a
    mistake. The text goes into the summary."""


class NoAnswer(NotPossible):
    """Nobody answered, or the service said to come later: the same may be possible in a moment."""


@dataclass(frozen=True)
class Seat:
    """A place at the demo's door: who one may be."""

    role: str
    """Title of the role as the page says it: «Диспетчер»."""
    url: str


def seats(client: httpx.Client) -> list[Seat]:
    """Everybody whom the demo lets in by a click."""
    page = client.get("/demo/")
    page.raise_for_status()
    found = re.findall(r'action="(/demo/as/\d+/)".*?<b>([^<]+)</b>', page.text, re.DOTALL)
    return [Seat(role, url) for url, role in found]


class Person:
    """A signed-in browser without JavaScript."""

    def __init__(self, client: httpx.Client, ledger: Ledger) -> None:
        self._client, self._ledger = client, ledger
        self._token = ""  # nosec B105  # none yet

    def sign_in(self, seat: Seat) -> None:
        """Signs in and opens the first page: signing in gives a new form token."""
        self._get("/demo/")
        self._post(seat.url)

    def _get(self, path: str) -> str:
        try:
            answer = self._client.get(path, follow_redirects=True)
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        _check(path, answer)
        return self._read(answer.text)

    def _post(self, path: str, said: dict[str, str | list[str]] | None = None) -> str:
        """The page that answers; NotPossible when the change was refused."""
        sent = {"csrfmiddlewaretoken": self._token, **(said or {})}
        try:
            answer = self._client.post(path, data=sent, headers={"X-CSRFToken": self._token})
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        _check(path, answer)
        if answer.is_redirect:
            return self._get(answer.headers["location"])
        return self._read(answer.text)

    def _read(self, html: str) -> str:
        found = _TOKEN.search(unescape(html))
        if found:
            self._token = found[1]
        return html


def _check(path: str, answer: httpx.Response) -> None:
    if answer.status_code >= 500:
        raise NoAnswer(f"{_kind(path)} {answer.status_code}")
    if answer.status_code >= 400:
        raise NotPossible(f"{_kind(path)} {answer.status_code}")


def _kind(path: str) -> str:
    """ "/console/contact/17/take/" → "take": what was refused, whatever its number."""
    words = [word for word in path.split("?")[0].split("/") if word and not word.isdigit()]
    return words[-1] if words else path


class Operator(Person):
    """Takes a contact and ends it as the script knows that it must end."""

    def answer(self, contact: ScriptedContact, pk: int, first_number: str, *, again: bool = False) -> None:
        """`first_number`: the ticket that an addition is about, empty when it has none yet. `again`:
        an answer was lost on the way, so the page is asked how far it is."""
        base = f"/console/contact/{pk}"
        page = self._get(f"{base}/") if again else ""
        if form_to(page, rf"{base}/step/\d+/"):
            self._walk(contact, base, page)
            return
        if not form_to(page, rf"{base}/register/"):  # its holder alone sees it
            page = self._post(f"{base}/take/")
        if contact.outcome == "ticket":
            self._register(contact, base, page)
        elif contact.outcome == "addition" and self._join(contact, base, page, first_number):
            pass
        else:
            outcome = "consultation" if contact.outcome == "addition" else contact.outcome
            self._end(contact, base, page, outcome)

    def _register(self, contact: ScriptedContact, base: str, page: str) -> None:
        form = form_to(page, rf"{base}/register/") or Form(f"{base}/register/")
        said = form.filled(classifier=contact.classifier, description=contact.text or "без слов")
        page = self._post(f"{base}/register/", said)
        number = told_number(page)
        if not number:
            raise NotPossible("номер не показан")
        self._ledger.numbered(contact.key, number)
        self._walk(contact, base, page)

    def _walk(self, contact: ScriptedContact, base: str, page: str) -> None:
        """The steps that are left, each as the page proposes it."""
        for _ in range(LAST_STEP):
            step = form_to(page, rf"{base}/step/\d+/")
            if step is None:
                raise NotPossible("шаг не показан")
            page = self._step(step, base)
            if step.action.endswith(f"/{LAST_STEP}/"):
                self._ledger.ended(contact.key, "ticket")
                return
        raise NotPossible("приём не завершён")

    def _step(self, step: Form, base: str) -> str:
        """One step as the page proposes it; where a crew is to be chosen and none is, the first."""
        said = step.filled()
        said |= {name: "дежурный" for name in said if name.startswith("who-") and not said[name]}
        if "crew" in step.choices and not step.chosen("crew"):
            said["crew"] = step.choices["crew"][0].value
        if step.action.endswith("/8/") and "crew" not in step.choices:
            number = step.action.rstrip("/").rpartition("/")[2]
            return self._post(
                f"{base}/skip/{number}/", {"reason": "нет свободной бригады, передано старшему"}
            )
        return self._post(step.action, said)

    def _join(self, contact: ScriptedContact, base: str, page: str, number: str) -> bool:
        form = form_to(page, rf"{base}/end/addition/")
        if form is None or not number:
            return False
        for choice in form.choices.get("choice", []):
            if number in re.sub(r"\s", "", choice.words):
                self._post(form.action, form.filled(choice=choice.value, note=contact.text))
                self._ledger.ended(contact.key, "addition")
                return True
        return False

    def _end(self, contact: ScriptedContact, base: str, page: str, outcome: str) -> None:
        action = f"{base}/end/{outcome}/"
        form = form_to(page, re.escape(action)) or Form(action)
        said = form.filled(note=contact.text or "тишина")
        if contact.service:
            said["choice"] = contact.service
        self._post(action, said)
        self._ledger.ended(contact.key, outcome)


MOVES = ("accept", "go", "arrive", "contain", "done")
"""The way of a job; of the moves that the page offers the furthest along is not skipped to."""


class Technician(Person):
    """Goes through the jobs of the phone's list."""

    def __init__(self, client: httpx.Client, ledger: Ledger) -> None:
        super().__init__(client, ledger)
        self._natures: dict[str, Entry] = {}
        """By the number of the ticket."""

    def jobs(self) -> list[int]:
        page = self._get("/field/")
        return sorted({int(pk) for pk in re.findall(r'href="/field/(\d+)/"', page)})

    def next_move(self, job: int) -> tuple[str, Form, str] | None:
        """(move, its form, number of the ticket) that the page offers; None when nothing is left."""
        page = self._get(f"/field/{job}/")
        offered = {form.action.rstrip("/").rpartition("/")[2]: form for form in forms_of(page)}
        number, entry = any_number(page), entry_of(page)
        if entry is not None:
            self._natures[number] = entry
        for move in MOVES:
            if move in offered:
                return move, offered[move], number
        return None

    def make(self, move: str, form: Form, number: str, random: Random) -> None:
        entry = self._natures.get(number)
        done = words_of_done(entry, random) if entry else "Сделано, заявитель проверил при мне."
        note = done if move == "done" else ""
        self._post(form.action, form.filled(note=note))
        self._ledger.worked(move, number)


def entry_of(page: str) -> Entry | None:
    """The kind of trouble that a page names: whose work it is decides how it is told to be done."""
    text = unescape(page)
    return next((entry for entry in ENTRIES.values() if f">{entry.title}<" in text), None)
