from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from tests.spec.manual import MANUAL, render
from tests.spec.section import HERE, Case, Section, cases
from tests.spec.tables import SECTIONS


def _all() -> Iterator[Any]:
    for section in SECTIONS:
        for case in cases(section.table) if section.table else ():
            yield pytest.param(section, case, id=f"{section.table}: {case.name}")


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Fraction) else value


@pytest.mark.parametrize(("section", "case"), list(_all()))
def test_scoring_agrees_with_the_manual(section: Section, case: Case) -> None:
    """Every case of the manual comes out as the manual says, numbers to 1e-6 and fractions exactly."""
    assert section.call is not None
    made = section.call(case.given)
    assert made.keys() == case.expect.keys()
    for name, expected in case.expect.items():
        got = _plain(made[name])
        if isinstance(expected, float | list):
            assert got == pytest.approx(expected, rel=1e-6, abs=1e-6)
        else:
            assert got == expected


def test_every_table_is_in_the_manual() -> None:
    """No table lies beside the manual unread."""
    assert sorted(path.stem for path in HERE.glob("*.toml")) == sorted(s.table for s in SECTIONS if s.table)


def test_the_manual_is_current() -> None:
    """docs/scoring.md is what the tables and docstrings render (python -m tests.spec.manual writes it)."""
    assert MANUAL.read_text("utf-8") == render()
