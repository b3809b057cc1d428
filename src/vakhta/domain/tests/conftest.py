"""Property tests do not fail because a shared machine was slow; set VAKHTA_HYPOTHESIS for more examples."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile(
    "law", deadline=None, database=None, max_examples=int(os.environ.get("VAKHTA_HYPOTHESIS", "100"))
)
settings.load_profile("law")
