import datetime as dt
import os
import resource
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import msgspec
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from reports import wanted
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Rehearser
from survey.services import audit_log
from survey.services.roster import previews, staging
from survey.services.roster.export import export
from survey.services.roster.people import RosterTable, import_roster, people_today, read_roster
from survey.services.roster.previews import RosterChanged
from survey.services.roster.staging import Staged
from survey.services.roster.standing import standing
from survey.services.waves import upkeep
from tests import cast
from tests.services.test_people import frozen_in_a_wave, person, the_cast, with_person, without

LATER = cast.TODAY + dt.timedelta(days=30)
FILE = Staged("roster.csv", cast.TODAY, [["이름", "사번"], ["김하나", "1"]], [(1, 1)])


@pytest.fixture
def company(session: Session) -> Session:
    """Give a session on a database that holds the cast."""
    cast.load(session)
    return session


def seal_of(session: Session, table: RosterTable, day: dt.date = LATER) -> str:
    """Return the seal of a preview."""
    return previews.seal(previews.preview(session, table).changes, day)


def test_a_preview_writes_nothing(engine: Engine) -> None:
    """It is made by a session that cannot write, and the roster is the same afterwards."""
    with writing(engine) as session:
        cast.load(session)
    with reading(engine) as session:
        found = previews.preview(session, without(the_cast(), "12"))
        assert [line.number for line in found.changes.lines["left"]] == ["12"]
        assert len(people_today(session)) == len(cast.MEMBERS)


def test_what_was_looked_at_is_taken_and_logged(company: Session) -> None:
    """With the seal of the preview the roster changes as of the day; the log has numbers and the day, nobody's name."""
    table = with_person(the_cast(), "11", unit="SOUTH")
    result = previews.take(company, table, LATER, cast.NOW, 3, seen=seal_of(company, table))
    assert (result.moved, person(company, "11").valid_from, person(company, "12").valid_from) == (1, LATER, cast.TODAY)
    (entry,) = audit_log.entries(company)
    assert (entry.account_id, entry.facts) == (3, {"people": "27", "units": "7", "valid_from": LATER.isoformat()})


@pytest.mark.parametrize("changed", ["roster", "file", "day", "nothing looked at"])
def test_what_nobody_looked_at_is_not_taken(company: Session, changed: str) -> None:
    """Another roster since, another file, another day, or no preview at all: refused, and nothing has changed."""
    table = with_person(the_cast(), "11", unit="SOUTH")
    seen = seal_of(company, table)
    if changed == "roster":
        import_roster(company, with_person(the_cast(), "13", name="Fay Oh"), LATER)
    if changed == "file":
        table = with_person(table, "13", name="Fay Oh")
    if changed == "nothing looked at":
        seen = ""
    day = LATER + dt.timedelta(days=1) if changed == "day" else LATER
    with pytest.raises(RosterChanged):
        previews.take(company, table, day, cast.NOW, seen=seen)
    assert person(company, "11").unit_code == "NORTH"


def test_of_two_who_confirm_only_one_is_first(engine: Engine) -> None:
    """The second of two previews that were made at once is out of date, and so is the same one sent twice."""
    with writing(engine) as session:
        cast.load(session)
    tables = [with_person(the_cast(), "11", unit=unit) for unit in ("SOUTH", "CHAT")]
    with reading(engine) as session:
        seals = [seal_of(session, table) for table in tables]
    with writing(engine) as session:
        previews.take(session, tables[0], LATER, cast.NOW, seen=seals[0])
    for table, seen in zip(tables, seals, strict=True):
        with pytest.raises(RosterChanged), writing(engine) as session:
            previews.take(session, table, LATER, cast.NOW, seen=seen)


def test_two_who_confirm_in_the_same_moment(engine: Engine) -> None:
    """Side by side, one of them takes the roster and the other is told that it has changed: never both, never none."""
    with writing(engine) as session:
        cast.load(session)
    tables = [with_person(the_cast(), "11", unit=unit) for unit in ("SOUTH", "CHAT")]
    with reading(engine) as session:
        seals = [seal_of(session, table) for table in tables]
    start = Barrier(2)

    def confirm(which: int) -> bool:
        start.wait()
        try:
            with writing(engine) as session:
                previews.take(session, tables[which], LATER, cast.NOW, seen=seals[which])
        except RosterChanged:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, range(2))) == [False, True]


