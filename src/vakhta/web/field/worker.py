"""The technician's service worker: `static/js/worker.js` with what only the server knows before it.

Its text changes with every release, so a browser that asks for it takes the new one at once.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

SCRIPT = "js/worker.js"
ASSETS = (
    "css/base.css",
    "css/field.css",
    "css/fonts-small.css",
    "css/parts.css",
    "css/tokens.css",
    "icons/vakhta.svg",
    "js/clock.js",
    "js/combo.js",
    "js/draft.js",
    "js/field.js",
    "js/live.js",
    "js/outbox.js",
    "js/lacks.js",
    "js/mend.js",
    "js/parts.js",
    "js/press.js",
    "js/token.js",
    "js/words.js",
    "js/waiting.js",
    "vendor/golos-cyrillic-400.woff2",
    "vendor/golos-cyrillic-600.woff2",
    "vendor/golos-latin-400.woff2",
    "vendor/golos-latin-600.woff2",
    "vendor/htmx.min.js",
    "vendor/icons.svg",
)
"""Everything that the technician's pages need beside themselves."""


def _path(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"нет {name}: выполните vakhta assets collect")
    return Path(str(found))


@cache
def release() -> str:
    """The same as long as no file of the pages changes."""
    sha = hashlib.sha256()
    for name in (*ASSETS, SCRIPT):
        sha.update(name.encode() + b"\0" + _path(name).read_bytes())
    return sha.hexdigest()[:12]


@cache
def _source() -> str:
    return _path(SCRIPT).read_text(encoding="utf-8")


def script() -> str:
    """The worker for a browser."""
    known = {
        "release": release(),
        "assets": [static(name) for name in ASSETS],
        "list": reverse("field:orders"),
        "noNetwork": reverse("field:no_network"),
        "keptFor": settings.SESSION_COOKIE_AGE * 1000,
    }
    return f"self.vakhta = {json.dumps(known)};\n{_source()}"
