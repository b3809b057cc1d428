"""The law as frozen tables, one file per act, and the one registry of them."""

from __future__ import annotations

from vakhta.domain.norms import Norms
from vakhta.domain.regulations import contracts, pp416

NORMS = Norms((*pp416.NORMS, *contracts.NORMS))