def test_a_roster_holds_from_a_day_between_the_last_change_and_today(company: Session) -> None:
    """A day to come is refused, and so is one before the newest change, who came or who left; both say what to do."""
    frozen_in_a_wave(company, "12")
    import_roster(company, without(the_cast(), "12"), LATER)
    assert standing(company).since == LATER
    with pytest.raises(Refused, match="bring it in on that day"):
        previews.require_begun(LATER, LATER - dt.timedelta(days=1))
    with pytest.raises(Refused, match=f"Choose {LATER} or a later day"):
        previews.take(company, the_cast(), LATER - dt.timedelta(days=1), cast.NOW)
    previews.require_begun(LATER, LATER)
    assert previews.take(company, the_cast(), LATER, cast.NOW).joined == 1


def test_a_rehearser_who_leaves_stays_named(company: Session) -> None:
    """Whom a rehearsal names cannot be deleted: her row stays without address."""
    frozen_in_a_wave(company)
    company.add(Rehearser(wave_id=1, person_id=person(company, "12").id))
    company.flush()
    import_roster(company, without(the_cast(), "12"), LATER)
    assert (person(company, "12").left_on, person(company, "12").email) == (LATER, None)


def test_headings_are_remembered(company: Session) -> None:
    """What the company chose is there for the next file."""
    assert previews.remembered(company) == {}
    previews.remember(company, {"성함": "name"})
    company.commit()
    assert previews.remembered(company) == {"성함": "name"}


TRICKY = (
    replace(cast.DI, number="007", name="+Di"),
    replace(cast.DI, number="0-7", name="'+Di"),
    replace(cast.DI, number="@1", name='Di "D", <b>O\'Hara</b>'),
    replace(cast.DI, number="-1", name="김, 하나; 둘"),
    replace(cast.DI, number="1e3", name="=".join("ab")),
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_export_can_be_brought_in_again(company: Session, kind: str, language: str) -> None:
    """Signs, quotation marks, zeros, units without people and without English names come back as they went out."""
    table = the_cast()
    more = tuple(
        replace(table.people[3], number=each.number, name=each.name, email=None, leads=None) for each in TRICKY
    )
    units = (*table.units, replace(table.units[-1], code="EMPTY", unit_name="빈 부서", unit_name_en="", kind=""))
    import_roster(company, replace(table, people=(*table.people, *more), units=units), LATER)
    table_out = export(company, "csv" if kind == "csv" else "xlsx", language, cast.NOW)
    data = table_out.csv() if kind == "csv" else wanted.Table("roster", table_out.headings, table_out.rows).make()
    found = previews.preview(company, read_roster(data, f"roster.{kind}")).changes
    assert found.empty, found.lines
    assert len(found.people) == len(cast.MEMBERS) + len(TRICKY)


def test_an_export_is_safe_and_logged(company: Session) -> None:
    """No cell of the CSV begins like a formula; the log says that the roster went out, and nobody's name."""
    import_roster(company, with_person(the_cast(), "11", name='@SUM(A1)"'), LATER)
    text = export(company, "csv", "en", cast.NOW, 3).csv().decode("utf-8-sig")
    assert '"\'@SUM(A1)"""' in text
    assert audit_log.entries(company)[0].facts == {"people": "27", "kind": "csv"}


def test_a_preview_takes_few_statements(engine: Engine) -> None:
    """However many people there are, the roster is read at once."""
    lines = ["number,name,email,language,unit,parent", ",,,,CO,"]
    lines += [f"{n},P{n},p{n}@example.com,ko,U{n % 500},CO" for n in range(3_000)]
    table = read_roster("\n".join(lines).encode(), "roster.csv")
    with writing(engine) as session:
        import_roster(session, table, cast.TODAY)
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *facts: sent.append(facts[2]))
    with reading(engine) as session:
        assert previews.preview(session, table).changes.empty
    assert len(sent) <= 5


def test_a_file_waits_for_its_account_alone(home: Path) -> None:
    """It comes back as it was, to the account that sent it; to nobody else, and under no other name."""
    name = staging.put(home, 3, FILE, cast.NOW)
    assert staging.get(home, 3, name, cast.NOW) == FILE
    assert staging.get(home, 4, name, cast.NOW) is None
    for other in ("x" * 22, "../secret.key", f"../rosters/3.{name}", "", f"{name}\n"):
        assert staging.get(home, 3, other, cast.NOW) is None
    staging.drop(home, 4, name)
    assert staging.get(home, 3, name, cast.NOW) is not None


