"""Bombs in the uploads of HR: read in a child, which must answer each with a sentence and stay small."""

import json
import resource
import subprocess
import sys
from typing import Final

import pytest

from tests.bombs import tables
from tests.bombs.reading import KINDS
from tests.house.source import ROOT

MOST: Final = 320 << 20
"""Bytes of memory for one file: ten times the largest upload."""
ADDRESS_SPACE: Final = 3 << 30
FINE: Final = {"members without end", "formulas without end"}
"""Large in nothing that we read: the table in it is a good one."""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_takes_the_server_down(kind: str, *, bombs: bool) -> None:
    """Each of them is answered with a sentence, in a bounded part of memory, and the next is read all the same."""
    left_out = set() if bombs else tables.LONG
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.bombs.reading", kind, *sorted(left_out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=_limited,
    ).stdout
    found = [json.loads(line) for line in told.splitlines()]
    assert [each["title"] for each in found] == [title for title in KINDS[kind][0] if title not in left_out]
    for each in found:
        assert bool(each["said"]) == (each["title"] not in FINE), each
        assert each["memory"] < MOST, each
