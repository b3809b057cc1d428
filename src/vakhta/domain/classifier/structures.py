"""Structures: roof, walls, doors, windows, stairs."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, TERMS, TO_HOSPITAL

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="roof.leak",
        place="Кровля",
        system="Конструкции",
        problem="Течёт крыша",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.roof"),
        skill="roofer",
        route="common_property",
        plan="Осмотреть чердак и кровлю, закрыть место временно, отвести воду; назначить ремонт.",
        questions=(
            "Верхний ли это этаж, откуда именно капает?",
            "Течёт сейчас или после дождя, таяния?",
            "Есть ли вода у проводки?",
        ),
        safety=(
            "Подставьте ёмкость, отодвиньте вещи, снимите на телефон.",
            "На чердак и крышу сами не поднимайтесь.",
            "Если мокнет проводка — выключите автоматы в щитке.",
        ),
        needs_access=True,
        frequency=30,
        signs=weights(
            "roof 4, leak 1.5, flood 0.8, above 0.6, rain 3, water 0.2, common_place 0.1, attic 2",
            against=(
                "falling 3, snow 1.5, door 3, blockage 0.5, smell 2, riser 2, heating 2, facade 2, dirty "
                "2, sewer 2, lamp 2, gutter 2, strangers 3, pests 3, repairs 2, seam 2, pipe 1.5"
            ),
        ),
    ),
    Entry(
        code="entrance.door",
        place="Подъезд",
        system="Конструкции",
        problem="Дверь, доводчик, замок",
        severity="ordinary",
        norms=(TERMS, "gosstroy170.2.doors"),
        skill="carpenter",
        route="common_property",
        plan="Плотник чинит дверь, доводчик, замок; не выпускает — открыть сразу.",
        questions=(
            "Дверь не открывается или не закрывается?",
            "Может ли кто-то не выйти или не войти?",
        ),
        safety=(
            "Не держите дверь руками и не подпирайте: доводчик бьёт.",
            "Если дверь не выпускает — нажмите кнопку и толкните; не выходит — вызовем спасателей.",
        ),
        frequency=16,
        signs=weights(
            "door 3, smashed 1.6, broken 1.2, common_place 0.8, basement 0.3, roof 0.4, torn 0.4",
            against=(
                "chill 1, lift 4, leak 1.5, heating 3, tap 3, lamp 2, falling 0.5, chute 1, snow 2, water "
                "2, dirty 1.5, facade 1, gas 2, sewer 3, power 1.5, intercom 2, window 2, barrier 2, strangers 1, panel 2, balcony 2, hatch 2"
            ),
        ),
    ),
    Entry(
        code="facade.falling",
        place="Фасад",
        system="Конструкции",
        problem="Падают сосульки, штукатурка, кирпич",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.facade", "gosstroy170.2.bricks"),
        skill="roofer",
        route="common_property",
        plan="Сразу оградить место, закрыть проход; сбить лёд или снять отслоившееся, осмотреть весь фасад.",
        questions=(
            "Что падает и откуда: крыша, балкон, стена?",
            "Никто не пострадал, машины целы?",
            "Ходят ли там люди, есть ли вход рядом?",
        ),
        safety=(
            "Не подходите к стене, обойдите другой стороной.",
            "Предупредите соседей, уведите детей; машину не убирайте, пока падает.",
        ),
        danger="Есть пострадавшие — скорая 103 и спасатели 112.",
        frequency=10,
        signs=weights(
            "falling 3, icicle 3, plaster 1, facade 2.6, snow 1.2, roof 0.9, smashed 0.3, yard 0.2, above 0.2",
            against=(
                "leak 1.5, water 1, power 2, lift 3, heating 3, hot_water 2, dirty 1, weak 3, gas 3, "
                "smell 2, door 0.5, tripped 2, tree 2, common_place 0.6, crack 0.6, cable 2, balcony 2.7"
            ),
        ),
    ),
    Entry(
        code="entrance.intercom",
        place="Подъезд",
        system="Конструкции",
        problem="Не работает домофон",
        severity="ordinary",
        norms=AGREED,
        skill="carpenter",
        route="common_property",
        plan="Передать обслуживающей организации; дверь на это время оставить открытой или на доводчике.",
        questions=(
            "Не звонит трубка или не открывает дверь?",
            "У всех или только у вас?",
            "Можно ли выйти изнутри?",
        ),
        safety=(
            "Дверь не выпускает — нажмите кнопку и толкните; не выходит — вызовем спасателей.",
            "Незнакомых в подъезд не впускайте.",
        ),
        frequency=12,
        signs=weights(
            "intercom 3.6, broken 1.2, door 0.5, common_place 0.3, smashed 0.5, none 0.3, link 0.3",
            against="lift 4, leak 3, water 3, heating 3, gas 3, paper 1, ask 0.5, key 0.8",
        ),
    ),
    Entry(
        code="entrance.window",
        place="Подъезд",
        system="Конструкции",
        problem="Разбито стекло, не закрывается окно",
        severity="ordinary",
        norms=(TERMS, "gosstroy170.2.glass.winter", "gosstroy170.2.glass.summer"),
        skill="carpenter",
        route="common_property",
        plan="Убрать осколки, закрыть проём; плотник ставит стекло или чинит створку.",
        questions=(
            "Где: этаж, лестница, дверь?",
            "Есть ли острые осколки, ходят ли дети?",
        ),
        safety=(
            "Осколки не трогайте, детей не подпускайте.",
            "Шатается створка — не закрывайте, отойдите: может выпасть.",
        ),
        frequency=6,
        signs=weights(
            "window 3.4, smashed 2, broken 0.8, common_place 1, basement 0.3, roof 0.3, door 0.3, attic 0.3",
            against="hot_room 3, lift 4, leak 2, water 2, heating 2, gas 3, lamp 2, snow 2, flat 0.5, facade 0.5, chill 0.6, intercom 2",
        ),
    ),
    Entry(
        code="roof.gutter",
        place="Кровля",
        system="Конструкции",
        problem="Водосточная труба, жёлоб",
        severity="ordinary",
        norms=(TERMS, "gosstroy170.2.gutters"),
        skill="roofer",
        route="common_property",
        plan="Осмотреть трубу и жёлоб, снять то, что может упасть; прочистить или заменить звено.",
        questions=(
            "Труба оторвалась, забита или течёт по стене?",
            "Может ли она упасть на людей?",
        ),
        safety=("Не стойте под трубой, уведите детей.", "Лёд из трубы сами не выбивайте."),
        frequency=4,
        signs=weights(
            "gutter 4, torn 1, smashed 1, blockage 0.8, hanging 0.8, leak 0.3, rain 0.6, roof 0.3, pipe 0.5, facade 0.3",
            against="sewer 1, heating 3, riser 3, bath 3, tap 3, above 1.5, lift 3, cable 2, flat 1",
        ),
    ),
    Entry(
        code="facade.seams",
        place="Фасад",
        system="Конструкции",
        problem="Промерзает стена, протекает шов",
        severity="ordinary",
        norms=AGREED,
        skill="roofer",
        route="common_property",
        plan="Осмотреть стену изнутри и снаружи, записать замер; назначить заделку шва.",
        questions=(
            "Угол, стена или вокруг окна?",
            "Мокро, плесень, иней?",
            "После дождя или в мороз?",
        ),
        safety=(
            "Отодвиньте мебель и проводку от мокрой стены.",
            "Снимите на телефон с числом: пригодится для акта.",
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "seam 3.6, freeze 3, wall 1.6, damp 1.6, chill 0.4, leak 0.5, rain 0.8, facade 0.5, flat 0.2",
            against="heating 2.5, pipe 2.5, riser 2.5, roof 2, above 2, basement 2, common_place 1, sewer 2.5, lift 3, falling 1, flood 1",
        ),
    ),
    Entry(
        code="entrance.plaster",
        place="Подъезд",
        system="Конструкции",
        problem="Трещины, отслоилась штукатурка внутри",
        severity="ordinary",
        norms=(TERMS, "gosstroy170.2.plaster"),
        skill="roofer",
        route="common_property",
        plan="Сразу снять то, что может упасть, оградить; осмотреть потолок и стены, назначить ремонт.",
        questions=(
            "Потолок или стена, на каком этаже?",
            "Сухо там или мокро?",
            "Трещина растёт?",
        ),
        safety=(
            "Не стойте под этим местом, уведите детей.",
            "Потолок прогнулся — выйдите и звоните нам сразу.",
        ),
        frequency=3,
        signs=weights(
            "crack 3.2, plaster 2.2, falling 1.4, common_place 1.8, above 0.8, wall 1, flat 0.3",
            against="facade 0.6, street 2, snow 3, roof 1.5, leak 1.2, balcony 2, heating 3, lift 2, pipe 2, flood 2, icicle 4, window 2.5",
        ),
    ),
    Entry(
        code="entrance.rails",
        place="Подъезд",
        system="Конструкции",
        problem="Перила, ступени, почтовые ящики",
        severity="ordinary",
        norms=AGREED,
        skill="carpenter",
        route="common_property",
        plan="Плотник осматривает и крепит; опасное сразу оградить. Пандус и перила — в первую очередь.",
        questions=(
            "Что сломано, на каком этаже?",
            "Можно ли безопасно пройти?",
        ),
        safety=("Держитесь другой стороны, детей ведите за руку.", TO_HOSPITAL),
        frequency=4,
        signs=weights(
            "rails 3.6, broken 1, smashed 1.2, common_place 0.8, torn 0.5",
            against="leak 2, lift 3, snow 1.5, roof 2, facade 1, play 1, dirty 1, heating 3",
        ),
    ),
    Entry(
        code="facade.balcony",
        place="Фасад",
        system="Конструкции",
        problem="Разрушается балкон",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.facade"),
        skill="roofer",
        route="common_property",
        plan="Сразу оградить под балконом; на балкон не выходить. Осмотр, подпорки, снять опасное.",
        questions=(
            "Чей балкон, на каком этаже?",
            "Что падает, есть ли трещины у плиты?",
            "Ходят ли внизу люди?",
        ),
        safety=(
            "На балкон не выходите и тяжёлого на нём не держите.",
            "Под балконом не стойте, предупредите соседей.",
        ),
        danger="Есть пострадавшие — скорая 103 и спасатели 112.",
        frequency=3,
        signs=weights(
            "balcony 3.2, crack 1.6, smashed 1, falling 1, broken 0.6, plaster 0.6, stove 0.1",
            against="leak 1.5, snow 1.2, icicle 2.5, window 1, gas 3, heating 2, lift 3, fire 2, smell 2, flood 1.5, rain 1",
        ),
    ),
    Entry(
        code="basement.open",
        place="Подвал",
        system="Конструкции",
        problem="Открыт подвал, чердак; посторонние",
        severity="urgent",
        norms=AGREED,
        skill="carpenter",
        route="common_property",
        plan="Закрыть и опломбировать; есть посторонние — сообщить в полицию 102, самим не входить.",
        questions=(
            "Подвал или чердак, какой подъезд?",
            "Есть ли там люди?",
            "Сломан замок или просто открыто?",
        ),
        safety=(
            "Сами не заходите и никого не выгоняйте.",
            "Ведут себя угрожающе — звоните 102 и закройтесь в квартире.",
        ),
        frequency=2,
        signs=weights(
            "strangers 3.4, open 1.8, basement 1.6, attic 1.6, roof 0.8, door 0.6, smashed 0.3",
            against="leak 3, water 3, flood 3, smell 2, lamp 2, lift 3, pests 3, hatch 2.5, panel 2.5, rain 3, burst 3, window 1.5",
        ),
    ),
)
