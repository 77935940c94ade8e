"""Lives drawn at random, on both databases: after every step the promises hold. What is broken on purpose is found."""

import itertools
import time
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.conftest import Begin
from tests.fuzz.faults import FAULTS
from tests.fuzz.told import Life

STEPS: Final = 25
LONGER: Final = 50
AT_ONCE: Final = 40
"""Lives that are drawn before the clock is looked at, in the long form."""
ENOUGH: Final = 40
"""Lives in which a broken build must be found; the first few do for each of ours."""


def drawn(lives: int, steps: int = STEPS, *, again: bool = True) -> settings:
    """Return how lives are drawn, without a limit on time; `again` has the same ones come in every run."""
    return settings(
        max_examples=lives, stateful_step_count=steps, derandomize=again, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip


def lives_of(begin: Begin) -> type[Life]:
    """Return lives that begin in this way."""
    return type("Here", (Life,), {"begin": staticmethod(begin)})


def test_promises_hold_whatever_happens(on_sqlite: Begin) -> None:
    """People come and go, waves open and close, clocks jump, processes end: each promise holds after each step."""
    run_state_machine_as_test(lives_of(on_sqlite), settings=drawn(12))


def test_promises_hold_on_a_grown_database(on_postgresql: Begin) -> None:
    """The same on PostgreSQL, in fewer lives."""
    run_state_machine_as_test(lives_of(on_postgresql), settings=drawn(2))


def test_promises_hold_for_as_long_as_one_likes(on_sqlite: Begin, on_postgresql: Begin, fuzz_minutes: float) -> None:
    """Longer lives, other ones in every run, most of them on SQLite, until the minutes are over."""
    until = time.monotonic() + 60 * fuzz_minutes
    for number in itertools.takewhile(lambda _: time.monotonic() < until, itertools.count(time.time_ns())):
        here = lives_of(on_postgresql if number % 8 == 0 else on_sqlite)
        run_state_machine_as_test(seed(number)(here), settings=drawn(AT_ONCE, LONGER, again=False))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_build_is_found(fault: str, on_sqlite: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault made by hand breaks a promise within a few lives."""
    FAULTS[fault](monkeypatch)
    found = settings(drawn(ENOUGH), phases=[Phase.generate], report_multiple_bugs=False, print_blob=False)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(lives_of(on_sqlite), settings=found)
