import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from survey import database
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Adoption, Base, Invitation, Person, RosterEntry, Token
from survey.services import audit_log
from survey.services.invitations import reminders, spares
from survey.services.responses.replies import Accepted
from survey.services.roster import erasing, persons, staging
from survey.services.roster.people import RosterTable, import_roster, people_today
from survey.services.roster.roster_rows import PersonRow
from survey.services.roster.standing import standing
from survey.services.waves import frozen_facts, sweeping, upkeep, waves
from tests import cast
from tests.services import disk, rounds
from tests.services.test_people import frozen_in_a_wave, the_cast
from tests.services.test_roster_previews import FILE

NAME, NUMBER, EMAIL = "Wilhelmina Quackenbush", "Q-77140", "quackenbush@example.com"
HERS = (NAME, NUMBER, EMAIL)


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database with the cast, in which Di is called in a way that no other text is."""
    with writing(engine) as session:
        cast.load(session)
        person = session.scalars(select(Person).where(Person.number == "11")).one()
        person.name, person.number, person.email = HERS
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))  # as the server does by itself: its planner keeps samples of cells
    return engine


def her_id(engine: Engine) -> int:
    """Return her id."""
    with reading(engine) as session:
        found = persons.id_of(session, NUMBER)
        assert found is not None
        return found


def everything(session: Session) -> str:
    """Return all cells of all tables."""
    return " ".join(str(list(session.execute(select(table)))) for table in Base.metadata.sorted_tables)


def left_in(engine: Engine) -> list[str]:
    """Return which of her facts can be found: in any table, and in any byte of the database's own files."""
    with reading(engine) as session:
        haystack = everything(session).encode()
    haystack += disk.tables(engine) + disk.samples(engine)
    return [fact for fact in HERS if fact.encode() in haystack]


def test_nothing_of_her_is_left(company: Engine, home: Path) -> None:
    """Name, number and address are in no table and in no byte of the file; the log says only that it was done."""
    who = her_id(company)
    assert left_in(company) == list(HERS)
    said = erasing.erase(company, home, who, f" {NUMBER} ", cast.NOW, 3)
    assert said.to("en").startswith("Erased: her name")
    assert left_in(company) == []
    with reading(company) as session:
        (entry,) = audit_log.entries(session)
        assert (entry.act, entry.account_id, entry.facts) == ("person erased", 3, {"person": str(who)})
        assert session.get(Person, who) is None
    assert not (home / erasing.DUE).exists()


def test_many_moves_of_rows_leave_no_copy(company: Engine, home: Path) -> None:
    """Pages split and fill again around her before she is erased: no old copy of her row stays in the file."""
    for many in (400, 0, 300, 50):
        rows = [each for each in the_cast().people if each.number != "11"]
        new = [PersonRow(9, f"N{n}", f"New {n}", None, "ko", "CO", None) for n in range(many)]
        her = PersonRow(9, NUMBER, NAME, EMAIL, "ko", "NORTH" if many else "SOUTH", None)
        with writing(company) as session:
            import_roster(session, RosterTable((*rows, her, *new), the_cast().units), cast.TODAY)
    erasing.erase(company, home, her_id(company), NUMBER, cast.NOW)
    assert left_in(company) == []


