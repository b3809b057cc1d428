"""Electricity."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import DAMAGE, OF_OTHERS, SUPPLY, TERMS

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="house.power.none",
        place="Дом",
        system="Электроснабжение",
        problem="Нет света в доме или подъезде",
        severity="emergency",
        norms=(*DAMAGE, "gosstroy170.2.feeder"),
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
        frequency=30,
        signs=weights(
            "power 2.9, voltage 1.5, none 1.6, whole 1.2, dark 0.5, tripped 0.3",
            against=(
                "flat 0.5, common_place 1, lamp 1.5, lift 1, water 2, gas 3, heating 2, hot_water 2, "
                "cold_water 2, yard 1, basement 0.5, sparks 0.3, flicker 2.5, paper 2, wiring 0.5, panel 0.3, leak 2"
            ),
        ),
    ),
    Entry(
        code="flat.power.none",
        place="Квартира",
        system="Электроснабжение",
        problem="Нет света в квартире",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.riser_protection"),
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
        frequency=36,
        signs=weights(
            "power 2.5, none 1.8, flat 2, tripped 2.5, panel 1.5, wiring 1.5, broken 0.8, bath 0.8, dark 0.5, weak 0.3",
            against=(
                "whole 1.5, common_place 1.5, lamp 1, water 2, gas 3, heating 2, hot_water 2, cold_water "
                "2, leak 1.5, lift 3, sparks 1, yard 2, door 2, paper 2, basement 2, estove 1.5, stove 1.5, flicker 2, voltage 1, meter 1"
            ),
        ),
    ),
    Entry(
        code="house.power.sparks",
        place="Подъезд",
        system="Электроснабжение",
        problem="Искрит щит, проводка, запах гари",
        severity="emergency",
        norms=(*DAMAGE, "gosstroy170.2.short_circuit"),
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
        frequency=20,
        signs=weights(
            "sparks 3, smoke 1.4, fire 1.6, wiring 1.5, panel 1.5, power 0.5, smell 0.8, common_place 0.2, leak 0.2",
            against="lamp 0.5, heating 1, water 1, lift 0.5, gas 1.5, tripped 0.5, estove 0.5, fumes 2",
        ),
    ),
    Entry(
        code="entrance.light",
        place="Подъезд",
        system="Электроснабжение",
        problem="Не горит свет в подъезде, у дома",
        severity="ordinary",
        norms=(TERMS, "gosstroy170.2.lighting"),
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
        frequency=55,
        signs=weights(
            "lamp 2.6, dark 2.5, common_place 1.8, power 1.3, none 0.8, yard 0.8, basement 1.2, roof 0.3, broken 0.6",
            against=(
                "flat 2, whole 0.5, water 2, heating 2, gas 3, lift 0.5, sparks 2, leak 2.5, smell 2, "
                "link 1.5, flicker 0.8, hot_water 2, cold_water 2, door 1.5, dirty 2, snow 2, flood 2, window 1.5, chill 2"
            ),
        ),
    ),
    Entry(
        code="house.power.voltage",
        place="Дом",
        system="Электроснабжение",
        problem="Мигает свет, скачет напряжение",
        severity="urgent",
        norms=SUPPLY,
        skill="electrician",
        route="electricity",
        plan="Спросить электросеть; электрик меряет напряжение на вводе, проверяет ноль и контакты.",
        questions=(
            "Мигает во всей квартире или одна люстра?",
            "У соседей так же?",
            "Нет ли запаха гари, не греется ли щит?",
        ),
        safety=(
            "Выньте из розеток технику: перепад может её сжечь.",
            "Лампы светят вдвое ярче обычного — выключите вводной автомат.",
        ),
        services=("power_grid",),
        needs_access=True,
        frequency=4,
        signs=weights(
            "flicker 3.4, voltage 3, power 1, lamp 0.4, weak 0.6, whole 0.2, flat 0.2",
            against="none 1.5, water 3, lift 2, heating 3, sparks 0.8, gas 3, common_place 0.3, tripped 1",
        ),
    ),
    Entry(
        code="flat.power.stove",
        place="Квартира",
        system="Электроснабжение",
        problem="Не работает электроплита",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.stove.whole", "gosstroy170.2.stove.part"),
        skill="electrician",
        route="ordinary_repair",
        plan="Согласовать время; электрик проверяет розетку плиты, автомат, конфорки и духовку.",
        questions=(
            "Вся плита или одна конфорка?",
            "Автомат плиты включён?",
            "Плита из дома или своя?",
        ),
        safety=(
            "Выключите автомат плиты, заднюю крышку не снимайте.",
            "Пахнет палёным — не включайте вовсе.",
        ),
        needs_access=True,
        frequency=3,
        signs=weights(
            "stove 2.4, estove 3.4, broken 1.4, chill 0.6, power 0.6, none 0.4, flat 0.1",
            against="gas 3, smell 1.5, leak 2, falling 2.5, facade 2.5, water 2, lift 3, sparks 1.5",
        ),
    ),
    Entry(
        code="house.power.wire",
        place="Двор",
        system="Электроснабжение",
        problem="Оборван, висит провод",
        severity="emergency",
        norms=(*OF_OTHERS, "gosstroy170.2.short_circuit"),
        skill="electrician",
        route="electricity",
        plan="Сразу сообщить электросети; оградить на восемь метров, никого не пускать до отключения.",
        questions=(
            "Провод лежит на земле или висит?",
            "Где именно, ходят ли там люди?",
            "Никого не ударило?",
        ),
        safety=(
            "Ближе восьми метров не подходите, не трогайте ни провод, ни того, кто под ним.",
            "Если вы рядом — уходите мелкими шагами, не отрывая ступней от земли.",
        ),
        services=("power_grid", "edds"),
        danger="Провод под напряжением: ближе восьми метров никому. Пострадавший — 112.",
        frequency=2,
        signs=weights(
            "cable 2.4, torn 3, wiring 1.2, hanging 1.4, street 1, yard 1, falling 0.6, roof 0.3, sparks 0.4",
            against="open 2, panel 2.5, flat 2, gas 3, water 2, leak 3, lift 2, door 2.5, snow 2, facade 1, smell 2, none 1, tripped 2, balcony 2",
        ),
    ),
    Entry(
        code="house.power.panel",
        place="Подъезд",
        system="Электроснабжение",
        problem="Открыт, сломан электрощит",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.switchgear"),
        skill="electrician",
        route="electricity",
        plan="Электрик закрывает щит, чинит дверцу и замок, проверяет, нет ли самовольных подключений.",
        questions=(
            "На каком этаже, видны ли провода?",
            "Не искрит, не пахнет гарью?",
            "Достают ли до него дети?",
        ),
        safety=("Не трогайте щит и провода, уведите детей.", "Заискрит — отойдите и звоните 101."),
        frequency=2,
        signs=weights(
            "panel 2.2, open 2.2, broken 0.8, smashed 1.2, common_place 0.5, power 0.3",
            against="sparks 2.5, tripped 2.5, none 2, water 3, meter 1, roof 2, basement 1, lift 3, hatch 3, flat 1.5, dark 1",
        ),
    ),
)
