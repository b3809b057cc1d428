"""`vakhta assets collect`: what the pages need of node_modules, as `web/vendor.toml` lists it, and
their English words, compiled.
`vakhta assets types`: the pages' own scripts through the TypeScript checker."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from vakhta.cli.catalogue import compile_catalogue
from vakhta.cli.main import Mistake

WEB = Path(__file__).resolve().parent.parent / "web"
ROOT = WEB.parent.parent.parent
VENDOR = WEB / "static" / "vendor"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("assets", help="библиотеки страниц")
    parser.add_argument("what", choices=("collect", "types"))


def run(args: argparse.Namespace) -> int:
    return collect() if args.what == "collect" else check_types()


def collect() -> int:
    listed = tomllib.loads((WEB / "vendor.toml").read_text(encoding="utf-8"))
    modules = ROOT / "node_modules"
    VENDOR.mkdir(parents=True, exist_ok=True)
    for entry in listed["file"]:
        source = modules / entry["from"]
        if not source.exists():
            raise Mistake(f"нет {entry['from']} в node_modules: повторите make setup")
        target = VENDOR / entry["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    icons = listed["icons"]
    (VENDOR / icons["to"]).write_text(sprite(modules / icons["from"], icons["names"]), encoding="utf-8")
    compile_catalogue()
    return 0


def sprite(folder: Path, names: list[str]) -> str:
    """One SVG with a symbol for each icon; the drawing rules stand in the pages' CSS."""
    symbols = []
    for name in sorted(set(names)):
        path = folder / f"{name}.svg"
        if not path.exists():
            raise Mistake(f"нет значка {name} в {folder.name}")
        body = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.S)
        assert body is not None
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body[1].split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def check_types() -> int:
    scripts = sorted(str(path) for path in (WEB / "static" / "js").glob("*.js"))
    tsc = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    flags = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022", "--module", "es2022"]
    return subprocess.run(  # nosec B603  # npm by our own words, no shell
        [
            node,
            str(tsc),
            *flags,
            "--moduleResolution",
            "bundler",
            "--lib",
            "es2022,dom,dom.iterable",
            *scripts,
        ],
        check=False,
    ).returncode
