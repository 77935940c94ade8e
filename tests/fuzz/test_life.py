"""Lives drawn at random, on both databases: after every step the promises hold. What is broken on purpose is found."""

import itertools
import time
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.broken import FAULTS
from tests.fuzz.conftest import Begin
from tests.fuzz.told import Life

STEPS: Final = 25
LONGER: Final = 50
AT_ONCE: Final = 10
"""Lives that are drawn before the clock is looked at, in the long form."""
ENOUGH: Final = 40
"""Lives in which a broken build must be found; the first few do for each of ours."""


def drawn(lives: int, steps: int = STEPS, *, again: bool = True) -> settings:
    """Return how lives are drawn, without a limit on time; `again` has the same ones come in every run."""
    return settings(
        max_examples=lives, stateful_step_count=steps, derandomize=again, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip


def lives_of(begin: Begin, *elsewhere: Begin) -> type[Life]:
    """Return lives that begin in this way, and go on in those in turn where they are put back, or move."""
    return type("Here", (Life,), {"begin": staticmethod(begin), "elsewhere": elsewhere or (begin,)})


def test_promises_hold_whatever_happens(on_sqlite: Begin) -> None:
    """People come and go, waves open and close, clocks jump, processes end: each promise holds after each step."""
    run_state_machine_as_test(lives_of(on_sqlite), settings=drawn(12))


def test_promises_hold_on_a_grown_database(on_postgresql: Begin, on_sqlite: Begin) -> None:
    """The same on PostgreSQL, in fewer lives, which may go on on SQLite."""
    run_state_machine_as_test(lives_of(on_postgresql, on_postgresql, on_sqlite), settings=drawn(2))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_promises_hold_for_as_long_as_one_likes(
    kind: str, on_sqlite: Begin, on_postgresql: Begin, fuzz_minutes: float
) -> None:
    """Longer lives, other ones in every run, from either database to either, until the minutes are over."""
    until, begin = time.monotonic() + 60 * fuzz_minutes, on_sqlite if kind == "sqlite" else on_postgresql
    for number in itertools.takewhile(lambda _: time.monotonic() < until, itertools.count(time.time_ns())):
        here = lives_of(begin, on_sqlite, on_postgresql)
        run_state_machine_as_test(seed(number)(here), settings=drawn(AT_ONCE, LONGER, again=False))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_build_is_found(
    fault: str, on_sqlite: Begin, monkeypatch: pytest.MonkeyPatch, fuzz_minutes: float
) -> None:
    """Each fault made by hand breaks the promise that it should, within a few lives."""
    broken = FAULTS[fault]
    if not broken.always and not fuzz_minutes:
        pytest.skip("looked for with --fuzz-minutes")
    broken.make(monkeypatch)
    found = settings(drawn(ENOUGH), phases=[Phase.generate], report_multiple_bugs=False, print_blob=False)
    with pytest.raises(AssertionError) as why:
        run_state_machine_as_test(lives_of(on_sqlite), settings=found)
    assert {entry.name for entry in why.traceback} & set(broken.found)
