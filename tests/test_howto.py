"""The recipes can be followed: their commands are typed as the program understands them, their settings
exist, their configurations are read by the programs that they are for."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.stories.lacking import lacks
from vakhta.cli.main import COMMANDS
from vakhta.cli.parser import Parser
from vakhta.config.options import OPTIONS

HOWTO = Path(__file__).resolve().parent.parent / "docs" / "howto"
RECIPES = sorted(HOWTO.glob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
TYPED = re.compile(rf"\bvakhta ((?:{'|'.join(COMMANDS)})\b(?!:)[^|\n]*)")
recipes = pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)


def blocks(recipe: Path, *kinds: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(recipe.read_text(encoding="utf-8")) if kind in kinds]


@recipes
def test_commands_are_typed_as_they_are_understood(recipe: Path) -> None:
    typed = [
        words.strip()
        for text in blocks(recipe, "console", "", "ini")
        for line in text.splitlines()
        if line.startswith(("$ ", "# sudo", "ExecStart=/", "vakhta "))
        for words in TYPED.findall(line.partition("=")[2] if line.startswith("Exec") else line)
    ]
    for words in typed:
        if "…" in words:
            continue
        parser = Parser(prog="vakhta")
        subparsers = parser.add_subparsers(dest="command")
        said = shlex.split(words)
        import_module(f"vakhta.cli.{said[0]}").add_parser(subparsers)
        parser.parse_args(said)  # exits when it is not understood


@recipes
def test_settings_that_are_named_exist(recipe: Path) -> None:
    names = {option.name for option in OPTIONS} | {"VAKHTA_CONFIG", "VAKHTA_TEST_POSTGRES"}
    text = recipe.read_text(encoding="utf-8")
    assert set(re.findall(r"\bVAKHTA_[A-Z_]*[A-Z]\b", text)) - names <= {"VAKHTA_PROT"}, (
        "but the one that is a typo"
    )
    keys = {option.toml_key.lower() for option in OPTIONS}
    for block in blocks(recipe, "toml"):
        if "vakhta.toml" in block or "database_url" in block:
            assert set(tomllib.loads(block)) <= keys


def read_by(program: str, package: str, *words: str) -> subprocess.CompletedProcess[str]:
    path = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path is None:
        lacks(program, package)
    return subprocess.run([path, *words], capture_output=True, text=True, check=False)


def test_haproxy_reads_its_configuration(tmp_path: Path) -> None:
    (text,) = blocks(HOWTO / "cluster.md", "haproxy")
    (tmp_path / "haproxy.cfg").write_text(text)
    read = read_by("haproxy", "haproxy", "-c", "-f", str(tmp_path / "haproxy.cfg"))
    assert read.returncode == 0, read.stderr


def test_no_server_of_the_recipe_writes_down_addresses() -> None:
    """A resident's link that is opened by http is redirected with its key in it, and a page that is down for a moment is an
    error that quotes the address."""
    (text,) = blocks(HOWTO / "production.md", "nginx")
    servers = re.split(r"^server \{", text, flags=re.M)[1:]
    assert len(servers) == 2
    for server in servers:
        assert "access_log off;" in server and re.search(r"error_log \S+ crit;", server)


def test_etcd_knows_each_of_its_settings() -> None:
    """It reads them from its environment, by the names of its options, and passes over what it does not know."""
    (text,) = blocks(HOWTO / "cluster.md", "sh")
    named = re.findall(r"^(ETCD_\w+)=\S+$", text, re.M)
    told = read_by("etcd", "etcd-server", "--help")
    assert len(named) == 8
    for name in named:
        assert f"--{name[5:].lower().replace('_', '-')} " in told.stdout + told.stderr, name


def test_the_cluster_of_the_recipe_is_the_one_that_is_tried() -> None:
    """What makes «accepted» survive stands in the recipe as in the story that kills the primary."""
    recipe = (HOWTO / "cluster.md").read_text(encoding="utf-8")
    story = (HOWTO.parent.parent / "tests" / "stories" / "test_patroni.py").read_text(encoding="utf-8")
    for name, value in {
        "ttl": "20",
        "loop_wait": "1",
        "retry_timeout": "3",
        "synchronous_mode": "true",
    }.items():
        assert f"    {name}: {value}\n" in recipe
        assert f'"{name}": {value.title()},' in story
    for line in (
        "option httpchk GET /primary",
        "default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions",
    ):
        assert line in recipe and line in story


def test_every_measure_is_in_the_recipe_and_none_is_made_up() -> None:
    recipe = (HOWTO / "monitoring.md").read_text(encoding="utf-8")
    sources = "".join(
        (HOWTO.parent.parent / "src" / "vakhta" / "web" / path).read_text(encoding="utf-8")
        for path in ("health/measures.py", "live/app.py")
    )
    made = set(re.findall(r"\bvakhta_[a-z_]+\b", sources))
    told = {re.sub(r"_(total|bucket)$", "", name) for name in re.findall(r"\bvakhta_[a-z_]+\b", recipe)}
    assert made == told
