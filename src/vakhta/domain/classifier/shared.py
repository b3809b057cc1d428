"""What several entries say or run: norms that come together, words that hold for any water."""

from __future__ import annotations

TERMS = "pp416.13.terms"
"""The applicant is told the terms: every ticket of a fault has it."""
DAMAGE = (TERMS, "pp416.13.containment", "pp416.13.elimination")
"""Damage to the building's networks: contained in 30 minutes, eliminated in 3 days (ПП 416 п. 13)."""
SUPPLY = (TERMS, "pp354.108.check")
"""A service is missing or poor: checked within 2 hours of the report (ПП 354 п. 108)."""
AGREED = (TERMS, "pp416.13.agreed")
"""A small fault: time and works are agreed with the applicant (ПП 416 п. 13)."""
OF_OTHERS = (TERMS, "pp416.14.services")
"""Another's network or service, which is told at once; the term is theirs (ПП 416 п. 14)."""
ANSWER = ("pp416.36.answer",)
"""A request: answered within 10 working days (ПП 416 п. 36)."""

SOCKETS = "Не трогайте мокрые розетки и приборы; если можете безопасно — выключите автоматы в щитке."
SHUT_FLAT = "Перекройте вентили на вводе в квартиру: обычно они в туалете, за дверцей, ручку — поперёк трубы."
TO_HOSPITAL = "Если кто-то упал и ударился — звоните 103."
NO_CODES = "Коды из сообщений и карточные данные нам не нужны, никому их не называйте."
WHERE_TO = "Назовите, куда прислать ответ: почта, письмо или приём."
