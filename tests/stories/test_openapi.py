"""The OpenAPI document is true: schemathesis sends to every operation what it allows and what it forbids, at
the edges of each field and at random, and every answer is one that the document names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cast import Cast
from tests.stories.running import free_port, until
from vakhta.web.tests.steps import registered

pytestmark = pytest.mark.slow

EXAMPLES = 40
"""At random, of each operation and of each kind; those at the edges are counted by the fields."""

HOW = f"""--phases examples,coverage,fuzzing --mode all --checks all --continue-on-failure --no-shrink
--max-examples {EXAMPLES} --seed 1 --generation-deterministic --no-color""".split()

CONFIG = """hooks = "tests.stories.openapi_hooks"
[parameters]
"path.number" = "{number}"
"path.id" = 1
"""


def test_every_operation_answers_as_the_document_says(
    people: Cast, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    start("serve", VAKHTA_PORT=str(port))
    until(lambda: answers(f"{url}/health/live"), "the pages answer")
    number = registered(people).number
    (tmp_path / "schemathesis.toml").write_text(CONFIG.format(number=number))
    words = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json", *HOW]
    words += ["--header", f"Authorization: Bearer {people.token}"]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    made = subprocess.run(
        words, capture_output=True, text=True, cwd=tmp_path, env=env, timeout=240, check=False
    )
    assert made.returncode == 0, made.stdout[-20_000:] + made.stderr


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
