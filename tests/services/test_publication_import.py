import csv
import datetime as dt
import io

import pytest
from sqlalchemy import Engine, func, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.load import builtin
from survey.models import RosterEntry, Token, Wave
from survey.models.responses import Response
from survey.privacy.released import Released, Suppressed
from survey.scoring.files import FileRefused
from survey.services.company import Company, set_company
from survey.services.publication.imported import Imported, Upload, import_answers
from survey.services.publication.publication import publication, publish
from survey.services.waves import waves
from survey.services.waves.wave_plans import WaveDraft
from tests import cast

PAPER = WaveDraft(
    code="paper-2025", opens_at=dt.datetime(2025, 3, 1), closes_at=dt.datetime(2025, 3, 2), instrument_id="w-sdi"
)
UNITS = b"code,parent,name,name_en,kind\nCO,,\xed\x9a\x8c\xec\x82\xac,Company,\nA,CO,,Alpha,sales\nB,CO,,,\n\n"


def answers(counts: dict[str, int], instrument: str = "w-sdi", **columns: str) -> bytes:
    """A file of answers, so many rows a unit; further columns hold the same cell in every row."""
    items = builtin(instrument).asked()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["unit", *(item.id for item in items), *columns])
    for unit, count in counts.items():
        for place in range(count):
            given = [item.min + (place + at) % (item.max - item.min + 1) for at, item in enumerate(items)]
            rows.writerow([unit, *given, *columns.values()])
    return text.getvalue().encode()


def take(engine: Engine, upload: Upload, plan: WaveDraft = PAPER) -> Imported:
    """Import in a transaction of its own, for a company that has a name."""
    with writing(engine) as session:
        set_company(session, Company("회사", "Company"))
    with writing(engine) as session:
        return import_answers(session, plan, upload, cast.NOW)


def test_an_import_is_a_closed_wave_without_people(engine: Engine) -> None:
    """Imported answers make a closed wave of their own kind: no roster, no codes, published by the same gate."""
    taken = take(engine, Upload(answers({"A": 12, "B": 7, "C": 3}, seen="x")))
    assert taken == Imported("paper-2025", 22, 3, ("seen",))
    with writing(engine) as session:
        wave = waves.wave(session, "paper-2025")
        assert (wave.kind, wave.state) == ("imported", "closed")
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 0
        assert session.scalar(select(func.count()).select_from(Token)) == 0
        publish(session, "paper-2025", cast.NOW)
    with reading(engine) as session:
        shown = publication(session, "paper-2025")
    assert shown.wave.kind == "imported"
    assert shown.root.name("en") == "Company"
    hidden = {unit.code: unit.figures.reason for unit in shown.units if isinstance(unit.figures, Suppressed)}
    assert hidden == {"B": "complementary", "C": "small"}
    assert all(unit.participation == "" and unit.invited == 0 for unit in shown.units)


def test_a_file_of_units_gives_the_tree(engine: Engine) -> None:
    """With a file of units the tree has its levels and names; people placed above them are a group of their own."""
    take(engine, Upload(answers({"A": 12, "B": 7, "CO": 6}), units=UNITS))
    with writing(engine) as session:
        shown = publish(session, "paper-2025", cast.NOW)
    assert [unit.code for unit in shown.units] == ["CO", "A", "B", "CO+"]
    assert [unit.name("en") for unit in shown.units] == ["Company", "Alpha", "B", "Company (direct)"]
    assert shown.unit("CO+").leads
    assert shown.unit("A").kind == "sales"
    assert isinstance(shown.unit("CO+").figures, Released)


def test_practice_columns_are_taken(engine: Engine) -> None:
    """A practice item with a column counts as asked in the wave."""
    plan = WaveDraft(code="old", opens_at=PAPER.opens_at, closes_at=PAPER.closes_at)
    take(engine, Upload(answers({"A": 12}, "total-motivation", stand_ups="5")), plan)
    with writing(engine) as session:
        shown = publish(session, "old", cast.NOW)
    assert shown.wave.practices == ["stand_ups"]
    figures = shown.unit("A").figures
    assert isinstance(figures, Released)
    assert figures.value.practices_n == {"stand_ups": 12}


def test_faults_are_told_by_row_and_column(engine: Engine) -> None:
    """An answer out of range and a unit that is not in the tree refuse the whole file, each with its place."""
    wrong = answers({"A": 2}).replace(b"\r\nA,2", b"\r\nA,9", 1)
    with pytest.raises(FileRefused) as refused:
        take(engine, Upload(wrong))
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, builtin("w-sdi").items[0].id)]
    with pytest.raises(FileRefused) as refused:
        take(engine, Upload(answers({"A": 2, "X": 1, "A+": 1, "Y" * 65: 1}), units=UNITS))
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(4, "unit"), (5, "unit"), (6, "unit")]
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Wave)) == 0
        assert session.scalar(select(func.count()).select_from(Response)) == 0


@pytest.mark.parametrize(
    ("units", "said"),
    [
        (b" \n", "The file of units is empty"),
        (b"code,name\nCO,Company\n", "has no column parent"),
        (b"code,parent\nCO,\n,CO\nCO,\n", "Faults in the file: 2"),
        (b"code,parent\nA,\nCO,\n", "Exactly one unit must stand at the top"),
        (b"code,parent\nA,A\n", "Exactly one unit must stand at the top"),
        (b"code,parent\nCO,\nA,B\nB,A\n", "circle under each other: A, B"),
        (b"code,parent\nA\n", None),
    ],
)
def test_files_of_units(engine: Engine, units: bytes, said: str | None) -> None:
    """A file of units that is no tree is refused with a sentence; short rows are read as far as they go."""
    if said is None:
        assert take(engine, Upload(answers({"A": 2}), units=units)).units == 1
        return
    with pytest.raises(Refused, match=said):
        take(engine, Upload(answers({"A": 2}), units=units))


def test_without_a_motive_there_is_no_index(engine: Engine) -> None:
    """A file that lacks a motive could never be published, so it is refused at once."""
    with pytest.raises(Refused, match="too few columns with answers for: purpose, potential"):
        take(engine, Upload(b"unit,play\nA,3\n"), WaveDraft(code="p", opens_at=PAPER.opens_at, closes_at=cast.NOW))


def test_a_unit_with_the_name_of_the_top(engine: Engine) -> None:
    """The unit made for the company never takes the code of a unit in the file."""
    take(engine, Upload(answers({"ALL": 12, "B": 7})))
    with writing(engine) as session:
        assert [unit.code for unit in publish(session, "paper-2025", cast.NOW).units] == ["ALL-", "ALL", "B"]


def test_thresholds_hold_for_imports_too(engine: Engine) -> None:
    """No import goes below the floor."""
    plan = WaveDraft(code="low", opens_at=PAPER.opens_at, closes_at=PAPER.closes_at, instrument_id="w-sdi", k=4)
    with pytest.raises(Refused, match="4 is too low"):
        take(engine, Upload(answers({"A": 5})), plan)


def test_answers_from_elsewhere_are_kept_for_a_month_at_least(engine: Engine) -> None:
    """The months since they were collected come on top of what the plan says: they do not stand in for it."""
    plan = WaveDraft(code="soon", opens_at=PAPER.opens_at, closes_at=PAPER.closes_at, retention_months=0)
    with pytest.raises(Refused, match="for a month at least"):
        take(engine, Upload(answers({"A": 5})), plan)
