"""Typed words → concepts. A concept is what several stems mean: «течёт», «капает», «бежит» are `leak`.

Stems are folded (lower case, ё = е). A stem that begins with «не» and has no space stands for two
words: «не горит» is read as «негорит». «От соседей» is «отсоседей».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vakhta.domain.layouts import as_russian
from vakhta.domain.typos import allowed_typos, prefix_distance

_STEMS = {
    "leak": "теч тек$ текл теку$ потек протек протеч подтек капа капл бежит бежал льет лье$ сочит мокр"
    " сыро мокн брызг просач",
    "burst": "прорв прорыв лопн сорва рвану разорв фонтан хлещ хлест порыв вырва свищ",
    "flood": "залив залил затоп затап топит топят топим топлю потоп затек залит",
    "above": "сверху потол соседи$ сосед$ соседка$ отсосед верхн люстр",
    "below": "снизу подсосед",
    "riser": "стояк",
    "pipe": "труб подводк шланг гибк вентил счетчик фильтр сгон резьб соединен",
    "tap": "кран смесит бачок бачк бочок бочк унитаз гусак букс лейк сифон раковин мойк умывальн душ",
    "bath": "ванн санузел туалет кухн уборн санузл",
    "water": "вод",
    "cold_water": "хвс холодн",
    "hot_water": "гвс горяч кипят бойлер",
    "heating": "отоп батаре радиатор тепло тепла теплоснаб полотенцесуш обогрев конвектор",
    "chill": "холодно$ холодные мерз замерз остыл ледян дубак негре холодин нетоп околе холодища градус зябк",
    "lukewarm": "тепл теплая теплой теплую еле$ чуть$ чуток прохладн остыв негоряч",
    "sewer": "канализ сток$ стоки стоков фекал нечистот слив ревиз лежак колен канашк",
    "blockage": "засор забил забит неуход непроход несмыв несли вспуч пробк прочист стоит неутек заткн",
    "backflow": "подним прет$ лезет поперл поднял обратно изливает",
    "none": "нет$ нету отсутств пропал исчез неидет недают отрубил отключ вырубил без$ небыл кончил",
    "weak": "еле$ чуть$ слаб напор давлен струйк тонк плох",
    "power": "свет электрич электроэнер напряж обесточ фаз электроснаб эл$ электро$",
    "whole": "дом$ доме$ дома$ весь$ всем всего везде стояку улиц всех",
    "flat": "квартир комнат кв$",
    "panel": "щит электрощит автомат$ автоматы пробки рубильник вру$ счетчик",
    "tripped": "выбил выбива вышиб",
    "sparks": "искр гарь гари гарью горел паленым оплав замык замкн корот трещ плавит проводк бьет вспыхн удари",
    "wiring": "розетк провод кабел щит выключат электрощ",
    "dark": "темн негор несвет перегор",
    "lamp": "ламп светильн освещ фонар плафон датчик",
    "common_place": "подъезд лестн площадк тамбур парадн холл этаж коридор пролет",
    "gas": "газ",
    "smell": "запах пахн воня вонь чувств несет пахло",
    "leak_gas": "утечк",
    "lift": "лифт кабин",
    "stuck": "застр",
    "persons": "люди людей человек$ человеко ребен дети детьми пассаж женщин мужчин",
    "inside": "внутри изнутри сидим заперт выйти выбрать",
    "between": "между",
    "we": "мы$",
    "broken": "неработ слом неисправ неедет стоит поломк незакрыв неезд остановил встал заклин невызыв висит"
    " дергает неоткрыв некрут кнопк гудит шумит",
    "chute": "мусоропр ствол мусорокам мусорокл клапан",
    "roof": "крыш кровл кровел ливнев",
    "rain": "дожд ливень",
    "door": "двер доводч замок замк кодов",
    "window": "стекл окно$ окна$ окон форточ рама",
    "smashed": "разбит разбил неоткрыв незакрыв слом выломал оторва скрип вырва треснул",
    "falling": "сосул глыб пада упал обвал отвал обруш рушит рушат нависл навис свис сыпет сыпл осып",
    "facade": "штукатур кирпич облицов балкон козыр плитк фасад карниз сосул лепнин",
    "snow": "непосып снег снеж гололе наледь наледи скольз лед$ льда лед сугроб нечищ посып почист песк",
    "dirty": "убор убир убра неубр неубир грязн гряз мусор подмес намыт помы невывоз вывез вывоз контейн"
    " помойк тко$ свалк дворни хлам немыт немоют немыл ненамыт баки",
    "yard": "двор тротуар дорожк парков детск крыльц газон газел",
    "basement": "подвал техподпол цокол подпол",
    "deed": "акт$ акта акты одпу общедомов",
    "works": "отчет смет",
    "disclosure": "раскрыт лиценз реквизит устав тариф",
    "outsider": "арендатор юрист суд$ суда пристав полици адвокат",
    "paper": "счет$ счета$ счету$ справк копи акт$ акта перерасч квитанц показан начисл долг лицев договор паспорт выписк архив"
    " документ отчет тариф оплат платеж",
    "rust": "ржав мутн желт коричнев рыж",
    "valve": "вентил задвижк",
    "holds_not": "недерж неперекр незакрыть непроворач прокручив",
    "meter": "счетчик прибор",
    "seal": "поверк поверит опломб пломб",
    "renew": "замен помен менят меняю сменит перенос перенест переставит",
    "shut": "отключите$ отключение$ отключить$ отключени перекройте$ перекрыть$ слейте$ слить$ сброс",
    "attic": "чердак чердач техэтаж",
    "floor": "пол$ пола$ полу$ полом$ гидроизол",
    "towel": "полотенцесуш змеевик",
    "noise": "шум гуд гудит шумит бульк журч стуч стук вибр свист щелка гул$",
    "air": "воздух воздуш завоздуш",
    "hot_room": "жарко жара$ жары$ жарищ душно$ перетоп парилк",
    "damp": "сыр$ сыро сырост плесен конденсат",
    "main": "магистрал",
    "heat_main": "теплотрас",
    "street": "улиц проезж дорог асфальт газон",
    "well": "колодец колодц",
    "hatch": "крышк люк$ люка$ люки$ люке$ люков$",
    "sinkhole": "провалил провали провал$ провала$ яма$ ямы$ ямк промоин просел",
    "steam": "пар$ пара$ паром$ парит пари$",
    "open": "открыт нараспаш незаперт",
    "flicker": "мига моргает моргн морга мерца скач",
    "voltage": "напряжен перепад",
    "estove": "электроплит",
    "stove": "плита$ плиты$ плите$ плиту$ плитой$ конфор духовк",
    "cable": "провод кабел",
    "torn": "оборва обрыв оторва оторвал порвал",
    "hanging": "висит висят свис провис болта",
    "boiler": "колонк котел котла$ котле$ горелк",
    "draught": "тяга$ тяги$ тягу$ дымоход задува",
    "fumes": "угар угоре угорел",
    "vent": "вентиляц вытяж вентканал вентшахт решетк",
    "smoke": "дым задымл накур табак курят",
    "fire": "пожар горим$ горит$ загор возгор полыха пламя$ огонь$ огня$ задымл",
    "link": "связь$ связи$ кнопка$ кнопки$ кнопку$ вызов$",
    "shaft": "шахт приям",
    "intercom": "домофон трубка$ трубку$ трубке$",
    "gutter": "водосток водосточ желоб отлив",
    "seam": "шов$ шва$ швы$ швов$ межпанел",
    "freeze": "промерз инеем иней",
    "wall": "стена$ стены$ стену$ стене$ угол$ углу$ торец",
    "crack": "трещин треснул отслаив отслоил осыпа",
    "plaster": "штукатур побелк",
    "icicle": "сосул наледь наледи лед$ ледышк",
    "rails": "перил ступен почтов пандус",
    "balcony": "балкон лодж",
    "strangers": "бомж посторон наркоман подростк незнаком чужие$",
    "waste": "мусор контейн помойк тко$ баки$ бак$ бака$ баков$ хлам",
    "carries_not": "невывоз невывез вывоз вывез",
    "full": "переполн полные$ полная$ полный$",
    "tree": "дерев ветк ветви ветвь сучь",
    "play": "детск качел горка$ горки$ песочниц скамейк лавк лавочк турник",
    "barrier": "шлагбаум ворота$ ворот$ калитк забор",
    "pests": "крыс мыши$ мышь$ мышей$ тарака клоп блох блохи мурав насеком комар грызун дезинс дератиз мошк",
    "pump": "насос вентилятор компрес",
    "complain": "жалоб пожалова хам хамит хамят хамств нагруб груб претенз безобраз",
    "office_word": "мастер диспетчер контор управля сотрудник",
    "repairs": "ремонт покрас отремонт благоустр",
    "wish": "прошу$ хотим$ хочу$ хотел можно$ нужен$ нужна$ нужно$ сделайте$",
    "key": "чип чипы магнитн ключ пропуск",
    "install": "установ повес подключит навесит смонтир",
    "paid": "платн прейскур стоимост цена$ цену$",
    "ask": "узнат вопрос консульт график подска телефон прием когда почему",
}
"""Concept → stems, divided by spaces; a stem with «$» is the whole word."""

PLACES = frozenset(
    {
        "basement",
        "above",
        "below",
        "roof",
        "whole",
        "flat",
        "common_place",
        "bath",
        "we",
        "persons",
        "between",
        "attic",
        "street",
        "wall",
        "floor",
    }
)
"""Concepts that say where or who, and nothing of what is wrong."""

_FULL, _SHORT, _TYPO = 1.0, 0.6, 0.75
"""How sure a match is: a whole stem, a word that is still being typed, a forgiven typo."""


@dataclass(frozen=True)
class Sign:
    """A concept seen in the text."""

    concept: str
    word: str
    """The word as it was typed, put into the Russian layout."""
    place: int
    """Which word of the text."""
    sureness: float
    meant: str = ""
    """The stem that a misspelt word was read as: «стояк» of «стаяк»; empty when nothing was forgiven."""


def _table() -> tuple[tuple[str, str], ...]:
    return tuple(
        (stem, concept) for concept, stems in _STEMS.items() for stem in dict.fromkeys(stems.split())
    )


CONCEPTS = frozenset(_STEMS)


def stems(concept: str) -> tuple[str, ...]:
    """Beginnings of the words that mean the concept; a whole word without its mark."""
    return tuple(stem.rstrip("$") for stem in _STEMS[concept].split())


_TABLE = _table()
_FORGIVING = tuple((stem, concept) for stem, concept in _TABLE if len(stem) > 3 and "$" not in stem)
_LONGEST = max(len(stem) for stem, _concept in _FORGIVING)
_WORD = re.compile(r"[а-яёa-z]+")
_NEGATIONS = frozenset({"не", "ни"})
_WHO = frozenset({"соседи", "сосед", "соседка"})
_FLOODED = re.compile(r"(?:зали|зато|топ|к$)")
"""What stands before neighbours who are flooded: «заливает соседей», «течёт к соседям»."""
_IDLE_WORDS = (
    "под над при для про все нас вас нам вам как что это так там тут уже еще час две три она они был"
    " опять снова очень вчера сегодня утра утром вечера ночью пожалуйста помогите здравствуйте"
    " девушка прошу спасибо свидания здравствуй добрый алло срок сроки истек"
    " слева справа прямо около сюда рано потом раза трех семь слов слова слово семья папа брат передал передала"
    " стал стала стало остался осталась осталось видит приехать приезжайте вызвать проверить проверьте ответ ответа"
    " ответить ответили повторно повторный повторная обеспечен обеспечит"
)
_SAY_NOTHING = frozenset(_IDLE_WORDS.split())
"""Words that are never half of another one, nor a typo of it."""


Word = tuple[str, str]
"""(as shown, folded)"""


def read_signs(words: tuple[Word, ...]) -> tuple[Sign, ...]:
    """The concepts of words, in their order; each concept once for a word."""
    found = []
    for place, (shown, word) in enumerate(words):
        is_last = place == len(words) - 1
        found += [
            Sign(concept, shown, place, sure, meant) for concept, sure, meant in _concepts(word, is_last)
        ]
    return tuple(found)


def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text in the Russian layout; «не горит» becomes one word whose key is «негорит». «От соседей» is one too,
    from above; «заливает соседей» is read as «подсоседей», below."""
    words: list[Word] = []
    for shown in _WORD.findall(as_russian(text).casefold()):
        word = shown.replace("ё", "е")
        if words and words[-1][1] in _NEGATIONS:
            before = words.pop()[0]
            words.append((f"{before} {shown}", "не" + word))
        elif words and words[-1][1] == "от" and word.startswith("сосед"):
            before = words.pop()[0]
            words.append((f"{before} {shown}", "от" + word))
        elif words and word.startswith("сосед") and word not in _WHO and _FLOODED.match(words[-1][1]):
            words.append((shown, "под" + word))
        else:
            words.append((shown, word))
    return tuple(words)


