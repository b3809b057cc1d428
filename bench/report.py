"""The table of a run in docs/speed.md: what was measured, its bar, how it grew from a tenth of the rows."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from bench.city import COMPANIES
from bench.limits import GROWS_AT_MOST, Measured, growth
from bench.size import ENTRIES, Size
from vakhta.kernel import clock

DOCUMENT = Path(__file__).parent.parent / "docs" / "speed.md"
BEGIN, END = "<!-- written by make bench -->", "<!-- to here -->"


def grown_too_much(whole: Measured, tenth: Measured) -> list[str]:
    """Figures that grow with history more than they may."""
    small = {figure.what: (figure, pace) for figure, pace in tenth.figures}
    return [
        f"{figure.what}: {grown:.2f}×"
        for figure, pace in whole.figures
        if figure.what in small
        and (grown := growth((figure, pace), small[figure.what])) is not None
        and grown > GROWS_AT_MOST
    ]


def write(whole: Measured, tenth: Measured, size: int, spent: float) -> None:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    said = "\n".join([BEGIN, "", *_lines(whole, tenth, size, spent), "", END])
    DOCUMENT.write_text(before + said + after, encoding="utf-8")
    print(f"written: docs/{DOCUMENT.name}")


def _lines(whole: Measured, tenth: Measured, size: int, spent: float) -> list[str]:
    tickets = Size(size).tickets
    small = {figure.what: (figure, pace) for figure, pace in tenth.figures}
    lines = [
        f"`make bench SIZE={size}` on {clock.today():%d.%m.%Y}: {size:,} accounts, {tickets:,} tickets, {tickets * ENTRIES:,} "
        f"journal entries, {COMPANIES} companies; {_machine()}; {spent / 60:.0f} minutes in all.",
        "",
        "| what | measured | bar | at a tenth | growth | yardstick: Python, pgbench |",
        "|---|---|---|---|---|---|",
    ]
    for figure, pace in whole.figures:
        other = small.get(figure.what)
        grown = growth((figure, pace), other) if other else None
        cells = [
            figure.what + (f"<br>{figure.note}" if figure.note else ""),
            figure.said + ("" if figure.is_kept else " **missed**"),
            figure.said_bar,
            other[0].said if other else "",
            "" if grown is None else f"{grown:.2f}×" + (" **missed**" if grown > GROWS_AT_MOST else ""),
            str(pace),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    took = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in whole.took.items())
    where = ", ".join(f"{title} {share:.0%}" for title, share in whole.profile)
    return [
        *lines,
        "",
        f"How long each part took at the whole size: {took}.",
        "",
        f"Where a registration's time goes in the process that answers it (cProfile, own time): {where}.",
    ]


def _machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )  # fmt: skip
    return (
        f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, PostgreSQL 18 of the package"
    )
