"""Networks and dangers outside the building: others' pipes, and ground that gives way."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, OF_OTHERS

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="yard.water.main",
        place="Двор",
        system="Наружные сети",
        problem="Прорыв водопровода на улице",
        severity="emergency",
        norms=OF_OTHERS,
        skill="plumber",
        route="supplier",
        plan="Сразу сообщить водоканалу; оградить место, закрыть подвальные окна и приямки.",
        questions=(
            "Откуда бьёт: асфальт, колодец, газон?",
            "Вода холодная или идёт пар?",
            "Заходит ли в подвал, есть ли провал?",
        ),
        safety=(
            "Не подходите: под водой может быть провал.",
            "Уведите детей, предупредите водителей и прохожих.",
        ),
        services=("water_utility", "edds"),
        frequency=3,
        signs=weights(
            "street 2.6, yard 1.2, burst 2.4, leak 1.2, flood 1, water 0.8, main 2.4, cold_water 0.6, well 1.2, pipe 0.6",
            against="flat 2, steam 2.5, heating 2, hot_water 2, sewer 2, common_place 2, basement 1.5, snow 3, lamp 3, dark 3, roof 3, "
            "open 2, riser 3, above 2, bath 2, tap 2",
        ),
    ),
    Entry(
        code="yard.heat.main",
        place="Двор",
        system="Наружные сети",
        problem="Прорыв теплотрассы",
        severity="emergency",
        norms=OF_OTHERS,
        skill="plumber",
        route="supplier",
        plan="Сразу сообщить теплосети и ЕДДС; оградить место, никого не пускать на мокрый грунт.",
        questions=(
            "Где именно, виден ли пар или горячая вода?",
            "Есть ли провал, никто не обжёгся?",
            "Заходит ли вода в подвал?",
        ),
        safety=(
            "Не подходите: под паром бывает кипяток, земля может провалиться.",
            "Уведите детей и собак, предупредите прохожих голосом.",
        ),
        services=("heat_supply", "edds"),
        danger="Кипяток под землёй: никого не подпускать. Есть обожжённые — 103 и 112.",
        frequency=2,
        signs=weights(
            "heat_main 4, main 1.5, street 1.6, yard 1, steam 2.2, burst 1.2, hot_water 1.4, leak 0.4, heating 0.8, pipe 0.3, well 0.8",
            against="flat 2.5, basement 2.5, common_place 2, cold_water 2, chill 2, none 1.5, riser 3, bath 3, tap 2, rust 2",
        ),
    ),
    Entry(
        code="yard.sewer",
        place="Двор",
        system="Наружные сети",
        problem="Переполнен канализационный колодец",
        severity="emergency",
        norms=OF_OTHERS,
        skill="plumber",
        route="supplier",
        plan="Сразу сообщить водоканалу; слесарь проверяет выпуск дома и подвал, оградить место.",
        questions=(
            "Где колодец, льётся через край?",
            "В подвале и на первых этажах сухо?",
            "Закрыт ли люк?",
        ),
        safety=(
            "Обойдите стороной: это стоки, детей не подпускайте.",
            "Первый этаж: пока не сливайте воду, закройте сливы пробками.",
        ),
        services=("water_utility",),
        frequency=3,
        signs=weights(
            "well 2.4, sewer 2, street 1.4, yard 1.4, backflow 1.6, flood 0.8, smell 0.8, leak 0.2, blockage 1",
            against="water 0.8, flat 2, bath 2.5, tap 2.5, basement 1.5, riser 2.5, steam 2, open 2.5, burst 0.5, common_place 2, lift 3",
        ),
    ),
    Entry(
        code="yard.manhole",
        place="Двор",
        system="Придомовая территория",
        problem="Открыт люк, провал грунта",
        severity="urgent",
        norms=AGREED,
        skill="janitor",
        route="common_property",
        plan="Сразу оградить; узнать, чей колодец, вызвать владельца закрыть люк или засыпать провал.",
        questions=(
            "Где именно, ходят ли там дети?",
            "Чем сейчас закрыто или огорожено?",
            "Никто не упал?",
        ),
        safety=(
            "Не подходите к краю, уведите детей.",
            "Поставьте рядом что-нибудь заметное, если это безопасно.",
        ),
        services=("edds",),
        danger="Кто-то упал в люк — 112, ничего не трогать, не спускаться.",
        frequency=2,
        signs=weights(
            "hatch 3.2, well 1.8, open 2, sinkhole 4, yard 0.8, street 0.8",
            against="leak 2, backflow 2, sewer 1, steam 2, basement 1.5, roof 2, lift 3, door 2, window 2, flood 2",
        ),
    ),
)
