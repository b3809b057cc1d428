"""Water, heating and sewerage: the entries of a plumber."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights

_DAMAGE = ("pp416.13.terms", "pp416.13.containment", "pp416.13.elimination")
_SUPPLY = ("pp416.13.terms", "pp354.108.check")

_SOCKETS = "Не трогайте мокрые розетки и приборы; если можете безопасно — выключите автоматы в щитке."
_SHUT_FLAT = (
    "Перекройте вентили на вводе в квартиру: обычно они в туалете, за дверцей, ручку — поперёк трубы."
)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="flat.cold.riser",
        place="Квартира",
        system="ХВС",
        problem="Течь стояка",
        severity="emergency",
        norms=_DAMAGE,
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
            _SOCKETS,
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "riser 3, leak 1.5, burst 1, pipe 0.3, water 0.5, cold_water 1, bath 0.3",
            against="hot_water 2.5, heating 3, sewer 3, blockage 3, none 1, weak 1, chill 2",
        ),
    ),
    Entry(
        code="flat.hot.riser",
        place="Квартира",
        system="ГВС",
        problem="Течь стояка",
        severity="emergency",
        norms=_DAMAGE,
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
            _SOCKETS,
        ),
        needs_access=True,
        frequency=3,
        signs=weights(
            "riser 3, leak 1.3, burst 0.9, pipe 0.3, water 0.5, hot_water 1.7, bath 0.2",
            against="cold_water 2, heating 3, sewer 3, blockage 3, none 2, weak 2, chill 2, tap 0.5",
        ),
    ),
    Entry(
        code="flat.water.pipe",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Прорвало трубу, подводку, кран",
        severity="emergency",
        norms=_DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада перекрывает воду, меняет повреждённый участок или ставит заглушку.",
        questions=(
            "Получилось ли перекрыть воду?",
            "Вода холодная или горячая?",
            "Вода уходит к соседям?",
        ),
        safety=(
            _SHUT_FLAT,
            "Если вода горячая, не лезьте под струю.",
            _SOCKETS,
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "burst 3, pipe 2, tap 1.2, leak 1, water 0.8, cold_water 0.5, hot_water 0.5, flood 0.5, bath 0.3",
            against=(
                "riser 1, heating 3, sewer 3, blockage 2, basement 3, none 2, paper 2, panel 1, roof 2, "
                "gas 2, weak 2, yard 1.5"
            ),
        ),
    ),
    Entry(
        code="flat.flood",
        place="Квартира",
        system="ХВС и ГВС",
        problem="Заливает сверху",
        severity="emergency",
        norms=_DAMAGE,
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
        frequency=6,
        signs=weights(
            "flood 3, above 3, leak 1, water 0.5, hot_water 0.3, bath 0.2, flat 0.4, whole 0.4",
            against=(
                "basement 3, roof 3, blockage 2, none 0.7, riser 1, heating 1, falling 2, dirty 1, power "
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
        norms=("pp416.13.terms", "gosstroy170.2.taps"),
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
        frequency=10,
        signs=weights(
            "tap 2.5, leak 1.5, broken 1, smashed 0.8, bath 0.5, water 0.3, cold_water 0.2, hot_water 0.2, pipe 0.5",
            against=(
                "blockage 2, burst 1, none 1, riser 2, heating 2, sewer 1.5, flood 1, lift 3, roof 3, "
                "backflow 3, basement 3, weak 2, above 1, lukewarm 2, gas 2"
            ),
        ),
    ),
    Entry(
        code="house.cold.supply",
        place="Дом",
        system="ХВС",
        problem="Нет холодной воды, слабый напор",
        severity="urgent",
        norms=_SUPPLY,
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
        frequency=4,
        signs=weights(
            "none 2, cold_water 2.5, water 1.5, weak 2, dirty 1.2, whole 0.5, flat 0.1, tap 0.2",
            against=(
                "hot_water 3, power 3, heating 3, leak 2, flood 3, burst 3, riser 0.3, gas 3, lift 3, "
                "blockage 2, basement 1.5, door 2, lamp 2, chute 3, paper 2, chill 2, lukewarm 1, smell "
                "1, roof 2, backflow 2"
            ),
        ),
    ),
    Entry(
        code="house.hot.supply",
        place="Дом",
        system="ГВС",
        problem="Нет горячей воды, чуть тёплая",
        severity="urgent",
        norms=_SUPPLY,
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
        frequency=7,
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
        code="flat.heating.leak",
        place="Квартира",
        system="Отопление",
        problem="Течёт батарея, труба отопления",
        severity="emergency",
        norms=_DAMAGE,
        skill="plumber",
        route="emergency_water",
        plan="Бригада перекрывает и сбрасывает стояк отопления, ставит хомут или меняет участок.",
        questions=(
            "Капает или бьёт струя?",
            "Есть ли краны на батарее, закрываются ли?",
            "Заливает ли соседей снизу?",
        ),
        safety=(
            "Вода горячая: накройте место толстой тряпкой, чтобы не брызгало, и отойдите.",
            "Если на батарее есть краны и они сухие — закройте оба, нижний и верхний.",
            _SOCKETS,
        ),
        needs_access=True,
        frequency=4,
        signs=weights(
            "heating 2.5, leak 1.4, burst 1.6, pipe 0.5, riser 0.8, water 0.2, hot_water 0.2, flood 0.6, smashed 0.5",
            against=(
                "none 2.5, chill 2.5, lukewarm 2.5, cold_water 2, whole 0.3, basement 1, roof 2, weak 2, ask 1"
            ),
        ),
    ),
    Entry(
        code="house.heating.cold",
        place="Квартира",
        system="Отопление",
        problem="Холодные батареи, нет отопления",
        severity="urgent",
        norms=_SUPPLY,
        skill="plumber",
        route="supply",
        plan="Спросить теплосеть; слесарь меряет температуру в квартире, сбрасывает воздух, проверяет стояк.",
        questions=(
            "Холодные все батареи или одна?",
            "Сколько градусов в комнате?",
            "Есть ли маленькие дети или больные?",
        ),
        safety=(
            "Закройте окна, проверьте, открыты ли краны на батареях.",
            "Газовую плиту и духовку для обогрева не включайте: можно угореть.",
            "Обогреватель — только исправный, в отдельную розетку, без присмотра не оставляйте.",
        ),
        services=("heat_supply",),
        needs_access=True,
        frequency=12,
        signs=weights(
            "heating 3, chill 2.5, none 1.5, lukewarm 1.5, cold_water 1, weak 0.8, flat 0.3, whole "
            "0.3, riser 0.3, broken 0.5, pipe 0.2",
            against=(
                "leak 2.5, burst 3, flood 2, hot_water 1.5, water 1.2, power 3, gas 3, lift 3, paper 2.5, "
                "sewer 3, door 1.5, tap 1"
            ),
        ),
    ),
    Entry(
        code="flat.sewer.blockage",
        place="Квартира",
        system="Водоотведение",
        problem="Засор канализации",
        severity="emergency",
        norms=("pp416.13.terms", "pp416.13.blockage"),
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
        frequency=8,
        signs=weights(
            "blockage 3, sewer 2, backflow 2.5, tap 0.8, bath 0.5, water 0.3, pipe 0.3, riser 0.3, "
            "flood 0.3, smell 0.2",
            against="chute 4, lift 4, roof 3, gas 3, door 2, power 2, heating 2, yard 0.3, snow 3, dirty 1",
        ),
    ),
    Entry(
        code="flat.sewer.riser",
        place="Квартира",
        system="Водоотведение",
        problem="Течь канализационной трубы",
        severity="emergency",
        norms=_DAMAGE,
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
        frequency=2,
        signs=weights(
            "sewer 2.5, leak 1.5, riser 1.5, burst 1.5, smell 0.8, pipe 0.5, bath 0.1",
            against=(
                "blockage 2, backflow 2.5, basement 2, heating 3, gas 3, hot_water 2, cold_water 2, none "
                "2, tap 1, roof 3, yard 1"
            ),
        ),
    ),
    Entry(
        code="basement.water",
        place="Подвал",
        system="ХВС и ГВС",
        problem="Вода в подвале",
        severity="emergency",
        norms=_DAMAGE,
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
        frequency=2,
        signs=weights(
            "basement 3.5, water 0.8, leak 1, flood 1.5, burst 1.5, sewer 0.5, pipe 0.8, hot_water "
            "0.3, cold_water 0.3, heating 0.3, backflow 0.5",
            against="lamp 3, dark 3, power 2.5, gas 3, door 2.5, smell 0.5, dirty 1.5, sparks 2, none 1",
        ),
    ),
)
