"""For the drill: how many things are killed, and which."""

import pytest

KILLS = 25
"""On each database, unless `--kills` says how many."""


@pytest.fixture
def killed(request: pytest.FixtureRequest) -> int:
    """Give how many things are killed."""
    return int(request.config.getoption("--kills") or KILLS)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Give the number from which it follows what is killed in which order, and what people do."""
    return int(request.config.getoption("--seed"))
