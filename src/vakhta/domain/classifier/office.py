"""Classifier entries of the office: answers that a resident may ask for, each with its own term (law.md §1)."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights

NO_TROUBLE = (
    "leak 1.5, burst 2, none 0.5, stuck 2, smell 2, sparks 2, chill 1, blockage 1.5, pipe 0.5, lift 1.5, "
    "power 1, heating 0.5"
)
"""What is said of something broken is no request for a paper."""

ENTRIES = (
    Entry(
        code="information.request",
        place="Контора",
        system="Справки и расчёты",
        problem="Запрос справки, перерасчёта",
        severity="information",
        norms=("pp416.36.answer",),
        skill="office",
        route="information",
        plan="Передать запрос ответственному; ответить тем же способом, каким он поступил.",
        questions=(
            "Что нужно: справка, выписка, перерасчёт?",
            "За какой месяц или день?",
            "Куда прислать ответ?",
        ),
        safety=(
            "Назовите номер лицевого счёта: он на квитанции слева вверху.",
            "Коды из сообщений и карточные данные нам не нужны, никому их не называйте.",
        ),
        frequency=4,
        signs=weights(
            "paper 3.2, ask 1.5, flat 0.1",
            against=NO_TROUBLE,
        ),
    ),
    Entry(
        code="information.act",
        place="Контора",
        system="Справки и расчёты",
        problem="Копия акта, показания общедомового счётчика",
        severity="information",
        norms=("pp416.answer.readings",),
        skill="office",
        route="information",
        plan="Найти акт или показания; отправить копию тем же способом, каким поступил запрос.",
        questions=(
            "Какой акт: о заливе, о качестве, о счётчике?",
            "За какой день или месяц?",
            "Куда прислать копию?",
        ),
        safety=(
            "Назовите, куда прислать ответ: почта, письмо или приём.",
            "Коды из сообщений и карточные данные нам не нужны, никому их не называйте.",
        ),
        frequency=2,
        signs=weights("deed 3.6, paper 1, ask 1, flat 0.1", against=NO_TROUBLE),
    ),
    Entry(
        code="information.works",
        place="Контора",
        system="Справки и расчёты",
        problem="Отчёт о выполненных работах",
        severity="information",
        norms=("pp491.40.works",),
        skill="office",
        route="information",
        plan="Передать ответственному за дом; прислать перечень работ с датами и суммами.",
        questions=(
            "По какому дому и за какой срок?",
            "Что нужно: перечень, сметы, акты приёмки?",
        ),
        safety=(
            "Назовите, куда прислать ответ: почта, письмо или приём.",
            "Коды из сообщений и карточные данные нам не нужны, никому их не называйте.",
        ),
        frequency=1,
        signs=weights("works 3.6, paper 1, ask 1", against=NO_TROUBLE),
    ),
    Entry(
        code="information.disclosure",
        place="Контора",
        system="Справки и расчёты",
        problem="Сведения об управляющей организации",
        severity="information",
        norms=("pp416.answer.disclosure",),
        skill="office",
        route="information",
        plan="Назвать, где сведения раскрыты, и прислать их не позднее следующего дня.",
        questions=(
            "Какие сведения: режим работы, тарифы, договор, лицензия?",
            "Куда прислать ответ?",
        ),
        safety=(
            "Назовите, куда прислать ответ: почта, письмо или приём.",
            "Коды из сообщений и карточные данные нам не нужны, никому их не называйте.",
        ),
        frequency=1,
        signs=weights("disclosure 3.6, paper 1, ask 1", against=NO_TROUBLE),
    ),
    Entry(
        code="information.others",
        place="Контора",
        system="Справки и расчёты",
        problem="Запрос не от собственника",
        severity="information",
        norms=("pp416.answer.others",),
        skill="office",
        route="information",
        plan="Записать, кто и на каком основании спрашивает; передать ответственному.",
        questions=(
            "Кто спрашивает и по какому праву?",
            "О чём запрос и за какой срок?",
        ),
        safety=(
            "Назовите, куда прислать ответ: почта, письмо или приём.",
            "Коды из сообщений и карточные данные нам не нужны, никому их не называйте.",
        ),
        frequency=1,
        signs=weights("outsider 3.6, paper 1, ask 1", against=NO_TROUBLE),
    ),
)
