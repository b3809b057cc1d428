"""The words that rows and facts share are the same words."""

from __future__ import annotations

from vakhta.contacts.models import Interaction
from vakhta.domain.classifier import ENTRIES
from vakhta.domain.facts import CHANNELS, OUTCOMES, SEVERITIES


def test_a_contact_comes_and_ends_as_its_facts_may_say() -> None:
    assert tuple(code for code, _ in Interaction.CHANNELS) == CHANNELS
    assert tuple(code for code, _ in Interaction.OUTCOMES) == OUTCOMES


def test_every_entry_is_as_severe_as_a_fact_may_say() -> None:
    assert {entry.severity for entry in ENTRIES.values()} <= set(SEVERITIES)
