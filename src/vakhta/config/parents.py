"""A process that ends with its parent, however that ends: alone it would hold a port or a folder."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl  # loaded beforehand: between fork and exec nothing is


def end_with(parent: int, by: signal.Signals) -> None:
    """The kernel sends `by` to this process when its parent, of this pid, ends."""
    _prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:  # it has ended in between
        os._exit(1)
