"""Water: the entries of a plumber."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, DAMAGE, SHUT_FLAT, SOCKETS, SUPPLY, TERMS

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="flat.cold.riser",
        place="Квартира",
        system="ХВС",
        problem="Течь стояка",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада перекрывает стояк ХВС в подвале, ставит хомут или меняет участок. Предупредить стояк.",
        questions=(
            "Течёт до вентиля или после него?",
            "Вода холодная или горячая?",
            "Заливает ли соседей снизу?",
        ),
        safety=(
            "Перекройте вентиль на вводе: если течь после него — остановится.",
            "Подставьте таз, обмотайте место тряпкой, уберите вещи с пола.",
            SOCKETS,
        ),
        needs_access=True,
        frequency=40,
        signs=weights(
            "riser 3, leak 1.5, burst 1, pipe 0.3, water 0.5, cold_water 1, bath 0.3",
            against="hot_water 2.5, heating 3, sewer 3, blockage 3, none 1, weak 1, shut 3, renew 1.5, chill 2",
        ),
    ),
    Entry(
        code="flat.hot.riser",
        place="Квартира",
        system="ГВС",
        problem="Течь стояка",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада перекрывает стояк ГВС, ставит хомут или меняет участок. Предупредить стояк.",
        questions=(
            "Течёт до вентиля или после него?",
            "Идёт ли пар, никто не обжёгся?",
            "Заливает ли соседей снизу?",
        ),
        safety=(
            "Вода очень горячая: близко не подходите, детей уведите из комнаты.",
            "Если вентиль на вводе не в пару и не в струе — перекройте его.",
            SOCKETS,
        ),
        needs_access=True,
        frequency=30,
        signs=weights(
            "riser 3, leak 1.3, burst 0.9, pipe 0.3, water 0.5, hot_water 1.7, bath 0.2",
            against="cold_water 2, heating 3, sewer 3, blockage 3, none 2, weak 2, shut 3, renew 1.5, chill 2, tap 0.5",
        ),
    ),
    Entry(
        code="flat.water.pipe",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Прорвало трубу, подводку, кран",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада перекрывает воду, меняет повреждённый участок или ставит заглушку.",
        questions=(
            "Получилось ли перекрыть воду?",
            "Вода холодная или горячая?",
            "Вода уходит к соседям?",
        ),
        safety=(
            SHUT_FLAT,
            "Если вода горячая, не лезьте под струю.",
            SOCKETS,
        ),
        needs_access=True,
        frequency=40,
        signs=weights(
            "burst 3, pipe 2, tap 1.2, leak 1, water 0.8, cold_water 0.5, hot_water 0.5, flood 0.5, below 1.5, bath 0.3",
            against=(
                "seal 4, riser 1, heating 3, sewer 3, blockage 2, basement 3, none 2, paper 2, panel 1, roof 2, "
                "gas 2, weak 2, yard 1.5, street 2, well 2, main 2, common_place 1, attic 1, gutter 2, cable 3"
            ),
        ),
    ),
    Entry(
        code="flat.flood",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Заливает сверху",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада идёт в квартиру выше; если не открывают — перекрывает стояк. Составить акт о заливе.",
        questions=(
            "Кто живёт над вами, открывают ли они?",
            "Вода чистая, горячая или из канализации?",
            "Течёт по проводке или люстре?",
        ),
        safety=(
            "Подставьте вёдра, уберите вещи и технику из-под воды.",
            "Если течёт по люстре или розеткам — выключите автоматы в щитке и не включайте свет.",
            "Снимите всё на телефон: пригодится для акта.",
        ),
        needs_access=True,
        frequency=60,
        signs=weights(
            "flood 3, above 3, leak 1, water 0.5, hot_water 0.3, bath 0.2, flat 0.4, whole 0.4",
            against=(
                "below 3, noise 4, lift 3, floor 2, basement 3, roof 3, blockage 2, none 0.7, riser 1, heating 1, falling 2, dirty 1, power "
                "2, chill 3, weak 2, smell 1.5, backflow 1.5"
            ),
        ),
    ),
    Entry(
        code="flat.taps",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Неисправен кран, смеситель, бачок",
        severity="ordinary",
        norms=(TERMS, "gosstroy170.2.taps"),
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать время; слесарь меняет прокладку, кран-буксу или арматуру бачка.",
        questions=(
            "Капает или течёт струёй?",
            "Перекрывается ли вода вентилем?",
            "Что за смеситель: кухня, ванная, бачок?",
        ),
        safety=(
            "Перекройте вентиль на эту линию, чтобы вода не текла зря.",
            "Не затягивайте кран силой — может сорвать.",
        ),
        needs_access=True,
        frequency=92,
        signs=weights(
            "tap 2.5, leak 1.5, broken 1, smashed 0.8, bath 0.5, water 0.3, cold_water 0.2, hot_water 0.2, pipe 0.5",
            against=(
                "rust 2, blockage 2, burst 1, none 1, riser 2, heating 2, sewer 1.5, flood 1, lift 3, roof 3, "
                "backflow 3, basement 3, weak 2, above 1, lukewarm 2, gas 2, install 2, paid 3, holds_not 1, shut 2.5, floor 1.5, meter 2, boiler 2, towel 1"
            ),
        ),
    ),
    Entry(
        code="house.cold.supply",
        place="Дом",
        system="ХВС",
        problem="Нет холодной воды, слабый напор",
        severity="urgent",
        norms=SUPPLY,
        skill="plumber",
        route="supply",
        plan="Проверить отключения и спросить водоканал; слесарь проверяет ввод, фильтры и напор.",
        questions=(
            "Нет совсем или слабо идёт?",
            "У соседей по стояку вода есть?",
            "Во всех кранах или в одном?",
        ),
        safety=(
            "Закройте все краны: воду могут дать, когда вас нет дома.",
            "Если пойдёт ржавая — слейте холодную воду, стиральную машину пока не включайте.",
        ),
        services=("water_utility",),
        frequency=36,
        signs=weights(
            "none 2, cold_water 2.5, water 1.5, weak 2, whole 0.5, flat 0.1, tap 0.2",
            against=(
                "hot_water 3, power 3, heating 3, leak 2, flood 3, burst 3, riser 0.3, gas 3, lift 3, "
                "blockage 2, basement 1.5, door 2, lamp 2, chute 3, paper 2, chill 2, lukewarm 1, smell "
                "1, roof 2, backflow 2, rust 2, towel 2, well 2, meter 0.5, link 2"
            ),
        ),
    ),
    Entry(
        code="house.hot.supply",
        place="Дом",
        system="ГВС",
        problem="Нет горячей воды, чуть тёплая",
        severity="urgent",
        norms=SUPPLY,
        skill="plumber",
        route="supply",
        plan="Проверить отключения и спросить теплосеть; слесарь меряет температуру на вводе и в квартире.",
        questions=(
            "Нет совсем или идёт прохладная?",
            "Становится ли теплее, если слить минут десять?",
            "У соседей так же?",
        ),
        safety=(
            "Закройте краны: горячую воду могут дать внезапно.",
            "Когда дадут — сначала проверьте рукой, не подставляйте под неё ребёнка.",
        ),
        services=("heat_supply",),
        frequency=70,
        signs=weights(
            "none 2, hot_water 2.6, water 1, lukewarm 2, weak 0.8, chill 1, whole 0.4, flat 0.1, tap 0.2",
            against=(
                "cold_water 1.5, power 3, heating 2.5, leak 2, flood 3, burst 3, riser 0.3, gas 3, lift "
                "3, blockage 2, basement 2, door 2, lamp 2, chute 3, paper 2, roof 2, dirty 0.5, backflow "
                "2"
            ),
        ),
    ),
    Entry(
        code="basement.water",
        place="Подвал",
        system="ХВС и ГВС",
        problem="Вода в подвале",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада находит источник, перекрывает задвижку, откачивает воду; электрик проверяет щитовую.",
        questions=(
            "Сколько воды, она прибывает?",
            "Чистая, горячая (идёт пар) или из канализации?",
            "Есть ли в подвале щитовая, у кого ключ?",
        ),
        safety=(
            "В воду не заходите: рядом могут быть провода под напряжением.",
            "Если идёт пар или пахнет газом — отойдите и никого не пускайте.",
        ),
        services=("water_utility",),
        frequency=20,
        signs=weights(
            "basement 3.5, water 0.8, leak 1, flood 1.5, burst 1.5, sewer 0.5, pipe 0.8, hot_water "
            "0.3, cold_water 0.3, heating 0.3, backflow 0.5, steam 1",
            against="lamp 3, dark 3, power 2.5, gas 3, door 2.5, smell 0.5, dirty 1.5, sparks 2, none 1, street 1.5, well 1, damp 0.5, pests 3, strangers 3, open 2, pump 1.5",
        ),
    ),
    Entry(
        code="house.water.quality",
        place="Дом",
        system="ХВС и ГВС",
        problem="Вода ржавая, мутная, с запахом",
        severity="urgent",
        norms=SUPPLY,
        skill="plumber",
        route="supply",
        plan="Спросить водоканал и теплосеть о работах; слесарь берёт пробу, промывает ввод и стояк.",
        questions=(
            "Холодная, горячая или обе?",
            "Какая: ржавая, мутная, пахнет?",
            "Становится ли чище, если слить минут пять?",
        ),
        safety=(
            "Не пейте и не готовьте на этой воде, детей в ней не купайте.",
            "Стиральную и посудомоечную машины пока не включайте.",
            "Наберите воды в прозрачную посуду и снимите: пригодится для акта.",
        ),
        services=("water_utility",),
        frequency=6,
        signs=weights(
            "rust 3.4, water 1.2, cold_water 0.3, hot_water 0.3, smell 0.8, dirty 0.8, tap 0.3, whole 0.2",
            against=(
                "none 2, leak 0.5, burst 3, flood 3, basement 2, heating 2, sewer 2.5, gas 3, weak 0.8, riser 1, "
                "snow 2, facade 2, lift 3, lamp 3"
            ),
        ),
    ),
    Entry(
        code="flat.valve",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Не держит вентиль на вводе",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.taps"),
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать время и отключение стояка; слесарь меняет кран на вводе.",
        questions=(
            "Холодная или горячая вода?",
            "Не закрывается или подтекает сам?",
            "Можно ли сейчас чем-то остановить воду?",
        ),
        safety=(
            "Не крутите вентиль силой: сорвёт, и воду будет не остановить.",
            "Побежало сильнее — сразу звоните нам, перекроем стояк.",
        ),
        needs_access=True,
        frequency=5,
        signs=weights(
            "valve 2.4, holds_not 3, tap 0.6, water 0.4, leak 0.4, cold_water 0.3, hot_water 0.3, flat 0.2, pipe 0.2",
            against="burst 2.5, heating 1.5, gas 3, sewer 2, chute 3, door 2, lift 3, meter 1, blockage 1, basement 1.5",
        ),
    ),
    Entry(
        code="flat.meter",
        place="Квартира",
        system="Приборы учёта",
        problem="Счётчик: заменить, опломбировать, проверить",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать время; мастер осматривает счётчик, снимает показания, ставит пломбу, пишет акт.",
        questions=(
            "Какой счётчик: вода, тепло, свет?",
            "Что с ним: не крутится, вышел срок, сорвана пломба?",
            "Нет ли течи у счётчика?",
        ),
        safety=(
            "Приготовьте паспорт счётчика, пломбу сами не снимайте.",
            "Электросчётчик не вскрывайте: его меняет сетевая или сбытовая компания.",
        ),
        needs_access=True,
        frequency=5,
        signs=weights(
            "meter 2.6, seal 3, renew 1.2, broken 1, water 0.2, power 0.4, flat 0.1, ask 0.2",
            against="leak 3, burst 1.5, flood 3, paper 1.5, whole 0.5, deed 2, sparks 3, tripped 2, none 1.5, riser 2",
        ),
    ),
    Entry(
        code="entrance.water",
        place="Подъезд",
        system="ХВС и ГВС",
        problem="Течёт труба в подъезде, на чердаке",
        severity="emergency",
        norms=DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада перекрывает участок, ставит хомут; электрик смотрит щиты под течью.",
        questions=(
            "На каком этаже, откуда течёт?",
            "Вода холодная, горячая или из канализации?",
            "Попадает ли на щиты и проводку?",
        ),
        safety=(
            "Не подходите к мокрым щитам и проводам.",
            "Лифтом не пользуйтесь, если вода рядом с шахтой.",
        ),
        frequency=8,
        signs=weights(
            "common_place 1.6, leak 1.4, burst 1.8, flood 1.6, pipe 1, attic 1.4, water 0.6, heating 0.3, hot_water 0.2, "
            "cold_water 0.2, riser 0.3",
            against=(
                "roof 1.5, rain 3, flat 1.5, basement 2.5, power 2, lamp 3, dark 3, door 3, gas 3, smell 2, dirty 2.5, lift 2, "
                "chute 3, chill 3, none 2, above 0.8, bath 1.5, tap 1.5, window 2, snow 3, gutter 3, weak 3"
            ),
        ),
    ),
    Entry(
        code="house.riser.shutoff",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Отключить стояк для своих работ",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать день и час, предупредить стояк; слесарь отключает, ждёт и пускает воду.",
        questions=(
            "Какой стояк: холодный, горячий, отопление?",
            "Что будут делать и сколько времени?",
            "Кто делает работы, будет ли он на месте?",
        ),
        safety=(
            "Стояк сами не перекрывайте: без воды останется весь подъезд.",
            "Кран меняйте, только когда слесарь скажет, что стояк пуст.",
        ),
        needs_access=True,
        frequency=6,
        signs=weights(
            "shut 3, riser 1.6, renew 1.6, water 0.2, tap 0.3, heating 0.4, cold_water 0.2, hot_water 0.2, ask 0.3",
            against="leak 2.5, burst 3, flood 3, none 1.5, power 3, gas 3, chill 2, smell 3, lift 3",
        ),
    ),
    Entry(
        code="flat.floor.leak",
        place="Квартира",
        system="Конструкции",
        problem="Протекает пол ванной, туалета",
        severity="urgent",
        norms=(TERMS, "gosstroy170.2.floors"),
        skill="plumber",
        route="ordinary_repair",
        plan="Осмотреть обе квартиры, исключить течь труб; восстановить гидроизоляцию пола.",
        questions=(
            "Течёт всегда или когда моются?",
            "Что у соседей снизу: капает, пятно?",
        ),
        safety=(
            "Душем и ванной пока не пользуйтесь.",
            "Соберите воду с пола, предупредите соседей снизу.",
        ),
        needs_access=True,
        frequency=3,
        signs=weights(
            "floor 3.4, leak 1.2, bath 1, flood 0.6, water 0.2",
            against="above 0.5, common_place 2, riser 2, heating 2, basement 3, sewer 1.5, roof 3, lift 3, falling 2, power 2",
        ),
    ),
)