def test_a_waiting_file_is_its_owners_only(home: Path) -> None:
    """Folder and file can be read by nobody but the user who runs the survey."""
    umask = os.umask(0)
    try:
        staging.put(home, 3, FILE, cast.NOW)
    finally:
        os.umask(umask)
    folder = home / staging.FOLDER
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_a_file_waits_an_hour_at_most(home: Path) -> None:
    """What is said of it on the way makes no new hour of it."""
    name = staging.put(home, 3, FILE, cast.NOW)
    nearly, over = cast.NOW + dt.timedelta(minutes=59), cast.NOW + dt.timedelta(minutes=61)
    staging.replace(home, 3, name, Staged("x.csv", LATER, FILE.rows, FILE.computed, {"name": 0}))
    assert staging.get(home, 3, name, nearly) is not None
    assert staging.get(home, 3, name, over) is None


def test_a_small_workbook_cannot_fill_the_disk(home: Path) -> None:
    """One long text that two million cells name would be gigabytes: it is refused before anything is written."""
    row = ["x" * 1_000] * 200
    with pytest.raises(Refused, match="larger than 48 MB"):
        staging.put(home, 3, Staged("bomb.xlsx", cast.TODAY, [row] * 300, []), cast.NOW)
    assert not (home / staging.FOLDER).exists()


def test_an_account_keeps_three_files_at_most(home: Path) -> None:
    """A fourth one takes the place of the oldest; those of others stay."""
    other = staging.put(home, 4, FILE, cast.NOW)
    names = [staging.put(home, 3, FILE, cast.NOW + dt.timedelta(minutes=n)) for n in range(4)]
    kept = [staging.get(home, 3, name, cast.NOW) is not None for name in names]
    assert kept == [False, True, True, True]
    assert staging.get(home, 4, other, cast.NOW) is not None


def test_a_tick_forgets_what_waited_too_long(home: Path, engine: Engine) -> None:
    """Files, and pieces that a killed upload has left, are gone after an hour; younger ones stay."""
    staging.put(home, 3, FILE, cast.NOW)
    young = staging.put(home, 3, FILE, cast.NOW + dt.timedelta(minutes=30))
    piece = home / staging.FOLDER / ".3.x-abc.part"
    piece.write_bytes(b"x")
    os.utime(piece, (0, 0))
    upkeep.tick(engine, home, cast.NOW + dt.timedelta(minutes=61))
    assert [path.name for path in (home / staging.FOLDER).iterdir()] == [f"3.{young}"]


def test_files_of_one_account_at_once_are_all_kept_or_refused_in_words(home: Path) -> None:
    """Many uploads of one account in the same moment: none fails, and no more than the last few wait."""
    start = Barrier(8)

    def send(number: int) -> str:
        start.wait()
        return [staging.put(home, 3, FILE, cast.NOW + dt.timedelta(seconds=number)) for _ in range(20)][-1]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 8
    last = staging.put(home, 3, FILE, cast.NOW + dt.timedelta(minutes=1))
    left = list((home / staging.FOLDER).iterdir())
    assert len(left) == staging.MOST
    assert last in {path.name.partition(".")[2] for path in left}


def test_a_full_disk_says_what_to_do(home: Path) -> None:
    """The file is refused in words and nothing of it stays; another one is taken once there is room."""
    large = msgspec.structs.replace(
        FILE, rows=[["이름", "사번"], *([str(number), "x" * 40] for number in range(2_000))]
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))  # no file may grow beyond, as on a full disk
    try:
        with pytest.raises(Refused, match="disk is full"):
            staging.put(home, 3, large, cast.NOW)
        small = staging.put(home, 3, FILE, cast.NOW)
        with pytest.raises(Refused, match="disk is full"):
            staging.replace(home, 3, small, large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in (home / staging.FOLDER).iterdir()] == [f"3.{small}"]
    assert staging.get(home, 3, small, cast.NOW) == FILE
    assert staging.get(home, 3, staging.put(home, 3, large, cast.NOW), cast.NOW) == large
