"""Where the norms were read: the marks in `Norm.source`. State of 23 November 2026.

No official full text was at hand, so most of these retell an act; each norm says so by its
`verified` mark.
"""

from __future__ import annotations

SOURCES: dict[str, str] = {
    "S1": "https://1prime.ru/20260208/gosduma-867283324.html",
    "S2": "открытый репозиторий, выдержка",
    "S5": "открытый репозиторий, выдержка",
    "S6": "https://finance.rambler.ru/money/56108313-zakon-o-perenose-na-seredinu-mesyatsa-predelnogo-sroka-oplaty-zhku-vstupil-v-silu/",
    "S7": "https://news.mail.ru/society/69964685/",
    "S8": "https://consultant.ru/document/cons_doc_LAW_146444/1d59c63d8681f73a97b1e1c5940421f2fadce49d",
    "S9": "https://www.zato-lokomotivny.ru/index.php/pravovoe-prosveshchenie/3527-avarijno-dispetcherskie-sluzhby-budut-obyazany-otvechat-na-zvonki-zhiltsov-v-techenie-5-minut",
    "S10": "https://xn--73-6kc3bbqg7ac.xn--p1ai/Новости/4119",
    "S11": "https://gji.admtyumen.ru/OIGV/gji/actions/treatment/question/end.htm?id=2268@egFaq",
    "S12": "https://myslo.ru/amp/news/tula/2019-02-01-tul-skaya-goszhilinspekciya-s-1-marta-kommunal-shiki-dolzhny-ustranyat-protechki-za-polchasa",
    "S13": "https://consultant.ru/document/cons_doc_LAW_311992/d39a29318667743adccb76559e3c2fc4dd695c8d",
    "S14": "https://04.rospotrebnadzor.ru/index.php/consumer-information/faq/10404-27022019.html",
    "S15": "страница «Журнал учёта заявок в АДС», адрес не сохранился",
    "S17": "https://723086.ru/torgovoe-pravo/3211-o-srokakh-rassmotreniya-obrashheniy-grazhdan-v-upravlyayushhikh-organizaciyakh.html",
    "S18": "https://xn----8sbqfnvs2b6d0a.xn--p1ai/sroki-otvetov-upravlyayushhix-kompanij",
    "S19": "открытый репозиторий, выдержка",
    "S20": "http://gorodmednogorsk.ru/info-adm-all-m/zpp-m/888-komunaluslugi.html",
    "S21": "https://kd43.ru/en/registration-of-sole-trader/pp-rf-354-poslednyaya-vi-poryadok-rascheta-i-vneseniya-platy-za-kommunalnye.html",
    "S22": "открытый репозиторий, выдержка",
    "S23": "https://04.rospotrebnadzor.ru/index.php/consumer-information/faq/8217-03112017.html",
    "S24": "https://navashino.nobl.ru/about/zakon-i-poryadok/prokuratura-navashinskogo-rayona/novosti-prokuratury/dopustimye-sroki-pereryva-podachi-teplosnabzheniya-i-elektrosnabzheniya-v-mkd",
    "S25": "http://starjkh.ru/kachestvo",
    "S26": "https://vihyno.org/news/detail/?item_id=30496",
    "S27": "https://www.cge21.ru/Voprosy_i_otvety/1817",
    "S29": "http://vv-34.ru/kak-bystro-dolzhny-ustranjatsja-avarii-i-neispravnosti-v-zhilyh-domah.html, https://moskv.ru/articles/fulltext/show/id/8444/",
    "S30": "https://113rus.ru/news/17742",
    "S32": "https://vangoghlife.ru/en/416-pravila-soderzhaniya-obshchego-imushchestva-novye-izmeneniya-v-pravilah-obsluzhivaniya-mkd-viii-poryadok.html",
    "S33": "https://rbcrealty.ru/news/5980042b9a7947f1b7ad11da",
    "S34": "http://liftopedia.ru/index.php/Освобождение_пассажиров",
    "S35": "https://togliatti24.ru/dzen/view/minstroj-izmenil-pravila-obsluzivania-liftov-zilcov-zasitili-ot-riskov",
    "S36": "https://admsurgut.ru/article/21209/183868/O-pravilah-bezopasnosti-pri-polzovanii-bytovym-gazom",
    "S63": "https://dzen.ru/a/aRWrHDFNWhDBLPxy",
}
