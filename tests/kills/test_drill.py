"""The drill sees what is broken, or what it says of the product proves nothing."""

from pathlib import Path
from typing import Final

import pytest

from tests.kills.drill import Round
from tests.kills.stores import SqliteStore

COMPANIES: Final = 10
"""In how many the drill may look for what is broken."""
IN_EVERY_RUN: Final = "two_transactions"


@pytest.mark.parametrize(
    ("product", "found"), [("thanks_first", "lost after the thanks"), ("two_transactions", "taken, and not counted")]
)
def test_the_drill_sees_what_is_broken(
    tmp_path: Path, request: pytest.FixtureRequest, product: str, found: str
) -> None:
    """Where thanks come before the commit, or code and answers are kept apart, the same drill says so.

    A kill may fall where nothing is lost yet, or on somebody who presses once more: then another company is tried.
    """
    if product != IN_EVERY_RUN and not request.config.getoption("--kills"):
        pytest.skip("tried with --kills")

    def wrong(number: int) -> list[str]:
        folder = tmp_path / f"{number}"
        folder.mkdir()
        store = SqliteStore(folder / "home")
        main = f"from tests.kills.broken import {product} as main"
        return Round(folder, store, f"{number}", ["group"] * 2, main).run().wrong

    assert any(found in each for number in range(COMPANIES) for each in wrong(number))
