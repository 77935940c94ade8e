"""Marks: what happened in a unit on a day, noted, mended, taken out, frozen; and the same by command."""

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey.cli import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.privacy.register import Mark
from survey.services import audit_log
from survey.services.marks import UnitMark, frozen_marks, marks, note_mark, remove_mark
from survey.services.outcomes import measures
from tests import cast

CHAT = UnitMark("NORTH", cast.TODAY, "tool", "Chat")


@pytest.fixture
def company(session: Session) -> Session:
    """Give a session on a database that holds the cast."""
    cast.load(session)
    return session


def test_marks_are_listed_up_to_a_day(company: Session) -> None:
    """By unit and day; what is noted for later waits."""
    later = UnitMark("CARE", cast.TODAY + dt.timedelta(days=3), "leader")
    note_mark(company, CHAT)
    note_mark(company, later)
    assert marks(company, cast.TODAY) == (CHAT,)
    assert marks(company, dt.date.max) == (later, CHAT)
    assert frozen_marks(company, cast.TODAY) == {"NORTH": (Mark("2026-10-01", "tool", "Chat"),)}


def test_a_tool_is_mended_and_a_leader_is_not_named(company: Session) -> None:
    """Noted again for the same day the name is mended; whatever is typed with a new leader is not kept."""
    note_mark(company, CHAT)
    note_mark(company, UnitMark("NORTH", cast.TODAY, "tool", " Chat\n assistant "))
    note_mark(company, UnitMark("NORTH", cast.TODAY, "leader", "Ada"))
    assert [(mark.kind, mark.name) for mark in marks(company, cast.TODAY)] == [
        ("leader", ""),
        ("tool", "Chat assistant"),
    ]


def test_a_mark_is_taken_out_once(company: Session) -> None:
    """What is not there cannot be taken out."""
    note_mark(company, CHAT)
    remove_mark(company, "NORTH", cast.TODAY, "tool")
    assert marks(company, dt.date.max) == ()
    with pytest.raises(Refused, match="no such mark"):
        remove_mark(company, "NORTH", cast.TODAY, "tool")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (UnitMark("NOWHERE", cast.TODAY, "leader"), "There is no unit NOWHERE"),
        (UnitMark("NORTH", cast.TODAY, "tool", "  "), "Say what the tool is called"),
        (UnitMark("NORTH", cast.TODAY, "tool", "x" * 61), "longer than 60"),
    ],
)
def test_what_cannot_be_marked_is_refused(company: Session, wrong: UnitMark, sentence: str) -> None:
    """Unit and name must be there."""
    with pytest.raises(Refused, match=sentence):
        note_mark(company, wrong)


def test_the_same_by_command(engine: Engine, environment: dict[str, str], tmp_path: Path) -> None:
    """Mark, note a measure, declare it, bring its values in; a file with an error takes nothing."""
    with writing(engine) as session:
        cast.load(session)
    file = tmp_path / "outcomes.csv"
    file.write_text("unit,period,measure,value\nNORTH,2025-11,csat,81.5\n")
    said = [
        CliRunner().invoke(main, ["--lang", "en", *command], env=environment)
        for command in (
            ["mark-unit", "NORTH", "tool", "--on", "2026-09-01", "--name", "Chat"],
            ["note-measure", "csat", "--ko", "만족도", "--en", "Satisfaction", "--better", "higher"],
            ["declare-measure", "csat"],
            ["import-outcomes", str(file)],
        )
    ]
    assert [each.exit_code for each in said] == [0] * 4, [each.output for each in said]
    assert "Outcomes taken: 1 new, 0 changed, 0 as before." in said[-1].output
    file.write_text("unit,period,measure,value\nNORTH,2025-11,csat,81.5\nEAST,2025-12,csat,1\n")
    refused = CliRunner().invoke(main, ["--lang", "en", "import-outcomes", str(file)], env=environment)
    assert (refused.exit_code, "Row 3, column unit" in refused.output) == (1, True)
    with reading(engine) as session:
        assert marks(session, dt.date.max) == (UnitMark("NORTH", dt.date(2026, 9, 1), "tool", "Chat"),)
        assert [measure.code for measure in measures.measures(session)] == ["csat"]
        assert [entry.act for entry in audit_log.entries(session, 4)][::-1] == [
            *("mark noted", "measure noted", "measure declared", "outcomes brought in"),
        ]
