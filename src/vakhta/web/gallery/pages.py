"""The list of sample pages and fragments: name → template and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from vakhta.web.console import screens as c
from vakhta.web.gallery import (
    board,
    classifier,
    console,
    console_cards,
    field,
    figures,
    lists,
    office,
    offices,
    outages,
    paper,
    resident,
    security,
    shifts,
    stock,
    ticket,
)

Sample = tuple[str, Callable[[datetime], dict[str, Any]]]


def _console(make: Callable[[datetime], c.Console], now: datetime) -> dict[str, Any]:
    made = make(now)
    return {"page": made.page, "console": made}


def _named(name: str, make: Callable[[datetime], Any], now: datetime) -> dict[str, Any]:
    made = make(now)
    return {"page": made.page, name: made}


PAGES: dict[str, Sample] = {
    "console": (
        "console/console.html",
        partial(_console, partial(console.step, number=2)),
    ),
    "console-empty": ("console/console.html", partial(_console, console.empty)),
    "console-storm": ("console/console.html", partial(_console, console.storm)),
    "console-failing": ("console/console.html", partial(_console, console.failing)),
    "console-unknown": ("console/console.html", partial(_console, console.unknown)),
    "console-gas": ("console/console.html", partial(_console, console.gas)),
    "console-stuck": ("console/console.html", partial(_console, console.stuck)),
    "console-long": ("console/console.html", partial(_console, console.long_names)),
    **{
        f"console-step{n}": (
            "console/console.html",
            partial(_console, partial(console.step, number=n)),
        )
        for n in range(3, 10)
    },
    "board": ("board/board.html", partial(_named, "board", board.board)),
    "board-calm": ("board/board.html", partial(_named, "board", board.calm)),
    "board-storm": ("board/board.html", partial(_named, "board", board.storm)),
    "sign-in": ("office/sign_in.html", partial(_named, "sign_in", security.sign_in)),
    "sign-in-wait": ("office/sign_in.html", partial(_named, "sign_in", security.must_wait)),
    "sign-in-lost": ("office/lost_password.html", partial(_named, "made", security.lost)),
    "sign-in-sent": ("office/lost_password.html", partial(_named, "made", security.letter_sent)),
    "sign-in-new": ("office/new_password.html", partial(_named, "made", security.new_password)),
    "second-step": ("office/second_step.html", partial(_named, "step", security.second_step)),
    "security": ("security/home.html", partial(_named, "own", security.own)),
    "security-empty": ("security/home.html", partial(_named, "own", security.own_empty)),
    "security-totp": ("security/totp.html", partial(_named, "made", security.totp)),
    "security-recovery": ("security/recovery.html", partial(_named, "made", security.recovery)),
    "security-confirm": ("security/confirm.html", partial(_named, "made", security.confirm)),
    "enter": ("office/enter.html", partial(_named, "enter", office.enter)),
    "tickets": ("lists/tickets.html", partial(_named, "list", lists.tickets)),
    "contacts": ("lists/contacts.html", partial(_named, "list", lists.contacts)),
    "tickets-chosen": ("lists/tickets.html", partial(_named, "list", lists.chosen)),
    "bulk": ("lists/bulk.html", partial(_named, "bulk", lists.bulk)),
    "bulk-going": ("lists/bulk.html", partial(_named, "bulk", lists.bulk_going)),
    "bulk-undone": ("lists/bulk.html", partial(_named, "bulk", lists.bulk_undone)),
    "tickets-wrong": ("lists/tickets.html", partial(_named, "list", lists.nothing)),
    "indicators": ("office/indicators.html", partial(_named, "made", figures.month)),
    "indicators-houses": ("office/indicators.html", partial(_named, "made", figures.houses)),
    "indicators-wrong": ("office/indicators.html", partial(_named, "made", figures.wrong)),
    "staffing": ("office/staffing.html", partial(_named, "made", figures.staffing)),
    "shifts": ("shifts/month.html", partial(_named, "made", shifts.month)),
    "shifts-day": ("shifts/month.html", partial(_named, "made", shifts.day)),
    "shifts-swap": ("shifts/month.html", partial(_named, "made", shifts.swap)),
    "shifts-empty": ("shifts/month.html", partial(_named, "made", shifts.empty)),
    "handover": ("shifts/handover.html", partial(_named, "made", shifts.handover)),
    "handover-calm": ("shifts/handover.html", partial(_named, "made", shifts.calm)),
    "handover-signed": ("shifts/sheet.html", partial(_named, "made", shifts.signed)),
    "handover-list": ("shifts/sheets.html", partial(_named, "made", shifts.listed)),
    "paper": ("console/paper.html", paper.sheet),
    "paper-wrong": ("console/paper.html", paper.wrong),
    "norms": ("office/norms.html", partial(_named, "norms", office.norms)),
    "classifier": ("office/classifier.html", partial(_named, "classifier", classifier.everything)),
    "classifier-found": ("office/classifier.html", partial(_named, "classifier", classifier.found)),
    "entry": ("office/entry.html", partial(_named, "entry", classifier.edited)),
    "entry-wrong": ("office/entry.html", partial(_named, "entry", classifier.wrong)),
    "rights": ("office/rights.html", partial(_named, "rights", office.rights)),
    "norm-correction": ("office/norms.html", partial(_named, "norms", office.norm_correction)),
    "duty": ("office/duty.html", partial(_named, "duty", office.duty)),
    "house": ("stock/house.html", partial(_named, "house", stock.house)),
    "house-empty": ("stock/house.html", partial(_named, "house", stock.house_empty)),
    "flat": ("stock/flat.html", partial(_named, "flat", stock.flat)),
    "duty-edit": ("stock/duty.html", partial(_named, "duty", stock.duty_edit)),
    "duty-edit-empty": ("stock/duty.html", partial(_named, "duty", stock.duty_empty)),
    "outages": ("outages/list.html", partial(_named, "list", outages.listed)),
    "lifts": ("outages/lifts.html", partial(_named, "list", outages.lifts)),
    "lifts-none": ("outages/lifts.html", partial(_named, "list", outages.no_lifts)),
    "outages-empty": ("outages/list.html", partial(_named, "list", outages.nothing)),
    "outage-new": ("outages/new.html", partial(_named, "form", outages.empty_form)),
    "outage-new-wrong": ("outages/new.html", partial(_named, "form", outages.wrong_form)),
    "journal": ("office/journal.html", partial(_named, "journal", office.journal)),
    "terms": ("office/terms.html", partial(_named, "terms", office.terms)),
    "terms-empty": ("office/terms.html", partial(_named, "terms", office.no_acts)),
    "looks": ("office/looks.html", partial(_named, "looks", office.looks)),
    "imports": ("stock/imports.html", partial(_named, "list", stock.imports)),
    "imports-empty": ("stock/imports.html", partial(_named, "list", stock.nothing)),
    "import-report": ("stock/run.html", partial(_named, "run", stock.report)),
    "import-going": ("stock/run.html", partial(_named, "run", stock.going)),
    "import-carried": ("stock/run.html", partial(_named, "run", stock.carried)),
    "import-taken-back": ("stock/run.html", partial(_named, "run", stock.taken_back)),
    "companies": ("offices/companies.html", partial(_named, "list", offices.companies)),
    "companies-empty": ("offices/companies.html", partial(_named, "list", offices.companies_empty)),
    "company": ("offices/company.html", partial(_named, "company", offices.company)),
    "people": ("offices/people.html", partial(_named, "list", offices.people)),
    "people-empty": ("offices/people.html", partial(_named, "list", offices.people_empty)),
    "person": ("offices/person.html", partial(_named, "person", offices.person)),
    "crews": ("offices/crews.html", partial(_named, "list", offices.crews)),
    "crews-empty": ("offices/crews.html", partial(_named, "list", offices.crews_empty)),
    "crew": ("offices/crew.html", partial(_named, "crew", offices.crew)),
    "mail": ("office/mail.html", partial(_named, "mailbox", office.mailbox)),
    "failure": ("office/failure.html", partial(_named, "failure", office.failure)),
    "ticket": ("console/ticket.html", partial(_named, "ticket", ticket.ticket)),
    "ticket-returned": (
        "console/ticket.html",
        partial(_named, "ticket", ticket.returned),
    ),
    "ticket-both": ("console/ticket.html", partial(_named, "ticket", ticket.both)),
    "ticket-old": ("console/ticket.html", partial(_named, "ticket", ticket.old)),
    "resident": ("public/ticket.html", partial(_named, "ticket", resident.in_work)),
    "resident-confirm": (
        "public/ticket.html",
        partial(_named, "ticket", resident.asked),
    ),
    "resident-rate": ("public/ticket.html", partial(_named, "ticket", resident.rated)),
    "resident-late": ("public/ticket.html", partial(_named, "ticket", resident.too_late)),
    "resident-thanks": (
        "public/ticket.html",
        partial(_named, "ticket", resident.thanked),
    ),
    "resident-returned": (
        "public/ticket.html",
        partial(_named, "ticket", resident.returned),
    ),
    "resident-dead": ("public/link_dead.html", partial(_named, "dead", resident.dead)),
    "field-jobs": ("field/jobs.html", partial(_named, "jobs", field.jobs)),
    "field-empty": ("field/jobs.html", partial(_named, "jobs", field.no_jobs)),
    "field-taken": ("field/jobs.html", partial(_named, "jobs", field.jobs_taken)),
    "field-job": ("field/job.html", partial(_named, "job", field.job)),
    "field-done": ("field/job.html", partial(_named, "job", field.job_done)),
}


def _work(now: datetime) -> dict[str, Any]:
    made = console.step(now, 3)
    return {"page": made.page, "work": made.work, "foot": made.foot}


FRAGMENTS: dict[str, Sample] = {
    "work": ("console/work_answer.html", _work),
    "queue": ("console/queue.html", lambda now: {"queue": console.queue(console.rows(now))}),
    "threatened": ("console/threatened.html", lambda now: {"threatened": console.threatened(now)}),
    "top": ("console/top.html", lambda now: {"top": console.top(ready=False)}),
    "line": ("console/line.html", lambda now: {"answer": console.line(now)}),
    "duty": ("office/duty_body.html", lambda now: {"duty": office.duty(now)}),
    "presence": ("console/presence.html", lambda now: {"presence": c.Presence(names=("Сидорова М. А.",))}),
    "outage-preview": ("outages/preview.html", lambda now: {"preview": outages.preview(now)}),
    "near": ("console/near.html", lambda now: {"tab": console_cards.tabs(now)[0]}),
    "run": ("stock/run_body.html", partial(_named, "run", stock.going)),
    "bulk": ("lists/bulk_body.html", partial(_named, "bulk", lists.bulk)),
    "count": ("lists/count.html", lambda now: {"line": lists.line()}),
    "suggestions": ("console/suggestions.html", lambda now: {"suggestions": console_cards.suggestions(now)}),
    "natures": ("console/ticket_choices.html", lambda now: {"f": ticket.retyped()}),
    "addresses": ("console/addresses.html", lambda now: {"hits": c.AddressHits(query="лен15-42", hits=(
        c.AddressHit(value="42", title="ул. Ленина, 15, кв. 42", detail="Петрова А. С."),
        c.AddressHit(value="building/15", title="ул. Ленина, 15", detail="весь дом"),
    ))}),
}  # fmt: skip
