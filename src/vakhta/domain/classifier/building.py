"""Electricity, gas, lifts, structures, yard and requests."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights

_DAMAGE = ("pp416.13.terms", "pp416.13.containment", "pp416.13.elimination")

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="house.power.none",
        place="Дом",
        system="Электроснабжение",
        problem="Нет света в доме или подъезде",
        severity="emergency",
        norms=(*_DAMAGE, "gosstroy170.2.feeder"),
        skill="electrician",
        route="electricity",
        plan="Спросить электросеть; электрик проверяет ввод и ВРУ. Узнать, не стоит ли лифт с людьми.",
        questions=(
            "Нет у всех или только у вас?",
            "Слышали хлопок, есть запах гари?",
            "Не застрял ли кто в лифте?",
        ),
        safety=(
            "Выключите из розеток плиту, утюг, технику: при включении бывает скачок.",
            "Электрощит не открывайте. Светите фонариком, не свечой.",
        ),
        services=("power_grid",),
        frequency=3,
        signs=weights(
            "power 2.9, none 1.6, whole 1.2, dark 0.5, tripped 0.3",
            against=(
                "flat 0.5, common_place 1, lamp 1.5, lift 1, water 2, gas 3, heating 2, hot_water 2, "
                "cold_water 2, yard 1, basement 0.5, sparks 0.3, paper 2, wiring 0.5, panel 0.3, leak 2"
            ),
        ),
    ),
    Entry(
        code="flat.power.none",
        place="Квартира",
        system="Электроснабжение",
        problem="Нет света в квартире",
        severity="urgent",
        norms=("pp416.13.terms", "gosstroy170.2.riser_protection"),
        skill="electrician",
        route="electricity",
        plan="Электрик проверяет этажный щит и автоматы, ищет повреждение; до прихода автоматы не включать.",
        questions=(
            "У соседей и на площадке свет есть?",
            "Автоматы в щитке включены, выбивает снова?",
            "Нет ли запаха гари или искр?",
        ),
        safety=(
            "Если автомат выбивает снова — больше не включайте.",
            "Щит на площадке не открывайте, технику выньте из розеток.",
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "power 2.5, none 1.8, flat 2, tripped 2.5, panel 1.5, wiring 1.5, broken 0.8, bath 0.8, dark 0.5, weak 0.3",
            against=(
                "whole 1.5, common_place 1.5, lamp 1, water 2, gas 3, heating 2, hot_water 2, cold_water "
                "2, leak 1.5, lift 3, sparks 1, yard 2, door 2, paper 2, basement 2"
            ),
        ),
    ),
    Entry(
        code="house.power.sparks",
        place="Подъезд",
        system="Электроснабжение",
        problem="Искрит щит, проводка, запах гари",
        severity="emergency",
        norms=(*_DAMAGE, "gosstroy170.2.short_circuit"),
        skill="electrician",
        route="electricity",
        plan="Есть огонь или дым — 101. Электрик обесточивает участок, находит и устраняет замыкание.",
        questions=(
            "Есть ли огонь или дым?",
            "Что искрит: щит на площадке, розетка, провод?",
            "Все ли вышли, есть ли пострадавшие?",
        ),
        safety=(
            "Отойдите и ничего не трогайте. Водой не тушите.",
            "Огонь или дым — выходите, закройте дверь, звоните 101.",
            "Если можно безопасно — выключите вводной автомат.",
        ),
        services=("fire", "power_grid"),
        danger="Огонь или дым: всем выйти, звонить 101. Водой не тушить.",
        frequency=2,
        signs=weights(
            "sparks 3, wiring 1.5, panel 1.5, power 0.5, smell 0.8, common_place 0.2, leak 0.2",
            against="lamp 0.5, heating 1, water 1, lift 0.5, gas 1.5, tripped 0.5",
        ),
    ),
    Entry(
        code="entrance.light",
        place="Подъезд",
        system="Электроснабжение",
        problem="Не горит свет в подъезде, у дома",
        severity="ordinary",
        norms=("pp416.13.terms", "gosstroy170.2.lighting"),
        skill="electrician",
        route="common_property",
        plan="Электрик меняет лампы или датчик; темно на лестнице — в тот же день.",
        questions=(
            "На каком этаже, одна лампа или весь подъезд?",
            "В квартирах свет есть?",
        ),
        safety=(
            "Светите телефоном, держитесь за перила.",
            "Сами лампу и патрон не трогайте.",
        ),
        frequency=6,
        signs=weights(
            "lamp 2.6, dark 2.5, common_place 1.8, power 1.3, none 0.8, yard 0.8, basement 1.2, roof 0.3, broken 0.6",
            against=(
                "flat 2, whole 0.5, water 2, heating 2, gas 3, lift 0.5, sparks 2, leak 2.5, smell 2, "
                "hot_water 2, cold_water 2, door 1.5, dirty 2, snow 2, flood 2, window 1.5, chill 2"
            ),
        ),
    ),
    Entry(
        code="house.gas.smell",
        place="Дом",
        system="Газ",
        problem="Запах газа",
        severity="emergency",
        norms=("pp416.13.terms", "pp416.14.services", "gas.smell"),
        skill="gas_service",
        route="gas",
        plan="Сразу позвонить 104. Открыть газовщикам подъезд и подвал; своя бригада газ не чинит.",
        questions=(
            "Где пахнет: квартира, подъезд, подвал?",
            "Никому не плохо?",
            "Вы уже вышли на улицу?",
        ),
        safety=(
            "Ничего не включайте и не выключайте: ни свет, ни звонок. Не зажигайте огонь.",
            "Перекройте кран на газовой трубе, откройте окна, если это по пути.",
            "Выходите все на улицу, по лестнице, и оттуда звоните 104.",
            "Предупредите соседей голосом и стуком, не звонком.",
        ),
        services=("gas_service", "edds"),
        danger="Газ: всем выйти, свет и звонок не трогать, с улицы звонить 104.",
        frequency=1,
        signs=weights(
            "gas 3.5, smell 1.8, leak_gas 2, leak 0.3, flat 0.2, common_place 0.2, basement 0.2",
            # «нет газа» is no smell of gas; with a smell beside it, it is.
            against="sewer 3, sparks 1, dirty 1.5, chute 1.5, paper 2.5, hot_water 1, none 2.6",
        ),
    ),
    Entry(
        code="lift.people",
        place="Лифт",
        system="Лифт",
        problem="Люди застряли в лифте",
        severity="emergency",
        norms=("pp416.13.terms", "lifts.evacuation", "lifts.repair"),
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
        frequency=2,
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
        norms=("pp416.13.terms", "lifts.repair"),
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
        frequency=4,
        signs=weights(
            "lift 3, broken 2, blockage 1, door 0.6, none 0.8, common_place 0.2, tripped 0.3, lamp "
            "0.3, smashed 0.5, dark 0.3",
            against=(
                "stuck 0.8, inside 2, between 2.4, persons 1, dirty 2, leak 2, water 2, heating 3, chill 2, smell 2, bath 2, "
                "chute 3, sewer 3, tap 3, gas 3"
            ),
        ),
    ),
    Entry(
        code="entrance.chute",
        place="Подъезд",
        system="Мусоропровод",
        problem="Засор мусоропровода",
        severity="urgent",
        norms=("pp416.13.terms", "pp416.13.chute"),
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
        frequency=2,
        signs=weights(
            "chute 4, blockage 1.5, dirty 0.3, smell 0.5, broken 0.3, common_place 0.2",
            against="sewer 2, sparks 2, backflow 1",
        ),
    ),
    Entry(
        code="roof.leak",
        place="Кровля",
        system="Конструкции",
        problem="Течёт крыша",
        severity="urgent",
        norms=("pp416.13.terms", "gosstroy170.2.roof"),
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
        frequency=3,
        signs=weights(
            "roof 4, leak 1.5, flood 0.8, above 0.6, rain 3, water 0.2, common_place 0.1",
            against=(
                "falling 3, snow 2.5, door 3, blockage 0.5, smell 2, riser 2, heating 2, facade 2, dirty "
                "2, sewer 2, lamp 2"
            ),
        ),
    ),
    Entry(
        code="entrance.door",
        place="Подъезд",
        system="Конструкции",
        problem="Дверь, домофон, разбитое стекло",
        severity="ordinary",
        norms=("pp416.13.terms", "gosstroy170.2.doors"),
        skill="carpenter",
        route="common_property",
        plan="Плотник чинит дверь, доводчик, стекло; домофон — передать обслуживающей организации.",
        questions=(
            "Дверь не открывается или не закрывается?",
            "Может ли кто-то не выйти или не войти?",
            "Есть ли острые осколки?",
        ),
        safety=(
            "Осколки не трогайте, детей не подпускайте.",
            "Если дверь не выпускает — нажмите кнопку и толкните; не выходит — вызовем спасателей.",
        ),
        frequency=3,
        signs=weights(
            "door 3, window 2.5, smashed 2, broken 1.2, common_place 0.8, basement 0.3, roof 0.4",
            against=(
                "chill 1, lift 4, leak 1.5, heating 3, tap 3, lamp 2, falling 0.5, chute 1, snow 2, water "
                "2, dirty 1.5, facade 1, gas 2, sewer 3, power 1.5"
            ),
        ),
    ),
    Entry(
        code="facade.falling",
        place="Фасад",
        system="Конструкции",
        problem="Падают сосульки, штукатурка, кирпич",
        severity="urgent",
        norms=("pp416.13.terms", "gosstroy170.2.facade", "gosstroy170.2.bricks"),
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
        frequency=1,
        signs=weights(
            "falling 3, facade 2.6, snow 1.2, roof 0.9, smashed 0.3, yard 0.2, above 0.2",
            against=(
                "leak 1.5, water 1, power 2, lift 3, heating 3, hot_water 2, dirty 1, weak 3, gas 3, "
                "smell 2, door 0.5, tripped 2"
            ),
        ),
    ),
    Entry(
        code="yard.cleaning",
        place="Двор",
        system="Придомовая территория",
        problem="Не убрано: снег, наледь, мусор",
        severity="ordinary",
        norms=("pp416.13.terms", "pp416.13.agreed"),
        skill="janitor",
        route="common_property",
        plan="Дворник убирает и посыпает сегодня; контейнеры не вывезены — сообщить вывозящему отходы.",
        questions=(
            "Где именно: крыльцо, тротуар, площадка, подъезд?",
            "Скользко, кто-нибудь упал?",
        ),
        safety=(
            "Идите другой дорогой, держитесь за перила.",
            "Если кто-то упал и ударился — звоните 103.",
        ),
        services=("waste_operator",),
        frequency=3,
        signs=weights(
            "snow 3, dirty 3, yard 1, common_place 0.8, broken 0.1, basement 0.5, lift 1, smell 0.5",
            against=(
                "roof 2.5, falling 1.2, chute 1.5, water 2, heating 2, leak 2, sewer 1, gas 2, weak 1, "
                "facade 1, tap 2, paper 2, flood 2, lamp 1"
            ),
        ),
    ),
)