@lru_cache(maxsize=8192)
def _concepts(word: str, is_last: bool) -> tuple[tuple[str, float, str], ...]:
    """Concepts of one folded word, how sure each is and the stem that was forgiven to; the last word may be
    half typed."""
    exact = tuple((concept, _FULL, "") for concept in _begins_with_stem(word))
    if exact or word in _SAY_NOTHING:
        return exact
    if len(word) >= (2 if is_last else 3):
        short = dict.fromkeys(concept for stem, concept in _TABLE if stem.startswith(word))
        if short:
            return tuple((concept, _SHORT, "") for concept in short)
    if word.startswith("не") and len(word) > 4:
        # «не капает», «не заливает»: the negation of a known word says nothing for it.
        return ()
    return _forgiven(word)


def _begins_with_stem(word: str) -> tuple[str, ...]:
    """The longest stem decides, so that «холодные» is not read as «холодн» too."""
    ended = word + "$"
    matches = [(len(stem), concept) for stem, concept in _TABLE if ended.startswith(stem)]
    if not matches:
        return ()
    longest = max(size for size, _ in matches)
    return tuple(dict.fromkeys(concept for size, concept in matches if size == longest))


def _forgiven(word: str) -> tuple[tuple[str, float, str], ...]:
    """Concepts of the nearest stems. The first letter is hardly ever wrong, so it must be there."""
    best: dict[str, str] = {}
    least = 3
    masks = [_mask(word[:size]) for size in range(min(len(word), _LONGEST) + 1)]
    for stem, concept in _FORGIVING:
        limit = min(allowed_typos(len(stem)), allowed_typos(len(word)))
        if len(stem) == 4 and len(word) > 5:
            continue  # of so short a beginning every letter counts: «помощь» is no «помыть»
        if (
            not limit
            or word[0] not in stem[:2]
            or (masks[min(len(stem), len(word))] ^ _mask(stem)).bit_count() > 2 * limit
        ):
            continue
        found = prefix_distance(stem, word, limit)
        if found <= limit and found <= least:
            if found < least:
                best, least = {}, found
            best[concept] = stem
    return tuple((concept, _TYPO, stem) for concept, stem in best.items())


@lru_cache(maxsize=4096)
def _mask(word: str) -> int:
    """A bit for each letter of the word: words whose masks differ much are no typos of each other."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 32)
    return mask
