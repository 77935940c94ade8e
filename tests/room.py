"""Where the tests' files lie: in memory where there is room, so that no test waits for a disk.

The product syncs every commit, in the tests as anywhere else. On a disk four fifths of the time of its tests would be
spent waiting for that. What kills a process leaves memory as it leaves a disk; what a power cut leaves is worked out
in tests/kills/power.py.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory
ENOUGH: Final = 3 << 30
"""Bytes: databases, backups and browsers of several workers at once; containers often have 64 MB."""


def take() -> None:
    """Keep temporary files in memory, unless TMPDIR says where; workers and processes of the tests follow."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # read anew
