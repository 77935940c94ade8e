import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, func, select, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.load import builtin
from survey.models import AuditEntry, Person, Publication, Wave, WaveUnit
from survey.privacy.audit import AuditFailed
from survey.privacy.released import Released, Suppressed
from survey.services.invitations.codes import new_receipt
from survey.services.practices import register
from survey.services.publication import publication
from survey.services.publication.publication import audit, publications, publish, results, verdict
from survey.services.responses.replies import Sent
from survey.services.roster import moves
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

LATER = rounds.OVER + dt.timedelta(days=90)
NEXT = "2027-Q1"


def form(code: str, **answers: int | None) -> Sent:
    """A form with fours everywhere, but for `answers`."""
    return Sent(code=code, receipt=new_receipt(), answers={**rounds.FOURS, **answers}, comment="")


@pytest.fixture
def closed(engine: Engine, home: Path) -> Engine:
    """The cast's wave, in which everybody answered, closed."""
    for place, code in enumerate(rounds.open_cast(engine, home).values()):
        rounds.answer(engine, form(code, play=1 + place % 7, inertia=7 - place % 6))
    rounds.close(engine)
    return engine


def published(engine: Engine, wave: str = WAVE, now: dt.datetime = LATER) -> None:
    """Publish the wave in a transaction of its own."""
    with writing(engine) as session:
        publish(session, wave, now)


def test_a_wave_is_published_once(closed: Engine) -> None:
    """A closed wave is published, kept with its digest, logged, and never made again."""
    published(closed)
    with reading(closed) as session:
        kept = session.scalars(select(Publication)).one()
        wave = session.scalars(select(Wave)).one()
        assert (wave.state, kept.published_on) == ("published", LATER.date())
        assert publication.publication(session, WAVE).digest == kept.digest
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.act, last.facts) == ("wave published", {"wave": WAVE, "digest": kept.digest})
    with pytest.raises(Refused, match="published already"):
        published(closed)


def test_results_appear_after_the_close(engine: Engine, home: Path) -> None:
    """While a wave is open there are no results, for nobody, in no form."""
    rounds.open_cast(engine, home)
    with pytest.raises(Refused, match="not closed yet"):
        published(engine)
    with reading(engine) as session:
        assert publications(session) == []
        with pytest.raises(Refused, match="not been published"):
            publication.publication(session, WAVE)
        with pytest.raises(Refused, match="not been published"):
            audit(session, WAVE)
        with pytest.raises(Refused, match="There is no wave X"):
            publication.publication(session, "X")


def test_what_the_cast_sees(closed: Engine) -> None:
    """North and South are shown; Chat, two people, was frozen into Care and cannot be told apart from it."""
    published(closed)
    with reading(closed) as session:
        shown = publication.publication(session, WAVE)
    assert shown.company_name("en") == "Lighthouse Trading"
    numbers = {unit.code: unit.figures.value.n for unit in shown.units if isinstance(unit.figures, Released)}
    assert numbers["CO"] == len(cast.MEMBERS)
    assert numbers["NORTH"] == 9
    assert "CHAT" not in numbers
    assert all(unit.names["ko"] for unit in shown.units)


def test_a_failed_audit_publishes_nothing(closed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a protection broken on purpose nothing is kept, and the wave stays closed."""
    with writing(closed) as session:
        session.execute(update(WaveUnit).where(WaveUnit.code == "SOUTH").values(spares_drawn=4))
    monkeypatch.setattr("survey.privacy.gate.protect_tree", lambda tree, *_: dict.fromkeys(tree.codes))
    with pytest.raises(AuditFailed, match="Nothing was published"):
        published(closed)
    with reading(closed) as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 0
        assert session.scalars(select(Wave.state)).one() == "closed"


def test_results_hold_all_and_only_what_is_released(closed: Engine) -> None:
    """The plain data of a publication name every unit: with its numbers, or with the reason why it has none."""
    published(closed)
    with reading(closed) as session:
        shown = publication.publication(session, WAVE)
    plain = results(shown)
    units = plain["units"]
    assert isinstance(units, dict)
    assert list(units) == [unit.code for unit in shown.units]
    for unit in shown.units:
        for part in ("figures", "detail", "sums"):
            value = getattr(unit, part)
            if isinstance(value, Suppressed):
                assert units[unit.code][part] == {"suppressed": value.reason}
            else:
                assert "suppressed" not in units[unit.code][part]
    assert isinstance(shown.root.figures, Released)
    assert units["CO"]["figures"]["index"]["text"] == shown.root.figures.value.index.text
    assert plain["digest"] == shown.digest


def test_the_audit_can_be_asked_again(closed: Engine) -> None:
    """The audit of the kept record says in words that it is safe."""
    published(closed)
    with reading(closed) as session:
        verdicts = audit(session, WAVE)
    assert all(found.safe for _, found in verdicts)
    assert str(verdict(verdicts)).startswith("Safe: ")


def second_wave(engine: Engine, home: Path) -> None:
    """Open, answer and close another wave."""
    ends = LATER + dt.timedelta(days=14)
    for place, code in enumerate(rounds.open_next(engine, home, rounds.plan(NEXT, ends, LATER)).values()):
        rounds.answer(engine, form(code, play=1 + place % 5))
    rounds.close(engine, ends + dt.timedelta(hours=1), NEXT)


def test_the_next_wave_names_the_last(closed: Engine, home: Path) -> None:
    """Changes are counted from the publication before, which the record names by code and digest."""
    published(closed)
    second_wave(closed, home)
    published(closed, NEXT)
    with reading(closed) as session:
        before, after = publications(session)
    assert (after.previous_wave, after.previous_digest) == (WAVE, before.digest)
    assert isinstance(after.root.detail, Released)
    change = after.root.detail.value.change
    assert change is not None
    assert change.since == WAVE


def test_who_moved_is_counted_from_frozen_rosters(closed: Engine, home: Path) -> None:
    """A person who left counts as moved in her unit and in every unit above, nowhere else."""
    published(closed)
    with writing(closed) as session:
        di = session.scalars(select(Person).where(Person.name == "Di")).one()
        di.unit_code = "SOUTH"
    second_wave(closed, home)
    with reading(closed) as session:
        before, after = session.scalars(select(Wave).order_by(Wave.id)).all()
        moved = moves.count(moves.moves(moves.roster(session, after), moves.roster(session, before)))
    assert moved == {"NORTH": 1, "SOUTH": 1}


def test_adopted_practices_are_frozen(closed: Engine) -> None:
    """What a unit had adopted when the wave closed stands in the publication."""
    with writing(closed) as session:
        register.adopt(session, register.Adoption("NORTH", "stand_ups", cast.TODAY, "Di"))
    published(closed)
    with reading(closed) as session:
        assert publication.publication(session, WAVE).unit("NORTH").adopted == {"stand_ups": cast.TODAY.isoformat()}


def test_another_version_of_the_questionnaire(closed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wave that was asked with another version of the instrument is not scored with this one."""
    newer = replace(builtin(), version="2099")
    monkeypatch.setattr("survey.services.instruments.registry.builtin", lambda *_: newer)
    with pytest.raises(Refused, match="here is version 2099"):
        published(closed)
