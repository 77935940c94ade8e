"""A wave is closed by hand before its end, and then the clock is set back: what was over stays over."""

import datetime as dt
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.invitations import issue_key
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.responses.replies import AlreadyCounted, Closed, Sent
from survey.services.waves import closing, extension, frozen_facts, opening, upkeep, waves
from survey.services.waves.retention import months_after
from survey.services.waves.upkeep import Tick
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

HOUR: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)
ENDED: Final = cast.NOW + 5 * DAY
DUE: Final = months_after(ENDED, 24)
BACK: Final = (ENDED - HOUR, cast.NOW + DAY, cast.NOW - DAY)
"""Where the clock goes: by an hour, to the second day of the wave, before its opening."""


def ended(engine: Engine, home: Path, at: dt.datetime = ENDED) -> tuple[list[Sent], Sent]:
    """Let all but Di answer, and HR close the wave by hand; return what was counted, and what Di has not sent yet."""
    codes = rounds.open_cast(engine, home)
    late = rounds.sent(codes.pop("Di"))
    sent = [rounds.sent(code) for code in codes.values()]
    for form in sent:
        rounds.answer(engine, form)
    with writing(engine) as session:
        closing.close(session, WAVE, at, early=True)
    return sent, late


@pytest.mark.parametrize("back", BACK)
def test_nothing_is_taken_after_an_early_close(engine: Engine, home: Path, back: dt.datetime) -> None:
    """An answer that comes late is told when the wave ended, one that was counted is thanked for again, once."""
    sent, late = ended(engine, home)
    assert issue_key.exists(home, WAVE)
    assert upkeep.tick(engine, home, back) == Tick(keys_destroyed=(WAVE,))
    for opened in (None, back - HOUR, back, ENDED - HOUR):
        form = Sent(late.code, late.receipt, late.answers, late.comment, opened)
        assert rounds.answer(engine, form, back) == Closed(WAVE, ENDED)
        assert rounds.look(engine, late.code, back, opened) == Closed(WAVE, ENDED)
    assert rounds.answer(engine, sent[0], back) == AlreadyCounted(WAVE, sent[0].receipt)
    assert upkeep.tick(engine, home, back) == Tick()
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert (wave.state, wave.pepper, wave.closes_at) == ("closed", None, ENDED)
        assert len(list(responses.answer_rows(session, wave))) == len(sent)
        assert frozen_facts.broken(session, wave) is None


@pytest.mark.parametrize("back", BACK)
def test_what_was_over_does_not_begin_again(engine: Engine, home: Path, back: dt.datetime) -> None:
    """It is not closed twice, extended, or opened; and the next one does not come sooner."""
    ended(engine, home)
    with writing(engine) as session:
        first = opening.first_day(session)
    assert first == (cast.NOW + opening.APART).date()
    with pytest.raises(Refused, match="not open, so it cannot be closed"), writing(engine) as session:
        closing.close(session, WAVE, back, early=True)
    with pytest.raises(Refused, match="takes no answers now"), writing(engine) as session:
        extension.extend(session, WAVE, rounds.CLOSES + DAY, back)
    with pytest.raises(Refused, match="has been opened before"), writing(engine) as session:
        opening.open_wave(session, WAVE, back, home)
    with pytest.raises(Refused, match="80 days apart"):
        rounds.open_next(engine, home, rounds.plan("next", rounds.CLOSES, back))


@pytest.mark.parametrize("back", BACK)
def test_answers_go_on_the_day_that_follows_from_the_close(engine: Engine, home: Path, back: dt.datetime) -> None:
    """Not before it, whatever the clock said in between, and not later; what was published of them stays."""
    sent, _ = ended(engine, home)
    with writing(engine) as session:
        shown = publication.results(publication.publish(session, WAVE, back))
    for now in (back, DUE - HOUR, back):
        assert upkeep.tick(engine, home, now).deleted == ()
    assert upkeep.tick(engine, home, DUE).deleted == (WAVE,)
    assert upkeep.tick(engine, home, back) == Tick()
    assert rounds.answer(engine, sent[0], back) == Closed(WAVE, ENDED)
    with reading(engine) as session:
        assert not responses.is_kept(session, waves.wave(session, WAVE))
        assert publication.results(publication.publication(session, WAVE)) == shown


def test_a_close_before_the_opening_is_one_at_the_opening(engine: Engine, home: Path) -> None:
    """Where the clock was set back before HR closed: a wave ends after it began, and answers go sooner, not later."""
    _, late = ended(engine, home, cast.NOW - DAY)
    end = cast.NOW + waves.SHORTEST
    assert rounds.answer(engine, late, cast.NOW - DAY) == Closed(WAVE, end)
    assert rounds.answer(engine, late, cast.NOW + DAY) == Closed(WAVE, end)
    with reading(engine) as session:
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None
    assert upkeep.tick(engine, home, months_after(end, 24) - HOUR).deleted == ()
    assert upkeep.tick(engine, home, months_after(end, 24)).deleted == (WAVE,)
