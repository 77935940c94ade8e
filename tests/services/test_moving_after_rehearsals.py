"""An installation that has rehearsed moves like any other."""

import datetime as dt
from pathlib import Path

from sqlalchemy import Engine

from survey.database import writing
from survey.services.waves import closing, opening, rehearsal, wave_plans
from tests import cast
from tests.services import rounds
from tests.services.installations import empty
from tests.services.test_moving import LATER, move


def test_an_old_rehearsal_keeps_nobody_from_moving(engine: Engine, home: Path, tmp_path: Path) -> None:
    """Its answers went at its end: a month later, or three years, nothing is due."""
    with writing(engine) as session:
        cast.load(session)
        wave_plans.draft(session, rounds.plan(), cast.NOW)
        tried = rehearsal.plan(session, rounds.WAVE, cast.NOW).code
        assert rehearsal.choose_leads(session, tried)
        opening.open_wave(session, tried, cast.NOW, home)
        closing.close(session, tried, cast.NOW + dt.timedelta(days=1))
    with empty("sqlite", tmp_path) as target:
        assert move(engine, target.engine, now=LATER).rows
