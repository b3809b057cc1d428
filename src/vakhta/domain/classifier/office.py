"""Classifier entries of the office: answers that a resident may ask for, each with its own term (law.md §1), and paid works."""

from __future__ import annotations

from vakhta.domain.classifier.entry import Entry, weights
from vakhta.domain.classifier.shared import AGREED, ANSWER, NO_CODES, WHERE_TO

NO_TROUBLE = (
    "leak 1.5, burst 2, none 0.5, stuck 2, smell 2, sparks 2, chill 1, blockage 1.5, pipe 0.5, lift 1.5, "
    "power 1, heating 0.5"
)
"""What is said of something broken is no request for a paper."""

ENTRIES: tuple[Entry, ...] = (
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
            NO_CODES,
        ),
        frequency=30,
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
            WHERE_TO,
            NO_CODES,
        ),
        frequency=20,
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
            WHERE_TO,
            NO_CODES,
        ),
        frequency=10,
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
            WHERE_TO,
            NO_CODES,
        ),
        frequency=10,
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
            WHERE_TO,
            NO_CODES,
        ),
        frequency=10,
        signs=weights("outsider 3.6, paper 1, ask 1", against=NO_TROUBLE),
    ),
    Entry(
        code="office.complaint",
        place="Контора",
        system="Обращения",
        problem="Жалоба на работу, сотрудника",
        severity="information",
        norms=ANSWER,
        skill="office",
        route="information",
        plan="Записать слово в слово, передать руководителю; ответить письменно в срок.",
        questions=(
            "На что или на кого жалоба?",
            "Когда это было, есть ли номер заявки?",
            "Куда прислать ответ?",
        ),
        safety=(WHERE_TO, NO_CODES),
        frequency=3,
        signs=weights("complain 3.8, ask 0.3, office_word 0.5", against=NO_TROUBLE),
    ),
    Entry(
        code="office.repair",
        place="Контора",
        system="Обращения",
        problem="Просьба о ремонте, благоустройстве",
        severity="information",
        norms=ANSWER,
        skill="office",
        route="information",
        plan="Передать ответственному за дом; ответить, есть ли работа в плане и когда.",
        questions=(
            "О чём просьба: подъезд, двор, крыша?",
            "Опасно ли это сейчас?",
            "Куда прислать ответ?",
        ),
        safety=(WHERE_TO, "Если это опасно уже сейчас — скажите, примем как неисправность."),
        frequency=3,
        signs=weights(
            "repairs 3.4, wish 0.9, ask 0.6, common_place 0.3, yard 0.3",
            against=f"{NO_TROUBLE}, works 3, deed 2",
        ),
    ),
    Entry(
        code="office.keys",
        place="Контора",
        system="Обращения",
        problem="Ключ, чип, пропуск",
        severity="information",
        norms=ANSWER,
        skill="office",
        route="information",
        plan="Сказать, где и когда выдают и сколько стоит; записать, сколько и для какой квартиры.",
        questions=(
            "Что нужно: чип, ключ, пропуск машины?",
            "Собственник или наниматель, квартира?",
        ),
        safety=("Потеряли чип — скажите номер квартиры, его отключат.", NO_CODES),
        frequency=2,
        signs=weights("key 3.4, wish 0.8, ask 0.8, intercom 0.6, common_place 0.1", against=NO_TROUBLE),
    ),
    Entry(
        code="office.paid",
        place="Квартира",
        system="Платные работы",
        problem="Установить, заменить за плату",
        severity="ordinary",
        norms=AGREED,
        skill="plumber",
        route="ordinary_repair",
        plan="Назвать цену по прейскуранту и срок; согласовать время, материал, составить договор.",
        questions=(
            "Что установить или заменить?",
            "Материал ваш или наш?",
            "Когда удобно?",
        ),
        safety=(
            "Работы оплачиваются по договору и акту, мастеру на руки не платите.",
            "До прихода мастера старое не снимайте.",
        ),
        needs_access=True,
        frequency=5,
        signs=weights(
            "install 3.2, paid 3.6, renew 1.8, tap 0.8, heating 0.3, wiring 0.4, lamp 0.3, bath 0.3, wish 0.4, towel 0.3",
            against="leak 2, burst 3, flood 3, none 2, broken 0.3, riser 1.5, meter 1, common_place 2, shut 1.5, seal 2, window 0.5, chill 2",
        ),
    ),
)
