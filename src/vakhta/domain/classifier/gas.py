"""Gas, fire and air: what may kill without being seen."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, OF_OTHERS

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="house.gas.smell",
        place="Дом",
        system="Газ",
        problem="Запах газа",
        severity="emergency",
        norms=(*OF_OTHERS, "gas.smell"),
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
        frequency=10,
        signs=weights(
            "gas 3.5, smell 1.8, leak_gas 2, leak 0.3, flat 0.2, common_place 0.2, basement 0.2",
            # «нет газа» is no smell of gas; with a smell beside it, it is.
            against="sewer 3, sparks 1, dirty 1.5, chute 1.5, paper 2.5, hot_water 1, none 2.6, boiler 0.8, stove 0.8, broken 1.2",
        ),
    ),
    Entry(
        code="house.gas.none",
        place="Дом",
        system="Газ",
        problem="Нет газа, слабый огонь",
        severity="urgent",
        norms=(*OF_OTHERS, "pp354.108.check"),
        skill="gas_service",
        route="supplier",
        plan="Сообщить газовой службе, узнать срок; повесить объявление. Своя бригада газ не чинит.",
        questions=(
            "Нет совсем или огонь слабый?",
            "У соседей так же?",
            "Газом не пахнет?",
        ),
        safety=(
            "Закройте все краны плиты и колонки: газ дадут без предупреждения.",
            "Запахнет газом — ничего не включайте, выходите и звоните 104.",
        ),
        services=("gas_service",),
        frequency=2,
        signs=weights(
            "gas 1.6, none 2, weak 2, stove 0.4, whole 0.3",
            against="smell 4, leak_gas 4, sparks 2, power 3, water 3, heating 2, lift 3, hot_water 1.5, cold_water 2, leak 2, bath 1.5",
        ),
    ),
    Entry(
        code="flat.gas.appliance",
        place="Квартира",
        system="Газ",
        problem="Не работает газовая плита, колонка, котёл",
        severity="urgent",
        norms=AGREED,
        skill="gas_service",
        route="supplier",
        plan="Передать газовой службе, с которой договор на обслуживание; назвать её телефон.",
        questions=(
            "Плита, колонка или котёл, что с ней?",
            "Газом не пахнет?",
            "Есть ли тяга, не тянет ли дым в комнату?",
        ),
        safety=(
            "Закройте кран на газовой трубе перед прибором.",
            "Пахнет газом или голова кружится — выходите на улицу и звоните 104.",
        ),
        services=("gas_service",),
        needs_access=True,
        frequency=3,
        signs=weights(
            "boiler 3, stove 1.6, gas 1.8, broken 1.6, lukewarm 0.2, smashed 0.6",
            against="smell 4, leak_gas 4, none 0.4, draught 2.5, sparks 2, estove 3, lift 4, door 3, heating 0.8, water 1, leak 2",
        ),
    ),
    Entry(
        code="flat.draught",
        place="Квартира",
        system="Дымоходы и вентиляция",
        problem="Нет тяги, обратная тяга",
        severity="emergency",
        norms=(*OF_OTHERS, "gosstroy170.2.flues"),
        skill="gas_service",
        route="supplier",
        plan="Прибором не пользоваться, проветрить. Специалист проверяет канал; плохо людям — 103 и 112.",
        questions=(
            "Никому не плохо, голова не кружится?",
            "Что стоит: колонка, котёл, печь? Погашены?",
            "Окна открыты, вытяжка на кухне выключена?",
        ),
        safety=(
            "Погасите колонку или котёл, откройте окна, выйдите из комнаты.",
            "Кому-то плохо — все на улицу, звоните 103 и 112: это может быть угарный газ.",
        ),
        services=("gas_service", "edds"),
        danger="Угарный газ не пахнет: погасить, открыть окна, выйти. Плохо — 103 и 112.",
        needs_access=True,
        frequency=2,
        signs=weights(
            "draught 3.6, fumes 4, boiler 1, gas 0.4, backflow 0.4, smell 0.3, vent 0.5, none 0.3, sparks 0.4",
            against="sewer 3, water 2, lift 3, chute 3, yard 2, door 1.5, window 0.8",
        ),
    ),
    Entry(
        code="flat.vent",
        place="Квартира",
        system="Дымоходы и вентиляция",
        problem="Не работает вытяжка, запах от соседей",
        severity="ordinary",
        norms=AGREED,
        skill="carpenter",
        route="ordinary_repair",
        plan="Согласовать время; проверить тягу на решётке и на крыше, прочистить канал, записать замер.",
        questions=(
            "Кухня, ванная, туалет?",
            "Тянет обратно или не тянет вовсе?",
            "Есть ли в квартире газ: плита, колонка?",
        ),
        safety=(
            "Приоткройте окно: без притока вытяжка не тянет.",
            "Есть газовая колонка и нет тяги — погасите её и скажите нам сразу.",
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "vent 3.2, smell 1, broken 0.8, blockage 0.6, above 0.2, smoke 0.6, bath 0.2",
            against="gas 2.5, sewer 1.5, lift 3, sparks 2, leak 1.5, fumes 3, draught 0.8, chute 2, basement 1",
        ),
    ),
    Entry(
        code="house.fire",
        place="Дом",
        system="Пожар",
        problem="Пожар, задымление",
        severity="emergency",
        norms=OF_OTHERS,
        skill="electrician",
        route="rescue",
        plan="Сразу 101. Электрик отключает дом по слову пожарных; открыть въезд, чердак, подвал.",
        questions=(
            "Что горит и на каком этаже?",
            "Все ли вышли, кто остался?",
            "Можно ли пройти по лестнице?",
        ),
        safety=(
            "Звоните 101 и выходите по лестнице, лифтом не пользуйтесь.",
            "Дым на лестнице — закройтесь в квартире, мокрой тканью закройте щели, машите из окна.",
            "Пригнитесь: внизу меньше дыма.",
        ),
        services=("fire", "edds", "power_grid"),
        danger="Пожар: 101 прямо сейчас, всем выйти по лестнице.",
        frequency=2,
        signs=weights(
            "fire 4.2, smoke 2.2, smell 0.3, common_place 0.3, flat 0.2, balcony 0.4, basement 0.3, roof 0.2",
            against="panel 2.5, wiring 2.5, lamp 3, gas 1.5, dark 3, power 1.5, chute 2, vent 1.5, none 1, heating 1.5",
        ),
    ),
)
