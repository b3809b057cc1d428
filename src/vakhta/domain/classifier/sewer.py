"""Sewerage, damp and smells: the entries of a plumber."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, DAMAGE, TERMS

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="flat.sewer.blockage",
        place="Квартира",
        system="Водоотведение",
        problem="Засор канализации",
        severity="emergency",
        norms=(TERMS, "pp416.13.blockage"),
        skill="plumber",
        route="blockage",
        plan="Бригада прочищает стояк или лежак; попросить стояк не сливать воду.",
        questions=(
            "Не уходит вода или поднимается снизу?",
            "Засор в одном месте или и в ванне, и в унитазе?",
            "Какой у вас этаж, соседи жалуются?",
        ),
        safety=(
            "Не пользуйтесь водой и унитазом, попросите о том же соседей сверху.",
            "Не лейте химию: мастер может обжечься.",
            "Если вода поднимается — закройте слив пробкой, уберите вещи с пола.",
        ),
        needs_access=True,
        frequency=80,
        signs=weights(
            "blockage 3, sewer 2, backflow 2.5, tap 0.8, bath 0.5, water 0.3, pipe 0.3, riser 0.3, "
            "flood 0.3, smell 0.2",
            against="chute 4, lift 4, roof 3, gas 3, door 2, power 2, heating 2, yard 0.3, snow 3, dirty 1, well 2.5, street 2, vent 2, gutter 2, air 2, hatch 2",
        ),
    ),
    Entry(
        code="flat.sewer.riser",
        place="Квартира",
        system="Водоотведение",
        problem="Течь канализационной трубы",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада находит место течи, уплотняет раструб или меняет участок; стояк предупредить.",
        questions=(
            "Течёт всегда или когда сливают сверху?",
            "Где именно: стык, тройник, пол?",
            "Заливает ли соседей снизу?",
        ),
        safety=(
            "Не пользуйтесь сливом, попросите о том же соседей сверху.",
            "Подставьте ведро, воду руками без перчаток не трогайте.",
        ),
        needs_access=True,
        frequency=20,
        signs=weights(
            "sewer 2.5, leak 1.5, riser 1.5, burst 1.5, smell 0.4, pipe 0.5, bath 0.1",
            against=(
                "blockage 2, backflow 2.5, basement 2, heating 3, gas 3, hot_water 2, cold_water 2, none "
                "2, tap 1, roof 3, yard 1, well 3, street 2, smell 0.4"
            ),
        ),
    ),
    Entry(
        code="flat.sewer.smell",
        place="Квартира",
        system="Водоотведение",
        problem="Пахнет канализацией",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать время; слесарь проверяет сифоны, заглушки и вентиляцию стояка.",
        questions=(
            "Откуда пахнет: раковина, пол, шахта?",
            "Не мокро ли у труб?",
            "Точно не газ?",
        ),
        safety=(
            "Налейте воды в каждый слив: пустой сифон пропускает запах.",
            "Похоже на газ — ничего не включайте, выходите и звоните 104.",
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "sewer 2.2, smell 2.4, bath 0.4, tap 0.3, flat 0.2",
            against="leak 1.6, burst 3, blockage 2, backflow 3, gas 3.5, sparks 3, basement 1, yard 2, chute 3, vent 1, rust 2, lift 3",
        ),
    ),
    Entry(
        code="basement.damp",
        place="Подвал",
        system="Конструкции",
        problem="Сырость, запах из подвала",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="common_property",
        plan="Осмотреть подвал, исключить течь; проветрить, просушить, закрыть источник влаги.",
        questions=(
            "Сыро, пахнет, плесень?",
            "Есть ли на полу вода?",
            "Точно не газ?",
        ),
        safety=(
            "В подвал не спускайтесь, огонь там не зажигайте.",
            "Похоже на газ — отойдите и звоните 104.",
        ),
        frequency=3,
        signs=weights(
            "basement 2.4, damp 2.2, smell 1.6, sewer 0.3, common_place 0.1",
            against="burst 3, flood 3, gas 3.5, sparks 3, pests 3, strangers 2, door 2, lamp 3, dark 3, lift 3, steam 2",
        ),
    ),
)
