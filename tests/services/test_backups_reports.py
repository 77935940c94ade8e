"""What was published reads the same after a restore: every report and every file of the results, byte for byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from reports.pdf import render
from survey.database import reading
from survey.services.publication import publication
from tests.cluster import Cluster
from tests.journeys.doors import published
from tests.services.installations import Target, back_up, empty
from tests.services.rounds import WAVE


@pytest.fixture
def other(engine: Engine, tmp_path: Path, postgresql: Cluster) -> Iterator[Target]:
    """Give an empty installation on the other database."""
    kind = "postgresql" if engine.dialect.name == "sqlite" else "sqlite"
    with empty(kind, tmp_path, postgresql) as made:
        yield made


def reports(engine: Engine) -> dict[str, bytes]:
    """Print every unit's report, in Korean and one in English."""
    with reading(engine) as session:
        results = publication.publication(session, WAVE)
    wanted = [(unit.code, "ko") for unit in results.units] + [("NORTH", "en")]
    return {f"{code} {language}": render(results, code, language) for code, language in wanted}


def test_all_reports_are_the_same_after_a_restore(engine: Engine, home: Path, tmp_path: Path, other: Target) -> None:
    """From SQLite to PostgreSQL and back, whole units and hidden ones."""
    results = published(engine, home)
    before = reports(engine)
    assert len(before) == len(results.units) + 1
    back_up(engine, home)
    other.restore(tmp_path / "all.backup", home / "keys")
    assert reports(other.engine) == before
