"""Handing contacts over by the API, and asking it what it holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from vakhta.cli.simulation.ledger import Held, Ledger
from vakhta.demo.calls import ScriptedContact

PATIENCE = 60.0
"""Seconds for which an unanswered request is repeated with the same key."""

BETWEEN = 0.5


class Door:
    """The API with one token. `client` has the base address and the header of the token; `wait`
    sleeps so many seconds and is true when the play was stopped."""

    def __init__(self, client: httpx.Client, ledger: Ledger, run: str, wait: Callable[[float], bool]) -> None:
        self._client, self._ledger, self._run, self._wait = client, ledger, run, wait

    def hand_over(self, contact: ScriptedContact) -> int | None:
        """The contact's id when it was accepted. A request without an answer is repeated with the
        same key, which is safe; None when it was refused or never answered."""
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._post(contact)
            if answer is not None and answer.status_code < 500:
                break
            if time.monotonic() > end or self._wait(BETWEEN):
                self._ledger.lost(contact.key)
                return None
        if answer.status_code not in (200, 201):
            self._ledger.refused(f"API {answer.status_code}")
            return None
        pk = int(answer.json()["id"])
        self._ledger.accepted(contact.key, pk, contact.channel, contact.text)
        return pk

    def _post(self, contact: ScriptedContact) -> httpx.Response | None:
        try:
            return self._client.post(
                "/api/v1/interactions",
                json=body_of(contact),
                headers={"Idempotency-Key": f"{self._run}-{contact.key}"},
            )
        except httpx.HTTPError:
            return None

    def contact(self, pk: int) -> Held:
        return self._get(f"/api/v1/interactions/{pk}")

    def ticket(self, number: str) -> Held:
        return self._get(f"/api/v1/tickets/{number}")

    def _get(self, path: str) -> Held:
        """What is held, None when nothing is. Raises httpx.HTTPError when nobody answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._client.get(path)
                if answer.status_code == 404:
                    return None
                answer.raise_for_status()
            except httpx.HTTPError:
                if time.monotonic() > end or self._wait(BETWEEN):
                    raise
            else:
                held: dict[str, Any] = answer.json()
                return held


def body_of(contact: ScriptedContact) -> dict[str, Any]:
    """What the API is told: only what a caller would let know."""
    said = {
        "channel": contact.channel,
        "phone": contact.phone,
        "caller": contact.caller,
        "email": contact.email,
        "address": contact.address,
        "text": contact.text,
    }
    body: dict[str, Any] = {name: value for name, value in said.items() if value}
    if contact.is_emergency:
        body["emergency"] = True
    return body
