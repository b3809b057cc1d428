"""Property tests do not fail because a shared machine was slow; set LAW_EXAMPLES for more examples."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile(
    "law", deadline=None, database=None, max_examples=int(os.environ.get("LAW_EXAMPLES", "100"))
)
settings.load_profile("law")
