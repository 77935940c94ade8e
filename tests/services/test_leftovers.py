"""Leftover slips: voided by their codes, counted, and silent about which of them was used."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select, update

from survey.app import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Person
from survey.services.invitations import codes, invitations, leftovers
from survey.services.responses.replies import Accepted, Good, Spent
from survey.services.waves import waves
from tests import cast
from tests.services import rounds
from tests.services.rounds import WAVE

ACT = leftovers.Act(WAVE, cast.NOW, 1)


@pytest.fixture
def slips(engine: Engine, home: Path) -> list[str]:
    """An open wave in which nobody of Sales North has e-mail; the codes on the team's slips."""
    rounds.open_cast(engine, home)
    with writing(engine) as session:
        session.execute(update(Person).where(Person.unit_code.in_(("NORTH", "CHAT"))).values(email=None))
        drawn = invitations.codes_for_unit(session, WAVE, "NORTH", home, cast.NOW)
    return list(drawn.codes)


def void(engine: Engine, home: Path, typed: str, unit: str = "NORTH") -> int:
    """Hand slips in."""
    with writing(engine) as session:
        return leftovers.void(session, home, unit, typed, ACT)


def test_nobody_answers_with_a_voided_slip(engine: Engine, home: Path, slips: list[str]) -> None:
    """Two are left over: their codes open nothing any more, the others do; a scanner's whole link is understood."""
    link = f"https://survey.example.com/s#{codes.grouped(slips[1])}"
    assert void(engine, home, f"{codes.grouped(slips[0])}\n\n{link}\n") == 2
    assert isinstance(rounds.look(engine, slips[0]), Spent)
    assert isinstance(rounds.look(engine, slips[1]), Spent)
    assert isinstance(rounds.look(engine, slips[2]), Good)
    with reading(engine) as session:
        assert leftovers.returned(session, waves.wave(session, WAVE)) == {"NORTH": 2}


def test_nothing_tells_whether_a_slip_was_used(engine: Engine, home: Path, slips: list[str]) -> None:
    """Handing in a used code and a fresh one says the same: in the answer, in the log, and to whoever types them."""
    assert isinstance(rounds.answer(engine, rounds.sent(slips[0])), Accepted)
    assert void(engine, home, slips[0]) == void(engine, home, slips[1]) == 1
    with reading(engine) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == leftovers.VOIDED)).all()
        assert [entry.facts for entry in entries] == [{"wave": WAVE, "slips": "1", "unit": "NORTH"}] * 2
    assert type(rounds.look(engine, slips[0])) is type(rounds.look(engine, slips[1])) is Spent


def test_a_unit_with_few_slips_is_not_named(engine: Engine, home: Path, slips: list[str]) -> None:
    """Two people of Chat have no e-mail and count for Care: how many of their slips are left is nobody's note."""
    with writing(engine) as session:
        sheets = invitations.progress(session, WAVE, home).sheets
        (unit,) = [unit for unit, count in sheets.items() if count < leftovers.FEWEST]
        drawn = invitations.codes_for_unit(session, WAVE, unit, home, cast.NOW)
    void(engine, home, drawn.codes[0], unit)
    with reading(engine) as session:
        assert leftovers.returned(session, waves.wave(session, WAVE)) == {"": 1}
    assert slips


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        ("", "NORTH", "one a line"),
        ("0000-0000-0000-0000", "NORTH", "Line 1 is no code of wave 2026-Q4"),
        ("hello", "NORTH", "Line 1 is no code"),
        ("x\n" * 2001, "NORTH", "2,000 slips at a time"),
        ("x", "SOUTH", "No slips were printed for SOUTH"),
    ],
)
def test_what_is_no_leftover_is_refused(
    engine: Engine, home: Path, slips: list[str], typed: str, unit: str, said: str
) -> None:
    """Nothing typed, no code of this wave, too many, a unit whose people all have e-mail."""
    assert slips
    with pytest.raises(Refused, match=said):
        void(engine, home, typed, unit)


def test_no_more_is_left_over_than_was_printed(engine: Engine, home: Path, slips: list[str]) -> None:
    """Nine slips were printed: after all of them a tenth is refused, and so is one of a letter after the close."""
    assert void(engine, home, "\n".join(slips)) == 9
    with pytest.raises(Refused, match="NORTH had 9 slips"):
        void(engine, home, rounds.codes(engine, home)["Ada"])
    rounds.close(engine)
    with pytest.raises(Refused, match="void already"):
        void(engine, home, slips[0])


def test_a_code_of_another_unit_is_left_alone(engine: Engine, home: Path, slips: list[str]) -> None:
    """Somebody's code from a letter, handed in for a unit that is not hers, stays good."""
    ada = rounds.codes(engine, home)["Max"]
    void(engine, home, ada)
    assert isinstance(rounds.look(engine, ada), Good)
    assert slips


def test_it_is_done_from_the_command_line(engine: Engine, environment: dict[str, str], slips: list[str]) -> None:
    """`survey void-slips` reads codes from a file or from what is typed."""
    words = ["--lang", "en", "void-slips", "--wave", WAVE, "--unit", "NORTH"]
    result = CliRunner().invoke(main, words, env=environment, input=f"{slips[0]}\n{slips[1]}\n")
    assert result.output == "2 slips are void: nobody can answer with them.\n"
    assert isinstance(rounds.look(engine, slips[0]), Spent)
