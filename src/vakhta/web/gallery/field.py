"""Samples of the technician's pages."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from vakhta.web.field import screens as f
from vakhta.web.gallery import people as p
from vakhta.web.screens import FileView, NoticeLine, PageView, PersonView, PhoneView

KUZNETSOV = PersonView(name="Кузнецов П. А.", role="слесарь-сантехник, бр. 4")


def _page(now: datetime, title: str) -> PageView:
    return PageView(
        title=title,
        now=now,
        person=KUZNETSOV,
        sign_out_url="#out",
        draft_owner="staff/12",
    )


def jobs(now: datetime) -> f.Jobs:
    return f.Jobs(page=_page(now, "Наряды"), url="#", done_today=3, jobs=(
        f.JobLine(url="#1", number=p.number(204337, ""), title="ХВС, течь стояка", address=p.LENINA, severity=p.EMERGENCY,
                  status=p.ON_WAY, clock=p.contain(now, 1271), current=True),
        f.JobLine(url="#2", number=p.number(204330, ""), title="Засор канализации", address=p.LONG_ADDRESS, severity=p.URGENT,
                  status=dataclasses.replace(p.NEW, title="ждёт вашего ответа"),
                  clock=p.clock(now, "Засор", 120, -75, "устранить за 2 часа", "ПП 416, п. 13")),
        f.JobLine(url="#3", number=p.number(203902, ""), title="Течёт смеситель", severity=p.ORDINARY, status=p.ACCEPTED,
                  address=dataclasses.replace(p.LENINA, text="ул. Садовая, 8", flat="кв. 7")),
    ))  # fmt: skip


def jobs_taken(now: datetime) -> f.Jobs:
    """A crew was turned round a moment ago, and has nothing else."""
    place = f"{p.LONG_ADDRESS.text}, {p.LONG_ADDRESS.flat}"
    gone = NoticeLine(
        text=f"Диспетчер забрал наряд: {place}", detail="авария важнее: люди в лифте на Мира, 5", url="#1"
    )
    return f.Jobs(page=_page(now, "Наряды"), url="#", taken=(gone,))


def no_jobs(now: datetime) -> f.Jobs:
    return f.Jobs(page=_page(now, "Наряды"), url="#")


REFUSE = f.Move(code="refuse", title="Отказаться", post_url="#", note_title="Почему", note_required=True,
                reasons=("нет запчасти", "не моё умение", "ещё на прошлом наряде"))  # fmt: skip
ASK = f.Move(
    code="ask",
    title="Спросить диспетчера",
    post_url="#",
    note_title="Вопрос",
    note_required=True,
)
NO_ACCESS = f.Move(code="no_access", title="Нет доступа", post_url="#", note_title="Что было", note_required=True, place=True,
                   reasons=("не открыли", "нет ключа от подвала", "никого нет дома"))  # fmt: skip


def job(now: datetime) -> f.Job:
    return f.Job(
        page=_page(now, "Наряд № 26-204 337"), back_url="#", url="#", live="work_order/12 ticket/17",
        number=p.number(204337, ""), title="ХВС, течь стояка", severity=p.EMERGENCY,
        status=dataclasses.replace(p.NEW, title="ждёт вашего ответа"), address=p.LENINA,
        description="Течёт стояк в ванной, соседи снизу звонят. Вентиль на вводе перекрыли, течёт всё равно.",
        clocks=(p.contain(now, 1271), p.eliminate(now, 258_000)), map_url="geo:55.75,37.61",
        person=p.PETROVA, phone=p.PHONE, notices=(NoticeLine(text="Отключение ХВС 14:00–18:00, Водоканал"),),
        facts=(f.JobFact(label="Допуск", value="сегодня 09:10–09:40"), f.JobFact(label="Код подъезда", value="42В1978"),
               f.JobFact(label="Задвижка ХВС", value="подвал, п. 2, слева от ввода, №14"),
               f.JobFact(label="Вода холодная или горячая?", value="холодная"), f.JobFact(label="Заливает ли соседей?", value="да, кв. 38", tone="bad")),
        files=(FileView(title="потолок-38.jpg", url="#", kind="image"),),
        next=f.Move(code="accept", title="Принять наряд", post_url="#", key="k1"), others=(ASK, REFUSE),
        history=(f.MoveDone(title="Наряд выдан", at=now - timedelta(minutes=2), note="Иванова\u00a0О.\u00a0П."),
                 f.MoveDone(title="Нет доступа", at=now - timedelta(days=1), note="никто не открыл")),
        dispatcher=PhoneView(phone="+74950000112"),
    )  # fmt: skip


def job_done(now: datetime) -> f.Job:
    done = f.Move(code="done", title="Выполнено", post_url="#", key="k2", note_title="Что сделано", note_required=True, photo=True,
                  place=True, reasons=("заменён участок трубы", "установлен хомут", "прочищено"),
                  errors={"note": "Напишите, что сделано, хотя бы двумя словами. Фото выберите ещё раз."})  # fmt: skip
    return dataclasses.replace(job(now), address=p.LONG_ADDRESS, status=p.ON_SITE, next=done, others=(NO_ACCESS, ASK),
                               said="Локализация записана в 09:02. Диспетчер видит.")  # fmt: skip
