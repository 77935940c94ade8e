import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.accounts import account_file, bulk, keeping, roster_leads
from survey.services.accounts.account_file import AccountErrors
from survey.services.accounts.bulk import Batch
from survey.services.accounts.keeping import Facts
from tests import cast
from tests.cast import NOW
from tests.services.workbooks import workbook

HEADINGS = "email,name,role,unit,language\n"


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast; Di leads North, Max leads South without e-mail, Rae leads Phone."""
    with writing(engine) as session:
        cast.load(session)
        for name, unit in (("Di", "NORTH"), ("Max", "SOUTH"), ("Rae", "PHONE"), ("Cy", "CO")):
            _person(session, name, leads_code=unit)
        _person(session, "Max", email=None)
    return engine


def _person(session: Session, name: str, **facts: str | None) -> None:
    session.execute(update(models.Person).where(models.Person.name == name).values(**facts))


def read(company: Engine, text: str | bytes) -> Batch:
    """Read a file and compare it with what there is."""
    data = text if isinstance(text, bytes) else (HEADINGS + text).encode()
    with reading(company) as session:
        return bulk.compare(session, account_file.read_accounts(session, data, "accounts.csv", "ko"))


def wrong(company: Engine, text: str) -> list[str]:
    """Return what is wrong with a file, in words."""
    with pytest.raises(AccountErrors) as errors:
        read(company, text)
    return [str(problem.sentence) for problem in errors.value.problems]


def test_whoever_leads_gets_an_account_and_a_grant(company: Engine) -> None:
    """Di and Rae are new; Ada and Bo have theirs; Cy is of HR and left alone; Max has no e-mail."""
    with reading(company) as session:
        plan = roster_leads.plan(session)
    assert [(wanted.name, wanted.role, units) for wanted, units in plan.batch.accounts] == [
        ("Di", "leader", ("NORTH",)),
        ("Rae", "leader", ("PHONE",)),
    ]
    assert (plan.batch.grants, plan.without_email) == ((), 1)
    assert [left.wanted.name for left in plan.batch.left_alone] == ["Cy"]
    with writing(company) as session:
        bulk.carry_out(session, plan.batch, plan.batch.digest, NOW, 3)
    with reading(company) as session:
        assert not roster_leads.plan(session).batch
        told = [entry.act for entry in session.scalars(select(models.AuditEntry).order_by("id"))]
        assert told == ["account made", "unit granted"] * 2


def test_grants_that_no_longer_fit_are_offered_and_stay(company: Engine) -> None:
    """Ada leads Care now, and Bo nothing: new grants are made, the old ones are named and not touched."""
    with writing(company) as session:
        _person(session, "Bo", leads_code=None)
        _person(session, "Ada", leads_code="CARE")
        plan = roster_leads.plan(session)
        assert [(each.email, each.unit) for each in plan.batch.grants] == [("ada@example.com", "CARE")]
        assert [(each.email, each.unit) for each in plan.stale] == [
            ("ada@example.com", "SALES"),
            ("bo@example.com", "CARE"),
        ]
        bulk.carry_out(session, plan.batch, plan.batch.digest, NOW)
        pairs = select(models.Account.name, models.Grant.unit_code)
        held = set(session.execute(pairs.join(models.Grant, models.Grant.account_id == models.Account.id)).all())
        assert held == {("Ada", "SALES"), ("Ada", "CARE"), ("Bo", "CARE"), ("Di", "NORTH"), ("Rae", "PHONE")}


def test_closed_accounts_and_other_roles_are_left_alone(company: Engine) -> None:
    """Nobody comes back, and nobody's role changes, because a roster says so."""
    with writing(company) as session:
        ada = session.scalars(select(models.Account).where(models.Account.name == "Ada")).one()
        keeping.close(session, ada.id, NOW)
        keeping.make(session, "di@example.com", Facts("Di", "observer", "ko"), NOW)
        plan = roster_leads.plan(session)
    why = {left.wanted.name: str(left.why) for left in plan.batch.left_alone}
    assert why["Ada"].startswith("The account is closed")
    assert why["Di"] == "The account has another role: Observer. It is left as it is."
    assert plan.stale == ()


def test_what_was_looked_at_is_what_is_done(company: Engine) -> None:
    """Where roster or accounts changed meanwhile, nothing is done, and the list is looked at again."""
    with writing(company) as session:
        seen = roster_leads.plan(session).batch.digest
        keeping.make(session, "di@example.com", Facts("Di", "leader", "ko"), NOW)
        batch = roster_leads.plan(session).batch
        for digest in (seen, None, ""):
            with pytest.raises(Refused, match="changed meanwhile"):
                bulk.carry_out(session, batch, digest, NOW)


