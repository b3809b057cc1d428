"""`python -m vakhta.cli.locks`: are the locks of today's inputs, with hashes and without addresses?
`… write` makes requirements.lock anew."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
LOCK = ROOT / "requirements.lock"


def inputs() -> list[str]:
    """What the project asks for: its dependencies and the groups for building and for developing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return sorted([*project["project"]["dependencies"], *groups["build"], *groups["dev"]])


def stamp() -> str:
    return "# made of " + hashlib.sha256("\n".join(inputs()).encode()).hexdigest()[:16]


def check() -> int:
    lock = LOCK.read_text(encoding="utf-8")
    package_lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    mistakes = []
    if not lock.startswith(stamp()):
        mistakes.append("requirements.lock is not of today's pyproject.toml: make lock")
    for name, text in (("requirements.lock", lock), ("package-lock.json", package_lock)):
        if re.search(r"https?://[^\"\s]*(registry|/simple|/packages/|\.tgz|\.whl)", text):
            mistakes.append(f"{name} holds an address")
    unhashed = [
        line for line in re.findall(r"^[\w.\[\]-]+==[^\n]*", lock, re.M) if not line.rstrip().endswith("\\")
    ]
    if unhashed:
        mistakes.append(f"requirements.lock: no hash for {', '.join(unhashed)}")
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    return 1 if mistakes else 0


def write() -> int:
    words = [str(ROOT / ".venv/bin/uv"), "pip", "compile", "--universal", "--generate-hashes", "--no-header"]
    words += [
        "--no-annotate",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--python-version",
        "3.11",
        "-q",
        "-",
    ]
    made = subprocess.run(words, input="\n".join(inputs()), capture_output=True, text=True, check=False)  # nosec B603  # uv of this venv, no shell
    if made.returncode:
        print(made.stderr, file=sys.stderr)
        return 1
    LOCK.write_text(f"{stamp()}\n{made.stdout}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(write() if sys.argv[1:] == ["write"] else check())
