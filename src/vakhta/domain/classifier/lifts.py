"""Lifts."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import DAMAGE, TERMS

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="lift.people",
        place="Лифт",
        system="Лифт",
        problem="Люди застряли в лифте",
        severity="emergency",
        norms=(TERMS, "lifts.evacuation", "lifts.repair"),
        skill="lift",
        route="lift_people",
        plan="Лифтовой службе немедленно. Держать связь с пассажирами до освобождения, двери не открывать.",
        questions=(
            "Сколько человек, есть ли дети?",
            "Как самочувствие, есть ли больные?",
            "Какой подъезд, между какими этажами?",
        ),
        safety=(
            "Лифт не упадёт, воздух в кабину поступает. Мастер уже вызван.",
            "Двери не открывайте и не пытайтесь выбраться сами.",
            "Сядьте, не прыгайте, не курите; станет плохо — сразу жмите «Вызов».",
        ),
        services=("lift_service",),
        danger="Кому-то плохо в лифте — скорая 103 и спасатели 112.",
        frequency=20,
        signs=weights(
            "lift 2.5, stuck 3.2, inside 2.8, between 1.7, persons 1.6, we 0.6, common_place 0.2, power 0.2",
            against=(
                "broken 1, dirty 2, leak 2, water 2, heating 2, chill 2, none 0.5, lamp 1, snow 3, dark "
                "0.5, door 0.5, sewer 3, chute 3, smell 2"
            ),
        ),
    ),
    Entry(
        code="lift.stopped",
        place="Лифт",
        system="Лифт",
        problem="Лифт не работает",
        severity="urgent",
        norms=(TERMS, "lifts.repair"),
        skill="lift",
        route="lift_repair",
        plan="Передать лифтовой службе, повесить объявление; узнать о людях, которым трудно ходить.",
        questions=(
            "Точно никого нет внутри?",
            "Какой подъезд, лифт грузовой или пассажирский?",
            "Есть ли жильцы, которые не могут спуститься сами?",
        ),
        safety=(
            "Двери не открывайте, в шахту не заглядывайте.",
            "Не пользуйтесь лифтом, даже если он снова поехал: пусть проверит мастер.",
        ),
        services=("lift_service",),
        frequency=40,
        signs=weights(
            "lift 3, broken 2, blockage 1, door 0.6, none 0.8, common_place 0.2, tripped 0.3, lamp "
            "0.3, smashed 0.5, dark 0.3",
            against=(
                "stuck 0.8, inside 2, between 2.4, persons 1, dirty 2, leak 2, water 2, heating 3, chill 2, smell 2, bath 2, "
                "chute 3, sewer 3, tap 3, gas 3, link 1, flood 2, shaft 1"
            ),
        ),
    ),
    Entry(
        code="lift.link",
        place="Лифт",
        system="Лифт",
        problem="Нет связи или света в кабине",
        severity="urgent",
        norms=(TERMS, "lifts.repair"),
        skill="lift",
        route="lift_repair",
        plan="Передать лифтовой службе: без связи лифтом не пользуются; повесить объявление.",
        questions=(
            "Точно никого нет внутри?",
            "Какой подъезд, что не работает: связь, свет, кнопка?",
            "Лифт при этом ездит?",
        ),
        safety=("Не входите в кабину без света и связи.", "Предупредите соседей, повесьте записку на дверь."),
        services=("lift_service",),
        frequency=3,
        signs=weights(
            "lift 2, link 3, dark 1.8, lamp 1.8, power 1.4, none 0.8, broken 0.5, common_place 0.1",
            against="stuck 2.5, inside 3, persons 2.5, between 3, water 3, leak 3, dirty 2, door 0.5, we 3, whole 2",
        ),
    ),
    Entry(
        code="lift.water",
        place="Лифт",
        system="Лифт",
        problem="Вода в шахте, приямке лифта",
        severity="emergency",
        norms=(*DAMAGE, "lifts.repair"),
        skill="lift",
        route="lift_repair",
        plan="Лифт остановить, лифтовой службе немедленно; слесарь находит и перекрывает воду.",
        questions=(
            "Точно никого нет внутри?",
            "Откуда вода: сверху, из подвала?",
            "Лифт сейчас ездит?",
        ),
        safety=(
            "Не входите в лифт и не вызывайте его: вода и ток.",
            "Встаньте на лестницу, предупредите соседей.",
        ),
        services=("lift_service",),
        frequency=2,
        signs=weights(
            "lift 2.4, water 0.6, leak 1.2, flood 1.4, burst 0.8, shaft 3, basement 0.4, sewer 0.3",
            against="stuck 1.5, inside 2, persons 1.5, dark 1, door 1, dirty 1.5, heating 1, smell 2, tap 3, bath 3",
        ),
    ),
)
