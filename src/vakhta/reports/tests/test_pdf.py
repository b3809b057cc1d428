"""Papers are compiled in the process that answers pages: what they took is given back."""

from __future__ import annotations

import subprocess
import sys

GROWN = """
from vakhta.reports.pdf import compile_pdf

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4 // 1024

def a_year(said):
    rows = [[f"{said}, {place}", *["12"] * 7] for place in range(366)]
    compile_pdf("indicators", {
        "title": "Показатели", "lines": [], "head": "День", "empty": "", "groups": [{"title": "Заявки", "columns": ["всего"] * 7}],
        "rows": rows, "total": [], "norms_head": [], "norms": [], "norms_title": "", "foot": "", "note": "", "plot": None, "beams": None,
    })

a_year(0)
before = resident()
for said in range(1, 7):
    a_year(said)
print(resident() - before)
"""


def test_long_papers_are_not_kept_by_the_process_that_made_them() -> None:
    said = subprocess.run([sys.executable, "-c", GROWN], capture_output=True, text=True, check=True).stdout
    assert int(said) <= 40, "MB"
