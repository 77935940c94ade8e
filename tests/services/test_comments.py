import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, insert, select, update

from survey.database import reading, writing
from survey.models import WaveUnit
from survey.models.responses import Comment
from survey.services.publication import comments as service
from survey.services.publication import publication
from survey.services.publication.imported import Upload
from survey.services.responses.replies import Good
from survey.services.waves import upkeep
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE
from tests.services.test_publication_import import PAPER, answers, take

LATER = rounds.OVER + dt.timedelta(days=1)
SALES = {"Di": "One", "Eun": "Two", "Max": "Three"}
CARE = {"Rae": "Four", "Sol": "Five"}
"""Two, and only the eight of Care by Phone may have written them."""
TOP = {"Cy": "Six"}


def told(engine: Engine, home: Path, said: Mapping[str, str]) -> None:
    """Open the cast's wave, let everybody answer and some write, close and publish it."""
    for name, code in rounds.open_cast(engine, home).items():
        rounds.answer(engine, rounds.sent(code, said.get(name, "")))
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, WAVE, LATER)


def read(engine: Engine, now: dt.datetime = LATER) -> dict[str, tuple[str, ...]]:
    """Read what may be read, in a session that cannot write."""
    with reading(engine) as session:
        return service.comments(session, publication.publication(session, WAVE), now)


def test_each_comment_is_read_at_one_unit(engine: Engine, home: Path) -> None:
    """What three of Sales wrote is read at Sales; what came from Care is too little there, and read at the company."""
    told(engine, home, {**SALES, **CARE, **TOP})
    found = read(engine)
    assert {unit: sorted(texts) for unit, texts in found.items()} == {
        "SALES": sorted(SALES.values()),
        "CO": sorted([*CARE.values(), *TOP.values()]),
    }


def test_too_few_comments_are_read_by_nobody(engine: Engine, home: Path) -> None:
    """Two in the whole company stay unread."""
    told(engine, home, CARE)
    assert read(engine) == {}


def test_the_order_is_that_of_random_ids(engine: Engine, home: Path) -> None:
    """Neither arrival nor wording orders them, and a second look finds the same order."""
    said = {
        member.name: f"{place:02d}" for place, member in enumerate(cast.MEMBERS) if member.unit in {"NORTH", "SOUTH"}
    }
    told(engine, home, said)
    found = read(engine)["SALES"]
    with reading(engine) as session:
        assert list(found) == list(session.scalars(select(Comment.text).order_by(Comment.id)))
    assert sorted(found) == sorted(said.values())
    assert read(engine)["SALES"] == found


def test_spare_codes_count_as_nobody(engine: Engine, home: Path) -> None:
    """Of fourteen answers five may be second ones: nine people are too few, at Sales as well as at the top."""
    told(engine, home, SALES)
    assert set(read(engine)) == {"SALES"}
    with writing(engine) as session:
        session.execute(update(WaveUnit).where(WaveUnit.code == "NORTH").values(spares_drawn=5))
    assert read(engine) == {}


def test_they_go_when_the_answers_go(engine: Engine, home: Path) -> None:
    """From the promised day on nothing is read, whether or not the hourly clean-up has run; then it is deleted."""
    told(engine, home, SALES)
    with reading(engine) as session:
        gone = service.deleted_on(session, WAVE)
    assert set(read(engine, gone - dt.timedelta(seconds=1))) == {"SALES"}
    assert read(engine, gone) == {}
    upkeep.tick(engine, home, gone)
    with reading(engine) as session:
        assert session.scalars(select(Comment)).all() == []
    assert read(engine, LATER) == {}


def test_a_record_and_what_is_made_of_it_hold_no_comment(engine: Engine, home: Path) -> None:
    """The record is kept for ever, so that no comment may ever enter it."""
    told(engine, home, {**SALES, "Di": "Kanarienvogel"})
    with reading(engine) as session:
        shown = publication.publication(session, WAVE)
    assert "Kanarienvogel" not in shown.frozen()[0].decode()
    assert "Kanarienvogel" not in str(publication.results(shown))
    assert "Kanarienvogel" in read(engine)["SALES"]


def test_imported_waves_have_none(engine: Engine) -> None:
    """Answers collected elsewhere bring no comments, whatever lies in the table."""
    take(engine, Upload(answers({"A": 12, "B": 17})))
    with writing(engine) as session:
        rows = [{"id": bytes([place] * 16), "wave_id": 1, "coarse_unit": "all", "text": "x"} for place in range(5)]
        session.execute(insert(Comment), rows)
        shown = publication.publish(session, PAPER.code, LATER)
        session.execute(update(Comment).values(coarse_unit=shown.root.code))
        assert service.comments(session, shown, PAPER.closes_at) == {}


def test_where_one_writes_stands_who_will_read(engine: Engine, home: Path) -> None:
    """A code knows the unit above its own: there a comment is kept. Who answers at the top has none above."""
    codes = rounds.open_cast(engine, home)
    for name, unit in (("Di", "Sales"), ("Cy", "Lighthouse Trading")):
        looked = rounds.look(engine, codes[name])
        assert isinstance(looked, Good)
        assert looked.coarse_names["en"] == unit