def test_a_build_that_only_deletes_is_found(
    company: Engine, home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search of the bytes is no empty one: where freed places are not overwritten, it finds her."""
    if company.dialect.name == "postgresql":
        assert [fact for fact in HERS if fact.encode() in disk.samples(company)]
        monkeypatch.setattr(sweeping, "sweep_people", lambda _engine: True)
        erasing.erase(company, home, her_id(company), NUMBER, cast.NOW)
        assert NAME in left_in(company)
        assert NAME.encode() in disk.tables(company)
        return
    loose = [pragma.replace("secure_delete = ON", "secure_delete = OFF") for pragma in database.PRAGMAS]
    monkeypatch.setattr(database, "PRAGMAS", loose)
    monkeypatch.setattr(sweeping, "sweep_people", lambda _engine: True)
    careless = database.engine(database_url)
    erasing.erase(careless, home, her_id(company), NUMBER, cast.NOW)
    careless.dispose()
    assert NAME in left_in(company)


def test_a_frozen_roster_keeps_its_counts(company: Engine, home: Path) -> None:
    """Where a wave names her, a row without a name stays: as many people as before, and the promise still holds."""
    with writing(company) as session:
        frozen_in_a_wave(session, NUMBER, "12")
    who = her_id(company)
    erasing.erase(company, home, who, NUMBER, cast.NOW)
    assert left_in(company) == []
    with reading(company) as session:
        row = session.get_one(Person, who)
        assert (row.number, row.name, row.email, row.unit_code, row.left_on) == (None, "", None, None, cast.TODAY)
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 2
        assert persons.profile(session, who) is None
        assert NUMBER not in standing(session).kept
    with pytest.raises(Refused, match="nobody of this number"):
        erasing.erase(company, home, who, "", cast.NOW)


def test_an_open_wave_goes_on(engine: Engine, home: Path) -> None:
    """No reminder and no spare code reach her; her code stays good; the frozen roster is what was promised."""
    codes, later = rounds.open_cast(engine, home), cast.NOW + dt.timedelta(days=3)
    with writing(engine) as session:
        session.execute(update(Invitation).values(sent_on=cast.TODAY))
    with reading(engine) as session:
        who = persons.id_of(session, "11")
        tokens = session.scalar(select(func.count()).select_from(Token))
        assert reminders.due(session, waves.wave(session, rounds.WAVE), later).letters == len(cast.MEMBERS)
    assert who is not None
    erasing.erase(engine, home, who, "11", cast.NOW)
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        assert frozen_facts.broken(session, wave) is None
        assert session.scalar(select(func.count()).select_from(Token)) == tokens
        assert reminders.due(session, wave, later).letters == len(cast.MEMBERS) - 1
        with pytest.raises(Refused):
            spares.loser(session, wave, "di@example.com")
    for code in codes.values():
        assert isinstance(rounds.answer(engine, rounds.sent(code)), Accepted)
    with writing(engine) as session:
        import_roster(session, the_cast(), cast.TODAY + dt.timedelta(days=60))
        assert persons.id_of(session, "11") not in {None, who}


def test_another_number_erases_nobody(company: Engine, home: Path) -> None:
    """A slip of the hand is no erasure: the number has to be hers, and she has to be there."""
    who = her_id(company)
    for typed in ("12", "", NUMBER.lower(), f"{NUMBER}0"):
        with pytest.raises(Refused, match="nobody was erased"):
            erasing.erase(company, home, who, typed, cast.NOW)
    with pytest.raises(Refused, match="nobody of this number"):
        erasing.erase(company, home, 999, NUMBER, cast.NOW)
    with reading(company) as session:
        assert (len(people_today(session)), audit_log.entries(session)) == (len(cast.MEMBERS), [])


@pytest.mark.parametrize("namesake", [False, True])
def test_the_register_of_practices_forgets_her_too(company: Engine, home: Path, namesake: bool) -> None:  # noqa: FBT001 - a case
    """Her name as an owner goes, unless somebody else is called the same: then HR is told to look."""
    with writing(company) as session:
        session.add(Adoption(unit_code="NORTH", practice_id="stand_ups", since=cast.TODAY, owner=NAME))
        session.add(Adoption(unit_code="SOUTH", practice_id="stand_ups", since=cast.TODAY, owner="Max"))
        if namesake:
            session.scalars(select(Person).where(Person.number == "12")).one().name = NAME
    with reading(company) as session:
        found = persons.profile(session, her_id(company))
        assert found is not None
        assert (found.owns, found.also_named) == (((), ("NORTH",)) if namesake else (("NORTH",), ()))
    erasing.erase(company, home, her_id(company), NUMBER, cast.NOW)
    with reading(company) as session:
        owners = set(session.scalars(select(Adoption.owner)))
    assert owners == ({NAME, "Max"} if namesake else {"", "Max"})


def test_files_that_wait_are_forgotten_with_her(company: Engine, home: Path) -> None:
    """A roster that somebody was about to take may hold her row: all of them go."""
    name = staging.put(home, 3, FILE, cast.NOW)
    erasing.erase(company, home, her_id(company), NUMBER, cast.NOW)
    assert staging.get(home, 3, name, cast.NOW) is None


def test_a_busy_database_is_rewritten_by_the_next_tick(
    company: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file cannot be rewritten at once, or the process is killed before it was, a tick does it."""
    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "sweep_people", lambda _engine: False)
        said = erasing.erase(company, home, her_id(company), NUMBER, cast.NOW)
    assert "next `survey tick`" in said.to("en")
    assert (home / erasing.DUE).exists()
    upkeep.tick(company, home, cast.NOW)
    assert not (home / erasing.DUE).exists()
    assert left_in(company) == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("di", ["11"]), ("DI", ["11"]), ("1", ["1", "11", "12", "13", "14", "15", "16", "17", "18", "19"]),
        ("%", []), ("_", []), ("\\", []), ("  ", []), ("aE", ["51", "53"]), ("a" * 100_000, []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_or_number(session: Session, words: str, numbers: list[str]) -> None:
    """Part of a name, or the beginning of a number, in any case; signs of the query language are only signs."""
    cast.load(session)
    found, count = persons.search(session, words)
    assert count == len(found)
    assert sorted(each.number for each in found) == sorted(numbers)


def test_a_profile_says_where_she_works_and_who_invited_her(engine: Engine, home: Path) -> None:
    """Unit, lead, address and the waves with the unit she counts for; a field for answers there is none."""
    rounds.open_cast(engine, home)
    with reading(engine) as session:
        found = persons.profile(session, persons.id_of(session, "1") or 0)
        assert found is not None
        assert (found.name, found.email, found.account, found.open_wave) == (
            "Ada",
            "ada@example.com",
            True,
            rounds.WAVE,
        )
        assert (found.unit and found.unit.code, found.leads and found.leads.code) == ("SALES", "SALES")
        assert [each.wave for each in found.waves] == [rounds.WAVE]
    names = set(persons.Profile.__dataclass_fields__) | set(persons.Invited.__dataclass_fields__)
    assert not [name for name in names if "answer" in name or "respon" in name or "sent" in name]


def test_people_without_address_are_counted_by_unit(session: Session) -> None:
    """Units in which somebody has none, and who they are, page by page."""
    cast.load(session)
    for number in ("12", "13", "71"):
        session.scalars(select(Person).where(Person.number == number)).one().email = None
    session.flush()
    assert [(unit.code, count) for unit, count in persons.without_email(session)] == [("CHAT", 1), ("NORTH", 2)]
    pages = [persons.without_email_in(session, "NORTH", page, 1) for page in (1, 2, 3)]
    assert [[each.number for each in page] for page in pages] == [["12"], ["13"], []]
