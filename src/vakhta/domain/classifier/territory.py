"""Cleaning, waste, the yard."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, TERMS, TO_HOSPITAL

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="entrance.chute",
        place="Подъезд",
        system="Мусоропровод",
        problem="Засор мусоропровода",
        severity="urgent",
        norms=(TERMS, "pp416.13.chute"),
        skill="janitor",
        route="blockage",
        plan="Прочистить ствол с 8 до 23 часов, закрыть клапаны выше засора, убрать площадку.",
        questions=(
            "Между какими этажами забито?",
            "Нет ли дыма или запаха гари из ствола?",
        ),
        safety=(
            "Не бросайте мусор в клапан и не проталкивайте засор.",
            "Если из ствола идёт дым — закройте клапан и звоните 101.",
        ),
        frequency=20,
        signs=weights(
            "chute 4, blockage 1.5, dirty 0.3, smell 0.5, broken 0.3, common_place 0.2",
            against="sewer 2, sparks 2, backflow 1",
        ),
    ),
    Entry(
        code="yard.cleaning",
        place="Двор",
        system="Придомовая территория",
        problem="Не убрано: снег, наледь, мусор",
        severity="ordinary",
        norms=AGREED,
        skill="janitor",
        route="common_property",
        plan="Дворник убирает и посыпает сегодня; скользкое крыльцо и спуск — сразу.",
        questions=(
            "Где именно: крыльцо, тротуар, спуск, площадка?",
            "Скользко, кто-нибудь упал?",
        ),
        safety=(
            "Идите другой дорогой, держитесь за перила.",
            TO_HOSPITAL,
        ),
        frequency=18,
        signs=weights(
            "snow 3, dirty 2.2, waste 1.4, yard 1.4, common_place 0.6, basement 0.5, smell 0.3",
            against=(
                "roof 2.5, falling 1.2, chute 1.5, water 2, heating 2, leak 2, sewer 1, gas 2, weak 1, "
                "facade 1, tap 2, paper 2, flood 2, lamp 1, carries_not 2.5, full 2, lift 0.5, rust 2, tree 2, play 0.5, icicle 1.5"
            ),
        ),
    ),
    Entry(
        code="entrance.cleaning",
        place="Подъезд",
        system="Уборка",
        problem="Не убрано в подъезде, в лифте",
        severity="ordinary",
        norms=AGREED,
        skill="janitor",
        route="common_property",
        plan="Уборщица моет сегодня; проверить по графику, когда мыли, записать мастеру.",
        questions=(
            "Какой подъезд и этаж?",
            "Грязь, мусор, пролито скользкое?",
        ),
        safety=("Скользко — идите по другой стороне, держитесь за перила.", TO_HOSPITAL),
        frequency=10,
        signs=weights(
            "dirty 2.4, common_place 2, lift 1, smell 0.4, waste 0.4",
            against=(
                "yard 1.5, snow 3, street 2, chute 2, carries_not 2.5, water 2, leak 2, heating 2, sewer 2, gas 3, basement 1, tap 2, "
                "paper 2, lamp 2, flood 2, roof 2, rust 2, weak 2"
            ),
        ),
    ),
    Entry(
        code="yard.waste",
        place="Двор",
        system="Отходы",
        problem="Не вывезен мусор, переполнены баки",
        severity="ordinary",
        norms=AGREED,
        skill="janitor",
        route="supplier",
        plan="Сообщить вывозящему отходы, узнать час; дворник убирает вокруг площадки.",
        questions=(
            "Какая площадка, с какого дня не вывозят?",
            "Баки или крупный мусор?",
            "Не горит, не дымит?",
        ),
        safety=(
            "Не складывайте мимо баков: разнесут ветер и собаки.",
            "Загорелось — звоните 101, сами не тушите.",
        ),
        services=("waste_operator",),
        frequency=6,
        signs=weights(
            "waste 2.4, carries_not 2.6, dirty 0.6, yard 0.4, smell 0.3, full 1.6",
            against="chute 3, common_place 1, lift 3, snow 2, sewer 1.5, leak 2, water 2, flat 1, fire 3, pests 1",
        ),
    ),
    Entry(
        code="yard.tree",
        place="Двор",
        system="Придомовая территория",
        problem="Упало, наклонилось дерево, ветка",
        severity="urgent",
        norms=AGREED,
        skill="janitor",
        route="common_property",
        plan="Оградить, освободить проход и проезд; лежит на проводах — сначала электросеть. Убрать.",
        questions=(
            "Упало или может упасть, на что?",
            "Есть ли под ним провода, машины, люди?",
            "Можно ли пройти и проехать?",
        ),
        safety=(
            "Не подходите: ветки держат вес и могут сорваться.",
            "На проводах — ближе восьми метров никому.",
        ),
        services=("edds",),
        danger="Под деревом человек — 112 и 103.",
        frequency=2,
        signs=weights(
            "tree 4, falling 1, hanging 0.6, torn 0.4, yard 0.6, cable 0.3, street 0.3",
            against="icicle 2, plaster 2, lift 3, leak 2, gutter 1",
        ),
    ),
    Entry(
        code="yard.equipment",
        place="Двор",
        system="Придомовая территория",
        problem="Площадка, лавки, ворота, шлагбаум",
        severity="ordinary",
        norms=AGREED,
        skill="carpenter",
        route="common_property",
        plan="Осмотреть, опасное сразу снять или оградить; плотник чинит или передаёт подрядчику.",
        questions=(
            "Что сломано и где?",
            "Может ли пораниться ребёнок, закрыт ли выезд?",
        ),
        safety=(
            "Детей на сломанное не пускайте.",
            "Шлагбаум руками не поднимайте, если он под током или бьёт.",
        ),
        frequency=4,
        signs=weights(
            "play 3.2, barrier 3.6, broken 1, smashed 1, yard 0.6, torn 0.3",
            against="snow 1.5, dirty 1, lift 3, leak 2, lamp 2, dark 2, balcony 1, rails 0.5",
        ),
    ),
    Entry(
        code="house.pests",
        place="Дом",
        system="Уборка",
        problem="Крысы, мыши, насекомые",
        severity="ordinary",
        norms=AGREED,
        skill="janitor",
        route="common_property",
        plan="Заказать обработку подвала и подъезда, закрыть лазы; в квартире — по договору с жителем.",
        questions=(
            "Кто и где: подвал, подъезд, квартира?",
            "Есть ли маленькие дети, животные?",
        ),
        safety=(
            "Еду и мусор закрывайте, корма для животных на ночь убирайте.",
            "Приманку и мёртвых грызунов руками не трогайте.",
        ),
        frequency=3,
        signs=weights(
            "pests 4.2, basement 0.4, common_place 0.3, flat 0.2, waste 0.2, chute 0.2, smell 0.1",
            against="leak 1, lift 1, heating 2",
        ),
    ),
    Entry(
        code="house.noise",
        place="Дом",
        system="Конструкции",
        problem="Гудит насос, вентилятор, вибрация",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="common_property",
        plan="Проверить насосы, вентиляторы, крепления труб; послушать в квартире в то же время суток.",
        questions=(
            "Что слышно и откуда?",
            "Днём, ночью, всё время?",
        ),
        safety=(
            "Запишите звук и время на телефон.",
            "Шумят люди — это в полицию 102, мы оборудование проверим.",
        ),
        frequency=2,
        signs=weights(
            "noise 3, pump 3, basement 0.8, vent 0.6, pipe 0.8, wall 0.3, riser 0.4, roof 0.3",
            against="above 2.5, lift 2, heating 1.8, leak 2, door 1.5, none 2, sparks 2, air 2",
        ),
    ),
)
