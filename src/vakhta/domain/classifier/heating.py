"""Heating: the entries of a plumber."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, DAMAGE, SOCKETS, SUPPLY

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="flat.heating.leak",
        place="Квартира",
        system="Отопление",
        problem="Течёт батарея, труба отопления",
        severity="emergency",
        norms=DAMAGE,
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
            SOCKETS,
        ),
        needs_access=True,
        frequency=40,
        signs=weights(
            "heating 2.5, leak 1.4, burst 1.6, pipe 0.5, riser 0.8, water 0.2, hot_water 0.2, flood 0.6, smashed 0.5",
            against=(
                "towel 0.2, shut 2, air 2, none 2.5, chill 2.5, lukewarm 2.5, cold_water 2, whole 0.3, basement 1, roof 2, weak 2, ask 1"
            ),
        ),
    ),
    Entry(
        code="house.heating.cold",
        place="Квартира",
        system="Отопление",
        problem="Холодные батареи, нет отопления",
        severity="urgent",
        norms=SUPPLY,
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
        frequency=112,
        signs=weights(
            "heating 3, chill 2.5, none 1.5, lukewarm 1.5, cold_water 1, weak 0.8, flat 0.3, whole "
            "0.3, riser 0.3, broken 0.5, pipe 0.2",
            against=(
                "leak 2.5, burst 3, flood 2, hot_water 1.5, water 1.2, power 3, gas 3, lift 3, paper 2.5, "
                "sewer 3, door 1.5, tap 1, noise 1.5, air 2.5, common_place 1.6, towel 3.5, stove 3, estove 3, install 2, shut 2.5, hot_room 3, seam 1, freeze 1"
            ),
        ),
    ),
    Entry(
        code="flat.heating.air",
        place="Квартира",
        system="Отопление",
        problem="Батареи шумят, завоздушены",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать время; слесарь сбрасывает воздух, проверяет стояк и верхний этаж.",
        questions=(
            "Шумит, булькает, щёлкает?",
            "Греет ли при этом батарея?",
            "Какой этаж, шумит одна или все?",
        ),
        safety=(
            "Кран для воздуха сами не открывайте: вода горячая, и закрыть будет трудно.",
            "Потекло — сразу звоните нам.",
        ),
        needs_access=True,
        frequency=5,
        signs=weights(
            "heating 1.8, noise 2.6, air 3.2, pipe 0.3, riser 0.2",
            against="leak 2.5, burst 3, chill 1, none 2, lift 3, basement 1.5, towel 0.3, above 3, below 3",
        ),
    ),
    Entry(
        code="flat.heating.hot",
        place="Квартира",
        system="Отопление",
        problem="Слишком жарко, перетоп",
        severity="ordinary",
        norms=SUPPLY,
        skill="plumber",
        route="supply",
        plan="Слесарь меряет температуру в квартире и на вводе, записывает замер, регулирует узел.",
        questions=(
            "Сколько градусов в комнате?",
            "Во всех комнатах так?",
            "Есть ли на батарее кран?",
        ),
        safety=(
            "Проветрите; краны на батарее крутите, только если под ней есть перемычка.",
            "Маленьким детям и больным — пить и перейти туда, где прохладнее.",
        ),
        services=("heat_supply",),
        needs_access=True,
        frequency=3,
        signs=weights(
            "hot_room 3.6, heating 1.2, flat 0.2, lukewarm 0.2",
            against="leak 2.5, none 2, chill 1, sparks 3, water 1.5, gas 3, lift 2, burst 3",
        ),
    ),
    Entry(
        code="flat.towel.cold",
        place="Квартира",
        system="ГВС",
        problem="Полотенцесушитель холодный",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="ordinary_repair",
        plan="Согласовать время; слесарь сбрасывает воздух, проверяет циркуляцию стояка.",
        questions=(
            "Горячая вода из крана идёт?",
            "У соседей по стояку так же?",
            "Меняли ли полотенцесушитель, когда?",
        ),
        safety=("Краны на полотенцесушителе не крутите силой.", "Потекло — сразу звоните нам."),
        needs_access=True,
        frequency=4,
        signs=weights(
            "towel 3, chill 1.6, lukewarm 1.2, broken 1, none 1, weak 0.5, bath 0.2, cold_water 1",
            against="leak 1.5, burst 3, flood 2, power 2, renew 1, shut 2",
        ),
    ),
    Entry(
        code="entrance.heating.cold",
        place="Подъезд",
        system="Отопление",
        problem="Холодно в подъезде",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="common_property",
        plan="Закрыть окна и двери; слесарь проверяет приборы на лестнице и сбрасывает воздух.",
        questions=(
            "Батарея на лестнице холодная или её нет?",
            "Закрыты ли окна и дверь?",
            "На каком этаже?",
        ),
        safety=(
            "Закройте окно на лестнице, если можете.",
            "Кран на батарее в подъезде не трогайте: горячая вода.",
        ),
        frequency=4,
        signs=weights(
            "common_place 1.6, chill 2, heating 1.2, none 0.4, broken 0.2, cold_water 0.6",
            against="towel 3, stove 3, flat 2, leak 2.5, water 2, power 2, lamp 3, dirty 3, snow 3, lift 3, hot_water 2, smell 2, window 0.5, door 0.5",
        ),
    ),
)