def test_twenty_thousand_people_take_a_handful_of_queries(company: Engine) -> None:
    """However many lead, the plan asks as often."""
    asked: list[str] = []

    def note(*facts: object) -> None:
        asked.append(str(facts[2]))

    counts = []
    for extra in (0, 300):
        with writing(company) as session:
            people = [
                models.Person(number=f"x{n}", name=f"X{n}", email=f"x{n}@example.com", language="ko", unit_code="NORTH")
                for n in range(extra)
            ]
            for person in people:
                person.leads_code, person.valid_from = "NORTH", cast.TODAY
            session.add_all(people)
        asked.clear()
        event.listen(company, "before_cursor_execute", note)
        with reading(company) as session:
            plan = roster_leads.plan(session)
        event.remove(company, "before_cursor_execute", note)
        counts.append(len(asked))
        assert len(plan.batch.accounts) == 2 + extra
    assert counts[0] == counts[1] < 8


def test_a_file_of_accounts(company: Engine) -> None:
    """Several units make several rows; Korean words and headings are understood; what is there is not made again."""
    found = read(
        company,
        "이메일,이름,역할,부서코드,언어\n"
        "Oz@Example.com,오즈,참관인,SALES,한국어\noz@example.com,오즈,참관인,CARE,\n"
        "ann@example.com,Ann,감사인,,en\nbo@example.com,Bo,,NORTH,\nada@example.com,Ada,leader,SALES,ko\n".encode(),
    )
    assert [(wanted.email, wanted.role, wanted.language, units) for wanted, units in found.accounts] == [
        ("oz@example.com", "observer", "ko", ("SALES", "CARE")),
        ("ann@example.com", "auditor", "en", ()),
    ]
    assert [(given.email, given.unit) for given in found.grants] == [("bo@example.com", "NORTH")]
    assert found.left_alone == ()


def test_a_preview_travels_and_comes_back_the_same(company: Engine) -> None:
    """What the form carries is read again to the same, formulas and quotation marks in names included."""
    text = 'oz@example.com,"=HYPERLINK(""x"")",observer,SALES,ko\nx@example.com,"<b>X</b>, ""Y""",hr,,en\n'
    with reading(company) as session:
        once = account_file.read_accounts(session, (HEADINGS + text).encode(), "a.csv", "ko")
        again = account_file.read_accounts(session, account_file.as_csv(once).encode(), "a.csv", "en")
        assert once == again
        assert bulk.compare(session, once).digest == bulk.compare(session, again).digest


def test_each_wrong_cell_is_named(company: Engine) -> None:
    """By row and column, all of them at once, and nothing is made."""
    assert wrong(
        company,
        "not an address,Oz,observer,SALES,ko\n"
        ",Oz,observer,SALES,ko\n"
        "a@example.com,,observer,SALES,ko\n"
        "b@example.com,B,root,SALES,ko\n"
        "c@example.com,C,leader,NOWHERE,ko\n"
        "d@example.com,D,leader,SALES,fr\n"
        "e@example.com,E,auditor,SALES,ko\n"
        "f@example.com,F,leader,SALES,ko\n"
        "f@example.com,G,leader,CARE,ko\n",
    ) == [
        "Row 2, column email: not an address is not an e-mail address.",
        "Row 3, column email: The cell is empty.",
        "Row 4, column name: The cell is empty.",
        "Row 5, column role: root is no role: write hr, leader, observer or auditor.",
        "Row 6, column unit: The company has no unit NOWHERE. Mend the code, or import the roster first.",
        "Row 7, column language: fr is no language that pages have: write ko or en.",
        "Row 8, column unit: This role takes no unit: HR see every unit, auditors none. Empty the cell.",
        "Row 10, column email: Row 9 says something else of the same address.",
    ]


def test_a_file_that_cannot_be_read(company: Engine) -> None:
    """The sentence says what to do."""
    for data, why in (
        (b" \n", "The file is empty"),
        (b"email\na@example.com\n", "Missing: name"),
        (HEADINGS.encode(), "The file holds nobody"),
        ((HEADINGS + "a@example.com,A,,,\n" * 5_001).encode(), "more than 5,000 rows"),
    ):
        with pytest.raises(Refused, match=why):
            read(company, data)


def test_a_workbook_is_read_and_its_formulas_are_not(company: Engine) -> None:
    """A cell that a spreadsheet computes is named, never run."""
    rows = [["email", "name"], ["oz@example.com", "Oz"]]
    assert [wanted.name for wanted, _ in read(company, workbook(rows)).accounts] == ["Oz"]
