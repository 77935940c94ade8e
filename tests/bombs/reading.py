"""Reads bombs in a process with a limit on memory, and says of each what came of it and what it took.

`python -m tests.bombs.reading workbooks`: one JSON object a line. `tests/bombs/test_tables.py` holds it.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from survey.i18n import Refused
from survey.services.roster.roster import read_roster
from tests.bombs import tables

KINDS: Final = {"workbooks": (tables.WORKBOOKS, "roster.xlsx"), "lists": (tables.LISTS, "roster.csv")}


def resident() -> int:
    """Return how many bytes of this process lay in memory at most since the last `forget`."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def forget() -> None:
    """Count the most memory anew from here."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def went_off(make: Callable[[], bytes], name: str) -> dict[str, object]:
    """Read one bomb; return the sentence it was refused with, and what that took."""
    data = make()
    forget()
    before, began = resident(), time.process_time()
    try:
        read_roster(data, name)
        said = ""
    except Refused as refused:
        said = refused.sentence.to("en")
    return {"said": said, "size": len(data), "memory": resident() - before, "seconds": time.process_time() - began}


def main(kind: str, left_out: frozenset[str]) -> None:
    """Read all bombs of a kind."""
    bombs, name = KINDS[kind]
    for title, make in bombs.items():
        if title not in left_out:
            sys.stdout.write(json.dumps({"title": title, **went_off(make, name)}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], frozenset(sys.argv[2:]))
